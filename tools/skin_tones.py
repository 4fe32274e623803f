#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How skin tones are spread over a data set, as recorded and as its pictures show them.

    tools/skin_tones.py DIR [--picture albedo|rgb]

Of each record the mean colour of the hands' pixels (seg 1 .. 32, palms and nails included) is taken from
albedo.png, which is the clean picture in white light from everywhere without shading, or from the rgb
picture as it is. Prints counts of ITA classes by the record and by the pixels, and the median difference.
Needs numpy and Pillow; the set needs `image.albedo = true` for the first.
"""
import argparse
import collections
import io
import json
import math
import pathlib
import tarfile

import numpy as np
from PIL import Image

CLASSES = [("very_light", 55), ("light", 41), ("intermediate", 28), ("tan", 10), ("brown", -30),
           ("dark", -math.inf)]
LAST_HAND_PART = 32


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


def records(folder, picture):
    for path in sorted(folder.glob("*/*.tar")):
        members = {}
        with tarfile.open(path) as shard:
            for entry in shard:
                key, name = entry.name.split(".", 1)
                members.setdefault(key, {})[name] = shard.extractfile(entry).read()
        for key, files in members.items():
            file = next(name for name in files if name.startswith(picture))
            rgb = np.asarray(Image.open(io.BytesIO(files[file])), dtype=float) / 255
            seg = np.asarray(Image.open(io.BytesIO(files["seg.png"])))
            hand = (seg >= 1) & (seg <= LAST_HAND_PART)
            if hand.any():
                yield json.loads(files["json"]), linear_from_srgb(rgb[hand]).mean(axis=0)


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
