"""The KL that leaves out the variance (A2's second mistake): what it reports, and what its decoder is worth.

`course record no-variance`. Each seed trains the right loss and the mistaken one from the same first weights. A decoder
has a −log p(x) of its own, whatever encoder it was trained with. It is estimated with an encoder fitted to it by the
true ELBO, for both decoders in as many further steps. The two are compared digit by digit.
"""

import copy
from collections.abc import Callable

import torch
from torch import Tensor

from course_lib.data import ImageData, load
from course_lib.files import write_recorded
from course_lib.losses.elbo import ELBO, Autoencoder, Bound, Terms, reparameterise
from course_lib.metrics import log_likelihoods
from course_lib.models import MLPVAE, binarised
from course_lib.runtime import Runtime
from course_lib.training import VAETrainer

SEEDS = tuple(range(100, 105))  # the reporting seeds; 0 to 4 were looked at first
STEPS, DIGITS, SAMPLES = 400, 250, 1000
SETTINGS = {
    "network": "MLPVAE, 784-400-200-20 and its mirror image",
    "data": "4,000 shipped training digits, binarised anew",
    "steps": STEPS,
    "fit": f"{STEPS} steps more of the encoder alone, by the ELBO, for either decoder",
    "measured": f"{DIGITS} held-out digits, {SAMPLES:,} importance samples each; error: standard error over digits",
}


class NoVariance:
    """½ μ² for the KL: what is left of it without a variance. Everything else is the ELBO's."""

    samples = 1

    def __call__(
        self, vae: Autoencoder, images: torch.Tensor, noise: torch.Tensor, labels: Tensor | None = None
    ) -> Terms:
        """The ELBO's terms, with ½ μ² where its KL stands."""
        mean, log_var = vae.encode(images)
        outputs = vae.decode(reparameterise(mean, log_var, noise[0]))
        reconstruction = -vae.likelihood.log_prob(images, outputs).mean()
        not_kl = 0.5 * mean.square().sum(1).mean()
        return Terms(reconstruction + not_kl, -reconstruction - not_kl, reconstruction, not_kl)


LOSSES: dict[str, Bound] = {"right": ELBO(), "no variance": NoVariance()}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    steps: int = STEPS,
    digits: int = DIGITS,
    samples: int = SAMPLES,
) -> None:
    """Train both once a seed and write ``data/runs/no-variance.json``.

    ``runs[loss][seed]`` → ``{"reported", "nll"}`` in nats, and ``runs["ahead"][seed]`` → by how much the mistaken
    loss's decoder is ahead: ``{"nats", "error"}``.

    Args:
        seeds: each is a new training with both losses.
        tell: is given a line after each seed.
        steps: of a training, and of a fit.
        digits: how many held-out ones are measured.
        samples: importance samples a digit.
    """
    runs: dict = {name: {} for name in LOSSES} | {"ahead": {}}
    for seed in seeds:
        runtime, nats = Runtime.auto(seed=seed, device="cpu"), {}
        data, heldout = load("digits", runtime), load("digits", runtime, split="test")
        some = binarised(heldout.images, runtime.stream("test"))[:digits]
        noise = torch.randn(1, len(some), 20, generator=runtime.stream("no variance"))
        for name, loss in LOSSES.items():
            with runtime.seeded("weights"):
                vae = MLPVAE()
            vae.init_output_bias(data.images)
            train(vae, loss, data, steps, runtime)
            with torch.no_grad():
                reported = -loss(vae, some, noise).bound.item()
            nats[name] = -log_likelihoods(fitted_to(vae, data, steps, runtime), some, samples)
            runs[name][seed] = {"reported": round(reported, 2), "nll": round(nats[name].mean().item(), 2)}
        ahead = nats["right"] - nats["no variance"]
        error = ahead.std().item() / len(ahead) ** 0.5
        runs["ahead"][seed] = {"nats": round(ahead.mean().item(), 2), "error": round(error, 2)}
        tell(f"seed {seed}: " + ", ".join(f"{name} {of[seed]}" for name, of in runs.items()))
        write_recorded("no-variance", SETTINGS | {"steps": steps}, runs)


def train(vae: MLPVAE, loss: Bound, data: ImageData, steps: int, runtime: Runtime) -> MLPVAE:
    """``vae``, after so many steps.

    Args:
        vae: is trained in place.
        loss: what it is trained by.
        data: what it is trained on, made black and white anew at each step.
        steps: how many.
        runtime: seed, device and precision.
    """
    for _ in VAETrainer(vae, loss, binary=True).steps(data, steps, runtime):
        pass
    return vae


def fitted_to(vae: MLPVAE, data: ImageData, steps: int, runtime: Runtime) -> MLPVAE:
    """The decoder of ``vae`` as it is, and its encoder trained further by the true ELBO.

    Args:
        vae: stays as it is.
        data: as for :func:`train`.
        steps: how many.
        runtime: seed, device and precision.
    """
    refitted = copy.deepcopy(vae)
    refitted.decoder.requires_grad_(False)
    return train(refitted, ELBO(), data, steps, runtime)
