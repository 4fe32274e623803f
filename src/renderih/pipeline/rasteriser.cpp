// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/rasteriser.h"

#include "renderih/base/error.h"
#include "renderih/geometry/predicates.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace rih {
namespace {

/// Metres and pixels beyond this are nonsense, and their projection would overflow.
constexpr double kMaxReach = 1e9;

struct Projected {
    Vec2 pixel;
    double z = 0;
};

/// One triangle of the picture: a face, or what the near plane leaves of it.
struct Piece {
    std::array<Vec2, 3> pixel;
    int face = -1;
};

struct FaceEdge {
    int face = -1;
    int from = -1, to = -1;
};

/// A mesh in the camera's frame with the plane of each face.
struct CameraMesh {
    const RasterMesh* source = nullptr;
    Points in_cam;                              // [V, 3]
    std::vector<Vec3> normals;                  // [F] not unit
    std::vector<double> offsets, low_z, high_z; // [F] normal . vertex; range of z
    std::vector<Piece> pieces;

    int label(int face) const {
        return source->face_label.empty() ? 1 : source->face_label[static_cast<std::size_t>(face)];
    }

    /// z of the face along the ray through a pixel centre, held to the face's own range: a face
    /// seen edge-on has no better answer.
    double depth(int face, const Vec3& ray) const {
        const auto f = static_cast<std::size_t>(face);
        const double z = offsets[f] / normals[f].dot(ray);
        return std::isfinite(z) ? std::clamp(z, low_z[f], high_z[f]) : low_z[f];
    }
};

class Rasteriser {
  public:
    Rasteriser(const Camera& camera,
               std::span<const RasterMesh> meshes,
               const RasterOptions& options)
        : camera_(camera), options_(options) {
        const int w = camera.width, h = camera.height;
        images_.depth_z = Image<double>(w, h, 1, 0.0);
        images_.mesh = Image<std::int32_t>(w, h, 1, -1);
        images_.face = Image<std::int32_t>(w, h, 1, -1);
        if (options.details) {
            images_.depth_slope = Image<double>(w, h, 1, 0.0);
            images_.barycentric = Image<double>(w, h, 3, 0.0);
        }
        images_.label = Image8(w, h, 1, 0);
        images_.ambiguous = Image8(w, h, 1, 0);
        images_.amodal = Image8(w, h, 1, 0);
        images_.amodal_ambiguous = Image8(w, h, 1, 0);
        for (const RasterMesh& mesh : meshes) {
            meshes_.push_back(prepare(mesh));
        }
    }

    RasterImages run() {
        for (std::size_t m = 0; m < meshes_.size(); ++m) {
            draw(static_cast<int>(m));
        }
        for (std::size_t m = 0; m < meshes_.size(); ++m) {
            find_ties(static_cast<int>(m));
            find_borders(static_cast<int>(m));
        }
        if (options_.details) {
            describe_hits();
        }
        return std::move(images_);
    }

  private:
    CameraMesh prepare(const RasterMesh& mesh) const;
    Projected project(const Vec3& x) const { return {camera_.project(x), x.z()}; }
    void draw(int m);
    void find_ties(int m);
    void find_borders(int m);
    void mark_edge(const CameraMesh& mesh, const FaceEdge& edge, bool outline);
    void mark_pixel(
        const CameraMesh& mesh, int x, int y, const std::array<Projected, 2>& ends, bool outline);
    void describe_hits();

    Vec3 ray_at(int x, int y) const { return camera_.ray_in_cam({x + 0.5, y + 0.5}); }

    /// Calls visit(x, y, face) for each piece of the mesh and each pixel centre that it covers.
    template <typename Visit>
    void cover(const CameraMesh& mesh, const Visit& visit) const;

    /// First and last pixel whose centre is in [low, high], clipped to 0 .. size - 1.
    static std::pair<int, int> centres_between(double low, double high, int size) {
        const double first = std::ceil(std::clamp(low, -1.0, size + 1.0) - 0.5);
        const double last = std::floor(std::clamp(high, -1.0, size + 1.0) - 0.5);
        return {std::max(0, static_cast<int>(first)), std::min(size - 1, static_cast<int>(last))};
    }

