// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/report.h"

#include "renderih/base/error.h"
#include "renderih/base/file.h"
#include "renderih/dataset/reader.h"
#include "renderih/hand/anatomy.h"
#include "renderih/image/codecs.h"
#include "renderih/pipeline/dataset_hands.h"
#include "renderih/pipeline/report_page.h"
#include "renderih/pipeline/verify.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

using Json = nlohmann::ordered_json;

std::string base64(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t block = std::uint32_t{bytes[i]} << 16;
        block |= left > 1 ? std::uint32_t{bytes[i + 1]} << 8 : 0;
        block |= left > 2 ? std::uint32_t{bytes[i + 2]} : 0;
        for (std::size_t k = 0; k < 4; ++k) {
            text += k <= left ? kDigits[(block >> (18 - 6 * k)) & 63] : '=';
        }
    }
    return text;
}

std::string data_uri(const std::string& name, std::span<const std::uint8_t> bytes) {
    const std::string kind = name.substr(name.rfind('.') + 1);
    return fmt::format("data:image/{};base64,{}", kind == "jpg" ? "jpeg" : kind, base64(bytes));
}

/// Browsers read 8 bits of a PNG: depth from nearest (255) to farthest (1), 0 = nothing.
Bytes depth_preview(std::span<const std::uint8_t> png) {
    const Image16 depth = decode_png16(png, "depth.png");
    std::uint16_t near = 65535, far = 0;
    for (const std::uint16_t d : depth.values()) {
        near = d > 0 ? std::min(near, d) : near;
        far = std::max(far, d);
    }
    Image8 preview(depth.width(), depth.height(), 1);
    const double span = std::max(1, far - near);
    for (std::size_t i = 0; i < depth.values().size(); ++i) {
        const int d = depth.values()[i];
        preview.values()[i] =
            d > 0 ? static_cast<std::uint8_t>(std::lround(255 - 254 * (d - near) / span)) : 0;
    }
    return encode_png(preview);
}

class Histogram {
  public:
    Histogram(
        std::string name, double low, double high, std::vector<double> limits = {}, int bins = 40)
        : name_(std::move(name)), low_(low), high_(high), limits_(std::move(limits)),
          counts_(static_cast<std::size_t>(bins)) {}

    void add(double value) {
        if (std::isnan(value)) { // of a record that verify lists as nonsense
            return;
        }
        const double at = (value - low_) / (high_ - low_) * static_cast<double>(counts_.size());
        const auto last = static_cast<double>(counts_.size() - 1);
        ++counts_[static_cast<std::size_t>(std::clamp(std::floor(at), 0.0, last))];
    }
    Json json() const {
        return {{"name", name_},
                {"low", low_},
                {"high", high_},
                {"limits", limits_},
                {"counts", counts_}};
    }

  private:
    std::string name_;
    double low_, high_;
    std::vector<double> limits_;
    std::vector<std::uint64_t> counts_;
};

/// The page's distributions, filled record by record.
class Distributions {
  public:
    explicit Distributions(const HandPair& hands) : hands_(&hands) {
        const auto& limits = table2_limits();
        for (int j = 1; j <= kFingerJointCount; ++j) {
            const JointLimits& limit = limits[j - 1];
            const auto degrees = [](const AngleRange& range) {
                return std::vector<double>{range.low / kDegree, range.high / kDegree};
            };
            bends_.emplace_back(
                fmt::format("{} bend, degrees", kJointNames[j]), -35, 115, degrees(limit.bend), 50);
            if (is_finger_root(j)) {
                splays_.emplace_back(fmt::format("{} splay, degrees", kJointNames[j]),
                                     -35,
                                     35,
                                     degrees(limit.splay),
                                     35);
            }
        }
    }

