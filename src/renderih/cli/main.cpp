// SPDX-License-Identifier: Apache-2.0
#include "renderih/cli/app.h"

int main(int argc, char** argv) {
    return static_cast<int>(rih::run_app(argc, argv));
}