    Camera camera_;
    RasterOptions options_;
    std::vector<CameraMesh> meshes_;
    Image8 cover_count_; // of the mesh at hand
    RasterImages images_;
};

/// The point where the edge a b meets the plane z = near. Always from the end of lower z, so that
/// both faces of the edge get the same bits.
Vec3 cut(const Vec3& a, const Vec3& b, double near) {
    const Vec3 &low = a.z() < b.z() ? a : b, &high = a.z() < b.z() ? b : a;
    const double t = (near - low.z()) / (high.z() - low.z());
    Vec3 x = low + t * (high - low);
    x.z() = near;
    return x;
}

CameraMesh Rasteriser::prepare(const RasterMesh& mesh) const {
    CameraMesh out;
    out.source = &mesh;
    out.in_cam = camera_.cam_from_world.apply(mesh.vertices);
    RIH_REQUIRE(out.in_cam.size() == 0 || out.in_cam.cwiseAbs().maxCoeff() < kMaxReach,
                "mesh {}: a vertex is more than {} m from the camera",
                mesh.id,
                kMaxReach);
    for (std::size_t f = 0; f < mesh.faces.size(); ++f) {
        std::array<Vec3, 3> x;
        for (std::size_t k = 0; k < 3; ++k) {
            x[k] = out.in_cam.row(mesh.faces[f][k]).transpose();
        }
        const Vec3 normal = (x[1] - x[0]).cross(x[2] - x[0]);
        out.normals.push_back(normal);
        out.offsets.push_back(normal.dot(x[0]));
        out.low_z.push_back(std::max(options_.near_m, std::min({x[0].z(), x[1].z(), x[2].z()})));
        out.high_z.push_back(std::max({x[0].z(), x[1].z(), x[2].z(), options_.near_m}));

        // Cut by the near plane (Sutherland and Hodgman); at most one corner more.
        std::vector<Vec2> polygon;
        for (std::size_t k = 0; k < 3; ++k) {
            const Vec3 &a = x[k], &b = x[(k + 1) % 3];
            if (a.z() >= options_.near_m) {
                polygon.push_back(camera_.project(a));
            }
            if ((a.z() >= options_.near_m) != (b.z() >= options_.near_m)) {
                polygon.push_back(camera_.project(cut(a, b, options_.near_m)));
            }
        }
        for (std::size_t k = 1; k + 1 < polygon.size(); ++k) {
            out.pieces.push_back({{polygon[0], polygon[k], polygon[k + 1]}, static_cast<int>(f)});
        }
    }
    return out;
}

/// Whether p is on the inner side of the edge a b of a triangle that turns by `turn`. A point on
/// the edge goes to the side of p + (-e, e^2) for tiny e: to exactly one of two triangles.
bool inner_side(const Vec2& a, const Vec2& b, const Vec2& p, int turn) {
    const int side = orient2d(a, b, p) * turn;
    if (side != 0) {
        return side > 0;
    }
    const Vec2 along = (b - a) * turn;
    return along.y() > 0 || (along.y() == 0 && along.x() > 0);
}

template <typename Visit>
void Rasteriser::cover(const CameraMesh& mesh, const Visit& visit) const {
    for (const Piece& piece : mesh.pieces) {
        const auto& [a, b, c] = piece.pixel;
        const int turn = orient2d(a, b, c);
        if (turn == 0) {
            continue;
        }
        const auto [x0, x1] = centres_between(
            std::min({a.x(), b.x(), c.x()}), std::max({a.x(), b.x(), c.x()}), camera_.width);
        const auto [y0, y1] = centres_between(
            std::min({a.y(), b.y(), c.y()}), std::max({a.y(), b.y(), c.y()}), camera_.height);
        for (int y = y0; y <= y1; ++y) {
            for (int x = x0; x <= x1; ++x) {
                const Vec2 p(x + 0.5, y + 0.5);
                if (inner_side(a, b, p, turn) && inner_side(b, c, p, turn) &&
                    inner_side(c, a, p, turn)) {
                    visit(x, y, piece.face);
                }
            }
        }
    }
}

void Rasteriser::draw(int m) {
    const CameraMesh& mesh = meshes_[static_cast<std::size_t>(m)];
    const auto bit = static_cast<std::uint8_t>(1u << mesh.source->id);
    cover(mesh, [&](int x, int y, int face) {
        images_.amodal.at(x, y) |= bit;
        const double z = mesh.depth(face, ray_at(x, y));
        double& nearest = images_.depth_z.at(x, y);
        if (nearest == 0 || z < nearest) {
            nearest = z;
            images_.mesh.at(x, y) = m;
            images_.face.at(x, y) = face;
            images_.label.at(x, y) = static_cast<std::uint8_t>(mesh.label(face));
        }
    });
}

void Rasteriser::find_ties(int m) {
    const CameraMesh& mesh = meshes_[static_cast<std::size_t>(m)];
    cover_count_ = Image8(camera_.width, camera_.height, 1, 0);
    cover(mesh, [&](int x, int y, int face) {
        std::uint8_t& count = cover_count_.at(x, y);
        count = static_cast<std::uint8_t>(std::min(count + 1, 255));
        const bool other = images_.mesh.at(x, y) != m || images_.label.at(x, y) != mesh.label(face);
        if (other && mesh.depth(face, ray_at(x, y)) <= images_.depth_z.at(x, y) + options_.tie_m) {
            images_.ambiguous.at(x, y) = 1;
        }
    });
}

void Rasteriser::find_borders(int m) {
    const CameraMesh& mesh = meshes_[static_cast<std::size_t>(m)];
    std::map<std::pair<int, int>, std::vector<FaceEdge>> faces_of_edge;
    for (std::size_t f = 0; f < mesh.source->faces.size(); ++f) {
        const auto& face = mesh.source->faces[f];
        for (std::size_t k = 0; k < 3; ++k) {
            const FaceEdge edge{static_cast<int>(f), face[k], face[(k + 1) % 3]};
            faces_of_edge[std::minmax(edge.from, edge.to)].push_back(edge);
        }
    }
    for (const auto& [key, faces] : faces_of_edge) {
        // Inside a surface both faces of an edge turn the same side to the camera.
        bool outline = true, label_border = false;
        if (faces.size() == 2 && faces[0].from == faces[1].to) {
            const double front = mesh.offsets[static_cast<std::size_t>(faces[0].face)];
            const double other = mesh.offsets[static_cast<std::size_t>(faces[1].face)];
            outline = !(front * other > 0);
            label_border = mesh.label(faces[0].face) != mesh.label(faces[1].face);
        }
        if (outline || label_border) {
            mark_edge(mesh, faces[0], outline);
        }
    }
}

void Rasteriser::mark_edge(const CameraMesh& mesh, const FaceEdge& edge, bool outline) {
    Vec3 a = mesh.in_cam.row(edge.from).transpose(), b = mesh.in_cam.row(edge.to).transpose();
    const double near = options_.near_m;
    if (a.z() < near && b.z() < near) {
        return;
    }
    if (a.z() < near) {
        a = cut(a, b, near);
    } else if (b.z() < near) {
        b = cut(a, b, near);
    }
    const std::array<Projected, 2> ends{project(a), project(b)};
    // Walk the axis along which the edge is longer; the other one moves at most as fast, so only
    // the centres within 3 epsilon of the line's place can be within epsilon of the edge.
    const Vec2 along = ends[1].pixel - ends[0].pixel;
    const int major = std::abs(along.x()) >= std::abs(along.y()) ? 0 : 1, minor = 1 - major;
    const std::array<int, 2> size{camera_.width, camera_.height};
    const double eps = options_.epsilon_px;
    const auto [first, last] =
        centres_between(std::min(ends[0].pixel[major], ends[1].pixel[major]) - eps,
                        std::max(ends[0].pixel[major], ends[1].pixel[major]) + eps,
                        size[static_cast<std::size_t>(major)]);
    for (int i = first; i <= last; ++i) {
        const double t =
            along[major] == 0
                ? 0
                : std::clamp((i + 0.5 - ends[0].pixel[major]) / along[major], 0.0, 1.0);
        const double place = ends[0].pixel[minor] + t * along[minor];
        const auto [low, high] = centres_between(
            place - 3 * eps, place + 3 * eps, size[static_cast<std::size_t>(minor)]);
        for (int j = low; j <= high; ++j) {
            mark_pixel(mesh, major == 0 ? i : j, major == 0 ? j : i, ends, outline);
        }
    }
}

void Rasteriser::mark_pixel(
    const CameraMesh& mesh, int x, int y, const std::array<Projected, 2>& ends, bool outline) {
    const Vec2 centre(x + 0.5, y + 0.5), along = ends[1].pixel - ends[0].pixel;
    const double length2 = along.squaredNorm();
    const double t =
        length2 > 0 ? std::clamp(along.dot(centre - ends[0].pixel) / length2, 0.0, 1.0) : 0.0;
    if ((ends[0].pixel + t * along - centre).norm() > options_.epsilon_px) {
        return;
    }
    // 1 / z is linear in the picture.
    const double z = 1 / ((1 - t) / ends[0].z + t / ends[1].z);
    const double nearest = images_.depth_z.at(x, y);
    if (nearest == 0 || z <= nearest + options_.tie_m) {
        images_.ambiguous.at(x, y) = 1;
    }
    // A closed mesh covers what is inside its outline at least twice; four times, and this edge is
    // not its outline here. (Twice on the far side of an inner edge is marked without need.)
    if (outline && cover_count_.at(x, y) <= 2) {
        images_.amodal_ambiguous.at(x, y) |= static_cast<std::uint8_t>(1u << mesh.source->id);
    }
}

void Rasteriser::describe_hits() {
    for (int y = 0; y < camera_.height; ++y) {
        for (int x = 0; x < camera_.width; ++x) {
            const int m = images_.mesh.at(x, y);
            if (m < 0) {
                continue;
            }
            const CameraMesh& mesh = meshes_[static_cast<std::size_t>(m)];
            const auto f = static_cast<std::size_t>(images_.face.at(x, y));
            const Vec3& n = mesh.normals[f];
            const Vec3 ray = ray_at(x, y);
            const double z = images_.depth_z.at(x, y);
            // z = offset / (n . ray), so dz = -z (n . d ray) / (n . ray).
            const double facing = n.dot(ray);
            images_.depth_slope.at(x, y) =
                facing == 0 ? INFINITY
                            : std::abs(z / facing) * std::hypot(n.x() / camera_.intrinsics.fx,
                                                                n.y() / camera_.intrinsics.fy);
            const auto& face = mesh.source->faces[f];
            const Vec3 a = mesh.in_cam.row(face[0]).transpose();
            const Vec3 ab = mesh.in_cam.row(face[1]).transpose() - a;
            const Vec3 ac = mesh.in_cam.row(face[2]).transpose() - a;
            const Vec3 ap = z * ray - a;
            const double nn = n.squaredNorm();
            const double v = nn > 0 ? n.dot(ap.cross(ac)) / nn : 0;
            const double w = nn > 0 ? n.dot(ab.cross(ap)) / nn : 0;
            images_.barycentric.at(x, y, 0) = 1 - v - w;
            images_.barycentric.at(x, y, 1) = v;
            images_.barycentric.at(x, y, 2) = w;
        }
    }
}

} // namespace

