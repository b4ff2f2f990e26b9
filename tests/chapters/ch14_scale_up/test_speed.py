"""Lesson 14.2's counting, limits, ways, recipes and recordings."""

import json
import math
from itertools import pairwise

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from course_lib.chapters.ch14_scale_up import (
    recorded_speed,
    speed_bits,
    speed_limits,
    speed_paper,
    speed_pictures,
    speed_recipes,
    speed_ways,
)
from course_lib.chapters.ch14_scale_up.speed_calls import Call, calls, timed
from course_lib.chapters.ch14_scale_up.speed_roofline import (
    Limits,
    bound_by,
    least_seconds,
    share_of_peak,
    shares,
    waits,
    work_of,
)
from course_lib.runtime import Runtime


def test_a_call_has_its_operations_and_bytes():
    a, b = torch.randn(3, 5), torch.randn(5, 7)
    listed = calls(lambda: (a @ b).relu_().t().add_(1))
    assert [call.name for call in listed] == ["mm", "relu_", "add_"], "a transposed view is no call"
    assert [call.work for call in listed] == [2 * 3 * 5 * 7, 0, 0]
    assert [call.size for call in listed] == [4 * (15 + 35 + 21), 4 * 2 * 21, 4 * 2 * 21]


def test_of_a_table_only_the_rows_count_that_are_read():
    table, rows = torch.zeros(1000, 6), torch.tensor([3, 5])
    (call,) = calls(lambda: table[rows])
    assert (call.name, call.size) == ("index", 2 * 4 * 2 * 6)


def test_a_call_that_returns_nothing_still_writes():
    weight = torch.ones(100, requires_grad=True)
    adam = torch.optim.Adam([weight], fused=True)
    weight.grad = torch.ones(100)
    adam.step()
    (call,) = [one for one in calls(adam.step) if one.name == "_fused_adam_"]
    assert 4 * 100 * (4 + 3) <= call.size <= 4 * 100 * (4 + 4) + 100  # weight, slope and two averages; three written


@pytest.mark.parametrize("name", speed_ways.GAMES)
def test_the_operations_are_those_that_pytorch_counts(name):
    game, runtime = speed_ways.make(name, width=4)
    step = speed_ways.stepper(game, runtime)
    listed = calls(step)
    with FlopCounterMode(display=False) as counter:
        step()
    work = work_of(listed)
    assert sum(call.work for call in listed) == sum(work.values()) == counter.get_total_flops()
    assert (work["convolutions"] == 0) == (name == "MLP")


def test_a_call_waits_for_the_slowest_of_three():
    listed = [Call("mm", 8.0, 1.0), Call("add", 0.0, 6.0), Call("mm", 1.0, 1.0)]
    limits = speed_paper.assumed(peak=2.0, bandwidth=1.0, each=1.5)
    assert [bound_by(call, limits) for call in listed] == ["operations", "bytes", "calling"]
    assert least_seconds(listed, limits) == 4 + 6 + 1.5
    assert waits(listed, limits) == {"operations": listed[:1], "bytes": listed[1:2], "calling": listed[2:]}
    assert list(waits(listed[:1], limits)) == ["operations"], "what none waits for is left out"
    assert shares(listed, limits) == {"operations": 4 / 11.5, "bytes": 6 / 11.5, "calling": 1.5 / 11.5}
    assert shares(listed[:1], limits) == {"operations": 1, "bytes": 0, "calling": 0}
    assert speed_paper.peak_on_paper(listed, limits) == pytest.approx(4.5 / 11.5)


def test_each_kind_of_operations_has_its_own_peak():
    listed = [Call("mm", 8.0, 1.0), Call("convolution", 8.0, 1.0), Call("convolution_backward", 4.0, 3.0)]
    limits = Limits(products=2.0, convolutions=4.0, bandwidth=1.0, each=0.5)
    assert work_of(listed) == {"products": 8, "convolutions": 12}
    assert [bound_by(call, limits) for call in listed] == ["operations", "operations", "bytes"]
    assert least_seconds(listed, limits) == 8 / 2 + 8 / 4 + 3
    assert share_of_peak(work_of(listed), limits, 14.0) == 0.5
    assert speed_paper.peak_on_paper(listed, limits) == pytest.approx(7 / 9)


