"""The race's script: two stops of one training, controls that contain no cure, and rows that differ in one thing."""

import pytest
import torch

from course_lib.metrics import energy_distance, measure_modes
from course_lib.runtime import Runtime
from course_lib.tools import recording

script = recording.script("cures")
FEW = {
    start: {row: rows[row] for row in (*script.CONTROLS[start], "batch norm in G", "R1 + R2")}
    for start, rows in script.ROWS.items()
}


def cost(start):
    return dict.fromkeys(FEW[start], 1.0) | {"R1 + R2": 2.0, "batch norm in G": 0.5}


@pytest.fixture(scope="module")
def tiny(record_tiny):
    small = {"ROWS": FEW, "costs": cost, "CLOUD": {"seed": 1, "points": 5}, "SAMPLES": 100}
    return record_tiny("cures", constants=small, steps=4, workers=1)


def test_a_tiny_recording_has_what_the_notebook_reads(tiny, shipped_like):
    _, told, content = tiny
    shipped = shipped_like("cures", content)
    assert len(told) == 2 + 10  # the costs of each start, and its five trainings
    assert content["runs"].keys() == shipped["runs"].keys() == content["settings"]["starts"].keys()
    for start, rows in content["runs"].items():
        assert list(rows) == [*script.NOISE, *FEW[start]] and set(content["settings"]["controls"][start]) <= set(rows)
        for row, entry in rows.items():
            real = shipped["runs"][start][row]
            assert entry.keys() == real.keys() and entry["seeds"].keys() == {"1"}
            one = entry["seeds"]["1"]
            assert {"equal steps", "equal cost"} == one.keys() - {"cloud"} and len(one["cloud"]["x"]) == 5
            for theirs in real["seeds"].values():
                assert (
                    theirs["equal cost"].keys()
                    == one["equal steps"].keys()
                    == {"modes", "high_quality", "kl", "energy"}
                )


def test_at_equal_cost_a_dear_row_stops_early_and_a_cheap_one_late(tiny):
    _, _, content = tiny
    rows = content["runs"]["unbalanced"]
    assert rows["none"]["stops"] == {"equal steps": 4, "equal cost": 4}
    assert rows["R1 + R2"]["stops"] == {"equal steps": 4, "equal cost": 2}
    assert rows["batch norm in G"]["stops"] == {"equal steps": 4, "equal cost": 8}


@pytest.mark.parametrize("stops", [{"equal steps": 3, "equal cost": 6}, {"equal steps": 6, "equal cost": 3}])
def test_one_training_measured_twice_is_two_trainings(stops, monkeypatch):
    monkeypatch.setattr(script, "SAMPLES", 200)
    both = script.train("unbalanced", "batch norm in G", stops, 1)
    for name, at in stops.items():
        assert both[name] == script.train("unbalanced", "batch norm in G", {name: at}, 1)[name]
    assert both["equal steps"] != both["equal cost"]


def test_a_second_call_trains_only_what_is_missing(tiny, monkeypatch, tmp_path):
    from course_lib import files

    _, _, content = tiny
    monkeypatch.setattr(files, "shipped", lambda *parts: tmp_path.joinpath(*parts))
    del content["runs"]["strong"]["R1 + R2"]["seeds"]["1"]
    files.write_recorded("cures", content["settings"], content["runs"])
    told = []
    script.record((1,), told.append, steps=4, workers=1)
    assert len(told) == 1 and told[0].startswith("strong seed 1 R1 + R2")


def test_a_diverged_training_says_when():
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(script.ROWS["unbalanced"], "wild", {"lr": 1e30, "lr_d": 1e30})
        assert script.train("unbalanced", "wild", {"equal steps": 50, "equal cost": 50}, 1).keys() == {"diverged"}


def shapes(network):
    return [tuple(p.shape) for p in network.parameters()]


