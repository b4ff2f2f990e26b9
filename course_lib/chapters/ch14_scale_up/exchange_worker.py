"""One of the processes that lesson 14.4's recording times: seconds of a sum over all of them, by its size."""

import json
import sys
import time
from statistics import median

import torch
from torch import distributed as dist

WARM = 3  # exchanges before the clock runs


def seconds(numbers: int, times: int) -> float:
    """The median time of an all-reduce of float32 numbers.

    Args:
        numbers: how many each process gives, and gets.
        times: how often.
    """
    mine, took = torch.ones(numbers), []
    for _ in range(WARM + times):
        dist.barrier()  # nobody waits for one that comes late
        began = time.perf_counter()
        dist.all_reduce(mine)
        took.append(time.perf_counter() - began)
        mine.fill_(1.0)
    return median(took[WARM:])


if __name__ == "__main__":
    torch.set_num_threads(1)
    dist.init_process_group("gloo")
    found = {size: seconds(int(size), int(sys.argv[1])) for size in sys.argv[2:]}
    if dist.get_rank() == 0:
        print(json.dumps({"step": 0} | found), flush=True)
    dist.destroy_process_group()
