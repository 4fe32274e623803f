// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/batch/chain.h"

namespace rih {

namespace {

void set_lane(Lanes& lanes, int lane, double value) {
    std::array<float, kLaneCount> values;
    lanes.store(values.data());
    values[lane] = static_cast<float>(value);
    lanes = Lanes::load(values.data());
}

void set_lane(Mat3Lanes& lanes, int lane, const Mat3& value) {
    for (int i = 0; i < 3; ++i) {
        for (int j = 0; j < 3; ++j) {
            set_lane(lanes.m[3 * i + j], lane, value(i, j));
        }
    }
}

/// Entry `pick(lane)` of every lane's structure.
template <typename Pick>
Lanes gather(const Pick& pick) {
    std::array<float, kLaneCount> values;
    for (int lane = 0; lane < kLaneCount; ++lane) {
        values[lane] = pick(lane);
    }
    return Lanes::load(values.data());
}

/// Rz(bend) Ry(splay) Rx(twist).
Mat3Lanes product_of_turns(const SinCos& twist, const SinCos& splay, const SinCos& bend) {
    const Lanes st = twist.sin, ct = twist.cos, ss = splay.sin, cs = splay.cos, sb = bend.sin,
                cb = bend.cos;
    const Lanes cb_ss = cb * ss, sb_ss = sb * ss;
    return {{cb * cs,
             cb_ss * st - sb * ct,
             cb_ss * ct + sb * st, //
             sb * cs,
             sb_ss * st + cb * ct,
             sb_ss * ct - cb * st, //
             -ss,
             cs * st,
             cs * ct}};
}

Vec3Lanes turned_back(const Mat3Lanes& rotation, const Vec3Lanes& v) {
    return rotation.transposed() * v;
}

} // namespace

void Chain::set_hand(int lane,
                     const ShapedHand& hand,
                     const AnatomyFrames& frames,
                     const Mat3& world_from_hand,
                     const Mat3& forearm) {
    for (int j = 0; j < kJointCountWithForearm; ++j) {
        Joint& joint = joints_[j];
        set_lane(joint.rest.x, lane, hand.rest_joints(j, 0));
        set_lane(joint.rest.y, lane, hand.rest_joints(j, 1));
        set_lane(joint.rest.z, lane, hand.rest_joints(j, 2));
        if (j >= 1 && j <= kFingerJointCount) {
            set_lane(joint.frame, lane, frames[j - 1]);
        }
    }
    set_lane(joints_[0].local, lane, world_from_hand);
    set_lane(joints_[kForearmJoint].local, lane, forearm);
}

void Chain::forward(const HandVariables& variables,
                    std::array<BoneTransforms, kLaneCount>& transforms,
                    std::array<LocalRotations, kLaneCount>& rotations) {
    for (int j = 0; j < kJointCountWithForearm; ++j) {
        Joint& joint = joints_[j];
        if (j >= 1 && j <= kFingerJointCount) {
            joint.twist = sin_cos(variables.angles[3 * (j - 1)]);
            joint.splay = sin_cos(variables.angles[3 * (j - 1) + 1]);
            joint.bend = sin_cos(variables.angles[3 * (j - 1) + 2]);
            joint.local = joint.frame * product_of_turns(joint.twist, joint.splay, joint.bend) *
                          joint.frame.transposed();
            for (int k = 0; k < 9; ++k) {
                std::array<float, kLaneCount> values;
                joint.local.m[k].store(values.data());
                for (int lane = 0; lane < kLaneCount; ++lane) {
                    rotations[lane][j - 1][k] = values[lane];
                }
            }
        }
        // The joint turns about its own place: offset = J - R J, then the parent's transform.
        const Vec3Lanes about = joint.rest - joint.local * joint.rest;
        if (j == 0) {
            joint.world = joint.local;
            joint.offset = about + Vec3Lanes{variables.translation[0],
                                             variables.translation[1],
                                             variables.translation[2]};
        } else {
            const Joint& parent = joints_[kParents[j]];
            joint.world = parent.world * joint.local;
            joint.offset = parent.world * about + parent.offset;
        }
        std::array<std::array<float, kLaneCount>, 12> entries;
        for (int k = 0; k < 9; ++k) {
            joint.world.m[k].store(entries[k].data());
        }
        joint.offset.x.store(entries[9].data());
        joint.offset.y.store(entries[10].data());
        joint.offset.z.store(entries[11].data());
        for (int lane = 0; lane < kLaneCount; ++lane) {
            BoneTransform& bone = transforms[lane][j];
            for (int k = 0; k < 9; ++k) {
                bone.rotation[k] = entries[k][lane];
            }
            for (int k = 0; k < 3; ++k) {
                bone.offset[k] = entries[9 + k][lane];
            }
        }
    }
}

void Chain::backward(const std::array<BoneTransforms, kLaneCount>& d_transforms,
                     const std::array<LocalRotations, kLaneCount>& d_rotations,
                     HandVariables& gradient) const {
    std::array<Mat3Lanes, kJointCountWithForearm> d_world;
    std::array<Vec3Lanes, kJointCountWithForearm> d_offset;
    for (int j = 0; j < kJointCountWithForearm; ++j) {
        for (int k = 0; k < 9; ++k) {
            d_world[j].m[k] = gather([&](int lane) { return d_transforms[lane][j].rotation[k]; });
        }
        d_offset[j] = {gather([&](int lane) { return d_transforms[lane][j].offset[0]; }),
                       gather([&](int lane) { return d_transforms[lane][j].offset[1]; }),
                       gather([&](int lane) { return d_transforms[lane][j].offset[2]; })};
    }
    // From the tips to the wrist: A_j = A_p R_j, b_j = A_p (J_j - R_j J_j) + b_p.
    for (int j = kJointCountWithForearm - 1; j >= 1; --j) {
        const Joint& joint = joints_[j];
        const int parent = kParents[j];
        const Mat3Lanes& parent_world = joints_[parent].world;
        const Vec3Lanes about = joint.rest - joint.local * joint.rest;
        const Mat3Lanes through = d_world[j] * joint.local.transposed();
        const std::array<Lanes, 3> db{d_offset[j].x, d_offset[j].y, d_offset[j].z};
        const std::array<Lanes, 3> at{about.x, about.y, about.z};
        for (int r = 0; r < 3; ++r) {
            for (int c = 0; c < 3; ++c) {
                d_world[parent].m[3 * r + c] += fma(db[r], at[c], through.m[3 * r + c]);
            }
        }
        d_offset[parent] = d_offset[parent] + d_offset[j];
        if (j > kFingerJointCount) {
            continue; // the forearm stays as it is
        }
        const Vec3Lanes back = turned_back(parent_world, d_offset[j]);
        Mat3Lanes d_local = parent_world.transposed() * d_world[j];
        const std::array<Lanes, 3> from{back.x, back.y, back.z};
        const std::array<Lanes, 3> rest{joint.rest.x, joint.rest.y, joint.rest.z};
        for (int r = 0; r < 3; ++r) {
            for (int c = 0; c < 3; ++c) {
                const int k = 3 * r + c;
                d_local.m[k] = fnma(from[r], rest[c], d_local.m[k]) +
                               gather([&](int lane) { return d_rotations[lane][j - 1][k]; });
            }
        }
        // R = C M C^T, so dE/dM = C^T dE/dR C; then entry by entry of product_of_turns.
        const Mat3Lanes d = joint.frame.transposed() * d_local * joint.frame;
        const Lanes st = joint.twist.sin, ct = joint.twist.cos, ss = joint.splay.sin,
                    cs = joint.splay.cos, sb = joint.bend.sin, cb = joint.bend.cos;
        const Mat3Lanes m = product_of_turns(joint.twist, joint.splay, joint.bend);
        // d/dtwist: second column becomes the third, the third minus the second.
        gradient.angles[3 * (j - 1)] = d.m[1] * m.m[2] + d.m[4] * m.m[5] + d.m[7] * m.m[8] -
                                       d.m[2] * m.m[1] - d.m[5] * m.m[4] - d.m[8] * m.m[7];
        gradient.angles[3 * (j - 1) + 1] = cb * (cs * (d.m[1] * st + d.m[2] * ct) - d.m[0] * ss) +
                                           sb * (cs * (d.m[4] * st + d.m[5] * ct) - d.m[3] * ss) -
                                           (d.m[6] * cs + ss * (d.m[7] * st + d.m[8] * ct));
        // d/dbend: first row becomes minus the second, the second the first.
        gradient.angles[3 * (j - 1) + 2] = d.m[3] * m.m[0] + d.m[4] * m.m[1] + d.m[5] * m.m[2] -
                                           d.m[0] * m.m[3] - d.m[1] * m.m[4] - d.m[2] * m.m[5];
    }
    gradient.translation = {d_offset[0].x, d_offset[0].y, d_offset[0].z};
}

} // namespace rih
