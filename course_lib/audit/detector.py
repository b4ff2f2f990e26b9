"""Tell generated pictures from real ones: a small network, what its answers are worth, and a look without a network.

A score is a logit: positive speaks for "generated". All pictures should have come through ``edits.eight_bit`` first:
real ones come from files, and a detector that sees unrounded numbers needs to look at nothing else.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from course_lib.audit.edits import Edit
from course_lib.errors import CourseError
from course_lib.models.eval_mode import eval_mode
from course_lib.runtime import Runtime


class Detector(nn.Module):
    """Images ``(N, channels, size, size)`` in [−1, 1] → logits ``(N,)`` of "generated".

    Two convolutions of stride 2, no batch norm: an answer does not depend on the other pictures.

    Args:
        size: of the images in pixels, a multiple of 4.
        channels: of the images.
        width: channels of the first convolution.

    Raises:
        CourseError: for another size.
    """

    def __init__(self, size: int = 28, channels: int = 1, width: int = 16):
        super().__init__()
        if size % 4:
            raise CourseError(f"size={size}: use a multiple of 4.")
        self.body = nn.Sequential(
            nn.Conv2d(channels, width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(2 * width * (size // 4) ** 2, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Logits ``(N,)``.

        Args:
            x: images ``(N, channels, size, size)`` in [−1, 1].
        """
        return self.body(x).squeeze(1)


def train_detector(
    real: Tensor,
    fake: Tensor,
    runtime: Runtime,
    *,
    steps: int = 600,
    batch: int = 64,
    lr: float = 1e-3,
    augment: tuple[Edit, ...] = (),
) -> Detector:
    """A new detector, trained on as many real as generated pictures a step.

    Args:
        real: ``(N, C, S, S)`` in [−1, 1].
        fake: ``(M, C, S, S)``.
        runtime: seed and device.
        steps: of Adam.
        batch: pictures of each kind in a step.
        lr: the step size.
        augment: at each step one of these, or none, is done to the whole batch.

    Returns:
        The detector, in eval mode.
    """
    with runtime.seeded("detector"):
        net = Detector(real.shape[-1], real.shape[1]).to(runtime.device)
    g, chance = runtime.stream("detector's batches"), runtime.stream("detector's edits")
    optimiser = torch.optim.Adam(net.parameters(), lr)
    target = torch.cat([torch.zeros(batch), torch.ones(batch)]).to(runtime.device)
    for _ in range(steps):
        x = torch.cat([each[torch.randint(len(each), (batch,), generator=g)] for each in (real, fake)])
        which = int(torch.randint(len(augment) + 1, (), generator=chance))
        x = (augment[which - 1](x) if which else x).to(runtime.device)
        loss = binary_cross_entropy_with_logits(net(x), target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return net.eval()


@torch.no_grad()
def scores(net: nn.Module, images: Tensor, batch: int = 500) -> Tensor:
    """Logits of "generated", ``(N,)`` on the CPU.

    Args:
        net: a detector.
        images: ``(N, C, S, S)`` in [−1, 1].
        batch: pictures at once.
    """
    with eval_mode(net) as device:
        return torch.cat([net(part.to(device)).cpu() for part in images.split(batch)])


def cut_off(real: Tensor, share: float = 0.05) -> float:
    """The score above which at most this share of real pictures lies.

    Args:
        real: scores ``(N,)`` of real pictures, which no claim is made about afterwards.
        share: from 0 to 1.

    Raises:
        CourseError: for another share; for no scores.
    """
    n = _checked(real)
    if not 0 <= share <= 1:
        raise CourseError(f"share={share!r}: use a number from 0 to 1.")
    allowed = int(share * n + 1e-9)
    return real.double().sort(descending=True).values[min(allowed, n - 1)].item()


def rate(scores: Tensor, cut: float) -> float:
    """The share of scores above a cut-off.

    Args:
        scores: ``(N,)``.
        cut: the cut-off.
    """
    return (scores > cut).double().mean().item()


def share_right(hits: float, false_alarms: float, share: float) -> float:
    """How many of the pictures that set off the alarm are generated (Bayes' rule).

    Args:
        hits: share of generated pictures that set it off.
        false_alarms: share of real ones that do.
        share: of generated ones among all pictures.

    Raises:
        CourseError: when nothing sets it off.

    Example:
        >>> from course_lib.audit.detector import share_right
        >>> round(share_right(0.99, 0.01, 0.01), 3)
        0.5
    """
    caught, wrong = hits * share, false_alarms * (1 - share)
    if caught + wrong <= 0:
        raise CourseError("no picture sets off the alarm: there is no share of them.")
    return caught / (caught + wrong)


def calibration(logits: Tensor, generated: Tensor, bins: int = 10) -> list[tuple[float, float, int]]:
    """Said against true: the answers in groups of like probability.

    Args:
        logits: ``(N,)``.
        generated: bool ``(N,)``.
        bins: equally wide ones from 0 to 1; empty ones are left out.

    Returns:
        For each bin the mean probability, the share that was generated, and how many answers lie in it.
    """
    p = logits.double().sigmoid()
    which = (p * bins).long().clamp(max=bins - 1)
    found = [(which == i).nonzero()[:, 0] for i in range(bins)]
    return [(p[i].mean().item(), generated[i].double().mean().item(), len(i)) for i in found if len(i)]


def calibration_error(logits: Tensor, generated: Tensor, bins: int = 10) -> float:
    """The mean gap between said and true (expected calibration error), weighted by how many answers a bin has.

    Args:
        logits, generated, bins: as for :func:`calibration`.
    """
    return sum(many * abs(said - true) for said, true, many in calibration(logits, generated, bins)) / len(logits)


def spectrum(images: Tensor) -> Tensor:
    """The mean power of each frequency, ``(H, W)``, the frequency 0 (the mean brightness) in the middle.

    Args:
        images: ``(N, C, H, W)``.
    """
    return torch.fft.fftshift(torch.fft.fft2(images.mean(1)).abs().square().mean(0))


def grid_peak(images: Tensor) -> float:
    """How far the frequencies of a grid of every second pixel stand out of their neighbours.

    A transposed convolution of stride 2 gives even and odd pixels different weights, which makes such a grid (Odena,
    Dumoulin, Olah 2016). There are three frequencies: every second row, every second column, and both.

    Args:
        images: ``(N, C, H, W)``, H and W even.

    Returns:
        The largest of the three powers over the mean power of its eight neighbours; about 1 without a grid.

    Raises:
        CourseError: for an odd H or W.
    """
    h, w = images.shape[2:]
    if h % 2 or w % 2:
        raise CourseError(f"images of {h}×{w} pixels: use even numbers, a grid of every second pixel needs them.")
    power = torch.fft.fft2(images.mean(1)).abs().square().mean(0).double()
    around = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]
    peaks = []
    for row, column in ((h // 2, 0), (0, w // 2), (h // 2, w // 2)):
        near = torch.stack([power[(row + i) % h, (column + j) % w] for i, j in around])
        peaks.append((power[row, column] / near.mean().clamp(min=1e-12)).item())
    return max(peaks)


def _checked(values: Tensor) -> int:
    if values.ndim != 1 or not len(values) or not torch.isfinite(values).all():
        raise CourseError(f"scores of shape {tuple(values.shape)}: expected (N,), at least one, all finite.")
    return len(values)
