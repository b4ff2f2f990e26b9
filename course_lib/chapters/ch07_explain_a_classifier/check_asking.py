"""The checks of lessons 07.4 and 07.5 on how one asks: hooks left behind, margins over controls, probabilities."""

from typing import Any

import torch
from torch import Tensor, nn

from course_lib.explain.model import count_hooks
from course_lib.learn.exercises import check
from course_lib.learn.numbers import gap, near, table, wrong_value


@check(
    "peek",
    todo="repair the function, so that no hook is left, whatever happens",
    shows="right: the layer's own answer, no hook left behind, and errors are passed on",
)
def peek(answer: Any) -> str | None:
    """``answer(model, layer, x)``: → what the layer gives, as it was then."""
    model, x = _model(), torch.randn(2, 1, 6, 6, generator=torch.Generator().manual_seed(3))
    own = model[2].register_forward_hook(lambda part, given, found: None)  # the learner must leave it alone
    with torch.no_grad():
        before, expected = count_hooks(model), model[0](x)
    got = table(answer(model, model[0], x.clone()))
    if count_hooks(model) < before:
        return "the model's own hook is gone: remove yours alone, by the handle that register_forward_hook returns"
    if count_hooks(model) > before:
        return f"{count_hooks(model) - before} hook is left in the model after a run: remove it when the model has run"
    if wrong := _peek(got, expected):
        return wrong
    raised = False
    try:
        answer(model, model[0], torch.zeros(2, 1, 5, 5))  # too few pixels for the last layer
    except Exception:
        raised = True
    left = count_hooks(model) - before
    own.remove()
    if left:
        return f"when the model raises an error, {left} hook stays in it: remove it in a finally"
    if not raised:
        return "the model's error was swallowed: whoever calls should hear of it"
    again = _model()
    with torch.no_grad():
        expected = again[0](2 * x)
    if not near(table(answer(again, again[0], 2 * x)), expected.double()):
        return "asked a second time, of another model, it gives another answer: keep nothing from one call to the next"
    return None


def _peek(got: Tensor, expected: Tensor) -> str | None:
    right = expected.double()
    if got.shape == right.shape and near(got, right):
        return None
    if got.shape == right.shape and near(got, right.clamp(min=0)):
        return (
            "that is what the next layer made of it: an in-place ReLU has overwritten it since, so keep a copy, "
            f".clone(), in the hook ({gap(got, right)})"
        )
    if got.shape != right.shape:
        return f"it returned the shape {tuple(got.shape)}, and the layer gives {tuple(right.shape)}"
    return f"that is not what the layer gives: {gap(got, right)}"


