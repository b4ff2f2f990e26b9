"""What happens to a picture on its way, against torchvision, SciPy and Pillow."""

import io

import numpy as np
import pytest
import torch
from PIL import Image
from scipy.ndimage import uniform_filter

from course_lib.audit import edits
from course_lib.errors import CourseError

G = torch.Generator().manual_seed(2)
IMAGES = 2 * torch.rand(6, 1, 28, 28, generator=G) - 1
EVERY = {
    "eight_bit": edits.eight_bit,
    "snapped": edits.snapped,
    "two_levels": edits.two_levels,
    "jpeg": edits.jpeg,
    "noisy": edits.noisy,
    "blurred": edits.blurred,
    "shifted_by": edits.shifted_by,
    "cropped": edits.cropped,
    "halved": edits.halved,
}


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("channels", [1, 3])
def test_every_edit_keeps_shape_and_input_and_gives_grey_levels_of_a_file(name, channels):
    images = IMAGES.expand(-1, channels, -1, -1).clone()
    before = images.clone()
    after = EVERY[name](images)
    assert torch.equal(images, before) and after.shape == images.shape and after.dtype == torch.float32
    level = (after + 1) * 127.5
    assert (level - level.round()).abs().max() < 1e-3 and after.abs().max() <= 1
    assert torch.equal(EVERY[name](images), after)


def test_eight_bit_is_what_a_png_holds():
    file = io.BytesIO()
    Image.fromarray(edits.as_bytes(IMAGES)[0, 0].numpy()).save(file, "PNG")
    read = torch.tensor(np.array(Image.open(file))).float() / 127.5 - 1
    assert torch.allclose(read, edits.eight_bit(IMAGES)[0, 0], atol=1e-6)
    assert torch.equal(edits.eight_bit(edits.eight_bit(IMAGES)), edits.eight_bit(IMAGES))


def test_local_mean_is_scipys():
    theirs = uniform_filter(IMAGES.numpy(), (0, 0, 5, 5), mode="nearest")
    assert np.abs(edits.local_mean(IMAGES, 5).numpy() - theirs).max() < 1e-5
    assert torch.equal(edits.local_mean(IMAGES, 1), IMAGES)
    with pytest.raises(CourseError, match="odd"):
        edits.local_mean(IMAGES, 4)


def test_a_shift_moves_and_brings_in_black():
    one = edits.eight_bit(IMAGES)
    moved = edits.shifted_by(one, 2, -1)
    assert torch.equal(moved[:, :, 2:, :-1], one[:, :, :-2, 1:])
    assert (moved[:, :, :2] == -1).all() and (moved[..., -1] == -1).all()
    assert torch.equal(edits.shifted_by(one, 0, 0), one)


def test_snapping_touches_only_what_is_near_the_ends():
    x = torch.tensor([-1.0, -0.8, -0.7, 0.0, 0.7, 0.8]).view(1, 1, 1, 6)
    assert edits.snapped(x).flatten()[[0, 1, 5]].tolist() == [-1, -1, 1]
    assert torch.allclose(edits.snapped(x).flatten()[2:5], x.flatten()[2:5], atol=0.005)
    assert set(edits.two_levels(IMAGES).unique().tolist()) == {-1.0, 1.0}


def test_less_quality_changes_more_and_nonsense_is_refused():
    far = [(edits.jpeg(IMAGES, q) - IMAGES).square().mean().item() for q in (95, 75, 30)]
    assert far == sorted(far) and far[0] > 0
    for quality in (0, 96, 7.5, True):
        with pytest.raises(CourseError, match="quality"):
            edits.jpeg(IMAGES, quality)
    with pytest.raises(CourseError, match="2"):
        edits.jpeg(IMAGES.expand(-1, 2, -1, -1).clone())


def test_a_flat_picture_stays_flat_under_blur_crop_and_halving():
    flat = edits.eight_bit(torch.full((1, 1, 28, 28), 0.3))
    for edit in (edits.blurred, edits.cropped, edits.halved):
        assert torch.equal(edit(flat), flat)
