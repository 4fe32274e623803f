#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draw the embedding of Figure 9 from what `renderih study tsne` wrote.

    python tools/studies/draw_tsne.py study/tsne.npz --out tsne.png

Needs the packages of requirements.txt beside this file (scikit-learn; not needed by anything else).
Raw poses are blue, augmented ones sand, released ones orange; the order of drawing is shuffled, so
that no kind covers another.
"""
import argparse
import sys

try:
    import numpy
    from PIL import Image, ImageDraw
    from sklearn.manifold import TSNE
except ImportError as error:
    sys.exit(f"draw_tsne: Python package '{error.name}' is missing; try: "
             "pip install --require-hashes -r tools/studies/requirements.txt")

KINDS = [("raw", (59, 111, 182)), ("augmented", (200, 184, 160)), ("released", (209, 96, 61))]
SIDE, MARGIN, OVERSAMPLING = 640, 30, 2


def embed(path, most):
    """Points in the plane and their kinds; at most MOST of each kind."""
    with numpy.load(path, allow_pickle=False) as arrays:
        points, kinds = arrays["keypoints"], arrays["kind"]
    if points.ndim != 3 or points.shape[1:] != (42, 3) or kinds.shape != points.shape[:1]:
        sys.exit(f"draw_tsne: {path}: keypoints must be [N, 42, 3] and kind [N]")
    chosen = numpy.sort(numpy.concatenate([numpy.flatnonzero(kinds == k)[:most] for k in range(3)]))
    points, kinds = points[chosen], kinds[chosen]
    if len(points) < 10:
        sys.exit(f"draw_tsne: {path}: {len(points)} poses are too few")
    tsne = TSNE(perplexity=min(30, len(points) / 4), init="pca", random_state=0)
    return tsne.fit_transform(points.reshape(len(points), -1).astype(numpy.float64)), kinds


def draw(plane, kinds, out):
    """Scatter with a legend."""
    side = SIDE * OVERSAMPLING
    picture = Image.new("RGB", (side, side), "white")
    pen = ImageDraw.Draw(picture)
    low, high = plane.min(axis=0), plane.max(axis=0)
    at = MARGIN * OVERSAMPLING + (plane - low) / (high - low) * (side - 2 * MARGIN * OVERSAMPLING)
    radius = 2.2 * OVERSAMPLING
    for i in numpy.random.default_rng(0).permutation(len(at)):
        x, y = at[i]
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=KINDS[kinds[i]][1])
    picture = picture.resize((SIDE, SIDE), Image.LANCZOS)
    pen = ImageDraw.Draw(picture)
    for k, (name, colour) in enumerate(KINDS):
        pen.ellipse((8 + 110 * k, 8, 16 + 110 * k, 16), fill=colour)
        pen.text((20 + 110 * k, 6), f"{name} ({int((kinds == k).sum())})", fill="black")
    picture.quantize(64).save(out, optimize=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("npz", help="tsne.npz of `renderih study tsne`")
    parser.add_argument("--out", required=True, help="picture to write (.png)")
    parser.add_argument("--most", type=int, default=1500, help="poses of each kind at most")
    args = parser.parse_args()
    plane, kinds = embed(args.npz, args.most)
    draw(plane, kinds, args.out)
    print(f"wrote {args.out}: {len(kinds)} poses")


if __name__ == "__main__":
    main()
