// SPDX-License-Identifier: Apache-2.0
#include "renderih/report/packing.h"

#include "renderih/base/error.h"

#include <zlib.h>

#include <algorithm>
#include <cmath>

namespace rih {

std::string base64(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t block = std::uint32_t{bytes[i]} << 16;
        block |= left > 1 ? std::uint32_t{bytes[i + 1]} << 8 : 0;
        block |= left > 2 ? std::uint32_t{bytes[i + 2]} : 0;
        for (std::size_t k = 0; k < 4; ++k) {
            text += k <= left ? kDigits[(block >> (18 - 6 * k)) & 63] : '=';
        }
    }
    return text;
}

Bytes deflate(std::span<const std::uint8_t> bytes) {
    uLongf size = ::compressBound(bytes.size());
    Bytes packed(size);
    RIH_ASSERT(::compress2(packed.data(), &size, bytes.data(), bytes.size(), Z_BEST_COMPRESSION) ==
                   Z_OK,
               "zlib cannot pack {} bytes",
               bytes.size());
    packed.resize(size);
    return packed;
}

std::vector<int> predecessors(int vertex_count, const Triangles& faces) {
    std::vector<int> before(static_cast<std::size_t>(vertex_count), -1);
    for (const auto& face : faces) {
        for (const int a : face) {
            for (const int b : face) {
                int& of_b = before[static_cast<std::size_t>(b)];
                of_b = a < b ? std::max(of_b, a) : of_b;
            }
        }
    }
    for (int v = 1; v < vertex_count; ++v) {
        int& of_v = before[static_cast<std::size_t>(v)];
        of_v = of_v < 0 ? v - 1 : of_v;
    }
    return before;
}

void append_vertices(const Points& vertices,
                     const Vec3& origin,
                     std::span<const int> predecessors,
                     Bytes& out) {
    const auto count = static_cast<std::size_t>(vertices.rows());
    RIH_ASSERT(predecessors.size() == count, "predecessors of another mesh");
    constexpr double kMost = 32767; // steps, of a difference
    std::vector<int> steps(count);
    for (int axis = 0; axis < 3; ++axis) {
        for (std::size_t v = 0; v < count; ++v) {
            const double at =
                (vertices(static_cast<Eigen::Index>(v), axis) - origin[axis]) / kVertexStep;
            RIH_REQUIRE(std::abs(at) < kMost / 2, "a vertex lies far from the hands");
            steps[v] = static_cast<int>(std::lround(at));
        }
        const std::size_t low = out.size(), high = low + count;
        out.resize(high + count);
        for (std::size_t v = 0; v < count; ++v) {
            const int before =
                predecessors[v] < 0 ? 0 : steps[static_cast<std::size_t>(predecessors[v])];
            const int difference = steps[v] - before;
            const int folded = difference < 0 ? -2 * difference - 1 : 2 * difference;
            out[low + v] = static_cast<std::uint8_t>(folded & 255);
            out[high + v] = static_cast<std::uint8_t>(folded >> 8);
        }
    }
}

} // namespace rih