@pytest.mark.parametrize("name", speed_ways.GAMES)
def test_percent_of_peak_agrees_with_the_least_time(name):
    listed = calls(speed_ways.stepper(*speed_ways.make(name, width=4)))
    for limits in (Limits(1e9, 3e9, 1e10, 1e-6), Limits(1e9, 3e9, 1e15, 1e-15)):
        least, taken = least_seconds(listed, limits), 1.0
        share = share_of_peak(work_of(listed), limits, taken)
        groups = waits(listed, limits).values()
        assert share <= least / taken + 1e-12 and sum(len(mine) for mine in groups) == len(listed)
        assert sum(least_seconds(mine, limits) for mine in groups) == pytest.approx(least)
    assert share == pytest.approx(least / taken, rel=1e-3), "where nothing else counts, both are the same"


def test_a_timed_list_has_the_mean_of_each_calls_times_and_that_of_a_step_without_listening(monkeypatch):
    ticks = iter([0, 7, 10, 16, 20, 29, 30, 34])  # a step, a call that is listened to, and both once more
    monkeypatch.setattr("course_lib.chapters.ch14_scale_up.speed_calls.time.process_time", lambda: next(ticks))
    one = torch.zeros(3)
    (call,), whole = timed(lambda: one + one, 2)
    assert (call.name, call.took, whole) == ("add", 5, 8) and call == Call("add", 0.0, 36.0)


def test_limits_are_measured():
    limits = speed_limits.measured(size=64)
    assert all(0 < value < math.inf for value in (limits.products, limits.convolutions, limits.bandwidth, limits.each))


def test_seconds_are_those_of_the_clock_and_the_shortest_round():
    ticks = iter([10.0, 16.0])
    assert speed_limits.per_step(lambda: None, 3, lambda: next(ticks)) == 2.0
    done = []
    assert speed_limits.shortest(lambda: done.append(1), "cpu", rounds=2, repeat=5) >= 0 and len(done) == 15
    assert speed_limits.middle([3.00049, 1, 9]) == 3.0


@pytest.mark.parametrize("name", speed_ways.GAMES)
def test_each_way_computes_the_same(name):
    after, count = {}, {}
    for way, how in speed_ways.WAYS.items():
        if how.compiled:
            continue
        game, runtime = speed_ways.make(name, how, seed=3, width=4)
        step = speed_ways.stepper(game, runtime)
        step()
        assert runtime.precision == how.precision
        after[way], count[way] = speed_ways.weights(game), len(calls(step))
        maps = [w for w in game.generator.parameters() if w.dim() == 4 and min(w.shape) > 1]
        assert all(w.is_contiguous(memory_format=torch.channels_last) == how.channels_last for w in maps)
    for way, found in after.items():
        torch.testing.assert_close(
            found, after["plain"], rtol=0, atol=0.02 if speed_ways.WAYS[way].precision == "bf16" else 1e-4
        )
    assert count["Adam, fused"] < count["Adam, foreach"] < count["plain"]


@pytest.mark.slow
def test_a_compiled_game_computes_the_same():
    after = []
    for compiled in (False, True):
        step = speed_ways.stepper(*(made := speed_ways.make("MLP", speed_ways.Way(compiled=compiled), seed=3)))
        step()
        after.append(speed_ways.weights(made[0]))
    torch.compiler.reset()
    torch.testing.assert_close(*after, rtol=0, atol=1e-4)


def test_slopes_are_those_of_both_losses_and_hooks_are_gone():
    runtime = Runtime.auto(device="cpu", seed=1)
    game = speed_bits.sure_game(runtime, 2, 1, width=4)
    found = speed_bits.slopes(game, runtime, batch=8)
    assert found.keys() == {"non-saturating", "minimax"} and all((row != 0).all() for row in found.values())
    assert all(not layer._forward_hooks for layer in game.generator.modules())
    assert game.step_number == 3


def test_what_a_format_loses():
    values = torch.tensor([1e-9, 1e-9, 1.0, 1e4])
    assert speed_bits.lost(values, "fp16") == (0.5, 0)
    assert speed_bits.lost(values, "fp16", 1024.0) == (0.0, 0.25)
    assert speed_bits.lost(values, "bf16", 1024.0) == (0.0, 0.0)
    rows = {row[0]: row[1:] for row in speed_bits.format_rows()}
    assert rows["bf16"] == ["8 + 7", "1 + 1/128", "9e-41", "3e+38"]
    assert rows["fp16"] == ["5 + 10", "1 + 1/1,024", "6e-08", "7e+04"]


