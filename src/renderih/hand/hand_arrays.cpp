// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/hand_arrays.h"

#include "renderih/base/error.h"

#include <fmt/ranges.h>

#include <cmath>

namespace rih {

const NpyArray& HandArrays::at(const std::string& name) const {
    const auto found = arrays_.find(name);
    RIH_REQUIRE(found != arrays_.end(), "{}: has no array \"{}\"", where_, name);
    return found->second;
}

int HandArrays::extent(const std::string& name, std::size_t axis) const {
    const NpyArray& array = at(name);
    RIH_REQUIRE(axis < array.shape.size() && array.shape[axis] <= kMaxExtent,
                "{}: array \"{}\" has the shape [{}]; expected more axes, or less than {} along "
                "each",
                where_,
                name,
                fmt::join(array.shape, ", "),
                kMaxExtent);
    return static_cast<int>(array.shape[axis]);
}

void HandArrays::check_shape(const std::string& name, const std::vector<int>& shape) const {
    const std::vector<std::size_t>& actual = at(name).shape;
    bool agrees = actual.size() == shape.size();
    std::vector<std::string> wanted;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        wanted.push_back(shape[i] < 0 ? "any" : std::to_string(shape[i]));
        agrees = agrees && (shape[i] < 0 || actual[i] == static_cast<std::size_t>(shape[i])) &&
                 actual[i] <= kMaxExtent;
    }
    RIH_REQUIRE(agrees,
                "{}: array \"{}\" has the shape [{}], expected [{}]",
                where_,
                name,
                fmt::join(actual, ", "),
                fmt::join(wanted, ", "));
}

std::vector<double> HandArrays::numbers(const std::string& name, std::vector<int> shape) const {
    check_shape(name, shape);
    RIH_REQUIRE(!std::holds_alternative<std::vector<std::string>>(at(name).data),
                "{}: array \"{}\" holds text, expected numbers",
                where_,
                name);
    std::vector<double> values = at(name).as_double();
    for (std::size_t i = 0; i < values.size(); ++i) {
        RIH_REQUIRE(std::isfinite(values[i]),
                    "{}: array \"{}\" has the value {} at position {}",
                    where_,
                    name,
                    values[i],
                    i);
    }
    return values;
}

std::vector<int> HandArrays::integers(const std::string& name,
                                      std::vector<int> shape,
                                      std::int64_t low,
                                      std::int64_t high) const {
    const std::vector<double> values = numbers(name, std::move(shape));
    std::vector<int> integers;
    integers.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double value = values[i];
        RIH_REQUIRE(value >= static_cast<double>(low) && value <= static_cast<double>(high) &&
                        value == std::floor(value),
                    "{}: array \"{}\" has the value {} at position {}, expected a whole number "
                    "in [{}, {}]",
                    where_,
                    name,
                    value,
                    i,
                    low,
                    high);
        integers.push_back(static_cast<int>(value));
    }
    return integers;
}

std::string HandArrays::text(const std::string& name) const {
    const auto* texts = std::get_if<std::vector<std::string>>(&at(name).data);
    RIH_REQUIRE(
        texts != nullptr && texts->size() == 1, "{}: array \"{}\" is not one text", where_, name);
    return texts->front();
}

Points HandArrays::points(const std::string& name, int rows) const {
    const std::vector<double> values = numbers(name, {rows, 3});
    return Eigen::Map<const Points>(values.data(), std::ssize(values) / 3, 3);
}

Eigen::SparseMatrix<double, Eigen::RowMajor>
HandArrays::sparse(const std::string& name, int rows, int cols) const {
    const std::vector<double> values = numbers(name, {rows, cols});
    std::vector<Eigen::Triplet<double>> entries;
    for (int i = 0; i < std::ssize(values); ++i) {
        if (values[i] != 0) {
            entries.emplace_back(i / cols, i % cols, values[i]);
        }
    }
    Eigen::SparseMatrix<double, Eigen::RowMajor> matrix(rows, cols);
    matrix.setFromTriplets(entries.begin(), entries.end());
    return matrix;
}

MatX HandArrays::directions(const std::string& name, int rows, int cols) const {
    const std::vector<double> values = numbers(name, {rows, 3, cols});
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    return Eigen::Map<const RowMajor>(values.data(), 3 * rows, extent(name, 2));
}

std::vector<std::uint8_t> HandArrays::labels(const std::string& name, int count, int high) const {
    const std::vector<int> values = integers(name, {count}, 0, high);
    return {values.begin(), values.end()};
}

} // namespace rih
