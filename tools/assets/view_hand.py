# SPDX-License-Identifier: Apache-2.0
"""Look at the built hand: shaded pictures from several sides, for developers.

    python tools/assets/view_hand.py build/assets/hand/right.npz --out hand.png --look poses
"""
import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

import mesh
import rig

# Rows: picture right, picture up, towards the viewer.
VIEWS = {
    "back": [[0, 0, -1], [-1, 0, 0], [0, 1, 0]],
    "palm": [[0, 0, 1], [-1, 0, 0], [0, -1, 0]],
    "thumb": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "little": [[-1, 0, 0], [0, 1, 0], [0, 0, -1]],
    "tips": [[0, 0, 1], [0, 1, 0], [-1, 0, 0]],
    "oblique": [[0.6, 0, 0.8], [-0.48, 0.8, 0.36], [-0.64, -0.6, 0.48]],
    "under": [[0.6, 0, -0.8], [-0.48, 0.8, -0.36], [0.64, 0.6, 0.48]],
}
SKIN = np.array([0.87, 0.70, 0.60])


def angles(index=(0, 0, 0), middle=(0, 0, 0), ring=(0, 0, 0), pinky=(0, 0, 0), thumb=(0, 0, 0), splay=None):
    """Bends per finger (root, middle, end) and {finger: splay} -> bend_deg, splay_deg [15]."""
    bend = np.array([*index, *middle, *pinky, *ring, *thumb], float)
    splays = np.zeros(15)
    for finger, degrees in (splay or {}).items():
        splays[3 * rig.FINGERS.index(finger)] = degrees
    return bend, splays


POSES = {
    "flat": angles(),
    "fist": angles((70, 95, 65), (75, 95, 65), (70, 95, 65), (70, 88, 65), (25, 35, 35), {"thumb": 8}),
    "hook": angles((0, 100, 70), (0, 98, 70), (0, 98, 70), (0, 88, 70)),
    "pinch": angles((52, 48, 25), (20, 25, 12), (15, 20, 10), (10, 18, 10), (12, 22, 25), {"thumb": 24}),
    "opposed": angles((10, 15, 8), (15, 20, 10), (30, 30, 15), (50, 45, 25), (34, 40, 35), {"thumb": 28}),
    "spread": angles(thumb=(-15, -5, -5), splay={"index": 12, "middle": 2, "ring": -12, "pinky": -18, "thumb": -10}),
}


def render(vertices, faces, colours=None, view="back", size=420, centre=None, scale=None):
    """Z-buffer with smooth normals. colours: [F, 3] per face, [V, 3] per vertex or None. -> uint8 image"""
    axes = np.array(VIEWS[view], float)
    big = 2 * size
    points = vertices @ axes.T
    if centre is None:
        centre = (points[:, :2].max(0) + points[:, :2].min(0)) / 2
    else:
        centre = (axes @ np.asarray(centre))[:2]
    scale = scale or 0.9 * big / np.ptp(points[:, :2], axis=0).max()
    xy = (points[:, :2] - centre) * [scale, -scale] + big / 2
    normals = mesh.vertex_normals(vertices, faces) @ axes.T
    picture = np.full((big, big, 3), 0.14)
    depth = np.full((big, big), -np.inf)
    light = np.array([-0.4, 0.5, 0.77])
    for f, (i, j, k) in enumerate(faces):
        p = xy[[i, j, k]]
        low = np.maximum(np.floor(p.min(0)).astype(int), 0)
        high = np.minimum(np.ceil(p.max(0)).astype(int) + 1, big)
        area = (p[1, 0] - p[0, 0]) * (p[2, 1] - p[0, 1]) - (p[2, 0] - p[0, 0]) * (p[1, 1] - p[0, 1])
        if (high <= low).any() or abs(area) < 1e-9:
            continue
        gx, gy = np.meshgrid(np.arange(low[0], high[0]) + 0.5, np.arange(low[1], high[1]) + 0.5)
        w1 = ((gx - p[0, 0]) * (p[2, 1] - p[0, 1]) - (p[2, 0] - p[0, 0]) * (gy - p[0, 1])) / area
        w2 = ((p[1, 0] - p[0, 0]) * (gy - p[0, 1]) - (gx - p[0, 0]) * (p[1, 1] - p[0, 1])) / area
        w0 = 1 - w1 - w2
        z = w0 * points[i, 2] + w1 * points[j, 2] + w2 * points[k, 2]
        window = (slice(low[1], high[1]), slice(low[0], high[0]))
        hit = (w0 >= -1e-6) & (w1 >= -1e-6) & (w2 >= -1e-6) & (z > depth[window])
        if not hit.any():
            continue
        blend = np.stack([w0, w1, w2], 2)[hit]
        normal = blend @ normals[[i, j, k]]
        normal /= np.linalg.norm(normal, axis=1, keepdims=True).clip(1e-9)
        shade = 0.25 + 0.75 * (normal @ light).clip(0)
        if area > 0:  # a face seen from inside: mark it
            base = np.array([0.9, 0.1, 0.6])
            shade = np.full(len(shade), 0.8)
        elif colours is None:
            base = SKIN
        else:
            base = colours[f] if len(colours) == len(faces) else blend @ colours[[i, j, k]]
        picture[window][hit] = base * shade[:, None]
        depth[window][hit] = z[hit]
    small = picture.reshape(size, 2, size, 2, 3).mean((1, 3))
    return (255 * small.clip(0, 1) ** 0.8).astype(np.uint8)


