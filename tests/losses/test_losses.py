"""Losses: their derivatives are the formulas of the papers, and they never overflow."""

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from course_lib.errors import CourseError
from course_lib.losses import Minimax, NonSaturating, Relativistic

LOSSES = [Minimax(), NonSaturating(), Relativistic()]
N = 7


@pytest.fixture
def logits():
    g = torch.Generator().manual_seed(0)
    real, fake = (2 * torch.randn(N, 1, generator=g, dtype=torch.float64) for _ in range(2))
    return real.requires_grad_(True), fake.requires_grad_(True)


def gradients(value, *inputs):
    return torch.autograd.grad(value, inputs)


def close(a, b):
    torch.testing.assert_close(a, b, rtol=0, atol=1e-15)


@pytest.mark.parametrize("loss", [Minimax(), NonSaturating()])
def test_the_discriminator_of_the_standard_game(loss, logits):
    real, fake = logits
    d_real, d_fake = real.sigmoid(), fake.sigmoid()
    value = loss.d(real, fake)
    torch.testing.assert_close(value, -(d_real.log().mean() + (1 - d_fake).log().mean()))
    by_real, by_fake = gradients(value, real, fake)
    close(by_real, (-(1 - d_real) / N).detach())
    close(by_fake, (d_fake / N).detach())


def test_the_saturating_generators_derivative_is_minus_d(logits):
    _, fake = logits
    value = Minimax().g(None, fake)
    torch.testing.assert_close(value, (1 - fake.sigmoid()).log().mean())
    close(gradients(value, fake)[0], (-fake.sigmoid() / N).detach())


def test_the_non_saturating_generators_derivative_is_minus_one_minus_d(logits):
    _, fake = logits
    value = NonSaturating().g(None, fake)
    torch.testing.assert_close(value, -fake.sigmoid().log().mean())
    close(gradients(value, fake)[0], (-(1 - fake.sigmoid()) / N).detach())


def test_the_relativistic_derivatives(logits):
    real, fake = logits
    wins = (real - fake).sigmoid()  # the probability that the real one of a pair looks more real
    by_real, by_fake = gradients(Relativistic().d(real, fake), real, fake)
    close(by_real, (-(1 - wins) / N).detach())
    close(by_fake, ((1 - wins) / N).detach())
    by_real, by_fake = gradients(Relativistic().g(real, fake), real, fake)
    close(by_real, (wins / N).detach())
    close(by_fake, (-wins / N).detach())


def test_the_relativistic_loss_sees_differences_only_and_g_plays_d_with_the_sides_swapped(logits):
    real, fake = logits
    close(Relativistic().d(real + 3, fake + 3), Relativistic().d(real, fake))
    close(Relativistic().g(real, fake), Relativistic().d(fake, real))


@pytest.mark.parametrize("loss", LOSSES, ids=lambda x: type(x).__name__)
def test_autograd_agrees_with_finite_differences_twice(loss, logits):
    assert torch.autograd.gradcheck(loss.d, logits)
    assert torch.autograd.gradgradcheck(loss.d, logits)
    assert torch.autograd.gradcheck(lambda fake: loss.g(logits[0].detach(), fake), logits[1:])


def test_binary_cross_entropy_with_swapped_labels_is_the_non_saturating_loss(logits):
    """What the articles write as BCE(D(fake), ones) is the non-saturating loss, not the minimax one."""
    real, fake = logits
    ones, zeros = torch.ones_like(fake), torch.zeros_like(fake)
    close(NonSaturating().g(None, fake), bce(fake, ones))
    close(NonSaturating().d(real, fake), bce(real, ones) + bce(fake, zeros))
    close(Minimax().g(None, fake), -bce(fake, zeros))
    assert abs((NonSaturating().g(None, fake) - Minimax().g(None, fake)).item()) > 0.1


def test_where_d_is_sure_only_the_non_saturating_loss_still_teaches():
    fake = torch.full((1, 1), -20.0, dtype=torch.float64, requires_grad=True)
    assert abs(gradients(Minimax().g(None, fake), fake)[0].item()) < 1e-8
    assert gradients(NonSaturating().g(None, fake), fake)[0].item() == pytest.approx(-1, abs=1e-8)


@pytest.mark.parametrize("sign", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
@pytest.mark.parametrize("loss", LOSSES, ids=lambda x: type(x).__name__)
def test_enormous_logits_give_finite_losses_and_gradients(loss, sign):
    real, fake = (torch.full((3, 1), s * 1e4, requires_grad=True) for s in sign)
    for value in (loss.d(real, fake), loss.g(real, fake)):
        assert torch.isfinite(value) and abs(value.item()) < 3e4
        for gradient in torch.autograd.grad(value, (real, fake), allow_unused=True):
            assert gradient is None or torch.isfinite(gradient).all()


@pytest.mark.parametrize("loss", LOSSES, ids=lambda x: type(x).__name__)
def test_it_returns_a_scalar_and_says_whether_g_looks_at_real_logits(loss, logits):
    real, fake = logits
    assert loss.d(real, fake).shape == loss.g(real, fake).shape == ()
    (by_real,) = torch.autograd.grad(loss.g(real, fake), real, allow_unused=True)
    assert loss.g_needs_real == (by_real is not None)


@pytest.mark.parametrize("loss", LOSSES, ids=lambda x: type(x).__name__)
def test_shapes_that_would_broadcast_without_a_word_are_refused(loss):
    with pytest.raises(CourseError, match=r"\(4, 1\).*\(4,\)"):
        loss.d(torch.zeros(4, 1), torch.zeros(4))
    with pytest.raises(CourseError):
        loss.d(torch.zeros(4, 1), torch.zeros(1, 1))
    if loss.g_needs_real:
        with pytest.raises(CourseError):
            loss.g(torch.zeros(4, 1), torch.zeros(4))


def test_losses_are_values_two_of_a_kind_are_equal():
    assert NonSaturating() == NonSaturating() != Minimax()
