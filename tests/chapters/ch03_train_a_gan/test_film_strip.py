"""The film strip: the same latents at some steps, and a training that is the same as without it."""

import torch

from course_lib.chapters.ch03_train_a_gan.film import Film
from course_lib.data import load
from course_lib.models import DCDiscriminator, DCGenerator
from course_lib.runtime import Runtime
from course_lib.training import Game


def test_the_same_latents_are_drawn_at_the_stops_and_the_training_does_not_notice():
    runtime = Runtime.auto(device="cpu", seed=1)
    digits, games = load("digits", runtime).take(64), []
    for filmed in (True, False):
        with runtime.seeded("film"):
            game = Game(DCGenerator(8, width=4), DCDiscriminator(4), batch=8)
        film = Film(game, stops=(2, 3, 9), n=4)
        steps = film.of(game.steps(digits, 4, runtime)) if filmed else game.steps(digits, 4, runtime)
        assert steps.total == 4 and steps.trainer is game
        assert [record.step for record in steps] == [1, 2, 3, 4]
        games.append(game)
        if filmed:
            assert list(film.pictures) == [0, 2, 3]
            assert all(images.shape == (4, 1, 28, 28) for images in film.pictures.values())
            assert not torch.equal(film.pictures[0], film.pictures[3])
            assert "The same latents" in film.show("Blots.").alt
    assert torch.equal(games[0].sampler()(5), games[1].sampler()(5))
