// SPDX-License-Identifier: Apache-2.0
// The parts of the module _core, one a folder of src/renderih. The package's Python checks and
// shapes what users give and get; what is here takes plain values. Long calls release the GIL.
#pragma once

#include <nanobind/nanobind.h>

namespace rih::python {

void bind_errors();
void bind_hand(nanobind::module_& module);
void bind_image(nanobind::module_& module);
void bind_measure(nanobind::module_& module);
void bind_poses(nanobind::module_& module);
void bind_render(nanobind::module_& module);

} // namespace rih::python
