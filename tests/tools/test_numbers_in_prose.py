"""Numbers in words that a new build has left behind."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course_lib.tools.numbers_in_prose import outdated


def page(printed, *words, asked="", code="print(slope)"):
    outputs = [new_output("stream", text=printed)]
    question = new_code_cell("ask.predict('x')", outputs=[new_output("display_data", {"text/html": asked})])
    return new_notebook(cells=[*map(new_markdown_cell, words), new_code_cell(code, outputs=outputs), question])


@pytest.mark.parametrize(
    ("before", "after", "said", "named"),
    [
        ("slope 9.8", "slope 9.7", "it rose to 9.8, that is much", ["9.8"]),
        ("slope 9.8", "slope 9.7", "it rose to 9.7", []),
        ("slope -7.4, 5 %", "slope -7.5, 6 %", "from −7.4, for 5 % of them", ["−7.4", "5 %"]),
        ("step 5", "step 6", "after 5 steps", []),  # a single digit stands for too much
        ("slope 9.8", "slope 9.7, once 9.8", "it rose to 9.8", []),
        ("1,640 of them", "1,642 of them", "one part in 1,640", ["1,640"]),
        ("slope 9.8", "slope 9.7", "lesson 19.8 is another number", []),
    ],
)
def test_what_is_named(before, after, said, named):
    found = outdated(page(before, "old"), page(after, said))
    assert [line.split('"')[1] for line in found] == named


def test_questions_and_other_texts_are_searched():
    old, new = page("0.44", "x"), page("0.45", "x", asked="<p>You see 0.44 there.</p>")
    found = outdated(old, new, {"a deck": "AUC 0.44, as said.", "a guide": "Nothing."})
    assert len(found) == 2 and found[1].startswith('a deck: "0.44" in “…AUC 0.44, as')


def test_what_the_code_says_is_not_old():
    assert outdated(page("lr 0.05", "x"), page("done", "a step size of 0.05", code="lr = 0.05")) == []
