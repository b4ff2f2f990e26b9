"""Controlled trainings: each VAE with the same first weights, digits and draws, so that only one thing differs."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from course_lib.data import ImageData
from course_lib.losses.elbo import Bound
from course_lib.models import MLPVAE, VAE
from course_lib.runtime import Runtime
from course_lib.training import VAETrainer


class SameStart:
    """Where each VAE of the chapter starts.

    Args:
        data: what they are trained on.
        runtime: seed, device, precision and profile; in ``smoke`` a training has three steps.
    """

    def __init__(self, data: ImageData, runtime: Runtime):
        self.data, self.runtime = data, runtime

    def fresh(self, kind: Callable[..., VAE] = MLPVAE, **settings: Any) -> VAE:
        """A new VAE, of one kind with the same first weights each time; its decoder begins at the mean picture.

        Args:
            kind: of network.
            **settings: what else it is built with.
        """
        with self.runtime.seeded("weights"):
            vae = kind(**settings).to(self.runtime.device)
        vae.init_output_bias(self.data.images)
        return vae

    def train(self, vae: VAE, loss: Bound | None = None, steps: int = 400, binary: bool = True) -> VAE:
        """``vae``, trained by the library's loop.

        Args:
            vae: is trained in place.
            loss: minus the ELBO without one.
            steps: how many.
            binary: whether pixels are drawn black or white, anew at each step.
        """
        trainer = VAETrainer(vae, loss, binary=binary)
        for _ in trainer.steps(self.data, self.runtime.pick(smoke=3, course=steps), self.runtime):
            pass
        return vae

    def trained(self, loss: Bound | None = None, steps: int = 400, binary: bool = True, **settings: Any) -> VAE:
        """A new VAE, trained.

        Args:
            loss, steps, binary: as for :meth:`train`.
            **settings: as for :meth:`fresh`, its ``kind`` too.
        """
        return self.train(self.fresh(**settings), loss, steps, binary)


def slopes(vae: VAE, loss: Bound, images: Tensor, runtime: Runtime) -> Tensor:
    """All slopes of a loss, by every weight of the VAE, in one row. The same noise each time.

    Args:
        vae: whose weights.
        loss: of the VAE.
        images: a batch.
        runtime: its seed draws the noise.
    """
    noise = torch.randn(1, len(images), vae.latent, generator=runtime.stream("gradient")).to(images)
    vae.zero_grad()
    loss(vae, images, noise).loss.backward()
    return torch.cat([p.grad.flatten() for p in vae.parameters() if p.grad is not None])


def off_by(a: Tensor, b: Tensor) -> float:
    """How far two rows of slopes differ, as a share of the length of the second.

    Args:
        a, b: of one length.
    """
    return ((a - b).norm() / b.norm()).item()
