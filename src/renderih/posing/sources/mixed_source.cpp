// SPDX-License-Identifier: Apache-2.0
// Several sources as one: parse_source_spec and make_mixed_source of pose_source.h.
#include "renderih/base/error.h"
#include "renderih/base/sha256.h"
#include "renderih/posing/sources/pose_source.h"

#include <charconv>
#include <cmath>
#include <set>

namespace rih {
namespace {

class MixedSource : public PoseSource {
  public:
    void add(std::unique_ptr<PoseSource> source, double weight) {
        total_ += weight;
        parts_.push_back({std::move(source), weight});
    }

    PoseSeed draw(const std::array<ShapedHand, 2>& hands, Rng& rng) const override {
        double u = rng.uniform() * total_;
        std::size_t index = 0;
        while (index + 1 < parts_.size() && u >= parts_[index].weight) {
            u -= parts_[index].weight;
            ++index;
        }
        return parts_[index].source->draw(hands, rng);
    }

    std::vector<HandShape> hand_shapes(const HandPair& hands) const override {
        std::vector<HandShape> all;
        for (const Part& part : parts_) {
            std::vector<HandShape> shapes = part.source->hand_shapes(hands);
            for (HandShape& shape : shapes) {
                if (parts_.size() > 1) { // a part's shapes together weigh what the part does
                    shape.weight *= part.weight / (total_ * static_cast<double>(shapes.size()));
                }
                all.push_back(std::move(shape));
            }
        }
        return all;
    }

    std::string fingerprint() const override {
        std::string text;
        for (const Part& part : parts_) {
            text += fmt::format("{} {}\n", part.source->fingerprint(), part.weight / total_);
        }
        return sha256_hex(text);
    }

    std::size_t size() const override {
        std::size_t sum = 0;
        for (const Part& part : parts_) {
            sum += part.source->size();
        }
        return sum;
    }

  private:
    struct Part {
        std::unique_ptr<PoseSource> source;
        double weight;
    };
    std::vector<Part> parts_;
    double total_ = 0;
};

} // namespace

SourceSpec parse_source_spec(const std::string& text) {
    const std::size_t at = text.rfind('=');
    if (at == std::string::npos) {
        return {text, 1};
    }
    const char *const begin = text.data() + at + 1, *const end = text.data() + text.size();
    double weight = 0;
    const auto [last, error] = std::from_chars(begin, end, weight);
    if (begin == end || last != end || error == std::errc::invalid_argument) {
        return {text, 1};
    }
    RIH_REQUIRE(error == std::errc() && std::isfinite(weight) && weight > 0 && weight <= 1e6,
                "pose source \"{}\": the weight {} is not within (0, 1e6]; write SPEC=WEIGHT, as "
                "in open=0.7",
                text,
                std::string(begin, end));
    RIH_REQUIRE(at > 0, "pose source \"{}\" has a weight but no name; write SPEC=WEIGHT", text);
    return {text.substr(0, at), weight};
}

std::unique_ptr<PoseSource> make_mixed_source(const std::vector<std::string>& specs,
                                              const std::filesystem::path& assets,
                                              const HandPair& hands) {
    RIH_REQUIRE(!specs.empty(), "no pose source is named; name at least one, like \"open\"");
    auto mixed = std::make_unique<MixedSource>();
    std::set<std::string> names;
    for (const std::string& text : specs) {
        const SourceSpec source = parse_source_spec(text);
        RIH_REQUIRE(names.insert(source.spec).second,
                    "pose source \"{}\" is named twice; give it a weight, as in {}=2",
                    source.spec,
                    source.spec);
        mixed->add(make_pose_source(source.spec, assets, hands), source.weight);
    }
    return mixed;
}

} // namespace rih
