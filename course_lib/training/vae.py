"""Training a variational autoencoder: the same stream of records, checkpoints and resuming as a game's."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from course_lib.data.batches import BatchedData
from course_lib.errors import CourseError
from course_lib.losses.elbo import ELBO, Bound
from course_lib.models.likelihood import binarised
from course_lib.models.vae import VAE
from course_lib.runtime import Runtime
from course_lib.training.compatibility import check_batch, check_class_numbers
from course_lib.training.engine import Engine, use_channels_last
from course_lib.training.optimisers import make_optimiser
from course_lib.training.records import Record
from course_lib.training.sampler import Sampler
from course_lib.training.settings import check_settings, described, latent_size


class VAETrainer(Engine):
    """A VAE in training.

    Args:
        vae: see ``course_lib.models.vae``.
        loss: ``ELBO()`` (the default) or ``IWAE(k)`` (see ``course_lib.losses.elbo``).
        lr, betas, optimiser, schedule, batch: as for a ``Game``; β₁ = 0.9, because here nothing moves but the weights.
        binary: draw each pixel black or white anew at each step, white with its brightness as probability ("dynamic
            binarisation", Burda et al. 2016): then Bernoulli's log p(x|z) is a log-likelihood.

    A record has ``loss`` (minimised), ``bound`` (nats an image, at most log p(x)), ``reconstruction`` and ``kl``.
    """

    def __init__(
        self,
        vae: VAE,
        loss: Bound | None = None,
        *,
        lr: float = 1e-3,
        betas: Sequence[float] = (0.9, 0.999),
        optimiser: str = "adam",
        schedule: Callable[[int], float] | None = None,
        batch: int = 64,
        binary: bool = False,
    ):
        self.latent = latent_size(vae, "VAE")
        check_settings({"lr": lr}, {"batch": batch})
        self.vae, self.loss, self.binary = vae, _bound(loss), binary
        use_channels_last(vae)
        self.optimiser = make_optimiser(optimiser, vae.parameters(), lr, betas)
        super().__init__({"vae": vae}, {"optimiser": ("lr", self.optimiser)}, batch=batch, schedule=schedule)

    def _step(self, images: Tensor, labels: Tensor, runtime: Runtime) -> Record:
        n = self.step_number + 1
        if self.binary:
            images = binarised(images, runtime.stream("pixels", n))
        noise = torch.randn(self.loss.samples, len(images), self.latent, generator=runtime.stream("latent", n))
        self._set_rates()
        with runtime.seeded("layers", n), runtime.autocast():
            terms = self.loss(self.vae, images, noise.to(images), labels if self.vae.classes else None)
        self._update(self.optimiser, terms.loss)
        self.step_number = n
        return Record(n, loss=terms.loss, bound=terms.bound, reconstruction=terms.reconstruction, kl=terms.kl)

    def settings(self) -> dict[str, str]:
        """What this trainer was built with, in words: as an ``Engine``'s, the loss and ``binary``.

        Returns:
            What a setting is called → its value.
        """
        return super().settings() | {"loss": described(self.loss), "binary": described(self.binary)}

    def sampler(self) -> Sampler:
        """What draws mean images from the decoder."""
        return Sampler(self.vae)

    def _check_fit(self, data: BatchedData) -> None:
        check_batch(self.batch, self.vae)
        if self.vae.classes:
            check_class_numbers(data, self.vae.classes, "the VAE is given one of", "build it with classes={} or more")
        labels = data.labels[:2] if self.vae.classes else None
        try:
            made = tuple(self.vae.reconstruct(data.examples[:2], labels).shape[1:])
        except RuntimeError as problem:
            raise CourseError(
                f"the VAE does not take examples of shape {data.shape} ({str(problem).splitlines()[0]}): build it with "
                "the data's size, channels and classes."
            ) from problem
        if made != data.shape:
            raise CourseError(
                f"the VAE makes images of shape {made} and {data.name!r} has {data.shape}: build it with "
                "the data's size and channels."
            )


def _bound(loss: Bound | None) -> Bound:
    """The loss that was meant: itself, or the default for None."""
    if loss is None:
        return ELBO()
    if isinstance(loss, type) or not callable(loss) or not hasattr(loss, "samples"):
        raise CourseError(
            f"loss={loss!r} is no loss of a VAE: use ELBO(), IWAE(5), or a function like theirs that has samples."
        )
    return loss
