"""Seconds from ``import course_lib`` to the first image, in a fresh process."""

import json
import statistics
import subprocess
import sys

FIRST_IMAGE = """
import json, sys, time
began = time.perf_counter(), time.process_time()
import torch
torch_at = time.perf_counter(), time.process_time()
from course_lib import zoo
from course_lib.models import DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Sampler
runtime = Runtime.auto(device="cpu")
trained = "dcgan-digits" in zoo.read_manifest()
sampler = zoo.load("dcgan-digits", runtime) if trained else Sampler(DCGenerator())
image = sampler(1)
end = time.perf_counter(), time.process_time()
print(json.dumps({
    "what": "the zoo's DCGAN" if trained else "an untrained DCGAN", "shape": list(image.shape),
    "seconds": end[0] - torch_at[0], "cpu_seconds": end[1] - torch_at[1], "torch": torch_at[0] - began[0],
}))
"""


def first_image() -> dict:
    done = subprocess.run([sys.executable, "-c", FIRST_IMAGE], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_first_image(benchmark, table, measuring):
    runs = []
    benchmark.pedantic(lambda: runs.append(first_image()), rounds=7 if measuring else 1, warmup_rounds=int(measuring))
    assert all(run["shape"] == [1, 1, 28, 28] for run in runs)
    if measuring:
        middle = {k: round(statistics.median(r[k] for r in runs[1:]), 2) for k in ("seconds", "cpu_seconds", "torch")}
        table("first image", "zoo", {"what": runs[0]["what"], "runs": len(runs) - 1, **middle})
