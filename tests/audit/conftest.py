"""A tiny run, trained once; each test gets a copy that it may spoil."""

import shutil

import pytest

from course_lib import audit, zoo
from course_lib.data import load
from course_lib.runtime import Runtime

RECIPE = audit.Recipe(
    generator_settings={"latent": 8, "hidden": (16,)},
    discriminator_settings={"hidden": (16,)},
    game={"lr": 1e-3, "betas": (0.5, 0.99), "batch": 16, "ema": 0},
    steps=40,
    seed=3,
)
WORDS = {"intended use": "teaching", "out of scope": "reading cheques", "ethics": "MNIST's writers", "licence": "mit"}


@pytest.fixture(scope="session")
def world():
    """Runtime, some data, some held-out data, judge."""
    runtime = Runtime.auto(device="cpu", seed=3)
    return (
        runtime,
        load("digits", runtime).take(300),
        load("digits", runtime, split="test").take(150),
        zoo.load("judge"),
    )


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """A tiny run on all of the digits, which is what the command loads."""
    runtime = Runtime.auto(device="cpu", seed=3)
    data, heldout, judge = load("digits", runtime), load("digits", runtime, split="test"), zoo.load("judge")
    folder = tmp_path_factory.mktemp("whole") / "run"
    run = audit.train(folder, RECIPE, data, heldout, judge, runtime, words=WORDS, samples=60)
    (folder / "README.md").write_text(audit.card(run), encoding="utf-8")
    return run


@pytest.fixture(scope="session")
def made(world, tmp_path_factory):
    runtime, data, heldout, judge = world
    folder = tmp_path_factory.mktemp("made") / "run"
    run = audit.train(folder, RECIPE, data, heldout, judge, runtime, name="tiny", words=WORDS, samples=100)
    (folder / "README.md").write_text(audit.card(run), encoding="utf-8")
    return run


@pytest.fixture
def run(made, tmp_path):
    shutil.copytree(made.folder, tmp_path / "run")
    return audit.read(tmp_path / "run")
