# SPDX-License-Identifier: Apache-2.0
"""Each record once, in an order that depends on seed and epoch alone, few shards at a time."""

import itertools
import unittest

from common import PackageTest, data_set

import renderih


def keys(stream):
    return [record.key for record in stream]


class Order(PackageTest):
    def setUp(self):
        super().setUp()
        self.dataset = renderih.open(data_set())
        self.all = [record.key for record in self.dataset]

    def test_each_record_once(self):
        for options in ({}, {"mix": 1}, {"seed": 3, "epoch": 2, "mix": 3}):
            stream = self.dataset.stream(**options)
            self.assertEqual(sorted(keys(stream)), sorted(self.all))
            self.assertEqual(len(stream), len(self.all))
        self.assertEqual(keys(self.dataset.stream(shuffle=False)), self.all)

    def test_the_order_depends_on_seed_and_epoch(self):
        orders = [
            tuple(keys(self.dataset.stream(seed=seed, epoch=epoch)))
            for seed in range(3)
            for epoch in range(3)
        ]
        self.assertEqual(len(set(orders)), len(orders))
        again = renderih.open(data_set()).stream(seed=1, epoch=2)
        self.assertEqual(tuple(keys(again)), orders[5])
        self.assertEqual(tuple(keys(again)), orders[5])  # a second iteration too

    def test_parts_share_out_the_whole(self):
        for parts in (1, 2, 3, 5, 24, 50):
            for options in ({}, {"mix": 2, "seed": 1}, {"shuffle": False}):
                stream = self.dataset.stream(**options)
                shares = [keys(stream.part(i, parts)) for i in range(parts)]
                self.assertEqual(list(itertools.chain(*shares)), keys(stream))
                lengths = [len(share) for share in shares]
                self.assertLessEqual(max(lengths) - min(lengths), 1)
                self.assertEqual([len(stream.part(i, parts)) for i in range(parts)], lengths)
                even = [len(keys(stream.part(i, parts, even=True))) for i in range(parts)]
                self.assertEqual(even, [len(self.all) // parts] * parts)

    def test_parts_of_parts(self):
        stream = self.dataset.stream(seed=4)
        shares = [
            keys(stream.part(rank, 3).part(worker, 2)) for rank in range(3) for worker in range(2)
        ]
        self.assertEqual(list(itertools.chain(*shares)), keys(stream))

    def test_few_shards_are_mixed(self):
        shard_of = {r.key: s.name for s in self.dataset.shards
                    for r in (self.dataset.record(k) for k in s.index.keys)}  # fmt: skip
        order = [shard_of[key] for key in keys(self.dataset.stream(mix=1))]
        self.assertEqual(len(list(itertools.groupby(order))), len(self.dataset.shards))
        mixed = [shard_of[key] for key in keys(self.dataset.stream(mix=len(self.dataset.shards)))]
        self.assertGreater(len(list(itertools.groupby(mixed))), len(self.dataset.shards) + 3)

    def test_wrong_use(self):
        for options in ({"mix": 0}, {"seed": -1}, {"epoch": -1}):
            self.assert_user_error([next(iter(options))], self.dataset.stream, **options)
        stream = self.dataset.stream()
        for part in ((-1, 2), (2, 2), (0, 0)):
            self.assert_user_error(["part"], stream.part, *part)


if __name__ == "__main__":
    unittest.main()
