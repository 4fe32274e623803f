// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/mano_components.h"

#include "renderih/base/error.h"
#include "renderih/hand/hand_arrays.h"
#include "renderih/hand/joint_order.h"
#include "renderih/hand/pickle_arrays.h"

namespace rih {

namespace {

constexpr std::uint64_t kMaxFileBytes = std::uint64_t{256} << 20;
constexpr int kPoseSize = 3 * kFingerJointCount;
constexpr const char* kName = "hands_components";

NpzArrays read_components(const std::filesystem::path& path) {
    const Bytes bytes = read_file(path, kMaxFileBytes);
    if (bytes.size() > 2 && bytes[0] == 'P' && bytes[1] == 'K') {
        return read_npz(bytes, path.string());
    }
    const Pickle pickle = parse_pickle(bytes, path.string());
    NpzArrays arrays;
    if (const auto node = pickle.find(pickle.root, kName)) {
        std::uint64_t bytes_left = std::uint64_t{1} << 20;
        arrays[kName] = array_of_pickle(pickle, *node, kName, path.string(), bytes_left);
    }
    return arrays;
}

} // namespace

MatX mano_pose_components(const std::filesystem::path& path) {
    const NpzArrays arrays = read_components(path);
    const std::vector<double> values =
        HandArrays(arrays, path.string()).numbers(kName, {kPoseSize, kPoseSize});
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const MatX components = Eigen::Map<const RowMajor>(values.data(), kPoseSize, kPoseSize);
    RIH_REQUIRE(Eigen::FullPivLU<MatX>(components).isInvertible(),
                "{}: array \"{}\": its rows are not independent",
                path.string(),
                kName);
    return components;
}

} // namespace rih
