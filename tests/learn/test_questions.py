"""Predictions and quizzes: judged, kept, and shown without a kernel with the answer folded away."""

import sqlite3

import pytest

from course_lib.chapters import chapters, lesson_id, lessons, syllabus
from course_lib.errors import CourseError
from course_lib.learn import progress, questions
from course_lib.learn.answering import answer_widget
from course_lib.learn.questions import Prediction, Questions, Quiz

CHOICE = Prediction(
    "77.1",
    "steep",
    "How steep is *minimax* at D < ½?",
    ("0.01", "0.99"),
    right="0.01",
    answer="It is `-D`, hardly any.",
)
NUMBER = Prediction("77.1", "times", "How often?", right=(50, 200), answer="99 times.", unit="times")
QUIZ = Quiz("77.1", "swap", "Which?", {"minimax": "No: that saturates.", "other": "Yes: BCE."}, right="other")


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_HEADLESS", raising=False)
    monkeypatch.setenv("COURSE_WORKSPACE", str(tmp_path))
    return tmp_path


@pytest.fixture
def shown(monkeypatch):
    """What was displayed, instead of being displayed."""
    found = []
    monkeypatch.setattr(questions, "publish", lambda data: found.append(data) or True)
    return found


def test_a_choice_and_a_number_are_judged():
    assert CHOICE.judge("0.01")[0] and not CHOICE.judge("0.99")[0]
    assert [NUMBER.judge(said)[0] for said in ("50", " 99,5 ", "200", "2e2", "201", "−60")] == [True] * 4 + [False] * 2
    for wrong in ("", "many", "nan", "inf"):
        with pytest.raises(CourseError, match="is no number: write for example"):
            NUMBER.judge(wrong)
    with pytest.raises(CourseError, match="unknown answer"):
        CHOICE.judge("0.5")


def test_before_the_cell_has_run_nothing_is_given_away():
    for one, said in ((CHOICE, "0.99"), (CHOICE, "0.01"), (NUMBER, "3")):
        sentence = one.judge(said)[1]
        assert sentence.startswith("Kept: ") and "Run the next cell" in sentence
        assert "hardly" not in sentence and "99 times" not in sentence


def test_a_quiz_says_of_each_option_what_is_behind_it():
    assert QUIZ.judge("minimax") == (False, "✗ A: No: that saturates. Try again.")
    assert QUIZ.judge("other") == (True, "✓ B: Yes: BCE.")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Prediction("77.1", "a", "?", ("x", "y"), right="z", answer="."), "unknown right answer"),
        (lambda: Prediction("77.1", "a", "?", ("x",), right="x", answer="."), "has 1 options"),
        (lambda: Prediction("77.1", "a", "?", ("x", "x"), right="x", answer="."), "same option twice"),
        (lambda: Prediction("77.1", "a", "?", right=(3, 1), answer="."), "give right="),
        (lambda: Prediction("77.1", "a", "?", right="3", answer="."), "give right="),
        (lambda: Prediction("77.1", "a", "?", ("x", "y"), right="x"), "has no answer"),
        (lambda: Quiz("77.1", "a", "?", {"x": "No.", "y": " "}, right="x"), "needs a sentence"),
        (lambda: Quiz("77.1", "a", "?", {}, right="x"), "needs a sentence"),
        (lambda: Quiz("77.1", "a", "?", {"x": "No.", "y": "Yes."}, right="z"), "unknown right answer"),
        (lambda: Questions("77.1", [CHOICE, CHOICE]), "two questions 'steep'"),
        (lambda: Questions("77.1", [CHOICE]).predict("flat"), "unknown prediction of lesson 77.1 'flat'"),
        (lambda: Questions("77.1", [CHOICE]).quiz(), "has no quiz"),
    ],
)
def test_what_an_author_gets_wrong_is_said_in_a_sentence(make, words):
    with pytest.raises(CourseError, match=words):
        make()


