// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/deepest_point.h"

#include "renderih/geometry/triangle_leaf.h"

#include <algorithm>
#include <vector>

namespace rih {

double deepest_point(const Points& vertices,
                     const Triangles& faces,
                     std::span<const int> which,
                     const MeshDistance& solid,
                     double known) {
    std::vector<Triangle3> pieces, finer;
    for (const int face : which) {
        const auto& f = faces[static_cast<std::size_t>(face)];
        const auto corner = [&](int k) -> Vec3 { return vertices.row(f[k]).transpose(); };
        pieces.push_back({corner(0), corner(1), corner(2)});
    }
    double deepest = known;
    std::vector<double> bounds; // of the pieces
    for (std::size_t spent = 0; !pieces.empty() && spent < kMaxPieces; spent += pieces.size()) {
        bounds.clear();
        for (const Triangle3& t : pieces) {
            const Vec3 middle = (t[0] + t[1] + t[2]) / 3;
            const double depth = solid.inside_distance(middle);
            const double radius =
                std::max({(t[0] - middle).norm(), (t[1] - middle).norm(), (t[2] - middle).norm()});
            deepest = std::max(deepest, depth);
            bounds.push_back(depth + radius);
        }
        const double enough = (1 + kDepthTolerance) * deepest + kDepthResolution;
        finer.clear();
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            if (bounds[i] > enough) {
                const auto& [p, q, r] = pieces[i];
                const Vec3 pq = 0.5 * (p + q), qr = 0.5 * (q + r), rp = 0.5 * (r + p);
                for (const Triangle3& piece : {Triangle3{p, pq, rp},
                                               Triangle3{pq, q, qr},
                                               Triangle3{rp, qr, r},
                                               Triangle3{pq, qr, rp}}) {
                    finer.push_back(piece);
                }
            }
        }
        std::swap(pieces, finer);
    }
    return deepest > known + kDepthResolution ? deepest : known; // surfaces that touch give 0
}

} // namespace rih
