"""Checks of chapter 03 whose answers are functions that return tensors: averages, slopes, first weights, steps."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import softplus

from course_lib.learn.exercises import check
from course_lib.learn.numbers import gap, near, table, wrong_value


@check(
    "averaged",
    todo="return a dict with the new average of every tensor",
    shows="right: batch norm's collected numbers are averaged, too, and its counter stays a whole number",
)
def averaged(answer: Any) -> str | None:
    """``answer(average, weights, decay)``, two state dicts → the new average."""
    for decay in (0.99, 0.5):
        old, new = _state(1.0, 7), _state(3.0, 9)
        got = answer(_state(1.0, 7), given := _state(3.0, 9), decay)
        assert isinstance(got, dict), f"it returned a {type(got).__name__}, expected a dict: name → tensor"
        lacking = [name for name in old if name not in got]
        assert not lacking, f"{lacking[0]!r} is missing: the average has every name of the state, batch norm's as well"
        assert all(torch.equal(given[name], new[name]) for name in new), "the weights have changed: only read them"
        for name, value in old.items():
            mine = table(got[name], value.shape, f"{name!r} is")
            if name == "norm.num_batches_tracked":
                assert mine == 9, f"the counter is a whole number: take the 9 of the weights, got {mine.item():g}"
                continue
            known = {
                "the parts are swapped: the old average keeps `decay` parts": decay * new[name] + (1 - decay) * value,
                "both parts have the same weight: `decay` parts of the old, 1 − decay of the new": (
                    decay * (value + new[name])
                ),
                "the new weights come in full: multiply them by 1 − decay": decay * value + new[name],
                "this is the old average: the new weights are missing": value,
                "these are the new weights: the old average is missing": new[name],
            }
            right = decay * value + (1 - decay) * new[name]
            if wrong := wrong_value(mine, right, known, f"{name!r}, with decay {decay}"):
                return wrong
    return None


def _state(size: float, steps: int) -> dict[str, Tensor]:
    """A small state dict, with batch norm's numbers in it."""
    return {
        "0.weight": size * torch.tensor([[1.0, -2.0], [0.5, 3.0]]),
        "norm.running_mean": size * torch.tensor([0.25, -1.0]),
        "norm.num_batches_tracked": torch.tensor(steps),
    }


@check(
    "slopes_at",
    todo="return the slopes of both losses at these logits",
    shows="right: where D rejects a picture, minimax has no slope, and the non-saturating loss its largest",
)
def slopes_at(answer: Any) -> str | None:
    """``answer(a)``, logits (N,) → (−σ(a), −σ(−a)), each (N,)."""
    a = torch.tensor([-1000.0, -4.6, -1.0, 0.0, 2.0, 1000.0])
    d = a.double().sigmoid()
    got = table(answer(a.clone()), (2, len(a)), "it returned two slopes a logit in")
    known = {
        "the two are swapped: minimax comes first": torch.stack([d - 1, -d]),
        "both signs are wrong: the generator wants higher logits, so both losses fall": torch.stack([d, 1 - d]),
        "the second sign is wrong: the −a inside gives a minus, too": torch.stack([-d, 1 - d]),
        "the first sign is wrong: minimax is minus a softplus": torch.stack([d, d - 1]),
        "the second is taken at a: softplus(−a) has the slope of softplus at −a": torch.stack([-d, -d]),
        "these are the losses themselves, not their slopes": torch.stack(
            [-softplus(a.double()), softplus(-a.double())]
        ),
    }
    return wrong_value(got, torch.stack([-d, d - 1]), known, "(row 0 minimax, row 1 non-saturating)")


@check(
    "first_weights",
    todo="return random weights, (outputs, inputs), with which a layer with ReLU keeps the mean square",
    shows="right: their mean is 0 and their mean square 2 / inputs, so that nothing shrinks and nothing explodes",
)
def first_weights(answer: Any) -> str | None:
    """``answer(outputs, inputs)`` → (outputs, inputs), mean 0, mean square 2 / inputs."""
    for outputs, inputs in ((400, 300), (200, 1000)):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            got = table(answer(outputs, inputs), (outputs, inputs), "the weights have")
        square, mean = got.square().mean().item(), got.mean().item()
        assert square > 0, "all weights are 0: every output would be the same, and stay so"
        if abs(mean) > 0.1 * square**0.5:
            return f"the weights' mean is {mean:.2g}, not 0: torch.randn draws numbers around 0, torch.rand does not"
        times = square * inputs / 2  # 1 where it is right
        if abs(times - 1) < 0.05:
            continue
        known = {
            0.5: "these keep the mean square of a linear layer (Xavier's); ReLU drops half of it",
            1 / 6: "these are PyTorch's own: the mean square shrinks to a sixth in each layer with ReLU",
            inputs / outputs: "n is the number of *inputs*: that many products are added up",
            inputs / (inputs + outputs): "these are Xavier's for both directions: ReLU drops half of the mean square",
            2 / inputs: "2 / n is the mean square: multiply by its root",
            inputs / 2: "these are not scaled: the mean square grows with the number of inputs",
            2.0: "the mean square doubles in each layer: ReLU's half has already been made up for with 2 / n",
        }
        words = next(
            (said for value, said in known.items() if abs(times / value - 1) < 0.05), "the mean square is wrong"
        )
        return f"{words} (for {inputs} inputs and {outputs} outputs got {square:.3g}, expected {2 / inputs:.3g})"
    return None


