# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests share: running the program, reading a data set with numpy and the
standard library alone."""
import io
import json
import os
import pathlib
import subprocess
import tarfile
import tempfile
import unittest

RENDERIH = os.environ.get("RENDERIH", "build/release/renderih")
# Small pictures and few samples: these tests are about bytes and numbers, not about beauty.
SMALL = ["--size", "128x84", "--spp", "2"]


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


def config(folder, **options):
    """A TOML file with top-level options."""
    path = pathlib.Path(folder) / "config.toml"
    path.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in options.items()))
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
