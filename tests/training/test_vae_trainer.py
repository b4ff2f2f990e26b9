"""Training a VAE: what a step does, bit-identical resuming, Ctrl-C, divergence, and what is refused at the door."""

import os
import signal
from dataclasses import dataclass, replace

import pytest
import torch
from training_games import assert_resumes_exactly, blobs, digest, runtime, same, train, weights

from course_lib.errors import CourseError, Diverged
from course_lib.losses.elbo import ELBO, IWAE
from course_lib.metrics import nll
from course_lib.models import MLPVAE, ConvVAE, Gaussian, binarised
from course_lib.training import VAETrainer, checkpointed, cosine_schedule, resume

KINDS = {
    "mlp": lambda **k: VAETrainer(MLPVAE(4, (16, 12)), **k),
    "binary iwae": lambda **k: VAETrainer(MLPVAE(4, (16,), activation="tanh"), IWAE(3), binary=True, **k),
    "conv conditional": lambda **k: VAETrainer(ConvVAE(4, 4, Gaussian(0.3), classes=2, hidden=16), ELBO(2.0, 0.1), **k),
    "momentum cosine": lambda **k: VAETrainer(
        MLPVAE(4, (16,)),
        ELBO(samples=2, pixels="mean"),
        lr=0.5,
        optimiser="momentum",
        schedule=cosine_schedule(200),
        **k,
    ),
}
kinds = pytest.mark.parametrize("kind", KINDS)
CUT, TOTAL = 7, 16


def trainer(kind="mlp", seed=3, batch=8, **settings):
    with runtime(seed).seeded("weights"):
        return KINDS[kind](batch=batch, **settings)


# ---- a step ----


@pytest.mark.parametrize("binary", [False, True])
def test_steps_are_the_plain_loop(binary):
    """Adam on the bound of each batch, with noise and pixels drawn for that step alone."""
    t = trainer(binary=binary)
    with runtime().seeded("weights"):
        vae = MLPVAE(4, (16, 12))
    optimiser, rt = torch.optim.Adam(vae.parameters(), 1e-3), runtime()
    for (x, _), record in zip(blobs().stream(8, rt), t.steps(blobs(), 6, rt), strict=False):
        if binary:
            x = binarised(x, rt.stream("pixels", record.step))
        terms = ELBO()(vae, x, torch.randn(1, 8, 4, generator=rt.stream("latent", record.step)))
        optimiser.zero_grad()
        terms.loss.backward()
        optimiser.step()
        for name in ("loss", "bound", "reconstruction", "kl"):
            assert getattr(record, name) == pytest.approx(getattr(terms, name).item(), rel=1e-4)
        assert record.bound == pytest.approx(-record.reconstruction - record.kl, rel=1e-5)
    assert record.step == 6
    for ours, theirs in zip(t.vae.parameters(), vae.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-5)


@kinds
def test_it_learns(kind):
    t = trainer(kind, batch=16)
    records = train(t, 150)
    first, last = (sum(r.reconstruction for r in part) for part in (records[:10], records[-10:]))
    assert last < 0.7 * first and records[-1].loss < records[0].loss
    assert [r.step for r in records] == list(range(1, 151)) and t.step_number == 150


def test_a_trained_vae_is_likelier_than_an_untrained_one_and_samples_like_a_generator():
    t, x = trainer(batch=16, binary=True), binarised(blobs().images, torch.Generator().manual_seed(0))
    before = nll(t.vae, x, 50)
    train(t, 300)
    after = nll(t.vae, x, 50)
    assert after.high < before.low - 100
    images = t.sampler()(6)
    assert images.shape == (6, 1, 28, 28) and images.abs().max() <= 1 and images.equal(t.sampler()(6))
    assert images.equal(t.vae.eval()(t.sampler().z(6)).detach())


def test_pixels_are_drawn_anew_at_each_step_and_grey_ones_never_reach_a_binary_loss():
    seen = []

    @dataclass(frozen=True)
    class Spy(ELBO):
        def __call__(self, vae, images, noise, labels=None):
            seen.append((images.clone(), noise.clone(), labels))
            return super().__call__(vae, images, noise, labels)

    data = blobs(8)  # every batch is the same eight images, in another order
    train(VAETrainer(MLPVAE(4, (8,)), Spy(samples=3), batch=8, binary=True), 4, data)
    assert all((images.abs() == 1).all() and noise.shape == (3, 8, 4) for images, noise, _ in seen)
    totals = [images.sum().item() for images, _, _ in seen]
    assert len(set(totals)) == 4, "each step draws its own pixels"
    assert len({noise[0, 0, 0].item() for _, noise, _ in seen}) == 4, "and its own latents"
    assert all(labels is None for *_, labels in seen)
    seen.clear()
    train(VAETrainer(MLPVAE(4, (8,), classes=2), Spy(), batch=8), 2, data)
    for images, _, labels in seen:
        for image, label in zip(images, labels, strict=True):
            assert (data.images[data.labels == label] == image).flatten(1).all(1).any(), "labels went astray"


