"""Claims: what holds and what does not, what is refused, and that nothing is ever raised."""

import json
import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from course_lib.learn.claims import Claims
from course_lib.learn.wording import bound_text, number_text, value_text


@pytest.fixture
def claims():
    return Claims("03_train_a_gan", SimpleNamespace(seed=7, profile="course"))


def last(claims):
    return claims.records[-1]


def test_a_record_has_what_the_runner_needs(claims, capsys):
    claims.at_least("ten classes", 10, 10)
    assert last(claims) == {
        "notebook": "03_train_a_gan",
        "statement": "ten classes",
        "op": ">=",
        "value": 10,
        "bound": 10,
        "held": True,
        "enforced": True,
        "seed": 7,
        "profile": "course",
    }
    assert capsys.readouterr().out == "✓ ten classes\n"


def test_the_line_does_not_depend_on_the_value(claims, capsys):
    other = Claims("x")
    claims.at_least("good", 0.3, 0.8)
    one = capsys.readouterr().out
    other.at_least("good", 0.4, 0.8)
    assert capsys.readouterr().out == one == "✗ good (not met: see the claims table)\n"


@pytest.mark.parametrize(
    ("method", "args", "held"),
    [
        ("at_least", (0.8, 0.8), True),
        ("at_least", (0.7999, 0.8), False),
        ("at_most", (3, 3), True),
        ("at_most", (3.01, 3), False),
        ("close", (1.05, 1.0, 0.1), True),
        ("close", (0.85, 1.0, 0.1), False),
        ("close", (1.0, 1.0, 0), True),
        ("true", (True,), True),
        ("true", (False,), False),
        ("at_least", (np.float32(2), np.array([1])), True),
        ("at_most", (torch.tensor([[0.5]]), np.int64(1)), True),
        ("true", (np.bool_(True),), True),
        ("true", (torch.tensor(1) > 0,), True),
        ("at_least", (torch.tensor(2.0, requires_grad=True), 1), True),
    ],
)
def test_what_holds(claims, method, args, held):
    getattr(claims, method)("statement", *args)
    assert last(claims)["held"] is held
    assert "reason" not in last(claims)
    json.dumps(claims.records, allow_nan=False)


class Hostile:
    def __getattribute__(self, name):
        raise RuntimeError(name)


@pytest.mark.parametrize(
    ("method", "args", "reason"),
    [
        ("at_least", (math.nan, 1), "NaN"),
        ("at_least", (math.inf, 1), "infinite"),
        ("at_most", (None, 1), "None"),
        ("at_least", ("0.9", 0.8), "str"),
        ("at_least", (True, 0), "bool"),
        ("at_least", ([1], 0), "list"),
        ("at_least", (np.zeros(3), 0), "shape (3,)"),
        ("at_least", (torch.zeros(2, 2), 0), "shape (2, 2)"),
        ("at_least", (1j, 0), "complex"),
        ("at_least", (np.complex64(1), 0), "complex"),
        ("at_least", (1, math.nan), "bound"),
        ("at_least", (1, None), "bound"),
        ("close", (1, 1, -0.1), "negative"),
        ("close", (1, 1, math.nan), "tolerance"),
        ("close", (1, None, 1), "target"),
        ("true", (1,), "True or False"),
        ("true", (None,), "None"),
        ("true", (np.ones(2, bool),), "shape"),
        ("at_least", (Hostile(), 1), "could not be judged"),
    ],
)
def test_refused_politely(claims, capsys, method, args, reason):
    getattr(claims, method)("a statement", *args)
    assert last(claims)["held"] is False
    assert reason in last(claims)["reason"]
    assert capsys.readouterr().out == f"✗ a statement (refused: {last(claims)['reason']})\n"
    claims.table()
    json.dumps(claims.records, allow_nan=False)


@pytest.mark.parametrize("statement", ["", "  \n", None, 3, ["x"]])
def test_a_claim_needs_words(claims, statement):
    claims.at_least(statement, 1, 0)
    assert last(claims)["held"] is False
    assert "statement" in last(claims)["reason"]


def test_same_words_with_another_meaning_are_refused(claims):
    claims.at_least("good", 1, 0.5)
    claims.at_least("good", 1, 0.9)
    assert [r["held"] for r in claims.records] == [True, False]
    assert "≥ 0.5" in last(claims)["reason"]
    claims.at_most("good", 0, 0.5)
    assert last(claims)["held"] is False


def test_a_cell_run_again_replaces_its_claim(claims):
    claims.at_least("good", math.nan, 0.5)
    claims.at_least("other", 1, 0.5)
    claims.at_least("good", 0.1, 0.5)
    claims.at_least("good", 0.7, 0.5)
    assert [(r["statement"], r["held"]) for r in claims.records] == [("good", True), ("other", True)]


@pytest.mark.parametrize(
    ("values", "bound", "op", "at_least", "held"),
    [
        ([1, 1, 1, 1, 0], 1, ">=", 4, True),
        ([1, 1, 1, 0, 0], 1, ">=", 4, False),
        ({100: 0.9, 101: 0.7}, 0.8, "<", 1, True),
        (np.array([1.0, 2.0]), 1, ">", 2, False),
        ([1, 1, 1, 1, math.nan], 1, ">=", 4, True),
        ([1, 1, 1, math.nan, math.inf], 1, ">=", 4, False),
        ([torch.tensor(3.0)] * 4, 3, "<=", 4, True),
    ],
)
def test_over_seeds(claims, values, bound, op, at_least, held):
    claims.over_seeds("on most seeds", values, bound, op, at_least)
    assert last(claims)["held"] is held
    assert len(last(claims)["value"]) == len(values)
    json.dumps(claims.records, allow_nan=False)


