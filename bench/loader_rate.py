#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records a second of the Python readers, and where the time of one record goes.

  python bench/loader_rate.py DATA [--records 2000] [--workers 2] [--batch 32]

The set may be small: records are drawn with repetition, so files come from the page cache. What is
measured is the reader, not the disk.
"""

import argparse
import json
import os
import time

import numpy as np

import renderih


def milliseconds(function, records):
    """Processor time of a call, the mean over the records."""
    begin = time.process_time()
    for record in records:
        function(record)
    return 1e3 * (time.process_time() - begin) / len(records)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data")
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--batch", type=int, default=32)
    options = parser.parse_args()

    dataset = renderih.open(options.data, unfinished=True)
    numbers = np.random.default_rng(0).integers(len(dataset), size=options.records)
    records = [dataset[i] for i in numbers]
    records[0].read("json")  # the index
    result = {
        "size": records[0].size,
        "cores": os.cpu_count(),
        "ms": {
            "read all members": milliseconds(lambda r: [r.read(m) for m in r.members], records),
            "label": milliseconds(lambda r: r.label, records),  # kept for what follows
            "arrays": milliseconds(
                lambda r: (r.joints_in_cam, r.joints_px, r.joint_visible, r.pose, r.shape), records
            ),
            **{
                name: milliseconds(lambda r, name=name: r.picture(name), records)
                for name in ("rgb", "seg", "depth", "amodal")
            },
        },
    }
    try:
        from torch.utils.data import DataLoader, RandomSampler
    except ImportError:
        print("torch is not installed: its loader is left out")
    else:
        for pictures in (("rgb",), ("rgb", "seg", "depth", "amodal")):
            data = renderih.torch.RecordDataset(dataset, pictures=pictures)
            loader = DataLoader(
                data,
                batch_size=options.batch,
                sampler=RandomSampler(data, replacement=True, num_samples=options.records),
                num_workers=options.workers,
            )
            count, begin = 0, None
            processor = sum(os.times()[:4])
            for batch in loader:
                if begin is None:  # workers are up
                    begin = time.perf_counter()
                else:
                    count += len(batch["key"])
            seconds = time.perf_counter() - begin
            result[f"{options.workers} workers, {'+'.join(pictures)}"] = {
                "records/s": count / seconds,
                # Of all processes; the workers have ended.
                "processor ms a record": 1e3 * (sum(os.times()[:4]) - processor) / options.records,
            }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
