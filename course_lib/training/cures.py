"""Games that change one of ``Game``'s small steps: packing and unrolling."""

import copy

import torch
from torch import Tensor
from torch.func import functional_call

from course_lib.errors import CourseError
from course_lib.training.game import Game


class PackedGame(Game):
    """PacGAN (Lin et al. 2018): the discriminator judges ``pack`` images at once, so that lack of variety shows.

    Build the discriminator with ``channels = pack × image channels``; the batch must be a multiple of ``pack``.
    """

    def __init__(self, *args, pack: int = 2, **settings):
        super().__init__(*args, **settings)
        if pack < 2 or self.batch % pack:
            raise CourseError(f"pack={pack!r} does not fit batch={self.batch}: use a divisor of it, at least 2.")
        self.pack = pack

    def critic(self, images: Tensor) -> Tensor:
        n, c, h, w = images.shape
        return self.discriminator(images.reshape(n // self.pack, self.pack * c, h, w))  # (N / pack, 1)


class UnrolledGame(Game):
    """Unrolled GAN (Metz et al. 2017): G is trained against the discriminator as it would be ``unroll`` steps later,
    and the gradient flows back through those steps (here plain gradient steps of size ``inner_lr``).
    """

    def __init__(self, *args, unroll: int = 5, inner_lr: float = 1e-2, **settings):
        super().__init__(*args, **settings)
        if unroll < 1:
            raise CourseError(f"unroll={unroll!r} steps: use a whole number of at least 1.")
        self.unroll, self.inner_lr = unroll, inner_lr

    def g_step(self, real: Tensor, fake: Tensor) -> Tensor:
        # Buffers (batch norm, spectral norm) are copied: looking ahead must not change the real discriminator.
        ahead = copy.deepcopy(self.discriminator)
        weights = {name: p.detach().clone().requires_grad_(True) for name, p in ahead.named_parameters()}
        for _ in range(self.unroll):
            real_logits, fake_logits = (functional_call(ahead, weights, (x,)) for x in (real, fake))
            loss = self.loss.d(real_logits, fake_logits)
            gradients = torch.autograd.grad(loss, list(weights.values()), create_graph=True)
            weights = {name: w - self.inner_lr * g for (name, w), g in zip(weights.items(), gradients, strict=True)}
        loss = self.loss.g(functional_call(ahead, weights, (real,)), functional_call(ahead, weights, (fake,)))
        self._update(self.optimiser_g, loss)
        return loss
