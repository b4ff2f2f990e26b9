"""The script behind the table of log-likelihoods, in a run of seconds on the shipped digits."""

import pytest


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("nll", stages=2, source="digits", digits=60, samples=4)


def test_a_tiny_recording_has_what_the_notebook_reads(tiny):
    script, told, content = tiny
    assert list(content["runs"]) == list(script.ROWS) == ["VAE, k = 1", "VAE, k = 5", "IWAE, k = 5"] and len(told) == 6
    assert content["settings"]["digits"] == [60, 60] and content["settings"]["source"] == "digits"
    assert content["settings"]["stages"] == 2 and set(content["settings"]["published"]) == set(script.ROWS)
    for seeds in content["runs"].values():
        (points,) = seeds.values()
        assert [p["epochs"] for p in points] == [1, 4], "stages of 1 and 3 epochs"
        assert all(p["low"] < p["nll"] < p["high"] < 600 and p["samples"] == 4 for p in points)
        assert points[1]["nll"] < points[0]["nll"] and 0 <= points[0]["seconds"] <= points[1]["seconds"]
    finals = [points[0][-1]["nll"] for points in (list(seeds.values()) for seeds in content["runs"].values())]
    assert len(set(finals)) == 3, "a row that changes nothing gives another's number"


def test_the_step_size_falls_by_stages_as_the_paper_says(tiny, monkeypatch):
    """A tenth after seven stages of eight; Adam's ε and the batch are the paper's too."""
    from course_lib.data import load
    from course_lib.runtime import Runtime

    script, seen, Trainer = tiny[0], [], tiny[0].VAETrainer
    monkeypatch.setattr(script, "VAETrainer", lambda *a, **k: seen.append(Trainer(*a, **k)) or seen[-1])
    monkeypatch.setattr(script, "nll", lambda *a: type("N", (), dict.fromkeys(("value", "low", "high", "samples"), 0)))
    runtime = Runtime.auto(device="cpu", seed=1)
    rates = []
    for _ in script.points(script.ELBO(), load("digits", runtime).take(20), None, runtime, 3, 1):
        rates.append(seen[0].optimiser.param_groups[0]["lr"])
    assert rates == pytest.approx([1e-3, 1e-3 * 10 ** (-1 / 7), 1e-3 * 10 ** (-2 / 7)])
    assert seen[0].optimiser.param_groups[0]["eps"] == 1e-4 and seen[0].batch == 20 and seen[0].binary
    assert seen[0].step_number == 1 + 3 + 9  # of twenty digits, an epoch is a step


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    content = tiny[2]
    shipped = shipped_like("nll", content)
    assert shipped["settings"]["source"] == "mnist" and shipped["settings"]["digits"] == [60_000, 10_000]
    assert list(shipped["runs"]) == list(content["runs"])
    shape = content["runs"]["VAE, k = 1"]["1"][0].keys()
    for seeds in shipped["runs"].values():
        for points in seeds.values():
            assert len(points) == shipped["settings"]["stages"] and all(p.keys() == shape for p in points)
