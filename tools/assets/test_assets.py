# SPDX-License-Identifier: Apache-2.0
"""Tests of the built assets and of the fetcher. Run: python tools/assets/test_assets.py

The built files are looked for in $RIH_ASSETS, else in build/assets of this checkout.
"""
import contextlib
import io
import json
import os
import sys
import tempfile
import unittest
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import numpy as np

import build_assets
import fetch
import hand_folds
import hand_parts
import mesh
import rig
from common import AssetError, sha256_of_bytes, sha256_of_file
from hand_correctives import skin_dual_quaternion
from retarget import Retargeter

ASSETS = Path(os.environ.get("RIH_ASSETS", HERE.parents[1] / "build" / "assets"))
HAND_FILE = ASSETS / "hand" / "right.npz"


@unittest.skipUnless(HAND_FILE.is_file(), f"{HAND_FILE} is not built; run build_assets.py")
class BuiltHand(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with np.load(HAND_FILE) as archive:
            cls.arrays = {name: archive[name] for name in archive.files}
        cls.hand = rig.Hand(cls.arrays)
        cls.template = cls.arrays["template_vertices"]
        cls.joints = cls.arrays["joint_regressor"] @ cls.template

    def test_both_meshes_are_closed_and_wound_outwards(self):
        self.assertTrue(mesh.is_closed(self.arrays["faces"]))
        self.assertTrue(mesh.is_closed(self.arrays["quads"]))
        self.assertGreater(mesh.volume(self.template, self.arrays["faces"]), 0.8e-3)
        self.assertEqual(set(self.arrays["faces"].ravel()), set(range(len(self.template))))

    def test_triangles_are_the_quads_split(self):
        np.testing.assert_array_equal(self.arrays["faces"], mesh.split_quads(self.arrays["quads"]))
        np.testing.assert_array_equal(self.arrays["uv_faces"], mesh.split_quads(self.arrays["quad_uv"]))
        for name in ("part", "nail"):
            np.testing.assert_array_equal(self.arrays[f"{name}_of_face"],
                                          np.repeat(self.arrays[f"{name}_of_quad"], 2))

    def test_uv_lies_on_the_page_and_keeps_its_winding(self):
        uv = self.arrays["uv"]
        self.assertTrue((uv >= 0).all() and (uv <= 1).all())
        a, b, c = (uv[self.arrays["uv_faces"][:, k]] for k in range(3))
        area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1])
        self.assertGreater((area > 0).mean(), 0.995)

    def test_skin_weights(self):
        weights = self.arrays["skin_weights"]
        np.testing.assert_allclose(weights.sum(1), 1, atol=1e-12)
        self.assertTrue((weights >= 0).all())
        self.assertLessEqual((weights > 0).sum(1).max(), 6)
        self.assertGreater(weights[weights > 0].min(), 5e-5)
        # Each fingertip belongs to its own last phalanx.
        for tip, finger in zip(self.arrays["tip_vertices"], rig.TIP_ORDER):
            self.assertGreater(weights[tip, rig.joint_id(finger + "3")], 0.9)

    def test_regressor_is_affine_and_sparse_and_phalanges_are_straight(self):
        regressor = self.arrays["joint_regressor"]
        np.testing.assert_allclose(regressor.sum(1), 1, atol=1e-9)
        self.assertLess((regressor != 0).sum(1).max(), 200)
        np.testing.assert_allclose(self.joints[0], 0, atol=1e-6)
        np.testing.assert_allclose(self.joints[rig.FOREARM], self.joints[0], atol=1e-12)
        for f, finger in enumerate(rig.FINGERS):
            points = self.joints[3 * f + 1:3 * f + 4]
            first, second = np.diff(points, axis=0)
            bend = np.degrees(np.arctan2(np.linalg.norm(np.cross(first, second)), first @ second))
            self.assertLess(bend, 0.1, finger)
            self.assertLess(points[2, 0], points[0, 0], "fingers point to -x")

    def test_regressed_joints_stay_inside_their_finger_when_the_shape_changes(self):
        names = json.loads(str(self.arrays["meta"]))["shape_names"]
        self.assertEqual(len(names), self.arrays["shape_dirs"].shape[2])
        for s, name in enumerate(names):
            moved = self.arrays["joint_regressor"] @ self.arrays["shape_dirs"][:, :, s]
            self.assertLess(np.linalg.norm(moved[0]), 1e-6, f"{name} moves the wrist")
        middle = [3, 4, 5, 6]
        length = self.arrays["joint_regressor"][middle] @ self.hand.rest(
            np.array([2.0 * (name == "middle_length") for name in names]))
        grown = np.linalg.norm(length[3] - length[1]) / np.linalg.norm(self.joints[6] - self.joints[4])
        self.assertAlmostEqual(grown, 1.08, delta=0.03)
        thick = self.arrays["joint_regressor"] @ self.arrays["shape_dirs"][:, :, names.index("index_thickness")]
        self.assertLess(np.linalg.norm(thick, axis=1).max(), 2e-4)

    def test_size_is_a_scaling_about_the_wrist(self):
        np.testing.assert_allclose(self.arrays["shape_dirs"][:, :, 0], 0.05 * self.template, atol=2e-7)

    def test_girth_widens_and_deepens_but_does_not_lengthen(self):
        names = json.loads(str(self.arrays["meta"]))["shape_names"]
        girth = self.arrays["shape_dirs"][:, :, names.index("girth")]
        np.testing.assert_allclose(girth, 0.05 * self.template * (0, 1, 1), atol=2e-7)

    def test_parts_are_whole_and_close_when_capped(self):
        part = self.arrays["part_of_face"]
        self.assertEqual(set(part), set(hand_parts.PARTS))
        hand_parts.check_parts(self.arrays["quads"], self.arrays["part_of_quad"])
        total = 0.0
        for label in hand_parts.PARTS:
            closed = mesh.close_by_fans(self.arrays["faces"][part == label])
            self.assertTrue(mesh.is_closed(closed), f"part {label}")
            total += mesh.volume(self.template, closed)
            self.assertGreater(mesh.volume(self.template, closed), 5e-7, f"part {label}")
        # Caps of neighbouring parts are the same fans seen from both sides, so volumes add up.
        self.assertAlmostEqual(total, mesh.volume(self.template, self.arrays["faces"]), delta=2e-5)

    def test_parts_are_numbered_as_the_contract_says(self):
        centre = {p: self.template[self.arrays["faces"][self.arrays["part_of_face"] == p]].mean((0, 1))
                  for p in hand_parts.PARTS}
        for first in (1, 4, 7, 10, 13):  # end, middle, root: the end is farthest from the wrist
            self.assertLess(centre[first][0], centre[first + 1][0])
            self.assertLess(centre[first + 1][0], centre[first + 2][0])
        across = [centre[p][2] for p in (1, 4, 7, 10, 13)]  # pinky to thumb side
        self.assertEqual(across, sorted(across))
        self.assertGreater(centre[33][0], 0.05)

    def test_tips_are_the_ends_of_the_fingers_and_off_the_nails(self):
        nails = set(self.arrays["quads"][self.arrays["nail_of_quad"]].ravel())
        weights = self.arrays["skin_weights"]
        for tip, finger in zip(self.arrays["tip_vertices"], rig.TIP_ORDER):
            self.assertNotIn(tip, nails)
            end = rig.joint_id(finger + "3")
            axis = self.joints[end] - self.joints[end - 1]
            axis /= np.linalg.norm(axis)
            along = (self.template - self.joints[end]) @ axis
            farthest = along[weights[:, end] > 0.5].max()
            self.assertGreater(along[tip], farthest - 0.003, finger)

    def test_nails_and_palm(self):
        self.assertEqual(len(mesh.face_components(mesh.face_neighbours(self.arrays["quads"]),
                                                  self.arrays["nail_of_quad"])), 5)
        palm = self.arrays["palm_of_vertex"]
        self.assertTrue((palm >= 0).all() and (palm <= 1).all())
        nail_vertices = np.unique(self.arrays["quads"][self.arrays["nail_of_quad"]])
        self.assertLess(np.median(palm[nail_vertices]), 0.1)
        normals = mesh.vertex_normals(self.template, self.arrays["faces"])
        middle = self.arrays["skin_weights"][:, 4:7].sum(1) > 0.9
        self.assertGreater(palm[middle & (normals[:, 1] < -0.8)].min(), 0.8)

    def test_positive_bend_curls_into_the_palm_and_the_thumb_crosses_it(self):
        for f, finger in enumerate(rig.FINGERS):
            bend = np.zeros(15)
            bend[3 * f:3 * f + 3] = 30
            tip = self.arrays["tip_vertices"][rig.TIP_ORDER.index(finger)]
            moved = self.hand.posed(bend, np.zeros(15))[tip] - self.template[tip]
            if finger == "thumb":
                self.assertLess(moved[2], -0.02, "the thumb moves towards the little finger")
            else:
                self.assertLess(moved[1], -0.02, finger)
        splay = np.zeros(15)
        splay[0] = 10
        tip = self.arrays["tip_vertices"][1]
        self.assertGreater((self.hand.posed(np.zeros(15), splay) - self.template)[tip, 2], 0.005)

    def test_correctives_vanish_at_rest_and_on_the_forearm_and_never_spike(self):
        pose_dirs = self.arrays["pose_dirs"]
        self.assertEqual(pose_dirs.shape, (len(self.template), 3, 135))
        self.assertEqual(np.abs(pose_dirs[self.arrays["skin_weights"][:, rig.FOREARM] > 0.5]).max(), 0)
        frames = self.hand.frames()
        rng = np.random.default_rng(1)
        for _ in range(20):
            bend, splay = rng.uniform(*rig.BEND_LIMITS_DEG.T), rng.uniform(*rig.SPLAY_LIMITS_DEG.T)
            rotations = rig.rotations_from_angles(frames, bend, splay)
            offset = pose_dirs @ (rotations[1:16] - np.eye(3)).ravel()
            self.assertLess(np.linalg.norm(offset, axis=1).max(), 0.007)

    def test_correctives_bring_skinning_nearer_to_one_that_keeps_volume(self):
        frames = self.hand.frames()
        bend = np.array([30, 90, 60] * 4 + [20, 30, 60], float)
        rotations = rig.rotations_from_angles(frames, bend, np.zeros(15))
        target = skin_dual_quaternion(self.template, self.arrays["skin_weights"],
                                      rig.joint_transforms(self.joints, rotations))
        back = mesh.vertex_normals(self.template, self.arrays["faces"])[:, 1] > 0.7
        error = [np.sqrt(((self.hand.posed_by(rotations, correctives=c) - target)[back] ** 2).sum(1).mean())
                 for c in (False, True)]
        self.assertLess(error[1], 0.6 * error[0])

    def folds(self, seams, bend, splay=np.zeros(15), shape=None):
        """mm by which the skin at seams is deeper in itself than the flat hand's"""
        folds = hand_folds.Folds(self.arrays["faces"], self.arrays["part_of_face"])
        seams = [hand_folds.SEAMS[k] for k in seams]
        flat = folds.depths(self.hand.rest(shape), seams)
        return 1e3 * (folds.depths(self.hand.posed(bend, splay, shape), seams) - flat).max(1)

    def test_bent_joints_do_not_fold_skin_into_itself(self):
        upper = rig.BEND_LIMITS_DEG[:, 1]
        joints = [k for k in range(15) if k % 3]  # the roots of the fingers are bound by their web
        for k in joints:
            for share in (0.4, 0.6, 0.8, 1):
                bend = np.where(np.arange(15) == k, share * upper, 0)
                self.assertLess(self.folds([k], bend).max(), 0.3, f"{rig.JOINT_NAMES[k + 1]} {share}")
        curls = [k for k in joints if k < 12]
        for share in (0.6, 0.8, 1):  # the four fingers, with the thumb out of the way
            bend = np.where(np.arange(15) < 12, share * upper, 0)
            self.assertLess(self.folds(curls, bend).max(), 0.3, f"curl {share}")
        rng = np.random.default_rng(2)
        for k in range(40):
            bend = np.where(rng.random(15) < 0.3, upper, rng.uniform(*rig.BEND_LIMITS_DEG.T))
            splay = 0.5 * rng.uniform(*rig.SPLAY_LIMITS_DEG.T)
            shape = rng.normal(size=self.arrays["shape_dirs"].shape[2]).clip(-2, 2) * (k % 2)
            self.assertLess(self.folds(curls, bend, splay, shape).max(), 0.9 if k % 2 else 0.5, f"pose {k}")

    def test_the_measure_of_folds_finds_a_point_pushed_into_the_next_part(self):
        pushed = self.template.copy()
        part, other = hand_folds.SEAMS[rig.joint_id("pinky2") - 1]
        faces, label = self.arrays["faces"], self.arrays["part_of_face"]
        vertex = np.setdiff1d(faces[label == part], faces[label == other])[0]
        pushed[vertex] = self.template[np.unique(faces[label == other])].mean(0)  # in the middle of the other
        folds = hand_folds.Folds(faces, label)
        self.assertEqual(folds.depths(self.template).max(), 0)
        self.assertGreater(folds.depths(pushed)[rig.joint_id("pinky2") - 1, 0], 0.003)

    def test_retargeting_our_own_posed_hand_gives_its_angles(self):
        retargeter = Retargeter(self.hand)
        bend = np.array([40, 50, 30, 10, 20, 5, 60, 30, 40, 20, 0, 10, 20, 30, 10], float)
        splay = np.zeros(15)
        splay[[0, 3, 6, 9, 12]] = [5, -4, 10, -8, 15]
        found_bend, found_splay, clamped = retargeter.solve(retargeter._forward(bend, splay))
        np.testing.assert_allclose(found_bend, bend, atol=1.0)
        np.testing.assert_allclose(found_splay, splay, atol=1.0)
        self.assertAlmostEqual(clamped, 0, places=6)


