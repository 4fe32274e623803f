// SPDX-License-Identifier: Apache-2.0
#include "renderih/pipeline/provenance.h"

#include "renderih/base/error.h"
#include "renderih/base/npz.h"
#include "renderih/base/sha256.h"
#include "renderih/hand/hand_io.h"
#include "renderih/hand/hand_npz.h"
#include "renderih/pipeline/dressed_hands.h"
#include "renderih/posing/sources/pose_source.h"

#include <nlohmann/json.hpp>

#include <gnu/libc-version.h>
#include <link.h>

#include <algorithm>
#include <array>

namespace rih {

namespace fs = std::filesystem;

namespace {

constexpr const char* kOpen = "open"; // the built-in hand and source

std::vector<std::string> split_at_commas(const std::string& list) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= list.size();) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        parts.push_back(list.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

/// What decides the bytes of records, without what does not: where files lie.
std::string portable_configuration(GenerateOptions options) {
    std::vector<std::string> names;
    for (const std::string& file : split_at_commas(options.hand)) {
        names.push_back(printable(fs::path(file).filename().string()));
    }
    options.hand = fmt::format("{}", fmt::join(names, ","));
    if (mirrors_users_hand(options.hand)) {
        options.hand += ",its mirror image";
    }
    for (std::string& source : options.posing.sources) {
        source = printable(fs::path(source).filename().string());
    }
    for (std::string* file : {&options.posing.anchors, &options.posing.discriminator}) {
        *file = printable(fs::path(*file).filename().string());
    }
    return options.to_json();
}

/// Libraries whose code decides what a record's bytes are: mathematics, rays, subdivision, codecs.
bool decides_bytes(std::string_view library) {
    constexpr std::array<std::string_view, 13> kNames{"libm.so",
                                                      "libstdc++.so",
                                                      "libembree",
                                                      "libosd",
                                                      "libjpeg.so",
                                                      "libturbojpeg.so",
                                                      "libpng",
                                                      "libz.so",
                                                      "libwebp",
                                                      "libsharpyuv",
                                                      "libOpenEXR",
                                                      "libImath",
                                                      "libarchive"};
    return std::ranges::any_of(kNames, [&](auto name) { return library.starts_with(name); });
}

int note_library(dl_phdr_info* info, std::size_t, void* data) {
    const fs::path path = info->dlpi_name;
    if (decides_bytes(path.filename().string())) {
        static_cast<std::vector<fs::path>*>(data)->push_back(path);
    }
    return 0;
}

std::map<std::string, std::string> libraries_in_use() {
    std::vector<fs::path> paths;
    dl_iterate_phdr(note_library, &paths);
    std::map<std::string, std::string> libraries{{"glibc", gnu_get_libc_version()}};
    for (const fs::path& path : paths) {
        libraries[path.filename().string()] = sha256_of_file(path);
    }
    return libraries;
}

AssetLicence users_file(const std::string& what, const fs::path& path, const std::string& licence) {
    return {
        what,
        licence,
        fmt::format("{}, sha256 {}", printable(path.filename().string()), sha256_of_file(path))};
}

} // namespace

std::string generator_digest() {
    std::string all = sha256_of_file("/proc/self/exe");
    for (const auto& [name, digest] : libraries_in_use()) {
        all += name + digest;
    }
    return sha256_hex(all);
}

bool is_mano(const HandModel& model) {
    const auto meta = nlohmann::json::parse(model.meta_json, nullptr, false);
    return meta.is_object() && meta.contains("format") && meta["format"] == "MANO";
}

bool mirrors_users_hand(const std::string& spec) {
    return spec != kOpen && spec.find(',') == std::string::npos;
}

HandPair load_hands(const std::string& spec, const fs::path& assets) {
    HandPair hands = load_hand_pair(spec, assets);
    RIH_REQUIRE(!mirrors_users_hand(spec) || !is_mano(hands[Side::Right]),
                "{}: is MANO's right hand alone; give both files, --hand RIGHT,LEFT: MANO's left "
                "hand is no mirror image",
                spec);
    return hands;
}

std::vector<AssetLicence> licences_of_inputs(const GenerateOptions& options,
                                             const AssetFolder& assets,
                                             const HandPair& hands) {
    std::vector<AssetLicence> licences = assets.licences_of("environments");
    const auto add = [&](const std::vector<AssetLicence>& more) {
        licences.insert(licences.end(), more.begin(), more.end());
    };
    if (options.image.places > 0) {
        licences.push_back(
            {"environments", "Apache-2.0", "generated by renderih (docs/places.md)"});
    }
    if (options.hand == kOpen) {
        add(assets.licences_of("hand"));
    } else {
        for (const std::string& file : split_at_commas(options.hand)) {
            licences.push_back(users_file(
                "hand",
                file,
                is_mano(hands[Side::Right]) ? "MANO: non-commercial research only" : "its own"));
        }
        if (has_skin_of_another(hands[Side::Right]) || has_skin_of_another(hands[Side::Left])) {
            for (AssetLicence licence : assets.licences_of("hand")) {
                licence.asset = "skin";
                licences.push_back(std::move(licence));
            }
        }
    }
    for (const std::string& source : options.posing.sources) {
        const std::string spec = parse_source_spec(source).spec;
        if (spec == kOpen) {
            add(assets.licences_of("poses"));
        } else {
            licences.push_back(users_file("poses", spec, "its own"));
        }
    }
    for (const auto& [what, file] : {std::pair{"anchors", options.posing.anchors},
                                     std::pair{"discriminator", options.posing.discriminator}}) {
        if (!file.empty()) {
            licences.push_back(users_file(what, file, "its own"));
        }
    }
    return licences;
}

DatasetDescription describe_dataset(const GenerateOptions& options,
                                    const AssetFolder& assets,
                                    const HandPair& hands,
                                    const PoseEngine& engine) {
    DatasetDescription description;
    description.plan = options.plan_options();
    description.configuration_json = portable_configuration(options);
    description.assets = {{"assets", assets.sha256},
                          {"pose_engine", engine.fingerprint()},
                          {"hand_right", hash_of(hands[Side::Right])},
                          {"hand_left", hash_of(hands[Side::Left])}};
    for (const std::string& name : assets.in_folder("environments")) {
        description.assets[name] = assets.files.at(name).sha256;
    }
    description.generator_version = RIH_VERSION;
    description.generator_sha256 = sha256_of_file("/proc/self/exe");
    description.generator_libraries = libraries_in_use();
    description.licences = licences_of_inputs(options, assets, hands);
    return description;
}

std::map<std::string, Bytes>
files_of_dataset(const GenerateOptions& options, const AssetFolder& assets, const HandPair& hands) {
    std::map<std::string, Bytes> files;
    files[kDiscriminatorFile] = read_file(discriminator_file(options.posing, assets.path), 1 << 28);
    if (!is_mano(hands[Side::Right]) && !is_mano(hands[Side::Left])) {
        for (const Side side : kSides) {
            files[fmt::format("hands/{}.npz", name_of(side))] = encode_npz(arrays_of(hands[side]));
        }
    }
    return files;
}

} // namespace rih