@pytest.mark.parametrize("start", script.STARTS)
def test_controls_contain_no_cure_and_differ_in_what_they_name(start):
    games = {row: script.build(start, row, Runtime.auto(device="cpu", seed=1)) for row in script.CONTROLS[start]}
    none, wide, latent = games.values()
    for game in games.values():
        assert not game.views and not game.penalties and type(game).__name__ == "Game" and game.d_steps == 1
        assert not any(isinstance(m, torch.nn.BatchNorm1d) for m in game.generator.modules())
        assert game.optimiser_g.param_groups[0]["lr"] == 1e-3
    ratio = none.optimiser_d.param_groups[0]["lr"] / none.optimiser_g.param_groups[0]["lr"]
    assert ratio == pytest.approx({"unbalanced": 0.1, "strong": 1.0}[start])
    assert shapes(none.discriminator) == shapes(latent.discriminator) != shapes(wide.discriminator)
    assert none.generator.latent == wide.generator.latent != latent.generator.latent


def test_noise_is_the_same_for_both_starts_and_another_for_each_seed(tiny):
    _, _, content = tiny
    for row in script.NOISE:
        assert content["runs"]["unbalanced"][row] == content["runs"]["strong"][row]
        assert script.untrained(row, 1) != script.untrained(row, 2)


def test_the_judge_of_the_race_is_the_librarys():
    runtime = Runtime.auto(device="cpu", seed=3)
    points = script.RING.sample(500, runtime.stream("x"))[0]
    truth = script.RING.sample(500, runtime.stream("truth"))[0]
    found, report = script.measure(points, runtime), measure_modes(points, script.RING)
    assert found["energy"] == pytest.approx(energy_distance(points, truth), rel=1e-3)
    assert found["modes"] == report.modes == 8 and found["high_quality"] == pytest.approx(report.high_quality, rel=1e-3)


def test_what_ships_was_run_on_the_reporting_seeds(shipped_like, tiny):
    shipped = shipped_like("cures", tiny[2])
    for rows in shipped["runs"].values():
        for row, entry in rows.items():
            assert set(entry["seeds"]) <= set(map(str, script.SEEDS)), row
            for seed, run in entry["seeds"].items():
                assert ("cloud" in run) == (int(seed) == script.CLOUD["seed"])


def race(**cures):
    """Rows of two stops: noise and a control at 1, and cures whose energies are given for seeds 0, 1, …"""

    def row(values, stops=("equal steps", "equal cost")):
        return {
            "stops": dict.fromkeys(stops, 1),
            "seeds": {str(k): {stop: {"energy": v} for stop in stops} for k, v in enumerate(values)},
        }

    controls = {c: row([1.0] * 10) for c in script.SETTINGS["controls"]["unbalanced"]}
    return controls | {name: row(values) for name, values in cures.items()}


@pytest.mark.parametrize(
    "energies, over", [([0.5, 2, 2, 0.5], True), ([0.5, 2, 0.5], False), ([1.0, 1.0], True), ([0.9] * 5, False)]
)
def test_a_cure_that_lost_twice_is_trained_no_further(energies, over):
    assert script.lost(race(cure=energies), "unbalanced", "cure") == over
    at_cost = race(cure=energies)
    for run in at_cost["cure"]["seeds"].values():
        run["equal cost"] = {"energy": 0.5}  # wins by the other measure: goes on
    assert not script.lost(at_cost, "unbalanced", "cure")
    assert not script.lost(race(none=[9.0] * 10), "unbalanced", "none")


def test_a_training_that_diverged_has_lost():
    rows = race(cure=[0.5, 0.5, 0.5])
    for seed in "01":
        rows["cure"]["seeds"][seed] = {"diverged": 3}
    assert script.lost(rows, "unbalanced", "cure")


def test_what_ships_has_ten_seeds_of_whatever_could_still_win():
    from course_lib.files import recorded

    for start, rows in recorded("cures")["runs"].items():
        for row, entry in rows.items():
            seeds = len(entry["seeds"])
            assert seeds == 10 or (seeds >= 5 and script.lost(rows, start, row)), (start, row)
