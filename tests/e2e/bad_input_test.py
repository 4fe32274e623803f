# SPDX-License-Identifier: Apache-2.0
"""Bad input gets one clear line and status 1, wrong use status 2; nothing is run, nothing crashes."""
import os
import pickle
import subprocess
import unittest

from support import RENDERIH, EndToEnd, config, run


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
            (["--config", config(self.folder, "misspelt", sede=3)], "sede"),
            (["--config", config(self.folder, "wordy", views="many")], "views"),
        ]:
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

    def test_numbers_that_would_be_wrapped_are_wrong_use(self):
        out = self.folder / "data"
        for arguments in (
            ["--seed", "-1"],
            ["--seed", "99999999999999999999999"],
            ["--seed", "0x10"],
            ["--poses", "-3"],
            ["--poses", "1.5"],
            ["--threads", "-1"],
        ):
            process = run("generate", "--out", out, *arguments, expect=2)
            self.assertEqual(len(process.stderr.strip().splitlines()), 1, process.stderr)
            self.assertIn(arguments[0], process.stderr)
            self.assertIn(arguments[1], process.stderr)
        run("poses", "--out", self.folder / "p.npz", "--count", "-1", expect=2)
        self.assertIn("empty", run("verify", "", expect=2).stderr)
        self.expect_line("generate", "--out", out, "--shard", "4294967296/4294967297",
                         words=["shard"])
        self.assertFalse(out.exists())

    def test_preset_and_config_in_either_order(self):
        settings = self.folder / "c.toml"
        settings.write_text("[posing]\niterations = 3\naugment_scale = -5.0\n")
        for flags in (["--preset", "paper", "--config", settings],
                      ["--config", settings, "--preset", "paper"]):
            self.expect_line("poses", "--out", self.folder / "p.npz", "--count", 1, *flags,
                             words=["augment_scale"])

    def test_output_is_refused_before_the_work(self):
        for arguments in (["poses", "--count", "1000000", "--out", self.folder / "no" / "p.npz"],
                          ["anchors", "--count", "1000000", "--out", self.folder / "no" / "a.npz"],
                          ["train-discriminator", "--steps", "1000000",
                           "--out", self.folder / "no" / "w.npz"],
                          ["report", self.folder, "--out", self.folder / "no" / "r.html"]):
            self.expect_line(*arguments, words=["no/"])
        scene = self.folder / "scene.json"
        scene.write_text("{}")
        self.expect_line("render", scene, "--out", self.folder / "i.png", words=[".exr"])
        self.assertFalse((self.folder / "i.png").exists())

    @unittest.skipUnless(os.path.exists("/dev/full"), "there is no /dev/full")
    def test_output_that_is_lost_is_a_failure(self):
        hand = self.folder / "h.npz"
        run("hand", "--out", hand)
        with open("/dev/full", "w", encoding="ascii") as full:
            process = subprocess.run([RENDERIH, "inspect", str(hand)], stdout=full,
                                     stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(process.returncode, 1)
        self.assertIn("standard output", process.stderr)

    def test_wrong_use(self):
        for arguments in ([], ["generate"], ["paint"], ["poses", "--count", "many", "--out", "x"]):
            process = run(*arguments, expect=2)
            self.assertEqual(len(process.stderr.strip().splitlines()), 1, process.stderr)
        for command in ("generate", "poses", "verify", "report", "view", "render", "hand", "inspect", "bench"):
            self.assertIn("Example:", run(command, "--help").stdout)


if __name__ == "__main__":
    unittest.main()
