// SPDX-License-Identifier: Apache-2.0
// Between our arrays and torch's.
#pragma once

#include "renderih/math/types.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace rih::learn {

/// float32, a copy. [rows, columns]
at::Tensor tensor_of(const MatX& matrix);
/// Numbers as they lie, not copied: `values` must outlive the tensor.
at::Tensor wrap(const std::vector<float>& values, at::IntArrayRef shape);
at::Tensor wrap(const std::vector<std::int64_t>& values, at::IntArrayRef shape);
/// Row-major floats, copied out of a tensor on any device.
std::vector<float> floats_of(const at::Tensor& tensor);

} // namespace rih::learn
