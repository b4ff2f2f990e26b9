"""Shares of a property among the numbers of z: five methods beside the enumerated Shapley values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median

import torch
from torch import Tensor, nn

from course_lib.explain import class_logit, deep_shap, exact_shapley, gradient, integrated_gradients
from course_lib.explain.shapley import sampled_shapley
from course_lib.explain.targets import Target

Worth = Callable[[Tensor], Tensor]


class Ink(nn.Module):
    """Pictures → their mean pixel ``(N, 1)``."""

    def forward(self, x: Tensor) -> Tensor:
        """See the class.

        Args:
            x: ``(N, 1, H, W)``.
        """
        return x.flatten(1).mean(1, keepdim=True)


def shares_by_method(
    model: nn.Module,
    target: Target,
    z: Tensor,
    against: Tensor,
    seed: int = 0,
    worth: Worth | None = None,
    orders: int | None = None,
) -> dict[str, Tensor]:
    """Attributions of target(model(z)) to the numbers of z, mean over the baselines.

    Args:
        model: in eval mode.
        target: the model's outputs → a number for each.
        z: ``(1, n)``.
        against: baselines ``(M, n)``.
        seed: of the sampled orders.
        worth: the game, where it is known: rows of 1 (from z) or 0 (from the baseline) → the property.
        orders: how many orders to sample; none without.

    Returns:
        Method → float64 ``(n,)`` on the CPU.
    """
    worth = worth or torch.no_grad()(
        lambda rows: torch.stack([target(model(torch.where(rows.to(z) > 0, z, b))) for b in against]).mean(0)
    )
    n, many = z.shape[1], z.expand(len(against), -1)
    phi = {
        "Shapley, exact": exact_shapley(worth, n),
        "slope × step": (gradient(model, target, z) * (z - against)).mean(0),
        "one at a time": worth(torch.ones(1, n)) - worth(1 - torch.eye(n)),
        "integrated gradients": integrated_gradients(model, target, many, against, steps=100).mean(0),
    }
    if orders:
        phi["Shapley, sampled"] = sampled_shapley(worth, n, orders, seed)[0]
    return {name: values.double().cpu() for name, values in phi.items()}


@dataclass
class Compared:
    """How far methods are from the enumerated Shapley values.

    Attributes:
        errors: (start, method, property) → for each picture, the distance from the true list over that list's length.
        gaps: likewise, how far its sum is from that of the true list.
        shares: likewise, the method's list itself ``(n,)``.
        standard_errors: (start, property) → for each picture, those of the sampled Shapley values ``(n,)``.
        exact: property → "zero", "typical": the true shares of each picture ``(n,)``; "each": those against each
            typical baseline alone ``(baselines, n)``.
    """

    errors: dict[tuple[str, str, str], list[float]] = field(default_factory=dict)
    gaps: dict[tuple[str, str, str], list[float]] = field(default_factory=dict)
    shares: dict[tuple[str, str, str], list[Tensor]] = field(default_factory=dict)
    standard_errors: dict[tuple[str, str], list[Tensor]] = field(default_factory=dict)
    exact: dict[str, dict[str, list[Tensor]]] = field(default_factory=dict)

    def methods(self) -> list[str]:
        """The methods' names, in their order."""
        return list(dict.fromkeys(method for _, method, _ in self.errors))

    def error(self, start: str, method: str, name: str) -> float:
        """The median error over the pictures.

        Args:
            start: "zero" or "typical".
            method, name: a method and a property.
        """
        return median(self.errors[start, method, name])

    def gap(self, start: str, method: str, name: str) -> float:
        """The median of what is missing in the sum.

        Args:
            start, method, name: as for :meth:`error`.
        """
        return median(self.gaps[start, method, name])


def compare(
    generator: nn.Module, heads: Mapping[str, nn.Module], asked: Tensor, classes: list[int], typical: Tensor, seed: int
) -> Compared:
    """Shares of each method and property, against z = 0 and against typical latents, beside the enumerated ones.

    Args:
        generator: in eval mode.
        heads: property → pictures to outputs; that of "class logit" has a column a class.
        asked: latents to explain ``(N, n)``.
        classes: the class that is asked about, for each of them.
        typical: drawn baselines ``(M, n)``.
        seed: of the sampled orders.
    """
    n, zero = asked.shape[1], torch.zeros_like(typical[:1])
    powers = 2 ** torch.arange(n)
    everyone = (torch.arange(2**n)[:, None] // powers % 2).float()  # row i: who is in coalition number i

    @torch.no_grad()
    def worths(z: Tensor, k: int, baseline: Tensor) -> dict[str, Tensor]:
        drawn = generator(torch.where(everyone.to(z.device) > 0, z, baseline))  # each picture is drawn once
        return {name: head(drawn)[:, k if name == "class logit" else 0].cpu() for name, head in heads.items()}

    def enumerated(table: Tensor) -> Worth:
        return lambda rows: table[(rows.long() * powers).sum(1)]

    found = Compared(exact={name: {"zero": [], "typical": [], "each": []} for name in heads})
    chains = {name: nn.Sequential(generator, head).eval() for name, head in heads.items()}
    for z, k in zip(asked.split(1), classes, strict=True):
        tables = [worths(z, k, baseline) for baseline in torch.cat([zero, typical])]  # the first is against 0
        for name, chain in chains.items():
            output = k if name == "class logit" else 0
            for start, against, those in (("zero", zero, tables[:1]), ("typical", typical, tables[1:])):
                worth = enumerated(torch.stack([table[name] for table in those]).mean(0))
                got = shares_by_method(chain, class_logit(output), z, against, seed, worth, orders=10)
                as_images = (t.view(-1, n, 1, 1) for t in (z, against))  # shap's wrapper wants four axes
                deep = deep_shap(nn.Sequential(nn.Flatten(), chain).eval(), output, *as_images)
                found.standard_errors.setdefault((start, name), []).append(sampled_shapley(worth, n, 10, seed)[1])
                got["shap's Deep"] = deep.flatten().double().cpu()
                truth = got.pop("Shapley, exact")
                found.exact[name][start].append(truth)
                for method, phi in got.items():
                    size = truth.norm()
                    found.shares.setdefault((start, method, name), []).append(phi)
                    found.errors.setdefault((start, method, name), []).append(((phi - truth).norm() / size).item())
                    found.gaps.setdefault((start, method, name), []).append(
                        ((phi.sum() - truth.sum()).abs() / size).item()
                    )
            found.exact[name]["each"].append(
                torch.stack([exact_shapley(enumerated(table[name]), n) for table in tables[1:]])
            )
    return found
