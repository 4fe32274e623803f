# SPDX-License-Identifier: Apache-2.0
"""`renderih measure` against Manifold, an independent library for mesh booleans: shared volume,
intersecting or not, least distance; and against plain numpy: triangle count, depth, contact areas.
On boxes with known answers and on real pairs of hands."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
from support import EndToEnd, run  # noqa: E402

try:
    import numpy as np
    from labels_test import pose_hand
    import manifold3d
except ImportError as missing:
    raise unittest.SkipTest(f"{missing}: tools/setup.sh installs it")

BOX_FACES = [
    [0, 2, 1], [1, 2, 3], [4, 5, 6], [5, 7, 6], [0, 1, 4], [1, 5, 4],
    [2, 6, 3], [3, 6, 7], [0, 4, 2], [2, 4, 6], [1, 3, 5], [3, 7, 5],
]


def box(low, high):
    corners = [[(high if i >> k & 1 else low)[k] for k in range(3)] for i in range(8)]
    return np.array(corners, float), np.array(BOX_FACES)


def turned(mesh, axis, angle):
    axis = np.array(axis) / np.linalg.norm(axis)
    k = np.cross(np.eye(3), -axis)
    r = np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * k @ k
    return mesh[0] @ r.T, mesh[1]


def write_obj(path, mesh):
    lines = [f"v {x!r} {y!r} {z!r}" for x, y, z in mesh[0].tolist()]
    lines += [f"f {a} {b} {c}" for a, b, c in (mesh[1] + 1).tolist()]
    path.write_text("\n".join(lines) + "\n")


def manifold(mesh):
    # In millimetres: Manifold's tolerance is meant for sizes about one or more.
    solid = manifold3d.Manifold(
        manifold3d.Mesh64(np.ascontiguousarray(mesh[0] * 1e3), mesh[1].astype(np.uint64))
    )
    assert solid.status() == manifold3d.Error.NoError, solid.status()
    return solid


def distances(points, corners):
    """Of each point [P, 3] to the nearest of the triangles [F, 3, 3]."""
    if len(corners) == 0:
        return np.full(len(points), np.inf)
    a, edges = corners, np.roll(corners, -1, axis=1) - corners  # [F, 3, 3]
    normal = np.cross(edges[:, 0], edges[:, 1])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    inwards = np.cross(normal[:, None], edges)
    result = []
    for chunk in np.array_split(points, len(points) // 100 + 1):
        d = chunk[:, None, None] - a  # [P, F, 3, 3]
        over = (np.einsum("pfki,fki->pfk", d, inwards) >= 0).all(axis=2)
        plane = np.abs(np.einsum("pfi,fi->pf", d[:, :, 0], normal))
        t = np.einsum("pfki,fki->pfk", d, edges) / (edges**2).sum(axis=2)
        rim = np.linalg.norm(d - np.clip(t, 0, 1)[..., None] * edges, axis=3).min(axis=2)
        result.append(np.where(over, plane, rim).min(axis=1))
    return np.concatenate(result)


def inside(points, corners):
    """Whether the winding number of the triangles is above one half (Van Oosterom and Strackee 1983)."""
    result = []
    for chunk in np.array_split(points, len(points) // 200 + 1):
        d = corners - chunk[:, None, None]
        a, b, c = d[:, :, 0], d[:, :, 1], d[:, :, 2]
        la, lb, lc = (np.linalg.norm(x, axis=2) for x in (a, b, c))
        dot = lambda x, y: np.einsum("pfi,pfi->pf", x, y)
        angle = np.arctan2(
            dot(a, np.cross(b, c)), la * lb * lc + dot(a, b) * lc + dot(b, c) * la + dot(c, a) * lb
        )
        result.append(angle.sum(axis=1) / (2 * np.pi) > 0.5)
    return np.concatenate(result)


def pieces(corners, splits):
    """The middles of the 4^splits pieces of each triangle, and each one's area."""
    for _ in range(splits):
        middle = (corners + np.roll(corners, -1, axis=1)) / 2
        tips = [np.stack([corners[:, k], middle[:, k], middle[:, k - 1]], axis=1) for k in range(3)]
        corners = np.concatenate([*tips, middle])
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return corners.mean(axis=1), np.linalg.norm(cross, axis=1) / 2


