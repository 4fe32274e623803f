# SPDX-License-Identifier: Apache-2.0
"""How deep the skin on the two sides of a bent joint runs into itself: the numpy twin of the pose filter's
measure (src/renderih/geometry/self_penetration.h), for the parts that meet in a joint of a finger.
"""
import numpy as np

import mesh
import rig
from common import unit

SKIN_OFFSET_M = 1e-5
# Rays go in a direction that no edge of the mesh has.
RAY_FRAME = rig.rotation_about(unit(np.array([0.31, 0.77, 0.55])), 1.1)
# (farther, nearer) part of each joint, in the order of the joints: index, middle, pinky, ring, thumb.
SEAMS = tuple((first + 2 - k, 16 if k == 0 else first + 3 - k)
              for first in (10, 7, 1, 4, 13) for k in (0, 1, 2))


class Folds:
    """The closed parts of a hand, faces [F, 3] with part_of_face [F]."""

    def __init__(self, faces, part_of_face):
        self.faces = faces
        self.closed = {p: mesh.close_by_fans(faces[part_of_face == p]) for p in set(np.ravel(SEAMS).tolist())}
        self.own = {p: np.unique(closed) for p, closed in self.closed.items()}

    def depths(self, vertices, seams=SEAMS):
        """[len(seams), 2] m: deepest covered vertex of the farther part in the nearer one, and the reverse.

        A vertex is covered where the hand's own flesh is just outside it: a part's cap is no skin.
        """
        normals = mesh.vertex_normals(vertices, self.faces)
        return np.array([[max((d for _, d, _ in self._inside(vertices, normals, a, b)), default=0.0)
                          for a, b in (seam, seam[::-1])] for seam in seams])

    def _inside(self, vertices, normals, part, other):
        """-> [(vertex, depth m, closest point)] of the vertices of a part covered inside another."""
        triangles = vertices[self.closed[other]]
        low, high = triangles.min((0, 1)), triangles.max((0, 1))
        ids = np.setdiff1d(self.own[part], self.own[other])
        x = vertices[ids]
        ids = ids[((x > low) & (x < high)).all(1)]
        ids = ids[crossings(vertices[ids], triangles) > 0]
        if len(ids):
            ids = ids[crossings(vertices[ids] + SKIN_OFFSET_M * normals[ids], vertices[self.faces]) > 0]
        if not len(ids):
            return []
        near = closest_points(vertices[ids], triangles)
        return list(zip(ids.tolist(), np.linalg.norm(near - vertices[ids], axis=1).tolist(), near))


def crossings(points, triangles):
    """How often closed triangles [F, 3, 3] wind round each point [P, 3]: signed crossings of a ray. -> [P]"""
    p, t = points @ RAY_FRAME.T, triangles @ RAY_FRAME.T
    a, b, c = (t[None, :, k] - p[:, None] for k in range(3))

    def area(u, v):
        return u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]

    wa, wb, wc = area(b, c), area(c, a), area(a, b)
    up = (wa > 0) & (wb > 0) & (wc > 0)
    down = (wa < 0) & (wb < 0) & (wc < 0)
    height = wa * a[..., 2] + wb * b[..., 2] + wc * c[..., 2]  # times the area, whose sign is the crossing's
    return (up & (height > 0)).sum(1) - (down & (height < 0)).sum(1)


def closest_points(points, triangles):
    """Nearest point on triangles [F, 3, 3] of each point [P, 3]. -> [P, 3]"""
    p = points[:, None]
    a, b, c = (triangles[None, :, k] for k in range(3))
    ab, ac = b - a, c - a
    n = np.cross(ab, ac)
    nn = (n * n).sum(-1).clip(1e-30)
    v = (np.cross(p - a, ac) * n).sum(-1) / nn
    w = (np.cross(ab, p - a) * n).sum(-1) / nn
    inner = (v >= 0) & (w >= 0) & (v + w <= 1)
    candidates = [np.where(inner[..., None], a + v[..., None] * ab + w[..., None] * ac, np.inf)]
    for s, e in ((a, b), (b, c), (c, a)):
        d = e - s
        t = (((p - s) * d).sum(-1) / (d * d).sum(-1).clip(1e-30)).clip(0, 1)
        candidates.append(s + t[..., None] * d)
    best = np.stack(candidates, 2).reshape(len(points), -1, 3)
    distance = ((best - p) ** 2).sum(-1)
    return best[np.arange(len(points)), distance.argmin(1)]
