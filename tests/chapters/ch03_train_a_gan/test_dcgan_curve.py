"""The script behind notebook 03's quality-by-seconds curve, in a run of seconds."""

from course_lib import files
from course_lib.tools import recording


def test_a_tiny_recording_has_what_the_notebook_reads(write_elsewhere):
    real = files.recorded("dcgan-curve")
    write_elsewhere()
    script, told = recording.script("dcgan-curve"), []
    script.POINTS = 2
    script.record((1,), told.append, steps=4)
    content = files.recorded("dcgan-curve")
    assert len(told) == 2 and [p["step"] for p in content["runs"]["1"]] == [2, 4]
    assert real.keys() == content.keys() and real["settings"].keys() == content["settings"].keys()
    shape = content["runs"]["1"][0].keys()
    assert all(point.keys() == shape for points in real["runs"].values() for point in points)
