# SPDX-License-Identifier: Apache-2.0
"""Small mesh tools on index arrays: borders, components, smoothing, normals, closest points, volume."""
import numpy as np


def directed_edges(faces):
    """[F, k] -> [F * k, 2] in face order."""
    return np.stack([faces, np.roll(faces, -1, 1)], 2).reshape(-1, 2)


def border_loops(faces):
    """Loops of vertices along the border, in the direction of the faces' own edges.

    Raises ValueError where the border touches itself in a vertex (then a loop is not well defined).
    """
    edges = {tuple(edge) for edge in directed_edges(faces).tolist()}
    border = [edge for edge in sorted(edges) if edge[::-1] not in edges]
    following = dict(border)
    if len(following) != len(border):
        raise ValueError("border passes a vertex twice")
    loops = []
    while following:
        start = min(following)
        loop = [start]
        vertex = following.pop(start)
        while vertex != start:
            loop.append(vertex)
            vertex = following.pop(vertex)
        loops.append(loop)
    return loops


def is_closed(faces):
    """Every directed edge occurs once and its reverse once."""
    edges = [tuple(edge) for edge in directed_edges(faces).tolist()]
    unique = set(edges)
    return len(unique) == len(edges) and all(edge[::-1] in unique for edge in unique)


def volume(vertices, faces):
    """Signed volume of a closed triangle mesh; positive when wound counter-clockwise from outside."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    return float(np.einsum("ni,ni->n", a, np.cross(b, c)).sum() / 6)


def close_by_fans(faces):
    """Add a triangle fan (hub: the loop's first vertex) over every border loop. -> faces [F', 3]"""
    caps = [
        [loop[0], loop[k + 1], loop[k]] for loop in border_loops(faces) for k in range(1, len(loop) - 1)
    ]
    return np.concatenate([faces, np.array(caps, int).reshape(-1, 3)])


def vertex_components(faces, count):
    """Label [count]: vertices joined by faces share the smallest vertex index of their piece."""
    label = np.arange(count)
    while True:
        smallest = label[faces].min(1)
        updated = label.copy()
        np.minimum.at(updated, faces.ravel(), np.repeat(smallest, faces.shape[1]))
        if (updated == label).all():
            return label
        label = updated


def face_neighbours(faces):
    """-> [F, k]: the face across each edge, -1 at a border."""
    owner = {tuple(edge): face for face, ring in enumerate(faces.tolist())
             for edge in zip(ring, ring[1:] + ring[:1])}
    return np.array([[owner.get((b, a), -1) for a, b in zip(ring, ring[1:] + ring[:1])]
                     for ring in faces.tolist()])


def face_components(neighbours, selected):
    """Lists of face ids: the edge-connected pieces of the selected faces, largest first."""
    left = set(np.flatnonzero(selected).tolist())
    pieces = []
    while left:
        stack, piece = [min(left)], []
        left.discard(stack[0])
        while stack:
            face = stack.pop()
            piece.append(face)
            for other in neighbours[face].tolist():
                if other in left:
                    left.discard(other)
                    stack.append(other)
        pieces.append(sorted(piece))
    return sorted(pieces, key=lambda piece: (-len(piece), piece[0]))


def undirected_edges(faces):
    return np.unique(np.sort(directed_edges(faces), 1), axis=0)


def smooth(values, edges, iterations, step=0.5, fixed=None):
    """Uniform Laplacian smoothing of per-vertex values [V] or [V, k]."""
    values = np.array(values, float)
    flat = values.reshape(len(values), -1)
    degree = np.bincount(edges.ravel(), minlength=len(values)).clip(1)[:, None]
    for _ in range(iterations):
        total = np.zeros_like(flat)
        np.add.at(total, edges[:, 0], flat[edges[:, 1]])
        np.add.at(total, edges[:, 1], flat[edges[:, 0]])
        moved = flat + step * (total / degree - flat)
        flat = moved if fixed is None else np.where(fixed[:, None], flat, moved)
    return flat.reshape(values.shape)


def vertex_normals(vertices, faces):
    """Area-weighted unit normals [V, 3] of a triangle mesh."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    face_normal = np.cross(b - a, c - a)
    normals = np.zeros_like(vertices)
    for k in range(3):
        np.add.at(normals, faces[:, k], face_normal)
    return normals / np.linalg.norm(normals, axis=1, keepdims=True).clip(1e-30)


def split_quads(quads):
    """[Q, 4] -> [2 Q, 3]; the triangles of quad q are 2 q and 2 q + 1."""
    return np.stack([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]], 1).reshape(-1, 3)


def closest_on_quads(points, vertices, quads, candidates=24):
    """Closest quad and bilinear-corner weights of each point: -> quad [P], weights [P, 4], distance [P].

    Candidates are the triangles with the nearest centroids; good for meshes of even density.
    """
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    centres = vertices[triangles].mean(1)
    out_quad = np.zeros(len(points), int)
    out_weights = np.zeros((len(points), 4))
    out_distance = np.zeros(len(points))
    for start in range(0, len(points), 256):
        p = points[start:start + 256]
        near = np.argsort(((p[:, None] - centres[None]) ** 2).sum(2), 1, kind="stable")[:, :candidates]
        a, b, c = (vertices[triangles[near]][:, :, k] for k in range(3))
        barycentric = _clamped_barycentric(p[:, None], a, b, c)
        found = (barycentric[..., None] * np.stack([a, b, c], 2)).sum(2)
        distance = np.linalg.norm(found - p[:, None], axis=2)
        best = distance.argmin(1)
        rows = np.arange(len(p))
        triangle = near[rows, best]
        second = triangle >= len(quads)
        weights = np.zeros((len(p), 4))
        weights[rows, 0] = barycentric[rows, best, 0]
        weights[rows, np.where(second, 2, 1)] = barycentric[rows, best, 1]
        weights[rows, np.where(second, 3, 2)] = barycentric[rows, best, 2]
        out_quad[start:start + 256] = triangle % len(quads)
        out_weights[start:start + 256] = weights
        out_distance[start:start + 256] = distance[rows, best]
    return out_quad, out_weights, out_distance


def _clamped_barycentric(p, a, b, c):
    """Barycentric coordinates of the projection, negative ones cut off and rescaled (a near-closest point)."""
    ab, ac, ap = b - a, c - a, p - a
    d00, d01, d11 = (ab * ab).sum(2), (ab * ac).sum(2), (ac * ac).sum(2)
    d20, d21 = (ap * ab).sum(2), (ap * ac).sum(2)
    denominator = d00 * d11 - d01 * d01 + 1e-30
    v = (d11 * d20 - d01 * d21) / denominator
    w = (d00 * d21 - d01 * d20) / denominator
    weights = np.stack([1 - v - w, v, w], 2).clip(0)
    return weights / weights.sum(2, keepdims=True)
