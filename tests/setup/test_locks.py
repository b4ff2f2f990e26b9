"""pyproject.toml is the one list of dependencies; what is made from it cannot drift. Each check is shown a fault."""

import importlib.metadata

import pytest

from locks import (
    conda_faults,
    different,
    left_over,
    missing_transitive,
    pinned,
    unhashed,
    unsatisfied,
    wanted,
)


@pytest.fixture(scope="module")
def text(root):
    """Reads one of the checkout's files."""
    return lambda name: (root / name).read_text(encoding="utf-8")


def without(lock: str, name: str) -> str:
    """The lock less one entry."""
    kept, skipping = [], False
    for line in lock.splitlines(keepends=True):
        if not line.startswith(" "):
            skipping = line.startswith(f"{name}==")
        if not skipping:
            kept.append(line)
    assert len(kept) < len(lock.splitlines())
    return "".join(kept)


def replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def test_lock_satisfies_pyproject(text):
    pyproject, lock = text("pyproject.toml"), text("locks/requirements.lock")
    assert unsatisfied(wanted(pyproject), lock) == []
    for name in ("typer", "torch", "pytest"):
        assert any(name in fault for fault in unsatisfied(wanted(pyproject), without(lock, name)))
    raised = replaced(pyproject, '"papermill>=2.6"', '"papermill>=99"')
    assert [fault.split(":")[0] for fault in unsatisfied(wanted(raised), lock)] == ["papermill>=99"]
    added = replaced(pyproject, '"papermill>=2.6"', '"papermill>=2.6", "lime"')
    assert unsatisfied(wanted(added), lock) == ["lime: missing"]
    for_linux_only = replaced(lock, "typer==", "typer==9.9 ; sys_platform == 'linux'\nother==")
    assert unsatisfied(wanted(pyproject), for_linux_only) == ["typer>=0.15: missing"]
    twice = lock + "typer==9.9\n"
    assert "typer" in str(unsatisfied(wanted(pyproject), twice))


def test_lock_has_what_its_packages_need_and_nothing_else(text):
    if "+" in importlib.metadata.version("torch") and "cpu" in importlib.metadata.version("torch"):
        pytest.skip("this environment has the CPU-only PyTorch, which the lock does not describe")
    pyproject, lock = text("pyproject.toml"), text("locks/requirements.lock")
    roots = wanted(pyproject)
    assert missing_transitive(roots, lock) == []
    assert left_over(roots, lock) == []
    assert missing_transitive(roots, without(lock, "jinja2"))
    assert left_over(roots, lock + "left-pad==1.0 \\\n    --hash=sha256:0\n") == ["left-pad"]


def test_every_entry_is_hashed(text):
    for name in ("locks/requirements.lock", "locks/requirements-uv.lock"):
        lock = text(name)
        assert unhashed(lock) == []
        first = lock.index("    --hash")
        one_gone = lock[:first].rstrip().rstrip("\\") + "\n" + lock[lock.index("\n", first) + 1 :]
        assert unhashed(one_gone)
        assert unhashed(lock + "typer==1.0\n") == ["typer==1.0"]
        assert unhashed(lock.replace("==", ">=", 1))


def test_installer_lock_satisfies_pyproject(text):
    pyproject, lock = text("pyproject.toml"), text("locks/requirements-uv.lock")
    assert unsatisfied(wanted(pyproject, group="setup"), lock) == []
    assert [entry.name for entry in pinned(lock)] == ["uv"]
    assert unsatisfied(wanted(pyproject.replace("uv>=", "uv>=9"), group="setup"), lock)


def test_constraints_are_the_lock(text):
    lock, constraints = text("locks/requirements.lock"), text("locks/constraints.txt")
    assert different(constraints, lock) == set()
    assert "--hash" not in constraints
    assert different(constraints, without(lock, "typer"))
    assert different(replaced(constraints, "typer==", "typer==9"), lock)


def test_conda_environment_repeats_no_pin(text):
    environment = text("environment.yml")
    assert conda_faults(environment) == []
    for broken in (
        replaced(environment, "- pip\n", "- pip\n  - numpy\n"),
        replaced(environment, "- pip\n", "- pip=24\n"),
        replaced(environment, "-e .[dev]", "-e .[dev]\n      - torch==2.15.0"),
        replaced(environment, "-e .[dev]", "-e ."),
        replaced(environment, "python=3.11", "python=3.9"),
        replaced(environment, "python=3.11", "python"),
    ):
        assert conda_faults(broken), broken
