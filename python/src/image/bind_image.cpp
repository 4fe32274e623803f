// SPDX-License-Identifier: Apache-2.0
// The one picture of a record that Pillow cannot decode: 16-bit RGB (KEY.uv.png).
#include "base/numpy_arrays.h"
#include "bind.h"
#include "renderih/image/codecs.h"

#include <nanobind/stl/string.h>

namespace rih::python {

namespace nb = nanobind;
using namespace nb::literals;

namespace {

nb::object decode_png16(const nb::bytes& data, const std::string& what) {
    Image16 image;
    {
        const nb::gil_scoped_release released; // `data` is the caller's, and immutable
        image =
            rih::decode_png16({static_cast<const std::uint8_t*>(data.data()), data.size()}, what);
    }
    const std::vector<std::size_t> shape{static_cast<std::size_t>(image.height()),
                                         static_cast<std::size_t>(image.width()),
                                         static_cast<std::size_t>(image.channels())};
    return numpy_array(std::move(image.values()), shape);
}

} // namespace

void bind_image(nb::module_& module) {
    module.def("decode_png16",
               &decode_png16,
               "data"_a,
               "what"_a,
               "[H, W, C] uint16 of a 16-bit grey or RGB PNG.");
}

} // namespace rih::python
