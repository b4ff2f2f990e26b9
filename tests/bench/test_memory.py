"""Memory that a training step frees stays with the process: the next step finds it filled, not empty."""

import subprocess
import sys

import pytest

COUNT = """
import resource, sys
import torch
from course_lib.training.memory import keep_freed_memory
if sys.argv[1] == "keep":
    assert keep_freed_memory()

def step():  # what a backward pass does: many large tensors at once, then none
    tensors = [torch.ones(10 << 20) for _ in range(4)]  # 40 MiB each: more than glibc ever keeps of itself

for _ in range(10):  # the heap grows to its lasting size in the first few
    step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def page_faults(how: str) -> int:
    return int(subprocess.run([sys.executable, "-c", COUNT, how], capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="an allocator setting of Linux's C library")
def test_freed_memory_is_kept():
    assert 10 * page_faults("keep") < page_faults("leave")
