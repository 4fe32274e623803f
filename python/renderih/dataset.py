# SPDX-License-Identifier: Apache-2.0
"""A data set folder as a sequence of records, in any order and without walking through a tar."""

import bisect
import os
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

from .conventions import HANDS
from .errors import UserError
from .files import is_count, parse_json, read_file
from .record import Record
from .shard import OpenFiles, Shard

if TYPE_CHECKING:
    from .hand_model import HandModel
    from .stream import Stream

SPLITS = ("train", "val", "test")
_MAX_DESCRIPTION_BYTES = 4 << 20
_MAX_MANIFEST_BYTES = 256 << 20
_SHARD_PATH = re.compile(r"((?:train|val|test)/[0-9]{5})\.tar")


def open(
    path: str | os.PathLike[str], split: str | None = None, *, unfinished: bool = False
) -> "Dataset":
    """The data set in a folder: all its records, or those of "train", "val" or "test".

    `unfinished` allows a set that is still being made; its finished shards are read.
    """
    return Dataset(path, split, unfinished=unfinished)


class Dataset(Sequence[Record]):
    """Records by number: dataset[i], len(dataset), iteration; by key with `record`.

    Safe for threads and forked or spawned processes. Indexes are read when a shard is first used.
    """

    def __init__(
        self, path: str | os.PathLike[str], split: str | None = None, *, unfinished: bool = False
    ) -> None:
        if split is not None and split not in SPLITS:
            raise UserError(f"there is no split {split!r}; there are {', '.join(SPLITS)}")
        self.path: str = os.fspath(path)
        self.split = split
        self.info: dict[str, Any] = _read_description(self.path)
        shards = _read_manifest(self.path)
        if not unfinished:
            _check_finished(self.path, self.info, shards)
        self.shards = [shard for shard in shards if split in (None, shard.split)]
        if split is not None and not self.shards:
            raise UserError(f"{self.path}: has no records in split {split}")
        self._ends = []  # records up to and with each shard
        for shard in self.shards:
            self._ends.append((self._ends[-1] if self._ends else 0) + shard.records)

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, number: int) -> Record: ...
    @overload
    def __getitem__(self, number: slice) -> list[Record]: ...
    def __getitem__(self, number):
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        count = len(self)
        position = number + count if number < 0 else number
        if not 0 <= position < count:
            raise IndexError(f"record {number} of {count}")
        at = bisect.bisect_right(self._ends, position)
        shard = self.shards[at]
        return Record(shard, position - (self._ends[at] - shard.records))

    def record(self, key: str | int) -> Record:
        """The record of a key (twelve digits, or the number); UserError when there is none."""
        if not (is_count(key) or isinstance(key, str) and key.isdecimal() and key.isascii()):
            raise UserError(f"{key!r} is no key: expected twelve digits, or the number")
        number = int(key)
        text = f"{number:012d}"
        # A split's shards follow one another: the key's is the last that begins at or before it.
        for split in SPLITS:
            shards = [shard for shard in self.shards if shard.split == split]
            at = bisect.bisect_right(shards, number, key=lambda shard: shard.first_record) - 1
            if at >= 0:
                keys = shards[at].index.keys
                row = bisect.bisect_left(keys, text)
                if row < len(keys) and keys[row] == text:
                    return Record(shards[at], row)
        raise UserError(f"{self.path}: has no record {text} in {self.split or 'any split'}")

    def __repr__(self) -> str:
        return f"<renderih.Dataset {self.path} {self.split or 'all'}: {len(self)} records>"

    def stream(self, **options: Any) -> "Stream":
        """The records in a shuffled order that reads few shards at a time; see Stream."""
        from .stream import Stream

        return Stream(self, **options)

    def rows(self) -> Iterator[dict[str, Any]]:
        """The flat row of each record (NNNNN.jsonl) as a dict, without touching a tar."""
        for shard in self.shards:
            yield from shard.rows()

    def hands(self) -> "tuple[HandModel, HandModel]":
        """(right, left): the hand models that the labels refer to."""
        from .hand_model import HandModel

        paths = [os.path.join(self.path, "hands", f"{hand}.npz") for hand in HANDS]
        if not all(map(os.path.exists, paths)):
            raise UserError(
                f"{self.path}: has no hands/; it was made with MANO, whose files may not be passed "
                'on: renderih.load_hands("RIGHT.pkl,LEFT.pkl") reads yours'
            )
        right, left = map(HandModel.load, paths)
        return right, left


def _read_description(folder):
    path = os.path.join(folder, "dataset.json")
    if not os.path.exists(path):
        raise UserError(
            f"{folder}: is no data set of renderih: there is no dataset.json in it"
            if os.path.isdir(folder)
            else f"{folder}: there is no such folder"
        )
    info = parse_json(read_file(path, _MAX_DESCRIPTION_BYTES), path)
    if info.get("schema") != 1:
        raise UserError(f"{path}: schema is {info.get('schema')!r}; this version reads 1")
    return info


def _read_manifest(folder):
    """The finished shards, by split and number."""
    path = os.path.join(folder, "manifest.jsonl")
    if not os.path.exists(path):
        return []
    # A last line without its newline is what a crash left, and counts for nothing.
    *lines, _ = read_file(path, _MAX_MANIFEST_BYTES).split(b"\n")
    files = OpenFiles()
    shards = {}
    for number, line in enumerate(lines, 1):
        what = f"{path}:{number}"
        row = parse_json(line, what)
        match = _SHARD_PATH.fullmatch(str(row.get("path")))
        if not match:
            raise UserError(f"{what}: path: expected SPLIT/NNNNN.tar")
        name = match[1]
        if name in shards:
            raise UserError(f"{what}: {name} is listed twice")
        if not (
            is_count(row.get("bytes"))
            and is_count(row.get("first_record"))
            and is_count(row.get("records"), 1, 100_000)
        ):
            raise UserError(f"{what}: bytes, first_record, records: expected whole numbers")
        shards[name] = Shard(folder, name, row, files)
    return sorted(shards.values(), key=lambda shard: (SPLITS.index(shard.split), shard.name))


def _check_finished(folder, info, shards):
    counts = info.get("counts")
    planned = counts.get("records") if isinstance(counts, dict) else None
    if not is_count(planned):
        raise UserError(f"{folder}/dataset.json: counts.records: expected a whole number")
    made = sum(shard.records for shard in shards)
    if made != planned:
        raise UserError(
            f"{folder}: is not finished: {made} of {planned} records are in finished shards. Run "
            "the `renderih generate` command that began it again to go on, or read what there is "
            "with unfinished=True"
        )
