"""What a game answers depends on its networks and on what it is asked, not on what it did before: it scores before its
first step, and after resuming or copying as if it had never stopped."""

import copy

import pytest
import torch
from every_trainer import TRAINERS, trainer
from training_games import blobs, runtime, train

from course_lib.errors import CourseError
from course_lib.training import Game, checkpointed, resume

GAMES = [name for name in TRAINERS if name not in ("VAE", "VAE with classes", "classifier")]
every_game = pytest.mark.parametrize("kind", GAMES)


def score(game):
    """Of pictures that no step has seen, with the dice of a step."""
    real, labels, fake = blobs().images[:8], blobs().labels[:8], blobs().images[40:48]
    also = (labels,) if "conditional" in type(game).__name__.lower() else ()
    networks = [game.generator.eval(), game.discriminator.eval()]
    with torch.no_grad(), runtime().seeded("asked"):
        out = game.score(real, fake, *also)
    for network in networks:
        network.train()
    assert all(x.shape[1:] == (1,) and len(x) == 8 // game.together for x in out)
    return torch.cat(out)


@every_game
def test_it_scores_before_its_first_step(kind):
    game = trainer(kind)
    assert torch.isfinite(score(game)).all()
    real, fake = game.score(None, blobs().images[:8])
    assert real is None and torch.isfinite(fake).all()


@every_game
def test_looking_is_the_same_in_a_game_that_went_on_was_resumed_or_copied(tmp_path, kind):
    whole, first, second = trainer(kind), trainer(kind), trainer(kind, seed=9)
    train(whole, 3)
    steps = first.steps(blobs(), 5, runtime())
    for _ in range(3):
        next(steps)
    list(checkpointed(first.steps(blobs(), 0, runtime()), tmp_path / "c"))
    resume(second, tmp_path / "c")
    scores = [score(game) for game in (whole, first, second, copy.deepcopy(first))]
    assert all(torch.equal(x, scores[0]) for x in scores[1:])


@pytest.mark.parametrize("kind", ["conditional", "conditional, relativistic"])
def test_a_conditional_game_is_told_the_classes_of_what_it_judges_now(kind):
    """Not those of the last batch that it was trained on."""
    game = trainer(kind)
    with torch.no_grad():
        game.discriminator.of_class.weight.mul_(100)
    train(game, 2)
    game.discriminator.eval()
    images, fake = blobs().images[:4], blobs().images[4:8]  # fewer than a batch
    with torch.no_grad():
        for labels in (torch.tensor([0, 0, 0, 0]), torch.tensor([1, 1, 0, 1])):
            real, _ = game.score(images, fake, labels)
            assert torch.equal(real, game.discriminator(images, labels))
    assert game.score(None, fake)[0] is None
    for ask in (lambda: game.score(images, fake), lambda: game.step(images, runtime())):
        with pytest.raises(CourseError, match=r"by their classes: use score\(real, fake, labels\)") as refusal:
            ask()
        assert "\n" not in str(refusal.value)


def test_an_infogan_whose_pictures_codes_are_unknown_says_so():
    game = trainer("InfoGAN")
    train(game, 1)
    with pytest.raises(CourseError, match="codes that its pictures were made from"):
        game.g_step(blobs().images[:8], blobs().images[:8])


def test_an_infogan_reads_the_codes_of_the_latents_that_made_its_pictures():
    game, asked = trainer("InfoGAN"), []
    codes, forward = game.generator.codes, game.generator.forward
    game.generator.codes = lambda z: (asked.append(("read", z.clone())), codes(z))[1]
    game.generator.forward = lambda z: (asked.append(("made", z.clone())), forward(z))[1]
    steps = game.steps(blobs(), 1, runtime())
    asked.clear()
    list(steps)
    made, read = (z for what, z in asked if what == "made"), [z for what, z in asked if what == "read"]
    assert torch.equal(next(made), read[-1])


@pytest.mark.parametrize("where", ["d_step", "g_step"])
def test_a_step_that_fails_leaves_nothing_of_its_batch_behind(where, monkeypatch):
    game = trainer("conditional")

    def fails(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(game, where, fails)
    with pytest.raises(ZeroDivisionError):
        train(game, 1)
    with pytest.raises(CourseError, match="by their classes"):
        game.score(blobs().images[:8], blobs().images[:8])


def test_a_game_of_ones_own_sees_its_batch_while_it_steps_and_not_after():
    seen = []

    class Watching(Game):
        def d_step(self, real, fake):
            seen.append(self._now)
            return super().d_step(real, fake)

    plain = trainer("game, hinge")
    game = Watching(plain.generator, plain.discriminator, "hinge", batch=8, d_steps=2)
    train(game, 1)
    assert game._now is None and [now.latents.shape for now in seen] == [(8, 8), (8, 8)]
    z = torch.randn(16, 8, generator=runtime().stream("latent", 1))
    assert torch.equal(torch.cat([now.latents for now in seen]), z)
