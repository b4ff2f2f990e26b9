"""Every slide in a real Chromium: nothing from outside, no error, nothing cut off, every picture there."""

import os
import re
import shutil

import pytest

from course_lib.tools import deck as decks
from course_lib.tools import slides

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What reaches over the slide's edge, over its column's, or out of a code block, by its text.
OVERFLOWS = """() => {
  const slide = document.querySelector(".slides section.present"), edge = slide.getBoundingClientRect();
  const shown = [...slide.querySelectorAll("*")].filter(e => !e.closest(".notes") && !e.closest(".katex *"));
  return shown.filter(e => {
    const box = e.getBoundingClientRect(), column = e.closest(".column")?.getBoundingClientRect();
    return box.width && (box.left < edge.left || box.right > edge.right - 20 || box.bottom > edge.bottom - 8
      || column && box.right > column.right + 2 || e.matches("pre code") && e.scrollWidth > e.clientWidth + 1);
  }).map(e => e.tagName + " " + e.textContent.slice(0, 50));
}"""


@pytest.fixture(scope="module")
def built(chromium):
    if shutil.which("npm") is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("no npm on this machine: apt-get install npm")
    return {path.name: path for path in slides.build(pdf=False) + slides.build(["00"])}


@pytest.fixture(scope="module")
def page(built):
    with slides.chromium() as browser:
        yield browser.new_page(viewport={"width": 1280, "height": 720})


@pytest.fixture
def opened(page, built):
    """``opened(name)`` shows a deck; ``said`` and ``asked`` collect console errors and requests that leave."""
    page.said, page.asked = [], []
    listeners = {
        "console": lambda message: message.type == "error" and page.said.append(message.text),
        "pageerror": lambda problem: page.said.append(str(problem)),
        "request": lambda request: request.url.startswith(("file:", "data:")) or page.asked.append(request.url),
    }
    for event, listener in listeners.items():
        page.on(event, listener)

    def show(path) -> int:
        page.goto(path.as_uri())
        page.wait_for_function("() => window.Reveal && Reveal.isReady()")
        page.evaluate("() => document.fonts.ready.then(() => true)")
        return page.evaluate("() => Reveal.getTotalSlides()")

    yield show
    for event, listener in listeners.items():
        page.remove_listener(event, listener)


@pytest.mark.parametrize("name", decks.names())
def test_every_slide_can_be_seen(name, page, built, opened):
    number = opened(built[f"{name}.html"])
    assert number == len(decks.read(name).slides)
    cut = {}
    for index in range(number):
        page.evaluate(
            """i => { Reveal.slide(i); for (const f of document.querySelectorAll(".present .fragment"))
                                                   f.classList.add("visible") }""",
            index,
        )
        if found := page.evaluate(OVERFLOWS):
            cut[index + 1] = found[:3]
    assert cut == {}
    assert page.evaluate("() => [...document.images].every(i => i.complete && i.naturalWidth > 50 && i.alt)")
    assert (page.said, page.asked) == ([], [])


def test_an_overflow_would_be_seen(page, tmp_path, opened):
    """A slide with too much on it, so that the test above is known to look."""
    long = decks.Slide(("## T\n\n" + "\n".join("- word" for _ in range(30)),), "1 min.", 1)
    wide = decks.Slide(("## T\n\n```python\n" + "x" * 120 + "\n```",), "1 min.", 1)
    fine = decks.Slide(("## T\n\nshort",), "1 min.", 1)
    text = slides.render(decks.Deck("t", (long, wide, fine)), slides.assets(), page)
    (tmp_path / "t.html").write_text(text, encoding="utf-8")
    opened(tmp_path / "t.html")
    seen = []
    for index in range(3):
        page.evaluate("i => Reveal.slide(i)", index)
        seen.append(bool(page.evaluate(OVERFLOWS)))
    assert seen == [True, True, False]


def test_the_formulas_are_set_and_a_wrong_one_is_refused(page, built):
    from course_lib.errors import CourseError

    def deck(text):
        return decks.Deck("t", (decks.Slide((text,), "1 min.", 1),))

    assert 'class="katex' in slides.render(deck("$x^2$"), slides.assets(), page)
    with pytest.raises(CourseError, match=r"KaTeX does not read '\\\\frac"):
        slides.render(deck(r"$\frac{1$"), slides.assets(), page)


SLOW_FRAMES = """() => {
  const soon = window.requestAnimationFrame;
  window.requestAnimationFrame = then => soon(() => setTimeout(then, 200));
}"""


@pytest.mark.parametrize("before", ["() => {}", SLOW_FRAMES], ids=["as it comes", "slow frames"])
def test_the_pdf_has_a_page_for_each_slide(before, built, page):
    """Also on a busy machine, where reveal.js lays the pages out long after it has said that it is ready."""
    name = decks.names()[0]
    other = page.context.browser.new_page(viewport={"width": 1280, "height": 720})
    other.add_init_script(f"({before})()")
    pdf = slides.printed(built[f"{name}.html"], other)
    other.close()
    assert pdf.count(b"/Type /Page\n") == len(decks.read(name).slides)
    sizes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[0 0 ([^]]+)\]", pdf)}
    assert [round(width / height, 2) for width, height in sizes] == [1.78]  # a slide's, not a sheet of paper's


def test_the_pdf_is_written_beside_the_page(built):
    path = built[f"{decks.names()[0]}.pdf"]
    assert path.read_bytes().startswith(b"%PDF-") and path.stat().st_size > 20_000
