// SPDX-License-Identifier: Apache-2.0
#include "renderih/things/worn_fit.h"

#include "renderih/geometry/intersection.h"
#include "renderih/geometry/triangle_tree.h"
#include "renderih/things/sleeve.h"

#include <algorithm>
#include <optional>

namespace rih {

namespace {

bool meet(const SceneMesh& a, const SceneMesh& b) {
    return !intersecting_triangles(TriMesh{a.vertices, a.faces}, TriMesh{b.vertices, b.faces}, 1)
                .empty();
}

class Fitting {
  public:
    explicit Fitting(const std::array<PosedSurface, 2>& hands) : hands_(hands) {
        for (const PosedSurface& hand : hands) {
            taken_.emplace_back(hand.vertices, *hand.faces);
        }
    }

    /// The thing, if it is free of all that is there.
    std::optional<FittedThing> try_on(const Thing& thing) const {
        FittedThing fitted{thing, mesh_of_thing(thing, hands_)};
        const TriangleTree tree(fitted.mesh.vertices, fitted.mesh.faces);
        const bool meets = std::ranges::any_of(taken_, [&](const TriangleTree& other) {
            return !intersecting_triangles(tree, other, 1).empty();
        });
        return meets ? std::nullopt : std::optional(std::move(fitted));
    }

    void keep(FittedThing fitted) {
        taken_.emplace_back(fitted.mesh.vertices, fitted.mesh.faces);
        fitted_.push_back(std::move(fitted));
    }

    /// With `number` raised by `step` until it is free, `tries` times in all.
    void put_on(Thing thing, const char* number, double step, int tries) {
        for (int i = 0; i < tries; ++i) {
            if (auto fitted = try_on(thing)) {
                keep(std::move(*fitted));
                return;
            }
            thing.numbers[number] += step;
        }
    }

    /// Sleeves of one garment: all of them, tighter or pushed up as far as it takes, or none.
    void put_on_together(const std::vector<Thing>& sleeves) {
        struct Try {
            double ease, up_mm;
        };
        for (const Try& tried : {Try{1, 0}, {0.4, 0}, {0.4, 35}, {0.4, 80}}) {
            std::vector<FittedThing> fitted;
            for (Thing sleeve : sleeves) {
                sleeve.numbers["ease_mm"] *= tried.ease;
                sleeve.numbers["fold_mm"] *= tried.ease;
                sleeve.numbers["cuff_mm"] += tried.up_mm;
                auto one = try_on(sleeve);
                if (!one || std::ranges::any_of(fitted, [&](const FittedThing& other) {
                        return meet(other.mesh, one->mesh);
                    })) {
                    break;
                }
                fitted.push_back(std::move(*one));
            }
            if (fitted.size() == sleeves.size() && !sleeves.empty()) {
                const auto maps = sleeve_maps(sleeves.front());
                for (FittedThing& sleeve : fitted) {
                    sleeve.mesh.maps = maps;
                    keep(std::move(sleeve));
                }
                return;
            }
        }
    }

    std::vector<FittedThing> take() { return std::move(fitted_); }

  private:
    const std::array<PosedSurface, 2>& hands_;
    std::vector<TriangleTree> taken_;
    std::vector<FittedThing> fitted_;
};

} // namespace

std::vector<FittedThing> fit_worn(const std::vector<Thing>& drawn,
                                  const std::array<PosedSurface, 2>& hands) {
    if (drawn.empty()) {
        return {};
    }
    Fitting fitting(hands);
    std::vector<Thing> sleeves;
    for (const Thing& thing : drawn) {
        if (thing.kind == ThingKind::Sleeve) {
            sleeves.push_back(thing);
        }
    }
    fitting.put_on_together(sleeves);
    for (const Thing& thing : drawn) {
        switch (thing.kind) {
        case ThingKind::Sleeve:
            break;
        case ThingKind::Ring:
            fitting.put_on(thing, "position", 0.08, 3); // towards the middle joint
            break;
        case ThingKind::Bracelet:
        case ThingKind::Watch:
            fitting.put_on(thing, "position_mm", 8, 2); // up the arm
            break;
        }
    }
    return fitting.take();
}

} // namespace rih
