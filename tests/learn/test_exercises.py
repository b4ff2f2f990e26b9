"""Checks: stubs, right and wrong answers, answers that misbehave, and what gets recorded."""

import contextlib
import io
import sqlite3
import sys
from functools import partial
from types import SimpleNamespace

import pytest
import torch

from course_lib.chapters.syllabus import checks
from course_lib.errors import CourseError
from course_lib.learn import progress
from course_lib.learn.exercises import Check, Checks, NotJudged, check, is_stub, judge

NOTHING = (lambda: None, lambda: ..., lambda x: NotImplemented)


def with_text(x):
    """What to do."""


def passes(x, y=3):
    pass


def raises(x):
    """Doc."""
    raise NotImplementedError("write me")


def raises_bare():
    raise NotImplementedError


def two_lines(x):
    ...  # noqa: PIE790 (as a learner leaves it)
    raise NotImplementedError


class EmptyClass:
    """Nothing yet."""


class StubClass:
    def forward(self, x):
        raise NotImplementedError

    def __init__(self):
        pass


def full(x):
    return x + 1


def constant(x):
    return 1


def other_error(x):
    raise ValueError("no")


def text(x):
    return "an answer"


class FullClass:
    def __init__(self):
        pass

    def forward(self, x):
        return x


@pytest.mark.parametrize(
    "answer",
    [
        None,
        ...,
        NotImplemented,
        {"A": ..., "B": None},
        *NOTHING,
        with_text,
        passes,
        raises,
        raises_bare,
        two_lines,
        EmptyClass,
        StubClass,
    ],
)
def test_stubs(answer):
    assert is_stub(answer)


@pytest.mark.parametrize(
    "answer",
    [0, "", [], {}, {"A": ..., "B": "x"}, False, full, constant, other_error, text, FullClass, len, partial(full)],
)
def test_not_stubs(answer):
    assert not is_stub(answer)


def sample(returns=True, function=True):
    def plus_one(answer):
        assert answer(1) == 2, "1 should become 2"
        return None if answer(5) == 6 else "5 should become 6"

    return Check("plus_one", plus_one, "add one", "it adds one", function, returns)


def starts(x):
    y = x + 1  # noqa: F841 — given lines, the learner writes the rest
    return ...


def forgot_return(x):
    x + 1


def loops_out(x):
    return loops_out(x)


def leaves(x):
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("answer", "verdict", "words"),
    [
        (full, "✓", "it adds one"),
        (lambda x: 2, "✗", "5 should become 6"),
        (lambda x: x, "✗", "1 should become 2"),
        (starts, "○", "not solved yet: add one"),
        (forgot_return, "○", "is a `return` missing?"),
        (other_error, "✗", "`other_error` raised ValueError on its line 2: no"),
        (leaves, "✗", "SystemExit"),
        (loops_out, "✗", "RecursionError"),
        (7, "✗", "expected a function, got int"),
        (lambda: 3, "✗", "TypeError"),
        (StubClass, "○", "not solved yet"),
        (partial(full), "✓", "it adds one"),
        (FullClass, "✗", "TypeError"),
    ],
)
def test_verdicts(answer, verdict, words):
    got, sentence = judge(sample(), answer)
    assert got == verdict, sentence
    assert words in sentence
    assert "\n" not in sentence


def test_a_function_that_only_acts_may_return_none():
    seen = []
    one = Check("act", lambda answer: answer(1), "act", "it acted", True, False)
    assert judge(one, lambda x: seen.append(x)) == ("✓", "it acted")
    assert judge(one, raises)[0] == "○"


def test_an_error_of_pytorch_is_a_mistake_though_it_is_called_not_implemented():
    mark, sentence = judge(sample(), lambda x: (torch.ones(3) == x).mean())
    assert mark == "✗" and "could not infer output dtype" in sentence


class Leaves(BaseException):
    """Not an Exception."""


class Unspeakable(Exception):
    def __str__(self):
        raise ValueError("no text")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Leaves("out"), "raised Leaves on its line 2: out"),
        (Unspeakable(), "raised Unspeakable on its line 2"),
        (GeneratorExit(), "raised GeneratorExit"),
        (AssertionError("mine"), "raised AssertionError on its line 2: mine"),
        (CourseError("the learner called the library"), "the learner called the library"),
        (NotJudged("no"), "raised Not"),
    ],
)
def test_whatever_an_answer_raises_is_the_answers_own(error, words):
    def answer(x):
        raise error

    for one in (answer, partial(answer)):
        mark, sentence = judge(sample(), one)
        assert mark == "✗"
        assert words.split(" on its")[0] in sentence
    assert words in judge(sample(), answer)[1]


