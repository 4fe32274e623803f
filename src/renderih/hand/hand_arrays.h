// SPDX-License-Identifier: Apache-2.0
// Named arrays of a hand file, taken with their shape and range checked; every message names the
// file and the array.
#pragma once

#include "renderih/base/npz.h"
#include "renderih/geometry/mesh.h"

#include <Eigen/SparseCore>

#include <array>
#include <string>
#include <vector>

namespace rih {

class HandArrays {
  public:
    /// `where` names the file in messages. `arrays` must outlive this.
    HandArrays(const NpzArrays& arrays, std::string where)
        : arrays_(arrays), where_(std::move(where)) {}

    const std::string& where() const { return where_; }
    bool has(const std::string& name) const { return arrays_.contains(name); }
    /// Throws UserError when it is missing.
    const NpyArray& at(const std::string& name) const;

    /// Numbers of exactly `shape`, -1 for any extent; all finite.
    std::vector<double> numbers(const std::string& name, std::vector<int> shape) const;
    /// Whole numbers (integral floats too) of exactly `shape`, in [low, high].
    std::vector<int> integers(const std::string& name,
                              std::vector<int> shape,
                              std::int64_t low,
                              std::int64_t high) const;
    /// The one text of a scalar (or one-element) array.
    std::string text(const std::string& name) const;
    /// The extent of an array's axis. Throws UserError beyond kMaxExtent or when there is no such
    /// axis.
    int extent(const std::string& name, std::size_t axis) const;

    Points points(const std::string& name, int rows) const;
    /// [rows, cols] without its zeros.
    Eigen::SparseMatrix<double, Eigen::RowMajor>
    sparse(const std::string& name, int rows, int cols) const;
    /// [rows, 3, cols] as a matrix [3 rows, cols].
    MatX directions(const std::string& name, int rows, int cols) const;
    template <std::size_t N>
    std::vector<std::array<int, N>>
    polygons(const std::string& name, int count, int vertex_count) const {
        const std::vector<int> flat =
            integers(name, {count, static_cast<int>(N)}, 0, vertex_count - 1);
        std::vector<std::array<int, N>> polygons(flat.size() / N);
        for (std::size_t i = 0; i < flat.size(); ++i) {
            polygons[i / N][i % N] = flat[i];
        }
        return polygons;
    }
    std::vector<std::uint8_t> labels(const std::string& name, int count, int high) const;

    static constexpr int kMaxExtent = 1'000'000;

  private:
    void check_shape(const std::string& name, const std::vector<int>& shape) const;

    const NpzArrays& arrays_;
    std::string where_;
};

} // namespace rih
