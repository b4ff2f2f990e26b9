"""The script behind the GAN and the VAE side by side, in a run of seconds."""

import pytest

from course_lib.runtime import Runtime

SHARES = ("precision", "recall", "coverage", "confidence", "entropy", "copying", "copies")
ROWS = [f"{rival}, {kind}" for rival in ("GAN", "VAE, black and white", "VAE, grey") for kind in ("last", "averaged")]


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("rivals", seconds=0.05, samples=100, digits=10)


def test_a_tiny_recording_has_what_the_notebook_reads(tiny):
    _, told, content = tiny
    assert list(content["runs"]) == ["held-out digits", *ROWS] and len(told) == len(ROWS)
    assert list(content["runs"]["held-out digits"]) == ["all"]
    assert all(count > 0 for count in content["settings"]["parameters"].values())
    of = {row: next(iter(seeds.values())) for row, seeds in content["runs"].items()}
    gan = of["GAN, last"].keys()
    for row in ROWS:
        assert of[row].keys() == (gan if "GAN" in row else gan | {"nll"}) and of[row]["steps"] >= 1
        assert "GAN" in row or 100 < of[row]["nll"] < 1000
    for numbers in of.values():
        assert all(0 <= numbers[name] <= 1 for name in SHARES) and numbers["frechet"] > 0


def test_held_out_digits_are_far_better_than_an_untrained_generator(tiny):
    held, *fresh_ones = (next(iter(seeds.values())) for seeds in tiny[2]["runs"].values())
    assert held["copying"] == 0.5 and held["copies"] <= 0.011 and held["confidence"] > 0.95 and held["entropy"] > 0.99
    assert all(held[name] > 0.85 for name in ("precision", "recall", "density"))
    assert 0.5 < held["coverage"] < 0.8, "1,000 digits cannot lie in all of 4,000 balls"
    for fresh in fresh_ones:
        assert fresh["frechet"] > 10 * held["frechet"] and fresh["kernel"] > 10 * abs(held["kernel"])
        assert fresh["coverage"] < 0.2


def weights(network):
    return next(network.parameters())


def test_the_rivals_have_equal_latents_and_their_own_weights_by_seed(tiny):
    script = tiny[0]
    a, again, other = (script.start(Runtime.auto(device="cpu", seed=s)) for s in (1, 1, 2))
    assert list(a) == list(script.RIVALS) and all(rival.last.latent == script.LATENT for rival in a.values())
    for name in a:
        assert weights(a[name].last).equal(weights(again[name].last))
        assert not weights(a[name].last).equal(weights(other[name].last))


def test_the_two_vaes_differ_in_the_digits_alone_and_all_are_averaged_alike(tiny):
    script = tiny[0]
    gan, black_and_white, grey = script.start(Runtime.auto(device="cpu", seed=1)).values()
    assert black_and_white.trainer.binary and not grey.trainer.binary
    ours, theirs = black_and_white.last.state_dict(), grey.last.state_dict()
    assert all(ours[name].equal(theirs[name]) for name in ours)
    assert gan.average is gan.trainer.ema
    assert [rival.average.decay for rival in (gan, black_and_white, grey)] == [script.AVERAGE] * 3


def test_each_trains_its_seconds_in_turns_and_its_average_lags_behind(tiny, monkeypatch):
    from course_lib.data import load

    script, runtime = tiny[0], Runtime.auto(device="cpu", seed=1)
    rivals, clock = script.start(runtime), iter(range(10**6))
    first = {name: weights(rival.last).clone() for name, rival in rivals.items()}
    monkeypatch.setattr(script.time, "process_time", lambda: next(clock))  # each look at the clock: a second
    script.train(rivals, load("digits", runtime).take(64), runtime, 6.0)
    for name, rival in rivals.items():
        assert rival.trainer.step_number == 6 and rival.used == 6.0
        to_first, to_last = ((weights(rival.average.module) - w).norm() for w in (first[name], weights(rival.last)))
        assert to_first > 0 and to_last > 0, name


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    content = tiny[2]
    shipped = shipped_like("rivals", content)
    assert shipped["runs"].keys() == content["runs"].keys()
    for rival, seeds in shipped["runs"].items():
        shape = next(iter(content["runs"][rival].values())).keys()
        assert len(seeds) == (1 if rival == "held-out digits" else 5) and all(n.keys() == shape for n in seeds.values())
