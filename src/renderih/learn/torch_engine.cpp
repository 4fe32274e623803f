// SPDX-License-Identifier: Apache-2.0
// What engine.cpp finds in the library that is linked to libtorch.
#include "renderih/learn/engine.h"

extern "C" __attribute__((visibility("default"))) const rih::learn::Engine*
renderih_learn_engine() {
    static const rih::learn::Engine engine{&rih::learn::train,
                                           &rih::learn::profile_training,
                                           &rih::learn::predict,
                                           &rih::learn::predict_dataset};
    return &engine;
}
