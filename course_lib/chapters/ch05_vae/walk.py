"""Between two digits: the way through the latent space, the blend of pixels, and how double a picture looks."""

import torch
from torch import Tensor

from course_lib.data import ImageData
from course_lib.learn.wording import show_table
from course_lib.metrics import judge_outputs
from course_lib.models import VAE, Judge
from course_lib.models.likelihood import to_zero_one
from course_lib.runtime import Runtime


@torch.no_grad()
def way(vae: VAE, first: Tensor, second: Tensor, steps: int) -> tuple[Tensor, Tensor]:
    """The way from one image's code to another's, decoded; and the blend of the two pictures at its ends.

    Args:
        vae: encodes and decodes.
        first, second: images ``(1, H, W)`` in [−1, 1].
        steps: pictures, the two ends among them.

    Returns:
        Both as images ``(steps, 1, H, W)`` in [−1, 1].
    """
    device = next(vae.parameters()).device
    share = torch.linspace(0, 1, steps)
    a, b = vae.encode(torch.stack([first, second]).to(device))[0]  # (latent,) each
    path = vae(torch.lerp(a, b, share[:, None].to(device))).cpu()
    return path, torch.lerp(path[:1], path[-1:], share[:, None, None, None])


def unlike_pairs(data: ImageData, pairs: int, runtime: Runtime) -> tuple[Tensor, Tensor]:
    """Pairs of images with different labels, drawn at random.

    Args:
        data: with labels.
        pairs: how many.
        runtime: its seed draws them.

    Returns:
        Where the first and where the second of each pair stands, ``(pairs,)`` each.
    """
    drawn = torch.randint(len(data), (2, 10 * pairs), generator=runtime.stream("pairs"))
    labels = data.labels.cpu()[drawn]
    first, second = drawn[:, labels[0] != labels[1]][:, :pairs]
    return first, second


def undecided(images: Tensor) -> Tensor:
    """The share of each image's pixels that are neither black nor white: from ¼ to ¾ white, ``(N,)``.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1].
    """
    return ((to_zero_one(images) - 0.5).abs() < 0.25).double().mean((1, 2, 3))


@torch.no_grad()
def half_way(vae: VAE, images: Tensor, data: ImageData, judge: Judge, runtime: Runtime, pairs: int = 500) -> dict:
    """What lies in the middle between two unlike digits: through the latent space, and as a blend of pixels.

    Args:
        vae: encodes and decodes.
        images: of ``data``, as the encoder is given them, ``(N, 1, 28, 28)`` in [−1, 1].
        data: whose labels say which digits are unlike.
        judge: says how sure it is of a picture.
        runtime: its device; its seed draws the pairs.
        pairs: how many.

    Returns:
        ``"greyer"``: the share of pairs whose blend has more undecided pixels than the decoded middle; and for each of
        ``"through z"``, ``"pixels"`` and ``"at the ends"``: ``"undecided"``, the mean share of undecided pixels, and
        ``"sure"``, the share of pictures of which the judge is surer than 0.9.
    """
    first, second = unlike_pairs(data, pairs, runtime)
    codes = vae.encode(images.to(runtime.device))[0]
    ends = vae(codes[first]).cpu(), vae(codes[second]).cpu()
    shown = {
        "through z": vae((codes[first] + codes[second]) / 2).cpu(),
        "pixels": (ends[0] + ends[1]) / 2,
        "at the ends": ends[0],
    }
    grey = {name: undecided(pictures) for name, pictures in shown.items()}
    sure = {name: judge_outputs(pictures, judge)[0].max(1).values > 0.9 for name, pictures in shown.items()}
    return {
        "greyer": (grey["pixels"] > grey["through z"]).double().mean().item(),
        "undecided": {name: round(share.mean().item(), 4) for name, share in grey.items()},
        "sure": {name: of.double().mean().item() for name, of in sure.items()},
    }


def half_way_table(found: dict, recorded: dict[str, dict]) -> None:
    """Show what :func:`half_way` found of one VAE, and beside it the least and the most of the retrained ones.

    Args:
        found: of the one.
        recorded: seed → what was found.
    """

    def cells(term: str, name: str) -> tuple[str, str]:
        others = [run[term][name] for run in recorded.values()]
        return f"{found[term][name]:.1%}", f"{min(others):.1%} to {max(others):.1%}"

    show_table(
        f"Half way between unlike digits: this VAE, and {len(recorded)} more (least to most)",
        (
            "pictures",
            "undecided pixels",
            f"… of the {len(recorded)}",
            "judge surer than 0.9",
            f"… of the {len(recorded)}",
        ),
        [(name, *cells("undecided", name), *cells("sure", name)) for name in found["sure"]],
    )
