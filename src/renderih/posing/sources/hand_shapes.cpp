// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/hand_shapes.h"

#include "renderih/base/error.h"
#include "renderih/posing/sources/asset_files.h"
#include "renderih/posing/sources/json_fields.h"

#include <nlohmann/json.hpp>

#include <array>
#include <set>

namespace rih {
namespace {

constexpr std::uint64_t kMaxShapeFileBytes = 4u << 20;
constexpr std::size_t kMaxShapes = 10000;

/// Finger names in mano16's order (joint_order.h).
constexpr std::array<const char*, 5> kFingerNames{"index", "middle", "pinky", "ring", "thumb"};

void add_shape(std::vector<HandShape>& shapes,
               std::set<std::string>& names,
               HandShape shape,
               const std::string& where) {
    RIH_REQUIRE(
        names.insert(shape.name).second, "{}: the name \"{}\" occurs twice", where, shape.name);
    shapes.push_back(std::move(shape));
}

} // namespace

std::vector<HandShape> read_authored_shapes(const std::filesystem::path& path) {
    const nlohmann::json document = read_json_file(path, kMaxShapeFileBytes);
    const JsonField root(document, path.string());
    root.at("schema").number(1, 1);
    std::vector<HandShape> shapes;
    std::set<std::string> names;
    for (const JsonField& entry : root.at("shapes").list(1, kMaxShapes)) {
        HandShape shape;
        shape.name = entry.at("name").text();
        shape.source = "authored";
        for (int finger = 0; finger < 5; ++finger) {
            const JsonField row = entry.at(kFingerNames[finger]);
            const std::vector<double> degrees = row.numbers(4, -180, 180);
            for (int segment = 0; segment < 3; ++segment) {
                shape.angles[3 * finger + segment].bend = degrees[segment] * kDegree;
            }
            shape.angles[3 * finger].splay = degrees[3] * kDegree;
            const FingerAngles inside = clamp_to_limits(shape.angles);
            for (int joint = 3 * finger; joint < 3 * finger + 3; ++joint) {
                const bool fits = std::abs(inside[joint].bend - shape.angles[joint].bend) < 1e-9 &&
                                  std::abs(inside[joint].splay - shape.angles[joint].splay) < 1e-9;
                RIH_REQUIRE(fits,
                            "{} of shape \"{}\": {} lies outside Table 2",
                            row.where(),
                            shape.name,
                            kJointNames[joint + 1]);
            }
        }
        add_shape(shapes, names, std::move(shape), entry.where());
    }
    return shapes;
}

std::vector<HandShape> read_package_shapes(const std::filesystem::path& path) {
    const nlohmann::json document = read_json_file(path, kMaxShapeFileBytes);
    const JsonField root(document, path.string());
    std::vector<HandShape> shapes;
    std::set<std::string> names;
    for (const JsonField& entry : root.at("poses").list(0, kMaxShapes)) {
        HandShape shape;
        shape.source = entry.at("source").text();
        shape.name = shape.source + "/" + entry.at("name").text();
        const std::vector<double> bend = entry.at("bend_deg").numbers(15, -360, 360);
        const std::vector<double> splay = entry.at("splay_deg").numbers(15, -360, 360);
        for (int joint = 0; joint < kFingerJointCount; ++joint) {
            shape.angles[joint].bend = bend[joint] * kDegree;
            shape.angles[joint].splay = splay[joint] * kDegree;
        }
        shape.angles = clamp_to_limits(shape.angles);
        add_shape(shapes, names, std::move(shape), entry.where());
    }
    return shapes;
}

std::vector<HandShape> load_hand_shapes(const std::filesystem::path& assets) {
    std::vector<HandShape> shapes =
        read_authored_shapes(asset_file(assets, "poses/hand_shapes.json"));
    for (HandShape& shape : read_package_shapes(asset_file(assets, "poses/packages.json"))) {
        shapes.push_back(std::move(shape));
    }
    return shapes;
}

FingerAngles vary_naturally(const FingerAngles& angles, double scale, Rng& rng) {
    FingerAngles varied = angles;
    // Tendons couple the joints of a finger, and neighbouring fingers: common parts are larger.
    const double all = 2.5 * kDegree * scale * rng.truncated_normal(2);
    for (int finger = 0; finger < 5; ++finger) {
        const double common = 3.5 * kDegree * scale * rng.truncated_normal(2);
        const bool thumb = finger == 4;
        for (int segment = 0; segment < 3; ++segment) {
            const double own = 2.0 * kDegree * scale * rng.truncated_normal(2);
            const double share = thumb ? 0.6 : 1.0;
            varied[3 * finger + segment].bend += share * (all + common + own);
        }
        varied[3 * finger].splay += 2.0 * kDegree * scale * rng.truncated_normal(2);
    }
    return clamp_to_limits(varied);
}

FingerAngles blend_angles(const FingerAngles& a, const FingerAngles& b, double t) {
    FingerAngles blended;
    for (int joint = 0; joint < kFingerJointCount; ++joint) {
        blended[joint].twist = (1 - t) * a[joint].twist + t * b[joint].twist;
        blended[joint].splay = (1 - t) * a[joint].splay + t * b[joint].splay;
        blended[joint].bend = (1 - t) * a[joint].bend + t * b[joint].bend;
    }
    return blended;
}

} // namespace rih
