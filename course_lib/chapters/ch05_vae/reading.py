"""Can the digit be read: off what a VAE draws, and off its code? And which of two VAEs is better, digit by digit?"""

import torch
from torch import Tensor, nn

from course_lib.data import ImageData
from course_lib.metrics import judge_outputs
from course_lib.models import VAE, Judge
from course_lib.runtime import Runtime


@torch.no_grad()
def read_off_pictures(
    vae: VAE, images: Tensor, labels: Tensor, judge: Judge, runtime: Runtime, *, connected: bool = True
) -> float:
    """The share of images whose digit the judge reads off the reconstruction.

    Args:
        vae: whose reconstructions.
        images: ``(N, 1, 28, 28)`` in [−1, 1].
        labels: their digits, ``(N,)``.
        judge: reads digits.
        runtime: its device and seed.
        connected: whether the decoder is given the image's code; otherwise an unrelated z.
    """
    mean, _ = vae.encode(images.to(runtime.device))
    z = mean if connected else torch.randn(mean.shape, generator=runtime.stream("unrelated")).to(mean)
    read = judge_outputs(vae.likelihood.mean(vae.decode(z)).cpu(), judge)[0].argmax(1)
    return (read == labels.cpu()).double().mean().item()


@torch.no_grad()
def drawn_as_asked(vae: VAE, latents: Tensor, asked: Tensor, judge: Judge) -> float:
    """How often a conditional VAE draws the digit that was asked for, as the judge reads.

    Args:
        vae: with classes.
        latents: ``(N, latent)``.
        asked: int64 ``(N,)``.
        judge: reads digits.
    """
    read = judge_outputs(vae(latents, asked).cpu(), judge)[0].argmax(1)
    return (read == asked.cpu()).double().mean().item()


def digit_by_digit(a: Tensor, b: Tensor) -> tuple[float, float]:
    """How much larger ``a`` is than ``b``.

    Args:
        a, b: a number for each of the same images, ``(N,)`` each.

    Returns:
        The mean difference, and its standard error.
    """
    difference = a - b
    return difference.mean().item(), (difference.std() / len(difference) ** 0.5).item()


@torch.no_grad()
def read_off_code(vae: VAE, digits: ImageData, held_out: ImageData) -> float:
    """The share of held-out digits that a linear probe reads off the code: the best weighted sums of its numbers.

    Args:
        vae: whose code, the means of q(z|x).
        digits: the probe is fitted on.
        held_out: it is measured on.
    """
    train, test = (vae.encode(part.images)[0].double().cpu() for part in (digits, held_out))
    centre, scale = train.mean(0), train.std(0) + 1e-12
    with_one = [torch.cat([(code - centre) / scale, torch.ones(len(code), 1)], 1).double() for code in (train, test)]
    target = nn.functional.one_hot(digits.labels.cpu(), 10).double()
    probe = torch.linalg.lstsq(with_one[0], target, driver="gelsd").solution  # (latent + 1, 10)
    return ((with_one[1] @ probe).argmax(1) == held_out.labels.cpu()).double().mean().item()


@torch.no_grad()
def spread_of_code(vae: VAE, images: Tensor, runtime: Runtime) -> float:
    """How far codes differ from image to image: the standard deviation of a latent's mean, on average over latents.

    Args:
        vae: whose code.
        images: ``(N, 1, 28, 28)`` in [−1, 1].
        runtime: its device.
    """
    return vae.encode(images.to(runtime.device))[0].std(0).mean().item()
