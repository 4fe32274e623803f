// SPDX-License-Identifier: Apache-2.0
#include "renderih/geometry/solid_pieces.h"

#include "renderih/base/error.h"
#include "renderih/geometry/intersection.h"
#include "renderih/geometry/signed_distance.h"
#include "renderih/geometry/triangle_tree.h"

#include <cmath>
#include <map>
#include <optional>

namespace rih {
namespace {

/// The pieces of a closed mesh that hang together by edges, in the order of their first faces.
std::vector<TriMesh> pieces_of(const TriMesh& mesh) {
    std::map<std::pair<int, int>, int> face_of_edge;
    for (std::size_t f = 0; f < mesh.faces.size(); ++f) {
        for (std::size_t k = 0; k < 3; ++k) {
            face_of_edge[{mesh.faces[f][k], mesh.faces[f][(k + 1) % 3]}] = static_cast<int>(f);
        }
    }
    std::vector<TriMesh> pieces;
    std::vector<bool> seen(mesh.faces.size());
    for (std::size_t start = 0; start < mesh.faces.size(); ++start) {
        if (seen[start]) {
            continue;
        }
        std::map<int, int> number; // of the mesh -> of the piece
        TriMesh piece;
        std::vector<std::size_t> open{start};
        seen[start] = true;
        while (!open.empty()) {
            const auto& face = mesh.faces[open.back()];
            open.pop_back();
            auto& own = piece.faces.emplace_back();
            for (std::size_t k = 0; k < 3; ++k) {
                own[k] = number.try_emplace(face[k], static_cast<int>(number.size())).first->second;
                const auto other =
                    static_cast<std::size_t>(face_of_edge.at({face[(k + 1) % 3], face[k]}));
                if (!seen[other]) {
                    seen[other] = true;
                    open.push_back(other);
                }
            }
        }
        piece.vertices.resize(static_cast<Eigen::Index>(number.size()), 3);
        for (const auto& [of_mesh, of_piece] : number) {
            piece.vertices.row(of_piece) = mesh.vertices.row(of_mesh);
        }
        pieces.push_back(std::move(piece));
    }
    return pieces;
}

/// A piece with its volume; its tree is made when it is asked for.
class Piece {
  public:
    explicit Piece(TriMesh mesh)
        : mesh_(std::move(mesh)), volume_(signed_volume(mesh_)),
          low_(mesh_.vertices.colwise().minCoeff()), high_(mesh_.vertices.colwise().maxCoeff()) {
        if (volume_ < 0) { // a cavity counts its inside, as a solid does
            for (auto& f : mesh_.faces) {
                std::swap(f[0], f[1]);
            }
        }
    }

    double volume() const { return volume_; }
    /// Whether the volume is more than what rounding gives a piece that lies in a plane.
    bool encloses_something() const {
        return std::abs(volume_) > 1e-14 * std::pow((high_ - low_).maxCoeff(), 3);
    }
    std::string text() const {
        const Vec3 middle = 0.5 * (low_ + high_);
        return fmt::format("the piece of {} faces about ({:.6g}, {:.6g}, {:.6g})",
                           mesh_.faces.size(),
                           middle.x(),
                           middle.y(),
                           middle.z());
    }
    bool box_meets(const Piece& other) const {
        return (low_.array() <= other.high_.array()).all() &&
               (other.low_.array() <= high_.array()).all();
    }
    bool meets(Piece& other) {
        return !intersecting_triangles(solid().tree(), other.solid().tree(), 1).empty();
    }
    /// Whether this piece, which does not meet `other`, lies in it.
    bool is_in(Piece& other) const { return other.solid().inside(mesh_.vertices.row(0)); }

  private:
    const MeshDistance& solid() {
        if (!solid_) {
            solid_.emplace(mesh_);
        }
        return *solid_;
    }

    TriMesh mesh_;
    double volume_;
    Vec3 low_, high_;
    std::optional<MeshDistance> solid_;
};

} // namespace

void require_solid(const TriMesh& mesh, std::string_view name) {
    std::vector<Piece> pieces;
    for (TriMesh& piece : pieces_of(mesh)) {
        const Piece& made = pieces.emplace_back(std::move(piece));
        RIH_REQUIRE(made.encloses_something(), "{}: {} encloses nothing", name, made.text());
    }
    for (Piece& piece : pieces) {
        if (piece.volume() > 0) {
            continue;
        }
        int around = 0;
        for (Piece& other : pieces) {
            if (&other == &piece || !piece.box_meets(other)) {
                continue;
            }
            RIH_REQUIRE(!piece.meets(other),
                        "{}: {} is clockwise seen from outside and meets {}; turn its faces round",
                        name,
                        piece.text(),
                        other.text());
            around += piece.is_in(other) ? (other.volume() > 0 ? 1 : -1) : 0;
        }
        RIH_REQUIRE(around > 0,
                    "{}: {} is clockwise seen from outside and no cavity of another piece; turn "
                    "its faces round",
                    name,
                    piece.text());
    }
}

} // namespace rih
