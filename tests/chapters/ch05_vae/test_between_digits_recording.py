"""The script behind the walk between two digits in retrained VAEs, in a run of seconds."""

import pytest

from course_lib.zoo import RECIPES


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("between-digits", steps=2, pairs=10)


def test_a_tiny_recording_has_what_the_lesson_reads(tiny):
    _, told, content = tiny
    (found,) = content["runs"].values()
    assert len(told) == 1 and content["settings"]["steps"] == 2 and content["settings"]["pairs"] == 10
    assert 0 <= found["greyer"] <= 1
    for term in ("undecided", "sure"):
        assert list(found[term]) == ["through z", "pixels", "at the ends"]
        assert all(0 <= share <= 1 for share in found[term].values())


def test_it_is_the_network_that_the_lesson_shows(tiny):
    recipe = RECIPES["vae-beta-1"]
    assert (recipe.steps, dict(recipe.settings)) == (tiny[0].STEPS, {"latent": 10, "beta": 1})


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    shipped = shipped_like("between-digits", tiny[2])
    assert list(shipped["runs"]) == ["100", "101", "102", "103", "104"]
