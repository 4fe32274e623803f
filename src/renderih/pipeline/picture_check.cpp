// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/picture_check.h"

#include "renderih/base/error.h"
#include "renderih/hand/parts.h"
#include "renderih/image/codecs.h"
#include "renderih/image/colour.h"

#include <algorithm>
#include <climits>
#include <cmath>

namespace rih {

namespace {

/// The tracer works in float: a pixel's centre may fall this far on the other side of an edge.
constexpr double kEdgeTolerancePx = 5e-3;
/// Half a step of the encoding and what the order of additions may change.
constexpr double kStep = 0.51;
/// A hit this near to an edge of its face may be the tracer's neighbour face, where texture
/// coordinates can jump: such pixels are compared by what does not.
constexpr double kNearEdge = 0.01; // least barycentric weight
constexpr double kNearEdgeSteps = 3;

/// Pixels that are wrong, with the first for the message.
class Wrong {
  public:
    void note(int x, int y, double stored, double made) {
        if (count_++ == 0) {
            first_ = fmt::format("({}, {}) is {:.6g}, not {:.6g}", x, y, stored, made);
        }
    }
    void report(const char* name, PictureKind kind, const PictureFail& fail) const {
        if (count_ > 0) {
            fail(kind, fmt::format("{}: {} pixels are wrong, the first {}", name, count_, first_));
        }
    }

  private:
    int count_ = 0;
    std::string first_;
};

/// The albedo of maps as docs/rendering.md has it: linear between the four texels around a place
/// and between the two levels whose texels are next smaller and next greater than the footprint.
Vec3 map_albedo(const SurfaceMaps& maps, const Vec3& uv, double footprint_m) {
    const double texel_m = maps.metres_per_uv / maps.height;
    const double last = static_cast<double>(maps.levels.size()) - 1;
    const double depth = std::clamp(std::log2(footprint_m / texel_m), 0.0, last);
    Vec3 albedo = Vec3::Zero();
    for (std::size_t level = 0; level < maps.levels.size(); ++level) {
        const double of_level = 1 - std::abs(depth - static_cast<double>(level));
        const int width = maps.width >> level, height = maps.height >> level;
        const double column = uv.x() * height - 0.5, row = (1 - uv.y()) * height - 0.5;
        for (int y = 0; of_level > 0 && y < 2; ++y) {
            for (int x = 0; x < 2; ++x) {
                const double at_x = std::floor(column) + x, at_y = std::floor(row) + y;
                const double weight =
                    of_level * (1 - std::abs(column - at_x)) * (1 - std::abs(row - at_y));
                const auto texel_x = static_cast<std::size_t>(std::clamp(at_x, 0.0, width - 1.0));
                const auto texel_y = static_cast<std::size_t>(std::clamp(at_y, 0.0, height - 1.0));
                const SurfaceTexel& texel =
                    maps.levels[level][texel_y * static_cast<std::size_t>(width) + texel_x];
                for (int c = 0; c < 3; ++c) {
                    albedo[c] += weight * std::pow(texel.albedo[c] / 255.0, 2);
                }
            }
        }
    }
    return albedo;
}

/// Everything that the rasteriser says of one record's pictures.
class Comparison {
  public:
    Comparison(const Record& record,
               const RecordPictures& pictures,
               const std::vector<DrawnMesh>& meshes,
               const PictureFail& fail)
        : record_(record), pictures_(pictures), meshes_(meshes), fail_(fail) {
        std::vector<RasterMesh> drawn;
        for (const DrawnMesh& mesh : meshes) {
            drawn.push_back(mesh.raster);
        }
        RasterOptions options;
        options.epsilon_px = kEdgeTolerancePx;
        both_ = rasterise(record.camera, drawn, options);
        options.details = false;
        for (std::size_t i = 0; i < 2; ++i) {
            alone_[i] = rasterise(record.camera, {&drawn[i], 1}, options);
        }
    }

    void run() const {
        compare_parts();
        compare_depth();
        compare_normal();
        compare_albedo();
        compare_uv();
        compare_numbers();
    }

