"""The card keeps to the course: each line is carried by claims that stand in the lessons it links, and that held."""

import re

import pytest

from course_lib.errors import CourseError
from course_lib.learn import recorded
from course_lib.tools import card


@pytest.fixture(scope="module")
def text(root):
    return (root / "docs" / "card.md").read_text(encoding="utf-8")


def lines(text):
    """The rows of its tables, without heads."""
    return [row for row in re.findall(r"^\| .+ \|$", text, re.MULTILINE) if not row.startswith("| you ask")]


def held_and_runs(statement, chapter):
    """In how many recorded runs a claim of a chapter held, and how many there are; whichever lesson it stands in."""
    found = [
        (recorded.held_in(claim), len(entry["seeds"]))
        for lesson, runs in recorded.load()["notebooks"].items()
        if lesson[:2] == chapter
        for entry in runs.values()
        for claim in entry["claims"]
        if claim["statement"] == statement
    ]
    return sum(held for held, _ in found), sum(runs for _, runs in found)


def test_its_links_lead_to_the_lessons_where_the_claims_stand(text):
    assert card.linked(text) == text, "`course readme` sets the card's links"


def test_each_line_names_a_claim_that_held_in_all_recorded_runs(text):
    assert 25 <= len(lines(text)) <= 52
    weak = {}
    for line in lines(text):
        carriers = card.CARRIER.findall(line)
        assert carriers and line.count("“") == len(carriers), line
        for statement, chapter in carriers:
            held, runs = held_and_runs(statement, chapter)
            if held < runs or not runs:
                weak[statement] = f"{held} of {runs}"
    assert weak == {}


def test_it_has_the_six_questions_and_is_linked(root, text):
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
        f"Which {what}?" for what in ("loss", "cure", "measure", "explanation", "check", "way to grow")
    ]
    assert "](docs/card.md)" in (root / "README.md").read_text(encoding="utf-8")
    lessons = (root / "notebooks" / "src" / "00_start_here").glob("*.py")
    assert any("](../../docs/card.md)" in path.read_text(encoding="utf-8") for path in lessons)


def test_a_claim_that_no_lesson_makes_is_refused():
    with pytest.raises(CourseError, match="does not make: “pigs fly”"):
        card.linked("| x | y | “pigs fly” ([02.9](old.ipynb)) |")


def test_a_lesson_that_was_split_is_found_again():
    words = "with a double sigmoid the discriminator's loss cannot fall below 1.006"
    found = card.linked(f"| x | y | “{words}” ([02]()) |")
    assert re.search(rf"“{re.escape(words)}” \(\[02\.\d\]\(\.\./notebooks/02_losses/\d_\w+\.ipynb\)\) \|$", found)
