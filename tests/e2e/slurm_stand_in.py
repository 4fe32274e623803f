# SPDX-License-Identifier: Apache-2.0
"""As much of sbatch, squeue and scontrol as `renderih slurm` uses, for tests where there is no
Slurm: a task at a time, in the order in which they came. $STAND_IN_QUEUE holds a file NAME.job for
each task that is not done, and the limits max_array_size and max_submitted; while there is a file `held`, no task
begins."""
import fcntl
import json
import os
import pathlib
import subprocess
import sys
import time

QUEUE = pathlib.Path(os.environ["STAND_IN_QUEUE"])


def limit(name, default):
    path = QUEUE / name
    return int(path.read_text()) if path.exists() else default


def indices(text):
    for piece in text.split(","):
        first, _, last = piece.partition("-")
        yield from range(int(first), int(last or first) + 1)


def jobs():
    return sorted(QUEUE.glob("*.job"))


def sbatch(arguments):
    options = dict(word[2:].partition("=")[::2] for word in arguments if word.startswith("--"))
    script, first = [word for word in arguments if not word.startswith("--")]
    wanted = list(indices(options["array"]))
    if max(wanted) >= limit("max_array_size", 1001):
        sys.exit("sbatch: error: Batch job submission failed: Invalid job array specification")
    if len(jobs()) + len(wanted) > limit("max_submitted", 1000):
        sys.exit("sbatch: error: Batch job submission failed: Job violates accounting/QOS policy")
    number = limit("last", 0) + 1
    (QUEUE / "last").write_text(str(number))
    for index in wanted:
        job = {"index": index, "name": options["job-name"], "state": "PENDING",
               "command": ["sh", script, first], "output": options["output"].replace("%a", str(index))}
        (QUEUE / f"{number:05}_{index:05}.job").write_text(json.dumps(job))
    subprocess.Popen([sys.executable, __file__, "node"], start_new_session=True,
                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(number)


def node():
    """Works off the queue; one at a time, however many were begun."""
    with open(QUEUE / "node.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        while jobs():
            while (QUEUE / "held").exists():
                time.sleep(0.05)
            path = jobs()[0]
            job = json.loads(path.read_text())
            replacement = path.with_suffix(".new")
            replacement.write_text(json.dumps({**job, "state": "RUNNING"}))
            replacement.rename(path)
            with open(job["output"], "a", encoding="utf-8") as log:
                subprocess.run(job["command"], stdout=log, stderr=log, check=False,
                               env={**os.environ, "SLURM_ARRAY_TASK_ID": str(job["index"])})
            path.unlink()


def squeue(arguments):
    names = next(word for word in arguments if word.startswith("--name=")).split("=")[1].split(",")
    for path in jobs():
        try:
            job = json.loads(path.read_text())
        except FileNotFoundError:  # done by now
            continue
        if job["name"] in names:
            print(job["index"], job["state"], job["name"])


def scontrol(_):
    print(f"MaxArraySize            = {limit('max_array_size', 1001)}")


if __name__ == "__main__":
    if sys.argv[1] == "node":
        node()
    else:
        globals()[sys.argv[1]](sys.argv[2:])
