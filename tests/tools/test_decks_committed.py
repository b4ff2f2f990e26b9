"""The committed decks keep the rules of ``slides/README.md``, and say nothing that a learner should find."""

import re

import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from course_lib.chapters import find
from course_lib.tools import deck as decks
from course_lib.tools.editions import leaks
from course_lib.tools.execute import read_source

NAMES = decks.names()


@pytest.mark.parametrize("name", NAMES)
def test_a_deck_keeps_the_rules(name):
    deck = decks.read(name)
    assert 8 <= len(deck.slides) <= 20
    assert deck.slides[0].columns[0].startswith("# ")
    predictions = [slide for slide in deck.slides if slide.columns[0].startswith("## Predict")]
    assert len(predictions) >= 2 and all("\n. . .\n" in "\n".join(slide.columns) for slide in predictions)
    assert len(deck.runs) >= 2
    assert all(len(slide.notes) > 60 for slide in deck.slides), "notes say more than the minutes"


@pytest.mark.parametrize("name", NAMES)
def test_a_decks_pictures_are_in_the_lessons(name):
    text = "\n".join(column for slide in decks.read(name).slides for column in slide.columns)
    named = re.findall(r"!\[[^\]]*\]\(<(\d\d_[^>]+)>\)", text)
    assert all(alt for _, alt in map(decks.picture, named))


@pytest.mark.parametrize("name", NAMES)
def test_no_solution_stands_in_a_deck(name):
    text = "\n".join(part for slide in decks.read(name).slides for part in (*slide.columns, slide.notes))
    slides = new_notebook(cells=[new_markdown_cell(text)])
    assert [line for lesson in find(name).lessons for line in leaks(read_source(lesson), slides)] == []
