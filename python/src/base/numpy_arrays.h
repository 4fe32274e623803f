// SPDX-License-Identifier: Apache-2.0
// Values of ours as numpy arrays that own them, without a copy where the type is numpy's already.
#pragma once

#include "renderih/base/npz.h"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

namespace rih::python {

/// An array of `shape` that takes over `values`.
template <typename T>
nanobind::object numpy_array(std::vector<T> values, const std::vector<std::size_t>& shape) {
    namespace nb = nanobind;
    auto kept = std::make_unique<std::vector<T>>(std::move(values));
    const nb::capsule owner(kept.get(),
                            [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
    T* data = kept.release()->data();
    return nb::cast(nb::ndarray<nb::numpy, T>(data, shape.size(), shape.data(), owner));
}

/// name -> array, as np.load() of the .npz file would give them; texts are lists of str.
nanobind::dict numpy_arrays(std::map<std::string, NpyOutput> arrays);

} // namespace rih::python
