"""The checks of lesson 10.1: a slope through a ReLU, a validation without a leak, and a network that forgets."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

from course_lib.learn.exercises import check
from course_lib.learn.numbers import number, table, wrong_value

# A score, how many examples it is of, how many of these had been trained on, which they are, how many were trained on.
_Scored: TypeAlias = tuple[float, int, int, set[int], int]


@check(
    "through_relu",
    todo="return what guided backpropagation passes on at a ReLU",
    shows="right: a slope passes where the input was above 0 and the slope is, too",
)
def through_relu(answer: Any) -> str | None:
    """``answer(inputs, slopes)``: two tensors of one shape → a tensor of that shape. No input is exactly 0."""
    g = torch.Generator().manual_seed(12)
    small = (
        torch.tensor([2.0, -1.0, 0.5, -3.0, 1000.0, -1000.0, 1000.0]),
        torch.tensor([0.5, 0.7, -0.2, -0.4, 1000.0, 1000.0, -1000.0]),
    )
    batch = torch.randn(3, 2, 4, generator=g), torch.randn(3, 2, 4, generator=g)
    return _passed_on(answer, *small) or _passed_on(answer, *batch)


def _passed_on(answer: Any, inputs: Tensor, slopes: Tensor) -> str | None:
    given = inputs.clone(), slopes.clone()
    got = table(answer(*given), inputs.shape)
    assert given[0].equal(inputs) and given[1].equal(slopes), "inputs or slopes have changed: return a new tensor"
    on = (inputs > 0).float()
    known = {
        "that is an ordinary ReLU, whose negative slopes pass, too": slopes * on,
        "that cuts negative slopes, but lets slopes pass where the ReLU was off": slopes.clamp(min=0),
        "that lets the negative slopes pass and cuts the others": slopes.clamp(max=0) * on,
        "the slopes got the other sign: cut the negative ones": slopes.abs() * on,
        "that multiplies by the input: only whether it is above 0 counts": slopes.clamp(min=0) * inputs.clamp(min=0),
        "that says where something passes: return the slopes there": on * (slopes > 0),
        "that passes slopes where the ReLU was off": slopes.clamp(min=0) * (1 - on),
    }
    return wrong_value(got, slopes.clamp(min=0) * on, known, "for inputs and slopes of both signs")


@check(
    "validate",
    todo="train on one part of the data, and return the score on the other",
    shows="right: nothing that was scored had been trained on",
)
def validate(answer: Any) -> str | None:
    """``answer(data, train, score)``: a list; list → model; (model, list) → number. Returns the held-out score.

    Each network is judged by what *it* was trained on, so folds, and a last training on everything, are right.
    """
    data, trained = list(range(100)), dict[str, list[int]]()
    clean, leaked = list[_Scored](), list[_Scored]()

    def train(part: Any) -> str:
        model = f"model {len(trained) + 1}"
        trained[model] = _examples(part, "train")
        return model

    def score(model: str, part: Any) -> float:
        assert isinstance(model, str) and model in trained, "score takes the model that train returned"
        tested = _examples(part, "score")
        assert tested, "score was given no examples"
        value = 0.25 + (0.618 * (len(clean) + len(leaked) + 1)) % 0.5  # no two alike, nor like the mean of others
        shared = set(tested) & set(trained[model])
        (leaked if shared else clean).append((value, len(tested), len(shared), set(tested), len(set(trained[model]))))
        return value

    result = answer(data, train, score)
    if not trained:
        return "nothing was trained: call train with a part of the data"
    if not clean and not leaked:
        return "nothing was scored: call score with the model and the held-out part"
    got = number(result)
    if not clean or _is_of(got, leaked) or (leaked and _is_of(got, clean + leaked) and not _is_of(got, clean)):
        _, tested, shared, _, _ = max(leaked, key=lambda one: one[2])
        return f"{shared} of the {tested} scored examples had been trained on: that is the leak"
    if not _is_of(got, clean):
        mean = sum(one[0] for one in clean) / len(clean)
        what = "score gave" if len(clean) == 1 else f"the mean of the {len(clean)} scores is"
        return f"it returned {got:.4g}, but {what} {mean:.4g}: return that"
    held_out, fewest = set().union(*(one[3] for one in clean)), min(one[4] for one in clean)
    largest = max(one[1] for one in clean)
    if len(held_out) < 5 or largest > 50 or fewest < 50:
        return (
            f"{fewest} of 100 examples trained on and {len(held_out)} held out: keep at least half for training, "
            "and hold out from 5 to 50"
        )
    return None


def _examples(part: Any, by: str) -> list[int]:
    assert hasattr(part, "__getitem__") and not isinstance(part, str | dict), (
        f"{by} takes a list of examples, and was given a {type(part).__name__}"
    )
    found = [int(one) for one in part]
    assert set(found) <= set(range(100)), f"something was used by {by} that is not in data"
    return found


def _is_of(got: float, scores: list[_Scored]) -> bool:
    """Whether ``got`` is one of the scores, or their mean, plain or by the number of examples."""
    if not scores:
        return False
    values, sizes = np.array([s[0] for s in scores]), np.array([s[1] for s in scores])
    right = [*values, values.mean(), (values * sizes).sum() / sizes.sum()]
    return min(abs(got - one) for one in right) < 1e-6


@check(
    "forget",
    todo="return a copy of the network in which the named layers have fresh weights",
    shows="right: the named layers are new, the others and the network itself are as they were",
)
def forget(answer: Any) -> str | None:
    """``answer(network, names)``: a module, names of layers with ``reset_parameters`` → another module."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(13)
        plain = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 6), nn.ReLU(), nn.Linear(6, 3))
        inner = nn.Sequential(
            nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU()), nn.Sequential(nn.Flatten(), nn.Linear(8, 2))
        )
        return (
            _forgot(answer, plain, ["4"])
            or _forgot(answer, plain, ["4", "2"])
            or _forgot(answer, inner, ["1.1", "0.0"])
            or _forgot(answer, plain, [])
        )


def _forgot(answer: Any, network: nn.Module, names: Sequence[str]) -> str | None:
    before = {key: value.clone() for key, value in network.state_dict().items()}
    got = answer(network, list(names))
    assert isinstance(got, nn.Module), f"expected a network, got {type(got).__name__}"
    asked = f"for the layers {', '.join(map(repr, names))}" if names else "for no layer at all"
    if any(not value.equal(before[key]) for key, value in network.state_dict().items()):
        return f"{asked}, the network that was handed in has changed: work on a deep copy"
    after = got.state_dict()
    assert after.keys() == before.keys(), "the copy has other layers than the network"
    if any(after[key].data_ptr() == value.data_ptr() for key, value in network.state_dict().items()):
        return f"{asked}, the copy shares its weights with the network: work on a deep copy"
    for key, old in before.items():
        layer, _, part = key.rpartition(".")
        same = after[key].equal(old)
        if layer in names and same:
            return f"{asked}, the {part} of layer {layer!r} is as it was: it should be fresh"
        if layer not in names and not same:
            return f"{asked}, the {part} of layer {layer!r} has changed: only the named layers should"
        if layer in names and (after[key].std() == 0 or not torch.isfinite(after[key]).all()):
            return f"{asked}, all numbers in the {part} of layer {layer!r} are alike: fresh weights are drawn at random"
    return None
