"""What a mask does to G's step: to the gradient of its weights, to Adam's update, and to the work of D."""

import copy
from collections.abc import Mapping
from itertools import islice

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from course_lib.chapters.ch12_guided_training import race
from course_lib.data import ImageData
from course_lib.runtime import Runtime
from course_lib.training import Game
from course_lib.training.guides import Guide, GuideLike
from course_lib.training.settings import latent_size


def of_weights(game: Game, z: Tensor, guides: Mapping[str, GuideLike | None], step: int = 0) -> dict[str, Tensor]:
    """The gradient of G's weights, from the same latents under each guide.

    Args:
        game: whose networks are asked; nothing in it is changed.
        z: latents ``(N, latent)``.
        guides: name → what gives the factor; None: 1.
        step: what the guides are told.

    Returns:
        Name → all gradients in one row, ``(weights,)``.
    """
    weights = list(game.generator.parameters())
    fake = game.generator(z)
    x = fake.detach().requires_grad_()
    (slope,) = torch.autograd.grad(softplus(-game.critic(x)).mean(), x)
    found = {}
    for name, guide in guides.items():
        factor = None if guide is None else guide(game.critic, x.detach(), step)
        masked = slope if factor is None else slope * factor
        parts = torch.autograd.grad(fake, weights, masked, retain_graph=True)
        found[name] = torch.cat([part.flatten() for part in parts])
    return found


def updates(
    game: Game, data: ImageData, runtime: Runtime, guides: Mapping[str, GuideLike], steps: int
) -> dict[str, list[Tensor]]:
    """How Adam would move G's weights under each guide, step by step along the game *without* one.

    All begin with the averages that the game's Adam has by now. D learns as in the game.

    Args:
        game: stays as it is.
        data: what to imitate.
        runtime: seed and device.
        guides: name → what gives the factor.
        steps: how many.

    Returns:
        Name, and "none" → the updates ``(weights,)``, one a step.
    """
    game = copy.deepcopy(game)
    weights = list(game.generator.parameters())
    shadows: dict[str, tuple[nn.Parameter, torch.optim.Optimizer]] = {}
    every: dict[str, GuideLike | None] = {"none": None, **guides}
    for name in every:
        shadow = nn.Parameter(torch.zeros(sum(w.numel() for w in weights), device=weights[0].device))
        shadows[name] = shadow, _continued(game, shadow)
    found: dict[str, list[Tensor]] = {name: [] for name in every}
    for n, (real, _) in enumerate(islice(data.stream(game.batch, runtime, start=game.step_number), steps)):
        game.step(real, runtime, players="d")
        z = torch.randn(game.batch, latent_size(game.generator), generator=runtime.stream("of an update", n))
        for name, gradient in of_weights(game, z.to(real.device), every, game.step_number).items():
            shadow, optimiser = shadows[name]
            shadow.data.zero_()
            shadow.grad = gradient
            optimiser.step()
            found[name].append(shadow.detach().clone())
        with torch.no_grad():
            at = 0
            for weight in weights:
                weight.add_(found["none"][-1][at : at + weight.numel()].view_as(weight))
                at += weight.numel()
    return found


def _continued(game: Game, shadow: nn.Parameter) -> torch.optim.Optimizer:
    """An Adam for all of G's weights in one row, with the averages of the game's own."""
    own = game.optimiser_g
    new = torch.optim.Adam([shadow], **{k: own.param_groups[0][k] for k in ("lr", "betas", "eps")})
    states = [own.state[w] for w in own.param_groups[0]["params"]]
    new.state[shadow] = {"step": states[0]["step"].clone()} | {
        k: torch.cat([s[k].flatten() for s in states]) for k in ("exp_avg", "exp_avg_sq")
    }
    return new


def relative(changed: list[Tensor], plain: list[Tensor]) -> list[float]:
    """How large the difference of two updates is beside the plain one, in percent, step by step.

    Args:
        changed, plain: updates ``(weights,)``, as many of each.
    """
    return [(100 * (a - b).norm() / b.norm()).item() for a, b in zip(changed, plain, strict=True)]


def pictures_asked(game: Game, real: Tensor, runtime: Runtime, guide: Guide | None) -> int:
    """How many pictures D is shown in one step.

    Args:
        game: stays as it is.
        real: a batch.
        runtime: seed and device.
        guide: of the step.
    """
    game, seen = copy.deepcopy(game), []
    game.guide = guide
    game.discriminator.register_forward_pre_hook(lambda module, inputs: seen.append(len(inputs[0])))
    game.step(real, runtime)
    return sum(seen)


def guides_of(game: Game, background: Tensor, seed: int) -> dict[str, Guide]:
    """A guide for each of the race's masks, and one that deals out its values at random.

    Args:
        game: whose discriminator is explained.
        background: real pictures, for DeepSHAP.
        seed: of LIME's coalitions.

    Returns:
        Name → guide; "NAME, permuted" → its control.
    """
    found = {}
    for name in race.MASKS:
        mask = race.mask_of(name, game, background, seed)
        found[name] = Guide(mask)
        found[f"{name}, permuted"] = Guide(mask, arrange="permuted")
    return found
