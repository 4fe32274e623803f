# SPDX-License-Identifier: Apache-2.0
"""Records one after the other, shuffled, reading few shards at a time, split among workers.

The order is a function of (data set, seed, epoch, mix) alone: shards are shuffled, and the records
of each `mix` of them among one another. Part i of n is the i-th of n equal stretches of it: a
worker touches few shards, and no record is read twice or left out.
"""

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from .errors import UserError
from .record import Record

if TYPE_CHECKING:
    from .dataset import Dataset


class Stream:
    """An iterable over the records of a data set; each iteration gives the same records again.

    shuffle=False gives them in the data set's order. `mix`: how many shards are shuffled together.
    """

    def __init__(
        self,
        dataset: "Dataset",
        *,
        shuffle: bool = True,
        seed: int = 0,
        epoch: int = 0,
        mix: int = 8,
    ) -> None:
        if mix < 1 or seed < 0 or epoch < 0:
            raise UserError(
                f"mix {mix}, seed {seed}, epoch {epoch}: mix must be 1 or more, the others 0"
            )
        self._shards = list(dataset.shards)
        self._shuffle = shuffle
        self._key = (seed, epoch)
        self._mix = mix
        self._begin, self._end = 0, len(dataset)

    def part(self, number: int, parts: int, *, even: bool = False) -> "Stream":
        """One worker's share of `parts`: their lengths differ by one at most.

        With even=True they are equal, and up to parts - 1 records are in none.
        """
        if parts < 1 or not 0 <= number < parts:
            raise UserError(f"part {number} of {parts}: it must lie in 0 .. parts - 1")
        count = len(self) // parts * parts if even else len(self)
        part = copy.copy(self)
        part._begin = self._begin + number * count // parts
        part._end = self._begin + (number + 1) * count // parts
        return part

    def __len__(self) -> int:
        return self._end - self._begin

    def __iter__(self) -> Iterator[Record]:
        order = np.arange(len(self._shards))
        if self._shuffle:
            np.random.default_rng([*self._key, 0]).shuffle(order)
        first = 0  # position of the window's first record in the whole order
        for number, start in enumerate(range(0, len(order), self._mix)):
            shards = [self._shards[i] for i in order[start : start + self._mix]]
            ends = np.cumsum([shard.records for shard in shards])
            low, high = max(self._begin - first, 0), min(self._end - first, int(ends[-1]))
            first += int(ends[-1])
            if low >= high:
                continue
            positions = np.arange(ends[-1])
            if self._shuffle:
                np.random.default_rng([*self._key, 1, number]).shuffle(positions)
            for position in positions[low:high]:
                at = int(np.searchsorted(ends, position, side="right"))
                yield Record(shards[at], int(position - ends[at]) + shards[at].records)
