"""``make gpu-times``: every combination runs some steps on CUDA, on the CPU those that can; its arithmetic is exact."""

import json
from dataclasses import replace

import pytest
from devices import CUDA

from course_lib.chapters.ch14_scale_up import speed_gpu
from course_lib.chapters.ch14_scale_up.speed_gpu import Row
from course_lib.chapters.ch14_scale_up.speed_roofline import Limits, work_of

ONE = Limits(products=1e9, convolutions=2e9, bandwidth=1e9, each=1e-6)
WORK = {"products": 1e6, "convolutions": 4e6}


def test_one_thing_at_a_time_is_changed():
    wanted = list(speed_gpu.rows())
    assert len(set(wanted)) == len(wanted) == 9 * len(speed_gpu.BATCHES)
    for batch in speed_gpu.BATCHES:
        plain = Row(batch)
        single = [row for row in wanted if row.batch == batch and row != plain and " + " not in row.name]
        changed = [
            [k for k in ("precision", "memory", "how") if getattr(row, k) != getattr(plain, k)] for row in single
        ]
        assert all(len(one) == 1 for one in changed)
        assert [row.name for row in single] == ["channels last", "bf16", "fp16", "compiled", "graph"]


def quick(row: Row, device: str) -> dict:
    small = replace(row, batch=8, size=32)
    return speed_gpu.measure(small, device, ONE, WORK, width=4, warm_up=1, rounds=1, seconds=0)


@pytest.mark.parametrize("memory", speed_gpu.MEMORY)
@pytest.mark.parametrize("precision", ["float32", "bf16"])
def test_rows_on_the_cpu(precision, memory):
    found = quick(Row(8, precision, memory), "cpu")
    assert "failed" not in found and found["images_per_s"] > 0
    # A picture's operations take 1 ms + 2 ms at the limits.
    assert found["share_of_peak"] == pytest.approx(3e-3 * found["images_per_s"], rel=0.05)


def test_a_row_that_cannot_run_says_why():
    assert "needs a CUDA device" in quick(Row(8, memory="channels_last", how="graph"), "cpu")["failed"]


def test_the_operations_of_a_picture_do_not_depend_on_the_batch():
    from course_lib.chapters.ch14_scale_up import speed_ways
    from course_lib.chapters.ch14_scale_up.speed_calls import calls

    per_picture = speed_gpu.work_of_picture(28, 32)
    game, runtime = speed_ways.make("DCGAN")
    whole = work_of(calls(speed_ways.stepper(game, runtime)))
    assert {kind: work / game.batch for kind, work in whole.items()} == pytest.approx(per_picture)


def test_what_was_measured_is_kept_and_the_rest_is_added(tmp_path):
    path, told = tmp_path / "times-gpu.json", []
    small = {"width": 4, "side": 64, "warm_up": 1, "rounds": 1, "seconds": 0}
    first, second = Row(8, size=32), Row(8, memory="channels_last", size=32)
    speed_gpu.record(path, "cpu", told.append, wanted=(first,), **small)
    found = speed_gpu.record(path, "cpu", told.append, wanted=(first, second), **small)
    assert len(told) == 2 and found == json.loads(path.read_text())
    assert [row["name"] for row in found["rows"]] == ["plain", "channels last"]
    assert found["limits"].keys() == {"float32", "bf16"} and found["device"] == "cpu" and len(found["date"]) == 10
    assert found["command"] == speed_gpu.COMMAND and found["operations_per_image"]["convolutions"] > 0
    other = speed_gpu.record(path, "cpu", told.append, wanted=(first,), **(small | {"width": 8}))
    assert len(other["rows"]) == 1, "rows of another network are not kept"


def test_without_a_gpu_it_says_so(monkeypatch):
    monkeypatch.setattr(speed_gpu.torch.cuda, "is_available", lambda: False)
    with pytest.raises(SystemExit, match="no CUDA device on this machine; nothing was measured"):
        speed_gpu.main()


@pytest.mark.parametrize("device", [CUDA])
@pytest.mark.parametrize("row", list(speed_gpu.rows(batches=(8,))), ids=lambda row: row.name)
def test_rows_on_the_gpu(row, device):
    found = quick(row, device)
    assert "failed" not in found, found
