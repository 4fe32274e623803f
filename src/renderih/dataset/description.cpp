// SPDX-License-Identifier: Apache-2.0
#include "renderih/dataset/description.h"

#include "renderih/base/error.h"
#include "renderih/base/json_fields.h"
#include "renderih/base/sha256.h"

#include <algorithm>

namespace rih {

namespace {

constexpr JsonLimits kLimits = {.max_bytes = std::size_t{4} << 20, .max_depth = 24};
constexpr std::size_t kMaxEntries = 1000; // assets, files, licences
constexpr const char* kDigest = "configuration_sha256";
constexpr const char* kSplitRule =
    "by pose; within each ten consecutive poses a shuffle keyed by the seed hands the places to "
    "the splits";
constexpr std::array<Split, 3> kSplits = {Split::Train, Split::Val, Split::Test};

// The conventions that a reader needs, in the file itself. docs/conventions.md explains them.
constexpr std::string_view kConventions = R"json({
"units": "metres, radians, linear light; any other unit is in the field's name",
"world": "y up, origin at the centre of both hands",
"camera": "x right, y down, z forward; x_cam = cam_from_world [R|t] x_world",
"pixel": "continuous; the centre of the top-left pixel is (0.5, 0.5)",
"depth_png": "16 bit, z in the camera in units of 0.0001 m, 0 = none",
"seg_png": "8 bit, 0 background, 1-16 right hand, 17-32 left hand, 33 right forearm, 34 left forearm, 35 worn on the right, 36 worn on the left, 37 other objects",
"parts": ["pinky end", "pinky middle", "pinky root", "ring end", "ring middle", "ring root", "middle end", "middle middle", "middle root", "index end", "index middle", "index root", "thumb end", "thumb middle", "thumb root", "palm"],
"amodal_png": "8 bit, bit 0 right, bit 1 left, each hand as if alone",
"rotations": "axis-angle of each joint relative to its parent, zero is the flat hand; each side in its own model's frame",
"flat_hand_mean": true,
"hand_order": ["right", "left"],
"mano16": ["wrist", "index1", "index2", "index3", "middle1", "middle2", "middle3", "pinky1", "pinky2", "pinky3", "ring1", "ring2", "ring3", "thumb1", "thumb2", "thumb3"],
"mano21": ["wrist", "thumb1", "thumb2", "thumb3", "thumb_tip", "index1", "index2", "index3", "index_tip", "middle1", "middle2", "middle3", "middle_tip", "ring1", "ring2", "ring3", "ring_tip", "pinky1", "pinky2", "pinky3", "pinky_tip"],
"record": "record r shows pose r / views, view r % views; the key is r in 12 digits"
})json";

OrderedJson json_of_plan(const DatasetPlan& plan) {
    OrderedJson splits;
    splits["rule"] = kSplitRule;
    splits["records_per_shard"] = plan.options().records_per_shard;
    for (const Split split : kSplits) {
        OrderedJson counts;
        counts["fraction"] = plan.options().split_fractions.at(static_cast<std::size_t>(split));
        counts["poses"] = plan.pose_count(split);
        counts["records"] =
            plan.pose_count(split) * static_cast<std::uint64_t>(plan.options().views);
        counts["shards"] = plan.shard_count(split);
        splits[std::string(name_of(split))] = std::move(counts);
    }
    return splits;
}

