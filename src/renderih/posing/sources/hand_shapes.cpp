// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/hand_shapes.h"

#include "renderih/base/error.h"
#include "renderih/posing/sources/asset_files.h"
#include "renderih/posing/sources/json_fields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace rih {
namespace {

constexpr std::uint64_t kMaxShapeFileBytes = 4u << 20;
constexpr std::size_t kMaxShapes = 10000;

/// Finger names in mano16's order (joint_order.h).
constexpr std::array<const char*, 5> kFingerNames{"index", "middle", "pinky", "ring", "thumb"};

/// The rows' order in the file is the hand's own: thumb to little finger.
constexpr std::array<int, 5> kFingerOfRow{4, 0, 1, 3, 2};

int finger_of_name(const JsonField& field) {
    const auto found = std::find(kFingerNames.begin(), kFingerNames.end(), field.text());
    RIH_REQUIRE(found != kFingerNames.end(), "{} names no finger", field.where());
    return static_cast<int>(found - kFingerNames.begin());
}

std::vector<std::string> names_at(const JsonField& entry, const char* key) {
    std::vector<std::string> names;
    if (entry.has(key)) {
        for (const JsonField& name : entry.at(key).list(1, 20)) {
            names.push_back(name.text());
        }
    }
    return names;
}

ShapeFreedom read_freedom(const JsonField& entry) {
    ShapeFreedom freedom;
    if (entry.has("loose")) {
        const JsonField field = entry.at("loose");
        const std::vector<double> degrees =
            field.is_list() ? field.numbers(5, 0, 45) : std::vector(5, field.number(0, 45));
        for (std::size_t row = 0; row < 5; ++row) {
            freedom.loose[static_cast<std::size_t>(kFingerOfRow[row])] = degrees[row] * kDegree;
        }
    }
    if (entry.has("together")) {
        std::set<int> seen;
        for (const JsonField& group : entry.at("together").list(1, 5)) {
            int first = -1;
            for (const JsonField& name : group.list(2, 5)) {
                const int finger = finger_of_name(name);
                RIH_REQUIRE(seen.insert(finger).second,
                            "{} is in two groups, or twice in one",
                            name.where());
                first = first < 0 ? finger : first;
                freedom.group[static_cast<std::size_t>(finger)] = first;
            }
        }
    }
    return freedom;
}

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
    const auto document = read_json_file(path, kMaxShapeFileBytes);
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
        shape.freedom = read_freedom(entry);
        shape.tags = names_at(entry, "tags");
        shape.also = names_at(entry, "also");
        for (const std::string& name : shape.also) {
            RIH_REQUIRE(
                names.insert(name).second, "{}: the name \"{}\" occurs twice", entry.where(), name);
        }
        add_shape(shapes, names, std::move(shape), entry.where());
    }
    return shapes;
}

std::vector<HandShape> read_package_shapes(const std::filesystem::path& path) {
    const auto document = read_json_file(path, kMaxShapeFileBytes);
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

double shape_distance(const FingerAngles& a, const FingerAngles& b) {
    double sum = 0;
    for (std::size_t joint = 0; joint < kFingerJointCount; ++joint) {
        const double bend = a[joint].bend - b[joint].bend;
        const double splay = a[joint].splay - b[joint].splay;
        sum += bend * bend + splay * splay;
    }
    return std::sqrt(sum / kFingerJointCount);
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
