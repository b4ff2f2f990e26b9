"""The page a learner takes home: their own GAN, answers, exercises and claims, all of it in one file."""

import re

import pytest

from course_lib.chapters import syllabus
from course_lib.learn import mine, progress
from course_lib.learn.questions import Prediction, Quiz
from course_lib.tools import portfolio

ASKED = [
    Prediction("02.1", "steep", "How *steep* is it at D < ½?", ("flat", "steep"), right="flat", answer="Hardly."),
    Quiz("02.1", "swap", "Which?", {"this": "No: <that>.", "other": "Yes."}, right="other"),
]


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    monkeypatch.setenv("COURSE_WORKSPACE", str(tmp_path))
    monkeypatch.setattr(syllabus, "questions_of", lambda chapter: ASKED if chapter.number == "02" else [])
    return tmp_path


@pytest.mark.slow
def test_it_shows_what_was_made_said_and_found(workspace):
    progress.record_answer("02.1", "steep", "steep", right=False)
    progress.record_answer("02.1", "swap", "other", right=True)
    progress.record_check("02", "ls_d", True)
    progress.record_claim("02.1", "the slope is < −½", True, first=True)
    page = portfolio.build(workspace, device="cpu").read_text(encoding="utf-8")
    assert "the course&#x27;s twin" in page and "Lesson 03.3 trains one and keeps it here" in page
    assert len(re.findall(r'<img alt="[^"]+" src="data:image/png;base64,', page)) == 3
    assert "How <em>steep</em> is it at D &lt; ½?" in page and "✗ steep" in page and "Hardly." in page
    assert "No: &lt;that&gt;." in page and "1 of 1 as it turned out" in page
    assert "the slope is &lt; −½" in page and "1 of 1 held in my last runs" in page
    assert re.search(r"02 The minimax loss and its relatives</th><td>1 of \d", page)
    assert not re.findall(r"https?://", page)


@pytest.mark.slow
def test_before_anything_was_done_it_says_what_will_stand_there(workspace):
    page = portfolio.build(workspace, device="cpu").read_text(encoding="utf-8")
    for words in ("Nothing is predicted yet", "No quiz is answered yet", "No lesson has been run"):
        assert words in page
    assert not (workspace / ".course").exists()


def test_the_learners_own_gan_is_looked_for_in_that_workspace(workspace, monkeypatch):
    asked = []
    monkeypatch.setattr(portfolio, "_gan", lambda own, runtime: asked.append(own.own) or "")
    portfolio.build(workspace, device="cpu")
    place = workspace / ".course" / "mine"
    place.mkdir(parents=True)
    for name in (mine.WEIGHTS, mine.FACTS):
        (place / name).write_bytes((portfolio.files.shipped("mine") / name).read_bytes())
    portfolio.build(workspace, device="cpu")
    assert asked == [False, True]
