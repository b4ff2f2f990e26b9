"""Who was in the training data? Scores that tell members from outsiders, and how far such an attack gets.

A *score* is a number for each image, higher for "was trained on". Members are images of the training, outsiders come
from the same source and were not trained on. (Hayes et al. 2019, LOGAN; Chen et al. 2020, GAN-Leaks; Carlini et al.
2022 for hits at few false alarms.)
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError, check_whole_number
from course_lib.losses.elbo import log_weights
from course_lib.models import VAE, Bernoulli, binarised
from course_lib.models.eval_mode import eval_mode

FALSE_ALARMS = 0.01


@dataclass(frozen=True)
class Share:
    """A number in [0, 1] with its interval.

    Attributes:
        value: measured on all images.
        low, high: 2.5 and 97.5 percent of it over bootstrap draws.
    """

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True)
class Attack:
    """How far an attack gets.

    Attributes:
        auc: chance that a member scores above an outsider; 0.5 is guessing.
        hits: share of members found while few outsiders are taken for members; as many are found by guessing.
        members, outsiders: how many images.
    """

    auc: Share
    hits: Share
    members: int
    outsiders: int


def auc(members: Tensor, outsiders: Tensor) -> float:
    """The chance that a member's score exceeds an outsider's, a tie counting half: the area under the ROC curve.

    Args:
        members: scores ``(M,)``.
        outsiders: scores ``(N,)``.

    Raises:
        CourseError: for no scores, or NaN.

    Example:
        >>> import torch
        >>> from course_lib.audit.membership import auc
        >>> auc(torch.tensor([3.0, 1.0]), torch.tensor([2.0, 0.0]))
        0.75
    """
    members, outsiders = _checked(members, outsiders)
    ordered = outsiders.sort().values
    below, upto = (torch.searchsorted(ordered, members, right=right) for right in (False, True))
    return ((below + upto).double() / 2).mean().item() / len(ordered)


def hit_rate(members: Tensor, outsiders: Tensor, false_alarms: float = FALSE_ALARMS) -> float:
    """The share of members above a threshold that at most so many outsiders reach.

    Args:
        members: scores ``(M,)``.
        outsiders: scores ``(N,)``; fewer than 1/``false_alarms`` of them allow no false alarm at all.
        false_alarms: the share of outsiders that may be taken for members, in [0, 1).

    Raises:
        CourseError: for no scores, NaN, or another share.
    """
    members, outsiders = _checked(members, outsiders)
    if not 0 <= false_alarms < 1:
        raise CourseError(f"false_alarms={false_alarms!r}: use a share from 0 up to, not with, 1.")
    allowed = int(false_alarms * len(outsiders) + 1e-9)  # 0.01 · 100 is 1 and not 0.99…
    threshold = outsiders.sort(descending=True).values[allowed]  # the first that may not be reached
    return (members > threshold).double().mean().item()


def attack(members: Tensor, outsiders: Tensor, *, draws: int = 300, seed: int = 0) -> Attack:
    """Both numbers with bootstrap intervals: members and outsiders are drawn anew, with replacement.

    Args:
        members, outsiders: scores ``(M,)`` and ``(N,)``.
        draws: of the bootstrap.
        seed: of them.

    Raises:
        CourseError: for no scores, NaN, or no draws.
    """
    members, outsiders = _checked(members, outsiders)
    g = torch.Generator().manual_seed(seed)
    aucs, hits = [], []
    for _ in range(check_whole_number("draws", draws)):
        ours, theirs = (x[torch.randint(len(x), (len(x),), generator=g)] for x in (members, outsiders))
        aucs.append(auc(ours, theirs))
        hits.append(hit_rate(ours, theirs))
    return Attack(
        _share(auc(members, outsiders), aucs),
        _share(hit_rate(members, outsiders), hits),
        len(members),
        len(outsiders),
    )


def permuted(members: Tensor, outsiders: Tensor, seed: int = 0) -> tuple[Tensor, Tensor]:
    """The control: the same scores, but who is called a member is drawn by lot.

    Args:
        members, outsiders: scores ``(M,)`` and ``(N,)``.
        seed: of the lot.

    Returns:
        As many "members" and as many "outsiders".
    """
    both = torch.cat(_checked(members, outsiders))
    both = both[torch.randperm(len(both), generator=torch.Generator().manual_seed(seed))]
    return both[: len(members)], both[len(members) :]


@torch.no_grad()
def logit_scores(discriminator: nn.Module, images: Tensor, batch: int = 500) -> Tensor:
    """The discriminator's logit of each image, ``(N,)`` on the CPU (Hayes et al. 2019).

    Args:
        discriminator: images → logits ``(N, 1)``; asked in eval mode.
        images: ``(N, C, H, W)`` in [−1, 1].
        batch: images asked about at once.
    """
    with eval_mode(discriminator) as device:
        return torch.cat([discriminator(part.to(device)).float().cpu()[:, 0] for part in images.split(batch)])


@torch.no_grad()
def bound_scores(vae: VAE, images: Tensor, *, draws: int = 5, seed: int = 0, batch: int = 500) -> Tensor:
    """The VAE's bound on log p(x) of each image in nats, a mean over draws of z, ``(N,)`` on the CPU.

    Under a Bernoulli likelihood each draw has black and white pixels of its own, as in the training.

    Args:
        vae: asked in eval mode.
        images: ``(N, C, H, W)`` in [−1, 1].
        draws: of z (and of pixels) for each image.
        seed: of the draws.
        batch: images asked about at once.
    """
    g, found = torch.Generator().manual_seed(seed), []
    binary = isinstance(vae.likelihood, Bernoulli)
    with eval_mode(vae) as device:
        for part in images.split(batch):
            each = []
            for _ in range(draws):
                noise = torch.randn(1, len(part), vae.latent, generator=g).to(device)
                seen = binarised(part, g) if binary else part
                each.append(log_weights(vae, seen.to(device), noise)[0].cpu())
            found.append(torch.stack(each).mean(0))
    return torch.cat(found)


def nearest_scores(samples: Tensor, images: Tensor, batch: int = 500) -> Tensor:
    """Minus the distance of each image to the nearest sample, in pixels, ``(N,)``: the attack of who has only samples.

    Args:
        samples: generated images ``(M, C, H, W)``.
        images: ``(N, C, H, W)``.
        batch: images compared at once.
    """
    flat = samples.flatten(1).cpu()
    return -torch.cat([torch.cdist(part.flatten(1).cpu(), flat).min(1).values for part in images.split(batch)])


def _share(value: float, draws: list[float]) -> Share:
    low, high = torch.tensor(draws, dtype=torch.double).quantile(torch.tensor([0.025, 0.975]).double()).tolist()
    return Share(value, low, high)


def _checked(*scores: Tensor) -> list[Tensor]:
    flat = [x.detach().cpu().double().flatten() for x in scores]
    for x in flat:
        if not len(x) or x.isnan().any():
            raise CourseError(f"{len(x)} scores, {int(x.isnan().sum())} of them NaN: use at least one number a set.")
    return flat