    void add(const Record& record) {
        for (int i = 0; i < 2; ++i) {
            const RecordHand& hand = record.hands[i];
            HandPose pose;
            std::copy(hand.pose.begin(), hand.pose.end(), pose.axis_angle.begin());
            RIH_REQUIRE(hand.shape.size() == hands_->hands[i].shape_count(),
                        "{}: a shape of {} coefficients",
                        record.key(),
                        hand.shape.size());
            const ShapedHand shaped = shape_hand(hands_->hands[i], hand.shape);
            const FingerAngles angles = finger_angles(anatomy_frames(shaped), pose);
            std::size_t root = 0;
            for (std::size_t j = 0; j < angles.size(); ++j) {
                bends_[j].add(angles[j].bend / kDegree);
                if (is_finger_root(static_cast<int>(j) + 1)) {
                    splays_[root++].add(angles[j].splay / kDegree);
                }
            }
            flexion_.add(hand.forearm_flexion_deg);
            visible_.add(static_cast<double>(std::ranges::count(hand.joint_visible, true)));
            naturalness_.add(record.provenance.naturalness[static_cast<std::size_t>(i)]);
            self_penetration_.add(
                1e3 * record.interaction.self_penetration_depth_m[static_cast<std::size_t>(i)]);
        }
        distance_.add(1e3 * record.interaction.min_distance_m);
        contact_.add(record.interaction.contact_area_mm2 / 100);
        overlap_.add(record.interaction.mask_iou);
        ita_.add(record.appearance.ita_deg);
        camera_.add(record.distance_m);
        azimuth_.add(record.azimuth_deg);
        track_.add(record.track);
        exposure_.add(record.appearance.exposure_ev);
        attempts_.add(record.provenance.attempts);
    }

    Json json() const {
        Json list = Json::array();
        for (const Histogram* h : {&distance_,
                                   &contact_,
                                   &self_penetration_,
                                   &overlap_,
                                   &visible_,
                                   &naturalness_,
                                   &ita_,
                                   &camera_,
                                   &azimuth_,
                                   &track_,
                                   &exposure_,
                                   &flexion_,
                                   &attempts_}) {
            list.push_back(h->json());
        }
        for (const auto* group : {&splays_, &bends_}) {
            for (const Histogram& h : *group) {
                list.push_back(h.json());
            }
        }
        return list;
    }

  private:
    const HandPair* hands_;
    std::vector<Histogram> bends_, splays_;
    Histogram distance_{"distance of the hands, mm", 0, 20};
    Histogram contact_{"contact area within 2 mm, cm²", 0, 60};
    Histogram self_penetration_{"deepest own part in another, mm", 0, 5};
    Histogram overlap_{"overlap of the hands' masks (IoU)", 0, 1};
    Histogram visible_{"visible keypoints a hand", 0, 22, {}, 22};
    Histogram naturalness_{"discriminator's probability of natural", 0, 1};
    Histogram ita_{"skin tone, ITA in degrees", -65, 65};
    Histogram camera_{"camera distance, m", 0.4, 1.1};
    Histogram azimuth_{"camera azimuth on its track, degrees", 0, 360, {}, 36};
    Histogram track_{"camera track", 0, 4, {}, 4};
    Histogram exposure_{"exposure, EV", -12, 8};
    Histogram flexion_{"wrist flexion, degrees", -60, 60};
    Histogram attempts_{"draws until a valid pair", 0, 20, {}, 20};
};

Json picture_entry(const ShardReader& shard, std::uint64_t number, const Record& record) {
    Json entry;
    for (const char* name : {"rgb.jpg", "rgb.png", "rgb.webp"}) {
        if (shard.has_member(number, name)) {
            entry["rgb"] = data_uri(name, shard.member(number, name));
        }
    }
    entry["seg"] = data_uri("seg.png", shard.member(number, "seg.png"));
    entry["amodal"] = data_uri("amodal.png", shard.member(number, "amodal.png"));
    entry["depth"] = data_uri("depth.png", depth_preview(shard.member(number, "depth.png")));
    entry["key"] = record.key();
    entry["width"] = record.camera.width;
    entry["height"] = record.camera.height;
    entry["source_id"] = record.provenance.source_id;
    entry["mask_iou"] = record.interaction.mask_iou;
    entry["ita_deg"] = record.appearance.ita_deg;
    entry["contact_area_mm2"] = record.interaction.contact_area_mm2;
    entry["environment"] = record.appearance.environment;
    entry["words"] = fmt::format("{} · augmentation {} · nearest {:.2f} mm · contact {:.1f} cm² · "
                                 "track {} at {:.0f}°, {:.2f} m",
                                 record.provenance.source_id,
                                 record.provenance.augmentation,
                                 1e3 * record.interaction.min_distance_m,
                                 record.interaction.contact_area_mm2 / 100,
                                 record.track,
                                 record.azimuth_deg,
                                 record.distance_m);
    for (const RecordHand& hand : record.hands) {
        Json joints = Json::array();
        for (const Vec2& p : hand.joints_px) {
            joints.push_back({std::round(p.x() * 10) / 10, std::round(p.y() * 10) / 10});
        }
        entry["joints"].push_back(joints);
        entry["visible"].push_back(hand.joint_visible);
    }
    entry["json"] = Json::parse(to_json(record)).dump(1);
    return entry;
}