@pytest.mark.parametrize(
    ("values", "bound", "op", "at_least"),
    [
        ([], 1, ">=", 4),
        ([1, 2], 1, ">=", 4),
        ([1] * 5, 1, "==", 4),
        ([1] * 5, 1, ">=", 0),
        ([1] * 5, 1, ">=", True),
        (3.0, 1, ">=", 1),
        (["a"] * 4, 1, ">=", 4),
        ([1] * 4, math.nan, ">=", 4),
        (None, 1, ">=", 4),
        ([1], 1, 5, 1),
        ("12345", 1, ">=", 4),
    ],
)
def test_over_seeds_refuses(claims, values, bound, op, at_least):
    claims.over_seeds("on most seeds", values, bound, op, at_least)
    assert last(claims)["held"] is False
    assert last(claims)["reason"]
    claims.table()


def test_bounds_in_words(claims):
    claims.at_least("a", 1, 0.8)
    claims.close("b", 1, 2, 0.01)
    claims.true("c", True)
    claims.over_seeds("d", [1] * 5, 0.5)
    assert [bound_text(r) for r in claims.records] == ["≥ 0.8", "= 2 ± 0.01", "is true", "≥ 0.5 on ≥ 4 of 5 seeds"]


@pytest.mark.parametrize(
    ("bound", "text"),
    [
        (0.9999, "≥ 0.9999"),
        (1e-5, "≥ 1e-05"),
        (5.0, "≥ 5"),
        (2, "≥ 2"),
        (2 / 3, "≥ 0.667"),
        (86.76, "≥ 86.76"),
        (12345.6, "≥ 12,346"),
    ],
)
def test_a_bound_reads_as_it_was_written(claims, bound, text):
    """0.9999 is not 1: a learner would look for the case that reached it."""
    claims.at_least("a", 1, bound)
    assert bound_text(claims.records[0]) == text


@pytest.mark.parametrize(
    ("value", "near", "text"),
    [
        (0.123456, None, "0.123"),
        (12, None, "12"),
        (123456.7, None, "123,457"),
        (True, None, "true"),
        (None, None, "—"),
        (0.79996, 0.8, "0.79996"),
        (0.8, 0.8, "0.8"),
        (0.5, 0.8, "0.5"),
        (1e-9, None, "1e-09"),
        (7.9999, 8, "7.9999"),
        (1234.4, 1234, "1234.4"),
        (1000.0, None, "1,000"),
        (-999.6, None, "-1,000"),
        (999.4, None, "999"),
        (1e9, None, "1e+09"),
    ],
)
def test_numbers_are_rounded_but_never_onto_the_bound(value, near, text):
    assert number_text(value, near) == text


@pytest.mark.parametrize(
    ("value", "target", "tolerance", "texts"),
    [
        (-6.796537299863582, -6.79653729986357, 1e-8, ("-6.7965373", "= -6.7965373 ± 1e-08")),
        (1.9999999999999998, 2, 0.01, ("2", "= 2 ± 0.01")),
        (-8.3e-17, 0, 0.01, ("0", "= 0 ± 0.01")),
        (207.6, 208, 5, ("207.6", "= 208 ± 5")),
        (0.11999, 1 / 9, 0.05, ("0.12", "= 0.111 ± 0.05")),
        (0.05004, 0, 0.05, ("0.05004", "= 0 ± 0.05")),
        (3, 3, 0, ("3", "= 3 ± 0")),
    ],
)
def test_a_value_and_its_target_are_read_to_the_tenth_of_the_tolerance(claims, value, target, tolerance, texts):
    claims.close("a", value, target, tolerance)
    assert (value_text(claims.records[0]), bound_text(claims.records[0])) == texts


def test_no_seeds_value_reads_as_the_bound_that_it_missed(claims):
    claims.over_seeds("a", [0.79996, 0.9, math.nan], 0.8, at_least=1)
    assert value_text(claims.records[0]) == "0.79996 · 0.9 · —"


def test_the_table_shows_numbers_and_escapes_words(claims, capsys, monkeypatch):
    shown = []
    monkeypatch.setattr("course_lib.learn.wording.publish", lambda data: shown.append(data) or True)
    claims.at_least("p < q & r", 0.79996, 0.8)
    claims.true("yes", True)
    claims.table()
    page, plain = shown[-1]["text/html"], shown[-1]["text/plain"]
    assert "<caption>Claims of 03_train_a_gan: 1 of 2 hold</caption>" in page
    assert "p &lt; q &amp; r" in page
    assert 'scope="col"' in page
    assert 'scope="row"' in page
    assert "p < q & r · ≥ 0.8 · 0.79996 · ✗" in plain
    assert value_text(claims.records[1]) == "true"


def test_a_broken_progress_file_does_not_break_a_claim(claims, tmp_path, monkeypatch, capsys):
    (tmp_path / ".course").mkdir()
    (tmp_path / ".course" / "progress.sqlite").mkdir()  # a folder where the file should be
    monkeypatch.setenv("COURSE_WORKSPACE", str(tmp_path))
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    claims.at_least("good", 1, 0)
    assert capsys.readouterr().out == "✓ good\n"
