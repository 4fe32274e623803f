# SPDX-License-Identifier: Apache-2.0
"""The PyTorch data sets, with workers; skipped where torch cannot be imported."""

import unittest

import numpy as np
from common import PackageTest, data_set

import renderih

try:
    import torch
    from torch.utils.data import DataLoader
except (ImportError, OSError):  # the latter: a library that it needs is not there
    torch = None


def key_of(record):
    return record.key


@unittest.skipIf(torch is None, "torch is not installed; it is optional (docs/python.md)")
class Torch(PackageTest):
    def test_samples_are_the_records(self):
        records = renderih.torch.RecordDataset(data_set(), "train", pictures=("rgb", "depth", "uv"))
        loader = DataLoader(records, batch_size=4, num_workers=2)
        ours = renderih.open(data_set(), "train")
        at = 0
        for batch in loader:
            self.assertEqual(batch["rgb"].dtype, torch.uint8)
            for i, key in enumerate(batch["key"]):
                record = ours[at]
                self.assertEqual(key, record.key)
                rgb = batch["rgb"][i].numpy().transpose(1, 2, 0)
                self.assertTrue(np.array_equal(rgb, record.picture()))
                self.assertTrue(np.array_equal(batch["depth"][i].numpy(), record.picture("depth")))
                difference = np.abs(batch["joints_in_cam"][i].numpy() - record.joints_in_cam)
                self.assertLess(difference.max(), 1e-6)
                self.assertTrue(
                    np.array_equal(batch["joint_visible"][i].numpy(), record.joint_visible)
                )
                at += 1
        self.assertEqual(at, len(ours))

    def test_a_stream_gives_each_record_once_whatever_the_workers(self):
        stream = renderih.torch.RecordStream(data_set(), seed=2, transform=key_of)
        expected = [r.key for r in renderih.open(data_set()).stream(seed=2)]
        for workers in (0, 1, 2, 3):
            keys = [
                k for batch in DataLoader(stream, batch_size=3, num_workers=workers) for k in batch
            ]
            self.assertEqual(sorted(keys), sorted(expected))
            if workers < 2:
                self.assertEqual(keys, expected)

    def test_epochs_reach_persistent_workers(self):
        stream = renderih.torch.RecordStream(data_set(), transform=key_of)
        loader = DataLoader(stream, batch_size=None, num_workers=2, persistent_workers=True)
        orders = []
        for epoch in (0, 1, 0):
            stream.set_epoch(epoch)
            orders.append(list(loader))
        self.assertEqual(orders[0], orders[2])
        self.assertNotEqual(orders[0], orders[1])
        self.assertEqual(sorted(orders[0]), sorted(orders[1]))

    def test_errors_reach_the_caller(self):
        self.assert_user_error(["dataset.json"], renderih.torch.RecordDataset, self.folder)
        dataset = renderih.open(data_set())
        self.assert_user_error(["split"], renderih.torch.RecordStream, dataset, "train")


if __name__ == "__main__":
    unittest.main()
