"""What lesson 13.5 does to marked pictures, and in which share of them the mark is heard afterwards."""

from functools import cache

import torch
from torch import Tensor, nn

from course_lib import zoo
from course_lib.audit import edits, watermark
from course_lib.audit.detector import cut_off, rate
from course_lib.metrics import frechet_distance, judge_outputs
from course_lib.models import VAE, Judge
from course_lib.training import Sampler

FALSE_ALARMS = 0.01
PLAIN, LESS = 1, 3  # sides of the squares whose mean is subtracted before listening
LISTENING = {"plain": PLAIN, "minus the 3 × 3 mean": LESS}


@cache
def _vae() -> VAE:
    vae = zoo.load("vae-beta-1")
    assert isinstance(vae, VAE)
    return vae


@torch.no_grad()
def drawn_again(images: Tensor) -> Tensor:
    """Coded and decoded by the zoo's VAE: a picture much like it, no pixel of which is the old one.

    Args:
        images: ``(N, 1, 28, 28)`` in [−1, 1].
    """
    return edits.eight_bit(_vae().reconstruct(images))


EDITS: dict[str, edits.Edit] = {
    "nothing": lambda x: x,
    "JPEG 75": edits.jpeg,
    "JPEG 50": lambda x: edits.jpeg(x, 50),
    "noise 0.1": lambda x: edits.noisy(x, 0.1),
    "moved by one pixel": edits.shifted_by,
    "cropped by two": edits.cropped,
    "blurred 3 × 3": edits.blurred,
    "half size and back": edits.halved,
    "drawn again by a VAE": drawn_again,
}


def survival(images: Tensor, key: Tensor, unmarked: Tensor, side: int = LESS) -> dict[str, float]:
    """In which share of the images the mark is heard after each edit.

    Args:
        images: marked ``(N, 1, 28, 28)``.
        key: the mark's.
        unmarked: real pictures, of which 1 % lie above the threshold.
        side: of the squares whose mean is subtracted.

    Returns:
        Edit → share.
    """
    threshold = cut_off(watermark.hear(unmarked, key, side), FALSE_ALARMS)
    return {name: round(rate(watermark.hear(do(images), key, side), threshold), 4) for name, do in EDITS.items()}


def same_reading(images: Tensor, changed: Tensor, judge: Judge) -> float:
    """In which share the judge reads the same digit.

    Args:
        images, changed: ``(N, 1, 28, 28)`` each.
        judge: of digits.
    """
    read = [judge_outputs(x, judge)[0].argmax(1) for x in (images, changed)]
    return (read[0] == read[1]).float().mean().item()


def attacked(marked: Tensor, others: Tensor, key: Tensor, real: Tensor, fresh: Tensor) -> dict[str, float]:
    """The averaging attack: the key estimated, subtracted from other marked pictures, and added to real ones.

    Args:
        marked: what the attacker has collected ``(N, …)``.
        others: real pictures that he has.
        key: the true one, to judge him by.
        real: held-out real pictures, that he marks.
        fresh: marked pictures, that he cleans.

    Returns:
        "likeness" of his key to the true one; "heard", the share of cleaned pictures (his key subtracted once) in which
        the mark is heard; "too quiet", that below the threshold on the other side; "forged", that of real ones, his
        key added 1.5 times, in which it is heard; "psnr" of the cleaned ones beside the marked.
    """
    unmarked = watermark.hear(others, key)
    threshold, quietest = cut_off(unmarked, FALSE_ALARMS), -cut_off(-unmarked, FALSE_ALARMS)
    guess = watermark.estimate_key(marked, others)
    cleaned, forged = watermark.mark(fresh, guess, -1), watermark.mark(real, guess, 1.5)
    found = {
        "likeness": watermark.likeness(guess, key),
        "heard": rate(watermark.hear(cleaned, key), threshold),
        "too quiet": rate(-watermark.hear(cleaned, key), -quietest),
        "forged": rate(watermark.hear(forged, key), threshold),
        "psnr": watermark.psnr(fresh, cleaned),
    }
    return {name: round(value, 4) for name, value in found.items()}


def target(key: Tensor, unmarked: Tensor) -> float:
    """How loud a trained mark shall be: twice the threshold.

    Args:
        key: the mark's.
        unmarked: real pictures that set the threshold.
    """
    return 2 * cut_off(watermark.hear(unmarked, key), FALSE_ALARMS)


def distance(images: Tensor, real_features: Tensor, judge: Judge) -> float:
    """Fréchet distance in the judge's features.

    Args:
        images: ``(N, 1, 28, 28)``.
        real_features: of held-out digits.
        judge: of digits.
    """
    return frechet_distance(judge_outputs(images, judge)[1], real_features)


def drawn(generator: nn.Module, n: int, seed: int) -> Tensor:
    """Pictures of a generator, at 8 bit.

    Args:
        generator: latents → images.
        n: how many.
        seed: of the latents.
    """
    return edits.eight_bit(Sampler(generator)(n, seed))


def control_keys(seed: int, tile: int | None = None, n: int = 5) -> list[Tensor]:
    """Keys that nobody marked with.

    Args:
        seed: of the true key.
        tile: as for ``watermark.new_key``.
        n: how many.
    """
    return [watermark.new_key(10_000 * (i + 1) + seed, tile=tile) for i in range(n)]


def wrongly_heard(marked: Tensor, keys: list[Tensor], unmarked: Tensor) -> float:
    """In which share of the pictures a key is heard that is not in them, on average over the keys.

    Args:
        marked: with another mark.
        keys: wrong ones.
        unmarked: real pictures that set each key's threshold.
    """
    shares = [rate(watermark.hear(marked, key), cut_off(watermark.hear(unmarked, key), FALSE_ALARMS)) for key in keys]
    return round(sum(shares) / len(shares), 4)
