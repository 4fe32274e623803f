// SPDX-License-Identifier: Apache-2.0
#include "renderih/scene/obj.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <optional>
#include <unordered_map>

namespace rih {
namespace {

constexpr std::uint64_t kMaxFile = 512ull << 20; // bytes
constexpr double kMaxCoordinate = 1e6;           // m, and uv
constexpr std::string_view kPartGroup = "part_";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
/// A polygon of two bytes a corner takes 52 bytes a triangle; with the rest, below 1 GB.
constexpr std::size_t kMaxTriangles = 5'000'000;

/// One corner of a face: indices from 0, -1 where the file gives none.
struct Corner {
    int vertex = -1, uv = -1, normal = -1;
    bool operator==(const Corner&) const = default;
};

struct CornerHash {
    std::size_t operator()(const Corner& corner) const {
        std::uint64_t hash = 0;
        for (const int index : {corner.vertex, corner.uv, corner.normal}) {
            hash = (hash ^ static_cast<std::uint32_t>(index)) * 0x9e3779b97f4a7c15ull;
            hash ^= hash >> 32;
        }
        return hash;
    }
};

/// The words of one line.
class Words {
  public:
    explicit Words(std::string_view line) : left_(line) {}

    /// The next word; empty at the end of the line.
    std::string_view next() {
        const std::size_t begin = left_.find_first_not_of(" \t\r");
        if (begin == std::string_view::npos) {
            left_ = {};
            return {};
        }
        const std::size_t end = std::min(left_.find_first_of(" \t\r", begin), left_.size());
        const std::string_view word = left_.substr(begin, end - begin);
        left_ = left_.substr(end);
        return word;
    }

  private:
    std::string_view left_;
};

class ObjParser {
  public:
    ObjParser(std::string_view text, const std::string& what) : text_(text), what_(what) {
        if (text_.starts_with(kByteOrderMark)) {
            text_.remove_prefix(kByteOrderMark.size());
        }
    }

    ObjMesh parse() {
        while (!text_.empty()) {
            const std::size_t end = text_.find('\n');
            ++line_;
            read_line(text_.substr(0, end));
            text_ = end == std::string_view::npos ? std::string_view{} : text_.substr(end + 1);
        }
        RIH_REQUIRE(!mesh_.faces.empty(), "{}: the OBJ file holds no face", what_);
        return build();
    }

  private:
    [[noreturn]] void fail(std::string_view problem) const {
        throw_user_error("{}, line {}: {}", what_, line_, problem);
    }

    void read_line(std::string_view line) {
        Words words(line);
        const std::string_view keyword = words.next();
        if (keyword.empty() || keyword.starts_with('#')) {
            return;
        }
        if (keyword == "v") {
            read_vertex(words);
        } else if (keyword == "vt") {
            const auto values = numbers(words, 1, 3);
            uvs_.push_back({values[0], values[1]});
        } else if (keyword == "vn") {
            const auto values = numbers(words, 3, 3);
            const Vec3 normal(values[0], values[1], values[2]);
            const double length = normal.norm();
            if (length < 1e-9) {
                fail("a normal without length");
            }
            // A unit normal stays as it is, to the bit: it may have been written by us.
            constexpr double kRounding = 1e-14;
            normals_.push_back(std::abs(length - 1) < kRounding ? normal : Vec3(normal / length));
        } else if (keyword == "f") {
            read_face(words);
        } else if (keyword == "usemtl") {
            use_material(std::string(words.next()));
        } else if (keyword == "g") {
            part_ = part_of_group(words.next());
        } else if (keyword != "o" && keyword != "s" && keyword != "mtllib" && keyword != "l" &&
                   keyword != "p" && keyword != "vp") {
            fail("an unknown keyword; v, vt, vn, f and usemtl are read");
        }
    }

    /// Between `least` and `most` finite numbers; the rest are zero.
    std::array<double, 6> numbers(Words& words, int least, int most, int* count = nullptr) {
        std::array<double, 6> values{};
        int found = 0;
        for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
            double value = 0;
            const auto result = std::from_chars(word.data(), word.data() + word.size(), value);
            if (found == most || result.ec != std::errc{} ||
                result.ptr != word.data() + word.size() || !(std::abs(value) <= kMaxCoordinate)) {
                fail("expected numbers within a million, no more than the keyword takes");
            }
            values[static_cast<std::size_t>(found++)] = value;
        }
        if (found < least) {
            fail("too few numbers");
        }
        if (count != nullptr) {
            *count = found;
        }
        return values;
    }

    void read_vertex(Words& words) {
        int count = 0;
        const auto values = numbers(words, 3, 6, &count);
        vertices_.push_back({values[0], values[1], values[2]});
        if (count == 6) { // the colour extension
            for (std::size_t i = 3; i < 6; ++i) {
                if (values[i] < 0 || values[i] > 1) {
                    fail("a vertex colour must lie in 0..1");
                }
            }
            colours_.push_back({static_cast<float>(values[3]),
                                static_cast<float>(values[4]),
                                static_cast<float>(values[5])});
        }
    }

