# SPDX-License-Identifier: Apache-2.0
"""One item of an IntagHand data set, read as its loader does, and what must hold for any of them."""
import io
import pickle

import numpy as np
from PIL import Image

SIDES = ("right", "left")


class Intaghand:
    def __init__(self, path):
        folder, number = path.parent.parent, path.stem
        self.annotation = pickle.loads(path.read_bytes())
        self.hands = np.load(folder / "ori_handdict" / f"{number}.npy", allow_pickle=True).item()

        def read(name):  # as OpenCV does: blue first
            return np.asarray(Image.open(folder / name).convert("RGB"), np.float64)[..., ::-1]

        self.picture, self.mask, self.dense = (read(f"{what}/{number}.jpg") for what in ("img", "mask", "dense"))
        self.heat_maps = {
            side: np.concatenate([read(f"hms/{number}_{i}_{side}.jpg") for i in range(7)], 2) for side in SIDES
        }

    def check(self, test, record, rgb=None):
        camera = self.annotation["camera"]
        test.assertEqual(self.picture.shape, (256, 256, 3))
        matrix, ours = camera["camera"], record["camera"]
        np.testing.assert_allclose(
            np.column_stack([camera["R"], camera["t"]]), ours["cam_from_world"], atol=1e-6
        )
        zoom = matrix[0, 0] / ours["fx"]
        corner = np.array([ours["cx"], ours["cy"]]) - (matrix[:2, 2] + 0.5) / zoom
        everything = np.concatenate([self.hands[side]["verts2d"] for side in SIDES])
        test.assertAlmostEqual(np.ptp(everything, axis=0).max(), 0.8 * 256, places=2)
        np.testing.assert_allclose(everything.max(0) + everything.min(0), [255, 255], atol=0.01)
        rows, columns = np.nonzero(self.mask.max(2) > 127)
        np.testing.assert_allclose(
            [columns.min(), columns.max(), rows.min(), rows.max()],
            [everything[:, 0].min(), everything[:, 0].max(), everything[:, 1].min(), everything[:, 1].max()],
            atol=2.5,
        )
        test.assertLess(self.mask[..., 0].max(), 60)
        for i, side in enumerate(SIDES):
            hand, labels = self.hands[side], record["hands"][side]
            np.testing.assert_allclose(hand["joints3d"], labels["joints_in_cam"], atol=1e-6)
            np.testing.assert_allclose(
                hand["joints2d"] + 0.5, zoom * (np.array(labels["joints_px"]) - corner), atol=0.01
            )
            projected = hand["verts3d"] @ matrix.T
            np.testing.assert_allclose(projected[:, :2] / projected[:, 2:], hand["verts2d"], atol=0.01)
            np.testing.assert_array_equal(hand["camera"], matrix)
            # What is seen of a hand has its channel of the mask, and colours.
            own = self.mask[..., 1 + i] > 200
            test.assertGreater(own.sum(), 300)
            test.assertGreater(self.dense[own].max(1).mean(), 60)
            at = np.round(hand["verts2d"]).astype(int)
            inside = ((at >= 0) & (at < 256)).all(1)
            covered = self.mask[at[inside, 1], at[inside, 0]].max(1) > 127
            test.assertGreater(covered.mean(), 0.9)
            for k, (x, y) in enumerate(hand["joints2d"]):
                peak = np.unravel_index(self.heat_maps[side][..., k].argmax(), (64, 64))
                np.testing.assert_allclose([peak[1] * 4, peak[0] * 4], [x, y], atol=4)
        if rgb is not None:
            whole = Image.open(io.BytesIO(rgb))
            mine = whole.transform(
                (256, 256), Image.Transform.AFFINE, (1 / zoom, 0, corner[0], 0, 1 / zoom, corner[1]),
                Image.Resampling.BILINEAR,
            )
            mine = np.asarray(mine, np.float64)
            shown = mine.sum(2) > 0
            test.assertLess(np.abs(self.picture[..., ::-1] - mine).mean(2)[shown].mean(), 4)
