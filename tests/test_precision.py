"""Which precision is fastest: decided by trying, once, and without touching chance."""

import pytest
import torch

from course_lib import precision
from course_lib.runtime import Runtime

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def forgotten():
    """What this process has measured before is measured again, and afterwards, too."""
    seconds = precision.seconds
    seconds.cache_clear()
    yield
    seconds.cache_clear()


@pytest.mark.parametrize(
    ("taken", "chosen"),
    [
        ({"float32": 3.0, "bf16": 2.0}, "bf16"),
        ({"float32": 3.0, "bf16": 9.0}, "float32"),
        ({"float32": 3.0, "bf16": 2.9}, "float32"),  # not worth it
        ({"float32": 1.15, "bf16": 1.0}, "bf16"),
        ({"float32": 3.0, "bf16": 2.0, "fp16": 1.0}, "fp16"),
        ({"float32": 3.0}, "float32"),
    ],
)
def test_another_precision_has_to_be_clearly_faster(taken, chosen):
    assert precision.choose(taken) == chosen


def test_each_is_tried_in_turns_and_once_in_a_process(monkeypatch):
    tried = []
    monkeypatch.setattr(precision, "_step", lambda device: tried.append)
    for _ in range(2):
        found = precision.seconds(CPU, ("float32", "bf16"))
    assert list(found) == ["float32", "bf16"] and min(found.values()) >= 0
    assert tried == [torch.float32, torch.bfloat16] * (precision.ROUNDS + 1)


def test_the_step_computes_in_what_it_was_asked_for(monkeypatch):
    step, seen, conv = precision._step(CPU), [], torch.nn.functional.conv2d
    monkeypatch.setattr(precision.F, "conv2d", lambda *a, **k: seen.append(conv(*a, **k)) or seen[-1])
    for dtype in (torch.float32, torch.bfloat16):
        seen.clear()
        step(dtype)
        assert [x.dtype for x in seen] == [dtype, dtype]


def test_measured_takes_what_is_faster_here(monkeypatch):
    for taken, name in (((2.0, 1.0), "bf16"), ((1.0, 3.0), "float32")):
        monkeypatch.setattr(
            precision, "seconds", lambda device, names, taken=taken: dict(zip(names, taken, strict=True))
        )
        assert Runtime.auto(device="cpu", precision="measured").precision == name
        assert Runtime.auto(device="cpu").precision == "float32", "lessons compute the same on every processor"
        assert name in Runtime.auto(device="cpu", precision="measured").describe()


def test_measuring_leaves_chance_as_it_was():
    torch.manual_seed(3)
    expected = torch.randn(4)
    torch.manual_seed(3)
    assert Runtime.auto(device="cpu", precision="measured").precision in ("float32", "bf16")
    assert torch.equal(torch.randn(4), expected)


def test_old_cards_are_offered_fp16_and_apples_nothing(monkeypatch):
    from course_lib import runtime

    offered = []
    monkeypatch.setattr(runtime, "fastest", lambda device, names: offered.append(names) or names[-1])
    for capability, short in (((7, 5), "fp16"), ((8, 0), "bf16")):
        monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device, c=capability: c)
        for name in ("auto", "measured"):
            assert runtime._precision(name, torch.device("cuda")) == short
        assert offered.pop() == ("float32", short)
    assert runtime._precision("measured", torch.device("mps")) == "float32" and not offered
