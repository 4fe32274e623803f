// SPDX-License-Identifier: Apache-2.0
// Parts of a file that does not name them: the joint that moves a face most, then tidied until each
// part is one piece whose borders are simple loops.
#include "renderih/hand/parts.h"

#include <algorithm>
#include <map>

namespace rih {

namespace {

/// Labels on faces and what touches what.
class Labelling {
  public:
    explicit Labelling(const HandModel& model);

    void tidy();
    const std::vector<int>& labels() const { return labels_; }

  private:
    bool smooth_teeth();
    bool drop_islands();
    bool split_pinches();
    int strongest_neighbour(const std::vector<int>& faces, int own) const;

    const Triangles& faces_;
    std::vector<int> labels_;                       // joint of each face
    std::vector<std::array<int, 3>> neighbours_;    // across edges, -1 at a border
    std::vector<std::vector<int>> faces_of_vertex_; // ascending
};

Labelling::Labelling(const HandModel& model)
    : faces_(model.faces), labels_(model.faces.size()), neighbours_(model.faces.size()),
      faces_of_vertex_(static_cast<std::size_t>(model.vertex_count())) {
    std::map<std::pair<int, int>, int> face_of_edge; // directed
    for (std::size_t f = 0; f < faces_.size(); ++f) {
        std::array<double, kJointCountWithForearm> total{};
        for (int i = 0; i < 3; ++i) {
            const int v = faces_[f][i];
            faces_of_vertex_[v].push_back(static_cast<int>(f));
            face_of_edge[{v, faces_[f][(i + 1) % 3]}] = static_cast<int>(f);
            for (decltype(model.skin_weights)::InnerIterator it(model.skin_weights, v); it; ++it) {
                total[static_cast<std::size_t>(it.col())] += it.value();
            }
        }
        labels_[f] = static_cast<int>(std::max_element(total.begin(), total.end()) - total.begin());
    }
    for (std::size_t f = 0; f < faces_.size(); ++f) {
        for (int i = 0; i < 3; ++i) {
            const auto found = face_of_edge.find({faces_[f][(i + 1) % 3], faces_[f][i]});
            neighbours_[f][i] = found == face_of_edge.end() ? -1 : found->second;
        }
    }
}

/// A face with two neighbours of one other part joins it: a seam without teeth.
bool Labelling::smooth_teeth() {
    bool changed = false;
    for (std::size_t f = 0; f < faces_.size(); ++f) {
        const auto& n = neighbours_[f];
        for (int i = 0; i < 3; ++i) {
            const int a = n[i], b = n[(i + 1) % 3];
            if (a >= 0 && b >= 0 && labels_[a] == labels_[b] && labels_[a] != labels_[f]) {
                labels_[f] = labels_[a];
                changed = true;
                break;
            }
        }
    }
    return changed;
}

/// The other label with the most edges to `faces`; the lowest of equals; `own` when there is none.
int Labelling::strongest_neighbour(const std::vector<int>& faces, int own) const {
    std::array<int, kJointCountWithForearm> edges{};
    for (const int f : faces) {
        for (const int n : neighbours_[f]) {
            if (n >= 0 && labels_[n] != own) {
                ++edges[labels_[n]];
            }
        }
    }
    const auto best = std::max_element(edges.begin(), edges.end());
    return *best == 0 ? own : static_cast<int>(best - edges.begin());
}

/// All pieces of a part but its largest go to the part around them.
bool Labelling::drop_islands() {
    std::vector<int> piece_of_face(faces_.size(), -1);
    std::vector<std::vector<int>> pieces;
    for (std::size_t seed = 0; seed < faces_.size(); ++seed) {
        if (piece_of_face[seed] >= 0) {
            continue;
        }
        std::vector<int> piece{static_cast<int>(seed)};
        piece_of_face[seed] = static_cast<int>(pieces.size());
        for (std::size_t i = 0; i < piece.size(); ++i) {
            for (const int n : neighbours_[piece[i]]) {
                if (n >= 0 && piece_of_face[n] < 0 && labels_[n] == labels_[seed]) {
                    piece_of_face[n] = static_cast<int>(pieces.size());
                    piece.push_back(n);
                }
            }
        }
        pieces.push_back(std::move(piece));
    }
    std::array<std::size_t, kJointCountWithForearm> largest{};
    std::array<int, kJointCountWithForearm> keeper{};
    keeper.fill(-1);
    for (std::size_t p = 0; p < pieces.size(); ++p) {
        const int label = labels_[pieces[p].front()];
        if (pieces[p].size() > largest[label]) {
            largest[label] = pieces[p].size();
            keeper[label] = static_cast<int>(p);
        }
    }
    bool changed = false;
    for (std::size_t p = 0; p < pieces.size(); ++p) {
        const int label = labels_[pieces[p].front()];
        if (keeper[label] == static_cast<int>(p)) {
            continue;
        }
        const int target = strongest_neighbour(pieces[p], label);
        for (const int f : pieces[p]) {
            changed |= target != label;
            labels_[f] = target;
        }
    }
    return changed;
}

/// Where a part touches itself at a vertex alone, its border is no simple loop: the smaller of its
/// fans about that vertex joins the neighbour.
bool Labelling::split_pinches() {
    bool changed = false;
    std::vector<int> open_at(faces_.size(), -1); // the vertex about which a face is in no fan yet
    for (std::size_t v = 0; v < faces_of_vertex_.size(); ++v) {
        const std::vector<int>& around = faces_of_vertex_[v];
        const int vertex = static_cast<int>(v);
        for (const int f : around) {
            open_at[f] = vertex;
        }
        std::map<int, std::vector<std::vector<int>>> fans_of_label;
        for (const int seed : around) {
            if (open_at[seed] != vertex) {
                continue;
            }
            std::vector<int> fan{seed};
            open_at[seed] = -1;
            for (std::size_t i = 0; i < fan.size(); ++i) {
                for (const int n : neighbours_[fan[i]]) {
                    if (n >= 0 && open_at[n] == vertex && labels_[n] == labels_[seed]) {
                        fan.push_back(n);
                        open_at[n] = -1;
                    }
                }
            }
            fans_of_label[labels_[seed]].push_back(std::move(fan));
        }
        for (const auto& [label, fans] : fans_of_label) {
            if (fans.size() < 2) {
                continue;
            }
            const auto smallest =
                std::min_element(fans.begin(), fans.end(), [](const auto& a, const auto& b) {
                    return a.size() < b.size();
                });
            const int target = strongest_neighbour(*smallest, label);
            for (const int f : *smallest) {
                changed |= target != label;
                labels_[f] = target;
            }
            break; // the other fans about this vertex have changed too
        }
    }
    return changed;
}

void Labelling::tidy() {
    constexpr int kMaxPasses = 50; // hands need three or four; hostile meshes may never settle
    for (int pass = 0; pass < kMaxPasses; ++pass) {
        bool changed = smooth_teeth();
        changed |= drop_islands();
        changed |= split_pinches();
        if (!changed) {
            return;
        }
    }
}

} // namespace

std::vector<std::uint8_t> parts_from_skin_weights(const HandModel& model) {
    Labelling labelling(model);
    labelling.tidy();
    std::vector<std::uint8_t> part_of_face;
    part_of_face.reserve(model.faces.size());
    for (const int joint : labelling.labels()) {
        part_of_face.push_back(
            joint == kForearmJoint
                ? forearm_part(model.side)
                : static_cast<std::uint8_t>(first_part(model.side) + kPartOfJoint[joint]));
    }
    return part_of_face;
}

} // namespace rih
