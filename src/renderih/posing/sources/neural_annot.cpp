// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/sources/neural_annot.h"

#include "renderih/base/error.h"
#include "renderih/base/json_stream.h"
#include "renderih/base/sha256.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_set>

namespace rih {
namespace {

constexpr std::size_t kPoseCount = 48, kShapeCount = 10, kTransCount = 3;

/// Follows the file's five levels: captures, frames, sides, fields, numbers.
class Handler : public nlohmann::json_sax<nlohmann::json> {
  public:
    Handler(std::string file, std::size_t max_frames)
        : file_(std::move(file)), max_frames_(max_frames) {}

    std::vector<RecordedPair> take() { return std::move(pairs_); }

    bool start_object(std::size_t) override {
        expect(!in_list_ && depth_ < 4, "an object");
        ++depth_;
        if (depth_ == 3) {
            hands_ = {};
        } else if (depth_ == 4) {
            hand_ = {};
        }
        return true;
    }
    bool end_object() override {
        if (depth_ == 4 && side_ >= 0) {
            expect(hand_.pose.size() == kPoseCount && hand_.shape.size() == kShapeCount &&
                       hand_.trans.size() == kTransCount,
                   "a hand without pose [48], shape [10] and trans [3]");
            expect(std::all_of(hand_.shape.begin(),
                               hand_.shape.end(),
                               [](double v) { return std::abs(v) <= kMaxShapeCoefficient; }),
                   "a shape coefficient beyond 10");
            hands_[static_cast<std::size_t>(side_)] = hand_;
        } else if (depth_ == 3) {
            add_frame();
        }
        --depth_;
        return true;
    }
    bool start_array(std::size_t) override {
        expect(depth_ == 4 && !in_list_, "a list");
        in_list_ = true;
        return true;
    }
    bool end_array() override {
        in_list_ = false;
        return true;
    }
    bool key(string_t& name) override {
        switch (depth_) {
        case 1:
            capture_ = name;
            break;
        case 2:
            frame_ = name;
            break;
        case 3:
            side_ = name == "right" ? 0 : (name == "left" ? 1 : -1);
            break;
        default:
            field_ = name == "pose"    ? &hand_.pose
                     : name == "shape" ? &hand_.shape
                     : name == "trans" ? &hand_.trans
                                       : nullptr;
            if (field_ != nullptr) {
                field_->clear();
            }
        }
        return true;
    }
    bool null() override {
        expect(depth_ == 3, "null"); // a hand that is not there
        return true;
    }
    bool number_integer(number_integer_t v) override { return number(static_cast<double>(v)); }
    bool number_unsigned(number_unsigned_t v) override { return number(static_cast<double>(v)); }
    bool number_float(number_float_t v, const string_t&) override { return number(v); }
    bool boolean(bool) override { return expect(false, "true or false"); }
    bool string(string_t&) override { return expect(false, "text"); }
    bool binary(binary_t&) override { return expect(false, "binary data"); }
    bool parse_error(std::size_t position,
                     const std::string&,
                     const nlohmann::detail::exception&) override {
        throw_user_error("{} is no JSON: syntax error at byte {}", file_, position);
    }

  private:
    struct Fields {
        std::vector<double> pose, shape, trans;
    };

    bool expect(bool condition, const char* what) const {
        RIH_REQUIRE(
            condition,
            "{} is no NeuralAnnot file: {} where none belongs (capture \"{}\", frame \"{}\")",
            file_,
            what,
            capture_.substr(0, 40),
            frame_.substr(0, 40));
        return true;
    }

    bool number(double v) {
        expect(in_list_, "a number");
        expect(std::isfinite(v) && std::abs(v) < 1e4, "a number beyond 10000");
        if (field_ != nullptr) {
            expect(field_->size() < kPoseCount, "a list too long");
            field_->push_back(v);
        }
        return true;
    }

