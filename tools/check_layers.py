#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks over includes that the folders of src/renderih keep their order: arrows down only.

Link rules alone leak (every target sees the same include root), so the includes themselves are
read. Prints each offence as file:line and exits 1 when there is one.
"""
import pathlib
import re
import sys

# What each folder may include besides itself.
MAY_INCLUDE = {
    "base": set(),
    "math": {"base"},
    "image": {"base", "math"},
    "geometry": {"base", "math"},
    "hand": {"base", "math", "geometry"},
    "posing": {"base", "math", "geometry", "hand"},
    "scene": {"base", "math", "image", "geometry"},
    "render": {"base", "math", "image", "geometry", "scene"},
    "places": {"base", "math", "image", "scene", "render"},
    "things": {"base", "math", "image", "geometry", "hand", "scene", "places"},
    "dataset": {"base", "math", "image"},
    "learn": {"base", "math", "image", "geometry", "hand", "dataset"},
    "cluster": {"base", "dataset"},
    "pipeline": {
        "base", "math", "image", "geometry", "hand", "posing", "scene", "things", "render", "places",
        "dataset",
    },
    "report": {"base", "math", "image", "geometry", "hand", "scene", "places", "dataset", "pipeline"},
    "exchange": {"base", "math", "image", "hand", "dataset", "pipeline"},
    "study": {"base", "math", "image", "geometry", "hand", "posing", "pipeline"},
    "cli": {"base", "pipeline", "learn", "report", "exchange", "study", "posing", "hand", "render", "scene", "dataset", "image", "cluster"},
}
# External headers that only some folders may see: (pattern, folders).
KEPT_IN = [
    (re.compile(r"embree3?/"), {"render/embree"}),
    (re.compile(r"opensubdiv/"), {"scene"}),
    (re.compile(r"(CLI/|CLI11)"), {"cli"}),
    (re.compile(r"(tbb/|oneapi/)"), {"base"}),
    (re.compile(r"archive"), {"dataset"}),
    (re.compile(r"(torch/|ATen/|c10/)"), {"learn"}),
    (re.compile(r"(png\.h|turbojpeg|webp/|OpenEXR|Imf)"), {"image"}),
    (re.compile(r"gmp"), {"geometry"}),
    (re.compile(r"(httplib|zlib)\.h"), {"report"}),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def offences(root: pathlib.Path):
    for path in sorted(root.rglob("*")):
        if path.suffix not in {".h", ".cpp", ".cu", ".cuh"}:
            continue
        inner = path.relative_to(root)
        folder = inner.parts[0]
        if folder not in MAY_INCLUDE:
            yield f"{inner}: folder {folder} is not in the layer table of tools/check_layers.py"
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            target = match.group(1)
            if target.startswith("renderih/"):
                other = target.split("/")[1]
                if other != folder and other not in MAY_INCLUDE[folder]:
                    yield f"{inner}:{number}: {folder}/ may not include {other}/ ({target})"
                if not (root.parent / target).is_file():
                    yield f"{inner}:{number}: there is no {target}"
                continue
            for pattern, places in KEPT_IN:
                if pattern.match(target) and not any(
                    inner.as_posix().startswith(place + "/") for place in places
                ):
                    yield f"{inner}:{number}: {target} belongs in {', '.join(sorted(places))} only"


def main() -> int:
    root = pathlib.Path(__file__).resolve().parent.parent / "src" / "renderih"
    if len(sys.argv) > 1:
        root = pathlib.Path(sys.argv[1])
    found = list(offences(root))
    print("\n".join(found) if found else "ok")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
