"""The script behind the GAN and the VAE side by side, in a run of seconds."""

import pytest

SHARES = ("precision", "recall", "coverage", "confidence", "entropy", "copying", "copies")


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("rivals", seconds=0.05, samples=100)


def test_a_tiny_recording_has_what_the_notebook_reads(tiny):
    _, told, content = tiny
    assert list(content["runs"]) == ["held-out digits", "GAN", "VAE"] and len(told) == 2
    assert list(content["runs"]["held-out digits"]) == ["all"]
    assert content["settings"]["parameters"]["VAE's decoder"] > 0
    (gan,), (vae,) = content["runs"]["GAN"].values(), content["runs"]["VAE"].values()
    assert gan.keys() | {"nll"} == vae.keys() and gan["steps"] >= 1 and vae["steps"] >= 1
    assert 100 < vae["nll"] < 1000
    for numbers in (gan, vae, content["runs"]["held-out digits"]["all"]):
        assert all(0 <= numbers[name] <= 1 for name in SHARES) and numbers["frechet"] > 0


def test_held_out_digits_are_far_better_than_an_untrained_generator(tiny):
    held, gan, vae = (next(iter(seeds.values())) for seeds in tiny[2]["runs"].values())
    assert held["copying"] == 0.5 and held["copies"] <= 0.011 and held["confidence"] > 0.95 and held["entropy"] > 0.99
    assert all(held[name] > 0.85 for name in ("precision", "recall", "density"))
    assert 0.5 < held["coverage"] < 0.8, "1,000 digits cannot lie in all of 4,000 balls"
    for fresh in (gan, vae):
        assert fresh["frechet"] > 10 * held["frechet"] and fresh["kernel"] > 10 * abs(held["kernel"])
        assert fresh["coverage"] < 0.2


def test_the_rivals_have_equal_latents_and_their_own_weights_by_seed(tiny):
    from course_lib.runtime import Runtime

    script = tiny[0]
    a, again, other = (script.trainers(Runtime.auto(device="cpu", seed=s)) for s in (1, 1, 2))
    assert a["GAN"].generator.latent == a["VAE"].vae.latent == script.LATENT and a["VAE"].binary
    for weights in (lambda t: t["GAN"].generator, lambda t: t["VAE"].vae):
        first = next(weights(a).parameters())
        assert first.equal(next(weights(again).parameters())) and not first.equal(next(weights(other).parameters()))


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    content = tiny[2]
    shipped = shipped_like("rivals", content)
    for rival, seeds in shipped["runs"].items():
        shape = next(iter(content["runs"][rival].values())).keys()
        assert len(seeds) == (1 if rival == "held-out digits" else 5) and all(n.keys() == shape for n in seeds.values())
