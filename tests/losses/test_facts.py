"""What a loss says of itself is true: its name, formula, whether its logit is a log-odds, its best scores."""

from math import inf

import pytest
import torch
from torch.nn.functional import relu, softplus

from course_lib.errors import CourseError
from course_lib.losses import (
    CONSTRAINTS,
    LOSSES,
    PENALTIES,
    R1,
    Constraint,
    Loss,
    NonSaturating,
    Penalty,
    View,
    fact,
)
from course_lib.training import VIEWS, Pack

ALL = {**LOSSES, "smoothed": lambda: NonSaturating(real_label=0.9)}
every_loss = pytest.mark.parametrize("loss", [make() for make in ALL.values()], ids=ALL)
R, F = torch.linspace(-5, 5, 41, dtype=torch.float64)[:, None], torch.linspace(4, -6, 41, dtype=torch.float64)[:, None]


@every_loss
def test_its_formulas_are_what_is_paid(loss):
    names = {"r": R, "f": F, "softplus": softplus, "relu": relu, **vars(loss)}
    torch.testing.assert_close(eval(loss.d_formula, names).mean(), loss.d(R, F))
    torch.testing.assert_close(eval(loss.g_formula, names).mean(), loss.g(R if loss.g_needs_real else None, F))


def discriminators_loss(loss, p, q, scores):
    """The expectation over real examples of density p and generated ones of density q, at places with these scores."""
    pairs = [(i, j) for i in range(len(p)) for j in range(len(q))]
    return sum(p[i] * q[j] * loss.d(scores[i].view(1, 1), scores[j].view(1, 1)) for i, j in pairs)


@every_loss
def test_its_best_scores_are_the_best(loss):
    """D's losses are convex in the scores: what is better than everything near it is the best."""
    p, q = torch.tensor([[0.3, 0.25, 0.2, 0.15, 0.1], [0.1, 0.15, 0.3, 0.3, 0.15]], dtype=torch.float64)
    best = loss.best_score(p, q)
    if best is None:  # then there is always a better one
        paid = [discriminators_loss(loss, p, q, size * (p - q)) for size in (0, 1, 100, 1e4)]
        assert paid == sorted(paid, reverse=True) and paid[-1] < 50 * paid[-2] < 0
        return
    paid, g = discriminators_loss(loss, p, q, best), torch.Generator().manual_seed(0)
    for size in (0.01, 0.1, 1.0):
        for _ in range(20):
            change = size * torch.randn(5, generator=g, dtype=torch.float64)
            assert discriminators_loss(loss, p, q, best + change - change.mean()) > paid
    assert torch.isclose(discriminators_loss(loss, p, q, best + 0.3), paid) == loss.shift_invariant


@every_loss
def test_its_logit_is_called_a_log_odds_where_sigma_of_the_best_one_is_the_probability_of_real(loss):
    p, q = torch.tensor([0.2, 0.5, 0.9]), torch.tensor([0.6, 0.5, 0.1])
    best = loss.best_score(p, q)
    real = p / (p + q) * getattr(loss, "real_label", 1.0)  # smoothed, real examples have the label "real" so often
    same = best is not None and not loss.shift_invariant and torch.allclose(best.sigmoid(), real, atol=1e-6)
    assert loss.log_odds == same


def test_of_the_courses_six_only_the_two_standard_games_read_their_logit_as_a_log_odds():
    odds = {"minimax": True, "non-saturating": True, "least squares": False, "hinge": False, "Wasserstein": False}
    assert {name: LOSSES[name].log_odds for name in odds} == odds and not LOSSES["relativistic"].log_odds


@every_loss
def test_its_best_scores_at_the_ends(loss):
    one, none = torch.ones(1), torch.zeros(1)
    if loss.best_score(one, one) is None:
        return
    high, low = loss.best_score(one, none).item(), loss.best_score(none, one).item()
    assert low < loss.best_score(one, one).item() < high and (high < inf or high == inf)


def test_a_loss_of_ones_own_needs_only_d_and_g():
    class Mine:
        def d(self, r, f):
            return (f - r).mean()

        def g(self, r, f):
            return -f.mean()

    assert (fact(Mine(), "log_odds"), fact(Mine(), "g_needs_real")) == (False, True) == (Loss.log_odds, True)


@pytest.mark.parametrize("contract", [Loss, Penalty, View, Constraint])
def test_what_a_contract_assumes_holds_for_a_part_that_derives_from_it_and_for_one_that_does_not(contract):
    names = ("name", "d_formula", "g_formula", "log_odds", "g_needs_real", "shift_invariant", "every", "pack_size")
    derived = type("Derived", (contract,), {"__call__": None, "d": None, "g": None})()
    stated = [name for name in names if hasattr(contract, name)]
    assert "name" in stated
    for name in stated:
        assert fact(object(), name) == fact(derived, name) == getattr(derived, name)
    assert fact(lambda: None, "every") == fact(lambda: None, "pack_size") == 1
    assert (fact(R1(every=4), "every"), fact(Pack(3), "pack_size")) == (4, 3), "what a part says comes first"


@pytest.mark.parametrize("table", [LOSSES, PENALTIES, CONSTRAINTS, VIEWS])
def test_every_table_calls_its_parts_by_their_names(table):
    assert table and {name: kind().name for name, kind in table.items()} == {name: name for name in table}


@pytest.mark.parametrize("label", [0.5, 1.1, 0, True, "0.9", None, float("nan")])
def test_a_smoothed_label_that_is_none_is_refused(label):
    with pytest.raises(CourseError, match="real_label="):
        NonSaturating(real_label=label)