def near(corners, others, reach):
    """The triangles whose boxes come within reach of the box of the others."""
    low, high = others.min(axis=(0, 1)) - reach, others.max(axis=(0, 1)) + reach
    return corners[((corners.max(axis=1) >= low) & (corners.min(axis=1) <= high)).all(axis=1)]


def pierced(segments, triangles):
    """[N] whether segment n [N, 2, 3] passes through triangle n [N, 3, 3]."""
    p, q = segments[:, 0], segments[:, 1]
    volume = lambda x, y, z, w: np.einsum("ni,ni->n", x - w, np.cross(y - w, z - w))
    a, b, c = (triangles[:, k] for k in range(3))
    apart = volume(a, b, c, p) * volume(a, b, c, q) < 0
    around = np.stack([volume(p, a, b, q), volume(p, b, c, q), volume(p, c, a, q)])
    return apart & ((around > 0).all(axis=0) | (around < 0).all(axis=0))


def count_pairs(a, b):
    """Pairs of triangles in general position that share a point: an edge of one pierces the other."""
    meets = np.ones((len(a), len(b)), bool)
    for k in range(3):
        meets &= a[:, :, k].max(axis=1)[:, None] >= b[:, :, k].min(axis=1)
        meets &= a[:, :, k].min(axis=1)[:, None] <= b[:, :, k].max(axis=1)
    i, j = meets.nonzero()
    found = np.zeros(len(i), bool)
    for k in range(3):
        found |= pierced(a[i][:, [k, (k + 1) % 3]], b[j])
        found |= pierced(b[j][:, [k, (k + 1) % 3]], a[i])
    return int(found.sum())


