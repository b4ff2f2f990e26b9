"""Each explanation is right, or refused in a sentence, however the model is written; and the model stays as it was."""

import contextlib

import pytest
import torch
from makes import MAKES, SIDE, images, plain
from torch import nn

from course_lib import explain
from course_lib.errors import CourseError
from course_lib.explain import ATTRIBUTIONS, class_logit, explain_copy, realness

CLASSES = torch.tensor([0, 2, 1])
BACKGROUND = images(4, seed=7)
SQUARES = explain.grid_segments(SIDE, SIDE, 6)

METHODS = dict(ATTRIBUTIONS)
AT = ("conv1", "norm", "conv2")  # before batch norm, before an activation in place or not


def ask(name, model, x, target=None, **output):
    """A map for each picture and class, by little work; of a method that needs a layer, at three of them."""
    method, target = METHODS[name], class_logit(CLASSES) if target is None else target
    settings = {
        "segments": SQUARES,
        "background": BACKGROUND[:, : x.shape[1]] if method.needs == "background" else None,
        "effort": method.min_effort + 10,
    }
    layers = AT if method.needs == "layer" else (None,)
    return torch.cat([method(model, target, x, layer=at, **settings, **output) for at in layers])


def condition(model: nn.Module) -> dict:
    """All that an explanation must leave as it was."""
    state = {f"weights {k}": v.clone() for k, v in model.state_dict().items()}
    for name, part in model.named_modules():
        state[f"{name} mode"] = part.training
        state[f"{name} in place"] = getattr(part, "inplace", None)
        state[f"{name} hooks"] = [
            id(hook)
            for each in (part._forward_hooks, part._forward_pre_hooks, part._backward_hooks, part._backward_pre_hooks)
            for hook in each.values()
        ]
        state[f"{name} notes"] = {k: id(v) for k, v in vars(part).items() if isinstance(v, torch.Tensor)}
    for name, weights in model.named_parameters():
        state[f"{name} frozen"], state[f"{name} slope"] = not weights.requires_grad, weights.grad
    return state


def assert_same(before: dict, after: dict):
    assert before.keys() == after.keys()
    for what, was in before.items():
        assert torch.equal(was, after[what]) if isinstance(was, torch.Tensor) else was == after[what], what


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("make", MAKES)
def test_it_is_right_or_refused_and_leaves_the_model_alone(make, method):
    made = MAKES[make]()
    stated = {} if made.output is None else {"output": made.output}
    before, pixels = condition(made.model), made.images.clone()
    if method in made.refused:
        with pytest.raises(CourseError, match=made.refused[method]) as refusal:
            ask(method, made.model, made.images, **stated)
        assert "\n" not in str(refusal.value) and str(refusal.value).endswith(".")
    else:
        found = ask(method, made.model, made.images, **stated)
        right = ask(method, made.twin, made.images.contiguous())
        assert right.abs().max() > 1e-3
        torch.testing.assert_close(found, right, rtol=1e-3, atol=1e-5)
    assert_same(before, condition(made.model))
    assert torch.equal(made.images, pixels)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("make", ["tuple", "list", "dict", "named tuple by name"])
def test_several_outputs_need_to_be_told_which(make, method):
    made = MAKES[make]()
    with pytest.raises(CourseError, match=r"gives a (tuple|list|dict|Heads) .*not a tensor: say which .* output="):
        ask(method, made.model, made.images)