/// JSON that may stand inside a script element: no "</script>", no "<!--".
std::string script_safe(std::string json) {
    for (std::size_t at = 0; (at = json.find('<', at)) != std::string::npos; at += 6) {
        json.replace(at, 1, "\\u003c");
    }
    return json;
}

} // namespace

void write_report(const ReportOptions& options) {
    RIH_REQUIRE(
        options.max_pictures >= 0, "pictures is {}; it must be 0 or more", options.max_pictures);
    const VerifySummary verified = verify({options.folder, options.hand, options.threads});
    const DatasetReader reader(options.folder, [](const std::string&) {}); // verify names the rows
    const HandPair hands = hands_of_dataset(reader, options.hand);
    const std::uint64_t total = reader.record_count();

    Distributions distributions(hands);
    Json pictures = Json::array();
    std::uint64_t seen = 0, poses = 0;
    for (const ManifestRow& row : reader.shards()) {
        for (const std::uint64_t number : reader.plan().records_of(row.shard)) {
            // An even choice when there are more than are shown.
            const auto wanted = static_cast<std::uint64_t>(options.max_pictures);
            const bool shown = (seen + 1) * wanted / std::max(total, wanted) >
                               seen * wanted / std::max(total, wanted);
            ++seen;
            try {
                const auto shard = reader.open_shard(row.shard);
                const Record record = shard->record(number);
                if (shown) {
                    pictures.push_back(picture_entry(*shard, number, record));
                }
                distributions.add(record);
                poses += record.view == 0;
            } catch (const UserError&) {
                // Among the findings of verify, which the page lists.
            }
        }
    }

    Json data;
    data["title"] = fmt::format(
        "renderih: {}",
        std::filesystem::absolute(options.folder).lexically_normal().filename().string());
    data["summary"] = fmt::format("{} records of {} poses, seed {}, schema {}; {}",
                                  total,
                                  poses,
                                  reader.description().plan.seed,
                                  kSchema,
                                  verified.findings.empty()
                                      ? "every label and checksum verified"
                                      : fmt::format("{} findings", verified.findings.size()));
    data["total"] = total;
    data["records"] = std::move(pictures);
    data["histograms"] = distributions.json();
    data["configuration"] = Json::parse(reader.description().configuration_json);
    data["checks"] = Json::array();
    for (const CheckCount& check : verified.checks) {
        data["checks"].push_back(
            {{"name", check.name}, {"count", check.records}, {"failed", check.failed}});
    }
    data["findings"] = Json::array();
    for (std::size_t i = 0; i < std::min<std::size_t>(verified.findings.size(), 200); ++i) {
        const Finding& finding = verified.findings[i];
        data["findings"].push_back(
            {{"shard", finding.file}, {"key", finding.key}, {"what", finding.what}});
    }

    std::string page(kReportPage);
    constexpr std::string_view kMark = "/*DATA*/";
    const auto at = page.find(kMark);
    RIH_ASSERT(at != std::string::npos, "the report page has no place for its data");
    page.replace(
        at, kMark.size(), script_safe(data.dump(-1, ' ', false, Json::error_handler_t::replace)));
    write_file_atomically(options.out, page);
}

} // namespace rih
