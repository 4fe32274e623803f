// SPDX-License-Identifier: Apache-2.0
#include "bind.h"

NB_MODULE(_core, module) {
    module.doc() = "The C++ engine behind renderih; use the package's own functions.";
    module.attr("__version__") = RIH_VERSION;
    rih::python::bind_errors();
    rih::python::bind_hand(module);
    rih::python::bind_image(module);
    rih::python::bind_measure(module);
    rih::python::bind_poses(module);
    rih::python::bind_render(module);
}
