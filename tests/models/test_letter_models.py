"""The writer draws by its chances, lets gradients through, and gives the logits that it draws by; the reader judges."""

import pytest
import torch
from torch.nn.functional import gumbel_softmax as of_torch

from course_lib.errors import CourseError
from course_lib.models.letters import LetterReader, LetterWriter, gumbel_noise, gumbel_softmax


def noise(*shape, seed=0):
    return gumbel_noise(torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64))


def test_the_noise_is_gumbels():
    drawn = noise(100_000)
    assert drawn.mean().item() == pytest.approx(0.5772, abs=0.01)  # Euler's constant
    assert drawn.var().item() == pytest.approx(torch.pi**2 / 6, abs=0.03)
    far = gumbel_noise(torch.tensor([-9.0, 0.0, 9.0]))
    assert torch.isfinite(far).all() and far.diff().min() > 0


def test_argmax_draws_by_the_softmax():
    logits = torch.tensor([1.0, 0.0, -1.0, 0.5], dtype=torch.float64)
    drawn = gumbel_softmax(logits.expand(40_000, 4), noise(40_000, 4), 0.5)
    assert set(drawn.unique().tolist()) == {0.0, 1.0}
    assert torch.allclose(drawn.mean(0), logits.softmax(0), atol=0.01)


def test_value_and_slope_are_torchs():
    for hard in (True, False):
        a = noise(5, 7, seed=1).requires_grad_()
        b = a.detach().clone().requires_grad_()
        torch.manual_seed(4)
        theirs = of_torch(a, tau=0.7, hard=hard)
        torch.manual_seed(4)
        ours = gumbel_softmax(b, -torch.empty_like(b).exponential_().log(), 0.7, hard=hard)
        assert torch.allclose(ours, theirs)
        worth = torch.arange(7.0)
        slopes = [torch.autograd.grad((y * worth).sum(), x)[0] for y, x in ((theirs, a), (ours, b))]
        assert torch.allclose(*slopes)
    assert torch.autograd.gradcheck(lambda x: gumbel_softmax(x, noise(5, 7), 0.7, hard=False), (b,))


def test_bad_draws_are_refused():
    with pytest.raises(CourseError, match="temperature=0"):
        gumbel_softmax(torch.zeros(3), torch.zeros(3), 0)
    with pytest.raises(CourseError, match=r"shape \(1, 3\)"):
        gumbel_softmax(torch.zeros(2, 3), torch.zeros(1, 3))


def test_the_writer_draws_by_the_logits_that_it_gives():
    torch.manual_seed(0)
    writer = LetterWriter(8, 3, 4).eval()
    texts = writer(torch.randn(30_000, writer.latent))
    assert texts.shape == (30_000, 3, 4) and torch.equal(texts.sum(2), torch.ones(30_000, 3))
    chances = writer.logits(texts).softmax(2)
    assert torch.allclose(texts.mean(0), chances.mean(0), atol=0.012)
    after = texts[:, 0].argmax(1) == 2
    assert torch.allclose(texts[after, 1].mean(0), chances[after, 1].mean(0), atol=0.03)


def test_each_letter_depends_on_those_before_it_only():
    writer = LetterWriter(8, 5, 4)
    one = torch.eye(4)[torch.tensor([[0, 1, 2, 3, 0]])]
    other = one.clone()
    other[:, 3] = torch.eye(4)[1]
    gap = (writer.logits(one) - writer.logits(other)).abs().sum(2)[0]
    assert gap[:4].max() == 0 and gap[4] > 0


def test_sharper_is_likelier_and_gradients_reach_every_weight():
    torch.manual_seed(1)
    writer = LetterWriter(8, 6, 4)
    z = torch.randn(500, writer.latent)
    likely = [writer.logits(t).log_softmax(2).mul(t).sum().item() for t in (writer.write(z), writer.write(z, 20.0))]
    assert likely[1] > likely[0]
    (writer(z) * torch.randn(6, 4)).sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in writer.parameters())


def test_soft_draws_in_training_are_letters_in_eval_mode():
    writer = LetterWriter(8, 6, 4, temperature=2.0, hard=False)
    z = torch.randn(20, writer.latent)
    assert writer(z).max() < 0.9999
    assert set(writer.eval()(z).unique().tolist()) == {0.0, 1.0}


def test_the_reader_gives_a_logit_and_refuses_short_texts():
    assert LetterReader(8, 16, 4)(torch.zeros(3, 16, 4)).shape == (3, 1)
    with pytest.raises(CourseError, match="length=6"):
        LetterReader(length=6)