@unittest.skipUnless(HAND_FILE.is_file(), f"{HAND_FILE} is not built; run build_assets.py")
class BuiltFiles(unittest.TestCase):
    def test_poses_are_inside_table_2(self):
        poses = json.loads((ASSETS / "poses" / "packages.json").read_text())["poses"]
        self.assertEqual(len(poses), 36)
        for pose in poses:
            bend, splay = np.array(pose["bend_deg"]), np.array(pose["splay_deg"])
            self.assertTrue((bend >= rig.BEND_LIMITS_DEG[:, 0]).all() and (bend <= rig.BEND_LIMITS_DEG[:, 1]).all())
            self.assertTrue((splay >= rig.SPLAY_LIMITS_DEG[:, 0]).all()
                            and (splay <= rig.SPLAY_LIMITS_DEG[:, 1]).all(), pose["name"])

    def test_poses_are_what_their_names_say(self):
        poses = {p["name"]: np.array(p["bend_deg"])
                 for p in json.loads((ASSETS / "poses" / "packages.json").read_text())["poses"]}
        for name in ("fist_left", "fist_right", "fist"):
            self.assertGreater(poses[name][[1, 4, 7, 10]].min(), 70)
        for name in ("point_left", "point_right", "point", "pointing", "asl_1"):
            self.assertGreater(poses[name][[4, 7, 10]].min(), poses[name][1] + 45, name)
        for name in ("flat_left", "flat_right"):
            self.assertLess(np.abs(poses[name][:12]).max(), 15)

    def test_environments_are_25_exr_files(self):
        files = sorted((ASSETS / "environments").glob("*.exr"))
        self.assertEqual(len(files), 25)
        for path in files:
            self.assertEqual(path.read_bytes()[:4], b"\x76\x2f\x31\x01", path.name)

    def test_listing_has_every_file_with_its_hash(self):
        listing = json.loads((ASSETS / "assets.json").read_text())
        for name, entry in listing["files"].items():
            self.assertEqual(sha256_of_file(ASSETS / name), entry["sha256"], name)
            self.assertTrue(entry["licence"] and entry["sources"])
        for name in ("poses/hand_shapes.json", "discriminator/weights.npz"):  # committed, copied
            self.assertIn(name, listing["files"])


