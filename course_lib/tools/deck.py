"""A deck of slides: Markdown in ``slides/NN_chapter.md`` → slides with their notes, pictures and formulas, as HTML.

The format is described in ``slides/README.md``.
"""

import base64
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import nbformat
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from course_lib import files
from course_lib.errors import CourseError

MINUTES = re.compile(r"^(\d+) min\b")
RUN = re.compile(r"^Run: `(.+)`$", re.MULTILINE)


@dataclass(frozen=True)
class Slide:
    """One slide.

    Attributes:
        columns: its Markdown, in one or two.
        notes: the presenter's.
        minutes: that it takes.
    """

    columns: tuple[str, ...]
    notes: str
    minutes: int


@dataclass(frozen=True)
class Deck:
    """The slides of one chapter.

    Attributes:
        name: of the chapter, ``NN_name``.
        slides: in order.
    """

    name: str
    slides: tuple[Slide, ...]

    @property
    def minutes(self) -> int:
        """What all slides take together."""
        return sum(slide.minutes for slide in self.slides)

    @property
    def runs(self) -> list[str]:
        """The code lines that the presenter runs in the chapter's lessons."""
        return [line for slide in self.slides for line in RUN.findall(slide.notes)]


def folder() -> Path:
    """``slides/`` of the checkout.

    Raises:
        CourseError: outside a checkout.
    """
    return files.checkout("slides are built") / "slides"


def names() -> list[str]:
    """All decks, in order."""
    return sorted(path.stem for path in folder().glob("[0-9][0-9]_*.md"))


def read(name: str) -> Deck:
    """A deck from its file.

    Args:
        name: of the chapter, ``NN_name``.

    Raises:
        CourseError: when there is none; for slides without notes or minutes, or a line to run that no cell has.
    """
    path = folder() / f"{name}.md"
    if not path.is_file():
        raise CourseError(f"there are no slides for {name}: write slides/{path.name}, see slides/README.md.")
    parts = re.split(r"^---$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    deck = Deck(name, tuple(_slide(name, number, part) for number, part in enumerate(parts, 1)))
    code = "\n".join(cell.source for cell in cells(name) if cell.cell_type == "code")
    lines = {line.strip() for line in code.splitlines()}
    for line in deck.runs:
        if line not in lines:
            raise CourseError(f"deck {name} says to run `{line}`, which is no line of its lessons: name one that is.")
    return deck


def _slide(name: str, number: int, text: str) -> Slide:
    body, _, notes = text.partition("\nNote:\n")
    found = MINUTES.match(notes.strip())
    if not found:
        raise CourseError(
            f"slide {number} of {name} has no notes that begin with its minutes, as in 'Note:' and "
            "'2 min. Ask first.' on the next line."
        )
    return Slide(
        tuple(part.strip() for part in re.split(r"^\|\|\|$", body, flags=re.MULTILINE)), notes.strip(), int(found[1])
    )


@cache
def cells(chapter: str) -> tuple[nbformat.NotebookNode, ...]:
    """The cells of all built lessons of a chapter, with their pictures.

    Args:
        chapter: its name, ``NN_name``.

    Returns:
        The cells in order; none for an unknown chapter.
    """
    paths = sorted((folder().parent / "notebooks" / chapter).glob("[0-9]*.ipynb"))
    return tuple(cell for path in paths for cell in nbformat.read(path, as_version=4).cells)


def picture(reference: str) -> tuple[str, str]:
    """A picture of a chapter's lessons.

    Args:
        reference: ``NN_chapter: beginning of the alternative text``.

    Returns:
        The PNG in base64, and the whole alternative text.

    Raises:
        CourseError: for an unknown chapter, or where not exactly one picture's text begins so.
    """
    name, _, begins = reference.partition(":")
    if not (found := cells(name.strip())):
        raise CourseError(f"the picture {reference!r} names no chapter: write 'NN_chapter: beginning of its text'.")
    outputs = [out for cell in found for out in cell.get("outputs", []) if "image/png" in out.get("data", {})]
    pictures: dict[str, str] = {out.metadata["image/png"]["alt"]: out.data["image/png"] for out in outputs}
    fits = [alt for alt in pictures if alt.startswith(begins.strip())]
    if len(fits) != 1:
        raise CourseError(
            f"{len(fits)} pictures of {name} begin with {begins.strip()!r}: its texts are "
            f"{'; '.join(alt[:60] for alt in pictures)}."
        )
    return pictures[fits[0]], fits[0]


class Renderer:
    """Markdown → HTML.

    Attributes:
        formulas: those met so far, as (TeX, whether on a line of its own); until they are set, the HTML has
            ``<katex n>`` in their places.
    """

    def __init__(self) -> None:
        self.formulas: list[tuple[str, bool]] = []
        self.markdown = (
            MarkdownIt("commonmark", {"highlight": _python})
            .enable("table")
            .use(dollarmath_plugin, allow_digits=False, renderer=self._formula)
        )
        self.markdown.add_render_rule("image", _image)

    def _formula(self, tex: str, options: dict[str, bool]) -> str:
        self.formulas.append((tex.strip(), bool(options["display_mode"])))
        return f"<katex {len(self.formulas) - 1}>"

    def slide(self, slide: Slide) -> str:
        """One ``<section>`` with its notes; a heading spans both columns.

        Args:
            slide: what it shows.
        """
        first, *others = slide.columns
        kind = "title" if first.startswith("# ") else "predict" if first.startswith("## Predict") else "plain"
        if others:
            heading, _, first = first.partition("\n")
            columns = "".join(f'<div class="column">{self._column(text)}</div>' for text in (first, *others))
            body = f'{self.markdown.render(heading)}<div class="columns">{columns}</div>'
        else:
            body = self._column(first)
        notes = f'<aside class="notes">{self.markdown.render(slide.notes)}</aside>'
        return f'<section class="{kind}">{body}{notes}</section>'

    def _column(self, text: str) -> str:
        first, *later = re.split(r"^\. \. \.$", text, flags=re.MULTILINE)
        return self.markdown.render(first) + "".join(
            f'<div class="fragment">{self.markdown.render(part)}</div>' for part in later
        )


def _image(self: object, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
    """``![caption](<NN_name: beginning of the text>)`` as a figure with the picture inside it."""
    token = tokens[index]
    png, alt = picture(unquote(str(token.attrs["src"])))
    caption = f"<figcaption>{html.escape(token.content)}</figcaption>" if token.content else ""
    return f'<figure><img src="data:image/png;base64,{png}" alt="{html.escape(alt)}">{caption}</figure>'


def _python(code: str, language: str, attributes: str) -> str:
    if language not in ("python", "py"):
        return ""
    return highlight(code, PythonLexer(), HtmlFormatter(nowrap=True))


def data_uri(path: Path, mime: str) -> str:
    """A file inside a page, as an address.

    Args:
        path: of the file.
        mime: its type.
    """
    return f"data:{mime};base64,{base64.b64encode(path.read_bytes()).decode()}"
