"""The trainings of lesson 13.6 and the attacks on them: who was in the training data?"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from course_lib.audit import membership
from course_lib.data import ImageData
from course_lib.metrics import frechet_distance, judge_outputs
from course_lib.models import MLPVAE, DCDiscriminator, DCGenerator, Judge
from course_lib.runtime import Runtime
from course_lib.training import DiffAugment, Game, VAETrainer

LATENT, MEMBERS = 10, 1000  # of the VAE; at most so many members are asked about
LOOKS = (50, 250, 1000)  # after as many steps; 200, 1,000 and 4,000 digits have then been seen as often


def new_game(runtime: Runtime, *, augment: bool = False) -> Game:
    """A small DCGAN before its first step.

    Args:
        runtime: its seed decides the weights.
        augment: whether D sees everything shifted and cut (DiffAugment).
    """
    with runtime.seeded("weights"):
        networks = DCGenerator(64, 16), DCDiscriminator(16)
    return Game(*networks, views=[DiffAugment(("translation", "cutout"))] if augment else [])


def new_vae(runtime: Runtime) -> VAETrainer:
    """Article A2's VAE with ten latents, before its first step; pixels are drawn black or white.

    Args:
        runtime: its seed decides the weights.
    """
    with runtime.seeded("weights"):
        return VAETrainer(MLPVAE(LATENT), batch=32, binary=True)


def train(trainer: Game | VAETrainer, data: ImageData, upto: int, runtime: Runtime) -> None:
    """Go on until so many steps were made.

    Args:
        trainer: a game or a VAE.
        data: the members.
        upto: steps, from the beginning.
        runtime: seed and device.
    """
    for _ in trainer.steps(data, max(upto - trainer.step_number, 0), runtime):
        pass


def others(digits: ImageData, n: int) -> ImageData:
    """As many other digits of the training set: those after the first n.

    Args:
        digits: the whole set.
        n: how many.
    """
    rows = slice(n, 2 * n)
    return replace(digits, images=digits.images[rows], labels=digits.labels[rows], sha256=f"{digits.sha256} after {n}")


def score_by(trainer: Game | VAETrainer, reference: VAETrainer | None = None) -> Callable[[Tensor], Tensor]:
    """The white-box score: D's logit, or the VAE's bound.

    Args:
        trainer: asked as it stands at each call.
        reference: another VAE, of other data, whose bound is subtracted: how hard is the picture for anybody?

    Returns:
        Images ``(N, 1, 28, 28)`` → a number each.
    """

    def score(images: Tensor) -> Tensor:
        if isinstance(trainer, Game):
            return membership.logit_scores(trainer.discriminator, images)
        own = membership.bound_scores(trainer.vae, images)
        return own if reference is None else own - membership.bound_scores(reference.vae, images)

    return score


def nearest_pairs(apart: Tensor, at: Tensor, n: int) -> Tensor:
    """The samples nearest to a member, at most one for each member.

    Args:
        apart: distance of each sample to its nearest member, ``(N,)``.
        at: which member that is, ``(N,)``.
        n: how many samples; fewer where fewer members are nearest to any.

    Returns:
        Places of the samples, nearest first.
    """
    kept: dict[int, int] = {}
    for place in apart.argsort().tolist():
        kept.setdefault(int(at[place]), place)
    return torch.tensor(list(kept.values())[:n])


def pull(samples: Tensor, members: Tensor, others: Tensor) -> membership.Share:
    """Which share of the samples lies nearer to the members than to as many other images?

    Args:
        samples: flat, ``(N, d)``.
        members, others: flat, ``(M, d)`` each.

    Returns:
        The share, with two standard errors on each side.
    """
    near, far = (torch.cdist(samples, heap).min(1).values for heap in (members, others))
    share = (near < far).double().mean().item()
    leeway = 2 * (share * (1 - share) / len(samples)) ** 0.5
    return membership.Share(share, share - leeway, share + leeway)


def numbers(score: Callable[[Tensor], Tensor], members: Tensor, outsiders: Tensor) -> dict[str, float]:
    """AUC and hits of a score, without intervals.

    Args:
        score: images → a number each.
        members, outsiders: images.

    Returns:
        "auc" and "hits".
    """
    ours, theirs = score(members), score(outsiders)
    return {"auc": round(membership.auc(ours, theirs), 4), "hits": round(membership.hit_rate(ours, theirs), 4)}


def watched(
    trainer: Game | VAETrainer,
    data: ImageData,
    outsiders: Tensor,
    judge: Judge,
    runtime: Runtime,
    looks: Sequence[int] = LOOKS,
    samples: int = 2000,
) -> dict[str, dict[str, Any]]:
    """Train, and attack after so many steps each.

    Args:
        trainer: before its first step.
        data: the members.
        outsiders: images of the same source.
        judge: of digits, for the Fréchet distance to the outsiders.
        runtime: seed and device.
        looks: steps, increasing.
        samples: that the black-box attack has; the first quarter is measured.

    Returns:
        Step → "white" and "black", each {"auc", "hits"}, and "frechet".
    """
    found: dict[str, dict[str, Any]] = {}
    members, real = data.images[:MEMBERS], judge_outputs(outsiders, judge)[1]
    for step in looks:
        train(trainer, data, step, runtime)
        drawn = trainer.sampler()(samples)
        far = frechet_distance(judge_outputs(drawn[: max(samples // 4, 2)], judge)[1], real)

        def black(images: Tensor, drawn: Tensor = drawn) -> Tensor:
            return membership.nearest_scores(drawn, images)

        found[str(step)] = {
            "white": numbers(score_by(trainer), members, outsiders),
            "black": numbers(black, members, outsiders),
            "frechet": round(far, 2),
        }
    return found
