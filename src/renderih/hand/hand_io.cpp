// SPDX-License-Identifier: Apache-2.0
#include "renderih/hand/hand_io.h"

#include "renderih/base/error.h"
#include "renderih/base/npz.h"
#include "renderih/hand/hand_check.h"
#include "renderih/hand/hand_npz.h"
#include "renderih/hand/mano.h"

namespace rih {

namespace fs = std::filesystem;

namespace {

/// A hand file of MANO has 3 MB, ours 20 MB with its pose correctives unpacked.
constexpr NpzLimits kLimits{.max_file_bytes = std::uint64_t{256} << 20,
                            .max_array_bytes = std::uint64_t{512} << 20,
                            .max_total_bytes = std::uint64_t{1} << 30,
                            .max_arrays = 100};

/// The arrays of a HAND.npz or of a MANO file, told apart by their first bytes.
NpzArrays read_arrays(const fs::path& path) {
    const Bytes bytes = read_file(path, kLimits.max_file_bytes);
    if (bytes.size() > 2 && bytes[0] == 'P' && bytes[1] == 'K') {
        return read_npz(bytes, path.string(), kLimits);
    }
    RIH_REQUIRE(!bytes.empty() && bytes[0] == 0x80,
                "{}: is neither an .npz file nor a binary pickle (MANO's .pkl)",
                path.string());
    return mano_arrays_of_pickle(bytes, path.string());
}

struct LoadedHand {
    HandModel model;
    bool is_mano = false;
};

LoadedHand load(const fs::path& path, Side side) {
    const std::string where = path.string();
    const NpzArrays arrays = read_arrays(path);
    LoadedHand hand;
    hand.is_mano = is_mano(arrays);
    hand.model =
        hand.is_mano ? hand_from_mano(arrays, side, where) : hand_from_arrays(arrays, where);
    RIH_REQUIRE(hand.model.side == side,
                "{}: is a {} hand where a {} hand is expected; swap the files",
                where,
                name_of(hand.model.side),
                name_of(side));
    hand.model.name = printable(path.filename().string());
    check_hand(hand.model, where);
    hand.model.sha256 = hash_of(hand.model);
    return hand;
}

} // namespace

HandModel load_hand(const fs::path& path, Side side) {
    return load(path, side).model;
}

HandPair load_hand_pair(const std::string& spec, const fs::path& assets) {
    const auto mirrored_pair = [](HandModel right) {
        HandModel left = mirror(right);
        return HandPair{{std::move(right), std::move(left)}};
    };
    if (spec == "open") {
        const fs::path path = assets / "hand" / "right.npz";
        RIH_REQUIRE(fs::is_regular_file(path),
                    "{}: the open hand is not there; build the assets (make setup) or name hand "
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
    LoadedHand right = load(spec.substr(0, comma), Side::Right);
    LoadedHand left = load(spec.substr(comma + 1), Side::Left);
    RIH_REQUIRE(right.model.shape_count() == left.model.shape_count(),
                "{}: the right hand has {} shape coefficients and the left {}; take both from one "
                "model",
                spec,
                right.model.shape_count(),
                left.model.shape_count());
    if (right.is_mano && left.is_mano) {
        fix_left_shape_dirs(right.model, left.model);
        left.model.sha256 = hash_of(left.model);
    }
    return {{std::move(right.model), std::move(left.model)}};
}

void save_hand(const fs::path& path, const HandModel& model) {
    write_npz(path, arrays_of(model));
}

} // namespace rih
