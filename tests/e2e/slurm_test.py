# SPDX-License-Identifier: Apache-2.0
"""`renderih slurm` ends with the bytes of a single run, whatever becomes of its tasks and of itself.

Twice: with small stand-ins for sbatch, squeue and scontrol that run a task at a time, always; and
on a real Slurm of one node, begun here as root, with RENDERIH_SLURM=1 (apt-get install slurm-wlm
munge) - or on the Slurm that is already there, with RENDERIH_SLURM=here.
"""
import os
import pathlib
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import unittest

from support import RENDERIH, TINY, EndToEnd, bare_config, run

STAND_IN = pathlib.Path(__file__).with_name("slurm_stand_in.py")


def wait_for(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.05)


def processes_of(part):
    """Process ids of `renderih generate` whose output is this part."""
    found = []
    for line in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = line.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"generate" in words and any(word.endswith(b"/parts/" + part.encode()) for word in words):
            found.append(int(line.parent.name))
    return found


def whole(folder):
    """Path -> bytes of a data set but its manifest, whose order and times differ."""
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in folder.rglob("*") if path.is_file() and path.name != "manifest.jsonl"}


class ByArray:
    """What must hold on any Slurm."""

    TASKS, POLL = 8, "0.3"

    def setUp(self):
        super().setUp()
        self.out = self.folder / "it's data"
        self.work = self.folder / "it's data.slurm"
        self.common = ["--poses", self.TASKS, "--views", 1, "--seed", 7, "--config",
                       bare_config(self.folder, records_per_shard=1), *TINY]

    def start(self, *more):
        log = open(self.folder / "follower.log", "a", encoding="utf-8")
        self.addCleanup(log.close)
        process = subprocess.Popen(
            [RENDERIH, "slurm", "--out", str(self.out), *map(str, self.common), "--jobs",
             str(self.TASKS), "--poll", self.POLL, "--threads", "1", *more],
            stdout=log, stderr=subprocess.STDOUT, env=self.environment)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def said(self):
        return (self.folder / "follower.log").read_text()

    def part(self, task):
        return f"{task:05}-of-{self.TASKS:05}"

    def hold(self, is_held):
        """Keeps the queue from running empty where tasks are few."""

    def kill_task(self, task):
        """By SIGKILL, once it is at work."""
        wait_for(lambda: processes_of(self.part(task)), f"task {task} runs", 240)
        for pid in processes_of(self.part(task)):
            os.kill(pid, signal.SIGKILL)

    def test_tasks_and_follower_are_killed_and_the_bytes_are_those_of_one_run(self):
        follower = self.start()
        self.kill_task(1)
        self.hold(True)
        follower.kill()
        follower.wait()
        before = len(self.said())
        follower = self.start()  # the same command goes on
        wait_for(lambda: len(self.said()) > before, "the second follower is at work")
        refused = subprocess.run([RENDERIH, "slurm", "--out", self.out, *map(str, self.common),
                                  "--jobs", str(self.TASKS)], env=self.environment, text=True,
                                 capture_output=True, check=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("another process follows this job", refused.stderr)
        self.hold(False)
        self.kill_task(self.TASKS - 2)
        self.assertEqual(follower.wait(timeout=600), 0, self.said())
        submitted = re.search(r"(\d+) tasks submitted", self.said())
        self.assertGreaterEqual(int(submitted[1]), 1, self.said())  # what was killed

        single = self.folder / "single"
        run("generate", "--out", single, *self.common)
        self.assertEqual(whole(self.out), whole(single))
        run("verify", self.out)
        self.assertFalse((self.work / "parts").exists())
        again = self.start()
        self.assertEqual(again.wait(timeout=60), 0)
        self.assertIn("0 tasks submitted", self.said())

    def test_a_task_that_always_fails_is_named_with_its_last_words(self):
        self.common += ["--source", "nowhere.json"]
        # The settings are looked at before anything is submitted ...
        self.assertEqual(self.start().wait(timeout=60), 1)
        self.assertIn("nowhere.json", self.said())
        self.assertFalse(self.work.exists())
        # ... so a task fails by what it alone meets: here its folder holds something else.
        del self.common[-2:]
        block = self.work / "parts" / self.part(2)
        block.mkdir(parents=True)
        (block / "thesis.tex").write_text("years of work")
        self.assertEqual(self.start("--retries", "1").wait(timeout=300), 1)
        last = self.said().splitlines()[-1]
        self.assertRegex(last, rf"1 of {self.TASKS} tasks failed 2 times: 2; .*0_2.log, ends: "
                               r"renderih: .*holds 'thesis.tex'")
        shutil.rmtree(block)
        self.assertEqual(self.start().wait(timeout=300), 0)
        run("verify", self.out)


class StandIn(ByArray, EndToEnd):
    TASKS, POLL = 4, "0.1"

    def setUp(self):
        super().setUp()
        programs = self.folder / "bin"
        programs.mkdir()
        for name in ("sbatch", "squeue", "scontrol"):
            program = programs / name
            program.write_text(f"#!/bin/sh\nexec {sys.executable} {STAND_IN} {name} \"$@\"\n")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
        self.queue = self.folder / "queue"
        self.queue.mkdir()
        self.environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}",
                            "STAND_IN_QUEUE": str(self.queue)}
        self.addCleanup(lambda: wait_for(lambda: not list(self.queue.glob("*.job")), "no task is left"))

    def hold(self, is_held):
        held = self.queue / "held"
        held.touch() if is_held else held.unlink()

    def test_arrays_keep_to_the_clusters_size(self):
        (self.queue / "max_array_size").write_text("3")
        printed = subprocess.run(
            [RENDERIH, "slurm", "--out", self.out, *map(str, self.common), "--jobs", "4",
             "--dry-run", "--", "--partition=cpu"], env=self.environment, text=True,
            capture_output=True, check=True).stdout
        sent = [line for line in printed.splitlines() if line.startswith("# 'sbatch'")]
        self.assertEqual(len(sent), 2)
        self.assertRegex(sent[0], r"'--partition=cpu' .*'--array=0-2'.* '0'$")
        self.assertRegex(sent[1], r"'--partition=cpu' .*'--array=0'.* '3'$")
        self.assertFalse(self.out.exists() or self.work.exists())
        self.assertEqual(self.start().wait(timeout=120), 0, self.said())
        run("verify", self.out)

    def test_a_cluster_that_takes_only_some_gets_the_rest_later(self):
        (self.queue / "max_array_size").write_text("2")
        (self.queue / "max_submitted").write_text("2")
        self.assertEqual(self.start("--retries", "0").wait(timeout=120), 0, self.said())
        (self.queue / "max_submitted").write_text("0")
        shutil.rmtree(self.out)
        self.assertEqual(self.start().wait(timeout=60), 1)
        self.assertIn("Slurm takes no task: sbatch: ", self.said().splitlines()[-1])

    def test_no_slurm_is_one_line(self):
        refused = run("slurm", "--out", self.out, *self.common, expect=1,
                      env={**os.environ, "PATH": "/nowhere"})
        self.assertIn("no Slurm controller answers here", refused.stderr)
        self.assertFalse(self.out.exists())