  private:
    template <typename Visit>
    void for_each_pixel(const Visit& visit) const {
        for (int y = 0; y < both_.label.height(); ++y) {
            for (int x = 0; x < both_.label.width(); ++x) {
                visit(x, y);
            }
        }
    }
    bool is_sure(int x, int y) const { return both_.ambiguous.at(x, y) == 0; }
    double least_weight(int x, int y) const {
        return std::min({both_.barycentric.at(x, y, 0),
                         both_.barycentric.at(x, y, 1),
                         both_.barycentric.at(x, y, 2)});
    }
    /// What the hit's corners give at the hit, `value(mesh, vertex)` being theirs.
    template <typename Value>
    Vec3 interpolate(int x, int y, const Value& value) const {
        const SceneMesh& mesh = meshes_[static_cast<std::size_t>(both_.mesh.at(x, y))].attributes;
        const auto& face = mesh.faces[static_cast<std::size_t>(both_.face.at(x, y))];
        Vec3 sum = Vec3::Zero();
        for (int k = 0; k < 3; ++k) {
            sum += both_.barycentric.at(x, y, k) * value(mesh, face[static_cast<std::size_t>(k)]);
        }
        return sum;
    }

    /// Where the rasteriser cannot be sure, the stored picture decides.
    int part_at(int x, int y) const {
        return is_sure(x, y) ? both_.label.at(x, y) : pictures_.part->at(x, y);
    }
    bool covers(int hand, int x, int y) const {
        const RasterImages& alone = alone_[static_cast<std::size_t>(hand)];
        if (alone.ambiguous.at(x, y) != 0) {
            return (pictures_.amodal->at(x, y) >> hand & 1) != 0;
        }
        const std::uint8_t label = alone.label.at(x, y);
        return label != 0 && label != forearm_part(kSides[static_cast<std::size_t>(hand)]);
    }

    void compare_parts() const {
        Wrong parts, amodal;
        for_each_pixel([&](int x, int y) {
            const int stored = pictures_.part->at(x, y);
            if (stored != part_at(x, y)) {
                parts.note(x, y, stored, part_at(x, y));
            }
            const int made = (covers(0, x, y) ? 1 : 0) + (covers(1, x, y) ? 2 : 0);
            if (pictures_.amodal->at(x, y) != made) {
                amodal.note(x, y, pictures_.amodal->at(x, y), made);
            }
        });
        parts.report("seg.png", PictureKind::Parts, fail_);
        amodal.report("amodal.png", PictureKind::Parts, fail_);
    }

    void compare_depth() const {
        Wrong wrong;
        for_each_pixel([&](int x, int y) {
            const double stored = pictures_.depth->at(x, y);
            const bool has_surface = pictures_.part->at(x, y) != 0;
            const double made = both_.depth_z.at(x, y) * 1e4;
            const double slack = kStep + 1e4 * kEdgeTolerancePx * both_.depth_slope.at(x, y);
            if ((stored != 0) != has_surface ||
                (is_sure(x, y) && !(std::abs(stored - std::min(made, 65535.0)) <= slack))) {
                wrong.note(x, y, stored, made);
            }
        });
        wrong.report("depth.png", PictureKind::Depth, fail_);
    }

    /// Compares the channels of `stored` with `made(x, y)`, in its steps, where there is a surface;
    /// elsewhere it must be 0. `jumps`: may differ between neighbour faces.
    template <typename Picture, typename Made>
    void compare_channels(
        const char* name, const Picture& stored, int channels, bool jumps, const Made& made) const {
        Wrong wrong;
        for_each_pixel([&](int x, int y) {
            if (!is_sure(x, y)) {
                return;
            }
            const bool has_surface = both_.label.at(x, y) != 0;
            const double weight = has_surface ? least_weight(x, y) : 1;
            const bool near_edge = weight < kNearEdge;
            if ((near_edge && jumps) || weight < -kNearEdge) {
                return; // the latter: a face seen edge-on, whose plane is met beside it
            }
            const Vec3 expected = has_surface ? made(x, y) : Vec3(Vec3::Zero());
            for (int c = 0; c < channels; ++c) {
                if (!(std::abs(stored.at(x, y, c) - expected[c]) <=
                      (near_edge ? kNearEdgeSteps : kStep))) {
                    wrong.note(x, y, stored.at(x, y, c), expected[c]);
                    break;
                }
            }
        });
        wrong.report(name, PictureKind::Extra, fail_);
    }

    void compare_normal() const {
        if (!pictures_.normal) {
            return;
        }
        compare_channels("normal.png", *pictures_.normal, 3, false, [&](int x, int y) {
            const Vec3 normal = record_.camera.cam_from_world.rotation *
                                interpolate(x, y, [](const SceneMesh& mesh, int v) {
                                    return Vec3(mesh.normals.row(v));
                                }).normalized();
            return Vec3((128 + 127 * normal.array()).max(1.0).min(255.0));
        });
    }

