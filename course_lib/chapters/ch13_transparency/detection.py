"""How lesson 13.4 tries a detector: on every generator, on edited pictures, on controls; always with one cut-off."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from course_lib.audit import detector, edits
from course_lib.audit.membership import auc

FALSE_ALARMS = 0.05  # the share of real pictures above the cut-off, on those that set it
VIEWS: dict[str, edits.Edit] = {"8 bit": lambda x: x, "snapped": edits.snapped}
EDITS: dict[str, edits.Edit] = {
    "as it is": lambda x: x,
    "JPEG 75": edits.jpeg,
    "blurred 3 × 3": edits.blurred,
    "half size and back": edits.halved,
    "noise 0.05": lambda x: edits.noisy(x, 0.05),
    "moved by one pixel": edits.shifted_by,
}
AUGMENT = (edits.blurred, edits.jpeg, edits.halved, edits.shifted_by)


class OneNumber(nn.Module):
    """A detector that learned nothing: the fewer pixels are exactly black, the more it says "generated"."""

    def forward(self, x: Tensor) -> Tensor:
        """The share of pixels that are not black, ``(N,)``.

        Args:
            x: images ``(N, C, H, W)`` in [−1, 1].
        """
        return (x > -1).float().mean((1, 2, 3))


def halves(images: Tensor, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Two halves, drawn at random: the digits come in the order 0, 1, …, 9, 0, 1, …, so every second is an even one.

    Args:
        images: ``(N, C, H, W)``.
        seed: of the draw.

    Returns:
        The two halves.
    """
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed))
    return images[order[::2]], images[order[1::2]]


def tried(net: nn.Module, tune: Tensor, real: Tensor, fakes: Mapping[str, Tensor]) -> dict[str, dict[str, float]]:
    """A detector on every generator's pictures.

    Args:
        net: the detector.
        tune: real pictures that set the cut-off.
        real: others.
        fakes: name → pictures.

    Returns:
        Name → "auc" against the other real pictures, "rate" above the cut-off.
    """
    against, cut = detector.scores(net, real), detector.cut_off(detector.scores(net, tune), FALSE_ALARMS)
    found = {}
    for name, images in fakes.items():
        s = detector.scores(net, images)
        found[name] = {"auc": round(auc(s, against), 4), "rate": round(detector.rate(s, cut), 4)}
    return found


def edited(net: nn.Module, tune: Tensor, images: Tensor) -> dict[str, float]:
    """Which share of edited pictures a detector calls generated.

    Args:
        net: the detector.
        tune: real pictures that set the cut-off.
        images: that are edited.

    Returns:
        Edit → share above the cut-off.
    """
    cut = detector.cut_off(detector.scores(net, tune), FALSE_ALARMS)
    return {name: round(detector.rate(detector.scores(net, do(images)), cut), 4) for name, do in EDITS.items()}


def said_and_true(net: nn.Module, real: Tensor, fake: Tensor) -> dict[str, Any]:
    """What a detector's probabilities are worth, on as many real as generated pictures.

    Args:
        net: the detector.
        real, fake: ``(N, …)`` each.

    Returns:
        "error", the calibration error; "real" and "generated", its two verdicts: [said, true], the mean probability of
        "generated" and the share that was (None where it never gave that verdict).
    """
    logits = torch.cat([detector.scores(net, real), detector.scores(net, fake)])
    generated = torch.cat([torch.zeros(len(real)), torch.ones(len(fake))]) > 0
    found: dict[str, Any] = {"error": round(detector.calibration_error(logits, generated), 4)}
    for verdict, which in (("real", logits <= 0), ("generated", logits > 0)):
        mean = [logits[which].sigmoid().mean().item(), generated[which].float().mean().item()]
        found[verdict] = [round(x, 4) for x in mean] if which.any() else None
    return found
