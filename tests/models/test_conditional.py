"""Generators that can be asked: the class and the code reach the picture, and nothing else does."""

import pytest
import torch

from course_lib.errors import CourseError
from course_lib.models.conditional import (
    CodeReader,
    ConditionalDiscriminator,
    ConditionalGenerator,
    InfoGenerator,
    cycled_labels,
)
from course_lib.training import Sampler


def latents(n: int, size: int) -> torch.Tensor:
    return torch.randn(n, size, generator=torch.Generator().manual_seed(0))


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


@torch.no_grad()
def test_the_class_changes_the_picture_and_without_one_they_come_in_turn():
    g = ConditionalGenerator(3, 8, 4).eval()
    z = latents(5, 8)
    a, b = (g(z, torch.full((5,), k)) for k in (0, 2))
    assert a.shape == (5, 1, 28, 28) and a.abs().max() <= 1 and not torch.allclose(a, b)
    assert torch.equal(g(z), g(z, cycled_labels(5, 3))) and cycled_labels(5, 3).tolist() == [0, 1, 2, 0, 1]
    assert torch.equal(Sampler(g)(4), g(Sampler(g).z(4)))


@torch.no_grad()
def test_the_discriminator_is_asked_about_a_class():
    d = ConditionalDiscriminator(3, 4).eval()
    x = torch.rand(4, 1, 28, 28) * 2 - 1
    a, b = (d(x, torch.full((4,), k)) for k in (0, 1))
    assert a.shape == (4, 1) and not torch.allclose(a, b)
    d.of_class.weight.zero_()
    assert torch.equal(d(x, cycled_labels(4, 3)), d.net(x)), "what is left is the plain discriminator"


@torch.no_grad()
def test_an_info_generators_code_is_in_the_latent():
    g = InfoGenerator(4, 2, 10, 4).eval()
    z = latents(4000, 10)
    category, continuous = g.codes(z)
    assert torch.equal(continuous, z[:, 4:6])
    shares = torch.bincount(category, minlength=4) / len(z)
    assert (shares - 0.25).abs().max() < 0.03
    few = z[:3]
    same = few.clone()
    same[:, :4] *= 2  # the largest stays the largest, so it is the same code
    assert torch.equal(g(few), g(same))
    other = few.clone()
    other[:, :4] = other[:, :4].roll(1, 1)
    assert not torch.allclose(g(few), g(other))


def test_the_reader_tells_categories_and_numbers_and_mixes_no_images():
    reader = CodeReader(4, 2, 4).train()
    x = torch.rand(5, 1, 28, 28)
    logits, means = reader(x)
    assert logits.shape == (5, 4) and means.shape == (5, 2)
    torch.testing.assert_close(reader(x[:1])[0], logits[:1])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ConditionalGenerator(1), "classes=1: use a whole number of at least 2"),
        (
            lambda: ConditionalGenerator(3, 8, 4)(latents(2, 8), torch.tensor([0, 3])),
            "from 0 to 2 for each of 2 images",
        ),
        (lambda: ConditionalGenerator(3, 8, 4)(latents(2, 8), torch.tensor([0.0, 1.0])), "torch.float32, do not fit"),
        (lambda: ConditionalDiscriminator(3, 4)(torch.rand(2, 1, 28, 28), torch.tensor([0])), "of shape \\(1,\\)"),
        (lambda: InfoGenerator(4, 2, 5), "do not fit latent=5"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(make, words):
    with pytest.raises(CourseError, match=words) as refusal:
        make()
    assert "\n" not in str(refusal.value)
