# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests share: running the program, reading a data set with numpy and the
standard library alone."""
import io
import json
import os
import pathlib
import struct
import subprocess
import tarfile
import tempfile
import unittest
import zlib

RENDERIH = os.environ.get("RENDERIH", "build/release/renderih")
# Small pictures and few samples: these tests are about bytes and numbers, not about beauty.
SMALL = ["--size", "128x84", "--spp", "2", "--places", "0"]
TINY = ["--size", "64x42", "--spp", "1", "--places", "0"]


def run(*arguments, expect=0, **kwargs):
    """Runs renderih and returns the finished process; fails unless its status is `expect` (None: any)."""
    process = subprocess.run(
        [RENDERIH, *map(str, arguments)], capture_output=True, text=True, check=False, **kwargs
    )
    if expect is not None and process.returncode != expect:
        raise AssertionError(
            f"renderih {' '.join(map(str, arguments))}: status {process.returncode}, not {expect}\n"
            f"{process.stdout}{process.stderr}"
        )
    return process


def config(folder, name="config", /, **options):
    """A TOML file with top-level options."""
    path = pathlib.Path(folder) / f"{name}.toml"
    path.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in options.items()))
    return path


def bare_config(folder, **options):
    """The same, for bare hands with coarse skin: records at little cost, where what is drawn does not
    matter."""
    path = config(folder, "bare", **options)
    path.write_text(path.read_text() + "[image]\nskin_map_height = 256\nsleeve = 0\nring = 0\n"
                    "bracelet = 0\nwatch = 0\ntable = 0\nwall = 0\ndenoise = false\nsensor = 'none'\n")
    return path


def shard_bytes(folder):
    """Every byte that must not depend on how the data set was made."""
    folder = pathlib.Path(folder)
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.glob("*/[0-9]*"))
        if path.is_file()
    }


def records(folder):
    """key -> member name -> bytes, over all shards, by tarfile alone."""
    found = {}
    for tar in sorted(pathlib.Path(folder).glob("*/*.tar")):
        with tarfile.open(tar) as archive:
            for member in archive:
                key, _, name = member.name.partition(".")
                found.setdefault(key, {})[name] = archive.extractfile(member).read()
    return found


def read_png16(data):
    """[H, W, C] of a 16-bit grey or RGB PNG; Pillow gives 8 bits of the latter."""
    import numpy as np

    at, chunks = 8, {}
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        chunks[name] = chunks.get(name, b"") + data[at + 8 : at + 8 + size]
        at += 12 + size
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert depth == 16 and colour in (0, 2)
    step = 2 * (3 if colour == 2 else 1)
    raw = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, -1)
    rows = np.zeros((height + 1, step + step * width), np.uint8)  # a zero row and column around
    for y in range(height):
        kind, line, above = raw[y, 0], rows[y + 1], rows[y]
        for i in range(step, step + step * width):
            a, b, c = int(line[i - step]), int(above[i]), int(above[i - step])
            p = a + b - c
            nearest = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            guess = (0, a, b, (a + b) // 2, nearest)[kind]
            line[i] = (int(raw[y, i - step + 1]) + guess) & 255
    return rows[1:, step:].copy().view(">u2").reshape(height, width, step // 2).astype(np.uint16)


def write_png16(pixels):
    height, width, channels = pixels.shape
    rows = pixels.astype(">u2").reshape(height, -1)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)

    def chunk(name, data):
        crc = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + crc

    head = struct.pack(">IIBBBBB", width, height, 16, 2 if channels == 3 else 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(raw))
        + chunk(b"IEND", b"")
    )


def tar_of(folder, key):
    """(path of the shard, index entry) that holds a record."""
    for index in sorted(pathlib.Path(folder).glob("*/*.idx.json")):
        entries = json.loads(index.read_text())
        if key in entries:
            return index.parent / index.name.replace(".idx.json", ".tar"), entries[key]
    raise AssertionError(f"no shard holds {key}")


class EndToEnd(unittest.TestCase):
    """A temporary folder for each test."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)


def image(data):
    """Decoded picture as a numpy array."""
    import numpy as np
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(data)))
