"""The throughput script: every combination runs a few steps on CUDA; on the CPU, those that can."""

from dataclasses import replace

import pytest
import throughput
from devices import CUDA
from throughput import Row


def test_all_that_was_asked_for_is_measured():
    wanted = list(throughput.rows())
    assert len(set(wanted)) == len(wanted) == 2 * 2 * (3 * 2 + 2 * 2)
    assert {(r.size, r.batch) for r in wanted} == {(32, 64), (32, 1024), (64, 64), (64, 1024)}


def quick(row: Row, device: str) -> dict:
    return throughput.measure(replace(row, batch=8), device, width=4, warm_up=1, rounds=1, seconds=0)


@pytest.mark.parametrize("memory", throughput.MEMORY)
@pytest.mark.parametrize("precision", ["float32", "bf16"])
def test_rows_on_the_cpu(precision, memory):
    result = quick(Row(32, 8, precision, memory), "cpu")
    assert "failed" not in result
    assert result["images_per_s"] > 0


def test_a_row_that_cannot_run_says_why():
    assert "needs a CUDA device" in quick(Row(32, 8, "float32", "channels_last", "graph"), "cpu")["failed"]


@pytest.mark.parametrize("device", [CUDA])
@pytest.mark.parametrize("row", list(throughput.rows(batches=(8,))), ids=str)
def test_rows_on_the_gpu(row, device):
    result = quick(row, device)
    assert "failed" not in result, result
