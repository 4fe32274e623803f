# SPDX-License-Identifier: Apache-2.0
"""`renderih eval` on predictions that another program wrote, its figures computed here once more with
numpy from the labels as they are stored."""
import json
import unittest

from support import SMALL, EndToEnd, records, run

try:
    import numpy as np
except ImportError:
    np = None

WRIST, MIDDLE = 0, 9
SIDES = ("right", "left")


def aligned(source, target):
    """Umeyama's similarity of `source` onto `target`."""
    a, b = source - source.mean(0), target - target.mean(0)
    u, s, vt = np.linalg.svd(b.T @ a)
    sign = np.array([1, 1, np.sign(np.linalg.det(u @ vt))])
    rotation = u * sign @ vt
    return (s * sign).sum() / (a**2).sum() * a @ rotation.T + target.mean(0)


def expected(prediction, target, scaled, root):
    """Means in mm over records and hands of [N, 2, 21, 3] joints."""
    found = {"mpjpe_mm": [], "pa_mpjpe_mm": [], "smpjpe_mm": [], "mrrpe_mm": []}
    for p, t in zip(prediction, target):
        for side in range(2):
            pr, tr = p[side] - p[side][root], t[side] - t[side][root]
            scale = np.linalg.norm(t[side][MIDDLE] - t[side][WRIST]) / np.linalg.norm(
                p[side][MIDDLE] - p[side][WRIST]
            )
            smpjpe = np.linalg.norm(scale * pr - tr, axis=1).mean()
            found["smpjpe_mm"].append(smpjpe)
            found["mpjpe_mm"].append(smpjpe if scaled else np.linalg.norm(pr - tr, axis=1).mean())
            found["pa_mpjpe_mm"].append(np.linalg.norm(aligned(pr, tr) - tr, axis=1).mean())
        offset = (p[1][root] - p[0][root]) - (t[1][root] - t[0][root])
        found["mrrpe_mm"].append(np.linalg.norm(offset))
    return {name: 1e3 * np.mean(values) for name, values in found.items()}


@unittest.skipIf(np is None, "numpy is not installed")
class Eval(EndToEnd):
    def test_predictions_of_another_program(self):
        made = self.folder / "made"
        run("generate", "--out", made, "--poses", 4, "--views", 2, "--seed", 6, *SMALL)
        labels = [
            json.loads(members["json"])
            for _, members in sorted(records(made).items())
        ]
        labels = [one for one in labels if one["split"] == "train"]
        target = np.array(
            [[one["hands"][side]["joints_in_cam"] for side in SIDES] for one in labels]
        )
        rng = np.random.default_rng(1)
        prediction = 1.1 * target + 0.01 * rng.normal(size=target.shape)
        prediction = prediction.astype(np.float32)
        keys = np.array([int(one["key"]) for one in labels])
        order = rng.permutation(len(keys))
        path = self.folder / "mine.npz"
        np.savez_compressed(path, key=keys[order], joints_in_cam=prediction[order])
        arguments = ["eval", "--data", made, "--split", "train", "--predictions", path]
        report = json.loads(run(*arguments, "--protocol", "P4,P5", "--json").stdout)
        self.assertEqual(report["predicted"], len(keys))
        for protocol in ("P4", "P5"):
            group = report["protocols"][protocol][0]
            self.assertEqual(group["pictures"], len(keys))
            for name, value in expected(prediction, target, False, WRIST).items():
                self.assertAlmostEqual(group[name]["mean"], value, delta=1e-3, msg=name)
            self.assertIsNone(group["mpvpe_mm"]["mean"])
        text = run(*arguments).stdout
        for protocol in ("P1", "P2", "P3"):
            self.assertIn(f"\n{protocol}: ", text)

        # The same as JSON, by hand names and 12 digits.
        document = {
            "predictions": [
                {
                    "key": f"{key:012d}",
                    **{
                        side: {"joints_in_cam": joints[i].astype(float).tolist()}
                        for i, side in enumerate(SIDES)
                    },
                }
                for key, joints in zip(keys, prediction)
            ]
        }
        (self.folder / "mine.json").write_text(json.dumps(document))
        arguments[-1] = self.folder / "mine.json"
        again = json.loads(run(*arguments, "--protocol", "P4,P5", "--json").stdout)
        self.assertEqual(again, report)

        # Any constant prediction misses; a record without one is an error, a network's mesh of
        # another hand too.
        mean = run("eval", "--data", made, "--split", "train", "--baseline", "mean", "--json")
        mpjpe = json.loads(mean.stdout)["protocols"]["P2"][0]["mpjpe_mm"]["mean"]
        self.assertGreater(mpjpe, 5)
        document["predictions"].pop()
        (self.folder / "mine.json").write_text(json.dumps(document))
        self.assertIn("have no prediction", run(*arguments, expect=1).stderr)
        run(*arguments, "--partial")
        np.savez(path, key=keys, vertices_in_cam=np.zeros((len(keys), 2, 7, 3)))
        arguments[-1] = path
        self.assertIn("7 vertices are predicted", run(*arguments, expect=1).stderr)


if __name__ == "__main__":
    unittest.main()
