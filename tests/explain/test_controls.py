"""The maps without a model: what they are, and that nothing of a model can get in."""

import pytest
import torch
from explained_models import images
from scipy.ndimage import sobel

from course_lib.explain.controls import control_maps
from course_lib.metrics.faithfulness import localisation, rank_correlation


def test_each_is_one_map_an_image():
    found = control_maps(images())
    assert list(found) == ["random", "intensity", "Sobel"]
    assert all(m.shape == (5, 1, 12, 12) and m.dtype == torch.float32 for m in found.values())
    coloured = control_maps(images().repeat(1, 3, 1, 1))
    for name, m in found.items():
        torch.testing.assert_close(coloured[name], m)


def test_intensity_is_the_image_from_black_to_white():
    x = images()
    assert control_maps(x)["intensity"].equal((x + 1) / 2)


def test_sobel_is_scipys():
    x = images()
    for ours, picture in zip(control_maps(x)["Sobel"][:, 0], x[:, 0].numpy(), strict=True):
        theirs = (sobel(picture, 0, mode="nearest") ** 2 + sobel(picture, 1, mode="nearest") ** 2) ** 0.5
        torch.testing.assert_close(ours, torch.tensor(theirs), atol=1e-5, rtol=0)


def test_sobel_of_a_step_is_high_at_the_step_only():
    x = torch.full((1, 1, 12, 12), -1.0)
    x[..., 6:] = 1
    m = control_maps(x)["Sobel"][0, 0]
    assert (m[:, [5, 6]] == 8).all() and (m[:, :5] == 0).all() and (m[:, 7:] == 0).all()


def test_an_even_image_has_no_edge_at_its_border():
    for level in (-1.0, 1.0):
        assert control_maps(torch.full((1, 1, 12, 12), level))["Sobel"].abs().max() < 1e-6


def test_noise_repeats_by_seed_and_guesses():
    x = images(200)
    first, again, other = (control_maps(x, s)["random"] for s in (0, 0, 1))
    assert first.equal(again) and rank_correlation(first, other).mean().abs() < 0.05
    assert first.mean().abs() < 0.02 and first.std().item() == pytest.approx(1, abs=0.02)
    mask = torch.zeros(12, 12, dtype=torch.bool)
    mask[:4, :4] = True
    found = localisation(first, mask)
    assert found["auc"].mean().item() == pytest.approx(0.5, abs=0.05)
    assert found["pointing"].mean().item() == pytest.approx(16 / 144, abs=0.06)


def test_the_images_keep_what_they_had():
    x = images()
    before = x.clone()
    control_maps(x)
    assert x.equal(before)
