#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves that check_layers.py finds what it is for: a lower folder that includes a higher one, a
library outside its folder, a header that is not there."""
import pathlib
import subprocess
import sys
import tempfile

CHECK = pathlib.Path(__file__).with_name("check_layers.py")


def run(files: dict[str, str]) -> tuple[int, str]:
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "renderih"
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        result = subprocess.run(
            [sys.executable, CHECK, str(root)], capture_output=True, text=True, check=False
        )
        return result.returncode, result.stdout


def main() -> None:
    good = {"math/a.h": '#include "renderih/base/b.h"\n', "base/b.h": "#pragma once\n"}
    assert run(good) == (0, "ok\n"), run(good)
    for name, text, expected in [
        ("base/c.h", '#include "renderih/math/a.h"\n', "base/c.h:1: base/ may not include math/"),
        ("render/d.cpp", "\n#include <embree3/rtcore.h>\n", "render/d.cpp:2: embree3/rtcore.h"),
        ("math/e.h", '#include "renderih/base/gone.h"\n', "there is no renderih/base/gone.h"),
        ("attic/f.h", "", "folder attic is not in the layer table"),
    ]:
        code, out = run(good | {name: text})
        assert code == 1 and expected in out, (name, code, out)
    print("ok")


if __name__ == "__main__":
    main()
