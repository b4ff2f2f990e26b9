"""The learner's own GAN: kept, offered again, never lost; the course's twin where none is kept and in headless runs."""

import pytest
import torch

from course_lib import files
from course_lib.chapters.ch03_train_a_gan.recordings import own_gan
from course_lib.data import load
from course_lib.errors import CourseError
from course_lib.learn import mine
from course_lib.models import DCDiscriminator, DCGenerator, MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.show import History
from course_lib.training import Game


@pytest.fixture
def runtime():
    return Runtime.auto(device="cpu", seed=3)


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setattr(mine, "headless", lambda: False)
    monkeypatch.setenv("COURSE_WORKSPACE", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def trained():
    runtime, history = Runtime.auto(device="cpu", seed=3), History()
    with runtime.seeded("own"):
        game = Game(DCGenerator(8, width=4), DCDiscriminator(4, norm="spectral", head="pool"), batch=8)
    for record in game.steps(load("digits", runtime).take(64), 3, runtime):
        history.add(record)
    return game, history


def test_what_is_kept_comes_back_to_the_last_bit(workspace, runtime, trained, capsys):
    game, history = trained
    mine.keep(game, history, runtime)
    assert "Kept: your GAN after 3 steps." in capsys.readouterr().out
    own = mine.load(runtime)
    assert own.own and own.about.startswith("your own GAN, kept on 20") and own.about.endswith(": 3 steps, seed 3")
    torch.testing.assert_close(own.sampler(5, seed=1), game.sampler()(5, seed=1), atol=1e-6, rtol=0)
    images = load("digits", runtime).images[:4]
    game.discriminator.eval()
    assert torch.allclose(own.discriminator(images), game.discriminator(images), atol=1e-6)
    for net, trained_one in ((own.discriminator, game.discriminator), (own.generator, game.sampler().generator)):
        kept, made = net.state_dict(), trained_one.state_dict()
        assert kept.keys() == made.keys() and all(torch.equal(kept[name], made[name]) for name in made)
    assert own.curves["step"] == [1, 2, 3] and own.curves["d_loss"] == pytest.approx(history["d_loss"])
    assert not any(p.requires_grad for p in own.generator.parameters()) and not own.generator.training


def test_of_a_long_see_saw_means_are_kept_not_single_values(trained):
    n = 5 * mine.POINTS - 1  # the last block has four values
    see_saw = {"step": list(range(1, n + 1)), "d_fake": [0.2 if i % 2 else 0.8 for i in range(n)]}
    kept = mine.packed(trained[0], see_saw, seed=3)[1]["curves"]
    assert len(kept["step"]) == len(kept["d_fake"]) == mine.POINTS
    assert kept["step"][0] == 3 and kept["step"][-1] == 997.5
    assert max(abs(value - 0.5) for value in kept["d_fake"]) <= 0.3 / 5 + 1e-9


def test_the_twin_ships_and_draws_what_the_lesson_trains(runtime):
    twin = mine.load(runtime)
    assert not twin.own and twin.about == "the course's twin of the GAN that lesson 03.3 trains: 1,000 steps, seed 0"
    assert twin.sampler(2).shape == (2, 1, 28, 28) and twin.discriminator(twin.sampler(2)).shape == (2, 1)
    assert len(twin.curves["step"]) == len(twin.curves["g_loss"]) == mine.POINTS


def test_headless_runs_use_the_twin_and_keep_nothing(workspace, runtime, trained, monkeypatch, capsys):
    mine.keep(*trained, runtime)
    monkeypatch.setattr(mine, "headless", lambda: True)
    assert not mine.load(runtime).own
    (workspace / ".course" / "mine" / mine.FACTS).unlink()
    mine.keep(*trained, runtime)
    assert "Not kept" in capsys.readouterr().out and not (workspace / ".course" / "mine" / mine.FACTS).exists()


@pytest.mark.parametrize("part", [mine.WEIGHTS, mine.FACTS])
def test_what_cannot_be_read_is_set_aside_and_said(workspace, runtime, trained, part, capsys):
    mine.keep(*trained, runtime)
    place = workspace / ".course" / "mine"
    (place / part).write_bytes(b"{}")
    assert not mine.load(runtime).own
    assert "could not be read: it is kept as gan.safetensors.corrupt-1" in capsys.readouterr().out
    assert (place / "gan.safetensors.corrupt-1").is_file()


def test_a_full_disk_stops_no_lesson(workspace, runtime, trained, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "atomic_write", full)
    mine.keep(*trained, runtime)
    assert "Not kept (No space left on device)" in capsys.readouterr().out


def test_other_networks_and_an_untrained_game_are_refused(runtime):
    with pytest.raises(
        CourseError, match="only a DCGenerator with a DCDiscriminator is kept, got MLPGenerator and MLP"
    ):
        mine.keep(Game(MLPGenerator(), MLPDiscriminator()), History(), runtime)
    with pytest.raises(CourseError, match="has not made a step"):
        mine.keep(Game(DCGenerator(8, 4), DCDiscriminator(4)), History(), runtime)


def test_the_twin_is_remade_by_its_command(tmp_path, monkeypatch, runtime):
    monkeypatch.setattr(files, "shipped", lambda *parts: tmp_path.joinpath(*parts))
    own_gan.record(tell=lambda _: None, steps=2)
    assert mine.load(runtime).about.endswith(": 2 steps, seed 0")
