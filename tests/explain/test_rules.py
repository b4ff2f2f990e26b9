"""Surrogates with controls, rules a learner edits, and refusals in words."""

import pytest
import torch

from course_lib.errors import CourseError
from course_lib.explain.rules import Habits, Rule, RuleList, fidelity, fit_rule_list, fit_tree

NAMES = ["loops", "ends", "noise"]


def table(n, seed):
    g = torch.Generator().manual_seed(seed)
    x = torch.stack([torch.randint(0, 3, (n,), generator=g), torch.randint(0, 5, (n,), generator=g)], 1).double()
    x = torch.cat([x, torch.randn(n, 1, generator=g).double()], 1)
    return x, torch.where(x[:, 0] >= 2, 8, torch.where(x[:, 1] >= 3, 4, 1))


def test_a_tree_finds_planted_rules_and_the_controls_do_not():
    found = fidelity(table(600, 0), table(300, 1), depth=2)
    assert found.tree == 1.0
    assert found.forest > 0.99
    assert found.majority == pytest.approx((table(300, 1)[1] == 1).double().mean().item())
    assert found.permuted < 0.6


def test_where_concepts_say_nothing_the_tree_is_no_better_than_its_controls():
    g = torch.Generator().manual_seed(2)
    noise, answers = torch.randn(900, 3, generator=g).double(), torch.randint(0, 2, (900,), generator=g)
    found = fidelity((noise[:600], answers[:600]), (noise[600:], answers[600:]))
    assert abs(found.tree - 0.5) < 0.1 and abs(found.forest - 0.5) < 0.1


def test_depth_limits_the_questions():
    assert fit_tree(*table(300, 0), depth=1).get_n_leaves() == 2


def test_the_first_rule_that_holds_decides():
    rules = RuleList([Rule("loops", ">=", 2, 8), Rule("ends", "<", 1, 0)], otherwise=7, names=NAMES)
    rows = torch.tensor([[2.0, 0, 0], [1.0, 0, 0], [1.0, 1, 0], [0.0, 4, 0]])
    assert rules(rows).tolist() == [8, 0, 7, 7]
    edited = RuleList([Rule("loops", ">=", 1, 8), *rules.rules[1:]], 7, NAMES)
    assert edited(rows).tolist() == [8, 8, 8, 7]
    assert str(rules).splitlines() == ["if loops at least 2: 8", "if ends below 1: 0", "else 7"]


def test_a_rule_list_is_found_and_says_what_imodels_says():
    from imodels import GreedyRuleListClassifier

    (x, y), (new, asked) = table(500, 3), table(200, 4)
    mine = fit_rule_list(x, (y == 8).long(), NAMES, rules=3)
    assert mine.rules[0] == Rule("loops", ">=", pytest.approx(1.5, abs=0.5), 1)
    theirs = GreedyRuleListClassifier(max_depth=3)
    theirs.fit(x.numpy(), (y == 8).long().numpy(), feature_names=NAMES)
    assert mine(new).tolist() == [int(v) for v in theirs.predict(new.numpy())]
    assert torch.equal(mine(new), (asked == 8).long())


def test_refusals_say_why_in_words():
    concepts = torch.tensor([[2.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 2.0], [0.0, 2.0], [0.0, 3.0]])
    habits = Habits.of(concepts, torch.tensor([0, 0, 0, 1, 1, 1]), ["loops", "ends"], share=1.0)
    asked, classes = torch.tensor([[1.0, 0.0], [0.0, 2.5], [2.0, 9.0]]), torch.tensor([0, 1, 1])
    assert habits.refusals(asked, classes) == [
        ["no 0: loops 1, usual is 2"],
        [],
        ["no 1: loops 2, usual is 0", "no 1: ends 9, usual is 2 to 3"],
    ]
    strange = habits.strangeness(asked, classes)
    assert strange[1] == 0 and strange[0] > 1 and strange[2] > 1


def test_as_many_real_pictures_are_refused_as_the_share_says():
    x = torch.randn(4000, 1, generator=torch.Generator().manual_seed(5)).double()
    labels = torch.zeros(4000, dtype=torch.long)
    habits = Habits.of(x[:2000], labels[:2000], ["a"], share=0.9)
    refused = sum(bool(why) for why in habits.refusals(x[2000:], labels[2000:]))
    assert refused / 2000 == pytest.approx(0.1, abs=0.025)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: fit_tree(torch.zeros(3, 2), torch.zeros(4, dtype=torch.long)), r"\(3, 2\), answers \(4,\)"),
        (lambda: fit_tree(*table(30, 0), depth=0), "depth=0"),
        (lambda: Rule("loops", "=", 2, 8), "sign '='"),
        (lambda: RuleList([Rule("hoops", "<", 2, 8)], 1, NAMES)(torch.zeros(1, 3)), "concept 'hoops'"),
        (lambda: fit_rule_list(*table(30, 0), NAMES), "yes or no"),
        (lambda: Habits.of(torch.zeros(2, 1), torch.zeros(2, dtype=torch.long), ["a"], share=0), "share=0"),
    ],
)
def test_what_makes_no_rule_is_refused(make, said):
    with pytest.raises(CourseError, match=said):
        make()