_W, _OLD, _G = (torch.tensor(x) for x in ([1.0, -2.0, 0.5], [0.3, 0.1, 0.4], [2.0, -1.0, 0.25]))


@check(
    "momentum_step",
    todo="return the new weight and the new m",
    shows="right: the weight follows a sum of slopes in which the old ones fade",
)
def momentum_step(answer: Any) -> str | None:
    """``answer(w, m, g, lr, beta)`` → (w − lr·m', m') with m' = beta·m + g."""

    def right(w: Tensor, m: Tensor, g: Tensor, lr: float, beta: float) -> Tensor:
        m = beta * m + g
        return torch.stack([w - lr * m, m])

    def known(w: Tensor, m: Tensor, g: Tensor, lr: float, beta: float) -> dict[str, Tensor]:
        new, mean = beta * m + g, beta * m + (1 - beta) * g
        return {
            "the weight moved by the old m: compute the new one first": torch.stack([w - lr * m, new]),
            "the weight went up the slope: it moves by −lr · m": torch.stack([w + lr * new, new]),
            "this m is a mean of slopes, as in Adam; here it is beta · m + g": torch.stack([w - lr * mean, mean]),
            "the weight moved by the slope alone (SGD): it follows m": torch.stack([w - lr * g, new]),
            "the step size went into m as well as into the move, or is missing in the move": torch.stack(
                [w - new, new]
            ),
            "the two are swapped: return w first, then m": torch.stack([new, w - lr * new]),
        }

    return _step(answer, right, known)


@check(
    "rmsprop_step",
    todo="return the new weight and the new v",
    shows="right: each slope in units of its usual size, whether it is large or small",
)
def rmsprop_step(answer: Any) -> str | None:
    """``answer(w, v, g, lr, beta)`` → (w − lr·g/√v', v') with v' = beta·v + (1 − beta)·g²."""

    def right(w: Tensor, v: Tensor, g: Tensor, lr: float, beta: float) -> Tensor:
        v = beta * v + (1 - beta) * g**2
        return torch.stack([w - lr * g / (v.sqrt() + 1e-8), v])

    def known(w: Tensor, v: Tensor, g: Tensor, lr: float, beta: float) -> dict[str, Tensor]:
        new, summed, first = beta * v + (1 - beta) * g**2, beta * v + g**2, beta * v + (1 - beta) * g
        return {
            "the root is missing: divide by √v": torch.stack([w - lr * g / (new + 1e-8), new]),
            "this divides by the old v: compute the new one first": torch.stack([w - lr * g / (v.sqrt() + 1e-8), new]),
            "the weight went up the slope: its move is −lr · g / √v": torch.stack(
                [w + lr * g / (new.sqrt() + 1e-8), new]
            ),
            "the new square counts in full: it has 1 − beta parts": torch.stack(
                [w - lr * g / (summed.sqrt() + 1e-8), summed]
            ),
            "v is a mean of squares: square the slope": torch.stack([w - lr * g / (first.abs().sqrt() + 1e-8), first]),
            "the weight moved by the slope alone (SGD): divide it by √v": torch.stack([w - lr * g, new]),
            "the two are swapped: return w first, then v": torch.stack([new, w - lr * g / (new.sqrt() + 1e-8)]),
        }

    if wrong := _step(answer, right, known):
        return wrong
    still = table(
        answer(_W.clone(), torch.zeros(3), torch.zeros(3), 0.1, 0.9), (2, 3), "where every slope has been 0 it returned"
    )
    return (
        None
        if near(still[0], _W.double())
        else f"where every slope has been 0 the weight should stay: {gap(still[0], _W)}"
    )


def _step(answer: Any, right: Callable[..., Tensor], known: Callable[..., dict[str, Tensor]]) -> str | None:
    """None when the answer is ``right`` for two settings and large slopes; else what is wrong with it."""
    for g, lr, beta in ((_G, 0.1, 0.9), (_G, 0.5, 0.5), (1000 * _G, 0.1, 0.9)):
        given = (_W, _OLD, g)
        got = table(
            answer(*(x.clone() for x in given), lr, beta), (2, 3), "two rows of 3 weights are expected; it returned"
        )
        wrong = wrong_value(
            got,
            right(*given, lr, beta),
            known(*given, lr, beta),
            f"(row 0 w, row 1 the average) with lr {lr}, beta {beta}",
        )
        if wrong:
            return wrong
    return None