def test_on_paper_any_batch_is_drawn_out_from_two():
    small = {"width": 2, "size": 32}
    exact = speed_paper._counted(8, "float32", **small)
    drawn = speed_paper.dcgan_calls(8, **small)
    assert [call.name for call in drawn] == [call.name for call in exact]
    assert [call.work for call in drawn] == pytest.approx([call.work for call in exact])
    assert [call.size for call in drawn] == pytest.approx([call.size for call in exact])
    limits = speed_paper.assumed(peak=1e12, bandwidth=1e11, each=1e-6)
    shares = [speed_paper.peak_on_paper(speed_paper.dcgan_calls(n, **small), limits) for n in (4, 64, 1024)]
    assert all(a < b for a, b in pairwise(shares)), "a larger batch fills the machine"


@pytest.mark.parametrize("name", speed_recipes.RECIPES)
def test_a_recipe_draws_the_same_again_and_drawing_changes_nothing(name):
    runtime = Runtime.auto(device="cpu", seed=5)
    first, second = (speed_recipes.RECIPES[name](runtime) for _ in range(2))
    first.step()
    drawn = [first.draw(250, torch.Generator().manual_seed(1)) for _ in range(2)]
    assert drawn[0].shape == (250, 1, 28, 28) and torch.equal(*drawn) and drawn[0].abs().max() <= 1
    second.step()
    assert torch.equal(second.draw(250, torch.Generator().manual_seed(1)), drawn[0])


