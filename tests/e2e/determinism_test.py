# SPDX-License-Identifier: Apache-2.0
"""The same seed gives the same bytes in every shard: whatever the threads, the sharding, and
however often the run is killed."""
import random
import signal
import subprocess
import time
import unittest

from support import RENDERIH, SMALL, EndToEnd, config, run, shard_bytes


class Determinism(EndToEnd):
    def test_threads_shards_and_kills(self):
        settings = config(self.folder, records_per_shard=4)
        common = ["--poses", 4, "--views", 2, "--seed", 7, "--config", settings, *SMALL]

        reference = self.folder / "one_thread"
        run("generate", "--out", reference, *common, "--threads", 1)
        expected = shard_bytes(reference)
        self.assertGreaterEqual(sum(name.endswith(".tar") for name in expected), 2)

        two = self.folder / "two_threads"
        run("generate", "--out", two, *common, "--threads", 2)
        self.assertEqual(shard_bytes(two), expected)

        parts = self.folder / "in_parts"
        for i in (1, 0, 2):
            run("generate", "--out", parts, *common, "--shard", f"{i}/3")
        self.assertEqual(shard_bytes(parts), expected)

        killed = self.folder / "killed"
        rng = random.Random(3)
        kills = 0
        for _ in range(200):
            process = subprocess.Popen(
                [RENDERIH, "generate", "--out", str(killed), *map(str, common)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                # Ever later, so that a slow machine ends too.
                status = process.wait(timeout=rng.uniform(0.3, 3.0 + kills))
                self.assertEqual(status, 0)
                break
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
        self.assertGreater(kills, 0, "the run ended before it could be killed")
        self.assertEqual(shard_bytes(killed), expected)
        run("verify", killed)

        before = shard_bytes(killed)
        start = time.monotonic()
        again = run("generate", "--out", killed, *common)
        self.assertLess(time.monotonic() - start, 30)
        self.assertIn("finished", again.stdout)
        self.assertEqual(shard_bytes(killed), before)

    def test_a_set_in_work_elsewhere_is_not_called_finished(self):
        import fcntl

        out = self.folder / "data"
        common = ["--poses", 1, "--views", 2, "--seed", 7, *SMALL]
        lock = out / ".partial" / "train-00000.lock"
        lock.parent.mkdir(parents=True)
        with open(lock, "w", encoding="ascii") as held:  # as another process would
            fcntl.flock(held, fcntl.LOCK_EX)
            left = run("generate", "--out", out, *common, expect=1)
            self.assertIn("2 of 2 records are in the hands of another process", left.stdout)
            self.assertNotIn("nothing was changed", left.stdout)
        run("generate", "--out", out, *common)
        self.assertIn("nothing was changed", run("generate", "--out", out, *common).stdout)

    def test_views_of_one_pose_use_every_thread_and_files_come_back(self):
        out, one = self.folder / "data", self.folder / "one"
        common = ["--poses", 1, "--views", 3, "--seed", 9, *SMALL]
        run("generate", "--out", out, *common, "--threads", 3)
        run("generate", "--out", one, *common, "--threads", 1)
        self.assertEqual(shard_bytes(out), shard_bytes(one))
        hand = out / "hands" / "left.npz"
        before = hand.read_bytes()
        hand.unlink()
        again = run("generate", "--out", out, *common)
        self.assertIn("hands/left.npz was missing", again.stdout)
        self.assertEqual(hand.read_bytes(), before)
        next(out.glob("*/00000.jsonl")).unlink()  # of whichever split the pose is in
        refused = run("generate", "--out", out, *common, expect=1)
        self.assertIn("00000.jsonl", refused.stderr)

    def test_another_configuration_is_refused(self):
        out = self.folder / "data"
        run("generate", "--out", out, "--poses", 1, "--views", 1, "--seed", 7, *SMALL)
        refused = run(
            "generate", "--out", out, "--poses", 1, "--views", 1, "--seed", 8, *SMALL, expect=1
        )
        self.assertIn("seed", refused.stderr)
        self.assertEqual(len(refused.stderr.strip().splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