    void use_material(const std::string& name) {
        auto& names = mesh_.material_names;
        const auto found = std::find(names.begin(), names.end(), name);
        material_ = static_cast<int>(found - names.begin());
        if (found == names.end()) {
            if (names.size() >= 256) {
                fail("more than 256 materials");
            }
            names.push_back(name);
        }
    }

    /// Of other programs' groups 0.
    static std::uint8_t part_of_group(std::string_view name) {
        std::uint8_t part = 0;
        if (!name.starts_with(kPartGroup)) {
            return part;
        }
        const char* end = name.data() + name.size();
        const auto result = std::from_chars(name.data() + kPartGroup.size(), end, part);
        return result.ec == std::errc{} && result.ptr == end ? part : std::uint8_t{0};
    }

    /// One index of a corner: from 1, or back from the last one; nothing when the text is empty.
    std::optional<int> index(std::string_view text, std::size_t count) const {
        if (text.empty()) {
            return std::nullopt;
        }
        std::int64_t value = 0;
        const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
        const auto size = static_cast<std::int64_t>(count);
        if (result.ec != std::errc{} || result.ptr != text.data() + text.size() || value == 0 ||
            value > size || value < -size) {
            fail(fmt::format("a face index must be 1..{0} or -{0}..-1", size));
        }
        return static_cast<int>(value > 0 ? value - 1 : size + value);
    }

    Corner read_corner(std::string_view word) const {
        std::array<std::string_view, 3> parts;
        for (std::string_view& part : parts) {
            const std::size_t slash = word.find('/');
            part = word.substr(0, slash);
            word = slash == std::string_view::npos ? std::string_view{} : word.substr(slash + 1);
        }
        const auto vertex = index(parts[0], vertices_.size());
        if (!vertex || !word.empty()) {
            fail("a corner must be v, v/vt, v//vn or v/vt/vn");
        }
        return {*vertex,
                index(parts[1], uvs_.size()).value_or(-1),
                index(parts[2], normals_.size()).value_or(-1)};
    }

    void read_face(Words& words) {
        std::vector<Corner> corners;
        for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
            corners.push_back(read_corner(word));
        }
        if (corners.size() < 3) {
            fail("a face needs three corners");
        }
        for (std::size_t i = 2; i < corners.size(); ++i) {
            const std::array<Corner, 3> triangle{corners[0], corners[i - 1], corners[i]};
            if (triangle[0].vertex == triangle[1].vertex ||
                triangle[1].vertex == triangle[2].vertex ||
                triangle[2].vertex == triangle[0].vertex) {
                continue;
            }
            if (mesh_.faces.size() == kMaxTriangles) {
                fail(fmt::format("more than {} triangles", kMaxTriangles));
            }
            corners_.insert(corners_.end(), triangle.begin(), triangle.end());
            mesh_.faces.push_back({triangle[0].vertex, triangle[1].vertex, triangle[2].vertex});
            mesh_.face_material.push_back(material_);
            mesh_.face_part.push_back(part_);
        }
    }

    ObjMesh build() {
        const auto every = [&](auto has) {
            return std::all_of(corners_.begin(), corners_.end(), has);
        };
        const bool has_uv = every([](const Corner& corner) { return corner.uv >= 0; });
        const bool has_normals = every([](const Corner& corner) { return corner.normal >= 0; });
        for (Corner& corner : corners_) {
            corner.uv = has_uv ? corner.uv : -1;
            corner.normal = has_normals ? corner.normal : -1;
        }
        const bool has_colours = colours_.size() == vertices_.size();

        Points positions(static_cast<Eigen::Index>(vertices_.size()), 3);
        for (std::size_t i = 0; i < vertices_.size(); ++i) {
            positions.row(static_cast<Eigen::Index>(i)) = vertices_[i];
        }
        // Before the seams are split, so that a texture seam is no edge in the shading.
        Points smooth;
        if (!has_normals) {
            smooth = vertex_normals(positions, mesh_.faces);
        }

        if (std::ranges::count(mesh_.face_part, 0) == std::ssize(mesh_.face_part)) {
            mesh_.face_part.clear();
        }
        const std::vector<Corner> made = split_seams_of_corners();
        const auto count = static_cast<Eigen::Index>(made.size());
        mesh_.vertices.resize(count, 3);
        mesh_.normals.resize(count, 3);
        mesh_.uv.resize(has_uv ? count : 0, 2);
        for (Eigen::Index i = 0; i < count; ++i) {
            const Corner& corner = made[static_cast<std::size_t>(i)];
            mesh_.vertices.row(i) = positions.row(corner.vertex);
            if (!has_normals) {
                mesh_.normals.row(i) = smooth.row(corner.vertex);
            } else {
                mesh_.normals.row(i) = corner.normal < 0
                                           ? Vec3(Vec3::Zero())
                                           : normals_[static_cast<std::size_t>(corner.normal)];
            }
            if (has_uv) {
                mesh_.uv.row(i) =
                    corner.uv < 0 ? Vec2(Vec2::Zero()) : uvs_[static_cast<std::size_t>(corner.uv)];
            }
            if (has_colours) {
                mesh_.vertex_colour.push_back(colours_[static_cast<std::size_t>(corner.vertex)]);
            }
        }
        return std::move(mesh_);
    }

