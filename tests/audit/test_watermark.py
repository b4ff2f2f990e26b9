"""Marks: heard with the key and with no other, gone after a shift, learned by a generator, averaged away."""

import math

import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio
from torch import nn

from course_lib import zoo
from course_lib.audit import edits, watermark
from course_lib.audit.detector import cut_off, rate
from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.runtime import Runtime
from course_lib.training import Sampler

KEY = watermark.new_key(1)


@pytest.fixture(scope="module")
def digits():
    return load("digits").images


def heard(images, key, unmarked, hear=watermark.hear):
    return rate(hear(images, key), cut_off(hear(unmarked, key), 0.01))


def test_keys_are_signs_of_their_own_seed_and_a_tile_repeats():
    assert set(KEY.unique().tolist()) == {-1.0, 1.0} and KEY.shape == (1, 28, 28)
    assert torch.equal(watermark.new_key(1), KEY) and not torch.equal(watermark.new_key(2), KEY)
    tiled = watermark.new_key(1, tile=4)
    assert (
        tiled.mean() == 0
        and torch.equal(tiled.roll((4, 8), (1, 2)), tiled)
        and not torch.equal(tiled.roll(1, 1), tiled)
    )
    assert watermark.new_key(1, (3, 32, 64), tile=4).shape == (3, 32, 64)
    for tile in (1, 5):
        with pytest.raises(CourseError, match="tile"):
            watermark.new_key(1, tile=tile)


def test_listening_is_a_mean_product_and_linear():
    x = torch.rand(3, 1, 28, 28)
    by_hand = [float(((one - edits.local_mean(one[None])[0]) * KEY).mean()) for one in x]
    assert torch.allclose(watermark.hear(x, KEY), torch.tensor(by_hand), atol=1e-6)
    assert torch.allclose(watermark.hear(x, KEY, side=1), (x * KEY).mean((1, 2, 3)))
    louder = watermark.hear(x + 0.3 * KEY, KEY) - watermark.hear(x, KEY)
    assert torch.allclose(louder, watermark.hear(0.3 * KEY[None], KEY).expand(3), atol=1e-6)


def test_a_mark_is_heard_with_its_key_alone_and_lost_by_a_shift(digits):
    marked = watermark.mark(digits[2000:2300], KEY)
    assert heard(marked, KEY, digits[:2000]) > 0.97
    assert heard(marked, watermark.new_key(99), digits[:2000]) < 0.05
    assert heard(digits[2300:2800], KEY, digits[:2000]) < 0.05
    moved = edits.shifted_by(marked)
    assert heard(moved, KEY, digits[:2000]) < 0.05
    assert heard(moved, KEY, digits[:2000], watermark.hear_shifted) > 0.9
    loud = watermark.hear_shifted(digits[:100], KEY)
    assert (loud >= watermark.hear(digits[:100], KEY)).all()


def test_psnr_is_scikit_images(digits):
    a, b = digits[:3], watermark.mark(digits[:3], KEY, 0.2)
    assert abs(watermark.psnr(a, b) - peak_signal_noise_ratio(a.numpy(), b.numpy(), data_range=2)) < 1e-4
    assert watermark.psnr(a, a) == math.inf
    assert torch.equal(watermark.mark(a, KEY, 0), edits.eight_bit(a))


def test_averaging_finds_the_key_and_takes_the_mark_out(digits):
    marked = watermark.mark(digits[2000:2100], KEY)
    guess = watermark.estimate_key(marked[:50], digits[:2000])
    assert watermark.likeness(guess, KEY) > 0.7 > 0.1 > abs(watermark.likeness(guess, watermark.new_key(5)))
    assert heard(watermark.mark(marked[50:], guess, -1.5), KEY, digits[:2000]) < 0.1
    assert heard(watermark.mark(digits[3000:3200], guess, 1.5), KEY, digits[:2000]) > 0.9


def test_a_generator_learns_the_mark_and_the_old_one_stays(digits):
    old = zoo.load("dcgan-digits").generator
    before = [value.clone() for value in old.state_dict().values()]
    key = watermark.new_key(3, tile=4)
    target = 2 * cut_off(watermark.hear(digits[:2000], key), 0.01)
    runtime = Runtime.auto(device="cpu", seed=1)
    new = watermark.train_mark(old, key, runtime, target=target, steps=40)
    assert all(torch.equal(a, b) for a, b in zip(before, old.state_dict().values(), strict=True))
    assert not any(p.requires_grad for p in new.parameters()) and not new.training
    loud = [watermark.hear(Sampler(each)(100), key).mean() for each in (old, new)]
    assert loud[1] > loud[0] + target / 4
    again = watermark.train_mark(old, key, runtime, target=-9.0, steps=2)
    assert torch.allclose(Sampler(again)(3), Sampler(old)(3), atol=1e-4), "who asks for no mark gets the old pictures"
    with pytest.raises(CourseError, match="latent"):
        watermark.train_mark(nn.Identity(), key, runtime, target=1.0)