def test_the_tutorials_networks_are_theirs():
    g, d = speed_recipes.TutorialGenerator(), speed_recipes.TutorialDiscriminator()
    assert g(torch.randn(2, 100, 1, 1)).shape == (2, 1, 32, 32) and d(torch.randn(2, 1, 32, 32)).shape == (2,)
    assert [m.out_channels for m in g.modules() if isinstance(m, nn.ConvTranspose2d)] == [256, 128, 64, 1]
    assert [m.out_channels for m in d.modules() if isinstance(m, nn.Conv2d)] == [64, 128, 256, 1]
    g2, d2 = speed_recipes.CollectionGenerator(), speed_recipes.CollectionDiscriminator()
    assert g2(torch.randn(2, 100)).shape == (2, 1, 32, 32) and d2(torch.randn(2, 1, 32, 32)).shape == (2, 1)
    norms = [m.eps for net in (g2, d2) for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    assert norms == [1e-5, 0.8, 0.8, 0.8, 0.8, 0.8], "0.8 was meant as a momentum, and is an epsilon"
    torch.manual_seed(0)
    speed_recipes.small_weights(g)
    stds = [m.weight.std().item() for m in g.modules() if isinstance(m, nn.ConvTranspose2d)]
    assert stds == pytest.approx([0.02] * 4, rel=0.1)


@pytest.fixture(scope="module")
def tiny_half(record_tiny):
    return record_tiny("half-precision", steps=4, width=4, samples=250)


def test_a_tiny_recording_of_precisions(tiny_half, shipped_like):
    script, told, content = tiny_half
    assert list(content["runs"]) == list(script.WAYS) and len(told) == len(script.WAYS)
    assert all(run["1"].keys() == {"confidence", "classes", "frechet", "seconds"} for run in content["runs"].values())
    shipped = shipped_like("half-precision", content)
    assert all(list(run) == [str(seed) for seed in script.SEEDS] for run in shipped["runs"].values())


@pytest.fixture(scope="module")
def tiny_steps(record_tiny):
    return record_tiny(
        "step-speed", ways=("plain", "Adam, fused"), width=4, constants={"STEPS": {"MLP": 1, "DCGAN": 1}}
    )


def test_a_tiny_recording_of_steps(tiny_steps, shipped_like):
    script, told, content = tiny_steps
    named = [f"{game}, {way}" for game in speed_ways.GAMES for way in ("plain", "Adam, fused")]
    assert len(told) == 1 and set(named) <= content["runs"].keys()
    shipped = shipped_like("step-speed", content)
    assert shipped["settings"]["ways"] == list(speed_ways.WAYS)
    for name, run in shipped["runs"].items():
        assert list(run) == ["1"] if name.endswith("first") else [str(seed) for seed in script.SEEDS]


@pytest.fixture(scope="module")
def tiny_quality(record_tiny):
    return record_tiny("seconds-to-quality", recipes=("the course's DCGAN",), seconds=(0, 0.01), samples=250)


def test_a_tiny_recording_of_recipes(tiny_quality, shipped_like):
    script, _, content = tiny_quality
    run = content["runs"]["the course's DCGAN"]["1"]
    assert run.keys() == {"steps", "confidence", "classes", "frechet"} and run["steps"][0] == 0 < run["steps"][1]
    assert 0.9 < content["runs"]["real"]["confidence"] <= 1
    shipped = shipped_like("seconds-to-quality", content)
    assert shipped["runs"].keys() == {"real", *speed_recipes.RECIPES}
    for name in speed_recipes.RECIPES:
        assert list(shipped["runs"][name]) == [str(seed) for seed in script.SEEDS]
        assert {len(values) for one in shipped["runs"][name].values() for values in one.values()} == {
            len(script.SECONDS)
        }


def reads(monkeypatch, runs, settings):
    content = {"machine": "one", "settings": settings, "runs": runs}
    monkeypatch.setattr(recorded_speed, "recorded", lambda name: json.loads(json.dumps(content)))


def test_what_the_lesson_reads_of_precisions(monkeypatch):
    one = {"100": {"frechet": 10.0}, "101": {"frechet": 20.0}, "102": {"frechet": 40.0}}
    reads(monkeypatch, {"float32": one, "bf16": one}, {})
    half = recorded_speed.Half()
    assert half.ways == ["float32", "bf16"] and half.values("bf16", "frechet")["102"] == 40
    assert half.times("bf16", "frechet") == {"100": 0.5, "101": 1.0, "102": 2.0}


def test_what_the_lesson_reads_of_steps(monkeypatch):
    limits = {"products": 2e9, "convolutions": 1e9, "bandwidth": 1.0, "each": 1.0}
    runs = {f"{kind}, {what}": {"1": v} for kind in ("float32", "bf16") for what, v in limits.items()}
    runs |= {"MLP, plain": {"1": 4.0}, "MLP, bf16": {"1": 2.0}, "MLP, plain, first": {"1": 7.0}}
    reads(monkeypatch, runs, {"ways": ["plain", "bf16"]})
    ways = recorded_speed.Steps()
    assert ways.times_as_fast("MLP", "bf16") == {"1": 2.0} and ways.first("MLP", "plain") == 7
    work = recorded_speed._work("MLP")
    assert work["convolutions"] == 0
    assert ways.share_of_peak("MLP", "plain") == {"1": pytest.approx(work["products"] / 2e9 / 4)}


@pytest.fixture
def over(monkeypatch):
    one = {"steps": [0, 5, 9], "confidence": [0.5, 0.9, 0.8], "classes": [1, 2, 10], "frechet": [90.0, 30.0, 8.0]}
    other = one | {"confidence": [0.5, 0.6, 0.86]}
    runs = {"real": {"confidence": 0.98, "frechet": 3.0}, "a recipe": {"100": one, "101": other}}
    reads(monkeypatch, runs, {"at": [0, 10, 20]})
    return recorded_speed.Quality()


def test_what_the_lesson_reads_of_recipes(over):
    assert over.recipes == ["a recipe"]
    assert over.reached("a recipe", 0.85) == {"100": math.inf, "101": 20}, "two digits do not count"
    assert over.reached("a recipe", 0.85, classes=0) == {"100": 10, "101": 20}
    assert over.near("a recipe", 30) == {"100": 10, "101": 10} and over.near("a recipe", 1)["100"] == math.inf
    assert over.last("a recipe", "frechet") == over.after("a recipe", 20, "frechet") == {"100": 8.0, "101": 8.0}
    assert over.after("a recipe", 10, "steps") == {"100": 5, "101": 5}
    said = recorded_speed.spread(over.reached("a recipe", 0.85), ".0f")
    assert said == "never (20 to never)"
    assert recorded_speed.spread({"1": 1.0, "2": 3.0, "3": 2.0}) == "2.00 (1.00 to 3.00)"
    assert recorded_speed.spread({"1": 30, "2": 30}, ".0f") == "30"
    assert recorded_speed.spread({"1": math.inf, "2": math.inf}) == "never"


def test_the_figure_of_recipes(over):
    picture = speed_pictures.quality(over, title="t", alt="three panels")
    assert picture.png.startswith(b"\x89PNG") and picture.alt == "three panels"


def test_a_gpu_that_was_not_measured_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(recorded_speed, "shipped", lambda *parts: tmp_path.joinpath(*parts))
    assert recorded_speed.gpu() is None and "Not measured yet" in recorded_speed.NOT_YET
    rows = [
        {"batch": 1024, "name": "bf16", "images_per_s": 12345, "share_of_peak": 0.123},
        {"batch": 16, "name": "fp16 + graph", "failed": "CourseError: no"},
    ]
    (tmp_path / "times-gpu.json").write_text(json.dumps({"rows": rows}))
    assert recorded_speed.gpu_rows(recorded_speed.gpu()) == [
        ["1,024, bf16", "12,345", "12.3%"],
        ["16, fp16 + graph", "CourseError: no", "—"],
    ]