OrderedJson json_of(const DatasetDescription& description) {
    const DatasetPlan plan(description.plan);
    OrderedJson json;
    json["schema"] = kSchema;
    json["seed"] = description.plan.seed;
    json["configuration"] =
        parse_json(description.configuration_json, "the configuration", kLimits);
    RIH_REQUIRE(json["configuration"].is_object(), "the configuration is no JSON object");
    json["counts"] = {{"poses", description.plan.poses},
                      {"views", description.plan.views},
                      {"records", plan.record_count()},
                      {"shards", plan.shard_count()}};
    json["splits"] = json_of_plan(plan);
    json["conventions"] = OrderedJson::parse(kConventions);
    if (!data_source_of(description).empty()) {
        json["conventions"]["world"] = "the data source's own";
    }
    json["assets"] = OrderedJson::object();
    for (const auto& [name, digest] : description.assets) {
        json["assets"][name] = digest;
    }
    json["generator"] = {{"name", "renderih"},
                         {"version", description.generator_version},
                         {"sha256", description.generator_sha256},
                         {"libraries", OrderedJson::object()}};
    for (const auto& [name, version] : description.generator_libraries) {
        json["generator"]["libraries"][name] = version;
    }
    json["files"] = OrderedJson::object();
    for (const auto& [path, digest] : description.files) {
        json["files"][path] = digest;
    }
    json["licences"] = OrderedJson::array();
    for (const AssetLicence& licence : description.licences) {
        json["licences"].push_back(
            {{"asset", licence.asset}, {"licence", licence.licence}, {"source", licence.source}});
    }
    return json;
}

std::string digest_of(OrderedJson json) {
    json.erase(kDigest);
    return sha256_hex(json.dump());
}

std::string with_digest(OrderedJson json) {
    const std::string digest = digest_of(json);
    json[kDigest] = digest;
    return json.dump(2) + "\n";
}

std::map<std::string, std::string> read_digests(JsonObject fields) {
    std::map<std::string, std::string> digests;
    for (const std::string& name : fields.names(kMaxEntries)) {
        digests[name] = fields.at(name).sha256();
    }
    return digests;
}

void read_counts(JsonObject counts, JsonObject splits, PlanOptions& plan) {
    plan.poses = counts.at("poses").unsigned_integer();
    plan.views = static_cast<int>(counts.at("views").integer(1, kMaxRecordsPerShard));
    splits.at("rule").text();
    plan.records_per_shard =
        static_cast<int>(splits.at("records_per_shard").integer(1, kMaxRecordsPerShard));
    for (const Split split : kSplits) {
        plan.split_fractions.at(static_cast<std::size_t>(split)) =
            splits.object(std::string(name_of(split))).at("fraction").number(0, 1);
    }
    splits.finish();
}

/// Adds what differs between two values to `words`, at most three places.
void compare(const OrderedJson& stored,
             const OrderedJson& wanted,
             const std::string& path,
             std::vector<std::string>& words) {
    if (stored == wanted || words.size() >= 3) {
        return;
    }
    if (stored.is_object() && wanted.is_object()) {
        const auto below = [&](const std::string& key) {
            return path.empty() ? key : path + "." + key;
        };
        for (const auto& item : wanted.items()) {
            if (stored.contains(item.key())) {
                compare(stored[item.key()], item.value(), below(item.key()), words);
            } else if (words.size() < 3) {
                words.push_back(below(item.key()) + " is absent there");
            }
        }
        for (const auto& item : stored.items()) {
            if (!wanted.contains(item.key()) && words.size() < 3) {
                words.push_back(below(item.key()) + " is absent now");
            }
        }
        return;
    }
    const auto brief = [](const OrderedJson& json) {
        const std::string text = json.dump(-1, ' ', true, OrderedJson::error_handler_t::replace);
        return text.size() <= 40 ? text : text.substr(0, 37) + "...";
    };
    words.push_back(fmt::format("{} is {} there and {} now", path, brief(stored), brief(wanted)));
}

} // namespace

std::string data_source_of(const DatasetDescription& description) {
    const OrderedJson json =
        OrderedJson::parse(description.configuration_json, nullptr, false); // no exceptions
    const OrderedJson::json_pointer place("/converted/from");
    return json.is_object() && json.contains(place) && json[place].is_string()
               ? json[place].get<std::string>()
               : "";
}

