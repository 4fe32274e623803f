# SPDX-License-Identifier: Apache-2.0
"""One shard: a tar and its index, so that a record's member is one read away."""

import re

import numpy as np

from .errors import UserError
from .files import PlainFile, is_count, parse_json, read_file

_MAX_INDEX_BYTES = 64 << 20
_MAX_ROWS_BYTES = 512 << 20
_BLOCK = 512  # of a tar
_MAX_MEMBERS = 64
_KEY = re.compile(r"[0-9]{12}")
_MEMBER = re.compile(r"[a-z0-9]+(\.[a-z0-9]+)?")


class ShardIndex:
    """Where the members of a shard's records lie."""

    def __init__(self, path, tar_bytes, records):
        entries = parse_json(read_file(path, _MAX_INDEX_BYTES), path)
        if len(entries) != records:
            raise UserError(f"{path}: has {len(entries)} records; the manifest says {records}")
        self.members = []  # names, in the order in which they were met
        column_of = {}
        places = []  # (row, column, offset, size)
        for row, (key, members) in enumerate(entries.items()):
            if not _KEY.fullmatch(key) or not isinstance(members, dict):
                raise UserError(f"{path}: expected keys of 12 digits with their members")
            for name, place in members.items():
                if name not in column_of:
                    if len(column_of) == _MAX_MEMBERS or not _MEMBER.fullmatch(name):
                        raise UserError(f"{path}: {key}: a member's name that is none")
                    column_of[name] = len(column_of)
                    self.members.append(name)
                if not (
                    isinstance(place, list)
                    and len(place) == 2
                    and is_count(place[0], _BLOCK)
                    and is_count(place[1])
                    and place[0] + place[1] <= tar_bytes
                ):
                    raise UserError(f"{path}: {key}: {name} lies outside the shard")
                places.append((row, column_of[name], place[0], place[1]))
        self.keys = list(entries)
        if self.keys != sorted(self.keys):
            raise UserError(f"{path}: the records are out of order")
        # Arrays, since a data set may have millions of records. Size -1: no such member.
        self._offsets = np.zeros((records, len(self.members)), np.int64)
        self._sizes = np.full((records, len(self.members)), -1, np.int64)
        rows, columns, offsets, sizes = np.array(places, np.int64).reshape(-1, 4).T
        self._offsets[rows, columns] = offsets
        self._sizes[rows, columns] = sizes
        self._column_of = column_of

    def members_of(self, row):
        """Names of the members of one record."""
        return tuple(name for name, size in zip(self.members, self._sizes[row]) if size >= 0)

    def find(self, row, name):
        """(offset, size) of a member, or None."""
        column = self._column_of.get(name)
        if column is None or self._sizes[row, column] < 0:
            return None
        return int(self._offsets[row, column]), int(self._sizes[row, column])


class Shard:
    """A finished shard of the manifest; its files are opened when they are first asked for."""

    def __init__(self, folder, name, row, files):
        self.name = name  # "train/00000"
        self.split = name.split("/")[0]
        self.records = row["records"]
        self.first_record = row["first_record"]
        self.path = f"{folder}/{name}.tar"
        self._tar_bytes = row["bytes"]
        self._files = files
        self._index = None

    @property
    def index(self):
        if self._index is None:
            index_path = self.path.removesuffix(".tar") + ".idx.json"
            self._index = ShardIndex(index_path, self._tar_bytes, self.records)
        return self._index

    def _tar(self):
        file = self._files.open(self.path)
        if file.size != self._tar_bytes:
            raise UserError(
                f"{self.path}: has {file.size} bytes; the manifest says {self._tar_bytes}: it was "
                "changed or cut short, copy it again or remake it with `renderih generate`"
            )
        return file

    def read(self, row, name):
        """The bytes of a member of record number `row` of this shard."""
        key = self.index.keys[row]
        place = self.index.find(row, name)
        if place is None:
            members = ", ".join(self.index.members_of(row))
            raise UserError(f"{self.path} {key}: has no member {name}; it has {members}")
        offset, size = place
        data = self._tar().read(offset - _BLOCK, _BLOCK + size)
        # The header in front of the member says whether the index belongs to this tar.
        if data[:100].rstrip(b"\0") != f"{key}.{name}".encode():
            raise UserError(f"{self.path} {key}: {name} is not where the index says")
        return data[_BLOCK:]

    def rows(self):
        """The flat row of each record (NNNNN.jsonl) as a dict."""
        path = self.path.removesuffix(".tar") + ".jsonl"
        lines = read_file(path, _MAX_ROWS_BYTES).splitlines()
        if len(lines) != self.records:
            raise UserError(f"{path}: has {len(lines)} rows; the manifest says {self.records}")
        for number, line in enumerate(lines, 1):
            yield parse_json(line, f"{path}:{number}")


class OpenFiles:
    """The files opened last, so that a set of thousands of shards keeps within the system's limit.

    A file that is put out is closed when its last reader is done with it.
    """

    def __init__(self, limit=64):
        self._limit = limit
        self._files = {}  # by path; the one used last comes last

    def open(self, path):
        file = self._files.pop(path, None)
        if file is None:
            file = PlainFile(path)
        self._files[path] = file
        while len(self._files) > self._limit:
            self._files.pop(next(iter(self._files)), None)
        return file

    def __getstate__(self):
        return {"_limit": self._limit, "_files": {}}  # descriptors do not travel