def test_the_schedule_moves_the_step_size():
    t = trainer(schedule=lambda step: 0.5**step)
    rates = [t.optimiser.param_groups[0]["lr"] for _ in t.steps(blobs(), 4, runtime())]
    assert rates == pytest.approx([1e-3, 5e-4, 2.5e-4, 1.25e-4])


# ---- resuming ----


@kinds
def test_a_resumed_training_is_the_uninterrupted_one_to_the_last_bit(tmp_path, kind):
    whole, first, second = trainer(kind), trainer(kind), trainer(kind, seed=8)
    assert_resumes_exactly(whole, first, second, tmp_path / "c", CUT, TOTAL)
    assert torch.equal(second.sampler()(5), whole.sampler()(5))


@kinds
def test_another_seed_trains_another_vae_and_the_same_the_same(kind):
    a, b, other = (trainer(kind) for _ in range(3))
    train(a, 5)
    for n in (2, 3):
        train(b, n)
        torch.randn(4)
    train(other, 5, rt=runtime(9))
    assert same(weights(a.vae), weights(b.vae)) and not same(weights(a.vae), weights(other.vae))


def test_training_leaves_the_callers_dice_alone():
    torch.manual_seed(5)
    expected = torch.randn(3)
    torch.manual_seed(5)
    train(trainer("binary iwae"), 3)
    assert torch.randn(3).equal(expected)


# ---- Ctrl-C ----


@pytest.mark.filterwarnings("ignore:this VAETrainer goes on with loss=")  # without the interruption
@kinds
@pytest.mark.parametrize("at", [1, 4])
def test_ctrl_c_within_a_step_waits_for_its_end_and_costs_nothing(tmp_path, kind, at):
    """The signal comes while the loss is being computed; the checkpoint then has the whole step."""
    whole, t = trainer(kind), trainer(kind)
    train(whole, 9)
    loss, calls = t.loss, []

    class Interrupting:
        samples = loss.samples

        def __call__(self, *arguments):
            calls.append(1)
            if len(calls) == at:
                os.kill(os.getpid(), signal.SIGINT)
            return loss(*arguments)

    t.loss, path = Interrupting(), tmp_path / "c"
    with pytest.raises(KeyboardInterrupt):
        for _ in checkpointed(t.steps(blobs(), 9, runtime()), path, every=100):
            pass
    assert t.step_number == at
    again = trainer(kind)
    assert resume(again, path) == at and digest(again) == digest(t)
    for one in (t, again):
        train(one, 9 - at)
        assert digest(one) == digest(whole)


# ---- divergence ----


@dataclass(frozen=True)
class Spoilt(ELBO):
    """Its third loss is spoilt."""

    how: str = "nan"
    calls: list = None

    def __call__(self, vae, images, noise, labels=None):
        terms = super().__call__(vae, images, noise, labels)
        self.calls.append(1)
        if len(self.calls) != 3:
            return terms
        by = {"slope": (terms.kl * 0).sqrt(), "constant": float("nan")}  # "constant": no number, with a fine slope
        return replace(terms, loss=terms.loss + by[self.how] if self.how in by else terms.loss * float(self.how))


@pytest.mark.filterwarnings("ignore:this VAETrainer goes on with loss=")  # a sound one
@pytest.mark.parametrize("how", ["nan", "inf", "slope", "constant"])
def test_a_loss_or_slope_that_is_no_number_stops_at_its_step_with_finite_weights(how, tmp_path):
    t = VAETrainer(MLPVAE(4, (8,)), Spoilt(how=how, calls=[]), batch=8)
    path, steps = tmp_path / "c", []
    with pytest.raises(Diverged, match=r"diverged at step 3.*\(here lr=0.001\).*VAETrainer.*'c', step 2") as refusal:
        for record in checkpointed(t.steps(blobs(), 9, runtime()), path, every=1):
            steps.append(record.step)
    assert "\n" not in str(refusal.value) and steps == [1, 2] and t.step_number == 2
    assert all(torch.isfinite(p).all() for p in t.vae.parameters())
    again = VAETrainer(MLPVAE(4, (8,)), batch=8)
    assert resume(again, path) == 2
    train(again, 4)


def test_far_too_large_a_step_size_does_diverge_and_leaves_no_nan():
    t = trainer(lr=1e30)
    with pytest.raises(Diverged, match=r"lr=1e\+30"):
        train(t, 30)
    assert all(torch.isfinite(p).all() for p in t.vae.parameters())


