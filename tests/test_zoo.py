"""The zoo: what ships is what its manifest says, and a recipe really remakes a network."""

import dataclasses
import itertools
import json
import shutil
import warnings

import pytest
import torch

from course_lib import files, zoo
from course_lib.data import load
from course_lib.errors import CourseError, DataCorrupt
from course_lib.files import sha256
from course_lib.metrics import evaluate
from course_lib.models import VAE, Judge
from course_lib.runtime import Runtime
from course_lib.training.classifier import accuracy

VAES = [name for name, recipe in zoo.RECIPES.items() if recipe.kind == "vae"]
TINY = zoo.Recipe("dcgan", steps=6, seed=5, settings=(("width", 4), ("latent", 8)))


@pytest.fixture
def empty_zoo(tmp_path, monkeypatch):
    """A zoo folder of its own that holds the judge only."""
    (tmp_path / "zoo").mkdir()
    shutil.copy(files.shipped("zoo", "judge.safetensors"), tmp_path / "zoo")
    judge_only = {"judge": zoo.read_manifest()["judge"]}
    (tmp_path / "zoo" / "manifest.json").write_text(json.dumps(judge_only))
    monkeypatch.setattr(zoo, "shipped", lambda *parts: tmp_path.joinpath(*parts))
    return tmp_path / "zoo"


def test_manifest_lists_every_recipe_with_its_checksum_and_settings():
    manifest = zoo.read_manifest()
    assert set(manifest) == set(zoo.RECIPES)
    for name, entry in manifest.items():
        assert files.sha256(files.shipped("zoo", entry["file"])) == entry["sha256"]
        made_by = json.loads(json.dumps(dataclasses.asdict(zoo.RECIPES[name])))
        assert entry["recipe"] == made_by, f"the recipe of {name} changed: run 'course zoo build {name}'"


def test_the_shipped_files_are_small():
    assert sum(f.stat().st_size for f in files.shipped("zoo").iterdir()) < 25e6


@pytest.mark.parametrize("name", ["judge", "digit-cnn"])
def test_a_classifier_reads_held_out_digits_as_its_manifest_says(name):
    right = accuracy(zoo.load(name), load("digits", split="test"))
    assert right == pytest.approx(zoo.read_manifest()[name]["metrics"]["accuracy"], abs=0.002)
    assert right >= 0.97


def test_the_dcgan_draws_as_its_manifest_says():
    report = evaluate(zoo.load("dcgan-digits"), zoo.load("judge"), load("digits").images)
    said = zoo.read_manifest()["dcgan-digits"]["metrics"]
    assert report.confidence == pytest.approx(said["confidence"], abs=0.01)
    assert report.frechet == pytest.approx(said["frechet"], rel=0.1)
    assert (report.classes, said["classes"]) == (10, 10)
    assert report.confidence >= 0.90 and report.entropy >= 0.95


@pytest.mark.parametrize("name", VAES)
def test_a_vae_encodes_as_its_manifest_says(name):
    recipe, said = zoo.RECIPES[name], zoo.read_manifest()[name]["metrics"]
    vae, now = zoo.load(name), zoo.measure(recipe, files.shipped("zoo", f"{name}.safetensors").read_bytes())
    assert isinstance(vae, VAE) and not vae.training and not any(p.requires_grad for p in vae.parameters())
    assert vae.latent == dict(recipe.settings)["latent"] >= said["active"] == now["active"]
    for term in ("bound", "reconstruction", "kl"):
        assert now[term] == pytest.approx(said[term], rel=0.01, abs=0.05)
    assert said["bound"] == pytest.approx(-said["reconstruction"] - said["kl"], abs=0.02)


def test_more_beta_means_less_in_the_code():
    found = [zoo.read_manifest()[f"vae-beta-{beta:g}"]["metrics"] for beta in sorted(zoo.BETAS)]
    for less, more in itertools.pairwise(found):
        assert more["kl"] < less["kl"] and more["active"] <= less["active"]
        assert more["reconstruction"] > less["reconstruction"]


