"""Losses: their derivatives are the formulas of the papers, and they never overflow."""

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as bce
from torch.nn.functional import softplus

from course_lib.errors import CourseError
from course_lib.losses import LOSSES, Hinge, LeastSquares, Minimax, NonSaturating, Relativistic, Wasserstein

ALL = [*(kind() for kind in LOSSES.values()), NonSaturating(real_label=0.9)]
EACH = pytest.mark.parametrize("loss", ALL, ids=lambda x: f"{type(x).__name__}{getattr(x, 'real_label', '')}")
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


@pytest.mark.parametrize("kind", [Minimax, NonSaturating])
@pytest.mark.parametrize("label", [0.7, 0.9])
def test_label_smoothing_is_cross_entropy_with_a_soft_label_for_real_examples_alone(kind, label, logits):
    real, fake = logits
    value = kind(real_label=label).d(real, fake)
    close(value, bce(real, torch.full_like(real, label)) + bce(fake, torch.zeros_like(fake)))
    close(gradients(value, real)[0], ((real.sigmoid() - label) / N).detach())
    close(kind(real_label=label).g(None, fake), kind().g(None, fake))


@pytest.mark.parametrize("label", [0.5, 0, -0.9, 1.1, float("nan"), "0.9", None])
def test_a_label_that_is_no_probability_of_real_is_refused(label):
    with pytest.raises(CourseError, match=r"real_label=.*0\.9 is usual"):
        NonSaturating(real_label=label)


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


def test_least_squares_pulls_scores_to_their_targets(logits):
    real, fake = logits
    by_real, by_fake = gradients(LeastSquares().d(real, fake), real, fake)
    close(by_real, ((real - 1) / N).detach())
    close(by_fake, (fake / N).detach())
    close(gradients(LeastSquares().g(None, fake), fake)[0], ((fake - 1) / N).detach())
    one, zero = torch.ones(3, 1), torch.zeros(3, 1)
    assert LeastSquares().d(one, zero) == LeastSquares().g(None, one) == 0
    assert LeastSquares().d(zero, one) == 1 and LeastSquares().g(None, zero) == 0.5


def test_the_hinge_leaves_alone_what_is_beyond_the_margin(logits):
    real, fake = logits
    by_real, by_fake = gradients(Hinge().d(real, fake), real, fake)
    assert 0 < (real < 1).sum() < N and 0 < (fake > -1).sum() < N  # both branches are met
    close(by_real, -(real < 1).double() / N)
    close(by_fake, (fake > -1).double() / N)
    close(gradients(Hinge().g(None, fake), fake)[0], torch.full_like(fake, -1 / N))
    assert Hinge().d(torch.ones(2, 1), -torch.ones(2, 1)) == 0
    assert Hinge().d(torch.zeros(2, 1), torch.zeros(2, 1)) == 2


def test_wasserstein_is_a_difference_of_means(logits):
    real, fake = logits
    by_real, by_fake = gradients(Wasserstein().d(real, fake), real, fake)
    close(by_real, torch.full_like(real, -1 / N))
    close(by_fake, torch.full_like(fake, 1 / N))
    close(gradients(Wasserstein().g(None, fake), fake)[0], torch.full_like(fake, -1 / N))
    close(Wasserstein().d(real, fake), fake.mean() - real.mean())


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


def expected(loss, scores, p, q):
    """D's loss when places 0, 1, … have these scores, and real and generated examples fall there with chances p, q."""
    n = len(scores)
    pairs = [loss.d(scores[i].view(1, 1), scores[j].view(1, 1)) * p[i] * q[j] for i in range(n) for j in range(n)]
    return torch.stack(pairs).sum()