def sheet(rows, labels=None):
    """rows: list of lists of equal images -> one PIL picture."""
    grid = np.concatenate([np.concatenate(row, 1) for row in rows], 0)
    picture = Image.fromarray(grid)
    draw = ImageDraw.Draw(picture)
    size = rows[0][0].shape[0]
    for r, label in enumerate(labels or []):
        draw.text((6, r * size + 6), label, fill=(255, 255, 255))
    return picture


def palette(count):
    return np.random.default_rng(3).uniform(0.25, 1, (count, 3))


def look_poses(hand, args):
    names = args.names.split(",") if args.names else list(POSES)
    rows = []
    for name in names:
        posed = hand.posed(*POSES[name], correctives=not args.plain)
        rows.append([render(posed, hand.arrays["faces"], None, view, args.size, centre=args.centre,
                            scale=2 * args.size / args.width) for view in args.views.split(",")])
    return sheet(rows, names)


def look_shapes(hand, args):
    """-2 and +2 standard deviations of every shape direction, four to a row."""
    names = json.loads(str(hand.arrays["meta"]))["shape_names"]
    view = args.views.split(",")[0]
    rows = []
    for s in range(len(names)):
        if s % 4 == 0:
            rows.append([])
        for amount in (-2, 2):
            shape = amount * (np.arange(len(names)) == s)
            rows[-1].append(render(hand.rest(shape), hand.arrays["faces"], None, view, args.size, args.centre,
                                   2 * args.size / args.width))
    rows[-1] += [np.zeros_like(rows[0][0])] * (8 - len(rows[-1]))
    return sheet(rows, [", ".join(names[s:s + 4]) for s in range(0, len(names), 4)])


def look_masks(hand, args):
    a = hand.arrays
    parts = palette(40)[a["part_of_face"]]
    nails = np.where(a["nail_of_face"][:, None], [0.9, 0.2, 0.3], SKIN)
    palm = a["palm_of_vertex"][:, None] * [0.2, 0.7, 1.0] + (1 - a["palm_of_vertex"][:, None]) * [1, 0.5, 0.2]
    tips = np.tile(SKIN, (len(a["template_vertices"]), 1))
    tips[a["tip_vertices"]] = [0, 0, 1]
    views = args.views.split(",")
    return sheet([[render(hand.rest(), a["faces"], c, v, args.size, args.centre, 2 * args.size / args.width)
                   for v in views] for c in (parts, nails, palm, tips)])


def look_packages(hand, args):
    data = json.loads((Path(args.hand).parent.parent / "poses" / "packages.json").read_text())
    rows, labels = [], []
    for take in data["poses"]:
        posed = hand.posed(np.array(take["bend_deg"]), np.array(take["splay_deg"]), correctives=not args.plain)
        rows.append([render(posed, hand.arrays["faces"], None, view, args.size, centre=args.centre,
                            scale=2 * args.size / args.width) for view in args.views.split(",")])
        labels.append(f"{take['source']} {take['name']} {take['clamped_deg']:.0f}")
    half = (len(rows) + 2) // 3
    pictures = [sheet(rows[s:s + half], labels[s:s + half]) for s in range(0, len(rows), half)]
    both = Image.new("RGB", (sum(p.width for p in pictures), pictures[0].height))
    for k, picture in enumerate(pictures):
        both.paste(picture, (k * pictures[0].width, 0))
    return both


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hand")
    parser.add_argument("--out", default="hand.png")
    parser.add_argument("--look", choices=["poses", "shapes", "masks", "packages"], default="poses")
    parser.add_argument("--views", default="back,palm,thumb,oblique")
    parser.add_argument("--names", help="poses to show, comma separated")
    parser.add_argument("--size", type=int, default=380)
    parser.add_argument("--width", type=float, default=0.27, help="metres across one picture")
    parser.add_argument("--centre", type=float, nargs=3, default=(-0.085, -0.02, 0.01))
    parser.add_argument("--plain", action="store_true", help="without pose correctives")
    args = parser.parse_args()
    with np.load(args.hand) as archive:
        hand = rig.Hand({name: archive[name] for name in archive.files})
    look = {"poses": look_poses, "shapes": look_shapes, "masks": look_masks, "packages": look_packages}
    look[args.look](hand, args).save(args.out)


if __name__ == "__main__":
    main()
