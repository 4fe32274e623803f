# SPDX-License-Identifier: Apache-2.0
"""Bring the pinned packages of packages.lock.json into the cache, each checked against its sha256.

A package is downloaded by its own ordinary client (pip, npm, apt-get) by name and version, and never
installed: everything is read out of the archive. A cached file with the right hash is not fetched again.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from common import AssetError, sha256_of_file

LOCK_FILE = Path(__file__).with_name("packages.lock.json")
TIMEOUT_S = 900


def default_cache_dir():
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "renderih" / "packages"


def read_lock(path=LOCK_FILE):
    """-> {package key: entry}; see packages.lock.json."""
    return {entry["key"]: entry for entry in json.loads(Path(path).read_text())["packages"]}


def fetch_package(entry, cache_dir, offline):
    """-> path of the package's archive in the cache, its sha256 checked."""
    path = Path(cache_dir) / entry["file"]
    label = f"{entry['kind']} package {entry['name']} {entry['version']}"
    if path.is_file():
        if sha256_of_file(path) == entry["sha256"]:
            return path
        if offline:
            raise AssetError(
                f"{path} is not {label} as locked (sha256 differs); delete it and run without --offline"
            )
    elif offline:
        raise AssetError(f"{label} is not in the cache {cache_dir}; run once without --offline")
    _download(entry, path, label)
    return path


def _download(entry, path, label):
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="fetch-") as folder:
        _run(_client_command(entry), folder, label)
        found = sorted(Path(folder).iterdir())
        if len(found) != 1:
            raise AssetError(f"{label}: expected one downloaded file, got {[p.name for p in found]}")
        digest = sha256_of_file(found[0])
        if digest != entry["sha256"]:
            raise AssetError(
                f"{label}: sha256 of {found[0].name} is {digest}, the lock file says {entry['sha256']}; "
                "not used (a changed or tampered package; if intended, update packages.lock.json)"
            )
        found[0].replace(path)


def _client_command(entry):
    name, version = entry["name"], entry["version"]
    if entry["kind"] == "pypi":
        return [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
                "--disable-pip-version-check", "--dest", ".", f"{name}=={version}"]
    if entry["kind"] == "npm":
        return ["npm", "pack", "--silent", f"{name}@{version}"]
    if entry["kind"] == "apt":
        return ["apt-get", "download", f"{name}={version}"]
    raise AssetError(f"packages.lock.json: unknown kind '{entry['kind']}' of {name}")


_HINTS = {
    "pypi": "is PyPI reachable, and pip in this virtual environment?",
    "npm": "is the npm registry reachable? (npm itself: apt-get install npm)",
    "apt": "run 'apt-get update' once, or is the Debian mirror reachable?",
}


def _run(command, folder, label):
    client = shutil.which(command[0])
    if client is None:
        package = {"npm": "npm", "apt-get": "apt"}.get(command[0], command[0])
        raise AssetError(f"{label} needs '{command[0]}', which is not installed; try: apt-get install {package}")
    kind = {"npm": "npm", "apt-get": "apt"}.get(command[0], "pypi")
    try:
        result = subprocess.run(
            [client] + command[1:], cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S
        )
    except subprocess.TimeoutExpired:
        raise AssetError(f"{label}: '{command[0]}' gave no answer in {TIMEOUT_S} s; try again") from None
    if result.returncode != 0:
        lines = [line for line in (result.stderr + result.stdout).splitlines() if line.strip()]
        reason = lines[-1].strip()[:200] if lines else f"exit status {result.returncode}"
        raise AssetError(f"{label} cannot be fetched: {reason}; {_HINTS[kind]}")
