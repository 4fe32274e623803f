// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/skin_atlas_of_hand.h"

#include "renderih/base/error.h"
#include "renderih/scene/surface_maps.h"

#include <algorithm>
#include <cmath>

namespace rih {
namespace {

constexpr double kMm = 1e3;
/// On the palm and the back, what is nearer than this to an MCP belongs to it.
constexpr double kKnuckleReachMm = 17;

/// Of parts 1-15: the finger in mano16's order.
int finger_of_part(int part_in_hand) {
    constexpr int kFingerOfGroup[] = {2, 3, 1, 0, 4}; // pinky, ring, middle, index, thumb
    return kFingerOfGroup[(part_in_hand - 1) / 3];
}

Vec3f to_float(const Vec3& v) {
    return {static_cast<float>(v.x()), static_cast<float>(v.y()), static_cast<float>(v.z())};
}

class AtlasMaker {
  public:
    AtlasMaker(const RefinedHand& hand, int height) : hand_(hand) {
        atlas_.height = height;
        find_axes();
        find_joints();
        find_scale();
    }

    SkinAtlas make() {
        draw();
        finish_nails();
        return std::move(atlas_);
    }

  private:
    /// A finger joint's own directions, in the hand's frame.
    struct JointAxes {
        Vec3 at, tip, back, radial; // mm; unit: to the tip, out of the back, to the thumb's side
    };

    Vec3 in_frame(const Vec3& place_m) const { return kMm * (frame_ * (place_m - origin_)); }

    void find_axes() {
        const HandModel& model = *hand_.model;
        const Points joints = model.joint_regressor * model.template_vertices;
        origin_ = joints.row(0);
        const Vec3 distal = (Vec3(joints.row(4)) - origin_).normalized();
        Vec3 back = Vec3::Zero();
        for (std::size_t f = 0; f < hand_.triangles->size(); ++f) {
            if (is_palm((*hand_.part)[f])) {
                const int v = (*hand_.triangles)[f][0];
                back += (0.5 - hand_.palm[v]) * Vec3(hand_.surface.normals.row(v));
            }
        }
        back = (back - back.dot(distal) * distal).normalized();
        Vec3 radial = back.cross(distal);
        if (radial.dot(Vec3(joints.row(13)) - origin_) < 0) {
            radial = -radial;
        }
        frame_.row(0) = distal;
        frame_.row(1) = radial;
        frame_.row(2) = back;
        places_.resize(hand_.surface.positions.rows(), 3);
        normals_.resize(places_.rows(), 3);
        for (Eigen::Index v = 0; v < places_.rows(); ++v) {
            places_.row(v) = in_frame(hand_.surface.positions.row(v));
            normals_.row(v) = frame_ * Vec3(hand_.surface.normals.row(v));
        }
        for (int j = 0; j < kFingerJointCount; ++j) {
            axes_[j].at = in_frame(joints.row(j + 1));
        }
    }

    static int part_in_hand(int part) {
        return part > kPartsPerHand && part != 33 && part != 34 ? part - kPartsPerHand : part;
    }
    static bool is_forearm(int part) { return part >= 33; }
    static bool is_palm(int part) { return part_in_hand(part) == kPartsPerHand; }

    void find_joints() {
        const HandModel& model = *hand_.model;
        for (int j = 0; j < kFingerJointCount; ++j) {
            const int finger = j / 3, segment = j % 3;
            const Vec3 tip =
                in_frame(model.template_vertices.row(model.tip_vertices[kTipOfFinger[finger]]));
            JointAxes& axes = axes_[j];
            const Vec3 next = segment == 2 ? tip : axes_[j + 1].at;
            const Vec3 before = segment == 0 ? Vec3(Vec3::Zero()) : axes_[j - 1].at;
            axes.tip = ((next - axes.at).normalized() +
                        (axes.at - before).normalized() * (segment == 0 ? 0.3 : 1.0))
                           .normalized();
            Vec3 back = Vec3::Zero();
            double radius = 0;
            int count = 0;
            for (Eigen::Index v = 0; v < places_.rows(); ++v) {
                const Vec3 from = Vec3(places_.row(v)) - axes.at;
                const double along = from.dot(axes.tip);
                if (std::abs(along) > 3 || from.norm() > 20) {
                    continue;
                }
                back += (0.5 - hand_.palm[v]) * Vec3(normals_.row(v));
                radius += (from - along * axes.tip).norm();
                ++count;
            }
            back -= back.dot(axes.tip) * axes.tip;
            axes.back = back.norm() > 1e-9 ? Vec3(back.normalized()) : Vec3(0, 0, 1);
            // The frame may be mirrored: towards the thumb's side it is x, y, z in this order.
            axes.radial = axes.back.cross(axes.tip);
            SkinJoint& joint = atlas_.joints[static_cast<std::size_t>(j)];
            joint.at = to_float(axes.at);
            joint.radius = count > 0 ? static_cast<float>(radius / count) : 8.0f;
            joint.to_next = static_cast<float>((next - axes.at).norm());
            atlas_.tips[static_cast<std::size_t>(finger)] = to_float(tip);
        }
    }

