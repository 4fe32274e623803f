# SPDX-License-Identifier: Apache-2.0
"""What the package's tests share: the program, and one small data set that all of them read."""

import functools
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

RENDERIH = os.environ.get("RENDERIH", "build/release/renderih")
ASSETS = os.environ.get("RENDERIH_ASSETS", "build/assets")
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
POSES, VIEWS = 12, 2
# All kinds of pictures, small; people wear things, so that labels differ in their fields.
CONFIGURATION = """
seed = 5
records_per_shard = 6

[image]
width = 96
height = 64
spp = 1
places = 0
skin_map_height = 256
normal = true
albedo = true
uv = true
sleeve = 0.5
ring = 0.5
watch = 0.4
bracelet = 0.4
table = 0.4
wall = 0.2
"""


def run(*arguments):
    """Standard output of renderih; fails unless it ends well."""
    process = subprocess.run(
        [RENDERIH, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    if process.returncode != 0:
        raise AssertionError(f"renderih {arguments}: {process.returncode}\n{process.stderr}")
    return process.stdout


@functools.cache
def scratch():
    """A folder that goes when the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="renderih_python_")
    scratch.kept = folder
    return pathlib.Path(folder.name)


@functools.cache
def data_set():
    """The data set; to be left as it is."""
    path = scratch() / "config.toml"
    path.write_text(CONFIGURATION)
    out = scratch() / "data"
    run("generate", "--out", out, "--config", path, "--poses", POSES, "--views", VIEWS)
    return out


class PackageTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def copy_of_data_set(self):
        """A data set that a test may damage."""
        copy = self.folder / "copy"
        if copy.exists():
            shutil.rmtree(copy)
        shutil.copytree(data_set(), copy)
        return copy

    def assert_user_error(self, words, function, *arguments, **options):
        """That a UserError of one line comes, with these words in it."""
        import renderih

        with self.assertRaises(renderih.UserError) as caught:
            function(*arguments, **options)
        message = str(caught.exception)
        self.assertNotIn("\n", message)
        for word in words:
            self.assertIn(word, message)


def edit_manifest(folder, edit):
    """Rewrites the rows of a manifest: edit(list of dicts) changes them in place."""
    path = folder / "manifest.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    edit(rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
