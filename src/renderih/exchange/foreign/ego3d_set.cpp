// SPDX-License-Identifier: Apache-2.0
// Ego3DHands (Lin, Wilhelm, Martinez 2021): a folder a picture with color_new.png, location_2d.npy
// [2, 22, 2] and location_3d_global.npy [2, 22, 3], left hand first, an elbow before the wrist,
// rows before columns. Places in the picture are parts of its height and width, those in space
// centimetres of a hand whose wrist is 10 cm from its middle finger; a hand of zeros is not there.
// The focal length is not in the files: it follows from both, which must agree.
#include "renderih/base/error.h"
#include "renderih/base/npz.h"
#include "renderih/exchange/foreign/foreign_labels.h"
#include "renderih/exchange/foreign/foreign_set.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPointsPerHand = 22; // the elbow and 21
constexpr double kMetres = 1e-2;           // of a centimetre
constexpr std::array<Side, 2> kSideOfRow{Side::Left, Side::Right};
/// How far a joint may lie from where it projects to, in parts of the picture's width.
constexpr double kAgreement = 0.005;
constexpr const char* kPicture = "color_new.png";
constexpr std::size_t kMaxPictures = 1'000'000;
constexpr NpzLimits kLimits{.max_file_bytes = 1 << 20, .max_array_bytes = 1 << 20};

/// [2, 22, axes]
std::vector<double> places(const fs::path& path, std::size_t axes) {
    const NpyArray array =
        read_npy(read_file(path, kLimits.max_file_bytes), path.string(), kLimits);
    const std::vector<std::size_t> expected{2, kPointsPerHand, axes};
    RIH_REQUIRE(array.shape == expected,
                "{}: an array of another shape than [2, {}, {}]",
                path.string(),
                kPointsPerHand,
                axes);
    std::vector<double> values = array.as_double();
    RIH_REQUIRE(std::ranges::all_of(values, [](double x) { return std::abs(x) < 1e6; }),
                "{}: holds what is no place",
                path.string());
    return values;
}

/// One hand: where its keypoints are, as parts of the picture and in space.
struct Hand {
    std::array<Vec2, kKeypointCount> part; // column, row
    std::array<Vec3, kKeypointCount> in_cam;
    bool is_there = false;
};

using Hands = std::array<Hand, 2>; // by side

Hands read_hands(const fs::path& folder) {
    const std::vector<double> flat = places(folder / "location_2d.npy", 2),
                              deep = places(folder / "location_3d_global.npy", 3);
    Hands hands;
    for (std::size_t row = 0; row < 2; ++row) {
        Hand& hand = hands[static_cast<std::size_t>(index_of(kSideOfRow[row]))];
        for (std::size_t k = 0; k < kKeypointCount; ++k) {
            const std::size_t at = row * kPointsPerHand + k + 1;
            hand.part[k] = {flat[2 * at + 1], flat[2 * at]};
            hand.in_cam[k] = kMetres * Vec3(deep[3 * at + 1], deep[3 * at], deep[3 * at + 2]);
            hand.is_there = hand.is_there || hand.part[k] != Vec2::Zero();
        }
    }
    return hands;
}

/// The focal length in pixels that brings the joints in space onto those in the picture: least
/// squares over all of both hands.
double focal_length(const Hands& hands, int width, int height, const std::string& where) {
    double products = 0, squares = 0;
    for (const Hand& hand : hands) {
        for (std::size_t k = 0; hand.is_there && k < kKeypointCount; ++k) {
            const Vec3& x = hand.in_cam[k];
            RIH_REQUIRE(x.z() > 0,
                        "{}: a joint lies behind the camera; depth is expected to grow away from "
                        "it",
                        where);
            const Vec2 slope = x.head<2>() / x.z();
            const Vec2 off((hand.part[k].x() - 0.5) * width, (hand.part[k].y() - 0.5) * height);
            products += slope.dot(off);
            squares += slope.squaredNorm();
        }
    }
    RIH_REQUIRE(squares > 0 && products > 0,
                "{}: location_3d_global does not look like what location_2d shows",
                where);
    return products / squares;
}

class Ego3d : public ForeignSet {
  public:
    explicit Ego3d(const ForeignOptions& options) : folder_(options.folder) {
        RIH_REQUIRE(options.mano == nullptr,
                    "{}: Ego3DHands has no MANO parameters; give no --mano",
                    folder_.string());
        RIH_REQUIRE(fs::is_directory(folder_), "{}: is no folder", folder_.string());
        for (const auto& entry : fs::directory_iterator(folder_)) {
            if (entry.is_directory() && fs::exists(entry.path() / kPicture)) {
                names_.push_back(entry.path().filename().string());
                RIH_REQUIRE(names_.size() <= kMaxPictures,
                            "{}: more than {} pictures",
                            folder_.string(),
                            kMaxPictures);
            }
        }
        std::ranges::sort(names_);
        std::erase_if(names_, [&](const std::string& name) {
            const Hands hands = read_hands(folder_ / name);
            const bool is_empty = !hands[0].is_there && !hands[1].is_there;
            if (is_empty) {
                ++left_out_["without a hand"];
            }
            return is_empty;
        });
        RIH_REQUIRE(!names_.empty(),
                    "{}: holds no folder with a {} and a hand; SRC is the folder of the pictures' "
                    "folders",
                    folder_.string(),
                    kPicture);
    }

    std::uint64_t size() const override { return names_.size(); }
    fs::path picture(std::uint64_t number) const override {
        return folder_ / names_[number] / kPicture;
    }
    std::string name(std::uint64_t number) const override { return names_[number]; }
    bool projects_joints() const override { return false; }

    Record labels(std::uint64_t number, int width, int height) const override {
        const fs::path folder = folder_ / names_[number];
        const Hands hands = read_hands(folder);
        const double focal = focal_length(hands, width, height, folder.string());
        Record record = unlabelled_record();
        record.camera = {width, height, {focal, focal, 0.5 * width, 0.5 * height}, {}};
        for (const Side side : kSides) {
            const auto i = static_cast<std::size_t>(index_of(side));
            for (std::size_t k = 0; hands[i].is_there && k < kKeypointCount; ++k) {
                set_joint(record, side, k, hands[i].in_cam[k], folder.string());
                const Vec2 px(hands[i].part[k].x() * width, hands[i].part[k].y() * height);
                const double off = (record.hands[i].joints_px[k] - px).norm();
                RIH_REQUIRE(off <= kAgreement * width,
                            "{}: a joint of location_3d_global lies {:.1f} pixels from its place "
                            "in location_2d: other axes or another camera than Ego3DHands'",
                            folder.string(),
                            off);
                record.hands[i].joints_px[k] = px;
            }
        }
        return record;
    }

  private:
    fs::path folder_;
    std::vector<std::string> names_;
};

} // namespace

std::unique_ptr<ForeignSet> open_ego3d(const ForeignOptions& options) {
    return std::make_unique<Ego3d>(options);
}

} // namespace rih
