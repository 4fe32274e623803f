# SPDX-License-Identifier: Apache-2.0
"""InterHand2.6M goes the whole way: a NeuralAnnot file in the published layout and hands in MANO's
layout become verified records."""
import json
import unittest

from support import SMALL, EndToEnd, read_png16, records, run

try:
    import numpy as np

    import mano_files
except ImportError:
    np = None


@unittest.skipIf(np is None, "numpy is not installed")
class InterHand(EndToEnd):
    def setUp(self):
        super().setUp()
        arrays = {}
        for side in ("right", "left"):
            run("hand", "--side", side, "--out", self.folder / f"{side}.npz")
            hand = dict(np.load(self.folder / f"{side}.npz"))
            arrays[side] = mano_files.mano_arrays(hand, side)
        # As published: the left file's shape directions have the right one's sign in x.
        self.true_left = arrays["left"]["shapedirs"]
        arrays["left"]["shapedirs"] = arrays["right"]["shapedirs"]
        for side, made in arrays.items():
            mano_files.write_pickle(self.folder / f"MANO_{side.upper()}.pkl", made)
        self.arrays = arrays
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
            expected = made["shapedirs"] if side == "right" else self.true_left
            np.testing.assert_allclose(read["shape_dirs"][:n], expected, atol=1e-12)
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
