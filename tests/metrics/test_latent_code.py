"""A VAE's code, measured: the numbers agree with the bound that is trained on, and with a VAE whose code is known."""

import pytest
import torch

from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.losses.elbo import ELBO
from course_lib.metrics import measure_latent_code
from course_lib.models import MLPVAE, binarised


@pytest.fixture(scope="module")
def images():
    return binarised(load("digits").images[:600], torch.Generator().manual_seed(0))


@pytest.fixture
def vae():
    torch.manual_seed(0)
    return MLPVAE(latent=4, hidden=(32, 16))


def test_it_agrees_with_the_elbo(vae, images):
    code = measure_latent_code(vae, images)
    with torch.no_grad():
        noise = torch.randn(1, 600, 4, generator=torch.Generator().manual_seed(1))
        terms = ELBO()(vae, images, noise)
    assert code.kl == pytest.approx(terms.kl.item(), rel=1e-4)
    assert code.reconstruction == pytest.approx(terms.reconstruction.item(), rel=1e-3)  # other draws of z
    assert code.bound == pytest.approx(-code.reconstruction - code.kl)
    assert sum(code.by_latent) == pytest.approx(code.kl)


def test_it_counts_the_latents_in_use(vae, images):
    with torch.no_grad():  # means 0 and variances 1 whatever the image, but for the second latent: mean 0.5
        vae.posterior.weight.zero_()
        vae.posterior.bias.zero_()
        vae.posterior.bias[1] = 0.5
    code = measure_latent_code(vae, images)
    assert code.active == 1
    assert code.by_latent == pytest.approx((0, 0.125, 0, 0), abs=1e-6)  # ½ mean²


def test_parts_seed_and_mode(vae, images):
    vae.train()
    first, again = (measure_latent_code(vae, images) for _ in range(2))
    other = measure_latent_code(vae, images, seed=1)
    assert vae.training and first == again != other
    # It too goes through 500 at once.
    halves = [measure_latent_code(vae, part).kl for part in (images[:500], images[500:])]
    assert first.kl == pytest.approx((5 * halves[0] + halves[1]) / 6)


def test_a_conditional_vae_is_given_its_labels(images):
    vae, labels = MLPVAE(latent=4, hidden=(32, 16), classes=10), torch.arange(600) % 10
    assert measure_latent_code(vae, images, labels).kl != measure_latent_code(vae, images, labels.flip(0)).kl
    with pytest.raises(CourseError, match="pass the labels"):
        measure_latent_code(vae, images)


def test_bad_images_are_refused(vae, images):
    with pytest.raises(CourseError, match="no image to encode"):
        measure_latent_code(vae, images[:0])
    with pytest.raises(CourseError, match="float32"):
        measure_latent_code(vae, images.byte())