@pytest.mark.parametrize("method", METHODS)
def test_any_target_is_explained_and_a_map_has_the_pictures_number_and_size(method):
    model, x = plain(), images()
    right = ask(method, model, x, target=class_logit(2))
    many = len(AT) if METHODS[method].needs == "layer" else 1
    assert right.shape[0] == 3 * many and right.shape[2:] == x.shape[2:] and right.shape[1] in (1, 3)
    third = ask(method, model, x, target=lambda outputs: outputs[:, 2])  # says of no class that it is of it
    torch.testing.assert_close(third, right, rtol=1e-4, atol=1e-6)
    alone = ask(method, model, x, target=realness, output=lambda outputs: outputs[:, 2])  # one logit an image
    torch.testing.assert_close(alone, right, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_each_picture_is_explained_for_its_own_class(method):
    """Up to chance, which may be another where one class is asked about alone."""
    model, x, k = plain(), images(), torch.cat([CLASSES] * (len(AT) if METHODS[method].needs == "layer" else 1))
    found = ask(method, model, x)
    by_class = torch.stack([ask(method, model, x, target=class_logit(c)) for c in range(3)])  # (3, N, …)
    apart = (by_class - found).flatten(2).norm(dim=2)  # (3, N)
    assert apart.argmin(0).equal(k)
    if not METHODS[method].stochastic:
        assert (apart.amin(0) < 1e-4 * apart.amax(0)).all()


@pytest.mark.parametrize("method", METHODS)
def test_it_says_whether_there_is_chance_in_it(method):
    made = METHODS[method]
    settings = {"layer": AT[0], "segments": SQUARES, "background": BACKGROUND, "effort": made.min_effort + 2}
    first, again, other = (made(plain(), class_logit(1), images(), seed=seed, **settings) for seed in (0, 0, 1))
    assert first.equal(again) and first.equal(other) != made.stochastic


@pytest.mark.parametrize("method", [name for name, made in METHODS.items() if made.effort])
def test_more_effort_is_more_looks_at_the_model(method):
    made, seen = METHODS[method], []
    for effort in (made.min_effort, made.min_effort + 60):
        model, looks = plain(), []
        model.last.register_forward_hook(lambda part, inputs, output, looks=looks: looks.append(len(output)))
        made(model, class_logit(1), images(1), segments=SQUARES, background=BACKGROUND, effort=effort)
        seen.append(sum(looks))
    assert seen[0] < seen[1], seen


class Stopped(Exception):
    """The learner's interrupt, or whatever else comes in the middle."""


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("make", ["in-place layers", "old spectral_norm", "a forward hook", "compiled", "frozen"])
def test_what_stops_it_in_the_middle_leaves_the_model_alone_too(make, method, monkeypatch):
    made, calls = MAKES[make](), []

    def stop(self, *args):
        calls.append(1)
        if len(calls) >= 2:
            raise Stopped
        return linear(self, *args)

    linear = nn.Linear.forward
    before = condition(made.model)
    with monkeypatch.context() as patched, contextlib.suppress(Stopped):
        patched.setattr(nn.Linear, "forward", stop)
        ask(method, made.model, made.images)
        ask(method, made.model, made.images)
        raise AssertionError("it was not stopped")
    assert_same(before, condition(made.model))
    right = ask(method, made.twin, made.images)
    torch.testing.assert_close(ask(method, made.model, made.images), right, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("block", [torch.no_grad, torch.inference_mode])
@pytest.mark.parametrize("method", METHODS)
def test_it_works_inside_blocks_without_slopes(method, block):
    model, x = plain(), images()
    right = ask(method, model, x)
    with block():
        torch.testing.assert_close(ask(method, model, x.clone()), right)


@pytest.mark.parametrize("make", [name for name in MAKES if name != "statistics of the batch"])
def test_the_copy_is_the_same_function_without_in_place_layers(make):
    if make == "what ReLU returns is ignored":
        return  # no copy can be; the explanations of shap, which need one, refuse it
    made = MAKES[make]()
    twin = explain_copy(made.model)
    assert not any(part.training or getattr(part, "inplace", False) for part in twin.modules())
    assert not any(part._backward_hooks or hasattr(part, "_orig_mod") for part in twin.modules())
    with torch.no_grad():
        found, right = twin(made.images.clone(memory_format=torch.contiguous_format)), made.twin(made.images)
    if made.output is not None:
        found = (
            made.output(found)
            if callable(made.output)
            else (
                getattr(found, made.output)
                if hasattr(found, "_fields") and isinstance(made.output, str)
                else found[made.output]
            )
        )
    torch.testing.assert_close(found, right)
