# SPDX-License-Identifier: Apache-2.0
"""One shard: a tar and its index, so that a record's member is one read away."""

import itertools
import re

from .errors import UserError
from .files import PlainFile, is_count, parse_json, read_file

_MAX_INDEX_BYTES = 64 << 20
_MAX_ROWS_BYTES = 512 << 20
_BLOCK = 512  # of a tar
_KEY = re.compile(r"[0-9]{12}")
_MEMBER = re.compile(r"[a-z0-9]+(\.[a-z0-9]+)?")


class ShardIndex:
    """Where the members of a shard's records lie: a record a line, parsed when it is asked for."""

    def __init__(self, path, tar_bytes, records):
        self._path = path
        self._tar_bytes = tar_bytes
        text = read_file(path, _MAX_INDEX_BYTES)
        if not (text.startswith(b"{\n") and text.endswith(b"\n}\n")):
            raise UserError(f"{path}: is no index: expected a record a line between braces")
        self._lines = text[2:-3].split(b"\n")
        if len(self._lines) != records:
            raise UserError(f"{path}: has {len(self._lines)} records; the manifest says {records}")
        self.keys = [line[1:13].decode("ascii", "replace") for line in self._lines]
        if any(a >= b for a, b in itertools.pairwise(self.keys)):
            raise UserError(f"{path}: the records are out of order")

    def members(self, row):
        """name -> (offset, size) of the members of one record."""
        key, what = self.keys[row], f"{self._path}:{row + 2}"
        entry = parse_json(b"{" + self._lines[row].rstrip(b",") + b"}", what)
        members = entry.get(key)
        if not _KEY.fullmatch(key) or len(entry) != 1 or not isinstance(members, dict):
            raise UserError(f"{what}: expected one key of 12 digits with its members")
        for name, place in members.items():
            if not _MEMBER.fullmatch(name):
                raise UserError(f"{what}: a member's name that is none")
            if not (
                isinstance(place, list)
                and len(place) == 2
                and is_count(place[0], _BLOCK)
                and is_count(place[1])
                and place[0] + place[1] <= self._tar_bytes
            ):
                raise UserError(f"{what}: {name} lies outside the shard")
        return {name: tuple(place) for name, place in members.items()}


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

    def read(self, key, name, place):
        """The bytes of a member of record `key` that lies at `place`, as the index has it."""
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
            self._files.pop(list(self._files)[0], None)  # list(): in one step, for threads
        return file

    def __getstate__(self):
        return {"_limit": self._limit, "_files": {}}  # descriptors do not travel
