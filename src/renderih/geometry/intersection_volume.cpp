// SPDX-License-Identifier: Apache-2.0
// With w the winding numbers, z the height of a face and s = +1 for faces that look up, -1 for
// those that look down, the shared volume over the plane below is (divergence theorem along z)
//   sum_f s_f int z_f w_b(f) + sum_g s_g int z_g w_a(g),   w_b(f) = sum_g s_g [z_g > z_f]
// over faces f of a, g of b, and with [z_f >= z_g] in w_a: faces that coincide count for one of the
// two. Only faces that meet the other mesh need the inner sum; on others w is one number.
#include "renderih/geometry/intersection_volume.h"

#include "renderih/geometry/intersection.h"
#include "renderih/geometry/predicates.h"
#include "renderih/geometry/triangle_tree.h"
#include "renderih/geometry/vertices_inside.h"

#include <gmpxx.h>

namespace rih {
namespace {

template <typename Number>
using Point = std::array<Number, 3>;
template <typename Number>
using Polygon = std::vector<Point<Number>>;

/// What of `polygon` has value(x) <= 0; `value` is linear.
template <typename Number, typename Value>
Polygon<Number> clipped(const Polygon<Number>& polygon, const Value& value) {
    Polygon<Number> kept;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Point<Number>&p = polygon[i], &q = polygon[(i + 1) % polygon.size()];
        const Number vp = value(p), vq = value(q);
        if (vp <= 0) {
            kept.push_back(p);
        }
        if ((vp < 0 && vq > 0) || (vp > 0 && vq < 0)) {
            const Number t = vp / (vp - vq);
            Point<Number> cut;
            for (std::size_t k = 0; k < 3; ++k) {
                cut[k] = p[k] + t * (q[k] - p[k]);
            }
            kept.push_back(cut);
        }
    }
    return kept;
}

/// Twice the signed area of the shadow of a, b, c on the xy plane.
template <typename Number>
Number shadow(const Point<Number>& a, const Point<Number>& b, const Point<Number>& c) {
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/// Six times the integral of z over the shadow of a flat polygon, signed by its sense.
template <typename Number>
Number six_integrals(const Polygon<Number>& polygon) {
    Number sum = 0;
    for (std::size_t i = 1; i + 1 < polygon.size(); ++i) {
        const auto &a = polygon[0], &b = polygon[i], &c = polygon[i + 1];
        sum += shadow<Number>(a, b, c) * (a[2] + b[2] + c[2]);
    }
    return sum;
}

/// +1 for a face that looks up, -1 down, 0 upright: exact.
int facing(const Triangle3& t) {
    return orient2d(t[0].head<2>(), t[1].head<2>(), t[2].head<2>());
}

template <typename Number>
class VolumeSum {
  public:
    explicit VolumeSum(const Vec3& origin) {
        for (std::size_t k = 0; k < 3; ++k) {
            origin_[k] = origin[static_cast<Eigen::Index>(k)];
        }
    }

    /// A face that does not meet the other mesh, which covers it `winding` times.
    void add_whole(const Triangle3& face, int winding) {
        add(six_integrals(polygon(face)), winding);
    }

    /// A face where it is under faces of `other`; coincident ones count when `ties_count`.
    void add_under(const Triangle3& face, const TriangleTree& other, bool ties_count) {
        if (facing(face) == 0) {
            return;
        }
        Box3 column;
        for (const Vec3& x : face) {
            column.include(x);
        }
        column.high.z() = std::numeric_limits<double>::infinity();
        const Polygon<Number> whole = polygon(face);
        other.visit_leaves(column, [&](int leaf) {
            for (int k = 0; k < other.leaf_size(leaf); ++k) {
                const Triangle3 roof = other.leaf(leaf).triangle(k);
                const int sense = facing(roof);
                if (sense != 0) {
                    add(six_integrals(part_under(whole, face, roof, sense, ties_count)), sense);
                }
            }
        });
    }

    /// Six times the volume, and the sum of the sizes of what was added.
    const Number& six_volumes() const { return sum_; }
    const Number& size() const { return size_; }

  private:
    Polygon<Number> polygon(const Triangle3& t) const {
        Polygon<Number> p;
        for (const Vec3& x : t) {
            p.push_back(
                {Number(x[0]) - origin_[0], Number(x[1]) - origin_[1], Number(x[2]) - origin_[2]});
        }
        return p;
    }

    Polygon<Number> part_under(Polygon<Number> part,
                               const Triangle3& face,
                               const Triangle3& roof,
                               int sense,
                               bool ties_count) const {
        // Decided exactly, or rounding would count coincident faces at random.
        const bool coincident = orient3d(roof[0], roof[1], roof[2], face[0]) == 0 &&
                                orient3d(roof[0], roof[1], roof[2], face[1]) == 0 &&
                                orient3d(roof[0], roof[1], roof[2], face[2]) == 0;
        if (coincident && !ties_count) {
            return {};
        }
        const Polygon<Number> r = polygon(roof);
        for (std::size_t k = 0; k < 3 && part.size() >= 3; ++k) {
            part = clipped<Number>(part, [&](const Point<Number>& x) {
                return Number(-sense * shadow<Number>(r[k], r[(k + 1) % 3], x));
            });
        }
        if (coincident || part.size() < 3) {
            return part;
        }
        const Point<Number> u = minus(r[1], r[0]), v = minus(r[2], r[0]);
        const Point<Number> n{
            u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
        return clipped<Number>(part, [&](const Point<Number>& x) {
            const Point<Number> w = minus(x, r[0]);
            return Number(sense * (n[0] * w[0] + n[1] * w[1] + n[2] * w[2]));
        });
    }

    static Point<Number> minus(const Point<Number>& a, const Point<Number>& b) {
        return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    }

    void add(const Number& six_integral, int times) {
        sum_ += times * six_integral;
        size_ +=
            times * six_integral < 0 ? Number(-times * six_integral) : Number(times * six_integral);
    }

    Point<Number> origin_;
    Number sum_ = 0, size_ = 0;
};

Triangle3 corners(const SolidMesh& mesh, std::size_t face) {
    const auto& f = mesh.faces[face];
    return {mesh.vertices.row(f[0]).transpose(),
            mesh.vertices.row(f[1]).transpose(),
            mesh.vertices.row(f[2]).transpose()};
}

/// The faces of one mesh in the other.
struct Side {
    const SolidMesh& mesh;
    const SolidMesh& other;
    std::vector<int> crossing; // ascending
    std::vector<int> windings; // [V] of the other mesh
    bool ties_count;

    bool empty() const {
        return crossing.empty() &&
               std::all_of(windings.begin(), windings.end(), [](int w) { return w == 0; });
    }
    template <typename Number>
    void add_to(VolumeSum<Number>& sum) const {
        auto next = crossing.begin();
        for (std::size_t f = 0; f < mesh.faces.size(); ++f) {
            if (next != crossing.end() && *next == static_cast<int>(f)) {
                ++next;
                sum.add_under(corners(mesh, f), other.distance.tree(), ties_count);
                continue;
            }
            const int winding = windings[static_cast<std::size_t>(mesh.faces[f][0])];
            if (winding != 0) {
                sum.add_whole(corners(mesh, f), winding);
            }
        }
    }
};

} // namespace

double intersection_volume(const SolidMesh& a, const SolidMesh& b) {
    constexpr double kDecisive = 1e-7; // of what was added up, far above its rounding
    const auto pairs = intersecting_triangles(a.distance.tree(), b.distance.tree());
    const auto side = [&](const SolidMesh& mesh, const SolidMesh& other, bool second) {
        std::vector<int> crossing = crossing_faces(pairs, second);
        std::vector<int> windings =
            vertex_windings(mesh.vertices, mesh.faces, crossing, other.distance);
        return Side{mesh, other, std::move(crossing), std::move(windings), second};
    };
    const Side of_a = side(a, b, false), of_b = side(b, a, true);
    if (of_a.empty() && of_b.empty()) {
        return 0;
    }
    // The shared volume lies about the places where the meshes meet: measured from there, little
    // cancels.
    const Vec3 origin = pairs.empty() ? Vec3(a.vertices.row(0))
                                      : corners(a, static_cast<std::size_t>(pairs[0].first))[0];
    VolumeSum<double> quick(origin);
    of_a.add_to(quick);
    of_b.add_to(quick);
    if (quick.six_volumes() > kDecisive * quick.size()) {
        return quick.six_volumes() / 6;
    }
    VolumeSum<mpq_class> exact(origin);
    of_a.add_to(exact);
    of_b.add_to(exact);
    return exact.six_volumes().get_d() / 6;
}

double intersection_volume(const TriMesh& a, const TriMesh& b) {
    const MeshDistance solid_a(a), solid_b(b);
    return intersection_volume(SolidMesh{a.vertices, a.faces, solid_a},
                               SolidMesh{b.vertices, b.faces, solid_b});
}

} // namespace rih
