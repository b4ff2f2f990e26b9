"""Trained networks that ship with the course, each with the recipe that remakes it.

``load("judge")``, ``load("digit-cnn")``, ``load("dcgan-digits")`` and ``load("vae-plane")`` take well under a second;
``course zoo build`` trains them anew.
A network is stored as float16 safetensors: half the size, and the manifest's metrics are measured after that.
"""

import json
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal, overload

import torch
from safetensors import SafetensorError
from safetensors.torch import load as from_bytes
from safetensors.torch import save as to_bytes

from course_lib.data import load as load_images
from course_lib.errors import CourseError, DataCorrupt, one_of
from course_lib.files import atomic_write, check_sha256, set_aside, sha256, shipped
from course_lib.losses.elbo import ELBO
from course_lib.machine import describe
from course_lib.metrics import evaluate, measure_latent_code
from course_lib.models import VAE, ConvVAE, DCDiscriminator, DCGenerator, DigitCNN, Judge, binarised
from course_lib.runtime import Runtime
from course_lib.training import Game, Sampler, Steps, VAETrainer
from course_lib.training.classifier import Classifier, accuracy

Wrap = Callable[[Steps], Steps]  # for a progress bar around the training


@dataclass(frozen=True)
class Recipe:
    """How one network was made.

    Attributes:
        kind: one of ``KINDS``.
        steps: of training.
        seed: of the run that trained it.
        settings: of the network's constructor, as pairs (name, value). A VAE's may have ``beta``, the weight of the KL
            in its loss (1 without).
    """

    kind: str
    steps: int
    seed: int = 0
    settings: tuple[tuple[str, Any], ...] = ()  # Any: whatever the network's constructor takes


Network = Judge | DigitCNN | DCGenerator | ConvVAE
KINDS: dict[str, Callable[..., Network]] = {"judge": Judge, "dcgan": DCGenerator, "vae": ConvVAE, "cnn": DigitCNN}
BETAS = (0.25, 1, 4, 16, 64)
RECIPES = {
    "judge": Recipe("judge", 2500),
    "digit-cnn": Recipe("cnn", 800),
    "dcgan-digits": Recipe("dcgan", 20_000),
    "vae-plane": Recipe("vae", 4000, settings=(("latent", 2),)),
    **{f"vae-beta-{beta:g}": Recipe("vae", 4000, settings=(("latent", 10), ("beta", beta))) for beta in BETAS},
}


@overload
def load(name: Literal["judge"], runtime: Runtime | None = None) -> Judge: ...
@overload
def load(name: Literal["digit-cnn"], runtime: Runtime | None = None) -> DigitCNN: ...
@overload
def load(name: Literal["dcgan-digits"], runtime: Runtime | None = None) -> Sampler: ...
@overload
def load(name: str, runtime: Runtime | None = None) -> Judge | DigitCNN | Sampler | VAE: ...
def load(name: str, runtime: Runtime | None = None) -> Judge | DigitCNN | Sampler | VAE:
    """A trained network in eval mode, its weights frozen.

    Args:
        name: of ``RECIPES``, or of what the manifest has beside them.
        runtime: whose device it goes to (the CPU without one).

    Returns:
        A classifier or a VAE itself, or a generator's sampler.

    Raises:
        CourseError: for an unknown name (with the valid ones) or a missing file (with the command that makes it).
        DataCorrupt: when the file's checksum is wrong; it stays as it is.

    Example:
        >>> from course_lib import zoo
        >>> zoo.load("dcgan-digits")(8, seed=0).shape
        torch.Size([8, 1, 28, 28])
    """
    manifest = read_manifest()
    one_of("network", name, dict.fromkeys([*RECIPES, *manifest]))
    if name not in manifest:
        raise CourseError(f"the zoo has no {name!r} yet: run 'course zoo build {name}'.")
    entry = manifest[name]
    path = shipped("zoo", entry["file"])
    if not path.is_file():
        raise CourseError(f"{path.name} is missing from the zoo: run 'course zoo build {name}' or fetch it with git.")
    check_sha256(
        path,
        entry["sha256"],
        f"move it away, then get the zoo's back with 'git checkout data/zoo' or 'course zoo build {name}'",
    )
    recipe = Recipe(**{**entry["recipe"], "settings": tuple((k, v) for k, v in entry["recipe"]["settings"])})
    return _loaded(recipe, path.read_bytes(), runtime)


def read_manifest() -> dict[str, dict]:
    """What the zoo holds.

    Returns:
        For each name its recipe, metrics, file, SHA-256, and where and how long it was trained.
    """
    path = shipped("zoo", "manifest.json")
    return json.loads(path.read_text()) if path.is_file() else {}


