"""The β slider: each β's own pictures and numbers, by slider and as a still."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from course_lib.chapters.ch05_vae import betas as module
from course_lib.chapters.ch05_vae.betas import COLUMNS, Family, beta_slider
from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.metrics import measure_latent_code
from course_lib.models import MLPVAE, DCGenerator, Gaussian, binarised
from course_lib.show.picture import Picture


def made(seed, likelihood=None, **settings):
    torch.manual_seed(seed)
    return MLPVAE(latent=settings.pop("latent", 3), hidden=(16,), likelihood=likelihood, **settings)


@pytest.fixture(scope="module")
def images():
    return load("digits", split="test").images[:60]


@pytest.fixture
def models():
    return {4: made(1), 0.25: made(2), 1.0: made(3)}


def test_the_numbers_are_those_of_each_model_on_all_images(models, images):
    family, drawn = Family(models, images), binarised(images, torch.Generator().manual_seed(0))
    assert list(family.codes) == list(family.models) == [0.25, 1.0, 4]
    for beta, vae in models.items():
        code = measure_latent_code(vae, drawn)
        assert family.codes[beta] == code
        said = family.words(beta)
        assert said.startswith(f"β = {beta:g}:") and f"reconstruction {code.reconstruction:.1f} nats" in said
        assert f"KL {code.kl:.1f} nats" in said and f"bound −{-code.bound:.1f}" in said
        assert f"{code.active} of 3 latents in use" in said


def test_what_is_shown_is_what_was_encoded(models, images):
    family = Family(models, images)
    assert len(family.originals) == COLUMNS and (family.originals.abs() == 1).all()
    assert torch.allclose(family.reconstructed(4), models[4].reconstruct(family.originals).detach(), atol=1e-6)
    black_and_white = binarised(images, torch.Generator().manual_seed(9))
    assert torch.equal(Family(models, black_and_white).originals, black_and_white[:COLUMNS])
    grey = Family({1: made(1, Gaussian())}, images)
    assert torch.equal(grey.originals, images[:COLUMNS])


def test_samples_differ_by_model_and_not_by_call(models, images):
    family = Family(models, images)
    assert torch.equal(family.sampled(1.0), family.sampled(1.0))
    assert not torch.equal(family.sampled(1.0), family.sampled(4))


def test_without_a_kernel_there_is_a_still_with_a_row_for_each_beta(models, images):
    picture, one = beta_slider(models, images), beta_slider({1.0: models[1.0]}, images)
    assert isinstance(picture, Picture)
    tall, short = (Image.open(io.BytesIO(p.png)).height for p in (picture, one))
    assert tall > short + 100
    family = Family(models, images)
    for beta in models:
        assert " ".join(family.words(beta).split()) in picture.alt


@pytest.fixture
def widgets(models, images, monkeypatch):
    monkeypatch.setattr(module, "headless", lambda: False)
    box = beta_slider(models, images)
    return dict(zip(("slider", "words", "image"), box.children, strict=True))


def test_picture_and_words_follow_the_slider(widgets, models, images):
    family, seen = Family(models, images), []
    assert [label for label, _ in widgets["slider"].options] == ["0.25", "1", "4"]
    for beta in (0.25, 4, 1.0):
        widgets["slider"].value = beta
        assert widgets["words"].value == family.words(beta)
        assert widgets["image"].value not in seen
        seen.append(widgets["image"].value)
    widgets["slider"].value = 0.25
    assert widgets["image"].value == seen[0]


def test_a_position_is_drawn_once(widgets, monkeypatch):
    widgets["slider"].value = 4
    monkeypatch.setattr(module, "scene", lambda *_: pytest.fail("drawn again"))
    widgets["slider"].value = 0.25  # where the slider began
    widgets["slider"].value = 4


def test_the_bars_have_one_scale_for_all_betas(models, images):
    with torch.no_grad():
        models[4].posterior.weight.mul_(4)  # much in the code, so the others' bars are low beside it
    family = Family(models, images)
    blue = {}
    for beta in (1.0, 4):
        picture = np.asarray(Image.open(io.BytesIO(module.scene(family, beta).png)).convert("RGB")).astype(int)
        blue[beta] = (np.abs(picture - (0x00, 0x72, 0xB2)).sum(2) < 30).sum()
    share = sum(family.codes[1.0].by_latent) / sum(family.codes[4].by_latent)
    assert blue[1.0] / blue[4] == pytest.approx(share, abs=0.05)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda x: ({}, x), r"there is no β: pass at least one trained VAE, as in \{1\.0: vae\}\."),
        (lambda x: ({-1: made(0)}, x), r"β=-1 is no weight of the KL: use numbers of at least 0"),
        (lambda x: ({"1": made(0)}, x), r"β='1' is no weight"),
        (lambda x: ({float("nan"): made(0)}, x), r"β=nan is no weight"),
        (lambda x: ({1: DCGenerator(3)}, x), r"the model of β=1 is a DCGenerator: expected a VAE\."),
        (lambda x: ({1: made(0, classes=10)}, x), r"β=1 is given a class too: use one with classes=0\."),
        (lambda x: ({1: made(0)}, x[:0]), "no image to encode"),
        (lambda x: ({1: made(0)}, x * 2), r"\[−1, 1\]|\[-1, 1\]"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(images, make, words):
    with pytest.raises(CourseError, match=words) as refusal:
        beta_slider(*make(images))
    assert "\n" not in str(refusal.value)