bool is_plain_path(std::string_view path) {
    const auto is_alnum = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    const auto is_plain = [&](char c) {
        return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == '/';
    };
    return !path.empty() && path.size() <= 128 && is_alnum(path.front()) && is_alnum(path.back()) &&
           std::all_of(path.begin(), path.end(), is_plain) &&
           std::count(path.begin(), path.end(), '/') <= 1 &&
           path.find("..") == std::string_view::npos && path.find("/.") == std::string_view::npos;
}

std::string dataset_json(const DatasetDescription& description) {
    return with_digest(json_of(description));
}

std::string configuration_sha256(const DatasetDescription& description) {
    return digest_of(json_of(description));
}

ProvenanceDigests provenance_digests(const DatasetDescription& description) {
    const OrderedJson json = json_of(description);
    return {sha256_hex(json["configuration"].dump()), sha256_hex(json["assets"].dump())};
}

DatasetDescription dataset_from_json(std::string_view text, const std::string& what) {
    const OrderedJson document = parse_json(text, what, kLimits);
    JsonObject fields(JsonValue(document, what));
    fields.at("schema").integer(kSchema, kSchema);
    DatasetDescription description;
    description.plan.seed = fields.at("seed").unsigned_integer();
    const JsonValue configuration = fields.at("configuration");
    JsonObject{configuration};
    description.configuration_json = configuration.json().dump();
    const JsonValue counts = fields.at("counts"), splits = fields.at("splits");
    read_counts(JsonObject(counts), JsonObject(splits), description.plan);
    try {
        const DatasetPlan plan(description.plan);
        const OrderedJson expected = {{"poses", description.plan.poses},
                                      {"views", description.plan.views},
                                      {"records", plan.record_count()},
                                      {"shards", plan.shard_count()}};
        if (counts.json() != expected) {
            counts.fail("do not agree with one another");
        }
        OrderedJson planned = json_of_plan(plan);
        planned["rule"] = splits.json()["rule"];
        if (splits.json() != planned) {
            splits.fail("do not agree with counts");
        }
    } catch (const UserError& error) {
        const std::string message = error.what();
        throw UserError(message.starts_with(printable(what)) ? message : what + ": " + message);
    }
    JsonObject{fields.at("conventions")};
    description.assets = read_digests(fields.object("assets"));
    JsonObject generator = fields.object("generator");
    generator.at("name").text(64);
    description.generator_version = generator.at("version").text(256);
    description.generator_sha256 = generator.at("sha256").sha256();
    JsonObject libraries = generator.object("libraries");
    for (const std::string& name : libraries.names(kMaxEntries)) {
        description.generator_libraries[name] = libraries.at(name).text(128);
    }
    generator.finish();
    description.files = read_digests(fields.object("files"));
    for (const auto& [path, digest] : description.files) {
        RIH_REQUIRE(is_plain_path(path), "{}: files: a name that is no plain path", what);
    }
    for (const JsonValue& entry : fields.at("licences").elements(0, kMaxEntries)) {
        JsonObject licence(entry);
        description.licences.push_back({licence.at("asset").text(),
                                        licence.at("licence").text(),
                                        licence.at("source").text()});
        licence.finish();
    }
    fields.at(kDigest).sha256();
    fields.finish();
    return description;
}

bool is_unchanged_dataset_json(std::string_view text) {
    const OrderedJson document = parse_json(text, "dataset.json", kLimits);
    return document.is_object() && with_digest(document) == text;
}

std::string difference_of(std::string_view stored, std::string_view wanted) {
    OrderedJson a = parse_json(stored, "dataset.json", kLimits);
    OrderedJson b = parse_json(wanted, "dataset.json", kLimits);
    RIH_REQUIRE(a.is_object() && b.is_object(), "dataset.json: expected an object");
    a.erase(kDigest);
    b.erase(kDigest);
    std::vector<std::string> words;
    compare(a, b, "", words);
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return text;
}

} // namespace rih
