"""A deck's Markdown: slides, notes, pictures by name, code to run; and what is refused."""

import pytest

from course_lib.errors import CourseError
from course_lib.tools import deck as decks

PNG = "iVBORw0KGgo="


@pytest.fixture
def written(tmp_path, monkeypatch):
    """``written(text)`` → the deck of that text, for a notebook with one picture and one line of code."""
    import nbformat

    cell = nbformat.v4.new_code_cell(
        "x = 1\nprint(x)  # here",
        outputs=[
            nbformat.v4.new_output("display_data", {"image/png": PNG}, metadata={"image/png": {"alt": alt}})
            for alt in ("Twelve digits.", "Twelve clouds < one.")
        ],
    )
    (tmp_path / "notebooks" / "01_test").mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "notebooks" / "01_test" / "1_test.ipynb")
    (tmp_path / "slides").mkdir()
    monkeypatch.setattr(decks, "folder", lambda: tmp_path / "slides")
    decks.cells.cache_clear()

    def write(text: str) -> decks.Deck:
        (tmp_path / "slides" / "01_test.md").write_text(text, encoding="utf-8")
        return decks.read("01_test")

    yield write
    decks.cells.cache_clear()


TWO = """# A title

Note:
2 min. Hello.

---
## Predict: which?
left

|||
right

. . .
later

Note:
3 min. Ask.
Run: `print(x)  # here`
"""


def test_slides_notes_minutes_and_runs(written):
    deck = written(TWO)
    assert (len(deck.slides), deck.minutes, deck.runs) == (2, 5, ["print(x)  # here"])
    assert deck.slides[0].columns == ("# A title",) and deck.slides[1].columns[1].startswith("right")
    assert deck.slides[1].notes.startswith("3 min. Ask.") and decks.names() == ["01_test"]


def test_a_slide_becomes_a_section_with_its_notes(written):
    deck, renderer = written(TWO), decks.Renderer()
    title, predict = map(renderer.slide, deck.slides)
    assert title.startswith('<section class="title"><h1>A title</h1>') and "Hello." in title.split("aside")[1]
    assert predict.startswith('<section class="predict"><h2>') and predict.count('class="column"') == 2
    assert '<div class="fragment"><p>later</p>' in predict


def test_formulas_are_collected_for_katex():
    renderer = decks.Renderer()
    made = renderer.slide(decks.Slide(("Take $a_1$ and\n\n$$b^2$$\n\nfor \\$5.",), "1 min.", 1))
    assert renderer.formulas == [("a_1", False), ("b^2", True)]
    assert "<katex 0>" in made and "<katex 1>" in made and "$5" in made


def test_code_is_coloured_and_escaped():
    made = decks.Renderer().slide(decks.Slide(("```python\nx = a < b\n```",), "1 min.", 1))
    assert '<code class="language-python">' in made and "&lt;" in made and "<span" in made


def test_a_picture_comes_from_the_notebook_by_its_text(written):
    written(TWO)
    assert decks.picture("01_test: Twelve clouds") == (PNG, "Twelve clouds < one.")
    made = decks.Renderer().slide(decks.Slide(("![Cap](<01_test: Twelve clouds>)",), "1 min.", 1))
    assert f'src="data:image/png;base64,{PNG}"' in made and 'alt="Twelve clouds &lt; one."' in made
    assert "<figcaption>Cap</figcaption>" in made


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("01_test: Twelve", "2 pictures of 01_test"),
        ("01_test: Nine", "0 pictures of 01_test.*Twelve digits"),
        ("02_none: Twelve", "names no chapter"),
        ("picture.png", "names no chapter"),
    ],
)
def test_a_picture_that_is_not_named_is_refused(written, reference, said):
    written(TWO)
    with pytest.raises(CourseError, match=said):
        decks.picture(reference)


@pytest.mark.parametrize("text", ["# T", "# T\n\nNote:\nHello.", "# T\n\nNote:\n2 min.\n\n---\n## U"])
def test_a_slide_without_minutes_is_refused(written, text):
    with pytest.raises(CourseError, match="no notes that begin with its minutes"):
        written(text)


def test_a_line_that_the_notebook_has_not_is_refused(written):
    with pytest.raises(CourseError, match="no line of its lessons"):
        written(TWO.replace("# here", "# there"))