    /// Metres to a uv of 1, and how wide the map must be.
    void find_scale() {
        double area = 0, uv_area = 0, right = 0;
        for (std::size_t f = 0; f < hand_.triangles->size(); ++f) {
            const auto& face = (*hand_.triangles)[f];
            const auto& uv_face = (*hand_.uv_triangles)[f];
            const Vec3 a = places_.row(face[0]), b = places_.row(face[1]), c = places_.row(face[2]);
            const Vec2 p = hand_.uv.row(uv_face[0]), q = hand_.uv.row(uv_face[1]),
                       r = hand_.uv.row(uv_face[2]);
            if (is_cap(f)) {
                continue;
            }
            area += (b - a).cross(c - a).norm();
            uv_area += std::abs((q - p).x() * (r - p).y() - (q - p).y() * (r - p).x());
            right = std::max({right, p.x(), q.x(), r.x()});
        }
        RIH_REQUIRE(uv_area > 0, "{}: its uv has no area", hand_.model->name);
        atlas_.metres_per_uv = std::sqrt(area / uv_area) / kMm;
        const int width = static_cast<int>(std::ceil(std::min(right, 1.0) * atlas_.height)) + 2;
        atlas_.width =
            std::min(atlas_.height, (width + kMapSideStep - 1) / kMapSideStep * kMapSideStep);
        atlas_.place_of.assign(static_cast<std::size_t>(atlas_.width) * atlas_.height, -1);
    }

    /// The disc that closes the forearm, which no picture shows: it lies beside the map.
    bool is_cap(std::size_t f) const {
        const auto& face = (*hand_.triangles)[f];
        const auto& uv_face = (*hand_.uv_triangles)[f];
        double left = 1;
        for (std::size_t k = 0; k < 3; ++k) {
            left = std::min(left, hand_.uv(uv_face[k], 0));
        }
        const Vec3 normal = normals_.row(face[0]);
        return is_forearm((*hand_.part)[f]) && (normal.x() < -0.7 || left > 0.75);
    }

    void draw() {
        std::vector<SkinPlace> by_texel(atlas_.place_of.size());
        for (std::size_t f = 0; f < hand_.triangles->size(); ++f) {
            if (!is_cap(f)) {
                draw_face(f, by_texel);
            }
        }
        for (std::size_t i = 0; i < by_texel.size(); ++i) {
            if (atlas_.place_of[i] >= 0) {
                atlas_.place_of[i] = static_cast<std::int32_t>(atlas_.places.size());
                atlas_.places.push_back(by_texel[i]);
            }
        }
    }

    void draw_face(std::size_t f, std::vector<SkinPlace>& by_texel) {
        const auto& face = (*hand_.triangles)[f];
        const auto& uv_face = (*hand_.uv_triangles)[f];
        std::array<Vec2, 3> corner;
        for (std::size_t k = 0; k < 3; ++k) {
            const Vec2 uv = hand_.uv.row(uv_face[k]);
            corner[k] = {uv.x() * atlas_.height - 0.5, (1 - uv.y()) * atlas_.height - 0.5};
        }
        const auto cross = [](const Vec2& a, const Vec2& b) {
            return a.x() * b.y() - a.y() * b.x();
        };
        const double area = cross(corner[1] - corner[0], corner[2] - corner[0]);
        if (std::abs(area) < 1e-12) {
            return;
        }
        const auto low = [&](int axis) {
            return std::max(
                0,
                static_cast<int>(std::ceil(
                    std::min({corner[0][axis], corner[1][axis], corner[2][axis]}) - 1e-6)));
        };
        const auto high = [&](int axis, int size) {
            return std::min(
                size - 1,
                static_cast<int>(std::floor(
                    std::max({corner[0][axis], corner[1][axis], corner[2][axis]}) + 1e-6)));
        };
        for (int y = low(1); y <= high(1, atlas_.height); ++y) {
            for (int x = low(0); x <= high(0, atlas_.width); ++x) {
                const Vec2 p(x, y);
                const Vec3 weight(cross(corner[1] - p, corner[2] - p) / area,
                                  cross(corner[2] - p, corner[0] - p) / area,
                                  cross(corner[0] - p, corner[1] - p) / area);
                if (weight.minCoeff() < -1e-9) {
                    continue;
                }
                const auto texel = static_cast<std::size_t>(y) * atlas_.width + x;
                atlas_.place_of[texel] = 0;
                by_texel[texel] = place(f, face, weight);
            }
        }
    }

