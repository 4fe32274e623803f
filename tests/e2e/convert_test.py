# SPDX-License-Identifier: Apache-2.0
"""Others' data sets, read from made-up fixtures in their layouts: every convention that has tripped readers of the
originals - units, axes, orders, signs, what is missing - is held against numbers known beforehand."""
import json
import os
import pathlib
import sys
import tempfile
import unittest

from support import SMALL, EndToEnd, records, run, shard_bytes

try:
    import numpy as np

    import foreign_files
    import mano_files
except ImportError:
    np = None

SIDES = ("right", "left")


def labels_of(folder):
    """source_index -> labels, over all records."""
    found = [json.loads(members["json"]) for members in records(folder).values()]
    return {record["source_index"]: record for record in found}


@unittest.skipIf(np is None, "numpy and Pillow are not installed")
class Convert(EndToEnd):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        path = pathlib.Path(folder.name)
        hands = {}
        for side in SIDES:
            run("hand", "--side", side, "--out", path / f"{side}.npz")
            hands[side] = dict(np.load(path / f"{side}.npz"))
        cls.arrays = mano_files.write_pair(path, hands)
        cls.mano = f"{path}/MANO_RIGHT.pkl,{path}/MANO_LEFT.pkl"
        cls.plain = path / "right.npz"
        cls.tips = {}
        for side in SIDES:
            run("hand", "--hand", cls.mano, "--side", side, "--out", path / "read.npz")
            cls.tips[side] = np.load(path / "read.npz")["tip_vertices"]

    def keypoints(self, side, pose, shape, translation):
        """(vertices, mano21) of the stand-in for MANO; `pose` relative to the flat hand."""
        vertices, joints = mano_files.posed(self.arrays[side], pose, shape, translation)
        return vertices, np.concatenate([joints, vertices[self.tips[side]]])[foreign_files.OF_MANO]

    def convert(self, source, layout, *more, out=None, split="train"):
        out = out or self.folder / "converted"
        process = run("convert", source, "--from", layout, "--split", split, "--out", out, "--json", *more)
        return out, json.loads(process.stdout)

    def refused(self, words, source, layout, *more, split="train"):
        with tempfile.TemporaryDirectory() as out:
            process = run(
                "convert", source, "--from", layout, "--split", split, "--out", f"{out}/x", *more, expect=1
            )
        lines = [line for line in process.stderr.splitlines() if not line.startswith("records ")]  # of the progress
        self.assertEqual(len(lines), 1, process.stderr)
        self.assertIn(words, lines[0])

    def random_hand(self, side, rng, place):
        sign = 1 if side == "right" else -1
        pose = rng.normal(0, 0.15, (16, 3))
        pose[0] = [0.3, 0.4 * sign, 0.2 * sign]
        return pose, rng.normal(0, 0.8, 10), np.array([0.08 * sign, 0, 0]) + place

    def mean_of(self, side):
        return np.concatenate([np.zeros(3), self.arrays[side]["hands_mean"]]).reshape(16, 3)

    def interhand(self):
        """Two frames from two cameras; in frame 7 the left hand has no parameters and an invalid joint."""
        rng = np.random.default_rng(1)
        turn = mano_files.rotations(np.array([[0.1, -0.3, 0.2], [-0.2, 0.4, 0.0]]))
        cameras = {
            "400262": (turn[0], [120.0, -80.0, 30.0], [210.0, 212.0], [63.5, 41.25]),
            "400263": (turn[1], [-90.0, 15.0, 60.0], [190.0, 191.0], [60.0, 40.0]),
        }
        truth, frames = {}, {}
        for number in (7, 12):
            hands = {side: self.random_hand(side, rng, [0.1, -0.1, 0.9]) for side in SIDES}
            joints = {side: self.keypoints(side, *hands[side])[1] for side in SIDES}
            truth[number] = (hands, joints)
            frames[number] = {
                "joints": 1000 * np.concatenate([joints[side] for side in SIDES]),
                "valid": np.ones(42),
                "mano": {
                    side: {"pose": (hands[side][0] - self.mean_of(side)).ravel().tolist(),
                           "shape": hands[side][1].tolist(), "trans": hands[side][2].tolist()}
                    for side in SIDES
                },
            }
        frames[7]["mano"]["left"] = None
        frames[7]["valid"][21 + 8] = 0  # the tip of the left index
        frames[7]["joints"][21 + 8] = 0
        frames[20] = {"joints": np.zeros((42, 3)), "valid": np.zeros(42), "mano": None}
        shown = np.ones(42)
        shown[3] = 0
        images = [(camera, number, shown) for number in frames for camera in cameras]
        source = self.folder / "InterHand2.6M"
        foreign_files.interhand26m(source, cameras, frames, images)
        return source, cameras, truth

    def test_interhand26m(self):
        source, cameras, truth = self.interhand()
        out, summary = self.convert(source, "interhand26m", "--mano", self.mano)
        self.assertEqual(summary["records"], 4)
        self.assertEqual(summary["left_out"], {"without a labelled hand": 2})
        # Pose, mean hand, shape, the left hand's sign, the place of its wrist: any of them wrong moves joints.
        self.assertEqual(summary["hands_compared"], 6)
        self.assertLess(summary["max_mano_distance_mm"], 1e-3)
        found = labels_of(out)
        self.assertEqual(len(found), 4)
        for name, (rotation, position, focal, principal) in cameras.items():
            for number, (hands, joints) in truth.items():
                record = found[f"Capture3/ROM01/cam{name}/image{number}.jpg"]
                self.assertEqual(record["data_source"], "interhand26m")
                # Millimetres, and the position of the camera is no translation.
                place = -np.array(rotation) @ np.array(position) / 1000
                np.testing.assert_allclose(
                    record["camera"]["cam_from_world"], np.column_stack([rotation, place]), atol=1e-9
                )
                for i, side in enumerate(SIDES):
                    labels = record["hands"][side]
                    in_cam = joints[side] @ np.array(rotation).T + place
                    pixels = in_cam[:, :2] / in_cam[:, 2:] * focal + principal + 0.5
                    space, flat = np.array(labels["joint_3d_valid"]), np.array(labels["joint_2d_valid"])
                    expected = np.ones(21, bool)
                    if number == 7 and side == "left":
                        expected[8] = False
                    np.testing.assert_array_equal(space, expected)
                    expected = expected.copy()
                    if i == 0:
                        expected[3] = False  # not in the picture
                    np.testing.assert_array_equal(flat, expected)
                    np.testing.assert_allclose(np.array(labels["joints_in_cam"])[space], in_cam[space], atol=1e-6)
                    np.testing.assert_allclose(np.array(labels["joints_px"])[flat], pixels[flat], atol=1e-3)
                    has_mano = not (number == 7 and side == "left")
                    self.assertEqual(labels["has_mano"], has_mano)
                    if has_mano:
                        # Each frame's own parameters, relative to the flat hand.
                        np.testing.assert_allclose(labels["pose"], hands[side][0], atol=1e-9)
                        np.testing.assert_allclose(labels["shape"], hands[side][1], atol=1e-9)
                        np.testing.assert_allclose(labels["translation"], hands[side][2], atol=1e-9)
                    else:
                        self.assertIsNone(labels["pose"])
        run("verify", out, "--hand", self.mano)
        self.assertIn("--hand", run("verify", out, expect=1).stderr)
        # Pictures are the source's bytes.
        for members in records(out).values():
            index = json.loads(members["json"])["source_index"]
            self.assertEqual(members["rgb.jpg"], (source / "images" / "train" / index).read_bytes())
            self.assertEqual(set(members), {"json", "rgb.jpg"})

    def test_interhand26m_without_mano(self):
        source, _, _ = self.interhand()
        out, summary = self.convert(source, "interhand26m")
        self.assertEqual(summary["hands_compared"], 0)
        for record in labels_of(out).values():
            for side in SIDES:
                self.assertFalse(record["hands"][side]["has_mano"])
        self.assertIn("nothing is off", run("verify", out).stdout)
        rows = [json.loads(line) for path in sorted(out.glob("train/*.jsonl")) for line in path.read_text().splitlines()]
        self.assertEqual({row["left_joints_3d_valid"] for row in rows}, {20, 21})
        self.check_python_package(out)
        # What needs everything says so.
        for command in (("export", out, "--format", "coco", "--out", self.folder / "x"),
                        ("report", out, "--out", self.folder / "x.html")):
            process = run(*command, expect=1)
            self.assertIn("converted", process.stderr)
            self.assertEqual(process.stderr.count("\n"), 1)

    def check_python_package(self, out):
        """Our Python package takes such a set as it takes ours."""
        sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "python"))
        import renderih

        dataset = renderih.open(out)
        self.assertEqual(len(dataset), 4)
        self.assertEqual(dataset[0].label["data_source"], "interhand26m")
        self.assertEqual(dataset[0].joints_in_cam.shape, (2, 21, 3))
        self.assertEqual(dataset[0].picture().shape, (84, 128, 3))
        try:
            from pyarrow import parquet
        except ImportError:
            return
        (path,) = renderih.to_parquet(out, self.folder / "parquet")
        table = parquet.read_table(path)
        self.assertEqual(sorted(table["left_joints_3d_valid"].to_pylist()), [20, 20, 21, 21])
        self.assertEqual(set(table["right_has_mano"].to_pylist()), {False})
        self.assertEqual(set(table["mask_iou"].to_pylist()), {None})

    def test_a_conversion_goes_on_and_is_the_same_on_any_threads(self):
        source, _, _ = self.interhand()
        one, _ = self.convert(source, "interhand26m", "--threads", 1)
        two, _ = self.convert(source, "interhand26m", "--threads", 4, out=self.folder / "two")
        self.assertEqual(shard_bytes(one), shard_bytes(two))
        before = shard_bytes(one)
        self.assertEqual(self.convert(source, "interhand26m")[1]["made"], 0)
        self.assertEqual(shard_bytes(one), before)
        # Another source does not go on with it.
        (source / "annotations/train/InterHand2.6M_train_joint_3d.json").write_text(
            (source / "annotations/train/InterHand2.6M_train_joint_3d.json").read_text() + " "
        )
        process = run("convert", source, "--from", "interhand26m", "--split", "train", "--out", one, expect=1)
        self.assertIn("other settings", process.stderr)

    def test_our_own_export_comes_back(self):
        made, exported = self.folder / "made", self.folder / "exported"
        run("generate", "--out", made, "--poses", 1, "--views", 2, "--seed", 5, *SMALL)
        run("export", made, "--format", "interhand26m", "--out", exported)
        split = next(path.name for path in (exported / "images").iterdir())
        out, summary = self.convert(exported, "interhand26m", split=split)
        self.assertEqual(summary["records"], 2)
        ours = [json.loads(members["json"]) for members in records(made).values()]
        back = [json.loads(members["json"]) for members in records(out).values()]
        for a, b in zip(ours, back):
            for side in SIDES:
                for what, tolerance in (("joints_in_cam", 1e-6), ("joints_px", 1e-3)):
                    np.testing.assert_allclose(b["hands"][side][what], a["hands"][side][what], atol=tolerance)
            np.testing.assert_allclose(b["camera"]["cam_from_world"], a["camera"]["cam_from_world"], atol=1e-9)

    def hic_records(self):
        rng = np.random.default_rng(2)
        made = []
        for i in range(3):
            meshes, joints = {}, {}
            for side in SIDES:
                vertices, joints[side] = self.keypoints(side, *self.random_hand(side, rng, [0, 0, 0.8]))
                meshes[side] = vertices
            if i == 1:
                meshes["left"] = None
            if i == 2:
                meshes = dict.fromkeys(SIDES)
            valid = np.ones(28)
            valid[[2, 20]] = 0
            made.append({"meshes": meshes, "truth": joints, "joints": rng.uniform(0, 400, (28, 2)), "valid": valid})
        return made

    def test_hic_by_its_meshes(self):
        made = self.hic_records()
        foreign_files.hic(self.folder / "HIC", made)
        out, summary = self.convert(self.folder / "HIC", "hic", "--mano", self.mano, split="test")
        self.assertEqual((summary["records"], summary["left_out"]), (2, {"without a labelled hand": 1}))
        found = labels_of(out)
        for i in range(2):
            record = found[f"01/1/rgb/{i:03d}.jpg"]
            for side in SIDES:
                labels = record["hands"][side]
                if made[i]["meshes"][side] is None:
                    self.assertIsNone(labels)
                    continue
                # The regressor is that of the rest pose, so joints of a posed mesh are near MANO's, not on them;
                # tips are vertices. Held against the regressor itself:
                regressed = self.arrays[side]["J_regressor"] @ made[i]["meshes"][side]
                expected = np.concatenate([regressed, made[i]["meshes"][side][self.tips[side]]])[foreign_files.OF_MANO]
                np.testing.assert_allclose(labels["joints_in_cam"], expected, atol=1e-6)
                pixels = expected[:, :2] / expected[:, 2:] * 525 + [320, 240]  # 319.5, 239.5 from the middle
                np.testing.assert_allclose(labels["joints_px"], pixels, atol=1e-2)
                self.assertFalse(labels["has_mano"])
        run("verify", out, "--hand", self.mano)

    def test_hic_by_its_labelled_joints(self):
        made = self.hic_records()
        foreign_files.hic(self.folder / "HIC", made)
        out, summary = self.convert(self.folder / "HIC", "hic", split="test")
        self.assertEqual(summary["records"], 3)
        names = [f"{finger}{i}" for finger in ("pinky", "ring", "middle", "index") for i in (1, 2, 3)]
        right = names + ["thumb2", "thumb3"]
        left = right[:9] + ["index3", "index2", "index1"] + right[12:]  # listed from its end
        mano21 = ["wrist"] + [f"{f}{i}" for f in ("thumb", "index", "middle", "ring", "pinky") for i in (1, 2, 3, 4)]
        for i, record in enumerate(found for _, found in sorted(labels_of(out).items())):
            for side, listed, first in (("right", right, 0), ("left", left, 14)):
                labels = record["hands"][side]
                self.assertFalse(any(labels["joint_3d_valid"]))
                self.assertEqual(sum(labels["joint_2d_valid"]), 13)
                for j, name in enumerate(listed):
                    k = mano21.index(name)
                    self.assertEqual(labels["joint_2d_valid"][k], bool(made[i]["valid"][first + j]))
                    if made[i]["valid"][first + j]:
                        np.testing.assert_allclose(
                            np.array(labels["joints_px"][k]) - 0.5, made[i]["joints"][first + j], atol=1e-9
                        )
        run("verify", out)

    def h2o3d_frame(self, rng):
        flip = np.array([1, -1, -1])
        frame = {"camMat": np.array([[60.0, 0, 31.5], [0, 61, 23.5], [0, 0, 1]]), "handBeta": rng.normal(0, 0.8, 10),
                 "objName": "021_bleach_cleanser", "objRot": rng.normal(0, 1, (3, 1)), "objLabel": 12}
        truth = {}
        for side in SIDES:
            # OpenGL: y up, and what is before the camera has negative z.
            pose, _, place = self.random_hand(side, rng, [0.0, 0.05, -0.7])
            _, joints = self.keypoints(side, pose, frame["handBeta"], place)
            of_mano = np.empty((21, 3))
            of_mano[foreign_files.OF_MANO] = joints
            capital = side.capitalize()
            frame |= {f"{side}HandPose": pose.ravel(), f"{side}HandTrans": place, f"{side}HandJoints3D": of_mano,
                      f"jointValid{capital}": np.ones(21), f"poseValid{capital}": np.ones(48)}
            truth[side] = (pose, place, joints * flip)
        return frame, truth

    def test_h2o3d(self):
        rng = np.random.default_rng(3)
        made = [self.h2o3d_frame(rng) for _ in range(4)]
        made[1][0]["jointValidLeft"][foreign_files.OF_MANO[5]] = 0  # the left index's root
        made[1][0]["poseValidLeft"][7] = 0
        for name in ("rightHandJoints3D", "leftHandJoints3D", "rightHandPose", "leftHandPose", "objRot"):
            made[2][0][name] = None  # a frame without annotation
        for protocol in (0, 2, 4):
            source = self.folder / f"H2O3D{protocol}"
            foreign_files.h2o3d(source, [frame for frame, _ in made], protocol=protocol)
            out, summary = self.convert(source, "h2o3d", "--mano", self.mano, out=self.folder / f"out{protocol}")
            self.assertEqual((summary["records"], summary["left_out"]), (3, {"without annotation": 1}))
            self.assertEqual(summary["hands_compared"], 5)
            self.assertLess(summary["max_mano_distance_mm"], 1e-3)
            found = labels_of(out)
            for i in (0, 1, 3):
                record = found[f"SB{i % 2}/{i:04d}"]
                for side in SIDES:
                    labels, (pose, place, joints) = record["hands"][side], made[i][1][side]
                    valid = np.ones(21, bool)
                    if i == 1 and side == "left":
                        valid[5] = False
                        self.assertFalse(labels["has_mano"])
                    else:
                        np.testing.assert_allclose(labels["pose"], pose, atol=1e-12)  # flat: no mean is added
                        np.testing.assert_allclose(labels["translation"], place, atol=1e-12)
                    np.testing.assert_array_equal(labels["joint_3d_valid"], valid)
                    np.testing.assert_allclose(np.array(labels["joints_in_cam"])[valid], joints[valid], atol=1e-9)
                    self.assertTrue((joints[:, 2] > 0).all())
                    pixels = joints[:, :2] / joints[:, 2:] * [60, 61] + [32, 24]
                    np.testing.assert_allclose(np.array(labels["joints_px"])[valid], pixels[valid], atol=1e-6)
            run("verify", out, "--hand", self.mano)

    def test_h2o3d_evaluation_knows_wrists_alone(self):
        frame, truth = self.h2o3d_frame(np.random.default_rng(4))
        for side in SIDES:
            frame[f"{side}HandJoints3D"] = frame[f"{side}HandJoints3D"][0]
            del frame[f"{side}HandPose"]
        foreign_files.h2o3d(self.folder / "H2O3D", [frame], split="evaluation")
        out, _ = self.convert(self.folder / "H2O3D", "h2o3d", split="test")
        (record,) = labels_of(out).values()
        for side in SIDES:
            labels = record["hands"][side]
            self.assertEqual(np.flatnonzero(labels["joint_3d_valid"]).tolist(), [0])
            np.testing.assert_allclose(labels["joints_in_cam"][0], truth[side][2][0], atol=1e-9)

    def test_ho3d_has_a_right_hand_alone(self):
        frame, truth = self.h2o3d_frame(np.random.default_rng(5))
        only = {name: frame[name] for name in ("camMat", "handBeta")}
        only |= {f"hand{what}": frame[f"rightHand{what}"] for what in ("Pose", "Trans", "Joints3D")}
        foreign_files.h2o3d(self.folder / "HO3D", [only])
        out, summary = self.convert(self.folder / "HO3D", "h2o3d", "--mano", self.mano)
        self.assertLess(summary["max_mano_distance_mm"], 1e-3)
        (record,) = labels_of(out).values()
        self.assertIsNone(record["hands"]["left"])
        np.testing.assert_allclose(record["hands"]["right"]["joints_in_cam"], truth["right"][2], atol=1e-9)

    def test_verify_tells_hands_that_are_not_where_their_joints_are(self):
        frame, _ = self.h2o3d_frame(np.random.default_rng(6))
        frame["leftHandTrans"] = frame["leftHandTrans"] * 1000  # millimetres
        foreign_files.h2o3d(self.folder / "H2O3D", [frame])
        self.refused("beyond what a hand has", self.folder / "H2O3D", "h2o3d", "--mano", self.mano)
        frame["leftHandTrans"] = frame["leftHandTrans"] / 1000 * [1, -1, -1]  # as if of OpenCV's camera
        foreign_files.h2o3d(self.folder / "H2O3D", [frame])
        out, summary = self.convert(self.folder / "H2O3D", "h2o3d", "--mano", self.mano)
        self.assertGreater(summary["max_mano_distance_mm"], 500)
        process = run("verify", out, "--hand", self.mano, expect=1)
        self.assertIn("hands.left: MANO's joints lie", process.stdout)

    def ego3d_record(self, rng, size, focal=0.39):
        """Left first, an elbow before the wrist, rows before columns; `focal` in parts of the width."""
        width, height = size
        in_cam = rng.uniform([-8, -4, 20], [8, 4, 30], (2, 22, 3))  # column, row, depth; cm
        pixels = in_cam[..., :2] / in_cam[..., 2:] * focal * width + [width / 2, height / 2]
        flat = (pixels / [width, height])[..., ::-1]
        return flat, in_cam[..., [1, 0, 2]], in_cam

    def test_ego3d(self):
        rng, size = np.random.default_rng(7), (96, 54)
        made = [self.ego3d_record(rng, size) for _ in range(3)]
        made[1][0][1] = made[1][1][1] = 0  # no right hand
        made[2][0][:] = made[2][1][:] = 0
        foreign_files.ego3d(self.folder / "ego", [record[:2] for record in made], size)
        out, summary = self.convert(self.folder / "ego", "ego3d")
        self.assertEqual((summary["records"], summary["left_out"]), (2, {"without a hand": 1}))
        found = labels_of(out)
        for i in range(2):
            record = found[f"{i:05d}"]
            self.assertAlmostEqual(record["camera"]["fx"], 0.39 * size[0], places=6)
            self.assertEqual(record["camera"]["cx"], size[0] / 2)
            for row, side in enumerate(("left", "right")):
                labels = record["hands"][side]
                if i == 1 and side == "right":
                    self.assertIsNone(labels)
                    continue
                np.testing.assert_allclose(labels["joints_in_cam"], made[i][2][row, 1:] / 100, atol=1e-9)
                np.testing.assert_allclose(
                    np.array(labels["joints_px"]) / size, made[i][0][row, 1:, ::-1], atol=1e-9
                )
        run("verify", out)

    def test_ego3d_of_other_axes_is_refused(self):
        flat, deep, _ = self.ego3d_record(np.random.default_rng(8), (96, 54))
        for words, wrong in (("from its place in location_2d", deep * [1.1, 1, 1]),
                             ("does not look like", deep * [1, -1, 1]),
                             ("behind the camera", deep * [1, 1, -1])):
            source = self.folder / words.split()[0]
            foreign_files.ego3d(source, [(flat, wrong)])
            self.refused(words, source, "ego3d")

    def test_hostile_and_broken_sources_are_one_line(self):
        source, cameras, _ = self.interhand()
        annotations = source / "annotations" / "train"
        data = annotations / "InterHand2.6M_train_data.json"
        good = data.read_text()
        outside = self.folder / "secret.jpg"
        outside.write_bytes(foreign_files.picture(128, 84))
        for name in (str(outside), "../../../secret.jpg", ""):
            changed = json.loads(good)
            changed["images"][0]["file_name"] = name
            data.write_text(json.dumps(changed))
            self.refused("file_name" if name == "" else "leads out of the data set", source, "interhand26m")
        changed = json.loads(good)
        changed["images"][0]["camera"] = "999"
        data.write_text(json.dumps(changed))
        self.refused("camera \"3/999\"", source, "interhand26m")
        changed = json.loads(good)
        changed["images"][0]["width"] = 100
        data.write_text(json.dumps(changed))
        self.refused("although its annotation says 100", source, "interhand26m")
        data.write_text(good[: len(good) // 2])
        self.refused("syntax error", source, "interhand26m")
        data.write_text(good)
        picture = source / "images" / "train" / "Capture3" / "ROM01" / "cam400262" / "image7.jpg"
        picture.write_bytes(picture.read_bytes()[:200])
        self.refused("image7.jpg", source, "interhand26m")
        self.refused("is missing", self.folder, "interhand26m")
        self.refused("is missing", self.folder, "hic")
        self.refused("is missing", self.folder, "h2o3d")
        self.refused("holds no folder", self.folder, "ego3d")
        self.refused("these are not MANO's files", source, "interhand26m", "--mano", self.plain)

    def test_pickles_are_data(self):
        frame, _ = self.h2o3d_frame(np.random.default_rng(9))
        marker = self.folder / "marker"

        class Hostile:
            def __reduce__(self):
                return os.system, (f"touch {marker}",)

        for protocol in (0, 2):
            source = self.folder / f"hostile{protocol}"
            foreign_files.h2o3d(source, [{**frame, "objName": Hostile()}], protocol=protocol)
            self.refused("refused", source, "h2o3d")
            self.assertFalse(marker.exists())

    def test_meshes_in_millimetres_are_refused(self):
        made = self.hic_records()
        made[0]["meshes"]["right"] = 1000 * made[0]["meshes"]["right"]
        foreign_files.hic(self.folder / "HIC", made)
        self.refused("expected in metres", self.folder / "HIC", "hic", "--mano", self.mano, split="test")


if __name__ == "__main__":
    unittest.main()