class Building(unittest.TestCase):
    """The last steps of a build, without packages."""

    def test_copies_follow_the_committed_files_and_stale_ones_go(self):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            files = build_assets.copy_committed(out)
            self.assertIn("poses/hand_shapes.json", files)
            (out / "poses" / "old.json").write_text("{}")
            (out / "mine.txt").write_text("not listed, so not ours to delete")
            before = {"files": dict(files) | {"poses/old.json": {}, "../outside.json": {}}}
            (Path(folder) / "outside.json").write_text("{}")
            self.assertTrue(build_assets.finish(out, {}, before, files))
            self.assertFalse((out / "poses" / "old.json").exists())
            self.assertTrue((out / "mine.txt").exists() and (Path(folder) / "outside.json").exists())
            listing = build_assets.read_listing(out)
            self.assertEqual(listing["files"], files)
            (out / "poses" / "hand_shapes.json").write_text("{}")
            self.assertEqual(build_assets.copy_committed(out), files)
            self.assertFalse(build_assets.finish(out, {}, listing, files))

    def test_a_build_of_other_inputs_or_a_cut_file_is_not_up_to_date(self):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder)
            (out / "a").write_bytes(b"1234")
            listing = {"inputs": "x", "files": {"a": {"bytes": 4, "built": True}, "b": {"bytes": 1}}}
            self.assertEqual(list(build_assets.built_files(out, listing, "x")), ["a"])
            self.assertIsNone(build_assets.built_files(out, listing, "y"))
            (out / "a").write_bytes(b"123")
            self.assertIsNone(build_assets.built_files(out, listing, "x"))
            self.assertIsNone(build_assets.built_files(out, {"files": {}}, "x"))


