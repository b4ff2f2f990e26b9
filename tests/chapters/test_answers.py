"""Every check of every notebook fails on the stub, explains each wrong answer, and passes on the solution.

A chapter's answers stand in ``chNN_name/answers.py`` beside this file, or in ``answers_of_*.py``, one file a lesson.
"""

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest

from course_lib.chapters import chapters, find
from course_lib.chapters.syllabus import checks as checks_of_chapter
from course_lib.learn.exercises import judge

NUMBERS = [chapter.number for chapter in chapters() if chapter.module("checks")]


def checks(number):
    return checks_of_chapter(number, SimpleNamespace(profile="course"))


def answers(number):
    table, too = {}, {}
    for path in sorted(Path(__file__).with_name(f"ch{find(number).name}").glob("answers*.py")):
        spec = importlib.util.spec_from_file_location(f"{path.stem}_{number}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        table |= module.ANSWERS
        too |= getattr(module, "RIGHT_TOO", {})
    return table, too


TABLES = {number: answers(number) for number in NUMBERS}
EVERY = [(number, name) for number, (table, _) in TABLES.items() for name in table]
WRONG = [(number, name, words) for number, name in EVERY for words in TABLES[number][0][name][2]]


def verdict(number, name, answer):
    return judge(checks(number)._found[name], answer)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_check_has_answers_here(number):
    assert set(TABLES[number][0]) == set(checks(number)), f"the answers of {number} lack some checks"
    table, too = TABLES[number]
    assert set(too) <= set(table)
    assert [name for name in table if len(table[name][2]) < 4] == [], "too few wrong answers"
    assert [name for name in table if 1 + len(too.get(name, ())) < 3] == [], "too few right answers"


@pytest.mark.parametrize(("number", "name"), EVERY)
def test_right_answers_pass(number, name):
    table, too = TABLES[number]
    for right in (table[name][0], *too.get(name, ())):
        assert verdict(number, name, right)[0] == "✓", verdict(number, name, right)[1]


@pytest.mark.parametrize(("number", "name"), EVERY)
def test_stubs_are_not_solved_yet(number, name):
    for stub in (None, ..., TABLES[number][0][name][1]):
        assert verdict(number, name, stub)[0] == "○"


@pytest.mark.parametrize(("number", "name", "words"), WRONG)
def test_wrong_answers_are_explained(number, name, words):
    mark, sentence = verdict(number, name, TABLES[number][0][name][2][words])
    assert mark == "✗"
    assert words in sentence
