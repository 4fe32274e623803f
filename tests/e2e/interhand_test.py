# SPDX-License-Identifier: Apache-2.0
"""InterHand2.6M goes the whole way: a NeuralAnnot file in the published layout and hands in MANO's
layout become verified records."""
import json
import unittest

from support import SMALL, EndToEnd, read_png16, records, run

try:
    import numpy as np

    import mano_files
    from intaghand_files import Intaghand
except ImportError:
    np = None


@unittest.skipIf(np is None, "numpy is not installed")
class InterHand(EndToEnd):
    def setUp(self):
        super().setUp()
        hands = {}
        for side in ("right", "left"):
            run("hand", "--side", side, "--out", self.folder / f"{side}.npz")
            hands[side] = dict(np.load(self.folder / f"{side}.npz"))
        self.arrays = mano_files.write_pair(self.folder, hands)
        self.hand = f"{self.folder}/MANO_RIGHT.pkl,{self.folder}/MANO_LEFT.pkl"

    def test_the_reader_gives_the_files_arrays_and_mends_the_left_shape(self):
        for side in ("right", "left"):
            out = self.folder / f"read_{side}.npz"
            run("hand", "--hand", self.hand, "--side", side, "--out", out)
            read, made = np.load(out), self.arrays[side]
            n = len(made["v_template"])
            np.testing.assert_allclose(read["template_vertices"][:n], made["v_template"], atol=1e-12)
            np.testing.assert_allclose(
                read["joint_regressor"][:16, :n] @ read["template_vertices"][:n],
                made["J"],
                atol=1e-6,
            )
            np.testing.assert_allclose(read["shape_dirs"][:n], made["shapedirs"], atol=1e-12)
            self.assertEqual(read["skin_weights"].shape[1], 17)

    def annotation(self, frames=range(8000, 8012, 3)):
        rng = np.random.default_rng(4)

        def hand(side):
            sign = 1 if side == "right" else -1
            pose = np.zeros((16, 3))
            pose[0] = [0, sign * np.pi / 2, 0] if side == "right" else [0, -np.pi / 2, 0]
            pose[1:] = rng.normal(0, 0.08, (15, 3))
            return {
                "pose": pose.ravel().tolist(),
                "shape": rng.normal(0, 0.3, 10).tolist(),
                "trans": [sign * 0.045, 0.02 * rng.normal(), 0.9],
            }

        frames = {str(i): {"right": hand("right"), "left": hand("left")} for i in frames}
        frames["8100"] = {"right": hand("right"), "left": None}
        return {"0": frames}

    def test_a_discriminator_of_ones_own_poses_judges_ones_own_records(self):
        source = self.folder / "InterHand2.6M_train_MANO_NeuralAnnot.json"
        source.write_text(json.dumps(self.annotation(range(1000, 25000, 1000))))  # 24 sequences
        weights, report = self.folder / "weights.npz", self.folder / "report.json"
        run("train-discriminator", "--out", weights, "--report", report, "--width", 8,
            "--steps", 60, "--held-out", 0.5, "--hand", self.hand, "--source", source)
        found = json.loads(report.read_text())
        families = found["families_trained"] + found["families_held_out"]
        self.assertIn(families, range(12, 25))  # poses too much alike count once
        self.assertEqual(found["shapes_trained"] + found["shapes_held_out"], 2 * families)
        self.assertEqual(np.load(weights)["layer1_weight"].shape, (8, 45))
        settings = self.folder / "own.toml"
        settings.write_text(f"[posing]\ndiscriminator = {json.dumps(str(weights))}\n")
        out = self.folder / "judged"
        run("generate", "--out", out, "--poses", 1, "--views", 1, *SMALL, "--config", settings)
        run("verify", out)
        self.assertEqual((out / "discriminator.npz").read_bytes(), weights.read_bytes())
        description = (out / "dataset.json").read_text()
        self.assertIn("weights.npz, sha256", description)
        self.assertNotIn(str(self.folder), description)

    def test_from_annotation_to_records(self):
        source = self.folder / "InterHand2.6M_train_MANO_NeuralAnnot.json"
        source.write_text(json.dumps(self.annotation()))
        settings = self.folder / "pictures.toml"
        settings.write_text("[image]\nalbedo = true\nuv = true\n")
        out = self.folder / "data"
        made = run("generate", "--out", out, "--poses", 2, "--views", 1, "--seed", 3, *SMALL,
                   "--hand", self.hand, "--source", source, "--config", settings)
        self.assertNotIn("plain", made.stderr)
        found = records(out)
        self.assertEqual(len(found), 2)
        for members in found.values():
            record = json.loads(members["json"])
            self.assertIn("0/80", record["provenance"]["source_id"])
            self.assertEqual(len(record["hands"]["left"]["shape"]), 10)
            self.assertEqual(record["interaction"]["penetration_depth_m"], 0)
            # MANO has no texture coordinates: these are the open hand's, over many places.
            uv = np.asarray(read_png16(members["uv.png"]))
            on_hand = uv[uv[..., 2] > 0]
            self.assertGreater(len(np.unique(on_hand[:, :2] // 2048, axis=0)), 30)
        run("verify", out, "--hand", self.hand)
        self.check_intaghand(out, found)
        self.check_freihand(out, found)
        # MANO may not be passed on: the data set holds the files' hashes only.
        self.assertEqual(list(out.glob("hands/*.npz")), [])
        licences = json.loads((out / "dataset.json").read_text())["licences"]
        hands = [entry for entry in licences if entry["asset"] == "hand"]
        self.assertEqual(len(hands), 2)
        for entry in hands:
            self.assertIn("MANO", entry["licence"])
            self.assertIn("sha256", entry["source"])
        self.assertIn("skin", [entry["asset"] for entry in licences])
        poses = [entry for entry in licences if entry["asset"] == "poses"]
        self.assertEqual([entry["licence"] for entry in poses], ["its own"])

    def check_intaghand(self, made, found):
        """Parameters, read as IntagHand's loader does, give the vertices and the pixels that are written beside them."""
        out = self.folder / "intaghand"
        run("export", made, "--format", "intaghand", "--out", out, "--hand", self.hand)
        files = sorted(out.glob("*/anno/*.pkl"))
        self.assertEqual(len(files), len(found))
        for path in files:
            item = Intaghand(path)
            key = item.annotation["image"]["file_name"].split(".")[0]
            record = json.loads(found[key]["json"])
            item.check(self, record)
            camera = item.annotation["camera"]
            for side in ("left", "right"):
                made_of, params = self.arrays[side], item.annotation["mano_params"][side]
                fingers = params["pose"][0] @ made_of["hands_components"] + made_of["hands_mean"]
                pose = np.concatenate([np.zeros((1, 3)), fingers.reshape(15, 3)])
                # Its layer takes the root as a matrix: turn about the wrist at rest.
                vertices, joints = mano_files.posed(made_of, pose, params["shape"][0], 0)
                wrist = joints[0]
                root, place = params["R"][0], params["trans"][0]
                vertices, joints = (((x - wrist) @ root.T + wrist + place) @ camera["R"].T + camera["t"]
                                    for x in (vertices, joints))
                np.testing.assert_allclose(vertices, item.hands[side]["verts3d"], atol=1e-4)
                ours = np.array(record["hands"][side]["joints_in_cam"])[[0, 5, 6, 7, 9, 10, 11, 17, 18, 19, 13, 14, 15, 1, 2, 3]]
                np.testing.assert_allclose(joints, ours, atol=1e-4)

    def check_freihand(self, made, found):
        """Parameters, read as FreiHAND's own scripts do, give the vertices that are written beside them."""
        out = self.folder / "freihand"
        run("export", made, "--format", "freihand", "--out", out, "--hand", self.hand)
        right, hands = self.arrays["right"], 0
        for path in out.glob("*_mano.json"):
            split = path.name.split("_")[0]
            k, verts, source = (json.loads((out / f"{split}_{what}.json").read_text()) for what in ("K", "verts", "source"))
            for i, mano in enumerate(json.loads(path.read_text())):
                if mano is None:
                    self.assertEqual(source[i]["hand"], "left")
                    continue
                (numbers,) = np.array(mano)
                pose, shape, uv, scale = numbers[:48].reshape(16, 3), numbers[48:58], numbers[58:60], numbers[60]
                matrix = np.array(k[i])
                focal = 0.5 * (matrix[0, 0] + matrix[1, 1])
                root = np.array([*(uv - matrix[:2, 2]), focal]) / scale
                flat = pose + np.concatenate([np.zeros(3), right["hands_mean"]]).reshape(16, 3)
                vertices, _ = mano_files.posed(right, flat, shape, 0)
                vertices += root - (right["J_regressor"] @ vertices)[4]  # the middle finger's root, off the mesh
                np.testing.assert_allclose(vertices, verts[i], atol=1e-4)
                hands += 1
        # Our stand-in's left hand is the right one's mirror image, so that every hand can be told.
        self.assertEqual(hands, 2 * len(found))

    def test_one_file_of_mano_is_not_mirrored(self):
        right = self.hand.split(",", maxsplit=1)[0]
        refused = run("poses", "--out", self.folder / "p.npz", "--count", 1, "--hand", right,
                      expect=1)
        self.assertIn("RIGHT,LEFT", refused.stderr)

    def test_the_mean_needs_a_mano_hand(self):
        source = self.folder / "a.json"
        source.write_text(json.dumps(self.annotation()))
        refused = run("poses", "--out", self.folder / "p.npz", "--count", 1, "--source", source,
                      expect=1)
        self.assertEqual(len(refused.stderr.strip().splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
