# SPDX-License-Identifier: Apache-2.0
"""Files that nobody vouches for: bounded reads, and JSON that is JSON."""

import json
import os
import stat

from .errors import UserError


class PlainFile:
    """A file read by offset.

    There is no shared position, so any number of threads and forked processes may read it.
    """

    def __init__(self, path):
        self.path = path
        self._fd = -1
        try:
            # Not to wait for the writer of a pipe.
            self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
            status = os.fstat(self._fd)
        except OSError as error:
            raise UserError(f"{path}: {error.strerror}") from None
        if not stat.S_ISREG(status.st_mode):
            raise UserError(f"{path}: is no plain file")
        self.size = status.st_size

    def __del__(self):
        if self._fd >= 0:
            os.close(self._fd)

    def read(self, offset, size):
        """Exactly `size` bytes from `offset` on."""
        chunks = []
        while size > 0:
            try:
                chunk = os.pread(self._fd, size, offset)
            except OSError as error:
                raise UserError(f"{self.path}: {error.strerror}") from None
            if not chunk:
                raise UserError(f"{self.path}: ends at byte {offset}; it was cut short")
            chunks.append(chunk)
            offset += len(chunk)
            size -= len(chunk)
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def read_file(path, max_bytes):
    """The whole file, of at most `max_bytes`."""
    file = PlainFile(path)
    if file.size > max_bytes:
        raise UserError(f"{path}: has {file.size} bytes; at most {max_bytes} are read")
    return file.read(0, file.size)


def parse_json(data, what):
    """The JSON object in `data` (bytes or str); `what` names it in messages."""
    try:
        value = json.loads(data, parse_constant=_refuse_constant)
    except RecursionError:
        raise UserError(f"{what}: is nested too deep") from None
    except ValueError as error:
        raise UserError(f"{what}: is no JSON: {error}") from None
    if not isinstance(value, dict):
        raise UserError(f"{what}: is no JSON object")
    return value


def _refuse_constant(name):
    raise ValueError(f"{name} is no number")


def is_count(value, low=0, high=1 << 50):
    """Whether a value of a JSON file is a whole number within the range."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
