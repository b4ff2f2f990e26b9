"""MIG and the FactorVAE score on codes whose disentanglement is known."""

import math

import pytest
import torch
from sklearn.metrics import mutual_info_score

from course_lib.errors import CourseError
from course_lib.metrics.disentanglement import factor_vae_score, mig, mutual_information


def factors(n: int = 4000, k: int = 4) -> torch.Tensor:
    """Independent and even on [0, 1]; the first is one of three."""
    g = torch.Generator().manual_seed(0)
    f = torch.rand(n, k, generator=g)
    f[:, 0] = (3 * f[:, 0]).floor()
    return f


def rotation(k: int = 4) -> torch.Tensor:
    return torch.linalg.qr(torch.randn(k, k, generator=torch.Generator().manual_seed(1))).Q


def holding(encode, k: int = 4):
    g = torch.Generator().manual_seed(2)

    def draw(held: int, n: int) -> torch.Tensor:
        f = factors()[torch.randint(4000, (n,), generator=g)]
        f[:, held] = f[0, held]
        return encode(f)

    return draw


def test_information_is_scikit_learns():
    f = factors()
    codes = torch.stack([f[:, 0], (5 * f[:, 1]).floor() + f[:, 0]], 1)
    information, entropies = mutual_information(codes, f[:, :1])
    for code, got in zip(codes.T, information[:, 0], strict=True):
        assert got.item() == pytest.approx(mutual_info_score(code.int(), f[:, 0].int()), abs=1e-6)
    assert entropies.item() == pytest.approx(math.log(3), abs=0.01)


def test_codes_that_are_the_factors_score_high_in_any_unit_and_order():
    f = f0 = factors()
    score, each = mig(f, f)
    assert score > 0.9 and each.shape == (4,) and each.min() > 0.9
    assert mig((-7 * f + 3)[:, [2, 0, 3, 1]], f)[0] == pytest.approx(score, abs=0.02)
    scales = torch.tensor([1.0, 100.0, 0.01, 5.0])
    assert factor_vae_score(holding(lambda f: f * scales), 4) == 1
    g = torch.Generator().manual_seed(4)
    noisy = holding(lambda f: scales * (f / f0.std(0) + 0.2 * torch.randn(f.shape, generator=g)))
    assert factor_vae_score(noisy, 4) > 0.95, "a code's own unit does not count"


def test_duplicates_have_no_gap_and_the_other_score_does_not_mind():
    f = factors()
    assert mig(torch.cat([f, f], 1), f)[0] == pytest.approx(0, abs=1e-9)
    assert factor_vae_score(holding(lambda f: torch.cat([f, f], 1)), 4) == 1


def test_a_rotation_and_noise_score_low():
    f = (factors() - factors().mean(0)) / factors().std(0)
    assert mig(f @ rotation(), factors())[0] < 0.3
    noise = torch.randn(4000, 4, generator=torch.Generator().manual_seed(3))
    assert mig(noise, factors())[0] < 0.02
    assert (
        factor_vae_score(
            holding(lambda f: torch.randn(len(f), 4, generator=torch.Generator().manual_seed(len(f)))), 4, votes=400
        )
        < 0.4
    )


def test_a_code_that_never_changes_does_not_vote():
    assert factor_vae_score(holding(lambda f: torch.cat([f, torch.ones(len(f), 1)], 1)), 4) == 1
    with pytest.raises(CourseError, match="nothing to vote with"):
        factor_vae_score(holding(lambda f: torch.ones(len(f), 2)), 4)


@pytest.mark.parametrize(
    ("codes", "known", "bins", "words"),
    [
        (torch.rand(9, 2), torch.rand(8, 2), 20, "one row an image"),
        (torch.rand(9), torch.rand(9, 2), 20, "one row an image"),
        (torch.rand(9, 2), torch.rand(9, 2), 1, "bins=1: use a whole number of at least 2"),
        (torch.rand(9, 2) / 0, torch.rand(9, 2), 20, "NaN or infinite"),
        (torch.rand(9, 2), torch.ones(9, 2), 20, "never changes"),
        (torch.rand(9, 1), torch.rand(9, 2), 20, "second-best"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(codes, known, bins, words):
    with pytest.raises(CourseError, match=words) as refusal:
        mig(codes, known, bins)
    assert "\n" not in str(refusal.value)