def test_beta_is_a_setting_of_the_training_not_of_the_network(empty_zoo):
    recipe = zoo.Recipe("vae", steps=3, settings=(("latent", 3), ("width", 4), ("hidden", 8), ("beta", 4)))
    other = dataclasses.replace(recipe, settings=recipe.settings[:-1])  # β = 1
    runtime = Runtime.auto(device="cpu")
    weights, seconds = zoo.train(recipe, runtime)
    assert weights != zoo.train(other, runtime)[0]
    metrics = zoo.save_network("small-vae", recipe, weights, seconds)["metrics"]
    assert metrics["kl"] >= 0 and metrics["active"] in range(4)
    vae = zoo.load("small-vae")
    assert isinstance(vae, VAE) and vae(torch.zeros(2, 3)).shape == (2, 1, 28, 28)


def test_an_unknown_kind_is_refused():
    with pytest.raises(CourseError, match="'judge', 'dcgan', 'vae'"):
        zoo.train(zoo.Recipe("flow", steps=1), Runtime.auto(device="cpu"))


def test_a_recipe_remakes_the_same_file_and_its_manifest_entry_is_true(empty_zoo):
    runtime = Runtime.auto(device="cpu", seed=TINY.seed)
    first, _ = zoo.train(TINY, runtime)
    again, _ = zoo.train(TINY, runtime)
    other, _ = zoo.train(TINY, runtime.with_seed(6))
    assert first == again
    assert first != other
    entry = zoo.save_network("tiny", TINY, first, seconds=1.0)
    assert entry["sha256"] == files.sha256(empty_zoo / "tiny.safetensors")
    sampler = zoo.load("tiny")
    assert sampler(3).shape == (3, 1, 28, 28)
    assert not any(p.requires_grad for p in sampler.generator.parameters())
    report = evaluate(sampler, zoo.load("judge"), load("digits").images)
    assert entry["metrics"]["frechet"] == pytest.approx(report.frechet, rel=1e-3)


def test_training_changes_what_the_recipe_makes():
    """The test above would also pass if training did nothing."""
    runtime = Runtime.auto(device="cpu", seed=TINY.seed)
    assert zoo.train(TINY, runtime)[0] != zoo.train(dataclasses.replace(TINY, steps=5), runtime)[0]


def test_the_judge_recipe_gives_a_judge(empty_zoo):
    recipe = zoo.Recipe("judge", steps=3, settings=(("width", 4),))
    weights, seconds = zoo.train(recipe, Runtime.auto(device="cpu"))
    assert seconds > 0
    zoo.save_network("small-judge", recipe, weights, seconds)
    judge = zoo.load("small-judge")
    assert isinstance(judge, Judge) and not judge.training
    assert judge(torch.zeros(2, 1, 28, 28)).shape == (2, 10)


def test_a_damaged_file_is_refused_and_stays(empty_zoo):
    path = empty_zoo / "judge.safetensors"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    found, expected = sha256(path)[:8], zoo.read_manifest()["judge"]["sha256"][:8]
    with pytest.raises(DataCorrupt, match=rf"judge\.safetensors is .*{found} and {expected} .*'course zoo build judge"):
        zoo.load("judge")
    assert path.read_bytes() == bytes(content) and len(list(empty_zoo.iterdir())) == 2


def test_building_keeps_a_file_that_the_manifest_does_not_know(empty_zoo):
    recipe = zoo.Recipe("judge", steps=1, settings=(("width", 4),))
    weights = zoo.train(recipe, Runtime.auto(device="cpu"))[0]
    (empty_zoo / "mine.safetensors").write_bytes(b"somebody's own")
    with pytest.warns(UserWarning, match=r"mine\.safetensors was not the zoo's: it is kept as 'mine\.safetensors\.cor"):
        zoo.save_network("mine", recipe, weights, 1)
    assert (empty_zoo / "mine.safetensors.corrupt-1").read_bytes() == b"somebody's own"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        zoo.save_network("mine", recipe, weights, 1)  # its own it replaces
    assert zoo.load("mine") and len(list(empty_zoo.glob("mine*"))) == 2


def test_unknown_names_list_the_valid_ones(empty_zoo):
    with pytest.raises(CourseError, match="'judge', 'digit-cnn', 'dcgan-digits'"):
        zoo.load("stylegan")
    with pytest.raises(CourseError, match="course zoo build dcgan-digits"):
        zoo.load("dcgan-digits")
    with pytest.raises(CourseError, match="unknown network 'nobody'"):
        zoo.build(["judge", "nobody"])
    assert sorted(p.name for p in empty_zoo.iterdir()) == ["judge.safetensors", "manifest.json"]
