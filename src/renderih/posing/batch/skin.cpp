// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/batch/skin.h"

namespace rih {

namespace {

using Features = std::array<std::array<float, 9>, kFingerJointCount>; // R - I, row by row

Features features_of(const LocalRotations& rotations) {
    Features features = rotations;
    for (auto& feature : features) {
        feature[0] -= 1;
        feature[4] -= 1;
        feature[8] -= 1;
    }
    return features;
}

} // namespace

void Skin::reserve(const ModelTables& model) {
    const auto groups = static_cast<std::size_t>(model.group_count());
    for (int axis = 0; axis < 3; ++axis) {
        corrected_[axis].resize(groups);
        posed_[axis].resize(groups);
        gradient_[axis].assign(groups, 0.0f);
    }
    touched_.assign(groups, 0);
}

void Skin::forward(const ModelTables& model,
                   const IdentityTables& identity,
                   const BoneTransforms& transforms,
                   const LocalRotations& rotations,
                   const std::array<bool, kPartsPerHand>& active) {
    const Features features = features_of(rotations);
    for (int p = 0; p < kPartsPerHand; ++p) {
        if (!active[p]) {
            continue;
        }
        const ModelTables::Part& part = model.parts[p];
        const int group_count = part.groups.last - part.groups.first;
        for (int g = part.groups.first; g < part.groups.last; ++g) {
            Lanes x = identity.rest[0][g], y = identity.rest[1][g], z = identity.rest[2][g];
            const IndexRange range = model.correctives_of_group[g];
            for (int c = range.first; c < range.last; ++c) {
                const ModelTables::Corrective& corrective = model.correctives[c];
                const std::array<float, 9>& feature = features[corrective.joint - 1];
                for (int f = 0; f < 9; ++f) {
                    const Lanes amount = feature[f];
                    x = fma(amount, corrective.directions[3 * f], x);
                    y = fma(amount, corrective.directions[3 * f + 1], y);
                    z = fma(amount, corrective.directions[3 * f + 2], z);
                }
            }
            corrected_[0][g] = x;
            corrected_[1][g] = y;
            corrected_[2][g] = z;
            Lanes wx = 0.0f, wy = 0.0f, wz = 0.0f;
            for (std::size_t k = 0; k < part.joints.size(); ++k) {
                const Lanes weight = part.weights[k * group_count + (g - part.groups.first)];
                const BoneTransform& bone = transforms[part.joints[k]];
                const auto row = [&](int i) {
                    return fma(bone.rotation[3 * i],
                               x,
                               fma(bone.rotation[3 * i + 1],
                                   y,
                                   fma(bone.rotation[3 * i + 2], z, bone.offset[i])));
                };
                wx = fma(weight, row(0), wx);
                wy = fma(weight, row(1), wy);
                wz = fma(weight, row(2), wz);
            }
            posed_[0][g] = wx;
            posed_[1][g] = wy;
            posed_[2][g] = wz;
        }
    }
}

void Skin::backward(const ModelTables& model,
                    const BoneTransforms& transforms,
                    BoneTransforms& d_transforms,
                    LocalRotations& d_rotations) {
    std::array<std::array<Lanes, 12>, kJointCountWithForearm> d_bones{};
    std::array<std::array<Lanes, 9>, kFingerJointCount> d_features{};
    for (const ModelTables::Part& part : model.parts) {
        const int group_count = part.groups.last - part.groups.first;
        for (int g = part.groups.first; g < part.groups.last; ++g) {
            if (touched_[g] == 0) {
                continue;
            }
            touched_[g] = 0;
            std::array<Lanes, 3> d, at, d_corrected{0.0f, 0.0f, 0.0f};
            for (int axis = 0; axis < 3; ++axis) {
                d[axis] = gradient_[axis][g];
                gradient_[axis][g] = 0.0f;
                at[axis] = corrected_[axis][g];
            }
            for (std::size_t k = 0; k < part.joints.size(); ++k) {
                const Lanes weight = part.weights[k * group_count + (g - part.groups.first)];
                const BoneTransform& bone = transforms[part.joints[k]];
                std::array<Lanes, 12>& d_bone = d_bones[part.joints[k]];
                for (int i = 0; i < 3; ++i) {
                    const Lanes weighted = weight * d[i];
                    for (int c = 0; c < 3; ++c) {
                        d_bone[3 * i + c] = fma(weighted, at[c], d_bone[3 * i + c]);
                        d_corrected[c] = fma(bone.rotation[3 * i + c], weighted, d_corrected[c]);
                    }
                    d_bone[9 + i] += weighted;
                }
            }
            const IndexRange range = model.correctives_of_group[g];
            for (int c = range.first; c < range.last; ++c) {
                const ModelTables::Corrective& corrective = model.correctives[c];
                std::array<Lanes, 9>& d_feature = d_features[corrective.joint - 1];
                for (int f = 0; f < 9; ++f) {
                    for (int axis = 0; axis < 3; ++axis) {
                        d_feature[f] = fma(
                            corrective.directions[3 * f + axis], d_corrected[axis], d_feature[f]);
                    }
                }
            }
        }
    }
    for (int j = 0; j < kJointCountWithForearm; ++j) {
        for (int k = 0; k < 9; ++k) {
            d_transforms[j].rotation[k] += sum(d_bones[j][k]);
        }
        for (int k = 0; k < 3; ++k) {
            d_transforms[j].offset[k] += sum(d_bones[j][9 + k]);
        }
    }
    for (int j = 0; j < kFingerJointCount; ++j) {
        for (int f = 0; f < 9; ++f) {
            d_rotations[j][f] += sum(d_features[j][f]);
        }
    }
}

Eigen::Vector3f Skin::vertex(int slot) const {
    const auto at = [&](int axis) {
        return reinterpret_cast<const float*>(posed_[axis].data())[slot];
    };
    return {at(0), at(1), at(2)};
}

void Skin::add_gradient(int slot, const Eigen::Vector3f& d) {
    for (int axis = 0; axis < 3; ++axis) {
        reinterpret_cast<float*>(gradient_[axis].data())[slot] += d[axis];
    }
    touched_[slot / kLaneCount] = 1;
}

} // namespace rih
