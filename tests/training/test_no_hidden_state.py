"""What a game answers depends on its networks and on what it is asked, not on what it did before: it scores before its
first step, and after resuming or copying as if it had never stopped."""

import copy

import pytest
import torch
from every_trainer import TRAINERS, trainer
from training_games import blobs, runtime, train

from course_lib.errors import CourseError
from course_lib.training import Batch, Game, checkpointed, resume

GAMES = [name for name in TRAINERS if name not in ("VAE", "VAE with classes", "classifier")]
every_game = pytest.mark.parametrize("kind", GAMES)


def score(game):
    """Of pictures that no step has seen, with the dice of a step."""
    real, labels, fake = blobs().images[:8], blobs().labels[:8], blobs().images[40:48]
    networks = [game.generator.eval(), game.discriminator.eval()]
    with torch.no_grad(), runtime().seeded("asked"):
        out = game.score(Batch(real, fake, labels=labels))
    for network in networks:
        network.train()
    assert all(x.shape[1:] == (1,) and len(x) == 8 // game.pack_size for x in out)
    return torch.cat(out)


@every_game
def test_it_scores_before_its_first_step(kind):
    game = trainer(kind)
    assert torch.isfinite(score(game)).all()
    real, fake = game.score(Batch(None, blobs().images[:8]))
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
            real, _ = game.score(Batch(images, fake, labels=labels))
            assert torch.equal(real, game.discriminator(images, labels))
    assert game.score(Batch(None, fake))[0] is None
    for ask in (lambda: game.score(Batch(images, fake)), lambda: game.step(images, runtime())):
        with pytest.raises(
            CourseError, match=r"by their classes: use score\(Batch\(real, fake, labels=labels\)\)"
        ) as refusal:
            ask()
        assert "\n" not in str(refusal.value)


def test_an_infogan_whose_pictures_codes_are_unknown_says_so():
    game = trainer("InfoGAN")
    train(game, 1)
    with pytest.raises(CourseError, match="codes that its pictures were made from"):
        game.g_step(Batch(blobs().images[:8], blobs().images[:8]))


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
        game.score(Batch(blobs().images[:8], blobs().images[:8]))


def test_each_small_method_of_a_game_of_ones_own_is_given_the_whole_batch():
    seen = []

    class Watching(Game):
        def d_step(self, batch):
            seen.append(("d_step", batch))
            return super().d_step(batch)

        def g_step(self, batch):
            seen.append(("g_step", batch))
            return super().g_step(batch)

        def score(self, batch):
            seen.append(("score", batch))
            return super().score(batch)

        def g_loss(self, batch):
            seen.append(("g_loss", batch))
            return super().g_loss(batch)

    plain = trainer("game, relativistic")
    game = Watching(plain.generator, plain.discriminator, "relativistic", batch=8, d_steps=2)
    train(game, 1)
    assert [name for name, _ in seen] == ["d_step", "score", "d_step", "score", "g_step", "g_loss", "score"]
    examples, labels = next(blobs().stream(16, runtime()))
    z = torch.randn(16, 8, generator=runtime().stream("latent", 1))
    for i, half in ((0, slice(0, 8)), (2, slice(8, 16)), (6, slice(8, 16))):
        batch = seen[i][1]
        assert torch.equal(batch.real, examples[half]) and torch.equal(batch.labels, labels[half])
        assert torch.equal(batch.latents, z[half])
    assert [batch.fake.requires_grad for _, batch in seen] == [False] * 4 + [True] * 3
    assert torch.equal(seen[2][1].fake, seen[4][1].fake), "G learns on the last of D's batches"


def test_a_step_without_real_examples_is_refused():
    game, fake = trainer("game, hinge"), blobs().images[:8]
    for ask in (game.d_step, trainer("unrolled").g_step, trainer("feature matching").g_step):
        with pytest.raises(CourseError, match=r"give Batch\(real, fake\) both") as refusal:
            ask(Batch(None, fake))
        assert "\n" not in str(refusal.value)


def test_logits_are_computed_in_the_batchs_precision_and_given_in_float32():
    game, images = trainer("game, hinge"), blobs().images
    game.discriminator.eval()
    half = Batch(images[:8], images[8:16], autocast=lambda: torch.autocast("cpu", torch.bfloat16))
    full, rough = game.score(Batch(images[:8], images[8:16])), game.score(half)
    for a, b in zip(full, rough, strict=True):
        assert a.dtype == b.dtype == torch.float32 and torch.equal(b, b.bfloat16().float()) and not torch.equal(a, b)


def test_a_way_to_ask_of_ones_own_is_handed_the_labels_of_the_real_examples():
    told = []

    def asked(discriminator, shown, labels):
        told.append(labels)
        return discriminator(shown)

    plain = trainer("game, hinge")
    train(Game(plain.generator, plain.discriminator, call_discriminator=asked, batch=8), 1)
    _, labels = next(blobs().stream(8, runtime()))
    of_fake, of_real, of_g = told[-3:]  # batch norm's running averages know the order, and checkpoints hold them
    assert of_fake is None and torch.equal(of_real, labels) and of_g is None
    with pytest.raises(CourseError, match="call_discriminator"):
        Game(plain.generator, plain.discriminator, call_discriminator="by class")


def test_what_else_a_generator_pays_for_changes_its_learning_and_not_its_reported_loss():
    made = []
    for terms in ((), (lambda batch: 100 * batch.fake.mean(),)):
        plain = trainer("game, hinge")
        game = Game(plain.generator, plain.discriminator, "hinge", g_terms=terms, batch=8)
        made.append((train(game, 1)[0].g_loss, game.generator.state_dict(), game.settings().get("g_terms")))
    (loss, weights, none), (same, others, said) = made
    assert loss == same and none is None and "lambda" in said
    assert any(not torch.equal(a, b) for a, b in zip(weights.values(), others.values(), strict=True))
