# SPDX-License-Identifier: Apache-2.0
"""The package as a whole: what importing it costs, what it offers, what its stubs say."""

import ast
import pathlib
import re
import subprocess
import sys
import unittest

from common import REPOSITORY, PackageTest, data_set, run

import renderih
from renderih import _core


def loaded_after(code):
    """Names of the modules that code loads in a new interpreter."""
    code += "\nimport sys\nprint(*sys.modules)"
    process = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return set(process.stdout.split())


class Package(PackageTest):
    def test_importing_it_loads_nothing_heavy(self):
        loaded = loaded_after("import renderih")
        self.assertFalse(loaded & {"numpy", "PIL", "torch", "pyarrow", "renderih._core"})
        loaded = loaded_after(
            f"import renderih\nd = renderih.open({str(data_set())!r})\nd[0].label, d[0].pose"
        )
        self.assertFalse(loaded & {"torch", "pyarrow", "renderih._core"})

    def test_every_name_is_there_and_documented(self):
        for name in renderih.__all__:
            self.assertTrue(getattr(renderih, name).__doc__, name)
        self.assertTrue(set(renderih.__all__) < set(dir(renderih)))
        with self.assertRaises(AttributeError):
            renderih.nothing
        self.assertTrue(issubclass(renderih.UserError, ValueError))

    def test_stubs_name_what_the_module_has(self):
        path = pathlib.Path(_core.__file__).parent / "_core.pyi"
        stubbed = {
            node.name
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.FunctionDef)
        }
        self.assertEqual(stubbed, {name for name in dir(_core) if not name.startswith("_")})

    def test_the_build_lists_every_file(self):
        listed = re.findall(r"\w+", (REPOSITORY / "python" / "CMakeLists.txt").read_text())
        for path in (REPOSITORY / "python" / "renderih").glob("*.py"):
            self.assertIn(path.stem, listed)

    def test_program_and_module_are_one_version(self):
        self.assertEqual(run("--version").strip(), renderih.__version__)


if __name__ == "__main__":
    unittest.main()