class Measure(EndToEnd):
    def compare_with_numpy(self, ours, a, b, splits):
        """Count, depth and contact areas; the pieces of 4^splits a face bound what they may miss."""
        a, b = (np.asarray(mesh[0])[mesh[1]] for mesh in (a, b))
        self.assertEqual(ours["intersecting_triangle_pairs"], count_pairs(a, b))
        depth = 0
        for x, y in ((a, b), (b, a)):
            points, _ = pieces(near(x, y, 0), splits)
            points = np.concatenate([points, near(x, y, 0).reshape(-1, 3)])
            points = points[inside(points, y)] if len(points) else points
            depth = max(depth, distances(points, y).max()) if len(points) else depth
        longest = max(np.linalg.norm(x - np.roll(x, 1, axis=1), axis=2).max() for x in (a, b))
        self.assertGreaterEqual(ours["penetration_depth_m"], 0.99 * depth - 1e-5)
        self.assertLessEqual(ours["penetration_depth_m"], depth + longest / 2**splits)
        close = near(a, b, 0.005)
        points, areas = pieces(close, splits)
        if len(points) == 0:
            return
        gap = np.where(inside(points, b), 0, distances(points, near(b, close, 0.01)))
        for name, reach in (("_1mm", 0.001), ("", 0.002), ("_5mm", 0.005)):
            expected = 1e6 * areas[gap <= reach].sum()
            self.assertAlmostEqual(
                ours[f"contact_area{name}_mm2"], expected, delta=2 + 0.03 * expected
            )

    def measure(self, a, b):
        paths = [self.folder / "a.obj", self.folder / "b.obj"]
        for path, mesh in zip(paths, (a, b)):
            write_obj(path, mesh)
        return json.loads(run("measure", *paths, "--json").stdout)

    def compare(self, a, b):
        """The measures of a and b, after holding them against Manifold's."""
        ours = self.measure(a, b)
        # Where a surface folds over itself, Manifold counts once what we count twice.
        folds = sum(each["self_intersecting_triangle_pairs"] for each in ours["meshes"])
        tolerance = 1e-4 if folds > 0 else 1e-9
        ma, mb = manifold(a), manifold(b)
        for each, solid in zip(ours["meshes"], (ma, mb)):
            self.assertAlmostEqual(each["volume_mm3"], solid.volume(), delta=tolerance * solid.volume())
        shared = (ma ^ mb).volume()
        scale = min(ma.volume(), mb.volume())
        self.assertAlmostEqual(
            ours["intersection_volume_mm3"], shared, delta=tolerance * scale + 1e-9 * shared
        )
        if ours["intersecting_triangle_pairs"] == 0 and ours["penetration_depth_m"] == 0:
            self.assertEqual(ours["intersection_volume_mm3"], 0)
            gap = ma.min_gap(mb, 2e3 * ours["min_distance_m"] + 1)  # looks no farther: it is slow
            self.assertAlmostEqual(1e3 * ours["min_distance_m"], gap, delta=1e-6 * max(gap, 1))
        else:
            self.assertEqual(ours["min_distance_m"], 0)
        return ours

    def test_boxes(self):
        a = box((0, 0, 0), (0.2, 0.2, 0.2))
        shared = self.compare(a, box((0.1, 0.05, 0.15), (0.3, 0.3, 0.3)))
        self.assertAlmostEqual(shared["intersection_volume_mm3"], 100 * 150 * 50, delta=1e-6)
        apart = self.compare(a, box((0.3, 0.25, 0.1), (0.4, 0.4, 0.4)))
        self.assertAlmostEqual(apart["min_distance_m"], np.hypot(0.1, 0.05), delta=1e-12)
        nested = self.compare(a, box((0.05, 0.05, 0.05), (0.1, 0.1, 0.1)))
        self.assertEqual(nested["intersecting_triangle_pairs"], 0)
        self.assertAlmostEqual(nested["intersection_volume_mm3"], 50**3, delta=1e-6)
        # The lower box ends under the upper one: its top and a rim of its four walls are near.
        above = self.measure(a, box((-0.1, 0.2006, -0.1), (0.3, 0.3, 0.3)))
        for name, reach in (("_1mm", 1.0), ("", 2.0), ("_5mm", 5.0)):
            self.assertAlmostEqual(
                above[f"contact_area{name}_mm2"], 200**2 + 4 * 200 * (reach - 0.6), delta=1e-3
            )
        touching = self.measure(a, box((0.2, 0.1, 0.1), (0.3, 0.3, 0.3)))
        self.assertGreater(touching["intersecting_triangle_pairs"], 0)
        self.assertEqual(touching["intersection_volume_mm3"], 0)
        rng = np.random.default_rng(1)
        overlaps = 0
        for _ in range(20):
            b = turned(box((0, 0, 0), (0.2, 0.1, 0.15)), rng.normal(size=3), rng.uniform(0, 3))
            b = b[0] + rng.uniform(-0.2, 0.3, size=3), b[1]
            ours = self.compare(a, b)
            self.compare_with_numpy(ours, a, b, 6)
            overlaps += ours["intersection_volume_mm3"] > 0
        self.assertGreater(overlaps, 4)
        self.assertLess(overlaps, 20)

    def test_hands(self):
        poses = self.folder / "poses.npz"
        run("poses", "--out", poses, "--count", 6, "--seed", 5)
        hands = []
        for side in ("right", "left"):
            run("hand", "--side", side, "--out", self.folder / f"{side}.npz")
            hands.append(dict(np.load(self.folder / f"{side}.npz")))
        file = np.load(poses)
        for n in range(len(file["pose"])):
            meshes = []
            for h, hand in enumerate(hands):
                rotations = np.concatenate([file["pose"][n, h], file["forearm"][n, h][None]])
                vertices, _, _ = pose_hand(
                    hand, rotations, file["shape"][n, h], file["translation"][n, h]
                )
                meshes.append((vertices, hand["faces"]))
            with self.subTest(pair=n, what="as released"):
                ours = self.compare(*meshes)
                self.assertEqual(ours["intersecting_triangle_pairs"], 0)
                self.assertAlmostEqual(
                    ours["min_distance_m"], float(file["min_distance_m"][n]), delta=1e-7
                )
                for name in ("contact_area_1mm_mm2", "contact_area_mm2", "contact_area_5mm_mm2"):
                    stored = float(file[name][n])
                    self.assertAlmostEqual(ours[name], stored, delta=1e-3 + 1e-5 * stored)
            middle = [m[0].mean(axis=0) for m in meshes]
            way = (middle[0] - middle[1]) / np.linalg.norm(middle[0] - middle[1])
            for depth in (0.004, 0.02):
                with self.subTest(pair=n, pushed_m=depth):
                    pushed = meshes[1][0] + depth * way, meshes[1][1]
                    ours = self.compare(meshes[0], pushed)
                    if n == 0 and depth < 0.01:  # numpy takes a minute
                        self.compare_with_numpy(ours, meshes[0], pushed, 1)

    def test_open_meshes_are_closed_and_bad_ones_refused(self):
        a, b = box((0, 0, 0), (0.2, 0.2, 0.2)), box((0.1, 0.1, 0.1), (0.3, 0.3, 0.3))
        ours = self.measure((a[0], a[1][:10]), b)
        self.assertEqual(ours["meshes"][0]["capped_loops"], 1)
        self.assertAlmostEqual(ours["intersection_volume_mm3"], 100**3, delta=1e-6)
        path = self.folder / "b.obj"
        write_obj(self.folder / "a.obj", a)
        for what, faces in {
            "inside out": b[1][:, ::-1],
            "one face turned": np.concatenate([b[1][:11], b[1][11:, ::-1]]),
            "a fin": np.concatenate([b[1], [[0, 1, 7]]]),
        }.items():
            with self.subTest(what):
                write_obj(path, (b[0], faces))
                refused = run("measure", self.folder / "a.obj", path, "--json", expect=1)
                self.assertEqual(refused.stdout, "")
                self.assertIn("b.obj", refused.stderr)
        # A box turned inside out is not to hide behind a larger one, far away.
        far = box((1, 1, 1), (2, 2, 2))
        both = np.concatenate([far[0], b[0]]), np.concatenate([far[1], 8 + b[1][:, ::-1]])
        write_obj(path, both)
        refused = run("measure", self.folder / "a.obj", path, "--json", expect=1)
        self.assertEqual(refused.stdout, "")
        self.assertIn("the piece of 12 faces about (0.2, 0.2, 0.2)", refused.stderr)

    def test_open_tops_of_any_outline(self):
        ground = [(0, 0), (0.2, 0), (0.2, 0.1), (0.1, 0.1), (0.1, 0.2), (0, 0.2)]  # an L
        floor = [[0, 2, 1], [0, 3, 2], [0, 4, 3], [0, 5, 4]]
        b = box((0.11, 0.11, 0.01), (0.19, 0.19, 0.09))  # in the L's corner, outside it
        for start in range(6):
            outline = ground[start:] + ground[:start]
            vertices = np.array([(x, y, z) for z in (0, 0.1) for x, y in outline], float)
            turn = [(i - start) % 6 for i in range(6)]
            walls = [f for i in range(6) for j in [(i + 1) % 6] for f in ([i, j, j + 6], [i, j + 6, i + 6])]
            faces = np.array([[turn[v] for v in f] for f in floor] + walls)
            with self.subTest(first=start):
                ours = self.measure((vertices, faces), b)
                self.assertAlmostEqual(ours["meshes"][0]["volume_mm3"], 3e6, delta=1e-3)
                self.assertEqual(ours["intersection_volume_mm3"], 0)


if __name__ == "__main__":
    unittest.main()
