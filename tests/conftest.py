"""What every test needs: the checkout, and a run that no learner's workspace can be touched by."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(autouse=True)
def no_workspace(monkeypatch):
    """Tests name their workspace; the developer's own is out of reach."""
    monkeypatch.delenv("COURSE_WORKSPACE", raising=False)
