#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How skin tones are spread over a data set, as recorded and as its pictures show them.

    tools/skin_tones.py DIR [--picture albedo|rgb]

Of each record the mean colour of the hands' pixels (seg 1 .. 32) is taken from albedo.png, which is the clean
picture in white light from everywhere without shading, or from the rgb picture as it is. Where the record
has uv.png, palm and fingers' palm side are left out, since tone is that of the back; records that show next
to none of it are left out too. Prints counts of ITA classes by the record and by the pixels, and their
difference. Needs this package (docs/python.md) and scipy; the set needs `image.albedo = true`, better
`image.uv = true` too.
"""
import argparse
import collections
import math
import pathlib

import numpy as np
import renderih
import scipy.spatial

CLASSES = [("very_light", 55), ("light", 41), ("intermediate", 28), ("tan", 10), ("brown", -30),
           ("dark", -math.inf)]
LAST_HAND_PART = 32
MIN_PIXELS = 50


def linear_from_srgb(srgb):
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def ita_deg(rgb):
    """Of linear Rec.709 [3], against white D65."""
    xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                    [0.0193339, 0.1191920, 0.9503041]]) @ rgb
    t = xyz / np.array([0.95047, 1.0, 1.08883])
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return math.degrees(math.atan2(116 * f[1] - 16 - 50, 200 * (f[1] - f[2])))


def class_of(ita):
    return next(name for name, low in CLASSES if ita > low)


class Backs:
    """Which places of the uv lie on the back of the hand, on a grid: by the nearest vertex."""

    SIZE = 512

    def __init__(self, folder):
        cells = (np.arange(self.SIZE) + 0.5) / self.SIZE
        places = np.stack(np.meshgrid(cells, cells, indexing="ij"), axis=-1).reshape(-1, 2)
        self.grids = []
        for side in ("right", "left"):
            hand = np.load(folder / "hands" / f"{side}.npz")
            palm = np.zeros(len(hand["uv"]))
            palm[hand["uv_faces"].ravel()] = hand["palm_of_vertex"][hand["faces"].ravel()]
            palm[hand["uv_faces"][hand["nail_of_face"] > 0].ravel()] = 1
            nearest = scipy.spatial.cKDTree(hand["uv"]).query(places)[1]
            self.grids.append((palm[nearest] < 0.2).reshape(self.SIZE, self.SIZE))

    def of(self, uv, seg):
        """uv [N, 2] in 0 .. 1, seg [N] -> [N] bool."""
        cell = np.minimum((uv * self.SIZE).astype(int), self.SIZE - 1)
        side = (seg.astype(int) - 1) // 16
        return np.stack(self.grids)[side, cell[:, 0], cell[:, 1]]


def records(folder, picture):
    backs = None
    for record in renderih.open(folder):
        rgb = record.picture("albedo" if picture == "albedo" else "rgb") / 255.0
        seg = record.picture("seg")
        hand = (seg >= 1) & (seg <= LAST_HAND_PART)
        if "uv.png" in record.members:
            backs = backs or Backs(folder)
            hand[hand] = backs.of(record.picture("uv")[hand][:, :2] / 65535, seg[hand])
        if hand.sum() >= MIN_PIXELS:
            yield record.label, linear_from_srgb(rgb[hand]).mean(axis=0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--picture", choices=["albedo", "rgb"], default="albedo")
    arguments = parser.parse_args()
    recorded, seen, off = collections.Counter(), collections.Counter(), []
    for record, colour in records(arguments.folder, arguments.picture):
        ita = ita_deg(colour)
        recorded[record["appearance"]["ita_class"]] += 1
        seen[class_of(ita)] += 1
        off.append(ita - record["appearance"]["ita_deg"])
    total = len(off)
    print(f"{total} records, share of uniform: recorded, {arguments.picture} pixels")
    for name, _ in CLASSES:
        print(f"{name:13} {recorded[name] * len(CLASSES) / total:5.2f} "
              f"{seen[name] * len(CLASSES) / total:5.2f}")
    print(f"pixels less record, degrees ITA: median {np.median(off):.1f}, "
          f"10 % {np.percentile(off, 10):.1f}, 90 % {np.percentile(off, 90):.1f}")


if __name__ == "__main__":
    main()