    SkinPlace place(std::size_t f, const std::array<int, 3>& face, const Vec3& weight) const {
        Vec3 at = Vec3::Zero();
        double palm = 0, nail = 0;
        for (int k = 0; k < 3; ++k) {
            const int v = face[static_cast<std::size_t>(k)];
            at += weight[k] * Vec3(places_.row(v));
            palm += weight[k] * hand_.palm[v];
            nail += weight[k] * hand_.nail[v];
        }
        SkinPlace place;
        place.at = to_float(at);
        place.palm = static_cast<std::uint8_t>(std::lround(255 * std::clamp(palm, 0.0, 1.0)));
        const int part = (*hand_.part)[f];
        if (is_forearm(part)) {
            return place;
        }
        int nearest = -1;
        double least = kKnuckleReachMm;
        const auto consider = [&](int j, double reach) {
            const double distance = (at - axes_[static_cast<std::size_t>(j)].at).norm();
            if (distance < std::min(least, reach)) {
                least = distance;
                nearest = j;
            }
        };
        if (is_palm(part)) {
            for (const int j : {0, 3, 6, 9, 13}) {
                consider(j, kKnuckleReachMm);
            }
        } else {
            const int finger = finger_of_part(part_in_hand(part));
            least = 1e9;
            for (int j = 3 * finger; j < 3 * finger + 3; ++j) {
                consider(j, 1e9);
            }
            if (nail > 0.5 && nearest % 3 == 2) {
                place.nail = static_cast<std::uint8_t>(finger + 1);
            }
        }
        if (nearest >= 0) {
            const JointAxes& axes = axes_[static_cast<std::size_t>(nearest)];
            const Vec3 from = at - axes.at;
            place.joint = static_cast<std::uint8_t>(nearest);
            place.along = static_cast<float>(from.dot(axes.tip));
            place.around =
                static_cast<float>(std::atan2(from.dot(axes.radial), from.dot(axes.back)));
        }
        return place;
    }

    /// A nail's own coordinates, from how far its texels reach along and across the finger.
    void finish_nails() {
        for (int finger = 0; finger < kSkinFingers; ++finger) {
            const JointAxes& axes = axes_[static_cast<std::size_t>(3 * finger + 2)];
            double low = 1e9, high = -1e9, left = 1e9, right = -1e9;
            const auto each = [&](const auto& visit) {
                for (SkinPlace& place : atlas_.places) {
                    if (place.nail == finger + 1) {
                        const Vec3 from = Vec3(place.at.x, place.at.y, place.at.z) - axes.at;
                        visit(place, from.dot(axes.tip), from.dot(axes.radial));
                    }
                }
            };
            each([&](SkinPlace&, double along, double across) {
                low = std::min(low, along);
                high = std::max(high, along);
                left = std::min(left, across);
                right = std::max(right, across);
            });
            each([&](SkinPlace& place, double along, double across) {
                place.along = static_cast<float>((along - low) / std::max(high - low, 1e-9));
                place.around =
                    static_cast<float>((2 * across - left - right) / std::max(right - left, 1e-9));
            });
        }
    }

    /// tip_vertices are thumb first; fingers here as mano16 has them.
    static constexpr int kTipOfFinger[kSkinFingers] = {1, 2, 4, 3, 0};

    const RefinedHand& hand_;
    SkinAtlas atlas_;
    Vec3 origin_;
    Mat3 frame_;
    Points places_, normals_; // [R, 3] mm, unit; in the hand's frame
    std::array<JointAxes, kFingerJointCount> axes_;
};

} // namespace

SkinAtlas make_skin_atlas(const RefinedHand& hand, int height) {
    RIH_ASSERT(height > 0 && height % kMapSideStep == 0, "an atlas of {} rows", height);
    return AtlasMaker(hand, height).make();
}

} // namespace rih
