"""A folder of a test's own for what a recording's script writes, and a recording of seconds."""

import json

import pytest

from course_lib import files
from course_lib.tools import recording


def _into(folder):
    """``files.shipped``, but recorded runs lie in ``folder``."""
    shipped = files.shipped
    return lambda *parts: folder.joinpath(*parts) if parts[0] == "runs" else shipped(*parts)


@pytest.fixture
def write_elsewhere(monkeypatch, tmp_path):
    """Call it once what ships has been read: from then on recordings are written to, and read from, ``tmp_path``."""
    return lambda: monkeypatch.setattr(files, "shipped", _into(tmp_path))


@pytest.fixture(scope="module")
def record_tiny(tmp_path_factory):
    """``record_tiny(name, settings of its record(…))`` runs a script on seed 1: (script, what it told, its content).
    ``constants``: other values of the script's own for the while."""

    def record(name: str, *, constants: dict | None = None, **settings):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(files, "shipped", _into(tmp_path_factory.mktemp(name)))
            script, told = recording.script(name), []
            for constant, value in (constants or {}).items():
                patch.setattr(script, constant, value)
            script.record((1,), told.append, **settings)
            return script, told, files.recorded(name)

    return record


@pytest.fixture
def shipped_like(root):
    """``shipped_like(name, content)``: the shipped recording, after a look that it has the parts of ``content``."""

    def read(name: str, content: dict) -> dict:
        path = root / "data" / "runs" / f"{name}.json"
        if not path.is_file():
            pytest.skip(f"{path.name} is not recorded yet: course record {name}")
        shipped = json.loads(path.read_text(encoding="utf-8"))
        assert shipped.keys() == content.keys() and shipped["settings"].keys() == content["settings"].keys()
        return shipped

    return read
