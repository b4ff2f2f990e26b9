"""An explanation must not change what it explains."""

import pytest
import shap
import torch
from explained_models import images, pooled
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from course_lib.errors import CourseError
from course_lib.explain import class_logit, explain_copy, grad_cam, gradient
from course_lib.explain.model import count_hooks, find_layer


def test_the_copy_is_ready_and_the_original_untouched():
    model = pooled(inplace=True).train().requires_grad_(False)
    twin = explain_copy(model)
    assert not twin.training and not any(getattr(m, "inplace", False) for m in twin.modules())
    assert all(p.requires_grad for p in twin.parameters())
    assert model.training and any(getattr(m, "inplace", False) for m in model.modules())
    assert not any(p.requires_grad for p in model.parameters())
    assert not {p.data_ptr() for p in model.parameters()} & {p.data_ptr() for p in twin.parameters()}


def test_the_copy_answers_alike_with_spectral_norm_too():
    model = nn.Sequential(spectral_norm(nn.Conv2d(1, 4, 3)), nn.LeakyReLU(0.2, True), nn.Flatten(), nn.Linear(400, 1))
    model(images())  # in train mode: the power iteration has moved
    model.eval()
    torch.testing.assert_close(explain_copy(model)(images()), model(images()))


def test_hooks_that_shap_left_behind_are_refused():
    model = pooled(inplace=True)
    with pytest.raises(RuntimeError):
        shap.DeepExplainer(model, images(2)).shap_values(images(1))
    left = count_hooks(model)
    assert left > 0
    for use in (explain_copy, lambda m: gradient(m, class_logit(0), images())):
        with pytest.raises(CourseError, match=f"carries {left} hooks that shap left behind"):
            use(model)


def test_the_models_own_forward_hooks_come_along_and_backward_hooks_do_not():
    model = pooled()
    model.body[0].register_forward_hook(lambda part, inputs, output: 2 * output)
    model.head[2].register_full_backward_hook(lambda part, inwards, outwards: (3 * inwards[0],))
    assert count_hooks(model) == 2
    twin = explain_copy(model)
    assert count_hooks(twin) == 1 and count_hooks(model) == 2
    torch.testing.assert_close(twin(images()), model(images()))
    with pytest.raises(CourseError, match=r"'head\.2' carries a backward hook"):
        gradient(model, class_logit(0), images())
    model.head[2]._backward_hooks.clear()
    right = gradient(model, class_logit(0), images())
    torch.testing.assert_close(gradient(twin, class_logit(0), images()), right)
    assert right.abs().max() > 0


def test_no_explanation_leaves_a_hook_even_when_it_fails():
    model = pooled()
    grad_cam(model, class_logit(0), images(), "body.2")
    with pytest.raises(CourseError):
        grad_cam(model, class_logit(7), images(), "body.2")
    assert count_hooks(model) == 0


def test_an_explanation_leaves_no_gradients_behind():
    model, x = pooled(), images()
    gradient(model, class_logit(0), x)
    grad_cam(model, class_logit(0), x, "body.2")
    assert all(p.grad is None for p in model.parameters()) and not x.requires_grad


@pytest.mark.parametrize("name", ["body.9", ""])
def test_an_unknown_layer_is_refused_with_the_known(name):
    with pytest.raises(CourseError, match=r"convolutions are body\.0, body\.2"):
        find_layer(pooled(), name)


@pytest.mark.parametrize(
    "method", [lambda m: gradient(m, class_logit(0), images()), lambda m: grad_cam(m, class_logit(0), images(), "conv")]
)
def test_what_a_model_notes_in_its_forward_is_as_it_was_before(method):
    class Noting(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.last = nn.Conv2d(1, 4, 3), nn.Linear(4, 3)

        def forward(self, x):
            self.features = self.conv(x).relu()
            return self.last(self.features.mean((2, 3)))

    model = Noting().eval()
    method(model)
    assert "features" not in vars(model)  # a graph that hangs on it could not be copied, and holds memory
    model.features = kept = torch.zeros(3)
    method(model)
    assert model.features is kept


@pytest.mark.parametrize("register", ["register_full_backward_hook", "register_full_backward_pre_hook"])
def test_both_kinds_of_backward_hooks_are_refused_and_left_out_of_the_copy(register):
    def tripled(part, *slopes):
        return (3 * slopes[0][0],)

    model, right = pooled(), gradient(pooled(), class_logit(0), images())
    getattr(model.head[2], register)(tripled)
    with pytest.raises(CourseError, match=r"'head\.2' carries a backward hook"):
        gradient(model, class_logit(0), images())
    torch.testing.assert_close(gradient(explain_copy(model), class_logit(0), images()), right)
    assert count_hooks(model) == 1
