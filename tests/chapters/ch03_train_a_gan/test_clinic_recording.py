"""The clinic's script: rules that tell the patients apart, and a recording of seconds."""

import base64
import io

import pytest
from PIL import Image

from course_lib import files
from course_lib.tools import recording

SOUND = {"largest_loss": 2.0, "g_loss": 1.0, "lead": 0.2, "gradient": 3.0, "swings": 0, "variety": 0.4, "digits": 10}


@pytest.fixture
def script():
    return recording.script("clinic")


@pytest.mark.parametrize(
    ("diagnosis", "symptoms"),
    [
        ("healthy", {}),
        ("diverged", {"largest_loss": 101}),
        ("saturated", {"gradient": 0.001, "lead": 0.99}),
        ("discriminator too strong", {"lead": 0.9, "variety": 0.1}),
        ("oscillating", {"swings": 3, "variety": 0.1}),
        ("collapsed", {"variety": 0.1}),
        ("none", {"digits": 8}),
    ],
)
def test_the_first_rule_that_fits_is_the_diagnosis(script, diagnosis, symptoms):
    assert script.diagnose(SOUND | symptoms) == diagnosis


def test_swings_are_counted_between_the_two_levels(script):
    assert script.swings([0.1, 0.4, 0.1, 0.4]) == 0
    assert script.swings([0.1, 0.4, 0.6, 0.3, 0.1, 0.9]) == 3


def test_the_patients_differ_from_the_healthy_one_and_from_each_other(script):
    settings = [tuple(patient.values()) for patient in script.PATIENTS.values()]
    assert len(set(settings)) == len(settings) == 6
    strong, saturated = script.PATIENTS["discriminator too strong"], script.PATIENTS["saturated"]
    assert {key for key in strong if strong[key] != saturated[key]} == {"loss"}


def test_a_tiny_recording_has_what_the_notebook_reads(script, write_elsewhere):
    real = files.recorded("clinic")
    write_elsewhere()
    script.PATIENTS = {name: script.PATIENTS[name] for name in ("saturated", "diverged")}
    told = []
    script.record((1,), told.append, steps=6, points=3)
    content = files.recorded("clinic")
    assert len(told) == 2 and content.keys() == real.keys() and content["settings"].keys() == real["settings"].keys()
    for run in content["runs"].values():
        assert run.keys() == real["runs"]["A"].keys()
        assert run["curves"].keys() == real["runs"]["A"]["curves"].keys()
        assert run["curves"]["step"] == [2, 4, 6] and {len(values) for values in run["curves"].values()} == {3}
        assert list(run["samples"]) == ["2", "4", "6"]
        assert run["measured"]["1"].keys() == real["runs"]["A"]["measured"]["100"].keys()
        image = Image.open(io.BytesIO(base64.b64decode(run["samples"]["6"])))
        assert image.size == (8 * 30 - 2, 2 * 30 - 2)


def test_what_ships_is_small_and_every_patient_has_what_it_is_said_to_have():
    content = files.recorded("clinic")
    assert files.shipped("runs", "clinic.json").stat().st_size < 300_000
    for run in content["runs"].values():
        assert len(run["curves"]["step"]) == 100 and len(run["samples"]) == 3
        right = [m["diagnosis"] == run["patient"] for m in run["measured"].values()]
        assert len(right) == 5 and right[0]  # the first is the one that is shown
