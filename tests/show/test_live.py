"""The live view watches, and changes nothing: neither the training nor, when interrupted, its state."""

import ipywidgets
import pytest
import torch

from course_lib import show
from course_lib.chapters.ch00_start_here import explorer
from course_lib.chapters.ch00_start_here.explorer import latent_explorer
from course_lib.data import load
from course_lib.models import MLPDiscriminator, MLPGenerator
from course_lib.runtime import Runtime
from course_lib.show import watching
from course_lib.training import Game, checkpointed

RUNTIME = Runtime.auto(device="cpu", seed=1)


@pytest.fixture(scope="module")
def digits():
    return load("digits", RUNTIME)


@pytest.fixture
def shown(monkeypatch):
    """What was displayed, first or as an update."""
    pictures = []

    class Handle:
        update = pictures.append

    monkeypatch.setattr("IPython.display.display", lambda thing, **_: pictures.append(thing) or Handle)
    return pictures


def small_game():
    with RUNTIME.seeded("small"):
        return Game(MLPGenerator(8, (8,)), MLPDiscriminator((8,)), batch=16)


def test_headless_runs_to_the_end_and_shows_one_still(digits, shown, monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    game = small_game()
    history = show.live(game.steps(digits, 7, RUNTIME))
    assert len(history) == game.step_number == 7
    assert history["step"] == list(range(1, 8))
    assert len(history["d_loss"]) == 7
    (picture,) = shown
    assert "7 steps" in picture.alt


def test_watching_does_not_change_the_training(digits, shown, monkeypatch):
    monkeypatch.setattr(watching, "headless", lambda: False)
    watched, alone = small_game(), small_game()
    show.live(watched.steps(digits, 9, RUNTIME))
    list(alone.steps(digits, 9, RUNTIME))
    for a, b in zip(watched.generator.parameters(), alone.generator.parameters(), strict=True):
        assert torch.equal(a, b)


def test_widgets_are_redrawn_in_place_and_replaced_by_a_still(digits, shown, monkeypatch):
    monkeypatch.setattr(watching, "headless", lambda: False)
    monkeypatch.setattr(watching, "SHARE_FOR_DRAWING", 1e9)  # draw at each step
    drawn = []
    draw = watching._Widgets.draw

    def spy(self, record, picture):
        draw(self, record, picture)
        drawn.append((self.image.value, self.bar.value, self.text.value))

    monkeypatch.setattr(watching._Widgets, "draw", spy)
    show.live(small_game().steps(digits, 4, RUNTIME))
    assert [value for _, value, _ in drawn] == [1, 2, 3, 4]
    assert len({png for png, _, _ in drawn}) == 4
    assert "images/s" in drawn[-1][2]
    box, still = shown  # one display, and its replacement by a picture that a saved notebook keeps
    assert isinstance(box, ipywidgets.VBox) and isinstance(still, show.Picture)


def test_an_interrupt_keeps_what_was_trained_and_going_on_gives_the_same(digits, shown, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    game, alone = small_game(), small_game()
    steps = game.steps(digits, 10, RUNTIME)
    take = type(steps).__next__

    def stopped_in_the_fourth(self):
        record = take(self)
        if record.step == 4:
            raise KeyboardInterrupt
        return record

    with monkeypatch.context() as patch:
        patch.setattr(type(steps), "__next__", stopped_in_the_fourth)
        history = show.live(steps)
    assert history.interrupted and game.step_number == 4
    assert "nothing is lost" in capsys.readouterr().out
    show.live(game.steps(digits, 6, RUNTIME))
    list(alone.steps(digits, 10, RUNTIME))
    assert torch.equal(game.sampler()(3), alone.sampler()(3))


def test_checkpoints_can_be_watched(digits, shown, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    history = show.live(checkpointed(small_game().steps(digits, 5, RUNTIME), tmp_path / "game.safetensors", every=2))
    assert len(history) == 5 and (tmp_path / "game.safetensors").is_file()


def test_last_is_a_mean_over_the_tail(digits, shown, monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    history = show.live(small_game().steps(digits, 6, RUNTIME))
    assert history.last(2)["g_loss"] == pytest.approx(sum(history["g_loss"][-2:]) / 2, rel=1e-5)
    assert show.History().last() == {}


def test_the_explorers_sliders_change_the_image(monkeypatch):
    monkeypatch.setattr(explorer, "headless", lambda: False)
    sampler = small_game().sampler()
    box = latent_explorer(sampler)
    sliders, image = box.children
    first, second, way, words = sliders.children
    seen = {image.value}
    for slider, value in ((way, 1.0), (second, 40), (way, 0.5), (first, 77)):
        slider.value = value
        seen.add(image.value)
    assert len(seen) == 5
    assert words.value == "50% of the way from seed 77 to seed 40"


def test_where_nobody_watches_the_explorer_is_a_strip(monkeypatch):
    monkeypatch.setenv("COURSE_HEADLESS", "1")
    assert isinstance(latent_explorer(small_game().sampler()), show.Picture)


def test_the_walk_begins_and_ends_where_it_should_and_keeps_its_length():
    a, b = torch.randn(1, 64), torch.randn(1, 64)
    torch.testing.assert_close(explorer.between(a, b, 0.0), a)
    torch.testing.assert_close(explorer.between(a, b, 1.0), b)
    middle = explorer.between(a, b, 0.5).norm()
    assert middle > 0.9 * min(a.norm(), b.norm())  # a straight line would give about 0.7
    torch.testing.assert_close(explorer.between(a, a, 0.3), a)
