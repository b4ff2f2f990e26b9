"""Each explanation is right, or refused in a sentence, however the model is written; and the model stays as it was."""

import contextlib

import pytest
import torch
from makes import ALL, MAKES, SIDE, images, plain
from torch import nn

from course_lib import explain
from course_lib.errors import CourseError
from course_lib.explain import class_logit, explain_copy

CLASSES = torch.tensor([0, 2, 1])
BACKGROUND = images(4, seed=7)
SQUARES = explain.grid_segments(SIDE, SIDE, 6)

METHODS = {
    "gradient": lambda m, t, x, **o: explain.gradient(m, t, x, **o),
    "smooth_grad": lambda m, t, x, **o: explain.smooth_grad(m, t, x, samples=3, **o),
    "integrated_gradients": lambda m, t, x, **o: explain.integrated_gradients(m, t, x, steps=3, **o),
    "guided_backprop": lambda m, t, x, **o: explain.guided_backprop(m, t, x, **o),
    "grad_cam": lambda m, t, x, **o: torch.cat([explain.grad_cam(m, t, x, at, signed=True, **o) for at in AT]),
    "hires_cam": lambda m, t, x, **o: torch.cat([explain.hires_cam(m, t, x, at, signed=True, **o) for at in AT]),
    "occlusion": lambda m, t, x, **o: explain.occlusion(m, t, x, window=6, stride=3, **o),
    "lime": lambda m, t, x, **o: explain.lime(m, t if callable(t) else 1, x[0], SQUARES, samples=20, **o)[0],
    "shapley": lambda m, t, x, **o: explain.shapley_of_segments(m, t, x[0], SQUARES, orders=3, **o),
    "deep_shap": lambda m, t, x, **o: explain.deep_shap(m, t, x, BACKGROUND[:, : x.shape[1]], **o),
    "gradient_shap": lambda m, t, x, **o: explain.gradient_shap(m, t, x, BACKGROUND[:, : x.shape[1]], samples=5, **o),
    "partition_shap": lambda m, t, x, **o: explain.partition_shap(
        m, t, x, BACKGROUND[:, : x.shape[1]], evaluations=40, **o
    ),
}
AT = ("conv1", "norm", "conv2")  # before batch norm, before an activation in place or not
assert tuple(METHODS) == ALL


def ask(method, model, x, **output):
    target = (
        CLASSES
        if "shap" in method and method != "shapley"
        else class_logit(1)
        if method in ("lime", "shapley")
        else class_logit(CLASSES)
    )
    return METHODS[method](model, target, x, **output)


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
