"""What ``course lessons`` counts as words, cells and symbols, and which limits it holds a lesson to."""

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_lib.tools.lessons import Length, of_exercises, report, symbols, words

GOOD = Length("77.1", 1500, 30, 2, 2, 3, 9, 5, 80.0)


def test_words_are_those_that_are_read():
    assert words("# One *two*\n\n$$x = \\frac{1}{2}$$ three, a GAN's $D(x)$ is 0.5") == 9
    assert words("one\n<details><summary>Hint</summary>\n\ntwo three\n\n</details>\n\n```python\nfour = 5\n```") == 1
    assert words("one\n\n## Further reading\n\n- A. Author. *Title.* 2014.\n\n## Next\n\ntwo") == 3


def test_symbols_are_counted_once_and_layout_not():
    assert symbols(r"$D(x)$ and $\frac{x}{\sigma}$, not D alone") == {"D", "x", r"\sigma"}


def test_an_exercise_is_its_statement_stub_hints_and_solution():
    def tagged(tag):
        return new_code_cell("x", metadata={"tags": [tag]})

    text, hints = new_markdown_cell("text"), new_markdown_cell("<details>hint</details>")
    stub, solution = tagged("exercise"), tagged("solution")
    cells = [text, text, stub, hints, solution, text, new_code_cell("y"), tagged("exercise"), text]
    cells = [NotebookNode(cell, id=str(i)) for i, cell in enumerate(cells)]
    assert of_exercises(new_notebook(cells=cells)) == {1, 2, 3, 4, 7}


def test_each_limit_is_held():
    assert GOOD.faults() == []
    beyond = {"words": 1501, "cells": 31, "exercises": 1, "predictions": 1, "quiz": 2, "seconds": 151.0}
    for what, value in beyond.items():
        assert len(Length(**{**vars(GOOD), what: value}).faults()) == 1, what


def test_the_report_has_a_line_for_each_lesson():
    lines = report(["00"]).splitlines()
    assert lines[0].split()[:3] == ["lesson", "words", "cells"] and lines[1].split()[0] == "00.1"
