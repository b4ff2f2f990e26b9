"""An audit reproduces an honest run, and says of a spoilt one which point is spoilt."""

import json
import math
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from course_lib import audit
from course_lib.audit import rerun
from course_lib.audit import run as runs
from course_lib.errors import CourseError
from course_lib.files import atomic_write, sha256


def verdicts(run, world, **settings):
    runtime, data, heldout, judge = world
    return {one.point: one.verdict for one in audit.audit(run, data, heldout, judge, runtime, **settings)}


def spoilt(run, **changes):
    """The run with other facts, whose card is written anew from them: a lie that is consistent."""
    facts = run.facts | changes
    atomic_write(run.folder / "run.json", json.dumps(facts))
    new = audit.read(run.folder)
    atomic_write(run.folder / "README.md", audit.card(new))
    return new


def test_an_honest_run_is_reproduced_to_the_bit(run, world):
    found = verdicts(run, world)
    assert found.pop("energy") == rerun.UNCHECKABLE
    assert all(found.pop(name) == rerun.UNCHECKABLE for name in runs.WORDS)
    assert set(found.values()) == {rerun.REPRODUCED}, found


def test_a_game_that_was_trained_step_by_step_is_kept_as_train_keeps_it(made, world, tmp_path):
    runtime, data, heldout, judge = world
    game = made.recipe.new_game(runtime)
    keeping = {"seconds": 1.0, "name": "tiny", "words": made.facts["words"], "samples": 100}

    def keep(recipe):
        return audit.keep(tmp_path / "run", game, recipe, data, heldout, judge, runtime, **keeping)

    for _ in game.steps(data, 25, runtime):
        pass
    with pytest.raises(CourseError, match="made 25 steps and the recipe says 40"):
        keep(made.recipe)
    for _ in game.steps(data, 15, runtime):
        pass
    with pytest.raises(CourseError, match="other settings"):
        keep(replace(made.recipe, game=made.recipe.game | {"lr": 1e-4}))
    with pytest.raises(CourseError, match="'fun'"):
        keeping["words"] = {"fun": "much"}
        keep(made.recipe)
    keeping["words"] = made.facts["words"]
    for same in ("files", "measures", "shares", "recipe", "data"):
        assert keep(made.recipe).facts[same] == made.facts[same], same


def test_each_record_that_is_changed_is_found(run, world):
    data, measures = run.facts["data"], run.facts["measures"]
    better = measures | {"frechet": measures["frechet"] | {"value": measures["frechet"]["low"] * 0.8}}
    lies = {
        "data: sha256": {"data": data | {"sha256": "0" * 64}},
        "data: pictures": {"data": data | {"pictures": 60_000}},
        "held-out data": {"data": data | {"held out": data["held out"] | {"name": "mine"}}},
        "shares of the classes": {"shares": run.facts["shares"] | {"8": 0.1}},
        "code": {"code": run.facts["code"] | {"sha256": "0" * 64}},
        "measure frechet": {"measures": better},
        "training from its seed": {"recipe": run.facts["recipe"] | {"steps": 1, "seed": 8}},
    }
    for point, lie in lies.items():
        assert verdicts(spoilt(run, **lie), world)[point] == rerun.FAILED, point


def test_a_measure_within_its_draws_is_tolerated(run, world):
    one = run.facts["measures"]["frechet"]
    inside = run.facts["measures"] | {"frechet": one | {"value": one["low"] + 0.25 * (one["high"] - one["low"])}}
    assert verdicts(spoilt(run, measures=inside), world)["measure frechet"] in (rerun.TOLERATED, rerun.REPRODUCED)


def test_what_is_left_out_is_missing(run, world):
    kept = {k: v for k, v in run.facts["measures"].items() if k != "precision"}
    some = dict(list(run.facts["failures"].items())[1:])
    gone = next(iter(run.facts["failures"]))
    found = verdicts(spoilt(run, measures=kept, failures=some, words={}), world)
    assert found["measure precision"] == found[f"failure: {gone}"] == found["ethics"] == rerun.MISSING
    (run.folder / "README.md").unlink()
    assert verdicts(audit.read(run.folder), world)["model card"] == rerun.MISSING


def test_a_narrower_range_and_a_kinder_sentence_are_found(run, world):
    one = run.facts["measures"]["frechet"]
    narrow = run.facts["measures"] | {"frechet": one | {"low": one["value"] - 0.01, "high": one["value"] + 0.01}}
    assert verdicts(spoilt(run, measures=narrow), world)["measure frechet"] == rerun.FAILED
    name = next(iter(run.facts["failures"]))
    kind = run.facts["failures"] | {name: "Nearly every class is drawn."}
    assert verdicts(spoilt(run, failures=kind), world)[f"failure: {name}"] == rerun.FAILED


