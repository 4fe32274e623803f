# SPDX-License-Identifier: Apache-2.0
"""The commands of configs/kubernetes are run as pods would run them, and give the bytes of one run."""
import os
import pathlib
import re
import subprocess
import unittest

from support import RENDERIH, TINY, EndToEnd, bare_config, run, shard_bytes

CONFIGS = pathlib.Path(__file__).parents[2] / "configs" / "kubernetes"


def script_of(name):
    """The shell script in `args`, a folded block: its lines joined by spaces."""
    text = (CONFIGS / name).read_text()
    block = re.search(r"^( *)args:\n *- >-\n((?:\1 {4,}\S.*\n)+)", text, re.MULTILINE)
    return " ".join(block[2].split())


class Kubernetes(EndToEnd):
    def pod(self, name, **environment):
        script = script_of(name).replace("/opt/renderih/build/release/renderih", RENDERIH)
        script = re.sub(r"--poses 10000 --views 10 --seed 1", " ".join(map(str, self.common)), script)
        subprocess.run(["/bin/sh", "-ec", script], check=True, capture_output=True,
                       env={**os.environ, "DATA": str(self.folder / "data"), **environment})

    def test_the_pods_make_the_data_set_of_one_run(self):
        self.common = ["--poses", 3, "--views", 1, "--seed", 1, "--config",
                       bare_config(self.folder, records_per_shard=1), *TINY]
        for index in (2, 0, 1):
            self.pod("generate.yaml", JOB_COMPLETION_INDEX=str(index), PARTS="3", THREADS="1")
        self.pod("merge.yaml")
        run("generate", "--out", self.folder / "single", *self.common)
        self.assertEqual(shard_bytes(self.folder / "data" / "set"),
                         shard_bytes(self.folder / "single"))

    def test_the_numbers_that_must_agree_do(self):
        text = (CONFIGS / "generate.yaml").read_text()
        parts = re.search(r'name: PARTS\n *value: "(\d+)"', text)[1]
        self.assertEqual(re.search(r"completions: (\d+)", text)[1], parts)


if __name__ == "__main__":
    unittest.main()
