// SPDX-License-Identifier: Apache-2.0
// The digest of a hand model: of what it computes, not of the file it came from.
#include "renderih/base/sha256.h"

#include "renderih/hand/hand_io.h"

#include <fmt/format.h>

#include <span>
#include <type_traits>

namespace rih {

namespace {

/// Feeds named arrays to the digest, each with its size, so that arrays cannot run together.
class Hasher {
  public:
    template <typename T>
    void add(std::string_view name, std::span<const T> values) {
        const std::string head = fmt::format("{}:{}:{};", name, sizeof(T), values.size());
        sha256_.update({reinterpret_cast<const std::uint8_t*>(head.data()), head.size()});
        sha256_.update({reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()});
    }

    template <typename Derived>
    void add(std::string_view name, const Eigen::PlainObjectBase<Derived>& values) {
        const Derived unsigned_zeros = values.derived().array() + 0.0; // -0 and 0 are one value
        add(name,
            std::span<const double>(unsigned_zeros.data(),
                                    static_cast<std::size_t>(unsigned_zeros.size())));
    }

    template <typename T, std::size_t N>
    void add(std::string_view name, const std::vector<std::array<T, N>>& polygons) {
        add(name, std::span(reinterpret_cast<const T*>(polygons.data()), N * polygons.size()));
    }

    void add(std::string_view name, const Eigen::SparseMatrix<double, Eigen::RowMajor>& matrix) {
        std::vector<double> entries; // row, column, value; zeros do not count
        for (Eigen::Index row = 0; row < matrix.outerSize(); ++row) {
            for (std::decay_t<decltype(matrix)>::InnerIterator it(matrix, row); it; ++it) {
                if (it.value() != 0) {
                    entries.insert(
                        entries.end(),
                        {static_cast<double>(row), static_cast<double>(it.col()), it.value()});
                }
            }
        }
        add(name, std::span<const double>(entries));
    }

    std::string finish() { return sha256_.finish(); }

  private:
    Sha256 sha256_;
};

} // namespace

std::string hash_of(const HandModel& model) {
    Hasher hasher;
    hasher.add("side", std::span(&model.side, 1));
    hasher.add("template_vertices", model.template_vertices);
    hasher.add("faces", model.faces);
    hasher.add("quads", model.quads);
    hasher.add("uv", model.uv);
    hasher.add("uv_faces", model.uv_faces);
    hasher.add("quad_uv", model.quad_uv);
    hasher.add("skin_weights", model.skin_weights);
    hasher.add("joint_regressor", model.joint_regressor);
    hasher.add("shape_dirs", model.shape_dirs);
    if (!model.pose_dirs.isZero(0)) { // no correctives are stored as zeros
        hasher.add("pose_dirs", model.pose_dirs);
    }
    hasher.add("tip_vertices", std::span<const int>(model.tip_vertices));
    hasher.add("part_of_face", std::span<const std::uint8_t>(model.part_of_face));
    hasher.add("part_of_quad", std::span<const std::uint8_t>(model.part_of_quad));
    hasher.add("palm_of_vertex", model.palm_of_vertex);
    hasher.add("nail_of_face", std::span<const std::uint8_t>(model.nail_of_face));
    hasher.add("nail_of_quad", std::span<const std::uint8_t>(model.nail_of_quad));
    hasher.add("thumb_up_hint", model.thumb_up_hint);
    hasher.add("hands_mean", model.hands_mean);
    return hasher.finish();
}

} // namespace rih