    /// Of the material at a face: one colour, or its texture's four texels around the uv,
    /// repeating.
    Vec3 material_albedo(int x, int y) const {
        const SceneMesh& hit = meshes_[static_cast<std::size_t>(both_.mesh.at(x, y))].attributes;
        const int index = hit.face_material.empty()
                              ? 0
                              : hit.face_material[static_cast<std::size_t>(both_.face.at(x, y))];
        const Material& material = hit.materials[static_cast<std::size_t>(index)];
        if (material.texture == nullptr) {
            return {material.albedo[0], material.albedo[1], material.albedo[2]};
        }
        const ImageF& texture = *material.texture;
        const Vec3 uv = interpolate(x, y, [](const SceneMesh& mesh, int v) {
            return Vec3(mesh.uv(v, 0), mesh.uv(v, 1), 0);
        });
        const double column = uv.x() * texture.width() - 0.5,
                     row = (1 - uv.y()) * texture.height() - 0.5;
        const auto wrapped = [](double i, int size) {
            return static_cast<int>(i - size * std::floor(i / size));
        };
        Vec3 albedo = Vec3::Zero();
        for (const double j : {std::floor(row), std::floor(row) + 1}) {
            for (const double i : {std::floor(column), std::floor(column) + 1}) {
                const double weight = (1 - std::abs(column - i)) * (1 - std::abs(row - j));
                for (int c = 0; c < 3; ++c) {
                    albedo[c] +=
                        weight *
                        texture.at(wrapped(i, texture.width()), wrapped(j, texture.height()), c);
                }
            }
        }
        return albedo;
    }

    Vec3 albedo_at(int x, int y) const {
        const SceneMesh& hit = meshes_[static_cast<std::size_t>(both_.mesh.at(x, y))].attributes;
        if (hit.maps == nullptr && hit.vertex_albedo.empty()) {
            return material_albedo(x, y);
        }
        if (hit.maps == nullptr) {
            return interpolate(x, y, [](const SceneMesh& mesh, int v) {
                const Vec3f& rgb = mesh.vertex_albedo[static_cast<std::size_t>(v)];
                return Vec3(double{rgb.x}, double{rgb.y}, double{rgb.z});
            });
        }
        const Vec3 uv = interpolate(x, y, [](const SceneMesh& mesh, int v) {
            return Vec3(mesh.uv(v, 0), mesh.uv(v, 1), 0);
        });
        // Half a pixel at the surface's distance from the camera.
        const Vec2 tangent((x + 0.5 - record_.camera.intrinsics.cx) / record_.camera.intrinsics.fx,
                           (y + 0.5 - record_.camera.intrinsics.cy) / record_.camera.intrinsics.fy);
        const double distance = both_.depth_z.at(x, y) * std::sqrt(1 + tangent.squaredNorm());
        return map_albedo(*hit.maps, uv, 0.5 * distance / record_.camera.intrinsics.fx);
    }

    void compare_albedo() const {
        if (!pictures_.albedo) {
            return;
        }
        compare_channels("albedo.png", *pictures_.albedo, 3, false, [&](int x, int y) {
            const Vec3 albedo = albedo_at(x, y);
            return Vec3(255 * srgb_from_linear(albedo.x()),
                        255 * srgb_from_linear(albedo.y()),
                        255 * srgb_from_linear(albedo.z()));
        });
    }

    void compare_uv() const {
        if (!pictures_.uv) {
            return;
        }
        compare_channels("uv.png", *pictures_.uv, 2, true, [&](int x, int y) {
            return Vec3(65535 * interpolate(x,
                                            y,
                                            [](const SceneMesh& mesh, int v) {
                                                return mesh.uv.rows() > 0
                                                           ? Vec3(mesh.uv(v, 0), mesh.uv(v, 1), 0)
                                                           : Vec3(Vec3::Zero());
                                            })
                                    .cwiseMax(0.0)
                                    .cwiseMin(1.0));
        });
        Wrong wrong;
        for_each_pixel([&](int x, int y) {
            const int mark = pictures_.part->at(x, y) != 0 ? 65535 : 0;
            if (pictures_.uv->at(x, y, 2) != mark) {
                wrong.note(x, y, pictures_.uv->at(x, y, 2), mark);
            }
        });
        wrong.report("uv.png", PictureKind::Extra, fail_);
    }

