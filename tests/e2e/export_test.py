# SPDX-License-Identifier: Apache-2.0
"""Exports, read as the formats' own loaders read them: COCO by pycocotools, InterHand2.6M, IntagHand and
FreiHAND by readers written from their published layout."""
import contextlib
import io
import json
import pathlib
import tempfile
import unittest

from support import SMALL, EndToEnd, image, records, run

try:
    import numpy as np
    from PIL import Image
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    from intaghand_files import Intaghand
except ImportError:
    np = None

# InterHand2.6M's 21 by ours (wrist, then each finger from its base): tip first, wrist last.
OURS_OF_INTERHAND = [4, 3, 2, 1, 8, 7, 6, 5, 12, 11, 10, 9, 16, 15, 14, 13, 20, 19, 18, 17, 0]
SIDES = ("right", "left")


@unittest.skipIf(np is None, "numpy, Pillow and pycocotools are not installed")
class Export(EndToEnd):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.made = pathlib.Path(folder.name) / "made"
        run("generate", "--out", cls.made, "--poses", 4, "--views", 3, "--seed", 5, *SMALL)
        cls.records = {
            key: {**members, "labels": json.loads(members["json"])}
            for key, members in records(cls.made).items()
        }

    def export(self, layout):
        out = self.folder / layout
        run("export", self.made, "--format", layout, "--out", out)
        return out

    def of_split(self, split):
        return {k: r for k, r in self.records.items() if r["labels"]["split"] == split}

    def splits(self):
        return sorted({r["labels"]["split"] for r in self.records.values()})

    def test_coco_by_pycocotools(self):
        out = self.export("coco")
        for split in self.splits():
            with contextlib.redirect_stdout(io.StringIO()):
                coco = COCO(str(out / "annotations" / f"hands_{split}.json"))
            expected = self.of_split(split)
            self.assertEqual(len(coco.imgs), len(expected))
            for info in coco.loadImgs(coco.getImgIds()):
                key = info["file_name"].split(".")[0]
                record = expected[key]
                picture = (out / split / info["file_name"]).read_bytes()
                self.assertEqual(picture, record["rgb.jpg"])
                self.assertEqual((info["height"], info["width"]), image(picture).shape[:2])
                parts = image(record["seg.png"])
                for annotation in coco.loadAnns(coco.getAnnIds(imgIds=[info["id"]])):
                    side = coco.loadCats([annotation["category_id"]])[0]["name"].split("_")[0]
                    first = 1 + 16 * SIDES.index(side)
                    labels = record["labels"]["hands"][side]
                    mask = (parts >= first) & (parts < first + 16)
                    np.testing.assert_array_equal(coco.annToMask(annotation) != 0, mask)
                    self.assertEqual(annotation["area"], mask.sum())
                    rows, columns = np.nonzero(mask)
                    self.assertEqual(
                        annotation["bbox"],
                        [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1],
                    )
                    keypoints = np.array(annotation["keypoints"]).reshape(21, 3)
                    inside = np.array([o != "frame" for o in labels["joint_occluded_by"]])
                    np.testing.assert_allclose(
                        keypoints[inside, :2] + 0.5, np.array(labels["joints_px"])[inside], atol=0.01
                    )
                    seen = np.where(labels["joint_visible"], 2, np.where(inside, 1, 0))
                    np.testing.assert_array_equal(keypoints[:, 2], seen)
                    self.assertEqual(annotation["num_keypoints"], inside.sum())

    def test_coco_judges_the_truth_as_perfect(self):
        out = self.export("coco")
        with contextlib.redirect_stdout(io.StringIO()):
            coco = COCO(str(out / "annotations" / "hands_train.json"))
            found = coco.loadRes(
                [
                    {key: a[key] for key in ("image_id", "category_id", "keypoints")} | {"score": 1.0}
                    for a in coco.loadAnns(coco.getAnnIds())
                ]
            )
            judge = COCOeval(coco, found, "keypoints")
            judge.params.kpt_oks_sigmas = np.full(21, 0.03)
            judge.evaluate()
            judge.accumulate()
            judge.summarize()
        self.assertEqual(judge.stats[0], 1.0)

    def test_interhand_by_its_dataset_class(self):
        out = self.export("interhand26m")
        for split in self.splits():
            folder = out / "annotations" / split
            cameras = json.loads((folder / f"InterHand2.6M_{split}_camera.json").read_text())
            joints = json.loads((folder / f"InterHand2.6M_{split}_joint_3d.json").read_text())
            with contextlib.redirect_stdout(io.StringIO()):
                db = COCO(str(folder / f"InterHand2.6M_{split}_data.json"))
            expected = self.of_split(split)
            self.assertEqual(len(db.imgs), len(expected))
            for annotation in db.anns.values():
                info = db.loadImgs(annotation["image_id"])[0]
                capture, camera = str(info["capture"]), str(info["camera"])
                position, rotation, focal, principal = (
                    np.array(cameras[capture][name][camera], np.float64)
                    for name in ("campos", "camrot", "focal", "princpt")
                )
                frame = joints[capture][str(info["frame_idx"])]
                world = np.array(frame["world_coord"], np.float64)
                self.assertEqual(np.array(annotation["joint_valid"]).reshape(42).sum(), 42)
                in_cam = (world - position) @ rotation.T
                pixels = in_cam[:, :2] / in_cam[:, 2:] * focal + principal
                key = f"{info['id']:012d}"
                self.assertEqual(
                    (out / "images" / split / info["file_name"]).read_bytes(), expected[key]["rgb.jpg"]
                )
                for i, side in enumerate(SIDES):
                    labels = expected[key]["labels"]["hands"][side]
                    mine = slice(21 * i, 21 * i + 21)
                    ours = np.array(labels["joints_in_cam"])[OURS_OF_INTERHAND]
                    np.testing.assert_allclose(in_cam[mine] / 1000, ours, atol=1e-6)
                    np.testing.assert_allclose(
                        pixels[mine] + 0.5, np.array(labels["joints_px"])[OURS_OF_INTERHAND], atol=0.01
                    )
                x, y, width, height = annotation["bbox"]
                parts = image(expected[key]["seg.png"])
                rows, columns = np.nonzero((parts > 0) & (parts < 33))
                self.assertEqual(
                    [x, y, width, height],
                    [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1],
                )

    def test_freihand_by_its_layout(self):
        out = self.export("freihand")
        names = {"train": "training", "val": "validation", "test": "evaluation"}
        for split in self.splits():
            name = names[split]
            k, xyz, scale, source = (
                json.loads((out / f"{name}_{what}.json").read_text())
                for what in ("K", "xyz", "scale", "source")
            )
            pictures = sorted((out / name / "rgb").iterdir())
            self.assertEqual([p.name for p in pictures], [f"{i:08d}.jpg" for i in range(len(k))])
            self.assertEqual(len(xyz), len(k))
            for i, path in enumerate(pictures):
                record = self.records[source[i]["key"]]
                labels = record["labels"]["hands"][source[i]["hand"]]
                sign = 1 if source[i]["hand"] == "right" else -1
                joints = np.array(xyz[i])
                np.testing.assert_allclose(
                    joints * [sign, 1, 1], labels["joints_in_cam"], rtol=0, atol=1e-6
                )
                self.assertAlmostEqual(scale[i], np.linalg.norm(joints[10] - joints[9]), places=9)
                uv = joints @ np.array(k[i]).T
                uv = uv[:, :2] / uv[:, 2:] + 0.5
                # The crop is a scaled, maybe mirrored square of the picture.
                px = np.array(labels["joints_px"])
                zoom = np.ptp(uv[:, 1]) / np.ptp(px[:, 1])
                shift = uv[0] - zoom * px[0] * [sign, 1]
                np.testing.assert_allclose(zoom * px * [sign, 1] + shift, uv, atol=0.01)
                self.assertGreaterEqual(uv.min(), 0)
                self.assertLessEqual(uv.max(), 224)
                crop = np.asarray(Image.open(path), np.float64)
                self.assertEqual(crop.shape, (224, 224, 3))
                whole = Image.open(io.BytesIO(record["rgb.jpg"]))
                # Pillow asks where each pixel comes from, in continuous coordinates.
                mine = whole.transform(
                    (224, 224),
                    Image.Transform.AFFINE,
                    (sign / zoom, 0, -sign * shift[0] / zoom, 0, 1 / zoom, -shift[1] / zoom),
                    Image.Resampling.BILINEAR,
                )
                inside = np.asarray(mine).sum(2) > 0
                error = np.abs(crop - np.asarray(mine, np.float64)).mean(2)[inside]
                self.assertLess(error.mean(), 4)

    def test_intaghand_of_hands_that_are_not_manos(self):
        out = self.export("intaghand")
        number = 0
        for split in self.splits():
            files = sorted((out / split / "anno").iterdir(), key=lambda path: int(path.stem))
            self.assertEqual([path.stem for path in files], [str(i) for i in range(len(self.of_split(split)))])
            for path in files:
                item = Intaghand(path)
                key = item.annotation["image"]["file_name"].split(".")[0]
                self.assertIsNone(item.annotation["mano_params"])
                item.check(self, self.records[key]["labels"], self.records[key]["rgb.jpg"])
                number += 1
        self.assertEqual(number, len(self.records))

    def test_refusals_are_one_line(self):
        for arguments, expect, words in (
            (("--format", "coco", "--out", self.made), 1, "is there already"),
            (("--format", "vhs", "--out", self.folder / "x"), 2, "vhs"),
        ):
            process = run("export", self.made, *arguments, expect=expect)
            self.assertIn(words, process.stderr)
            self.assertEqual(process.stderr.count("\n"), 1)
        process = run("export", self.folder, "--format", "coco", "--out", self.folder / "y", expect=1)
        self.assertIn("dataset.json", process.stderr)


if __name__ == "__main__":
    unittest.main()
