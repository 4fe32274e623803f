// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/pose_file.h"

#include "renderih/base/error.h"
#include "renderih/base/npz.h"

#include <cmath>
#include <limits>

namespace rih {

namespace {

using Outputs = std::map<std::string, NpyOutput>;

/// Fills an array of shape [pairs, tail...] by get(pair, append).
template <typename Get>
void put(Outputs& outputs,
         const std::string& name,
         std::span<const PosePair> pairs,
         std::vector<std::size_t> tail,
         Get&& get) {
    std::vector<double> values;
    for (const PosePair& pair : pairs) {
        get(pair, values);
    }
    std::vector<std::size_t> shape{pairs.size()};
    shape.insert(shape.end(), tail.begin(), tail.end());
    outputs[name] = {{shape, std::move(values)}, NpyType::Float64};
}

void put_integers(Outputs& outputs, const std::string& name, std::vector<std::int64_t> values) {
    const std::size_t count = values.size();
    outputs[name] = {{{count}, std::move(values)}, NpyType::Int64};
}

void put_texts(Outputs& outputs, const std::string& name, std::vector<std::string> values) {
    const std::size_t count = values.size();
    outputs[name] = {{{count}, std::move(values)}, NpyType::Text};
}

void add_values(std::vector<double>& values, const double* first, Eigen::Index count) {
    values.insert(values.end(), first, first + count);
}

class Reader {
  public:
    explicit Reader(const std::filesystem::path& path)
        : path_(path.string()), arrays_(read_npz(path)) {}

    const NpyArray& array(const std::string& name) const {
        const auto found = arrays_.find(name);
        RIH_REQUIRE(found != arrays_.end(),
                    "{}: no array \"{}\"; this is no poses file of `renderih poses`",
                    path_,
                    name);
        return found->second;
    }

    bool has(const std::string& name) const { return arrays_.contains(name); }

    /// Finite numbers of exactly this shape.
    std::vector<double> numbers(const std::string& name,
                                const std::vector<std::size_t>& shape) const {
        const NpyArray& found = array(name);
        RIH_REQUIRE(found.shape == shape,
                    "{}: array \"{}\" has shape [{}], expected [{}]",
                    path_,
                    name,
                    fmt::join(found.shape, ", "),
                    fmt::join(shape, ", "));
        std::vector<double> values = found.as_double();
        for (const double value : values) {
            RIH_REQUIRE(std::isfinite(value),
                        "{}: array \"{}\" has a number that is not finite",
                        path_,
                        name);
        }
        return values;
    }

    /// Whole numbers from 0 to `highest`.
    std::vector<std::int64_t>
    integers(const std::string& name, std::size_t count, std::int64_t highest) const {
        const NpyArray& found = array(name);
        const auto* values = std::get_if<std::vector<std::int64_t>>(&found.data);
        RIH_REQUIRE(values != nullptr && values->size() == count,
                    "{}: array \"{}\" must hold {} whole numbers",
                    path_,
                    name,
                    count);
        for (const std::int64_t value : *values) {
            RIH_REQUIRE(value >= 0 && value <= highest,
                        "{}: array \"{}\" holds {}, outside 0 to {}",
                        path_,
                        name,
                        value,
                        highest);
        }
        return *values;
    }

    std::vector<std::string> texts(const std::string& name, std::size_t count) const {
        const NpyArray& found = array(name);
        const auto* values = std::get_if<std::vector<std::string>>(&found.data);
        RIH_REQUIRE(values != nullptr && values->size() == count,
                    "{}: array \"{}\" must hold {} texts",
                    path_,
                    name,
                    count);
        return *values;
    }

    const std::string& path() const { return path_; }

