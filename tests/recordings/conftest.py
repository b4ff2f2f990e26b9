"""A folder of a test's own for what a recording's script writes."""

import pytest

from course_lib import files


@pytest.fixture
def write_elsewhere(monkeypatch, tmp_path):
    """Call it once what ships has been read: from then on recordings are written to, and read from, ``tmp_path``."""
    shipped = files.shipped

    def elsewhere(*parts):
        return tmp_path.joinpath(*parts) if parts[0] == "runs" else shipped(*parts)

    return lambda: monkeypatch.setattr(files, "shipped", elsewhere)
