// SPDX-License-Identifier: Apache-2.0
#include "renderih/study/pair_picture.h"

#include "renderih/base/error.h"
#include "renderih/image/codecs.h"
#include "renderih/pipeline/rasteriser.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

constexpr int kOversampling = 2; // a side; smooths the outlines
constexpr double kFieldOfView = 20 * kDegree;
constexpr double kFilled = 0.92; // of the picture's side

Triangles skin_faces(const HandModel& model) {
    Triangles faces;
    for (std::size_t f = 0; f < model.faces.size(); ++f) {
        if (model.part_of_face[f] != forearm_part(model.side)) {
            faces.push_back(model.faces[f]);
        }
    }
    return close_borders(faces);
}

Image8 halved(const Image8& image) {
    Image8 small(image.width() / kOversampling, image.height() / kOversampling, 3);
    for (int y = 0; y < small.height(); ++y) {
        for (int x = 0; x < small.width(); ++x) {
            for (int c = 0; c < 3; ++c) {
                int sum = 0;
                for (int j = 0; j < kOversampling; ++j) {
                    for (int i = 0; i < kOversampling; ++i) {
                        sum += image.at(kOversampling * x + i, kOversampling * y + j, c);
                    }
                }
                small.at(x, y, c) =
                    static_cast<std::uint8_t>(sum / (kOversampling * kOversampling));
            }
        }
    }
    return small;
}

Camera
framing(const std::vector<ColouredMesh>& meshes, const Vec3& forward, const Vec3& up, int px) {
    Vec3 low = Vec3::Constant(1e9), high = -low;
    for (const ColouredMesh& mesh : meshes) {
        for (const auto& face : mesh.faces) {
            for (const int v : face) {
                low = low.cwiseMin(Vec3(mesh.vertices.row(v)));
                high = high.cwiseMax(Vec3(mesh.vertices.row(v)));
            }
        }
    }
    const Vec3 centre = 0.5 * (low + high);
    const double radius = 0.5 * (high - low).norm() + 1e-3;
    const double distance = radius / std::sin(0.5 * kFieldOfView);
    Camera camera;
    camera.width = camera.height = px;
    const double focal = 0.5 * px / std::tan(0.5 * kFieldOfView);
    camera.intrinsics = {focal, focal, 0.5 * px, 0.5 * px};
    camera.cam_from_world = look_at(centre - distance * forward.normalized(), centre, up);
    // The sphere is a loose frame: move and zoom to the projections themselves.
    Vec2 first = Vec2::Constant(1e9), last = -first;
    for (const ColouredMesh& mesh : meshes) {
        for (const auto& face : mesh.faces) {
            for (const int v : face) {
                const Vec2 pixel =
                    camera.project(camera.cam_from_world * Vec3(mesh.vertices.row(v)));
                first = first.cwiseMin(pixel);
                last = last.cwiseMax(pixel);
            }
        }
    }
    const double zoom = kFilled * px / (last - first).maxCoeff();
    const Vec2 middle = 0.5 * (first + last);
    camera.intrinsics = {zoom * focal,
                         zoom * focal,
                         0.5 * px - zoom * (middle.x() - 0.5 * px),
                         0.5 * px - zoom * (middle.y() - 0.5 * px)};
    return camera;
}

} // namespace

PictureHands picture_hands(const PairRig& rig, const PairParameters& parameters) {
    const PairState state = pose_pair(rig, parameters);
    return {{state.hands[0].vertices, state.hands[1].vertices}};
}

Image8
shade(const std::vector<ColouredMesh>& meshes, const Vec3& forward, const Vec3& up, int side_px) {
    const int px = side_px * kOversampling;
    const Camera camera = framing(meshes, forward, up, px);
    std::vector<RasterMesh> raster;
    std::vector<Points> normals;
    for (const ColouredMesh& mesh : meshes) {
        raster.push_back({static_cast<int>(raster.size()), mesh.vertices, mesh.faces, {}});
        normals.push_back(vertex_normals(mesh.vertices, mesh.faces));
    }
    const RasterImages images = rasterise(camera, raster);
    const Vec3 to_camera = -forward.normalized();
    Image8 picture(px, px, 3, 255);
    for (int y = 0; y < px; ++y) {
        for (int x = 0; x < px; ++x) {
            const int m = images.mesh.at(x, y);
            if (m < 0) {
                continue;
            }
            const auto& face = meshes[m].faces[images.face.at(x, y)];
            Vec3 normal = Vec3::Zero(), colour = Vec3::Zero();
            for (int k = 0; k < 3; ++k) {
                const double b = images.barycentric.at(x, y, k);
                normal += b * normals[m].row(face[k]).transpose();
                colour += b * meshes[m].colours.row(face[k]).transpose();
            }
            const double light = 0.25 + 0.75 * std::max(0.0, normal.normalized().dot(to_camera));
            for (int c = 0; c < 3; ++c) {
                picture.at(x, y, c) = static_cast<std::uint8_t>(
                    std::lround(255 * std::clamp(light * colour[c], 0.0, 1.0)));
            }
        }
    }
    return halved(picture);
}

Image8 shade_pair(const HandPair& hands, const PictureHands& pair, int side_px) {
    const std::array<Vec3, 2> colours{Vec3(0.98, 0.80, 0.68), Vec3(0.62, 0.76, 0.94)};
    std::vector<ColouredMesh> meshes;
    for (int h = 0; h < 2; ++h) {
        meshes.push_back({pair.vertices[h],
                          colours[h].transpose().replicate(pair.vertices[h].rows(), 1),
                          skin_faces(hands.hands[h])});
    }
    // From in front of the person and a little above.
    return shade(meshes, Vec3(-0.25, -0.45, -1), Vec3::UnitY(), side_px);
}

void write_contact_sheet(const std::filesystem::path& path,
                         const HandPair& hands,
                         const std::vector<std::vector<PictureHands>>& columns,
                         int side_px) {
    RIH_ASSERT(!columns.empty() && !columns[0].empty(), "a contact sheet of nothing");
    const int rows = static_cast<int>(columns[0].size());
    Image8 sheet(side_px * static_cast<int>(columns.size()), side_px * rows, 3, 255);
    for (std::size_t c = 0; c < columns.size(); ++c) {
        for (int r = 0; r < rows; ++r) {
            const Image8 picture = shade_pair(hands, columns[c][r], side_px);
            for (int y = 0; y < side_px; ++y) {
                for (int x = 0; x < side_px; ++x) {
                    for (int k = 0; k < 3; ++k) {
                        sheet.at(static_cast<int>(c) * side_px + x, r * side_px + y, k) =
                            picture.at(x, y, k);
                    }
                }
            }
        }
    }
    write_file_atomically(path, encode_jpeg(sheet, 88));
}

} // namespace rih
