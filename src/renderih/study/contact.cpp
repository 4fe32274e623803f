// SPDX-License-Identifier: Apache-2.0
// Where hands touch: the share of hands in which each vertex is in contact, in raw pairs and in
// released ones, on the flat hand's two sides and by part.
#include "renderih/base/file.h"
#include "renderih/image/codecs.h"
#include "renderih/posing/anchors.h"
#include "renderih/posing/contact_frequency.h"
#include "renderih/study/pair_picture.h"
#include "renderih/study/study_context.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace rih {

namespace {

constexpr int kSide = 300; // pixels
constexpr std::array<const char*, kPartsPerHand> kPartNames{"pinky end",
                                                            "pinky middle",
                                                            "pinky root",
                                                            "ring end",
                                                            "ring middle",
                                                            "ring root",
                                                            "middle end",
                                                            "middle middle",
                                                            "middle root",
                                                            "index end",
                                                            "index middle",
                                                            "index root",
                                                            "thumb end",
                                                            "thumb middle",
                                                            "thumb root",
                                                            "palm"};

/// Dark blue over purple and orange to light yellow, t in [0, 1].
Vec3 heat(double t) {
    const std::array<Vec3, 5> stops{Vec3(0.93, 0.93, 0.95),
                                    Vec3(0.98, 0.85, 0.55),
                                    Vec3(0.96, 0.58, 0.30),
                                    Vec3(0.80, 0.22, 0.28),
                                    Vec3(0.38, 0.06, 0.36)};
    const double at = std::clamp(t, 0.0, 1.0) * (stops.size() - 1);
    const std::size_t low = std::min<std::size_t>(static_cast<std::size_t>(at), stops.size() - 2);
    return stops[low] + (at - static_cast<double>(low)) * (stops[low + 1] - stops[low]);
}

struct Touched {
    std::array<std::vector<int>, 2> raw, released;
    bool is_released = false;
};

Image8 picture(const HandModel& hand, const VecX& frequency, double most, const Vec3& forward) {
    ColouredMesh mesh{hand.template_vertices, Points(hand.vertex_count(), 3), {}};
    for (int v = 0; v < hand.vertex_count(); ++v) {
        mesh.colours.row(v) = heat(std::sqrt(frequency[v] / most)).transpose();
    }
    for (std::size_t f = 0; f < hand.faces.size(); ++f) {
        if (hand.part_of_face[f] != forearm_part(hand.side)) {
            mesh.faces.push_back(hand.faces[f]);
        }
    }
    mesh.faces = close_borders(mesh.faces);
    const ShapedHand shaped = shape_hand(hand, VecX());
    const Vec3 fingers = shaped.rest_joints.row(4) - shaped.rest_joints.row(0);
    return shade({mesh}, forward, fingers, kSide);
}

} // namespace

std::string study_contact(const StudyContext& context) {
    const std::vector<Touched> all = map_traces<Touched>(
        context, context.posing(), "contact", context.count(), [&](const PoseTrace& trace) {
            const PairState state = pose_pair(trace.rig, trace.raw);
            return Touched{touching_vertices(context.hands,
                                             {state.hands[0].vertices, state.hands[1].vertices}),
                           trace.pair.contact_vertices,
                           trace.failure.empty()};
        });
    const HandModel& hand = context.hands.hands[0];
    VecX raw = VecX::Zero(hand.vertex_count()), released = raw;
    double raw_hands = 0, released_hands = 0;
    for (const Touched& one : all) {
        for (int h = 0; h < 2; ++h) {
            for (const int v : one.raw[h]) {
                ++raw[v];
            }
            ++raw_hands;
            if (one.is_released) {
                for (const int v : one.released[h]) {
                    ++released[v];
                }
                ++released_hands;
            }
        }
    }
    raw /= raw_hands;
    released /= std::max(1.0, released_hands);

    Table table{{"part", "raw, % of its vertices", "released, %"}, {}};
    std::array<double, kPartsPerHand> raw_sum{}, released_sum{}, count{};
    for (std::size_t f = 0; f < hand.faces.size(); ++f) {
        const int part = hand.part_of_face[f] - first_part(hand.side);
        if (part < 0 || part >= kPartsPerHand) {
            continue;
        }
        for (const int v : hand.faces[f]) {
            raw_sum[part] += raw[v];
            released_sum[part] += released[v];
            ++count[part];
        }
    }
    for (int part = 0; part < kPartsPerHand; ++part) {
        table.rows.push_back({kPartNames[part],
                              figure(100 * raw_sum[part] / count[part], 1),
                              figure(100 * released_sum[part] / count[part], 1)});
    }

    const ShapedHand shaped = shape_hand(hand, VecX());
    const Vec3 fingers = shaped.rest_joints.row(4) - shaped.rest_joints.row(0);
    const Vec3 across = shaped.rest_joints.row(1) - shaped.rest_joints.row(7);
    // On a right hand fingers x (towards the thumb's side) comes out of the palm or of the back;
    // the thumb's bend tells which, and the model's palm marks it where it is known.
    Vec3 out_of_palm = fingers.cross(across).normalized();
    const Vec3 thumb_tip = hand.template_vertices.row(hand.tip_vertices[0]);
    if (out_of_palm.dot(thumb_tip - Vec3(shaped.rest_joints.row(4))) < 0) {
        out_of_palm = -out_of_palm;
    }
    const double most = std::max({raw.maxCoeff(), released.maxCoeff(), 1e-9});
    Image8 sheet(4 * kSide, kSide, 3, 255);
    int column = 0;
    for (const VecX* frequency : {&raw, &released}) {
        for (const double side : {-1.0, 1.0}) { // looking at the palm, then at the back
            const Image8 one = picture(hand, *frequency, most, side * out_of_palm);
            for (int y = 0; y < kSide; ++y) {
                for (int x = 0; x < kSide; ++x) {
                    for (int k = 0; k < 3; ++k) {
                        sheet.at(column * kSide + x, y, k) = one.at(x, y, k);
                    }
                }
            }
            ++column;
        }
    }
    write_file_atomically(context.file("contact.jpg"), encode_jpeg(sheet, 88));
    return write_table(context, "contact", table) +
           fmt::format(
               "\n![Raw pairs: palm and back; released pairs: palm and back. Darkest: {:.0f} "
               "% of hands](contact.jpg)\n",
               100 * most);
}

} // namespace rih
