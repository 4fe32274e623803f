#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sizes of the hands that a file of poses or a data set holds, beside published ones.

    tools/hand_sizes.py POSES.npz --hand build/assets/hand/right.npz
    tools/hand_sizes.py DIR

Measures every distinct right hand at rest: length from the wrist joint to the tip of the middle finger,
breadth between the surface beside the roots of index and little finger, breadth of the wrist and of finger
joints, fingers from root joint to tip. Prints mean and standard deviation in mm, and the figures of Greiner,
"Hand anthropometry of U.S. Army personnel", NATICK/TR-92/011, 1991, for women and men and for both in equal
parts; of fingers, whose roots he takes at the palm's crease, those of Buryanov and Kotiuk, "Proportions of hand
segments", Int. J. Morphol. 28 (3), 2010. Needs numpy.
"""
import argparse
import json
import pathlib
import tarfile

import numpy as np

# mm: women's mean and deviation, men's.
PUBLISHED = {
    "hand length": (180.7, 9.8, 194.1, 9.9),
    "hand breadth": (79.5, 3.8, 90.4, 4.2),
    "wrist breadth": (57.0, 3.4, 65.8, 4.5),
    "index PIP breadth": (19.9, 1.3, 23.0, 1.6),
    "middle PIP breadth": (19.3, 1.3, 22.5, 1.6),
}
# mm: bones and the flesh beyond, means by X-ray of 66 adults.
BONES = {"index root to tip": 81.8, "middle root to tip": 92.3, "ring root to tip": 88.3, "little root to tip": 70.5}
FINGERS = (("index", 1), ("middle", 2), ("ring", 4), ("little", 3))  # in the order of tip_vertices; mano16


class Calipers:
    """Vertices where each measure is taken, found on the mean hand."""

    def __init__(self, hand):
        self.hand = hand
        self.vertices = hand["template_vertices"]
        joints = hand["joint_regressor"] @ self.vertices
        weights = hand["skin_weights"]
        not_thumb = weights[:, 13:16].sum(1) < 0.3
        self.pairs = {
            "hand breadth": (self.outermost(joints[1], 1, not_thumb), self.outermost(joints[7], -1)),
            "wrist breadth": self.across(joints[0] - (-0.004, 0, 0), np.ones(len(weights), dtype=bool)),
        }
        for name, finger in FINGERS[:2]:
            own = weights[:, 3 * finger - 2:3 * finger + 1].sum(1) > 0.6
            self.pairs[f"{name} PIP breadth"] = self.across(joints[3 * finger - 1], own, 0.003)

    def outermost(self, joint, sign, mask=None, near=0.006):
        mask = (np.abs(self.vertices[:, 0] - joint[0]) < near) & (True if mask is None else mask)
        candidates = np.flatnonzero(mask)
        return candidates[(sign * self.vertices[candidates, 2]).argmax()]

    def across(self, joint, mask, near=0.006):
        return self.outermost(joint, 1, mask, near), self.outermost(joint, -1, mask, near)

    def measure(self, shape):
        """{name: mm}"""
        hand = self.hand
        rest = self.vertices + hand["shape_dirs"] @ shape
        joints = hand["joint_regressor"] @ rest
        tips = rest[hand["tip_vertices"]]
        sizes = {"hand length": np.linalg.norm(tips[2] - joints[0])}
        sizes |= {name: np.linalg.norm(rest[a] - rest[b]) for name, (a, b) in self.pairs.items()}
        for k, (name, finger) in enumerate(FINGERS):
            chain = [*joints[3 * finger - 2:3 * finger + 1], tips[k + 1]]
            sizes[f"{name} root to tip"] = sum(np.linalg.norm(b - a) for a, b in zip(chain, chain[1:]))
        return {name: 1e3 * size for name, size in sizes.items()}


def shapes_of_dataset(folder):
    for path in sorted(folder.glob("*/*.tar")):
        with tarfile.open(path) as shard:
            for entry in shard:
                if entry.name.endswith(".json"):
                    yield json.load(shard.extractfile(entry))["hands"]["right"]["shape"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("source", type=pathlib.Path, help="poses npz or data set")
    parser.add_argument("--hand", type=pathlib.Path, help="right hand's npz; a data set has its own")
    arguments = parser.parse_args()
    if arguments.source.is_dir():
        shapes = list(shapes_of_dataset(arguments.source))
        hand = np.load(arguments.hand or arguments.source / "hands" / "right.npz")
    else:
        shapes = np.load(arguments.source)["shape"][:, 0]
        hand = np.load(arguments.hand or parser.error("--hand is needed with poses"))
    hand = {name: hand[name] for name in hand}
    calipers = Calipers(hand)
    people = np.unique(np.asarray(shapes), axis=0)
    sizes = [calipers.measure(shape) for shape in people]
    print(f"{len(people)} people; mm: mean and deviation; published: women, men, both alike often")
    for name in sizes[0]:
        values = np.array([size[name] for size in sizes])
        line = f"{name:20} {values.mean():6.1f} {values.std():5.1f}"
        if name in PUBLISHED:
            a, sd_a, b, sd_b = PUBLISHED[name]
            both = np.sqrt((sd_a ** 2 + sd_b ** 2) / 2 + (b - a) ** 2 / 4)
            line += f"   {a:6.1f} {sd_a:4.1f}   {b:6.1f} {sd_b:4.1f}   {(a + b) / 2:6.1f} {both:5.1f}"
        elif name in BONES:
            line += f"   {'':11}   {'':11}   {BONES[name]:6.1f}"
        print(line)
    both = np.array([[size["hand length"], size["hand breadth"]] for size in sizes]).T
    print(f"correlation of length and breadth {np.corrcoef(both)[0, 1]:.2f}")


if __name__ == "__main__":
    main()
