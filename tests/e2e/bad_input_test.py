# SPDX-License-Identifier: Apache-2.0
"""Bad input gets one clear line and status 1, wrong use status 2; nothing is run, nothing crashes."""
import os
import pickle
import unittest

from support import EndToEnd, config, run


class Call:
    """Pickles as a call of `function(argument)` on load."""

    def __init__(self, function, argument):
        self.function, self.argument = function, argument

    def __reduce__(self):
        return self.function, (self.argument,)


class BadInput(EndToEnd):
    def expect_line(self, *arguments, words=()):
        process = run(*arguments, expect=1)
        lines = process.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, process.stderr)
        for word in words:
            self.assertIn(word, lines[0])

    def test_a_pickle_that_calls_a_function_calls_nothing(self):
        marker = self.folder / "called"
        for payload in (
            Call(os.system, f"touch {marker}"),
            {"v_template": Call(eval, f"open({str(marker)!r}, 'w')")},
        ):
            path = self.folder / "evil.pkl"
            path.write_bytes(pickle.dumps(payload, protocol=2))
            self.expect_line("hand", "--hand", f"{path},{path}", "--out", self.folder / "o.npz",
                             words=["evil.pkl"])
            self.assertFalse(marker.exists())

    def test_options_out_of_range_are_named(self):
        out = self.folder / "data"
        for arguments, word in [
            (["--size", "0x334"], "size"),
            (["--size", "banana"], "size"),
            (["--spp", "0"], "spp"),
            (["--views", "0"], "views"),
            (["--poses", "0"], "poses"),
            (["--shard", "4/4"], "shard"),
            (["--source", "nowhere.json"], "nowhere.json"),
            (["--hand", "a.pkl,b.pkl"], "a.pkl"),
            (["--without", "gravity"], "gravity"),
            (["--config", str(config(self.folder, sede=3))], "sede"),
            (["--config", str(config(self.folder / ".", views="many"))], "views"),
        ]:
            if "--config" in arguments and word == "sede":
                config(self.folder, sede=3)
            elif "--config" in arguments:
                config(self.folder, views="many")
            self.expect_line("generate", "--out", out, *arguments, words=[word])
        self.assertFalse((out / "manifest.jsonl").exists())

    def test_files_that_are_no_data(self):
        junk = self.folder / "junk"
        junk.write_bytes(bytes(range(256)) * 8)
        self.expect_line("verify", self.folder / "nothing")
        self.expect_line("verify", self.folder)
        self.expect_line("report", self.folder, "--out", self.folder / "r.html")
        self.expect_line("inspect", junk)
        self.expect_line("render", junk, "--out", self.folder / "i.exr")
        self.expect_line("hand", "--hand", f"{junk},{junk}", "--out", self.folder / "h.npz")

    def test_a_place_that_cannot_be_written(self):
        if os.geteuid() == 0:
            place = "/proc/nowhere"
        else:
            place = self.folder / "locked"
            place.mkdir(mode=0o500)
        self.expect_line("generate", "--out", f"{place}/data", "--poses", 1, "--views", 1)

    def test_wrong_use(self):
        for arguments in ([], ["generate"], ["paint"], ["poses", "--count", "many", "--out", "x"]):
            run(*arguments, expect=2)
        for command in ("generate", "poses", "verify", "report", "render", "hand", "inspect", "bench"):
            self.assertIn("Example:", run(command, "--help").stdout)


if __name__ == "__main__":
    unittest.main()
