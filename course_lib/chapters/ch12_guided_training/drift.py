"""Checkpoints of a training: how far D's maps drift from one to the next, and how good G is by then."""

from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import cosine_similarity

from course_lib.chapters.ch12_guided_training.other_uses import distance, new_game, train
from course_lib.data import ImageData
from course_lib.metrics import judge_outputs
from course_lib.models import Judge
from course_lib.runtime import Runtime
from course_lib.training.guides import saliency


@dataclass(frozen=True)
class Checkpoint:
    """A moment of a training.

    Attributes:
        step: when.
        drift: how far D's maps have turned since the checkpoint before: 1 − cosine, mean over images.
        seen: Fréchet distance to the held-out images that may be used for choosing.
        kept: to others, by which the choice is judged.
    """

    step: int
    drift: float
    seen: float
    kept: float


def checkpoints(
    data: ImageData, heldout: Tensor, judge: Judge, runtime: Runtime, total: int, gap: int, samples: int
) -> list[Checkpoint]:
    """Train, and look every so many steps; the first look only begins the drift.

    Args:
        data: what to imitate.
        heldout: real images; one half is for choosing, the other for judging.
        judge: of digits.
        runtime: seed and device.
        total: steps.
        gap: steps between looks.
        samples: generated for each distance.

    Returns:
        What each look saw, in order, without the first.
    """
    game, found, before = new_game(runtime), [], None
    half = len(heldout) // 2
    seen, kept = (judge_outputs(part, judge)[1] for part in (heldout[:half], heldout[half:]))
    for step in range(gap, total + 1, gap):
        train(game, data, step, runtime)
        maps = saliency(game.discriminator, heldout[:100], 0).flatten(1)
        if before is not None:
            drift = 1 - cosine_similarity(maps, before).mean().item()
            draw = game.sampler(ema=False)
            distances = (distance(draw(samples, seed=k), judge, f) for k, f in ((1, seen), (2, kept)))
            found.append(Checkpoint(step, drift, *distances))
        before = maps
    return found