class Fetching(unittest.TestCase):
    ENTRY = {"key": "x", "kind": "pypi", "name": "x", "version": "1", "file": "x-1.whl",
             "sha256": sha256_of_bytes(b"right"), "licence": "none"}

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_a_cached_file_is_used_and_a_changed_one_is_refused(self):
        path = self.folder / "x-1.whl"
        path.write_bytes(b"right")
        self.assertEqual(fetch.fetch_package(self.ENTRY, self.folder, offline=True), path)
        path.write_bytes(b"wrong")
        with self.assertRaisesRegex(AssetError, "sha256"):
            fetch.fetch_package(self.ENTRY, self.folder, offline=True)

    def test_a_download_with_another_hash_is_refused_and_not_kept(self):
        original = fetch._run
        self.addCleanup(setattr, fetch, "_run", original)
        fetch._run = lambda command, folder, label: (Path(folder) / "x-1.whl").write_bytes(b"tampered")
        with self.assertRaisesRegex(AssetError, "lock file says"):
            fetch.fetch_package(self.ENTRY, self.folder, offline=False)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_missing_client_is_named(self):
        with self.assertRaisesRegex(AssetError, "no-such-client.*not installed"):
            fetch._run(["no-such-client"], self.folder, "npm package x")

    def test_offline_without_a_cache_says_one_line_and_exits_1(self):
        output, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
            status = build_assets.main(
                ["--out", str(self.folder / "out"), "--cache", str(self.folder / "none"), "--offline"])
        self.assertEqual(status, 1)
        self.assertEqual(len(error.getvalue().strip().splitlines()), 1)
        self.assertIn("run once without --offline", error.getvalue())
        self.assertFalse((self.folder / "out" / "assets.json").exists())

    def test_the_lock_names_a_sha256_and_a_licence_for_every_package(self):
        for entry in fetch.read_lock().values():
            self.assertRegex(entry["sha256"], "^[0-9a-f]{64}$")
            self.assertTrue(entry["licence"] and entry["version"])


if __name__ == "__main__":
    unittest.main()
