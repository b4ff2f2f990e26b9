"""``course slides``: each deck as one self-contained reveal.js page, and as a PDF, in ``build/slides``.

reveal.js, KaTeX and two fonts come from ``slides/node_modules`` (``npm ci``, by hash, once); Chromium sets the formulas
and prints. The pages carry everything with them and ask no network for anything.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from course_lib import files
from course_lib.chapters import chapters, find
from course_lib.errors import CourseError
from course_lib.tools import deck as decks

if TYPE_CHECKING:  # a learner does not have it
    from playwright.sync_api import Browser, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
SUBSETS = ("latin", "latin-ext", "greek")  # of the fonts' files; the decks write nothing else
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<style>{style}</style></head>
<body><div class="reveal"><div class="slides">
{sections}
</div></div>
<script>{script}</script>
<script>document.addEventListener("pdf-ready", () => document.body.dataset.printable = "yes");
Reveal.initialize({{width: 1280, height: 720, margin: 0.02, center: false, hash: true, controls: false,
  slideNumber: "c/t", transition: "none", pdfSeparateFragments: false, plugins: [RevealNotes]}});</script>
</body></html>
"""


def build(names: list[str] | None = None, *, pdf: bool = True) -> list[Path]:
    """Write ``build/slides/NN_name.html`` and ``.pdf``.

    Args:
        names: chapters, as :func:`course_lib.chapters.find` takes them; all decks without any.
        pdf: whether PDFs are printed, too.

    Returns:
        The files written.

    Raises:
        CourseError: outside a checkout; for an unknown chapter, a fault in a deck (see ``deck.read``), a formula that
            KaTeX does not read; without npm or Chromium.
    """
    chosen = [find(name).name for name in names or decks.names()]
    target = decks.folder().parent / "build" / "slides"
    place, written = assets(), []
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        for name in chosen:
            content = render(decks.read(name), place, page)
            written.append(files.atomic_write(target / f"{name}.html", content))
            if pdf:
                written.append(files.atomic_write(target / f"{name}.pdf", printed(written[-1], page)))
    return written


def printed(deck: Path, page: "Page") -> bytes:
    """The PDF of a built deck, a page for each slide.

    Args:
        deck: its HTML file.
        page: of the browser that prints.
    """
    page.goto(f"{deck.as_uri()}?print-pdf")
    # reveal.js says that it is ready some frames before it has laid the slides out as pages.
    page.wait_for_selector("body[data-printable]", state="attached")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    return page.pdf(prefer_css_page_size=True, print_background=True)


def render(deck: decks.Deck, assets: Path, page: "Page") -> str:
    """The whole page of a deck, as HTML, its formulas set by KaTeX.

    Args:
        deck: the slides.
        assets: the folder with reveal.js, KaTeX and the fonts.
        page: of the browser that sets the formulas.

    Raises:
        CourseError: for a formula that KaTeX does not read.
    """
    renderer = decks.Renderer()
    sections = "\n".join(renderer.slide(slide) for slide in deck.slides)
    page.goto("about:blank")
    page.add_script_tag(path=assets / "katex" / "dist" / "katex.min.js")
    formulas = page.evaluate(
        """list => list.map(([tex, displayMode]) => {
             try { return katex.renderToString(tex, {displayMode, throwOnError: true, output: "html"}) }
             catch (problem) { return "! " + problem.message } })""",
        renderer.formulas,
    )
    for (tex, _), formula in zip(renderer.formulas, formulas, strict=True):
        if formula.startswith("! "):
            raise CourseError(f"deck {deck.name}: KaTeX does not read {tex!r} ({formula[2:]}).")
    sections = re.sub(r"<katex (\d+)>", lambda found: formulas[int(found[1])], sections)
    title = next((c.title for c in chapters() if c.name == deck.name), deck.name)
    return PAGE.format(title=title, style=_style(assets), script=_script(assets), sections=sections)


@contextmanager
def chromium() -> Iterator["Browser"]:
    """A headless Chromium of this machine.

    Yields:
        The browser, which is closed at the block's end.

    Raises:
        CourseError: without one, or without playwright.
    """
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise CourseError(
            "no Chromium on this machine, which sets the formulas and prints: install it (on Debian: "
            "apt-get install chromium)."
        )
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise CourseError("slides need the package playwright: make setup, or pip install playwright.") from None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


def assets() -> Path:
    """``slides/node_modules``, fetched when it is not there.

    Raises:
        CourseError: without npm, or when it cannot fetch them.
    """
    home = decks.folder()
    place = home / "node_modules"
    if not (place / "reveal.js").is_dir():
        if shutil.which("npm") is None:
            raise CourseError(
                "npm is missing, which fetches reveal.js and KaTeX once: install Node.js (on Debian: "
                "apt-get install npm)."
            )
        done = subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=home,
            text=True,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["?"])[-1]
            raise CourseError(f"npm could not fetch reveal.js and KaTeX ({last}): connect once, and run it again.")
    return place


def _script(assets: Path) -> str:
    scripts = [assets / "reveal.js" / "dist" / "reveal.js", assets / "reveal.js" / "dist" / "plugin" / "notes.js"]
    return "\n".join(path.read_text(encoding="utf-8").replace("</script", "<\\/script") for path in scripts)


def _style(assets: Path) -> str:
    from pygments.formatters import HtmlFormatter

    reveal, katex = assets / "reveal.js" / "dist", assets / "katex" / "dist" / "katex.min.css"
    fonts = [
        assets / "@fontsource" / family / f"{style}.css"
        for family, style in (
            ("source-sans-3", "400"),
            ("source-sans-3", "400-italic"),
            ("source-sans-3", "700"),
            ("source-code-pro", "400"),
        )
    ]
    parts = [(reveal / name).read_text(encoding="utf-8") for name in ("reset.css", "reveal.css")]
    parts += [with_fonts(path) for path in (katex, *fonts)]
    parts += [
        HtmlFormatter(style="default").get_style_defs("pre"),
        (decks.folder() / "theme.css").read_text(encoding="utf-8"),
    ]
    return "\n".join(parts)


def with_fonts(path: Path) -> str:
    """A style sheet with its WOFF2 fonts inside it, without those in other formats and other subsets.

    Args:
        path: of the CSS file, from which its fonts' addresses go out.
    """

    def inside(found: re.Match[str]) -> str:
        face, file = found[0], re.findall(r"url\(([^)]+\.woff2)\)", found[0])[0]
        if "unicode-range" in face and not any(re.search(rf"-{s}-\d+-\w+\.woff2", file) for s in SUBSETS):
            return ""
        source = f"src: url({decks.data_uri(path.parent / file, 'font/woff2')}) format('woff2')"
        return re.sub(r"src:[^;}]+", lambda _: source, face)

    return re.sub(r"@font-face\s*\{[^}]*\}", inside, path.read_text(encoding="utf-8"))