    void add_frame() {
        if (!hands_[0] || !hands_[1]) {
            return;
        }
        RecordedPair pair;
        std::string bytes;
        for (std::size_t s = 0; s < 2; ++s) {
            const Fields& from = *hands_[s];
            RecordedHand& hand = pair.hands[s];
            for (std::size_t j = 0; j < kJointCount; ++j) {
                hand.axis_angle[j] =
                    Vec3(from.pose[3 * j], from.pose[3 * j + 1], from.pose[3 * j + 2])
                        .cast<float>();
            }
            hand.wrist = Vec3(from.trans[0], from.trans[1], from.trans[2]).cast<float>();
            hand.shape = Eigen::Map<const VecX>(from.shape.data(), kShapeCount).cast<float>();
            for (const auto* all : {&from.pose, &from.shape, &from.trans}) {
                bytes.append(reinterpret_cast<const char*>(all->data()),
                             all->size() * sizeof(double));
            }
        }
        if (!seen_.insert(sha256_hex(bytes)).second) {
            return;
        }
        RIH_REQUIRE(pairs_.size() < max_frames_,
                    "{} has more than {} frames with both hands",
                    file_,
                    max_frames_);
        pair.id = capture_ + "/" + frame_;
        pairs_.push_back(std::move(pair));
    }

    std::string file_;
    std::size_t max_frames_;
    int depth_ = 0, side_ = -1;
    bool in_list_ = false;
    std::string capture_, frame_;
    std::vector<double>* field_ = nullptr;
    Fields hand_;
    std::array<std::optional<Fields>, 2> hands_;
    std::unordered_set<std::string> seen_;
    std::vector<RecordedPair> pairs_;
};

/// Frames of a capture between which no more than kPause numbers are missing are one motion.
void name_sequences(std::vector<RecordedPair>& pairs) {
    constexpr std::int64_t kPause = 150; // 5 s at 30 frames a second
    struct Frame {
        std::string_view capture;
        std::int64_t number;
        RecordedPair* pair;
    };
    std::vector<Frame> frames;
    for (RecordedPair& pair : pairs) {
        const std::string_view id = pair.id;
        const std::size_t slash = id.find('/'); // of "capture/frame"
        std::int64_t number = 0;                // stays for names that are no numbers
        std::from_chars(id.data() + slash + 1, id.data() + id.size(), number);
        frames.push_back({id.substr(0, slash), number, &pair});
    }
    std::ranges::stable_sort(
        frames, {}, [](const Frame& f) { return std::pair{f.capture, f.number}; });
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const bool goes_on = i > 0 && frames[i - 1].capture == frames[i].capture &&
                             frames[i].number - frames[i - 1].number <= kPause;
        frames[i].pair->sequence = goes_on ? frames[i - 1].pair->sequence : frames[i].pair->id;
    }
}

} // namespace

std::vector<RecordedPair> parse_neural_annot(const std::filesystem::path& path,
                                             const NeuralAnnotOptions& options) {
    Handler handler(path.string(), options.max_frames);
    sax_parse_file(path, options.max_file_bytes, handler);
    std::vector<RecordedPair> pairs = handler.take();
    RIH_REQUIRE(!pairs.empty(), "{} has no frame with both hands", path.string());
    name_sequences(pairs);
    return pairs;
}

std::vector<RecordedPair> read_neural_annot(const std::filesystem::path& path,
                                            const HandPair& hands,
                                            const NeuralAnnotOptions& options) {
    for (const HandModel& model : hands.hands) {
        RIH_REQUIRE(model.hands_mean.size() == 3 * kFingerJointCount &&
                        model.shape_count() >= static_cast<int>(kShapeCount),
                    "{} gives MANO parameters, which need MANO's hands; pass --hand "
                    "MANO_RIGHT.pkl,MANO_LEFT.pkl ({} has no mean pose)",
                    path.string(),
                    model.name);
    }
    std::vector<RecordedPair> pairs = parse_neural_annot(path, options);
    const std::array<JointsOfShape, 2> joints_of_shape{JointsOfShape(hands[Side::Right]),
                                                       JointsOfShape(hands[Side::Left])};
    for (RecordedPair& pair : pairs) {
        for (std::size_t s = 0; s < 2; ++s) {
            RecordedHand& hand = pair.hands[s];
            const VecX& mean = hands.hands[s].hands_mean;
            for (std::size_t j = 1; j < kJointCount; ++j) {
                hand.axis_angle[j] +=
                    mean.segment<3>(static_cast<Eigen::Index>(3 * (j - 1))).cast<float>();
            }
            hand.wrist += joints_of_shape[s](hand.shape).row(0).transpose().cast<float>();
        }
    }
    if (!options.distinct) {
        return pairs;
    }
    std::vector<RecordedPair> distinct;
    for (const std::size_t index :
         distinct_pairs(pair_signatures(pairs, hands), *options.distinct)) {
        distinct.push_back(std::move(pairs[index]));
    }
    return distinct;
}

} // namespace rih