# Only what a node of one's own needs: no accounting, no cgroups, scheduling at once.
SLURM_CONF = """
ClusterName=renderih
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
StateSaveLocation={folder}/controller
SlurmdSpoolDir={folder}/node
SlurmctldPidFile={folder}/controller.pid
SlurmdPidFile={folder}/node.pid
SlurmctldLogFile={folder}/controller.log
SlurmdLogFile={folder}/node.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerParameters=sched_min_interval=0,batch_sched_delay=0,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
NodeName={host} NodeAddr=127.0.0.1 Sockets=1 CoresPerSocket={cores} ThreadsPerCore=1 RealMemory=2000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


class Real(ByArray, EndToEnd):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.environment = dict(os.environ)
        wanted = os.environ.get("RENDERIH_SLURM", "")
        if wanted not in ("1", "here"):
            raise unittest.SkipTest("RENDERIH_SLURM is not set (1: begin a Slurm, here: use the one there is)")
        if wanted == "1":
            cls.begin()

    @classmethod
    def begin(cls):
        """A Slurm of this machine alone."""
        for program in ("munged", "slurmctld", "slurmd"):
            if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
                raise unittest.SkipTest(f"{program} is not installed (apt-get install slurm-wlm munge)")
        if os.getuid() != 0:
            raise unittest.SkipTest("only root can begin a Slurm")
        kept = tempfile.TemporaryDirectory()
        cls.addClassCleanup(kept.cleanup)
        folder = pathlib.Path(kept.name)
        (folder / "controller").mkdir()
        (folder / "node").mkdir()
        host = socket.gethostname().split(".")[0]
        (folder / "slurm.conf").write_text(
            SLURM_CONF.format(host=host, folder=folder, cores=os.cpu_count()))
        cls.environment |= {"SLURM_CONF": str(folder / "slurm.conf"),
                            "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}

        def do(*command):
            subprocess.run(command, env=cls.environment, check=True, capture_output=True)

        if subprocess.run(["munge", "-n"], capture_output=True, check=False).returncode != 0:
            os.makedirs("/run/munge", exist_ok=True)
            do("chown", "munge:", "/run/munge", "/var/log/munge", "/var/lib/munge", "/etc/munge")
            do("chmod", "755", "/run/munge")
            do("runuser", "-u", "munge", "--", "munged")
            pid = int(pathlib.Path("/run/munge/munged.pid").read_text())
            cls.addClassCleanup(os.kill, pid, signal.SIGTERM)
        do("slurmctld")
        do("slurmd")
        daemons = [int((folder / name).read_text()) for name in ("controller.pid", "node.pid")]

        def end():
            do("scontrol", "shutdown")
            wait_for(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in daemons),
                     "Slurm has ended")

        cls.addClassCleanup(end)
        wait_for(lambda: "idle" in subprocess.run(["sinfo", "-h", "-o", "%T"], env=cls.environment,
                                                  text=True, capture_output=True, check=False).stdout,
                 "the node is idle")


if __name__ == "__main__":
    unittest.main()