def build(names: list[str] | None = None, device: str = "auto", wrap: Wrap = lambda steps: steps) -> None:
    """Train the named networks, and put them into the zoo with their metrics.

    On one machine with one thread the result is the same to the last bit; elsewhere the metrics agree closely.

    Args:
        names: of ``RECIPES``; None: all of them, the judge first.
        device: as for ``Runtime.auto``.
        wrap: put around each training's steps, for a progress bar.

    Raises:
        CourseError: for an unknown name, before anything is trained.
    """
    for name in names or RECIPES:
        one_of("network", name, RECIPES)
    for name in names or RECIPES:
        recipe = RECIPES[name]
        runtime = Runtime.auto(device=device, seed=recipe.seed)
        weights, seconds = train(recipe, runtime, wrap)
        keep(name, recipe, weights, seconds)


def train(recipe: Recipe, runtime: Runtime, wrap: Wrap = lambda steps: steps) -> tuple[bytes, float]:
    """Train one network by its recipe, on the digits.

    Args:
        recipe: what to train, how long and from which seed.
        runtime: where; its seed counts, and ``build`` gives it the recipe's.
        wrap: put around the training's steps, for a progress bar.

    Returns:
        Its float16 safetensors bytes, and the seconds spent training.
    """
    data = load_images("digits", runtime)
    with runtime.seeded("weights"):
        network = _network(recipe)
        trainer: Classifier | VAETrainer | Game
        if isinstance(network, Judge | DigitCNN):
            trainer = Classifier(network, total=recipe.steps)
        elif isinstance(network, VAE):
            trainer = VAETrainer(network, ELBO(dict(recipe.settings).get("beta", 1)), binary=True)
        else:
            trainer = Game(network, DCDiscriminator(**_shared(recipe)))
    steps = trainer.steps(data, recipe.steps, runtime)
    for _ in wrap(steps):
        pass
    result = trainer.ema.module if isinstance(trainer, Game) else network
    half = {k: (v.half() if v.is_floating_point() else v).cpu().contiguous() for k, v in result.state_dict().items()}
    return to_bytes(half), steps.seconds


def keep(name: str, recipe: Recipe, weights: bytes, seconds: float) -> dict:
    """Write one network's file, then the manifest that names its checksum and metrics.

    A file of that name that the manifest does not know is kept beside it, as ``….corrupt-1``, and said.

    Args:
        name: of the network in the zoo.
        recipe: how it was made.
        weights: its safetensors bytes.
        seconds: spent training.

    Returns:
        Its manifest entry.
    """
    path = shipped("zoo", f"{name}.safetensors")
    if path.is_file() and sha256(path) != read_manifest().get(name, {}).get("sha256"):
        warnings.warn(f"{path.name} was not the zoo's: it is kept as {set_aside(path).name!r}.", stacklevel=2)
    atomic_write(path, weights)
    entry = {
        "recipe": asdict(recipe),
        "file": path.name,
        "sha256": sha256(path),
        "metrics": measure(recipe, weights),
        "seconds": round(seconds),
        "machine": describe(torch.get_num_threads()),
    }
    text = json.dumps({**read_manifest(), name: entry}, indent=1, sort_keys=True, ensure_ascii=False)
    atomic_write(shipped("zoo", "manifest.json"), text + "\n")
    return entry


def measure(recipe: Recipe, weights: bytes) -> dict[str, float]:
    """The metrics of one network, as the manifest has them.

    Args:
        recipe: how it was made.
        weights: its safetensors bytes.

    Returns:
        A classifier's accuracy on the 1,000 held-out digits, a VAE's latent code of the same, or a generator's report by
        the zoo's judge.
    """
    loaded = _loaded(recipe, weights, None)
    if isinstance(loaded, Judge | DigitCNN):
        return {"accuracy": accuracy(loaded, load_images("digits", split="test"))}
    if isinstance(loaded, VAE):
        images = binarised(load_images("digits", split="test").images, torch.Generator().manual_seed(0))
        code = measure_latent_code(loaded, images)
        return {name: round(getattr(code, name), 2) for name in ("bound", "reconstruction", "kl", "active")}
    report = evaluate(loaded, load("judge"), load_images("digits").images)
    return {k: round(v, 4) for k, v in asdict(report).items()}


def _loaded(recipe: Recipe, weights: bytes, runtime: Runtime | None) -> Judge | DigitCNN | Sampler | VAE:
    try:
        state = from_bytes(weights)
    except SafetensorError as problem:
        raise DataCorrupt(f"not a safetensors file ({problem}): rebuild it with 'course zoo build'.") from None
    # Initial weights are drawn only to be overwritten, in milliseconds. On the meta device, where none would be drawn,
    # the first `normal_` imports torch's compiler: three seconds.
    with torch.random.fork_rng(devices=[]):
        network = _network(recipe)
    network.load_state_dict(state)
    network = network.to(runtime.device if runtime else "cpu").eval().requires_grad_(False)
    return Sampler(network) if isinstance(network, DCGenerator) else network


def _network(recipe: Recipe) -> Network:
    kind = KINDS[one_of("kind of recipe", recipe.kind, KINDS)]
    return kind(**{name: value for name, value in recipe.settings if name != "beta"})


def _shared(recipe: Recipe) -> dict[str, Any]:
    """Those of the generator's settings that its discriminator must share."""
    return {k: v for k, v in recipe.settings if k in ("width", "size", "channels")}
