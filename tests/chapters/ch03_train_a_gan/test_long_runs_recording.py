"""The script of A1's long runs: each row changes what it names, and what it records is what notebook 03 reads."""

import pytest
import torch

from course_lib import files
from course_lib.runtime import Runtime
from course_lib.tools import recording

NUMBERS = {"step", "lead", "frechet", "digits", "variety"}


@pytest.fixture(scope="module")
def tiny(record_tiny):
    rows = {"A1's own": {}, "SGD": {"optimiser": "sgd", "lr": 1e9}, "3 hidden layers, He": {"layers": 3, "he": True}}
    return record_tiny("long-runs", constants={"ROWS": rows}, stops=(2, 4))


def test_a_tiny_recording_has_what_the_notebook_reads(tiny):
    _, told, content = tiny
    assert len(told) == 3
    for seeds in content["runs"].values():
        assert seeds["1"].keys() == NUMBERS and seeds["1"]["step"] == [2, 4]
        assert {len(values) for values in seeds["1"].values()} == {2}
    own, deep = (content["runs"][row]["1"]["frechet"] for row in ("A1's own", "3 hidden layers, He"))
    assert own != deep and min(own) > 0


def test_a_training_that_diverged_has_failed_at_the_stops_that_it_did_not_reach(tiny):
    script, _, content = tiny
    sgd = content["runs"]["SGD"]["1"]
    assert sgd["frechet"][-1] == script.FAILED and sgd["digits"][-1] == 0


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    script, _, content = tiny
    shipped = shipped_like("long-runs", content)
    assert shipped["runs"].keys() == script.ROWS.keys() and shipped["settings"]["rows"] == script.ROWS
    for row, seeds in shipped["runs"].items():
        assert list(seeds) == [str(seed) for seed in script.SEEDS], row
        for found in seeds.values():
            assert found.keys() == NUMBERS and found["step"] == list(script.STOPS) and script.STOPS[-1] >= 4000


def test_every_row_changes_what_it_names():
    script, runtime = recording.script("long-runs"), Runtime.auto(device="cpu", seed=1)
    games = {row: script.build(change, runtime) for row, change in script.ROWS.items()}
    own = games["A1's own"]
    assert [len(games[row].generator.body) // 2 for row in games if row.startswith("3 hidden")] == [3, 3]
    assert type(games["convolutional D"].discriminator) is not type(own.discriminator)
    assert torch.equal(*(game.generator.last[0].weight for game in (own, games["convolutional D"])))
    assert len({str(change) for change in script.ROWS.values()}) == len(script.ROWS)


def test_a_row_that_is_there_is_not_trained_again(tiny, monkeypatch, write_elsewhere):
    script, _, content = tiny
    write_elsewhere()
    monkeypatch.setattr(script, "ROWS", {row: script.ROWS[row] for row in ("A1's own", "He")})
    files.write_recorded("long-runs", {}, {"A1's own": content["runs"]["A1's own"]})
    told = []
    script.record((1,), told.append, stops=(2, 4))
    assert [line.split(",")[0] for line in told] == ["He"]
    assert files.recorded("long-runs")["runs"]["A1's own"] == content["runs"]["A1's own"]


def test_the_step_sizes_are_those_that_were_found_best_for_900_steps():
    rows, tuned = recording.script("long-runs").ROWS, files.recorded("optimisers")["runs"]
    for row in ("SGD", "momentum", "RMSprop", "Adam"):
        assert rows[row]["lr"] == tuned[rows[row]["optimiser"]]["best"]


def test_hes_weights_keep_the_size_of_what_passes_and_pytorchs_do_not():
    script, runtime = recording.script("long-runs"), Runtime.auto(device="cpu", seed=1)
    z = torch.randn(2000, 128, generator=runtime.stream("z"))
    sizes = {}
    for he in (False, True):
        generator = script.build({"layers": 3, "he": he}, runtime).generator
        with torch.no_grad():
            sizes[he] = (generator.body(z).square().mean() / z.square().mean()).sqrt().item()
    assert 0.6 < sizes[True] < 1.4
    assert sizes[False] < 0.25  # 6^(-3/2) = 0.07, and what the biases add
