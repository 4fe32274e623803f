# SPDX-License-Identifier: Apache-2.0
"""Whatever goes wrong at whatever call: nothing finished is lost, nothing half-done counts, and the
same command again gives the bytes of a run that nothing happened to.

The program is the one that ships; fault_shim.cpp, loaded before the C library, counts the calls that
change files and lets one of them go wrong. Three commands are tried: `generate`, `merge`, and a
program that fills a data set as `generate` does, but with records that cost nothing. Continuous
integration tries a sample of the calls; RENDERIH_FULL_FAULTS=1 tries every one (of `generate`, whose
runs take seconds, every eighth), and prints the figures of docs/reliability.md.
"""
import collections
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

from support import RENDERIH, TINY, EndToEnd, bare_config, run, shard_bytes

FILL_DATASET = os.environ.get("RENDERIH_FILL_DATASET", "")
SHIM = os.environ.get("RENDERIH_FAULT_SHIM", "")
FULL = os.environ.get("RENDERIH_FULL_FAULTS") == "1"
KILLS = ["before", "torn", "after"]
ERRORS = ["ENOSPC", "EROFS", "EIO"]
MENDED = ["short", "EINTR"]  # what a correct program does not even notice


class Call(collections.namedtuple("Call", "number name path result")):
    """A call that came back, from the shim's log."""

    def finishes_a_record(self):
        return (self.name == "rename" and self.result == 0
                and re.search(r"/\.partial/\w+-\d{5}/\d{12}\.tar$", self.path))


