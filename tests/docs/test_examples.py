"""Every example in a docstring runs as it stands: whoever copies it has all that it needs."""

import doctest
import importlib
from pathlib import Path

import pytest
from rooms import modules

DONE = modules(Path(__file__).resolve().parents[2])


def tried(module) -> tuple[int, list[str]]:
    """How many lines of examples a module has, and the names whose examples fail."""
    lines, failed = 0, []
    runner = doctest.DocTestRunner(verbose=False)
    for test in doctest.DocTestFinder(exclude_empty=True).find(module, globs={}):  # nothing but what it imports itself
        result = runner.run(test, out=lambda text: None)
        lines += result.attempted
        failed += [test.name] * bool(result.failed)
    return lines, failed


@pytest.mark.parametrize("name", DONE)
def test_every_example_runs(name):
    assert tried(importlib.import_module(name))[1] == []


@pytest.mark.parametrize("line", ["    >>> 1 + 1\n    3\n", "    >>> torch.zeros(2).shape\n    torch.Size([2])\n"])
def test_a_wrong_example_and_a_missing_import_would_be_seen(tmp_path, monkeypatch, line):
    (tmp_path / "an_example.py").write_text(f'import torch\n\n\ndef f():\n    """F.\n\n{line}    """\n')
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(importlib.sys.modules, "an_example", raising=False)
    assert tried(importlib.import_module("an_example")) == (1, ["an_example.f"])