  private:
    std::string path_;
    NpzArrays arrays_;
};

Vec3 vec3_at(const std::vector<double>& values, std::size_t index) {
    return {values[3 * index], values[3 * index + 1], values[3 * index + 2]};
}

} // namespace

std::map<std::string, NpyOutput> pose_arrays(std::span<const PosePair> pairs) {
    const Eigen::Index shape_count = pairs.empty() ? 0 : pairs[0].pose[0].shape.size();
    for (const PosePair& pair : pairs) {
        for (const HandPose& hand : pair.pose) {
            RIH_ASSERT(hand.shape.size() == shape_count, "pairs of different shape spaces");
        }
    }
    Outputs outputs;
    put(outputs, "pose", pairs, {2, kJointCount, 3}, [](const PosePair& p, auto& values) {
        for (const HandPose& hand : p.pose) {
            for (int j = 0; j < kJointCount; ++j) {
                add_values(values, hand.axis_angle[j].data(), 3);
            }
        }
    });
    put(outputs, "translation", pairs, {2, 3}, [](const PosePair& p, auto& values) {
        for (const HandPose& hand : p.pose) {
            add_values(values, hand.translation.data(), 3);
        }
    });
    put(outputs, "forearm", pairs, {2, 3}, [](const PosePair& p, auto& values) {
        for (const HandPose& hand : p.pose) {
            add_values(values, hand.axis_angle[kForearmJoint].data(), 3);
        }
    });
    put(outputs,
        "shape",
        pairs,
        {2, static_cast<std::size_t>(shape_count)},
        [](const PosePair& p, auto& values) {
            for (const HandPose& hand : p.pose) {
                add_values(values, hand.shape.data(), hand.shape.size());
            }
        });
    const auto put_scalar = [&](const char* name, double PosePair::* field) {
        put(outputs, name, pairs, {}, [&](const PosePair& p, auto& v) { v.push_back(p.*field); });
    };
    const auto put_two = [&](const char* name, std::array<double, 2> PosePair::* field) {
        put(outputs, name, pairs, {2}, [&](const PosePair& p, auto& v) {
            add_values(v, (p.*field).data(), 2);
        });
    };
    put_scalar("penetration_depth_m", &PosePair::penetration_depth_m);
    put_scalar("contact_area_mm2", &PosePair::contact_area_mm2);
    put_scalar("contact_area_1mm_mm2", &PosePair::contact_area_1mm_mm2);
    put_scalar("contact_area_5mm_mm2", &PosePair::contact_area_5mm_mm2);
    put_scalar("min_distance_m", &PosePair::min_distance_m);
    put_two("self_penetration_depth_m", &PosePair::self_penetration_depth_m);
    put_two("naturalness", &PosePair::naturalness);
    put_two("limit_excess_deg", &PosePair::limit_excess_deg);
    put_two("forearm_flexion", &PosePair::forearm_flexion);
    put_two("forearm_deviation", &PosePair::forearm_deviation);

    std::vector<std::int64_t> ids, attempts, augmentations;
    std::vector<std::string> sources, source_ids;
    for (const PosePair& pair : pairs) {
        ids.push_back(static_cast<std::int64_t>(pair.id));
        attempts.push_back(pair.attempts);
        augmentations.push_back(pair.augmentation);
        sources.push_back(pair.source);
        source_ids.push_back(pair.source_id);
    }
    put_integers(outputs, "id", std::move(ids));
    put_integers(outputs, "attempts", std::move(attempts));
    put_integers(outputs, "augmentation", std::move(augmentations));
    put_texts(outputs, "source", std::move(sources));
    put_texts(outputs, "source_id", std::move(source_ids));
    return outputs;
}

std::map<std::string, NpyOutput> pose_run_arrays(std::uint64_t seed, const std::string& meta_json) {
    Outputs outputs;
    put_integers(outputs, "seed", {static_cast<std::int64_t>(seed)});
    put_texts(outputs, "meta", {meta_json});
    return outputs;
}

void PoseFileWriter::finish(std::uint64_t seed, const std::string& meta_json) {
    rows_.append(pose_run_arrays(seed, meta_json));
    rows_.finish();
}

void write_poses(const std::filesystem::path& path,
                 std::span<const PosePair> pairs,
                 std::uint64_t seed,
                 const std::string& meta_json) {
    PoseFileWriter writer(path);
    writer.append(pairs);
    writer.finish(seed, meta_json);
}

PoseFile read_poses(const std::filesystem::path& path) {
    const Reader reader(path);
    const std::vector<std::size_t>& shape_shape = reader.array("shape").shape;
    RIH_REQUIRE(shape_shape.size() == 3 && shape_shape[1] == 2,
                "{}: array \"shape\" must be [N, 2, S]",
                reader.path());
    const std::size_t count = shape_shape[0], shape_count = shape_shape[2];
    const auto pose = reader.numbers("pose", {count, 2, kJointCount, 3});
    const auto translation = reader.numbers("translation", {count, 2, 3});
    const auto forearm = reader.numbers("forearm", {count, 2, 3});
    const auto shape = reader.numbers("shape", {count, 2, shape_count});
    const auto sources = reader.texts("source", count);
    const auto source_ids = reader.texts("source_id", count);
    constexpr std::int64_t kMaxInt = std::numeric_limits<int>::max();
    constexpr std::int64_t kMaxId = std::numeric_limits<std::int64_t>::max();
    const auto ids = reader.integers("id", count, kMaxId);
    const auto attempts = reader.integers("attempts", count, kMaxInt);
    const auto augmentations = reader.integers("augmentation", count, kMaxInt);

    PoseFile file;
    // A seed uses all 64 bits; the file keeps them as a signed number.
    const std::vector<std::int64_t> seeds = reader.array("seed").as_int();
    RIH_REQUIRE(seeds.size() == 1, "{}: array \"seed\" must hold one number", reader.path());
    file.seed = static_cast<std::uint64_t>(seeds[0]);
    file.meta_json = reader.texts("meta", 1)[0];
    file.pairs.resize(count);
    for (std::size_t n = 0; n < count; ++n) {
        PosePair& pair = file.pairs[n];
        pair.id = static_cast<std::uint64_t>(ids[n]);
        pair.attempts = static_cast<int>(attempts[n]);
        pair.augmentation = static_cast<int>(augmentations[n]);
        pair.source = sources[n];
        pair.source_id = source_ids[n];
        for (std::size_t h = 0; h < 2; ++h) {
            HandPose& hand = pair.pose[h];
            for (std::size_t j = 0; j < kJointCount; ++j) {
                hand.axis_angle[j] = vec3_at(pose, (2 * n + h) * kJointCount + j);
            }
            hand.axis_angle[kForearmJoint] = vec3_at(forearm, 2 * n + h);
            hand.translation = vec3_at(translation, 2 * n + h);
            hand.shape = Eigen::Map<const VecX>(shape.data() + (2 * n + h) * shape_count,
                                                static_cast<Eigen::Index>(shape_count));
        }
    }
    const auto get_scalar = [&](const char* name, double PosePair::* field) {
        const auto values = reader.numbers(name, {count});
        for (std::size_t n = 0; n < count; ++n) {
            file.pairs[n].*field = values[n];
        }
    };
    const auto get_two = [&](const char* name, std::array<double, 2> PosePair::* field) {
        const auto values = reader.numbers(name, {count, 2});
        for (std::size_t n = 0; n < count; ++n) {
            (file.pairs[n].*field) = {values[2 * n], values[2 * n + 1]};
        }
    };
    get_scalar("penetration_depth_m", &PosePair::penetration_depth_m);
    get_scalar("contact_area_mm2", &PosePair::contact_area_mm2);
    if (reader.has("contact_area_1mm_mm2")) { // files from before there were three have neither
        get_scalar("contact_area_1mm_mm2", &PosePair::contact_area_1mm_mm2);
        get_scalar("contact_area_5mm_mm2", &PosePair::contact_area_5mm_mm2);
    }
    get_scalar("min_distance_m", &PosePair::min_distance_m);
    get_two("self_penetration_depth_m", &PosePair::self_penetration_depth_m);
    get_two("naturalness", &PosePair::naturalness);
    get_two("limit_excess_deg", &PosePair::limit_excess_deg);
    get_two("forearm_flexion", &PosePair::forearm_flexion);
    get_two("forearm_deviation", &PosePair::forearm_deviation);
    return file;
}

} // namespace rih
