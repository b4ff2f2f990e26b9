"""The script behind A2's second mistake over seeds, in a run of seconds."""

import pytest
import torch

from course_lib.data import load
from course_lib.losses.elbo import ELBO
from course_lib.models import MLPVAE
from course_lib.runtime import Runtime


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("no-variance", steps=3, digits=20, samples=10)


def test_a_tiny_recording_has_what_the_notebook_reads(tiny):
    _, told, content = tiny
    runs = content["runs"]
    assert list(runs) == ["right", "no variance", "ahead"] and len(told) == 1
    right, wrong, ahead = (next(iter(of.values())) for of in runs.values())
    assert all(100 < number < 1000 for of in (right, wrong) for number in of.values())
    assert ahead["nats"] == pytest.approx(right["nll"] - wrong["nll"], abs=0.03) and ahead["error"] > 0


def test_the_mistaken_loss_lacks_what_the_variance_costs(tiny):
    vae, x = MLPVAE(), torch.ones(3, 1, 28, 28)
    noise = torch.randn(1, 3, 20, generator=torch.Generator().manual_seed(0))
    log_var = vae.encode(x)[1]
    lacking = 0.5 * (log_var.exp() - 1 - log_var).sum(1).mean()
    true, mistaken = ELBO()(vae, x, noise), tiny[0].NoVariance()(vae, x, noise)
    torch.testing.assert_close(true.loss - mistaken.loss, lacking, rtol=1e-4, atol=1e-3)
    torch.testing.assert_close(true.reconstruction, mistaken.reconstruction)


def test_the_fit_moves_the_encoder_of_a_copy_alone(tiny):
    runtime, vae = Runtime.auto(device="cpu", seed=1), MLPVAE()
    before = {name: p.clone() for name, p in vae.named_parameters()}
    refitted = tiny[0].fitted_to(vae, load("digits", runtime).take(64), 2, runtime)
    assert all(p.equal(before[name]) for name, p in vae.named_parameters())
    moved = {name.split(".")[0] for name, p in refitted.named_parameters() if not p.equal(before[name])}
    assert moved and "decoder" not in moved


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    shipped = shipped_like("no-variance", tiny[2])
    assert shipped["runs"].keys() == tiny[2]["runs"].keys() and all(len(of) == 5 for of in shipped["runs"].values())
