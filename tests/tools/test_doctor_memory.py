"""The doctor's line about memory."""

from types import SimpleNamespace

import psutil
import pytest

from course_lib.tools import doctor


@pytest.mark.parametrize(("available", "ok"), [(6.2e9, True), (1.2e9, False)])
def test_little_memory_is_said_with_a_remedy_and_stops_nobody(monkeypatch, available, ok):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(total=8e9, available=available))
    (line,) = doctor.memory()
    assert line.ok is ok and not line.vital
    assert f"8 GB, {available / 1e9:.1f} GB free" in str(line)
    assert ("close other programs" in str(line)) is not ok


def test_without_psutil_there_is_no_line(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "psutil", None)
    assert doctor.memory() == []