# ---- refusals ----


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: VAETrainer(MLPVAE(), lr=0), ["lr=0", "above 0"]),
        (lambda: VAETrainer(MLPVAE(), lr=float("nan")), ["lr=nan"]),
        (lambda: VAETrainer(MLPVAE(), batch=0), ["batch=0", "whole number"]),
        (lambda: VAETrainer(MLPVAE(), batch=2.5), ["batch=2.5"]),
        (lambda: VAETrainer(MLPVAE(), optimiser="lion"), ["'lion'", "'adam'"]),
        (lambda: VAETrainer(MLPVAE(), "elbo"), ["loss='elbo'", "ELBO()", "IWAE(5)"]),
        (lambda: VAETrainer(MLPVAE(), ELBO), ["loss=<class", "ELBO()"]),
        (lambda: VAETrainer(MLPVAE(), 0), ["loss=0", "ELBO()"]),
        (lambda: VAETrainer(MLPVAE(), lambda *_: None), ["loss=<function", "samples"]),
        (lambda: VAETrainer(MLPVAE), ["the VAE is the class MLPVAE"]),
        (lambda: VAETrainer("vae"), ["the VAE is a str", "MLPVAE()"]),
    ],
)
def test_settings_that_make_no_trainer_are_refused(build, named):
    with pytest.raises(CourseError) as refusal:
        build()
    assert all(word in str(refusal.value) for word in named) and "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("vae", "data", "said"),
    [
        (lambda: MLPVAE(4, (8,)), lambda: blobs(size=32), r"\(1, 32, 32\)"),
        (lambda: MLPVAE(4, (8,)), lambda: blobs(channels=3), r"\(3, 28, 28\)"),
        (lambda: ConvVAE(4, 4, size=32), lambda: blobs(), r"\(1, 28, 28\)"),
        (lambda: ConvVAE(4, 4), lambda: blobs(channels=3), r"\(3, 28, 28\)"),
        (lambda: MLPVAE(4, (8,), size=14, channels=4), lambda: blobs(), r"makes images of shape \(4, 14, 14\)"),
        (lambda: MLPVAE(4, (8,)), lambda: blobs(5), "batch size"),
        (lambda: MLPVAE(4, (8,), classes=1), lambda: blobs(), "labels up to 1.*one of 1 classes.*classes=2"),
        # The first two labels would fit; one among the others does not.
        (lambda: ConvVAE(4, 4, classes=2), lambda: of_three_classes(), "labels up to 2.*one of 2 classes.*classes=3"),
    ],
)
def test_data_that_the_vae_does_not_take_are_refused_before_the_first_step(vae, data, said):
    t = VAETrainer(vae(), batch=8)
    with pytest.raises(CourseError, match=said) as refusal:
        t.steps(data(), 1, runtime())
    assert "\n" not in str(refusal.value) and t.step_number == 0 and t._origin is None


def of_three_classes():
    data = blobs()
    return replace(data, labels=torch.arange(len(data)) % 3, names=("a", "b", "c"))


def test_a_conditional_vae_is_trained_with_labels_and_asks_for_them_elsewhere():
    t = trainer("conv conditional")
    train(t, 2)
    with pytest.raises(CourseError, match="given one of 2 classes: pass the labels"):
        t.vae.reconstruct(blobs().images)
    assert t.sampler()(4).shape == (4, 1, 28, 28)


def test_training_a_conditional_vae_uses_its_labels():
    """The same images with the labels turned round train other weights."""
    data, turned = blobs(), replace(blobs(), labels=1 - blobs().labels)
    a, b = trainer("conv conditional"), trainer("conv conditional")
    train(a, 3, data), train(b, 3, turned)
    assert not same(weights(a.vae), weights(b.vae))


@pytest.mark.parametrize(
    ("go_on", "changed"),
    [
        (lambda t: t.steps(blobs(), 1, runtime(seed=4)), "seed"),
        (lambda t: t.steps(blobs(name="others"), 1, runtime()), "data"),
        (lambda t: t.steps(blobs().take(64), 1, runtime()), "sha256"),
    ],
)
def test_going_on_with_another_seed_or_other_data_is_refused(go_on, changed):
    t = trainer()
    train(t, 2)
    with pytest.raises(CourseError, match=f"this VAETrainer was trained with {changed}="):
        go_on(t)
    train(t, 1)


def test_other_kinds_of_checkpoints_are_refused_and_change_nothing(tmp_path):
    t = trainer()
    list(checkpointed(t.steps(blobs(), 2, runtime()), tmp_path / "c"))
    before = digest(t)
    for other, said in (
        (VAETrainer(MLPVAE(5, (16, 12)), batch=8), "another network"),
        (VAETrainer(ConvVAE(4, 4), batch=8), "another network"),
    ):
        untouched = digest(other)
        with pytest.raises(CourseError, match=said):
            resume(other, tmp_path / "c")
        assert digest(other) == untouched
    state = t.state_dict()
    del state["vae"]
    with pytest.raises(CourseError, match="no 'vae', so it is no VAETrainer's"):
        t.load_state_dict(state)
    assert digest(t) == before