    void compare_numbers() const {
        std::int64_t both = 0, either = 0;
        for (int i = 0; i < 2; ++i) {
            const int first = first_part(kSides[static_cast<std::size_t>(i)]);
            int visible = 0, amodal = 0;
            int left = INT_MAX, top = INT_MAX, right = -1, bottom = -1;
            for_each_pixel([&](int x, int y) {
                const int part = part_at(x, y);
                amodal += covers(i, x, y) ? 1 : 0;
                if (part >= first && part < first + kPartsPerHand) {
                    ++visible;
                    left = std::min(left, x);
                    right = std::max(right, x);
                    top = std::min(top, y);
                    bottom = std::max(bottom, y);
                }
            });
            const RecordHand& hand = record_.hands[static_cast<std::size_t>(i)];
            const std::array<int, 4> box =
                visible > 0 ? std::array{left, top, right - left + 1, bottom - top + 1}
                            : std::array{0, 0, 0, 0};
            const std::string_view side = name_of(kSides[static_cast<std::size_t>(i)]);
            if (hand.bbox_px != box) {
                fail_(
                    PictureKind::Numbers,
                    fmt::format(
                        "{} bbox_px is not {}, {}, {}, {}", side, box[0], box[1], box[2], box[3]));
            }
            if (hand.visible_pixels != visible || hand.amodal_pixels != amodal) {
                fail_(PictureKind::Numbers,
                      fmt::format("{} visible_pixels and amodal_pixels are {} and {}, not {} and "
                                  "{}",
                                  side,
                                  hand.visible_pixels,
                                  hand.amodal_pixels,
                                  visible,
                                  amodal));
            }
        }
        for_each_pixel([&](int x, int y) {
            const int hands = (covers(0, x, y) ? 1 : 0) + (covers(1, x, y) ? 1 : 0);
            both += hands == 2 ? 1 : 0;
            either += hands > 0 ? 1 : 0;
        });
        const double iou =
            either > 0 ? static_cast<double>(both) / static_cast<double>(either) : 0.0;
        if (!(std::abs(iou - record_.interaction.mask_iou) <= 1e-12)) {
            fail_(PictureKind::Numbers,
                  fmt::format("mask_iou is {}, not {}", record_.interaction.mask_iou, iou));
        }
    }

    const Record& record_;
    const RecordPictures& pictures_;
    const std::vector<DrawnMesh>& meshes_; // the hands, then things
    const PictureFail& fail_;
    RasterImages both_;
    std::array<RasterImages, 2> alone_;
};

} // namespace

std::set<std::string> expected_members(const ImageOptions& image) {
    std::set<std::string> names{"rgb." + image.rgb_format, "seg.png", "depth.png", "amodal.png"};
    for (const auto& [wanted, name] : {std::pair{image.normal, "normal.png"},
                                       {image.albedo, "albedo.png"},
                                       {image.uv, "uv.png"}}) {
        if (wanted) {
            names.insert(name);
        }
    }
    return names;
}

RecordPictures decode_pictures(const std::map<std::string, Bytes>& members,
                               const ImageOptions& image,
                               const PictureFail& fail) {
    const std::set<std::string> expected = expected_members(image);
    for (const auto& [name, bytes] : members) {
        if (!expected.contains(name)) {
            fail(PictureKind::Any, fmt::format("has the member {}, which it should not", name));
        }
    }
    RecordPictures pictures;
    const auto decode = [&](const std::string& name, int channels, const auto& decoder, auto& out) {
        if (!expected.contains(name)) {
            return;
        }
        const auto found = members.find(name);
        if (found == members.end()) {
            fail(PictureKind::Any, fmt::format("has no {}", name));
            return;
        }
        try {
            auto picture = decoder(found->second, name);
            RIH_REQUIRE(picture.width() == image.width && picture.height() == image.height &&
                            picture.channels() == channels,
                        "{} has {}x{} pixels of {} channels, not {}x{} of {}",
                        name,
                        picture.width(),
                        picture.height(),
                        picture.channels(),
                        image.width,
                        image.height,
                        channels);
            out = std::move(picture);
        } catch (const UserError& error) {
            fail(PictureKind::Any, error.what());
        }
    };
    decode("rgb.jpg", 3, decode_jpeg, pictures.rgb);
    decode("rgb.png", 3, decode_png8, pictures.rgb);
    decode("rgb.webp", 3, decode_webp, pictures.rgb);
    decode("seg.png", 1, decode_png8, pictures.part);
    decode("amodal.png", 1, decode_png8, pictures.amodal);
    decode("depth.png", 1, decode_png16, pictures.depth);
    decode("normal.png", 3, decode_png8, pictures.normal);
    decode("albedo.png", 3, decode_png8, pictures.albedo);
    decode("uv.png", 3, decode_png16, pictures.uv);
    return pictures;
}

void compare_pictures(const Record& record,
                      const RecordPictures& pictures,
                      const std::vector<DrawnMesh>& meshes,
                      const PictureFail& fail) {
    RIH_ASSERT(pictures.has_labels() && meshes.size() >= 2, "label images or hands are missing");
    Comparison(record, pictures, meshes, fail).run();
}

} // namespace rih