@pytest.mark.parametrize(
    ("loss", "formula"),
    [
        (NonSaturating(), lambda p, q: (p / q).log()),
        (NonSaturating(0.9), lambda p, q: (0.9 * p / (p + q)).logit()),
        (LeastSquares(), lambda p, q: p / (p + q)),
        (Hinge(), lambda p, q: (p - q).sign()),
        (Relativistic(), lambda p, q: (p / q).log() - (p / q).log().mean()),
    ],
    ids=["standard", "smoothed", "least squares", "hinge", "relativistic"],
)
def test_the_best_discriminator_is_the_one_the_docstring_names(loss, formula):
    p, q = torch.tensor([[0.6, 0.3, 0.1], [0.2, 0.2, 0.6]], dtype=torch.float64)
    best = formula(p, q)
    lowest = expected(loss, best, p, q)
    g = torch.Generator().manual_seed(1)
    for size in (0.01, 0.1, 1, 10):
        for _ in range(10):
            change = size * torch.randn(3, generator=g, dtype=torch.float64)
            assert expected(loss, best + change - change.mean(), p, q) > lowest  # a common shift is free in one of them


@EACH
def test_autograd_agrees_with_finite_differences_twice(loss, logits):
    assert torch.autograd.gradcheck(loss.d, logits)
    slopes = torch.autograd.grad(loss.d(*logits), logits, create_graph=True)
    if any(slope.requires_grad for slope in slopes):  # a straight line has no second derivative to compare
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


def test_the_softplus_identities_that_the_losses_rest_on(logits):
    a, _ = logits
    close(softplus(-a), -a.sigmoid().log())
    close(softplus(a), -(1 - a.sigmoid()).log())
    close(softplus(a) - softplus(-a), a)
    close(gradients(softplus(a).sum(), a)[0], a.sigmoid().detach())


def test_where_d_is_sure_only_the_non_saturating_loss_still_teaches():
    fake = torch.full((1, 1), -20.0, dtype=torch.float64, requires_grad=True)
    assert abs(gradients(Minimax().g(None, fake), fake)[0].item()) < 1e-8
    assert gradients(NonSaturating().g(None, fake), fake)[0].item() == pytest.approx(-1, abs=1e-8)


@pytest.mark.parametrize("sign", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
@EACH
def test_enormous_logits_give_finite_losses_and_gradients(loss, sign):
    real, fake = (torch.full((3, 1), s * 1e4, requires_grad=True) for s in sign)
    for value in (loss.d(real, fake), loss.g(real, fake)):
        assert torch.isfinite(value)
        assert abs(value.item()) < (1.1e8 if "**2" in loss.d_formula else 3e4)  # squares are squares
        for gradient in torch.autograd.grad(value, (real, fake), allow_unused=True):
            assert gradient is None or torch.isfinite(gradient).all()


@EACH
def test_it_returns_a_scalar_and_says_whether_g_looks_at_real_logits(loss, logits):
    real, fake = logits
    assert loss.d(real, fake).shape == loss.g(real, fake).shape == ()
    (by_real,) = torch.autograd.grad(loss.g(real, fake), real, allow_unused=True)
    assert loss.g_needs_real == (by_real is not None)
    if not loss.g_needs_real:
        close(loss.g(None, fake), loss.g(real, fake))


@EACH
def test_both_turns_pull_a_fake_logit_in_opposite_directions(loss):
    """Otherwise the players would co-operate, as with A2's shared loss."""
    real, fake = torch.zeros(1, 1), torch.full((1, 1), 0.3, requires_grad=True)
    assert gradients(loss.d(real, fake), fake)[0] > 0 > gradients(loss.g(real, fake), fake)[0]


@EACH
def test_shapes_that_would_broadcast_without_a_word_are_refused(loss):
    with pytest.raises(CourseError, match=r"\(4, 1\).*\(4,\)"):
        loss.d(torch.zeros(4, 1), torch.zeros(4))
    with pytest.raises(CourseError):
        loss.d(torch.zeros(4, 1), torch.zeros(1, 1))
    if loss.g_needs_real:
        with pytest.raises(CourseError):
            loss.g(torch.zeros(4, 1), torch.zeros(4))


def test_the_relativistic_generator_without_real_logits_is_refused():
    with pytest.raises(CourseError, match="give g the real logits"):
        Relativistic().g(None, torch.zeros(4, 1))


def test_losses_are_values_two_of_a_kind_are_equal():
    assert NonSaturating() == NonSaturating() != Minimax()
    assert NonSaturating(0.9) != NonSaturating()
    assert Hinge() == Hinge() != Wasserstein()
