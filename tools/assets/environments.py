# SPDX-License-Identifier: Apache-2.0
"""The 25 CC0 environment maps, as the packages hold them: bytes are not changed.

The pmndrs maps have negative radiance around lamps (a ringing shrink filter); the renderer's loader mends it.
"""
import base64
import io
import re
import subprocess
import tarfile

from common import AssetError, write_bytes

EXR_MAGIC = b"\x76\x2f\x31\x01"
MAX_MAP_BYTES = 16 << 20
# blender's sunrise and pmndrs' sunrise are one photograph (correlation 0.996); the larger one stays.
DUPLICATES = {"pmndrs_sunrise"}


def build_environments(packages, out_dir):
    """Write OUT/NAME.exr for every map; -> {file name: package key}."""
    sources = {}
    for name, key, data in [*_pmndrs_maps(packages["pmndrs"]), *_blender_maps(packages["blender-data"])]:
        if name in DUPLICATES:
            continue
        if not data.startswith(EXR_MAGIC) or len(data) > MAX_MAP_BYTES:
            raise AssetError(f"environment {name} of package {key} is not an OpenEXR file of sane size")
        write_bytes(out_dir / f"{name}.exr", data)
        sources[f"{name}.exr"] = key
    return sources


def _pmndrs_maps(archive):
    with tarfile.open(archive) as tar:
        for member in sorted(tar.getmembers(), key=lambda m: m.name):
            match = re.fullmatch(r"package/hdri/(\w+)\.exr\.js", member.name)
            if match:
                text = tar.extractfile(member).read().decode()
                payload = re.search(r"base64,([A-Za-z0-9+/=]+)", text).group(1)
                yield f"pmndrs_{match.group(1)}", "pmndrs", base64.b64decode(payload, validate=True)


def _blender_maps(archive):
    try:
        result = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(archive)], capture_output=True, check=True)
    except FileNotFoundError:
        raise AssetError("reading blender-data needs 'dpkg-deb'; try: apt-get install dpkg") from None
    with tarfile.open(fileobj=io.BytesIO(result.stdout)) as tar:
        for member in sorted(tar.getmembers(), key=lambda m: m.name):
            match = re.fullmatch(r"\./usr/share/blender/datafiles/studiolights/world/(\w+)\.exr", member.name)
            if match:
                yield f"blender_{match.group(1)}", "blender-data", tar.extractfile(member).read()
