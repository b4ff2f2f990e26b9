"""The clinic's second opinion: every pair of patient and diagnosis gets a reason that is true of that patient."""

import itertools

import pytest

from course_lib.chapters.ch03_train_a_gan.diagnoses import DIAGNOSES, EXPECTED, LOOK, WHY, second_opinion
from course_lib.errors import CourseError
from course_lib.files import recorded

RUNS = recorded("clinic")["runs"]


def test_every_diagnosis_has_its_patient_and_its_words():
    assert sorted(run["patient"] for run in RUNS.values()) == sorted(DIAGNOSES)
    assert set(EXPECTED) == set(LOOK) == set(WHY)


@pytest.mark.parametrize(("letter", "diagnosis"), itertools.product(RUNS, DIAGNOSES))
def test_an_opinion_has_a_reason_and_does_not_give_the_answer_away(letter, diagnosis):
    truth = RUNS[letter]["patient"]
    right, sentence = second_opinion(RUNS[letter], diagnosis)
    assert right == (diagnosis == truth)
    assert len(sentence) > 40 and sentence.endswith(".")
    if not right:
        assert diagnosis in sentence and truth not in sentence.replace(f"“{diagnosis}”", "")


def test_what_fits_and_is_not_the_cause_is_said_to_fit():
    patient = {letter: run for letter, run in RUNS.items() if run["patient"] == "saturated"}
    sentence = second_opinion(*patient.values(), "discriminator too strong")[1]
    assert "true as far as it goes" in sentence


def test_the_rules_of_the_opinions_are_those_of_the_recording():
    """The script's rules made the diagnoses; the opinions must not judge by others."""
    from course_lib.tools import recording

    for name, _, fits in recording.script("clinic").RULES:
        for run in RUNS.values():
            for measured in run["measured"].values():
                assert fits(measured) == EXPECTED[name][0](measured), (name, measured)


def test_an_unknown_diagnosis_is_refused_with_the_six():
    with pytest.raises(CourseError, match=r"unknown diagnosis 'flu'.*'healthy'.*'saturated'"):
        second_opinion(RUNS["A"], "flu")
