// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/hand_io.h"

#include "renderih/base/error.h"
#include "renderih/base/npz.h"
#include "renderih/hand/hand_check.h"
#include "renderih/hand/hand_npz.h"

namespace rih {

namespace fs = std::filesystem;

namespace {

/// A hand file of MANO has 3 MB, ours 20 MB with its pose correctives unpacked.
constexpr NpzLimits kLimits{.max_file_bytes = std::uint64_t{256} << 20,
                            .max_array_bytes = std::uint64_t{512} << 20,
                            .max_total_bytes = std::uint64_t{1} << 30,
                            .max_arrays = 100};

} // namespace

HandModel load_hand(const fs::path& path, Side side) {
    const std::string where = path.string();
    HandModel model = hand_from_arrays(read_npz(path, kLimits), where);
    RIH_REQUIRE(model.side == side,
                "{}: is a {} hand where a {} hand is expected; swap the files",
                where,
                name_of(model.side),
                name_of(side));
    model.name = path.filename().string();
    check_hand(model, where);
    model.sha256 = hash_of(model);
    return model;
}

HandPair load_hand_pair(const std::string& spec, const fs::path& assets) {
    const auto mirrored_pair = [](HandModel right) {
        HandModel left = mirror(right);
        return HandPair{{std::move(right), std::move(left)}};
    };
    if (spec == "open") {
        const fs::path path = assets / "hand" / "right.npz";
        RIH_REQUIRE(fs::is_regular_file(path),
                    "{}: the open hand is not there; build the assets (make assets) or name hand "
                    "files of your own (--hand RIGHT,LEFT)",
                    path.string());
        HandModel right = load_hand(path, Side::Right);
        right.name = "open";
        return mirrored_pair(std::move(right));
    }
    const std::size_t comma = spec.find(',');
    if (comma == std::string::npos) {
        return mirrored_pair(load_hand(spec, Side::Right));
    }
    HandModel right = load_hand(spec.substr(0, comma), Side::Right);
    HandModel left = load_hand(spec.substr(comma + 1), Side::Left);
    RIH_REQUIRE(right.shape_count() == left.shape_count(),
                "{}: the right hand has {} shape coefficients and the left {}; take both from one "
                "model",
                spec,
                right.shape_count(),
                left.shape_count());
    return {{std::move(right), std::move(left)}};
}

void save_hand(const fs::path& path, const HandModel& model) {
    write_npz(path, arrays_of(model));
}

} // namespace rih