def test_an_invented_failure_is_not_found_again(run, world):
    found = verdicts(spoilt(run, failures=run.facts["failures"] | {"copying": "It copies."}), world)
    assert found["failure: copying"] == rerun.FAILED


def test_a_card_that_says_more_than_the_records_is_found(run, world):
    text = (run.folder / "README.md").read_text(encoding="utf-8")
    value = round(run.facts["measures"]["frechet"]["value"], 4)
    (run.folder / "README.md").write_text(text.replace(f"value: {value}", "value: 1.0"), encoding="utf-8")
    assert verdicts(run, world)["card: frechet"] == rerun.FAILED
    (run.folder / "README.md").write_text(text + "\nBest of all.\n", encoding="utf-8")
    assert verdicts(run, world)["card: text"] == rerun.FAILED


def test_a_flipped_bit_and_weights_that_are_none(run, world):
    path = run.folder / runs.WEIGHTS
    old = path.read_bytes()
    path.write_bytes(old[:-1] + bytes([old[-1] ^ 1]))
    assert verdicts(run, world)[f"file {runs.WEIGHTS}"] == rerun.FAILED
    path.write_bytes(b"nonsense")
    assert verdicts(run, world)["measures"] == rerun.FAILED
    path.unlink()
    assert verdicts(run, world)[f"file {runs.WEIGHTS}"] == rerun.MISSING


def test_weights_of_another_training_are_found_though_all_hashes_fit(run, world):
    runtime, data, heldout, judge = world
    other = replace(run.recipe, steps=400)
    longer = audit.train(run.folder, other, data, heldout, judge, runtime, words=run.facts["words"], samples=100)
    lie = spoilt(longer, recipe=run.recipe.facts())
    assert lie.facts["files"][runs.WEIGHTS] == sha256(run.folder / runs.WEIGHTS)
    assert verdicts(lie, world)["training from its seed"] == rerun.FAILED


def test_on_a_machine_that_rounds_otherwise_pictures_are_compared(run, world, monkeypatch):
    elsewhere = spoilt(run, arithmetic="0" * 64)
    assert verdicts(elsewhere, world)["training from its seed"] == rerun.REPRODUCED  # here the bits are the same
    monkeypatch.setattr(rerun, "weights_of", lambda game: runs.weights_of(game)[:-1] + b"?")
    assert verdicts(elsewhere, world)["training from its seed"] == rerun.TOLERATED
    assert verdicts(spoilt(run), world)["training from its seed"] == rerun.FAILED
    measures = run.facts["measures"]
    far = measures | {"frechet": measures["frechet"] | {"value": measures["frechet"]["value"] * 2}}
    found = verdicts(spoilt(run, arithmetic="0" * 64, measures=far), world)
    assert found["training from its seed"] == rerun.FAILED


def test_where_a_picked_seed_lies(monkeypatch):
    fresh = [50.0, 52.0, 48.0, 51.0, 49.0]
    assert rerun._picked(50.0, fresh).verdict == rerun.TOLERATED
    assert rerun._picked(30.0, fresh).verdict == rerun.FAILED
    assert rerun._picked(30.0, fresh[:1]).verdict == rerun.UNCHECKABLE
    assert "better than 5 of 5" in rerun._picked(30.0, fresh).found and "1 of 6" in rerun._picked(30.0, fresh).found


def test_other_seeds_are_trained_and_differ(run, world):
    found = {one.point: one for one in audit.audit(run, *world[1:], world[0], others=2)}["its seed among others"]
    values = [float(word) for word in found.said.split(": ")[1].split(", ")]
    assert len(set(values)) == 2 and all(math.isfinite(v) and v > 0 for v in values)


@pytest.mark.parametrize(("flaw", "code"), [(None, 0), ("seed", 1)])
def test_the_command_audits_in_a_process_of_its_own(whole, flaw, code, monkeypatch, tmp_path):
    shutil.copytree(whole.folder, tmp_path / "run")
    run = audit.read(tmp_path / "run")
    if flaw:
        spoilt(run, recipe=run.facts["recipe"] | {"steps": 1})
    command = [sys.executable, "-m", "course_lib.cli", "audit", str(run.folder)]
    monkeypatch.setenv("PYTHONPATH", "/nowhere")  # must not reach the clean process
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert ("0 of" in done.stdout) == (not flaw) and "transparency: 14 of 14" in done.stdout


def test_the_command_wants_a_run_and_both_halves_of_a_signature(tmp_path, run):
    for words, parts in (("has no run.json", [str(tmp_path)]), ("both --signature", [str(run.folder), "--key", "x"])):
        command = [sys.executable, "-m", "course_lib.cli", "audit", *parts]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 2 and words in done.stderr
