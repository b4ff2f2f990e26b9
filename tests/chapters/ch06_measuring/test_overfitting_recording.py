"""The script behind D's overfitting by number of digits, in a run of seconds."""

import pytest


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("overfitting", constants={"DIGITS": (100,)}, steps=3)


def test_a_tiny_recording_has_what_the_notebook_reads(tiny):
    _, told, content = tiny
    assert list(content["runs"]) == ["100 digits", "100 digits, DiffAugment"] and len(told) == 2
    assert content["settings"]["steps"] == 3
    plain, augmented = (seeds["1"] for seeds in content["runs"].values())
    assert plain.keys() == augmented.keys() == {"train", "heldout", "fake", "gap", "frechet", "copying"}
    assert plain != augmented, "a row that changes nothing gives its control's number"
    for n in (plain, augmented):
        assert n["gap"] == pytest.approx((n["train"] - n["heldout"]) / (n["train"] - n["fake"]), abs=0.01)
        assert n["frechet"] > 100


def test_the_rows_are_every_number_of_digits_with_and_without_the_augmentation(tiny):
    script = tiny[0]
    rows = script.rows()
    assert sorted(rows.values()) == sorted((n, augment) for n in script.DIGITS for augment in (False, True))
    assert all(f"{n:,} digits" in row and ("DiffAugment" in row) == augment for row, (n, augment) in rows.items())
    assert script.DIGITS[-1] == 4000 and len(script.SEEDS) == 5


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    script, _, content = tiny
    shipped = shipped_like("overfitting", content)
    assert list(shipped["runs"]) == list(script.rows())
    shape = content["runs"]["100 digits"]["1"].keys()
    for seeds in shipped["runs"].values():
        assert len(seeds) == 5 and all(numbers.keys() == shape for numbers in seeds.values())
