// SPDX-License-Identifier: Apache-2.0
#include "renderih/learn/net/tensors.h"

#include "renderih/base/error.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

namespace rih::learn {

at::Tensor tensor_of(const MatX& matrix) {
    at::Tensor tensor = at::empty({matrix.rows(), matrix.cols()}, at::kFloat);
    Eigen::Map<Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
        tensor.mutable_data_ptr<float>(), matrix.rows(), matrix.cols()) = matrix.cast<float>();
    return tensor;
}

namespace {

template <typename Number>
at::Tensor wrap_as(const std::vector<Number>& values, at::IntArrayRef shape, at::ScalarType type) {
    RIH_ASSERT(c10::multiply_integers(shape) == std::ssize(values),
               "{} values do not fill the shape",
               values.size());
    // torch has no read-only tensors; nothing here writes into one that was wrapped.
    return at::from_blob(const_cast<Number*>(values.data()), shape, type);
}

} // namespace

at::Tensor wrap(const std::vector<float>& values, at::IntArrayRef shape) {
    return wrap_as(values, shape, at::kFloat);
}

at::Tensor wrap(const std::vector<std::int64_t>& values, at::IntArrayRef shape) {
    return wrap_as(values, shape, at::kLong);
}

std::vector<float> floats_of(const at::Tensor& tensor) {
    const at::Tensor flat = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
    const float* values = flat.const_data_ptr<float>();
    return {values, values + flat.numel()};
}

} // namespace rih::learn