def _model() -> nn.Sequential:
    """Three layers, of which the second overwrites what the first gave."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        body = [nn.Conv2d(1, 3, 3), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(48, 4)]
        return nn.Sequential(*body).eval()


@check(
    "beats",
    todo="return the names of the methods that beat the best control by at least `by`",
    shows="right: no control among them, and the best control is what counts",
)
def beats(answer: Any) -> str | None:
    """``answer(scores, controls, by)``: {name: score}, names of the controls, a margin → names."""
    scores = {"A": 0.75, "noise": 0.25, "B": 0.5, "edges": 0.625, "C": 0.875, "bright": 0.5, "D": 0.3125}
    trials = (
        (scores, ["noise", "edges", "bright"], 0.125),
        (scores, ["noise", "edges", "bright"], 0.0),
        (scores, ["noise"], 0.25),
        (scores, ["bright", "noise"], 0.25),
        (scores, ["noise", "edges", "bright"], 0.5),
        ({"A": -2.0, "x": -3.0, "B": -3.25}, ["x"], 0.5),
    )
    for table_of, controls, by in trials:
        given, names = dict(table_of), list(controls)
        found = answer(given, names, by)
        if given != table_of or names != controls:
            return "the scores or the controls were changed: read them only"
        if wrong := _beats(found, table_of, controls, by):
            return wrong
    return None


def _beats(found: Any, scores: dict[str, float], controls: list[str], by: float) -> str | None:
    if isinstance(found, str | bytes) or not isinstance(found, list | tuple | set | frozenset | dict):
        return f"it returned a {type(found).__name__}, expected the names of methods"
    if not all(isinstance(name, str) for name in found):
        return "there is something among the names that is no name"
    got = set(found)
    if among := sorted(got & set(controls)):
        return f"{among[0]!r} is a control: it is what the methods are compared with"
    if strange := sorted(got - set(scores)):
        return f"{strange[0]!r} is none of the names"
    level = {name: scores[name] for name in controls}

    def over(bar: float, strict: bool = False, margin: float = by) -> set[str]:
        methods = {name: value for name, value in scores.items() if name not in controls}
        return {name for name, value in methods.items() if (value > bar + margin if strict else value >= bar + margin)}

    right, best = over(max(level.values())), max(level, key=lambda name: level[name])
    if got == right:
        return None
    known = {
        "compare with the best control, not with the worst": over(min(level.values())),
        "compare with the best control, not with their mean": over(sum(level.values()) / len(level)),
        "the margin counts: at least `by` more than the best control": over(level[best], margin=0),
        "a lead of exactly `by` is enough: at least, not more than": over(level[best], strict=True),
        "those are the methods that do *not* beat it": set(scores) - set(controls) - right,
        "more is better: above the control, not below": over(level[best], margin=-by) - right,
    }
    reason = next((f"{sentence}: " for sentence, wrong in known.items() if got == wrong), "")
    return (
        f"{reason}got {sorted(got) or 'none'}, expected {sorted(right) or 'none'}, where the best of {len(level)} "
        f"control{'s' * (len(level) > 1)} is {best!r} with {level[best]:g} and the margin is {by:g}"
    )


@check(
    "probability",
    todo="return the probability of class k for each picture",
    shows="right: the ten probabilities of a picture add up to 1, for large logits, too",
)
def probability(answer: Any) -> str | None:
    """``answer(logits, k)``: (N, 10), a class → (N,) in [0, 1]."""
    g = torch.Generator().manual_seed(5)
    for n, k, size in ((4, 3, 2.0), (1, 0, 3.0), (10, 9, 1.0), (3, 5, 1000.0)):
        logits = size * torch.randn(n, 10, generator=g)
        if size > 100:
            logits[0, k], logits[1, k] = 1000.0, -1000.0
        result = answer(logits.clone(), k)
        loose = torch.as_tensor(result).detach() if isinstance(result, Tensor) else None
        if size > 100 and loose is not None and loose.is_floating_point() and not loose.isfinite().all():
            return "for logits around 1,000 it is not finite: eᵃ is too large a number there, use softmax"
        got = table(result)
        assert got.numel() == n, f"it returned the shape {tuple(got.shape)} for {n} pictures, expected ({n},)"
        when = f"for {n} pictures and class {k}{', logits around 1,000' if size > 100 else ''}"
        if wrong := _probability(got.flatten(), when, logits.double(), k):
            return wrong
    return None


def _probability(got: Tensor, when: str, logits: Tensor, k: int) -> str | None:
    right = logits.softmax(1)[:, k]
    known = {
        "the sigmoid looks at one logit alone: ten classes share their probability by softmax": logits[:, k].sigmoid(),
        "softmax over the *classes* of a picture, dim=1; that was over the pictures": logits.softmax(0)[:, k],
        "that is the logarithm of the probability": logits.log_softmax(1)[:, k],
        "that is the probability of all other classes": 1 - right,
        "that is the highest of the ten probabilities: class k was asked for": logits.softmax(1).amax(1),
        "the exponentials are missing: eᵃ divided by the sum of all ten": logits[:, k] / logits.sum(1),
        "that is the logit itself": logits[:, k],
        "compare with all ten, class k included": logits[:, k].exp()
        / (logits.exp().sum(1) - logits[:, k].exp()).clamp(min=1e-300),
    }
    return wrong_value(got, right, {s: w for s, w in known.items() if w.isfinite().all()}, when, within=1e-5)