@pytest.mark.parametrize("reason", [NotJudged("the recording is missing"), CourseError("the recording is missing")])
def test_what_is_not_the_answers_fault_gets_no_cross(reason, workspace, capsys):
    def cannot(answer):
        raise reason

    Checks("99", {"one": Check("one", cannot, "do", "done", True, True)}).one(full)
    assert capsys.readouterr().out == "○ not judged: the recording is missing\n"
    assert recorded(workspace) == []


def test_what_hangs_on_a_training_is_not_judged_in_smoke(workspace, capsys):
    one = sample()
    trained = Check(one.name, one.judge, one.todo, one.shows, True, True, trained=True)
    for profile, mark in (("smoke", "○ not judged in smoke: what is right"), ("course", "✗ 1 should become 2")):
        Checks("99", {"plus_one": trained}, profile).plus_one(constant)
        assert capsys.readouterr().out.startswith(mark)
    Checks("99", {"plus_one": one}, "smoke").plus_one(constant)
    assert capsys.readouterr().out.startswith("✗ 1 should become 2")
    assert judge(trained, starts, "smoke")[0] == judge(trained, None, "smoke")[0] == "○"


def test_a_check_of_what_was_trained_asks_for_the_runtime(monkeypatch):
    module = SimpleNamespace(seven=check("seven", todo="draw a 7", shows="a 7", trained=True)(lambda answer: "no 7"))
    monkeypatch.setitem(sys.modules, "course_lib.chapters.ch03_train_a_gan.checks", module)
    with pytest.raises(CourseError, match=r"'seven' judges what was trained: give checks\('03', runtime\)"):
        checks("03")
    assert "smoke" in judge_through(checks("03", SimpleNamespace(profile="smoke")))


def judge_through(found):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        found.seven(full)
    return out.getvalue()


def test_ctrl_c_is_not_swallowed():
    def stopped(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judge(sample(), stopped)


def test_unknown_names_list_the_valid_ones():
    with pytest.raises(CourseError, match=r"d_los'.*'d_loss', 'detach', .*'g_loss'"):
        _ = checks("03").d_los
    with pytest.raises(CourseError, match="there is no chapter '77': use one of 00, 01"):
        checks("77")
    assert {"d_loss", "detach", "diagnosis", "g_loss"} < set(dir(checks("03_train_a_gan")))
    assert not hasattr(checks("03"), "__deepcopy__")


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    (tmp_path / ".course").mkdir()
    (tmp_path / ".course" / "workspace.json").write_text("{}")
    monkeypatch.setenv("COURSE_WORKSPACE", str(tmp_path))
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    return tmp_path


def recorded(workspace):
    path = workspace / ".course" / "progress.sqlite"
    if not path.exists():
        return []
    return sqlite3.connect(path).execute("SELECT name, attempts, passed FROM checks").fetchall()


def test_what_is_recorded(workspace, capsys):
    check = Checks("99", {"plus_one": sample()})
    check.plus_one(None)
    check.plus_one(full, solution=True)
    assert recorded(workspace) == []
    check.plus_one(constant)
    assert recorded(workspace) == [("plus_one", 1, 0)]
    check.plus_one(full)
    check.plus_one(constant)
    assert recorded(workspace) == [("plus_one", 3, 1)]
    assert [line[0] for line in capsys.readouterr().out.splitlines()] == list("○✓✗✓✗")


def test_headless_runs_record_nothing(workspace, monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    Checks("99", {"plus_one": sample()}).plus_one(full)
    assert recorded(workspace) == []


def test_a_check_survives_progress_that_cannot_be_saved(workspace, monkeypatch, capsys):
    def full_disk(*args, **kwargs):
        raise OSError("No space left on device")

    monkeypatch.setattr(progress, "record_check", full_disk)
    Checks("99", {"plus_one": sample()}).plus_one(full)
    assert capsys.readouterr().out == "✓ it adds one (your progress could not be saved: No space left on device)\n"
