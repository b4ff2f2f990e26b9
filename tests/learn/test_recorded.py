"""A live line beside the recorded runs: what every machine is asked, and what only shows its value."""

import json
from types import SimpleNamespace

import pytest

from course_lib import files
from course_lib.learn import recorded
from course_lib.learn.claims import Claims, failed


def claim(statement, values, held, **more):
    return {"statement": statement, "bound": "≥ 7", "values": values, "held": held, "n": len(values), **more}


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Two seeds in two arithmetics: one statement holds in all runs, one in two of four, one is about four seeds."""
    native = [
        claim("always", [8, 7], 2),
        claim("mostly", [8, 7], 2),
        claim("truly", [True, True], 2),
        claim("of seeds", [8, 8, 7, 5], 3, stood=2),
    ]
    avx2 = [
        claim("always", [9, 7], 2),
        claim("mostly", [5.5, None], 0),
        claim("truly", [True, False], 1),
        claim("of seeds", [8, 8, 7, 5], 3, stood=2),
    ]
    runs = {one: {"seeds": [100, 101], "claims": found} for one, found in (("native", native), ("avx2", avx2))}
    (tmp_path / "claims.json").write_text(json.dumps({"notebooks": {"91_x": runs}}))
    monkeypatch.setattr(files, "shipped", lambda *parts: tmp_path.joinpath(*parts))
    return tmp_path


def claims(profile="course", **more):
    return Claims("91_x", SimpleNamespace(seed=0, profile=profile), **more)


def test_what_was_recorded_of_a_statement(shipped):
    assert recorded.find_claim("91_x", "always") == recorded.Recorded(4, 4, (8, 7, 9, 7))
    assert recorded.find_claim("91_x", "mostly") == recorded.Recorded(2, 4, (8, 7, 5.5))
    assert recorded.find_claim("91_x", "of seeds") == recorded.Recorded(4, 4, ())
    assert recorded.find_claim("91_x", "new words") is recorded.find_claim("92_y", "always") is None


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("always", "✗ always (not met: see the claims table)"),
        ("new words", "✗ new words (not met: see the claims table)"),
    ],
)
def test_what_held_in_every_run_or_is_new_is_asked_of_this_one(shipped, capsys, statement, line):
    this = claims()
    this.at_least(statement, 6, 7)
    assert capsys.readouterr().out == line + "\n"
    assert failed(this.records[0])


@pytest.mark.parametrize(("value", "here"), [(6, "6"), (7.25, "7.25")])
def test_what_did_not_hold_in_every_run_shows_its_value_beside_them(shipped, capsys, value, here):
    this = claims()
    this.at_least("mostly", value, 7)
    assert capsys.readouterr().out == f"~ mostly: here {here}; recorded runs: 5.5 to 8, held in 2 of 4\n"
    assert not failed(this.records[0])
    this.table()
    page = capsys.readouterr().out
    assert "0 of 0 hold; 1 more are not judged here (~)" in page
    assert ("~ no here" if value < 7 else "~ yes here") + ", in 2 of 4 recorded runs" in page


def test_truths_and_refusals(shipped, capsys):
    this = claims()
    this.true("truly", False)
    assert capsys.readouterr().out == "~ truly: here false; recorded runs: true 3 times, held in 3 of 4\n"
    this.at_least("mostly", float("nan"), 7)  # cannot be judged at all: that is a fault on every machine
    assert failed(this.records[1])
    assert capsys.readouterr().out.startswith("✗ mostly (refused: ")


def test_a_seed_claim_is_enforced_when_it_stood_in_each_run(shipped, capsys):
    this = claims()
    this.over_seeds("of seeds", [8, 8, 5], 7, at_least=2)
    assert capsys.readouterr().out == "✓ of seeds\n"


@pytest.mark.parametrize("held", [True, False])
def test_smoke_judges_nothing(shipped, capsys, held):
    this = claims("smoke")
    this.true("always", held)
    assert capsys.readouterr().out == "~ always (not judged in smoke)\n"
    assert not failed(this.records[0])


def test_a_rehearsal_shows_its_mark(shipped, capsys):
    claims(rehearsal=True).at_least("mostly", 6, 7)
    assert capsys.readouterr().out == "✗ mostly (not met: see the claims table)\n"


def test_a_damaged_file_does_not_stop_a_notebook(shipped, capsys):
    (shipped / "claims.json").write_text("{")
    claims().at_least("always", 8, 7)
    assert capsys.readouterr().out == "✓ always\n"
