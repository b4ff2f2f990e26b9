"""How many latents does a VAE of digits use, and what does it win by more? (`course record latent-sizes`).

A2's layers with 2 to 50 latents; all else, but the number of steps, is lesson 05.2's training. For the first seed the
reconstructions of ten digits are kept, too.
"""

import base64
from collections.abc import Callable

import torch
from torch import Tensor

from course_lib.data import ImageData, load
from course_lib.files import write_recorded
from course_lib.metrics import measure_latent_code
from course_lib.models import MLPVAE, binarised
from course_lib.runtime import Runtime
from course_lib.show.picture import grid, png_bytes
from course_lib.training import VAETrainer

SEEDS = tuple(range(100, 105))  # the reporting seeds; 0 was looked at first
SIZES, STEPS = (2, 5, 10, 20, 50), 1000
SETTINGS = {
    "network": "MLPVAE(latent), 784-400-200-latent and its mirror image, the ELBO",
    "data": "4,000 shipped training digits, binarised anew at each step",
    "steps": STEPS,
    "measured": "1,000 held-out digits, black and white: nats a digit, and latents with a KL above 0.1",
}


def record(
    seeds: tuple[int, ...] = SEEDS,
    tell: Callable[[str], None] = print,
    *,
    steps: int = STEPS,
    sizes: tuple[int, ...] = SIZES,
) -> None:
    """Train every size once a seed and write ``data/runs/latent-sizes.json``.

    ``runs[size]["measured"][seed]`` → ``{"bound", "reconstruction", "kl", "active"}``. ``runs[size]["pictures"]`` is a
    row of ten reconstructions as PNG in base64, of the first seed.

    Args:
        seeds: each is a new training of every size.
        tell: is given a line after each training.
        steps: of a training.
        sizes: numbers of latents.
    """
    runs: dict = {size: {"measured": {}} for size in sizes}
    for seed in seeds:
        runtime = Runtime.auto(seed=seed, device="cpu")
        data, held_out = load("digits", runtime), load("digits", runtime, split="test")
        test = binarised(held_out.images, runtime.stream("test"))
        for size in sizes:
            vae = train(size, data, steps, runtime)
            found = measure_latent_code(vae, test)
            terms = {"bound": found.bound, "reconstruction": found.reconstruction, "kl": found.kl}
            runs[size]["measured"][seed] = {n: round(nats, 2) for n, nats in terms.items()} | {"active": found.active}
            if seed == seeds[0]:
                runs[size]["pictures"] = row(vae, test[one_of_each(held_out.labels)])
            tell(f"{size} latents, seed {seed}: {runs[size]['measured'][seed]}")
            write_recorded("latent-sizes", SETTINGS | {"steps": steps, "pictures of seed": seeds[0]}, runs)


def train(size: int, data: ImageData, steps: int, runtime: Runtime) -> MLPVAE:
    """A VAE with that many latents, trained by the ELBO.

    Args:
        size: how many latents.
        data: what it is trained on, made black and white anew at each step.
        steps: how many.
        runtime: seed, device and precision.
    """
    with runtime.seeded("weights"):
        vae = MLPVAE(size)
    vae.init_output_bias(data.images)
    for _ in VAETrainer(vae, binary=True).steps(data, steps, runtime):
        pass
    return vae


def one_of_each(labels: Tensor) -> Tensor:
    """Where the first image of each class stands: ``(classes,)``.

    Args:
        labels: int64 ``(N,)``.
    """
    return torch.stack([(labels == k).nonzero()[0, 0] for k in labels.unique()])


@torch.no_grad()
def row(vae: MLPVAE, images: Tensor) -> str:
    """Reconstructions side by side, pixel for pixel: PNG in base64.

    Args:
        vae: whose.
        images: ``(N, 1, 28, 28)``.
    """
    return base64.b64encode(png_bytes(grid(vae.reconstruct(images), len(images), scale=1, gap=0))).decode()