def test_without_a_kernel_the_page_has_the_question_and_its_answer_folded(monkeypatch, shown):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    ask = Questions("77.1", [CHOICE, NUMBER, QUIZ])
    ask.predict("steep")
    ask.predict("times")
    ask.quiz()
    choice, number, quiz = (one["text/html"] for one in shown)
    assert "<em>minimax</em> at D &lt; ½" in choice and "<b>B</b>&ensp;0.99" in choice
    visible, _, folded = choice.partition("<details>")
    assert "hardly" not in visible and "<strong>A.</strong> It is <code>-D</code>" in folded
    assert "A number, in times" in number and "99 times" in number.partition("<details>")[2]
    assert "BCE" not in quiz.partition("<details>")[0] and "<strong>B is right.</strong> Yes" in quiz
    assert shown[0]["text/plain"] == "Predict: How steep is *minimax* at D < ½?\n  A 0.01\n  B 0.99"
    assert list(ask) == [CHOICE, NUMBER, QUIZ]


def test_in_a_script_it_is_printed(capsys):
    Questions("77.1", [NUMBER]).predict("times")
    assert capsys.readouterr().out == "Predict: How often?\n"


def widget(question):
    made = answer_widget(question)
    made.send = lambda *_: None
    return made


def test_an_answer_is_kept_and_found_again(workspace):
    first = widget(CHOICE)
    assert (first.chosen, first.said) == ("", "")
    first._hear(None, {"answer": "0.99"}, [])
    assert first.said == "Kept: B. Run the next cell, then open the answer."
    again = widget(CHOICE)
    assert again.chosen == "0.99" and again.said.startswith("Your earlier answer. Kept: B.")
    again._hear(None, {"answer": "0.01"}, [])
    assert progress.answers() == {("77.1", "steep"): ("0.01", True)}


def test_nonsense_is_answered_and_not_kept(workspace):
    for message in ({"answer": "lots"}, {}, {"answer": None}):
        one = widget(NUMBER)
        one._hear(None, message, [])
        assert "is no number" in one.said
    assert progress.answers() == {}


def test_what_was_answered_before_the_question_changed_is_still_shown(workspace):
    progress.record_answer("77.1", "steep", "0.5", right=False)
    assert widget(CHOICE).said == "Your earlier answer: 0.5"


def test_a_file_that_cannot_be_written_stops_nothing(workspace, monkeypatch):
    def full(*_, **__):
        raise OSError("no space left")

    monkeypatch.setattr(progress, "record_answer", full)
    one = widget(QUIZ)
    one._hear(None, {"answer": "other"}, [])
    assert one.said == "✓ B: Yes: BCE. (It could not be kept: no space left.)"


def test_nothing_is_kept_headless(workspace, monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    widget(QUIZ)._hear(None, {"answer": "other"}, [])
    assert not (workspace / ".course").exists()


def test_a_workspace_of_an_older_course_gets_the_new_table(workspace):
    progress.record_check("03", "d_loss", True)
    with sqlite3.connect(workspace / ".course" / "progress.sqlite") as db:
        db.execute("DROP TABLE answers")
    progress.record_answer("03.1", "a", "x", right=True)
    assert progress.answers() == {("03.1", "a"): ("x", True)} and progress.passed() == {"03": {"d_loss"}}


def test_every_question_of_the_course_belongs_to_a_lesson_of_its_chapter():
    known = {lesson_id(name) for name in lessons()}
    for chapter in chapters():
        for one in syllabus.questions_of(chapter):
            assert one.lesson in known and one.lesson[:2] == chapter.number, one.name
    for lesson in known:
        asked = [one for c in chapters() for one in syllabus.questions_of(c) if one.lesson == lesson]
        if asked:
            assert list(syllabus.questions(lesson))


def test_an_unknown_lesson_is_refused():
    with pytest.raises(CourseError, match="has no questions"):
        syllabus.questions("00.99")
    with pytest.raises(CourseError, match="there is no chapter"):
        syllabus.questions("99.1")
