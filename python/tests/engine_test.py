# SPDX-License-Identifier: Apache-2.0
"""The bindings against the program's own files, known solids, and wrong use."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

import numpy as np
from common import ASSETS, PackageTest, data_set, run

import renderih


def box(low, high):
    """A closed box, counter-clockwise from outside."""
    corners = np.array([[(low, high)[i >> axis & 1][axis] for axis in range(3)] for i in range(8)])
    faces = [[0, 2, 1], [1, 2, 3], [4, 5, 6], [5, 7, 6], [0, 1, 4], [1, 5, 4],
             [2, 6, 3], [3, 6, 7], [0, 4, 2], [2, 4, 6], [1, 3, 5], [3, 7, 5]]  # fmt: skip
    return corners.astype(float), np.array(faces)


class Poses(PackageTest):
    def test_they_are_those_of_the_program(self):
        path = self.folder / "poses.npz"
        run("poses", "--out", path, "--count", 20, "--seed", 3, "--without", "adversarial")
        stored = dict(np.load(path))
        made = renderih.poses(20, seed=3, assets=ASSETS, threads=1, without=["adversarial"])
        self.assertEqual(set(made), set(stored))
        for name, array in stored.items():
            self.assertEqual(made[name].dtype.kind, array.dtype.kind, name)
            self.assertTrue(np.array_equal(made[name], array), name)

    def test_options(self):
        options = renderih.posing_options()
        self.assertEqual(options["iterations"], 215)
        self.assertEqual(renderih.posing_options("paper")["raw_noise_deg"], 0)
        made = renderih.poses(1, assets=ASSETS, iterations=3, schedule_end=2, shape_sd=0)
        self.assertEqual(json.loads(made["meta"][0])["posing"]["iterations"], 3)
        self.assertFalse(made["shape"].any())
        for words, wrong in [
            (["iteration", "iterations"], {"iteration": 3}),
            (["iterations", "'many'", "whole number"], {"iterations": "many"}),
            (["iterations", "2.5"], {"iterations": 2.5}),
            (["shape_sd", "-1"], {"shape_sd": -1}),
            (["without", "list"], {"without": "anatomy"}),
            (["gravity"], {"without": ["gravity"]}),
            (["preset", "famous"], {"preset": "famous"}),
            (["count", "0"], {"count": 0}),
            (["seed", "-1"], {"seed": -1}),
            (["threads"], {"threads": 1.5}),
            (["assets"], {"assets": self.folder}),
        ]:
            arguments = {"count": 1, "assets": ASSETS, **wrong}
            self.assert_user_error(words, lambda: renderih.poses(**arguments))

    def test_without_assets_it_says_what_to_do(self):
        kept = os.environ.pop("RENDERIH_ASSETS", None)
        try:
            self.assert_user_error(["RENDERIH_ASSETS", "setup.sh"], renderih.poses, 1)
        finally:
            if kept is not None:
                os.environ["RENDERIH_ASSETS"] = kept

    def test_other_threads_run_meanwhile(self):
        ticks, done = [], threading.Event()

        def tick():
            while not done.wait(0.001):
                ticks.append(time.perf_counter())

        ticker = threading.Thread(target=tick)
        ticker.start()
        begin = time.perf_counter()
        renderih.poses(8, assets=ASSETS, threads=1)
        end = time.perf_counter()
        done.set()
        ticker.join()
        # Were the GIL held, there would be none but at the ends.
        inside = [t for t in ticks if begin + 0.05 < t < end - 0.05]
        self.assertGreater(len(inside), 5 * (end - begin))

    def test_control_c_ends_it(self):
        code = (
            "import renderih, sys\n"
            "renderih.poses(1)\n"  # what is imported is there
            "print('begun', flush=True)\n"
            "try:\n    renderih.poses(1000000)\n"
            "except KeyboardInterrupt:\n    sys.exit(7)\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            env={**os.environ, "RENDERIH_ASSETS": ASSETS},
        )
        self.assertEqual(process.stdout.readline(), b"begun\n")
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        try:
            self.assertEqual(process.wait(300), 7)
        finally:
            process.kill()
            process.stdout.close()
            process.wait()


class Measures(PackageTest):
    def test_boxes_that_overlap(self):
        a = box((0, 0, 0), (0.1, 0.1, 0.1))
        b = box((0.09, 0.02, 0.02), (0.2, 0.08, 0.08))
        measures = renderih.measure(*a, *b)
        self.assertAlmostEqual(measures["intersection_volume_mm3"], 10 * 60 * 60, places=5)
        self.assertAlmostEqual(measures["penetration_depth_m"], 0.01, places=9)
        self.assertEqual(measures["min_distance_m"], 0)
        self.assertGreater(measures["intersecting_triangle_pairs"], 0)
        self.assertAlmostEqual(measures["meshes"][0]["volume_mm3"], 1e6, places=3)

    def test_hands_as_the_program_measures_them(self):
        record = renderih.open(data_set())[0]
        meshes, paths = [], []
        for side, model in enumerate(renderih.open(data_set()).hands()):
            posed = model.pose(
                record.pose[side],
                record.shape[side],
                record.translation[side],
                record.forearm[side],
            )
            meshes += [posed.vertices, model.faces]
            paths.append(self.folder / f"{model.side}.obj")
            renderih.write_obj(paths[-1], *meshes[-2:])
        ours = renderih.measure(*meshes)
        theirs = json.loads(run("measure", *paths, "--json"))
        for mesh in (*ours["meshes"], *theirs["meshes"]):
            mesh.pop("file")
        self.assertEqual(ours, theirs)  # to the last bit: write_obj loses none
        interaction = record.label["interaction"]
        self.assertAlmostEqual(ours["min_distance_m"], interaction["min_distance_m"], places=6)
        self.assertEqual(ours["intersecting_triangle_pairs"], 0)

    def test_meshes_that_are_none(self):
        vertices, faces = box((0, 0, 0), (1, 1, 1))
        good = (vertices, faces)
        for words, a in [
            (["vertices_a", "[N, 3]"], (vertices[:, :2], faces)),
            (["faces_a", "whole numbers"], (vertices, faces + 0.5)),
            (["vertex 8"], (vertices, np.where(faces == 7, 8, faces))),
            (["vertex -1"], (vertices, faces - 1)),
            (["a"], (vertices * np.nan, faces)),
            (["a"], (vertices, faces[:0])),
        ]:
            self.assert_user_error(words, renderih.measure, *a, *good)
        turned = faces[:, ::-1]
        self.assert_user_error(["clockwise"], renderih.measure, vertices, turned, *good)


class Rendering(PackageTest):
    def scene(self):
        """A grey box before an even sky of radiance 1."""
        vertices, faces = box((-0.1, -0.1, -0.1), (0.1, 0.1, 0.1))
        renderih.write_obj(self.folder / "box.obj", vertices, faces)
        import struct

        # A Radiance .hdr of 8 x 4 pixels, all 1: mantissas 128, exponent 129.
        header = b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 4 +X 8\n"
        (self.folder / "sky.hdr").write_bytes(header + struct.pack("4B", 128, 128, 128, 129) * 32)
        return {
            "meshes": [{"name": "box", "file": "box.obj", "id": 0, "material": "grey"}],
            "camera": {
                "width": 24,
                "height": 16,
                "K": [[40, 0, 12], [0, 40, 8], [0, 0, 1]],
                "cam_from_world": [[1, 0, 0, 0], [0, -1, 0, 0], [0, 0, -1, 1]],
            },
            "env": {"file": "sky.hdr", "strength": 1, "rotation_deg": 0},
            "materials": {"grey": {"albedo": [0.5, 0.5, 0.5], "roughness": 1, "ior": 1}},
            "integrator": {"max_bounces": 4},
        }

    def test_a_scene_as_dict_and_as_file(self):
        scene = self.scene()
        aovs = ["depth_z", "normal", "hand"]
        layers = renderih.render_scene(scene, folder=self.folder, spp=16, aovs=aovs)
        self.assertEqual(list(layers), ["radiance", *aovs])
        self.assertEqual(layers["radiance"].shape, (16, 24, 3))
        self.assertEqual(layers["depth_z"].shape, (16, 24))
        # A convex body of albedo 0.5 in light of 1 from everywhere; beside it the sky.
        self.assertAlmostEqual(float(layers["depth_z"][8, 12]), 0.9, places=5)
        self.assertAlmostEqual(float(layers["radiance"][8, 12, 1]), 0.5, delta=0.05)
        self.assertAlmostEqual(float(layers["radiance"][0, 0, 1]), 1.0, delta=0.01)
        self.assertEqual(layers["hand"][8, 12], 1)
        self.assertEqual(layers["hand"][0, 0], 0)
        path = self.folder / "scene.json"
        path.write_text(json.dumps(scene))
        again = renderih.render_scene(path, spp=16, aovs=aovs, threads=1)
        for name in layers:
            self.assertTrue(np.array_equal(layers[name], again[name]), name)
        other = renderih.render_scene(path, spp=16, seed=1)
        self.assertFalse(np.array_equal(other["radiance"], layers["radiance"]))

    def test_every_aov_tells_what_it_is_named_after(self):
        scene = self.scene()
        # A square of one part, with a uv, half before the box and half beside it.
        (self.folder / "square.obj").write_text(
            "v 0 -0.2 0.3\nv 0.4 -0.2 0.3\nv 0.4 0.2 0.3\nv 0 0.2 0.3\n"
            "vt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\nvn 0.6 0 0.8\n"
            "g part_17\nf 1/1/1 2/2/1 3/3/1 4/4/1\n"
        )
        square = {"name": "square", "file": "square.obj", "id": 1, "material": "red"}
        scene["meshes"].append(square)
        scene["materials"]["red"] = {"albedo": [0.7, 0.2, 0.1], "roughness": 1, "ior": 1}
        aovs = ["depth_z", "normal", "shading_normal", "part", "hand", "amodal", "uv", "albedo"]
        aovs.append("position")
        layers = renderih.render_scene(scene, folder=self.folder, spp=1, aovs=aovs)
        self.assertEqual(list(layers), ["radiance", *aovs])
        # Pixel (14, 7): 2.5 and -0.5 focal lengths of 40 aside of (12, 8), the square 0.7 m away.
        at = (7, 14)
        x, y = 0.7 * 2.5 / 40, 0.7 * 0.5 / 40
        for name, value in {
            "depth_z": 0.7,
            "normal": [0, 0, -1],  # in the camera
            "shading_normal": [0.6, 0, -0.8],
            "part": 17,
            "hand": 2,
            "amodal": 3,  # the box is behind
            "uv": [x / 0.4, (y + 0.2) / 0.4],
            "albedo": [0.7, 0.2, 0.1],
            "position": [x, y, 0.3],
        }.items():
            np.testing.assert_allclose(layers[name][at], value, atol=1e-5, err_msg=name)
        box = (7, 10)
        for name, value in {"part": 0, "hand": 1, "amodal": 1, "albedo": [0.5] * 3}.items():
            np.testing.assert_allclose(layers[name][box], value, atol=1e-6, err_msg=name)
        for name in aovs:
            self.assertEqual(np.abs(layers[name][0, 0]).max(), 0, name)

    def test_wrong_scenes_and_options(self):
        scene = self.scene()
        for words, change, options in [
            (["box2.obj"], {"meshes": [{**scene["meshes"][0], "file": "box2.obj"}]}, {}),
            (["camera"], {"camera": {}}, {}),
            (["colour"], {"colour": 1}, {}),
            (["spp"], {}, {"spp": 0}),
            (["spp"], {}, {"spp": 2.5}),
            (["aov", "motion"], {}, {"aovs": ["motion"]}),
            (["aov", "twice"], {}, {"aovs": ["hand", "hand"]}),
            (["subsurface", "magic"], {}, {"subsurface": "magic"}),
        ]:
            self.assert_user_error(
                words,
                lambda: renderih.render_scene({**scene, **change}, folder=self.folder, **options),
            )
        self.assert_user_error(
            ["nothing.json"], renderih.render_scene, self.folder / "nothing.json"
        )


if __name__ == "__main__":
    unittest.main()