    /// Gives each distinct corner a vertex and writes the faces over them; returns the corner of
    /// every vertex. A `v` that no face uses keeps its place.
    std::vector<Corner> split_seams_of_corners() {
        std::vector<Corner> made(vertices_.size());
        std::vector<bool> used(vertices_.size(), false);
        std::unordered_map<Corner, int, CornerHash> others; // further vertices of the same v
        for (std::size_t i = 0; i < made.size(); ++i) {
            made[i].vertex = static_cast<int>(i);
        }
        for (std::size_t c = 0; c < corners_.size(); ++c) {
            const Corner& corner = corners_[c];
            auto at = static_cast<std::size_t>(corner.vertex);
            if (!used[at]) {
                used[at] = true;
                made[at] = corner;
            }
            if (made[at] != corner) {
                const auto [found, is_new] =
                    others.try_emplace(corner, static_cast<int>(made.size()));
                if (is_new) {
                    made.push_back(corner);
                }
                at = static_cast<std::size_t>(found->second);
            }
            mesh_.faces[c / 3][c % 3] = static_cast<int>(at);
        }
        return made;
    }

    std::string_view text_;
    const std::string& what_;
    int line_ = 0;
    ObjMesh mesh_;
    int material_ = -1;
    std::uint8_t part_ = 0;
    std::vector<Vec3> vertices_, normals_;
    std::vector<Vec2> uvs_;
    std::vector<Vec3f> colours_;
    std::vector<Corner> corners_; // three a face
};

} // namespace

ObjMesh parse_obj(std::string_view text, const std::string& what) {
    return ObjParser(text, what).parse();
}

ObjMesh read_obj(const std::filesystem::path& path) {
    return parse_obj(read_text_file(path, kMaxFile), path.string());
}

std::string obj_text(const ObjMesh& mesh) {
    std::string text = "# renderih: metres, counter-clockwise from outside\n";
    const auto out = std::back_inserter(text);
    const bool has_uv = mesh.uv.rows() > 0, has_normals = mesh.normals.rows() > 0;
    for (Eigen::Index i = 0; i < mesh.vertices.rows(); ++i) {
        fmt::format_to(
            out, "v {} {} {}", mesh.vertices(i, 0), mesh.vertices(i, 1), mesh.vertices(i, 2));
        if (!mesh.vertex_colour.empty()) {
            const Vec3f& colour = mesh.vertex_colour[static_cast<std::size_t>(i)];
            fmt::format_to(out, " {} {} {}", colour.x, colour.y, colour.z);
        }
        text += '\n';
    }
    for (Eigen::Index i = 0; i < mesh.uv.rows(); ++i) {
        fmt::format_to(out, "vt {} {}\n", mesh.uv(i, 0), mesh.uv(i, 1));
    }
    for (Eigen::Index i = 0; i < mesh.normals.rows(); ++i) {
        // A vertex of no face may have no normal; any will do.
        const Vec3 normal = mesh.normals.row(i).squaredNorm() > 1e-18
                                ? Vec3(mesh.normals.row(i).transpose())
                                : Vec3(Vec3::UnitY());
        fmt::format_to(out, "vn {} {} {}\n", normal.x(), normal.y(), normal.z());
    }
    int material = -1;
    std::uint8_t part = 0;
    for (std::size_t f = 0; f < mesh.faces.size(); ++f) {
        if (!mesh.face_part.empty() && mesh.face_part[f] != part) {
            part = mesh.face_part[f];
            fmt::format_to(out, "g {}{}\n", kPartGroup, part);
        }
        if (!mesh.face_material.empty() && mesh.face_material[f] != material) {
            material = mesh.face_material[f];
            RIH_ASSERT(material >= 0 &&
                           static_cast<std::size_t>(material) < mesh.material_names.size(),
                       "face {} has material {}",
                       f,
                       material);
            fmt::format_to(
                out, "usemtl {}\n", mesh.material_names[static_cast<std::size_t>(material)]);
        }
        text += 'f';
        for (const int vertex : mesh.faces[f]) {
            const int i = vertex + 1;
            if (has_uv && has_normals) {
                fmt::format_to(out, " {0}/{0}/{0}", i);
            } else if (has_normals) {
                fmt::format_to(out, " {0}//{0}", i);
            } else if (has_uv) {
                fmt::format_to(out, " {0}/{0}", i);
            } else {
                fmt::format_to(out, " {}", i);
            }
        }
        text += '\n';
    }
    return text;
}

} // namespace rih
