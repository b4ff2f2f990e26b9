"""The script behind D's overfitting by number of digits, in a run of seconds."""

import json

import pytest

from course_lib import files
from course_lib.publish import recording


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder, shipped, told = tmp_path_factory.mktemp("overfitting"), files.shipped, []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "shipped", lambda *p: folder.joinpath(*p) if p[0] == "runs" else shipped(*p))
        script = recording.script("overfitting")
        patch.setattr(script, "DIGITS", (100,))
        script.record((1,), told.append, steps=3)
        return script, told, files.recorded("overfitting")


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


def test_what_ships_has_the_same_shape(tiny, root):
    real = root / "data" / "runs" / "overfitting.json"
    if not real.is_file():
        pytest.skip("overfitting.json is not recorded yet: course record overfitting")
    script, _, content = tiny
    shipped = json.loads(real.read_text(encoding="utf-8"))
    assert shipped.keys() == content.keys() and shipped["settings"].keys() == content["settings"].keys()
    assert list(shipped["runs"]) == list(script.rows())
    shape = content["runs"]["100 digits"]["1"].keys()
    for seeds in shipped["runs"].values():
        assert len(seeds) == 5 and all(numbers.keys() == shape for numbers in seeds.values())
