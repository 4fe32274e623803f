# SPDX-License-Identifier: Apache-2.0
"""The scene file that bench/peers/cycles.py gives to both renderers is one of ours, and its digest sees every file."""
import json
import pathlib
import sys
import unittest

from support import EndToEnd, run

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "bench" / "peers"))
from scene_file import load_scene


class Peers(EndToEnd):
    def test_a_scene_of_ours_is_rendered_again(self):
        run("scene", "--seed", 1, "--record", 0, "--size", "64x42", "--places", 0, "--out", self.folder / "scene")
        path = self.folder / "scene" / "scene.json"
        self.assertIn("maps", json.loads(path.read_text())["meshes"][0])
        work = self.folder / "work"
        work.mkdir()
        scene, written, digest = load_scene(path, 0.5, work)
        self.assertEqual((scene["camera"]["width"], scene["camera"]["height"]), (32, 21))
        run("render", written, "--out", self.folder / "picture.exr", "--spp", 1)
        self.assertEqual(load_scene(path, 0.5, work)[2], digest)
        environment = pathlib.Path(scene["env"]["file"])
        environment.write_bytes(environment.read_bytes() + b"0")
        self.assertNotEqual(load_scene(path, 0.5, work)[2], digest)


if __name__ == "__main__":
    unittest.main()
