# SPDX-License-Identifier: Apache-2.0
"""What every asset script shares: the one error type, hashes, and deterministic npz/JSON writing."""
import hashlib
import io
import json
import os
import zipfile
from pathlib import Path

import numpy as np


class AssetError(Exception):
    """Bad input or environment, said in one line: what, where, what to try. Exit status 1."""


def sha256_of_bytes(data):
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path):
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def write_bytes(path, data):
    """Write a file whole or not at all: temporary name in the same folder, then rename."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + f".{os.getpid()}.tmp")
    temporary.write_bytes(data)
    temporary.replace(path)


def write_json(path, value):
    write_bytes(path, (json.dumps(value, indent=1, sort_keys=True) + "\n").encode())


def write_npz(path, arrays):
    """Write {name: array} as npz with sorted members and fixed dates, so equal arrays give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(arrays):
            member = io.BytesIO()
            np.lib.format.write_array(
                member, np.asarray(arrays[name], order="C"), version=(1, 0), allow_pickle=False
            )
            info = zipfile.ZipInfo(name + ".npy", date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, member.getvalue())
    write_bytes(path, buffer.getvalue())


def unit(vectors):
    """Normalise along the last axis; zero stays zero."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(length > 0, length, 1)


def smoothstep(low, high, x):
    """0 below low, 1 above high, C1 between."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)
