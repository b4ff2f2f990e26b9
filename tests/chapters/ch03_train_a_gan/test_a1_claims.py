"""The script behind A1's promises: each row changes one thing, and what it records is what the notebook reads."""

from course_lib import files
from course_lib.tools import recording


def test_a_tiny_recording_has_what_the_notebook_reads(write_elsewhere):
    real = files.recorded("a1-claims")
    write_elsewhere()
    script = recording.script("a1-claims")
    assert set(script.ROWS) == set(real["runs"]) and all(len(change) <= 1 for change in script.ROWS.values())
    script.ROWS = {row: script.ROWS[row] for row in ("A1's own", "3 hidden layers", "500 digits")}
    script.record((1,), lambda line: None, steps=3)
    content = files.recorded("a1-claims")
    assert content.keys() == real.keys() and content["settings"].keys() == real["settings"].keys()
    values = [seeds["1"] for seeds in content["runs"].values()]
    assert len(set(values)) == 3 and min(values) > 0, "a row that changes nothing gives its control's number"
