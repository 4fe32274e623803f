// SPDX-License-Identifier: Apache-2.0
#include "renderih/posing/contact_frequency.h"

#include "renderih/base/error.h"
#include "renderih/base/npz.h"
#include "renderih/base/parallel.h"
#include "renderih/base/sha256.h"
#include "renderih/geometry/signed_distance.h"
#include "renderih/hand/hand_io.h"
#include "renderih/posing/anchors.h"
#include "renderih/posing/parameters.h"
#include "renderih/posing/sources/asset_files.h"

#include <algorithm>
#include <cmath>

namespace rih {

namespace {

constexpr double kShapeLimit = 2.0;  // standard deviations, as in the engine
constexpr std::size_t kChunk = 1024; // pairs whose contacts are held before they are summed
constexpr std::uint64_t kMaxPairs = 1'000'000'000;

std::string text_of(const NpzArrays& arrays, const char* name, const std::string& where) {
    const auto found = arrays.find(name);
    RIH_REQUIRE(found != arrays.end(), "{}: lacks the array {}", where, name);
    const auto* texts = std::get_if<std::vector<std::string>>(&found->second.data);
    RIH_REQUIRE(texts != nullptr && texts->size() == 1, "{}: {} is not a text", where, name);
    return texts->front();
}

std::vector<std::int64_t>
integers_of(const NpzArrays& arrays, const char* name, const std::string& where) {
    const auto found = arrays.find(name);
    RIH_REQUIRE(found != arrays.end(), "{}: lacks the array {}", where, name);
    return found->second.as_int();
}

std::array<std::vector<int>, 2> contacts_of_draw(const HandPair& hands,
                                                 const PoseSource& source,
                                                 const ContactCounting& counting,
                                                 std::uint64_t id) {
    Rng rng(counting.seed, id, "contact counting");
    VecX shape(hands.hands[0].shape_count());
    for (double& coefficient : shape) {
        coefficient = counting.shape_sd * rng.truncated_normal(kShapeLimit);
    }
    std::array<ShapedHand, 2> shaped{shape_hand(hands.hands[0], shape),
                                     shape_hand(hands.hands[1], shape)};
    const PoseSeed seed = source.draw(shaped, rng);
    if (seed.has_shape) {
        for (int h = 0; h < 2; ++h) {
            shaped[h] = shape_hand(hands.hands[h], seed.shape[h]);
        }
    }
    PairRig rig = make_rig(shaped, seed.world_from_hand);
    rig.forearm_flexion = seed.forearm_flexion;
    rig.forearm_deviation = seed.forearm_deviation;
    const PairState state = pose_pair(rig, {seed.angles, seed.translation});
    return touching_vertices(hands, {state.hands[0].vertices, state.hands[1].vertices});
}

/// Where a vertex sits on the hand, in numbers that compare across meshes.
struct Place {
    int joint = 0;
    Vec3 position = Vec3::Zero();
};

std::vector<Place> places_of(const HandModel& model) {
    const ShapedHand hand = shape_hand(model, VecX());
    const AnatomyFrames frames = anatomy_frames(hand);
    const auto joint = [&](int j) { return Vec3(hand.rest_joints.row(j)); };
    const Vec3 along = joint(4) - joint(0);
    const Vec3 across = joint(1) - joint(7); // from the little finger's root to the index finger's
    const Vec3 through = along.cross(across).normalized();

    std::vector<Place> places(static_cast<std::size_t>(model.vertex_count()));
    for (int v = 0; v < model.vertex_count(); ++v) {
        Place& place = places[v];
        double most = -1;
        using Weights = Eigen::SparseMatrix<double, Eigen::RowMajor>;
        for (Weights::InnerIterator it(model.skin_weights, v); it; ++it) {
            if (it.value() > most) {
                most = it.value();
                place.joint = static_cast<int>(it.col());
            }
        }
        const int j = place.joint;
        const Vec3 vertex = hand.rest_vertices.row(v);
        if (j >= 1 && j <= kFingerJointCount) {
            const Vec3 end = segment_of_joint(j) < 2
                                 ? joint(j + 1)
                                 : Vec3(hand.rest_vertices.row(
                                       model.tip_vertices[kTipOfFinger[finger_of_joint(j)]]));
            const double length = (end - joint(j)).norm();
            const Vec3 local = frames[j - 1].transpose() * (vertex - joint(j));
            const double radius = std::hypot(local.y(), local.z());
            place.position = {-local.x() / length,
                              radius > 0 ? local.y() / radius : 0,
                              radius > 0 ? local.z() / radius : 0};
        } else {
            const Vec3 local = vertex - joint(0);
            place.position = {local.dot(along) / along.squaredNorm(),
                              local.dot(across) / across.squaredNorm(),
                              // A palm is about a quarter as thick as it is long.
                              4 * local.dot(through) / along.norm()};
        }
    }
    return places;
}

} // namespace

VecX ContactCounts::frequency() const {
    VecX share(static_cast<Eigen::Index>(hands.size()));
    for (std::size_t v = 0; v < hands.size(); ++v) {
        share[static_cast<Eigen::Index>(v)] =
            pairs > 0 ? static_cast<double>(hands[v]) / (2.0 * static_cast<double>(pairs)) : 0;
    }
    return share;
}

void ContactCounts::save(const std::filesystem::path& path) const {
    const auto number = [](std::uint64_t value) {
        return NpyOutput{{{}, std::vector<std::int64_t>{static_cast<std::int64_t>(value)}},
                         NpyType::Int64};
    };
    const auto text = [](const std::string& value) {
        return NpyOutput{{{}, std::vector<std::string>{value}}, NpyType::Text};
    };
    write_npz(path,
              {{"hands", {{{hands.size()}, hands}, NpyType::Int32}},
               {"pairs", number(pairs)},
               {"seed", number(seed)},
               {"source", text(source)},
               {"topology", text(topology)}});
}

ContactCounts ContactCounts::load(const std::filesystem::path& path) {
    NpzLimits limits;
    limits.max_file_bytes = limits.max_array_bytes = limits.max_total_bytes = 64u << 20;
    const NpzArrays arrays = read_npz(path, limits);
    const std::string where = path.string();
    ContactCounts counts;
    counts.hands = integers_of(arrays, "hands", where);
    const std::vector<std::int64_t> pairs = integers_of(arrays, "pairs", where);
    const std::vector<std::int64_t> seed = integers_of(arrays, "seed", where);
    RIH_REQUIRE(pairs.size() == 1 && pairs[0] >= 1 &&
                    static_cast<std::uint64_t>(pairs[0]) <= kMaxPairs && seed.size() == 1,
                "{}: pairs or seed is not one number in range",
                where);
    counts.pairs = static_cast<std::uint64_t>(pairs[0]);
    counts.seed = static_cast<std::uint64_t>(seed[0]);
    for (const std::int64_t count : counts.hands) {
        RIH_REQUIRE(count >= 0 && count <= 2 * pairs[0],
                    "{}: a vertex touched {} times in {} pairs",
                    where,
                    count,
                    pairs[0]);
    }
    counts.source = text_of(arrays, "source", where);
    counts.topology = text_of(arrays, "topology", where);
    return counts;
}

std::string topology_of(const HandModel& model) {
    std::string bytes;
    for (const auto& face : model.faces) {
        for (const int vertex : face) {
            bytes += std::to_string(vertex) + " ";
        }
    }
    return sha256_hex(fmt::format("{} {}", model.vertex_count(), bytes));
}

std::array<std::vector<int>, 2>
touching_vertices(const HandPair& hands, const std::array<Points, 2>& vertices, double distance) {
    std::array<std::vector<int>, 2> touching;
    for (int h = 0; h < 2; ++h) {
        const MeshDistance other({vertices[1 - h], hands.hands[1 - h].faces});
        const std::vector<bool> of_hand = hand_vertices(hands.hands[h]);
        for (int v = 0; v < hands.hands[h].vertex_count(); ++v) {
            const Vec3 query = vertices[h].row(v);
            if (of_hand[v] && (other.closest_within(query, distance) ||
                               (other.maybe_inside(query) && other.inside(query)))) {
                touching[h].push_back(v);
            }
        }
    }
    return touching;
}

ContactCounts
count_contacts(const HandPair& hands, const PoseSource& source, const ContactCounting& counting) {
    RIH_REQUIRE(counting.pairs >= 1 && counting.pairs <= kMaxPairs,
                "anchors: count is {}; it must lie in 1 .. {}",
                counting.pairs,
                kMaxPairs);
    RIH_REQUIRE(hands.hands[0].vertex_count() == hands.hands[1].vertex_count(),
                "anchors: the hands have {} and {} vertices; both must be one mesh",
                hands.hands[0].vertex_count(),
                hands.hands[1].vertex_count());
    ContactCounts counts;
    counts.hands.assign(static_cast<std::size_t>(hands.hands[0].vertex_count()), 0);
    counts.pairs = counting.pairs;
    counts.seed = counting.seed;
    counts.topology = topology_of(hands.hands[0]);
    const int threads = resolve_thread_count(counting.threads);
    for (std::uint64_t first = 0; first < counting.pairs; first += kChunk) {
        const std::size_t size = std::min<std::uint64_t>(kChunk, counting.pairs - first);
        std::vector<std::array<std::vector<int>, 2>> contacts(size);
        parallel_for(size, threads, [&](std::size_t i) {
            const std::uint64_t id = first + i;
            contacts[i] = contacts_of_draw(hands, source, counting, id);
            if (counting.step) {
                counting.step();
            }
        });
        for (const auto& pair : contacts) {
            for (const auto& hand : pair) {
                for (const int vertex : hand) {
                    ++counts.hands[vertex];
                }
            }
        }
    }
    return counts;
}

VecX carry_frequency(const HandModel& from, const VecX& frequency, const HandModel& to) {
    std::array<std::vector<std::pair<Vec3, double>>, kJointCountWithForearm> known;
    const std::vector<Place> places = places_of(from);
    const std::vector<bool> of_hand = hand_vertices(from);
    for (std::size_t v = 0; v < places.size(); ++v) {
        if (of_hand[v]) {
            known[places[v].joint].emplace_back(places[v].position,
                                                frequency[static_cast<Eigen::Index>(v)]);
        }
    }
    VecX carried = VecX::Zero(to.vertex_count());
    const std::vector<Place> wanted = places_of(to);
    const std::vector<bool> wanted_of_hand = hand_vertices(to);
    for (std::size_t v = 0; v < wanted.size(); ++v) {
        if (!wanted_of_hand[v]) {
            continue;
        }
        double nearest = std::numeric_limits<double>::infinity();
        for (const auto& [position, value] : known[wanted[v].joint]) {
            const double distance = (position - wanted[v].position).squaredNorm();
            if (distance < nearest) {
                nearest = distance;
                carried[static_cast<Eigen::Index>(v)] = value;
            }
        }
    }
    return carried;
}

VecX contact_frequency(const HandModel& model,
                       const std::filesystem::path& file,
                       const std::filesystem::path& assets) {
    const std::string topology = topology_of(model);
    if (!file.empty()) {
        const ContactCounts counts = ContactCounts::load(file);
        RIH_REQUIRE(counts.topology == topology &&
                        counts.hands.size() == static_cast<std::size_t>(model.vertex_count()),
                    "{}: was counted on another mesh than {}; count on this one with 'renderih "
                    "anchors'",
                    file.string(),
                    model.name);
        return counts.frequency();
    }
    const std::filesystem::path committed = asset_file(assets, "anchors/open.npz");
    const ContactCounts counts = ContactCounts::load(committed);
    const auto fits = [&](const HandModel& hand, const std::string& digest) {
        return counts.topology == digest &&
               counts.hands.size() == static_cast<std::size_t>(hand.vertex_count());
    };
    if (fits(model, topology)) {
        return counts.frequency();
    }
    const HandModel open = load_hand(asset_file(assets, "hand/right.npz"), Side::Right);
    RIH_REQUIRE(fits(open, topology_of(open)),
                "{}: was counted on another mesh than the open hand; count anew with 'renderih "
                "anchors'",
                committed.string());
    return carry_frequency(open, counts.frequency(), model);
}

} // namespace rih
