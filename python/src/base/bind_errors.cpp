// SPDX-License-Identifier: Apache-2.0
// UserError becomes renderih.UserError, which pure Python raises too; an InternalError, as every
// other exception of C++, becomes a RuntimeError.
#include "bind.h"
#include "renderih/base/error.h"

namespace rih::python {

namespace nb = nanobind;

void bind_errors() {
    nb::register_exception_translator([](const std::exception_ptr& pointer, void*) {
        try {
            std::rethrow_exception(pointer);
        } catch (const UserError& error) {
            const nb::object type = nb::module_::import_("renderih.errors").attr("UserError");
            PyErr_SetString(type.ptr(), error.what());
        } catch (const InternalError& error) {
            PyErr_SetString(PyExc_RuntimeError, error.what());
        }
    });
}

} // namespace rih::python
