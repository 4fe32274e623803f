# SPDX-License-Identifier: Apache-2.0
"""The written set opens untouched in other people's readers."""

import os
import unittest

import numpy as np
from common import PackageTest, data_set

import renderih

os.environ["HF_HUB_OFFLINE"] = "1"  # before `datasets` is imported: everything is local

try:
    import webdataset
except ImportError:
    webdataset = None
try:
    import datasets
except ImportError:
    datasets = None

PICTURES = ("rgb.jpg", "seg.png", "amodal.png", "normal.png", "albedo.png")


@unittest.skipIf(webdataset is None, "webdataset is not installed (python/requirements.txt)")
class WebDataset(PackageTest):
    def test_records_and_pictures(self):
        shards = [str(path) for path in sorted((data_set() / "train").glob("*.tar"))]
        records = list(
            webdataset.WebDataset(shards, shardshuffle=False, empty_check=False).decode("rgb8")
        )
        ours = renderih.open(data_set(), "train")
        self.assertEqual([r["__key__"] for r in records], [r.key for r in ours])
        for theirs, record in zip(records, ours):
            self.assertEqual(theirs["json"], record.label)
            self.assertTrue(np.array_equal(theirs["rgb.jpg"], record.picture()))
            self.assertTrue(np.array_equal(theirs["normal.png"], record.picture("normal")))


@unittest.skipIf(datasets is None, "datasets is not installed (python/requirements.txt)")
class HuggingFace(PackageTest):
    def load(self, *arguments, **options):
        return datasets.load_dataset(*arguments, cache_dir=str(self.folder / "cache"), **options)

    def check(self, theirs, split):
        ours = renderih.open(data_set(), split)
        self.assertEqual(theirs["__key__"], [record.key for record in ours])
        for row, record in zip(theirs, ours):
            self.assert_same(row["json"], record.label)
            for name in ("rgb", "seg", "depth", "amodal", "normal", "albedo"):
                member = next(m for m in record.members if m.startswith(name))
                self.assertTrue(np.array_equal(np.asarray(row[member]), record.picture(name)), name)

    def assert_same(self, theirs, ours):
        """`datasets` keeps ten decimals of the numbers in JSON."""
        if isinstance(ours, dict):
            self.assertEqual(set(theirs), set(ours))
            for name, value in ours.items():
                self.assert_same(theirs[name], value)
        elif isinstance(ours, list):
            self.assertEqual(len(theirs), len(ours))
            for a, b in zip(theirs, ours):
                self.assert_same(a, b)
        elif isinstance(ours, float):
            self.assertAlmostEqual(theirs, ours, delta=1e-10)
        else:
            self.assertEqual(theirs, ours)

    def test_the_folder_as_it_is(self):
        loaded = self.load(str(data_set()))
        self.assertEqual(set(loaded), {"train", "validation", "test"})
        for split in loaded:
            self.check(loaded[split], "val" if split == "validation" else split)

    def test_streaming(self):
        loaded = self.load(str(data_set()), split="test", streaming=True)
        self.assertEqual(
            [row["__key__"] for row in loaded], [r.key for r in renderih.open(data_set(), "test")]
        )


if __name__ == "__main__":
    unittest.main()
