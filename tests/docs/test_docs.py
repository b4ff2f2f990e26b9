"""The pages say what is true: every example runs, the glossary is in order, and no link leads nowhere."""

import doctest
import itertools
import re
import unicodedata

import pytest

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def headings(text):
    return re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)


def anchor(heading):
    """As GitHub makes it; JupyterLab keeps capitals, so terms are written small."""
    return re.sub(r"[^\w\- ]", "", heading.casefold()).strip().replace(" ", "-")


def terms(text):
    """``(term, its text)`` of a glossary, in the order of the page."""
    return re.findall(r"^## (.+)\n\n(.+(?:\n.+)*)", text, re.MULTILINE)


def alphabetical(term):
    return unicodedata.normalize("NFD", term.casefold()).encode("ascii", "ignore").decode()


def problems(text):
    """What is wrong with a glossary's order, doubles or lengths."""
    names = [alphabetical(name) for name, _ in terms(text)]
    found = [f"{a} comes before {b}" for a, b in itertools.pairwise(names) if a > b]
    found += [f"{name} twice" for name in sorted(set(names)) if names.count(name) > 1]
    return found + [
        f"{name}: {n} sentences"
        for name, body in terms(text)
        if not 1 <= (n := len(re.findall(r"[.:?!](?=\s|$)", body.replace("et al.", "")))) <= 3
    ]


def test_every_example_of_the_mathematics_page_runs(root):
    result = doctest.testfile(str(root / "docs" / "maths.md"), module_relative=False, encoding="utf-8")
    assert result.attempted > 30 and result.failed == 0


def test_every_idea_has_words(root):
    text = (root / "docs" / "maths.md").read_text(encoding="utf-8")
    ideas = re.split(r"^### ", text, flags=re.MULTILINE)[1:]
    assert len(ideas) >= 25
    assert [idea.splitlines()[0] for idea in ideas if "*In words:*" not in idea] == []


def test_the_glossary_is_in_order(root):
    text = (root / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert len(terms(text)) == len(headings(text)) - 1 >= 60
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("## b\n\nOne.\n\n## a\n\nTwo.\n", "before"),
        ("## a\n\nOne.\n\n## A\n\nTwo.\n", "twice"),
        ("## a\n\nno sentence\n", "0 sentences"),
        ("## a\n\nOne. Two. Three. Four.\n", "4 sentences"),
    ],
)
def test_a_glossary_out_of_order_would_be_seen(text, word):
    assert word in " ".join(problems(text))


def broken(page, root):
    """Relative links of a Markdown page or a notebook's source that lead to no file or no heading."""
    sources = root / "notebooks" / "src"
    lesson = page.is_relative_to(sources)
    base = root / "notebooks" / page.parent.name if lesson else page.parent
    found = []
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".py":  # a notebook's text stands in comments; in code, maps[k](x) is no link
        text = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    for link in LINK.findall(text):
        if link.startswith(("http", "attachment:")):
            continue
        name, _, fragment = link.partition("#")
        target = base / name if name else page
        if name.endswith(".ipynb"):  # built from its source
            target = sources / target.resolve().relative_to(root / "notebooks").with_suffix(".py")
        missing = not target.exists() and name != "data/claims.md"  # that one is written by `course claims`
        if missing or (fragment and fragment not in map(anchor, headings(target.read_text(encoding="utf-8")))):
            found.append(link)
    return found


def test_no_link_leads_nowhere(root):
    pages = [root / "README.md", *(root / "docs").glob("*.md"), *(root / "notebooks" / "src").glob("*/*.py")]
    assert {page.name: broken(page, root) for page in pages if broken(page, root)} == {}


@pytest.mark.parametrize(
    ("link", "bad"),
    [
        ("docs/maths.md#sigmoid", False),
        ("docs/maths.md#sigmund", True),
        ("docs/none.md", True),
        ("#here", False),
    ],
)
def test_a_link_that_leads_nowhere_would_be_seen(tmp_path, link, bad):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "maths.md").write_text("### sigmoid\n")
    (tmp_path / "README.md").write_text(f"# Here\n[x]({link})")
    assert bool(broken(tmp_path / "README.md", tmp_path)) is bad
