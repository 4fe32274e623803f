#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How skin tones are spread over a data set, as recorded and as its pictures show them.

    tools/skin_tones.py DIR [--picture albedo|rgb]

Of each record the mean colour of the hands' pixels (seg 1 .. 32) is taken from albedo.png, which is the clean
picture in white light from everywhere without shading, or from the rgb picture as it is. Where the record
has uv.png, palm and fingers' palm side are left out, since tone is that of the back; records that show next
to none of it are left out too. Prints counts of ITA classes by the record and by the pixels, and their
difference. Needs numpy and Pillow; the set needs `image.albedo = true`, better `image.uv = true` too.
"""
import argparse
import collections
import io
import json
import math
import pathlib
import struct
import tarfile
import zlib

import numpy as np
from PIL import Image

CLASSES = [("very_light", 55), ("light", 41), ("intermediate", 28), ("tan", 10), ("brown", -30),
           ("dark", -math.inf)]
LAST_HAND_PART = 32
MIN_PIXELS = 50


def read_png16(data):
    """[H, W, 3] of a 16-bit RGB PNG, which Pillow cuts to 8 bits."""
    header = struct.unpack(">IIBB", data[16:26])
    width, height = header[:2]
    assert header[2:] == (16, 2), "uv.png is not RGB of 16 bits"
    packed, at = b"", 8
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IDAT":
            packed += data[at + 8:at + 8 + size]
        at += 12 + size
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, -1)
    pixels = np.zeros((height, width * 6), np.uint8)
    above = np.zeros(width * 6, np.uint8)
    for y in range(height):
        above = unfiltered(rows[y, 0], rows[y, 1:], above)
        pixels[y] = above
    return pixels.view(">u2").reshape(height, width, 3).astype(np.int64)


def unfiltered(kind, row, above):
    """One PNG row of six bytes a pixel without its filter."""
    if kind == 0:
        return row
    if kind == 2:
        return row + above
    # Lists: each byte needs the one before it, and arrays give out single numbers slowly.
    out, up, row = [0] * 6 + row.tolist(), [0] * 6 + above.tolist(), row.tolist()
    for i, byte in enumerate(row, start=6):
        a, b, c = out[i - 6], up[i], up[i - 6]
        if kind == 1:
            guess = a
        elif kind == 3:
            guess = (a + b) // 2
        else:
            pa, pb, pc = abs(b - c), abs(a - c), abs(a + b - 2 * c)
            guess = a if pa <= pb and pa <= pc else b if pb <= pc else c
        out[i] = (byte + guess) & 255
    return np.array(out[6:], np.uint8)


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
    """Which places of the uv lie on the back of the hand."""

    def __init__(self, folder):
        self.sides = []
        for side in ("right", "left"):
            hand = np.load(folder / "hands" / f"{side}.npz")
            palm = np.zeros(len(hand["uv"]))
            palm[hand["uv_faces"].ravel()] = hand["palm_of_vertex"][hand["faces"].ravel()]
            palm[hand["uv_faces"][hand["nail_of_face"] > 0].ravel()] = 1
            self.sides.append((hand["uv"], palm))

    def of(self, uv, seg):
        """uv [N, 2] in 0 .. 1, seg [N] -> [N] bool, by the nearest vertex."""
        back = np.zeros(len(uv), dtype=bool)
        for side, (vertices, palm) in enumerate(self.sides):
            mine = np.flatnonzero((seg - 1) // 16 == side)
            for part in np.array_split(mine, len(mine) // 256 + 1):
                off = ((uv[part, None] - vertices[None]) ** 2).sum(axis=2)
                back[part] = palm[off.argmin(axis=1)] < 0.2
        return back


def records(folder, picture):
    backs = None
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
            if "uv.png" in files:
                backs = backs or Backs(folder)
                uv = read_png16(files["uv.png"])[hand][:, :2] / 65535
                hand[hand] = backs.of(uv, seg[hand])
            if hand.sum() >= MIN_PIXELS:
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
