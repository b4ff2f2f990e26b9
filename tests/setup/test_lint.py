"""What `make lint` and pre-commit ask, `make test` asks too: layout, ruff's rules, types."""

import re
import subprocess
import sys

import pytest
import yaml

COMMANDS = {"format": ["ruff", "format", "--check", "."], "rules": ["ruff", "check", "."], "types": ["mypy"]}


@pytest.mark.parametrize("what", COMMANDS)
def test_nothing_is_found(root, what):
    done = subprocess.run(
        [sys.executable, "-m", *COMMANDS[what]], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_make_and_pre_commit_ask_the_same(root):
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    config = yaml.safe_load((root / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    entries = [hook["entry"].removeprefix(".venv/bin/python -m ") for hook in config["repos"][0]["hooks"]]
    asked = [" ".join(command).removesuffix(" .") for command in COMMANDS.values()]
    assert entries == asked
    lint = re.search(r"^lint: .*\n\t(.*)$", makefile, re.MULTILINE)[1]
    assert [part.split("-m ")[1].removesuffix(" .") for part in lint.split(" && ")] == asked


def test_few_exceptions_from_the_layout(root):
    files = [
        *root.glob("*.py"),
        *(path for folder in ("course_lib", "tests") for path in (root / folder).rglob("*.py")),
    ]
    mark = "fmt: " + "skip"
    assert sum(path.read_text(encoding="utf-8").count(mark) for path in files) <= 5