RasterImages
rasterise(const Camera& camera, std::span<const RasterMesh> meshes, const RasterOptions& options) {
    constexpr int kMaxSide = 1 << 14;
    RIH_REQUIRE(camera.width > 0 && camera.height > 0 && camera.width <= kMaxSide &&
                    camera.height <= kMaxSide,
                "a picture of {} x {} pixels; each side must be 1 to {}",
                camera.width,
                camera.height,
                kMaxSide);
    const Intrinsics& k = camera.intrinsics;
    RIH_REQUIRE(k.fx > 0 && k.fy > 0 && k.fx < kMaxReach && k.fy < kMaxReach &&
                    std::abs(k.cx) < kMaxReach && std::abs(k.cy) < kMaxReach,
                "camera fx {} fy {} cx {} cy {} px; fx and fy must be positive, all below {}",
                k.fx,
                k.fy,
                k.cx,
                k.cy,
                kMaxReach);
    RIH_REQUIRE(camera.cam_from_world.rotation.allFinite() &&
                    camera.cam_from_world.translation.allFinite(),
                "the camera's pose has a number that is not finite");
    RIH_ASSERT(options.near_m > 0 && options.epsilon_px >= 0 && options.epsilon_px < 0.25,
               "near {} m, epsilon {} px",
               options.near_m,
               options.epsilon_px);
    for (const RasterMesh& mesh : meshes) {
        check_mesh(mesh.vertices, mesh.faces, fmt::format("mesh {}", mesh.id));
        RIH_REQUIRE(mesh.id >= 0 && mesh.id < 8, "mesh id {}; it must be 0 to 7", mesh.id);
        RIH_REQUIRE(mesh.face_label.empty() || mesh.face_label.size() == mesh.faces.size(),
                    "mesh {} has {} face labels for {} faces",
                    mesh.id,
                    mesh.face_label.size(),
                    mesh.faces.size());
    }
    return Rasteriser(camera, meshes, options).run();
}

} // namespace rih
