// SPDX-License-Identifier: Apache-2.0
#include "renderih/report/page_source.h"

#include "renderih/base/error.h"
#include "renderih/image/codecs.h"
#include "renderih/report/packing.h"
#include "renderih/report/page_pictures.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace rih {

namespace {

constexpr int kThumbnailQuality = 70, kPictureQuality = 76, kLossless = 100; // of WebP

Image8 decoded_picture(const ShardReader& shard, std::uint64_t record) {
    using Decode = Image8 (*)(std::span<const std::uint8_t>, const std::string&);
    struct Kind {
        const char* name;
        Decode decode;
    };
    constexpr std::array<Kind, 3> kKinds{
        {{"rgb.jpg", decode_jpeg}, {"rgb.png", decode_png8}, {"rgb.webp", decode_webp}}};
    for (const Kind& kind : kKinds) {
        if (shard.has_member(record, kind.name)) {
            const std::string what = fmt::format("{}.{}", record_key(record), kind.name);
            Image8 picture = kind.decode(shard.member(record, kind.name), what);
            RIH_REQUIRE(picture.channels() == 3, "{}: is not in colour", what);
            return picture;
        }
    }
    throw_user_error("{}: has no picture", record_key(record));
}

LabelPictures decoded_labels(const ShardReader& shard, std::uint64_t record) {
    const auto what = [&](const char* name) {
        return fmt::format("{}.{}", record_key(record), name);
    };
    LabelPictures labels;
    if (shard.has_member(record, "seg.png")) {
        labels.seg = decode_png8(shard.member(record, "seg.png"), what("seg.png"));
    }
    if (shard.has_member(record, "depth.png")) {
        labels.depth = decode_png16(shard.member(record, "depth.png"), what("depth.png"));
    }
    if (shard.has_member(record, "amodal.png")) {
        labels.amodal = decode_png8(shard.member(record, "amodal.png"), what("amodal.png"));
    }
    return labels;
}

bool has_labels(const LabelPictures& labels) {
    return !labels.seg.empty() || !labels.depth.empty() || !labels.amodal.empty();
}

/// Little-endian, as the machines of the baseline (x86-64) hold it.
template <typename T>
void append(const T& value, Bytes& out) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(&value);
    out.insert(out.end(), first, first + sizeof value);
}

} // namespace

PairPose pose_of_record(const Record& record, const HandPair& hands) {
    PairPose pair;
    for (const Side side : kSides) {
        const auto i = static_cast<std::size_t>(index_of(side));
        const RecordHand& hand = record.hands[i];
        RIH_REQUIRE(hand.shape.size() == hands[side].shape_count(),
                    "{}: a shape of {} coefficients for a hand of {}",
                    record.key(),
                    hand.shape.size(),
                    hands[side].shape_count());
        HandPose& pose = pair[i];
        std::copy(hand.pose.begin(), hand.pose.end(), pose.axis_angle.begin());
        pose.axis_angle[kForearmJoint] = hand.forearm_rotation;
        pose.translation = hand.translation;
        pose.shape = hand.shape;
    }
    return pair;
}

PageSource::PageSource(const DatasetReader& reader, const HandPair& hands, const PageSizes& sizes)
    : reader_(&reader), hands_(&hands), sizes_(sizes) {
    for (const Side side : kSides) {
        const auto i = static_cast<std::size_t>(index_of(side));
        predecessors_[i] = predecessors(hands[side].vertex_count(), hands[side].faces);
        correctives_[i] = shape_hand(hands[side], VecX()).correctives;
    }
}

bool PageSource::has(std::uint64_t record) const {
    if (record >= reader_->plan().record_count()) {
        return false;
    }
    const ShardId shard = reader_->plan().shard_of(record);
    return std::ranges::find(reader_->shards(), shard, &ManifestRow::shard) !=
           reader_->shards().end();
}

std::shared_ptr<const ShardReader> PageSource::shard_of(std::uint64_t record) const {
    RIH_REQUIRE(has(record), "{}: has no record {}", reader_->dir().string(), record);
    return reader_->open_shard(reader_->plan().shard_of(record));
}

Bytes PageSource::thumbnail(std::uint64_t record) const {
    return encode_webp(shrunk(decoded_picture(*shard_of(record), record), sizes_.thumbnail),
                       kThumbnailQuality);
}

Bytes PageSource::picture(std::uint64_t record) const {
    return encode_webp(shrunk(decoded_picture(*shard_of(record), record), sizes_.picture),
                       kPictureQuality);
}

Bytes PageSource::labels(std::uint64_t record) const {
    const LabelPictures labels = decoded_labels(*shard_of(record), record);
    if (!has_labels(labels)) {
        return {};
    }
    return encode_webp(label_channels(labels, sizes_.picture).picture, kLossless);
}

Bytes PageSource::details(std::uint64_t record) const {
    const auto shard = shard_of(record);
    nlohmann::ordered_json details;
    details["json"] = nlohmann::ordered_json::parse(to_json(shard->record(record)));
    details["depth_m"] = nullptr;
    if (shard->has_member(record, "depth.png")) {
        LabelPictures depth;
        depth.depth = decode_png16(shard->member(record, "depth.png"), "depth.png");
        const LabelChannels channels = label_channels(depth, 1); // for the range alone
        if (channels.far_m > 0) {
            details["depth_m"] = {channels.near_m, channels.far_m};
        }
    }
    details["members"] = nlohmann::ordered_json::array();
    for (const TarMember& member : shard->entry(record).members) {
        details["members"].push_back(member.name);
    }
    return deflate(
        as_bytes(details.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)));
}

Bytes PageSource::vertices(std::uint64_t record) const {
    const PairPose pair = pose_of_record(shard_of(record)->record(record), *hands_);
    std::array<Points, 2> vertices;
    Vec3 origin = Vec3::Zero();
    for (std::size_t i = 0; i < 2; ++i) {
        const ShapedHand shaped = shape_hand(hands_->hands[i], pair[i].shape, correctives_[i]);
        vertices[i] = pose_hand(shaped, rotations_of(pair[i]), pair[i].translation).vertices;
        origin += vertices[i].colwise().mean().transpose() / 2;
    }
    Bytes bytes;
    for (int axis = 0; axis < 3; ++axis) {
        append(origin[axis], bytes);
    }
    for (std::size_t i = 0; i < 2; ++i) {
        append_vertices(vertices[i], origin, predecessors_[i], bytes);
    }
    return deflate(bytes);
}

Bytes PageSource::faces() const {
    Bytes bytes;
    for (const HandModel& hand : hands_->hands) {
        append(static_cast<std::uint32_t>(hand.vertex_count()), bytes);
        append(static_cast<std::uint32_t>(hand.faces.size()), bytes);
        for (const auto& face : hand.faces) {
            for (const int vertex : face) {
                append(static_cast<std::uint32_t>(vertex), bytes);
            }
        }
        bytes.insert(bytes.end(), hand.part_of_face.begin(), hand.part_of_face.end());
    }
    return deflate(bytes);
}

Bytes PageSource::member(std::uint64_t record, std::string_view name) const {
    return shard_of(record)->member(record, name);
}

} // namespace rih