def everything_below(folder):
    """Path -> bytes of all files and folders; the manifest's rows sorted, without their seconds."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_dir():
            found[name] = None
        elif name == "manifest.jsonl":
            found[name] = sorted(manifest_rows(folder), key=lambda row: row["path"])
        else:
            found[name] = path.read_bytes()
    return found


def manifest_rows(folder):
    """Rows that count: those with their newline."""
    path = folder / "manifest.jsonl"
    lines = path.read_text().split("\n")[:-1] if path.exists() else []
    rows = [json.loads(line) for line in lines]
    for row in rows:
        del row["seconds"]
    return rows


class Sweep:
    """One clean run of a command, and others with a fault each, which must end with its files."""

    SHARE = 24  # calls of each kind that continuous integration tries
    STEP = 1  # of every how many calls the full test tries one

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not SHIM:
            raise unittest.SkipTest("RENDERIH_FAULT_SHIM does not name the built fault_shim")
        kept = tempfile.TemporaryDirectory()
        cls.addClassCleanup(kept.cleanup)
        cls.kept = pathlib.Path(kept.name)
        cls.settings = bare_config(cls.kept, records_per_shard=2)
        cls.prepare()
        cls.clean = cls.kept / "clean"
        cls.calls = cls.run_with(cls.clean, None).calls
        cls.expected = everything_below(cls.clean)
        assert sum(name.endswith(".tar") for name in cls.expected) >= 2
        cls.figures = collections.Counter()

    @classmethod
    def tearDownClass(cls):
        figures = ", ".join(f"{count} {name}" for name, count in sorted(cls.figures.items()))
        print(f"\n{cls.__name__}: {len(cls.calls)} calls in a clean run; {figures}")

    @classmethod
    def prepare(cls):
        """What the command needs."""

    @classmethod
    def generate(cls, folder):
        """A small data set of three shards."""
        return [RENDERIH, "generate", "--out", folder, "--poses", 3, "--views", 2, "--seed", 7,
                "--threads", 1, "--config", cls.settings, *TINY]

    @classmethod
    def start(cls, folder, fault, log, **kwargs):
        environment = {
            **os.environ,
            "LD_PRELOAD": SHIM,
            "RIH_FAULT_ROOT": str(folder),
            "RIH_FAULT_LOG": str(log),
            "ASAN_OPTIONS": "verify_asan_link_order=0",
        }
        if fault:
            environment["RIH_FAULT"] = fault
        return subprocess.Popen(list(map(str, cls.command(folder))), env=environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kwargs)

    @classmethod
    def run_with(cls, folder, fault):
        """Runs the command once with a fault; the finished process, with `calls` of the shim."""
        with tempfile.NamedTemporaryFile() as log:
            process = cls.start(folder, fault, log.name)
            process.out, process.err = process.communicate()
            lines = pathlib.Path(log.name).read_text().splitlines()
            process.calls = [Call(int(n), name, path, int(result)) for n, name, path, result in
                             (re.fullmatch(r"(\d+) (\S+) (.*) (-?\d+)", line).groups() for line in lines)]
        return process

    def sample(self, kind, share):
        """The calls to try a fault at: all, or about `share` of CI's number, spread evenly."""
        numbers = [call.number for call in self.calls
                   if call.name == "write" or kind not in ["torn", *MENDED]]
        if FULL or len(numbers) <= share:
            return numbers[:: self.STEP]
        # Each kind begins elsewhere, so that together they try more places.
        first = (KILLS + ERRORS + MENDED).index(kind) if kind in KILLS + ERRORS + MENDED else 0
        step = len(numbers) / share
        return [numbers[int(step * (i + first / 8)) % len(numbers)] for i in range(share)]

    def check_nothing_half_done(self, folder):
        """Every shard that the manifest counts, and every file in its place, is whole."""
        for row in manifest_rows(folder):
            self.assertIn(row, self.expected["manifest.jsonl"])
            for ending in (".tar", ".idx.json", ".jsonl"):
                self.assertTrue((folder / row["path"].replace(".tar", ending)).exists(), row["path"])
        for name, data in shard_bytes(folder).items():
            self.assertEqual(data, self.expected[name], name)

    def heal(self, folder, finished):
        """The same command again, undisturbed. `finished` records must not be made again."""
        again = self.run_undisturbed(folder)
        self.assertEqual(again.returncode, 0, again.stdout + again.stderr)
        made = re.search(r"made (\d+) records", again.stdout)
        total = sum(row["records"] for row in self.expected["manifest.jsonl"])
        if made:
            self.assertLessEqual(int(made[1]), total - finished, again.stdout)
        found = everything_below(folder)
        self.assertEqual(found.keys(), self.expected.keys())
        self.assertEqual(found, self.expected)

    def run_undisturbed(self, folder):
        return subprocess.run(list(map(str, self.command(folder))), capture_output=True, text=True,
                              check=False)

    def try_fault(self, kind, number):
        folder = self.folder / "data"
        shutil.rmtree(folder, ignore_errors=True)
        failed = self.run_with(folder, f"{kind}:{number}")
        with self.subTest(kind=kind, call=number, last=failed.calls[-1:], err=failed.err):
            if kind in KILLS:
                self.assertEqual(failed.returncode, -signal.SIGKILL)
            elif kind in MENDED:
                self.assertEqual((failed.returncode, failed.err.count("internal")), (0, 0))
            elif failed.returncode == 0:
                # Only what is best effort may fail unsaid: tidying up, and what comes after it.
                self.figures["faults that did no harm"] += 1
                self.check_same_but_untidy(folder)
            else:
                self.assertEqual(failed.returncode, 1)
                lines = [line for line in failed.err.splitlines() if line.startswith("renderih: ")]
                self.assertEqual(len(lines), 1, failed.err)
                self.assertIn(str(folder), lines[0])
            self.check_nothing_half_done(folder)
            self.heal(folder, sum(bool(call.finishes_a_record()) for call in failed.calls))
        self.figures[f"runs with {kind}"] += 1

    def check_same_but_untidy(self, folder):
        found = {name: data for name, data in everything_below(folder).items()
                 if not name.startswith(".partial")}
        self.assertEqual(found, self.expected)

    def test_killed_at_any_call(self):
        for kind in KILLS:
            for number in self.sample(kind, self.SHARE):
                self.try_fault(kind, number)

    def test_disk_full_read_only_or_broken_at_any_call(self):
        for kind in ERRORS:
            for number in self.sample(kind, self.SHARE):
                self.try_fault(kind, number)

    def test_half_written_and_interrupted_calls_are_mended(self):
        for kind in MENDED:
            for number in self.sample(kind, max(1, self.SHARE // 4)):
                self.try_fault(kind, number)


class Fill(Sweep, EndToEnd):
    """What `generate` does with its folder, at every call."""

    @classmethod
    def command(cls, folder):
        return [FILL_DATASET, folder]

    def test_two_processes_wherever_the_first_one_stands(self):
        """The first stops before call n; the second works beside it, then the first goes on."""
        for number in self.sample("stop", 12):
            folder = self.folder / "data"
            shutil.rmtree(folder, ignore_errors=True)
            with tempfile.NamedTemporaryFile() as log, self.subTest(call=number):
                first = self.start(folder, f"stop:{number}", log.name)
                self.addCleanup(first.kill)
                _, status = os.waitpid(first.pid, os.WUNTRACED)
                self.assertTrue(os.WIFSTOPPED(status), status)
                second = subprocess.Popen(list(map(str, self.command(folder))), text=True,
                                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                self.addCleanup(second.kill)
                try:  # it may wait for the other to leave the manifest alone
                    out, err = second.communicate(timeout=1)
                except subprocess.TimeoutExpired:
                    os.kill(first.pid, signal.SIGCONT)
                    out, err = second.communicate()
                self.check_nothing_half_done(folder)
                os.kill(first.pid, signal.SIGCONT)
                first_out, first_err = first.communicate()
                self.assertEqual((second.returncode, first.returncode), (0, 0),
                                 out + err + first_out + first_err)
                self.heal(folder, 0)
            self.figures["runs beside a stopped one"] += 1

    def test_a_disk_that_is_really_full(self):
        """A file system of a few hundred kilobytes, enlarged until the set fits."""
        disk = self.folder / "disk"
        disk.mkdir()
        size = 64
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", disk]
        if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            self.skipTest("mounting a file system is not allowed here")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        folder = disk / "data"
        while True:
            process = self.run_undisturbed(folder)
            self.check_nothing_half_done(folder)
            if process.returncode == 0:
                break
            self.assertEqual(process.returncode, 1)
            self.assertIn("No space left on device", process.stderr)
            self.figures["runs on a full disk"] += 1
            size += 32
            self.assertLess(size, 4096)
            subprocess.run(["mount", "-o", f"remount,size={size}k", disk], check=True)
        self.heal(folder, 6)
        self.assertGreater(self.figures["runs on a full disk"], 2)


class Generate(Sweep, EndToEnd):
    """The whole program."""

    SHARE, STEP = 1, 8

    @classmethod
    def command(cls, folder):
        return cls.generate(folder)

    def test_a_shard_changed_or_cut_after_the_fact(self):
        """`verify` names it, and with --repair the next run makes it again, to the same bytes."""
        for damage in ("cut", "flip"):  # and what is gone: dataset/repair_test.cpp
            folder = self.folder / "data"
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(self.clean, folder)
            row = manifest_rows(folder)[0]
            tar = folder / row["path"]
            data = bytearray(tar.read_bytes())
            if damage == "cut":
                tar.write_bytes(data[: len(data) // 2])
            else:
                data[len(data) // 3] ^= 4
                tar.write_bytes(data)
            with self.subTest(damage=damage):
                self.assertIn(row["path"], run("verify", folder, expect=1).stdout)
                if damage != "flip":  # a run looks at sizes; digests are verify's
                    refused = self.run_undisturbed(folder)
                    self.assertEqual(refused.returncode, 1)
                    self.assertIn(row["path"], refused.stderr)
                run("verify", folder, "--repair", expect=1)
                self.heal(folder, 4)
            self.figures["shards damaged"] += 1


class Merge(Sweep, EndToEnd):
    """Parts of two machines joined; both copies of the files must be whole at any moment."""

    @classmethod
    def prepare(cls):
        cls.parts = [cls.kept / "part0", cls.kept / "part1"]
        for i, part in enumerate(cls.parts):
            run(*cls.generate(part)[1:], "--shard", f"{i}/2")

    @classmethod
    def command(cls, folder):
        return [RENDERIH, "merge", *cls.parts, "--out", folder]


if __name__ == "__main__":
    unittest.main()
