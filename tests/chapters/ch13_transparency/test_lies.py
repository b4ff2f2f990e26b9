"""The lies of chapter 13: each says something else, a recording of them in seconds, and what ships has its shape."""

import json

import pytest

from course_lib import audit, zoo
from course_lib.audit.rerun import FAILED, MISSING, REPRODUCED, Finding
from course_lib.chapters.ch13_transparency import doctored, recorded_lies, small
from course_lib.data import load
from course_lib.files import shipped
from course_lib.runtime import Runtime


@pytest.fixture(scope="module")
def tiny(record_tiny):
    return record_tiny("lies", steps=3, samples=60, picked=2)


@pytest.fixture(scope="module")
def honest(tmp_path_factory):
    runtime = Runtime.auto(device="cpu", seed=2)
    data, heldout, judge = (
        load("digits", runtime).take(300),
        load("digits", runtime, split="test").take(150),
        zoo.load("judge"),
    )
    folder = tmp_path_factory.mktemp("lies") / "honest"
    run = audit.train(folder, small.recipe(2, 60), data, heldout, judge, runtime, words={"licence": "mit"}, samples=60)
    (folder / doctored.CARD).write_text(audit.card(run), encoding="utf-8")
    return run


def test_a_tiny_recording_finds_what_can_be_found(tiny):
    _, told, content = tiny
    runs = content["runs"]
    assert len(told) == 1 and runs["no lie"] == {"1": []}
    assert len(runs) == 1 + len(doctored.LIES) + 4
    silent = {name for name, each in runs.items() if not each["1"]}
    assert {"no lie", "a tenth of the energy", "fit for hospitals"} <= silent
    for name in (
        "another hash of the data",
        "a distance 20 % smaller",
        "another seed",
        "one bit of the weights flipped",
    ):
        assert runs[name]["1"], name


def test_what_ships_has_the_same_shape(tiny, shipped_like):
    script, _, content = tiny
    shipped = shipped_like("lies", content)
    said = {name.replace("5 seeds", "2 seeds") for name in shipped["runs"]}
    assert said == set(content["runs"])
    assert all(list(each) == [str(seed) for seed in script.SEEDS] for each in shipped["runs"].values())


@pytest.mark.parametrize("name", doctored.LIES)
def test_a_lie_is_on_the_card_and_the_honest_run_stays_as_it_was(honest, tmp_path, name):
    before = (honest.folder / "run.json").read_bytes()
    spoilt = doctored.lie(honest, tmp_path / "lie", doctored.LIES[name])
    assert (honest.folder / "run.json").read_bytes() == before
    assert spoilt.facts != honest.facts
    assert (spoilt.folder / doctored.CARD).read_text(encoding="utf-8") == audit.card(spoilt)
    assert json.dumps(audit.read(spoilt.folder).facts) == json.dumps(spoilt.facts)


def test_a_lie_on_the_card_only_leaves_the_records(honest, tmp_path):
    spoilt = doctored.on_the_card_only(honest, tmp_path / "card")
    assert spoilt.facts == honest.facts
    assert (spoilt.folder / doctored.CARD).read_text(encoding="utf-8") != audit.card(honest)


def test_one_bit_is_flipped(honest, tmp_path):
    spoilt = doctored.flipped(honest, tmp_path / "bit")
    old, new = ((run.folder / "generator.safetensors").read_bytes() for run in (honest, spoilt))
    assert sum(bin(a ^ b).count("1") for a, b in zip(old, new, strict=True)) == 1


def test_what_an_honest_card_lacks_is_no_lie():
    first = [Finding("ethics", MISSING), Finding("seed", REPRODUCED)]
    assert doctored.caught_by(first, first) == []
    assert doctored.caught_by([*first, Finding("coverage", MISSING), Finding("code", FAILED)], first) == [
        "coverage",
        "code",
    ]


def test_the_reader_counts(monkeypatch):
    runs = {
        "no lie": {"1": [], "2": []},
        "a": {"1": ["x"], "2": ["x", "y"]},
        "b": {"1": [], "2": []},
        "c": {"1": ["x"], "2": []},
    }
    monkeypatch.setattr(recorded_lies, "recorded", lambda name: {"runs": runs})
    lies = recorded_lies.Lies()
    assert lies.runs == 2 and len(lies) == 3 and lies.always() == 1 and lies.never() == {"b"} and lies.caught("c") == 1
    assert lies.rows()[1] == ("a", 2, ["x", "y"])


def test_the_small_game_is_that_of_the_race():
    from course_lib.chapters.ch12_guided_training import race

    runtime = Runtime.auto(device="cpu", seed=4)
    mine, theirs = small.recipe(4).new_game(runtime), race.new_game(runtime)
    assert mine.settings() == theirs.settings()
    assert all((a == b).all() for a, b in zip(mine.generator.parameters(), theirs.generator.parameters(), strict=True))
    assert small.recipe(4).steps == race.SHARED + race.GUIDED
    assert len(small.recorded_distances()) == 10 and shipped("runs", "guided-digits.json").is_file()


def test_what_an_audit_says_is_readable_in_a_table():
    record = {"name": "digits", "split": "test", "sha256": "0123456789abcdef", "classes": {"0": 100}}
    assert doctored.readable(str(record)) == "digits, test, 0123456789ab"
    assert doctored.readable("[0.009, 0.056]") == "0.009 to 0.056 Wh"
    assert doctored.readable("word " * 20).endswith("…")
    assert doctored.readable("Teaching.") == "Teaching."
