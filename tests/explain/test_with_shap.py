"""shap through the course's door: right where the answer is known, harmless to the model, and clear where it fails."""

import pytest
import shap
import torch
from explained_models import images, pooled
from torch import nn
from torch.nn.functional import relu

from course_lib.errors import CourseError
from course_lib.explain import deep_shap, exact_shapley, gradient_shap, partition_shap
from course_lib.explain.model import count_hooks
from course_lib.explain.segments import compose

LABELS = torch.tensor([0, 1, 2, 1, 0])
ALL = [deep_shap, gradient_shap, partition_shap]


def linear() -> nn.Sequential:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return nn.Sequential(nn.Flatten(), nn.Linear(36, 3)).eval()


@pytest.mark.parametrize("method", ALL)
def test_on_a_linear_model_it_is_weight_times_distance_from_the_mean(method):
    model, x, background = linear(), images()[..., :6, :6], images(7, seed=2)[..., :6, :6]
    found = method(model, LABELS, x, background, **({"evaluations": 3000} if method is partition_shap else {}))
    exact = model[1].weight[LABELS].view_as(x) * (x - background.mean(0))
    assert found.shape == x.shape and found.dtype == x.dtype
    torch.testing.assert_close(found, exact, rtol=0, atol=0.03 if method is gradient_shap else 1e-5)


@pytest.mark.parametrize("method", ALL)
def test_each_map_sums_to_the_logits_rise_and_the_model_is_left_as_it_was(method):
    model, x, background = pooled(inplace=True).train(), images(), images(7, seed=2)
    found = method(model, LABELS, x, background)
    assert count_hooks(model) == 0 and model.training and model.body[1].inplace
    assert not any(hasattr(part, "y") for part in model.modules())  # shap's notes
    with torch.no_grad():
        start = model(background.mean(0, keepdim=True)) if method is partition_shap else model(background)
        rise = model(x).gather(1, LABELS[:, None])[:, 0] - start.mean(0)[LABELS]
    torch.testing.assert_close(found.sum((1, 2, 3)), rise, rtol=0, atol=0.05 if method is gradient_shap else 1e-4)


def test_one_class_for_all_images_is_the_column_of_what_shap_gives_for_all_classes():
    model, x, background = pooled(), images(), images(7, seed=2)
    theirs = shap.DeepExplainer(pooled(), background).shap_values(x)
    ours = torch.stack([deep_shap(model, k, x, background) for k in range(3)], -1)
    torch.testing.assert_close(ours, torch.as_tensor(theirs).float(), rtol=0, atol=1e-6)


def test_partition_on_four_pixels_is_exact():
    """Two by two pixels: a tree of two halves; Owen's values of a game without interaction across it are Shapley's."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        row = nn.Sequential(nn.Conv2d(1, 4, (1, 2)), nn.ReLU(), nn.Flatten(), nn.Linear(8, 1)).eval()
    x, nothing = torch.tensor([[[[0.9, -0.4], [0.2, 0.7]]]]), torch.full((1, 1, 2, 2), -1.0)
    pixels = torch.arange(4).view(2, 2)
    exact = exact_shapley(lambda z: row(compose(x[0], nothing[0], pixels, z))[:, 0].detach(), 4)
    found = partition_shap(row, 0, x, nothing, evaluations=2000)
    torch.testing.assert_close(found.flatten().double(), exact, rtol=0, atol=1e-5)


@pytest.mark.parametrize("method", ALL)
@pytest.mark.parametrize("bad", [torch.zeros(0, 1, 12, 12), torch.zeros(3, 1, 12, 11), torch.zeros(1, 12, 12)])
def test_a_background_unlike_the_images_is_refused(method, bad):
    with pytest.raises(CourseError, match="background of shape"):
        method(pooled(), 0, images(), bad)


def test_a_model_with_one_number_an_image_instead_of_a_row_is_refused():
    class Bare(nn.Module):
        def forward(self, x):
            return x.sum((1, 2, 3))

    with pytest.raises(CourseError, match="outputs"):
        deep_shap(Bare(), 0, images(), images(3))


class Odd(nn.Module):
    """What shap's Deep cannot follow."""

    def __init__(self, how: str):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(1, 4, 3), nn.Conv2d(4, 4, 3), nn.Linear(256, 2)
        self.how, self.relu, self.silu = how, nn.ReLU(), nn.SiLU()

    def forward(self, x):
        between = {"reused": self.relu, "function": relu, "SiLU": self.silu}[self.how]
        return self.c(between(self.b(between(self.a(x)))).flatten(1))


@pytest.mark.parametrize("how", ["reused", "function", "SiLU"])
def test_what_shap_cannot_follow_is_said(how):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = Odd(how)
    with pytest.raises(CourseError, match="shap's Deep") as refused:
        deep_shap(model, 0, images(), images(4, seed=3))
    assert count_hooks(model) == 0 and "layer" in str(refused.value)


@pytest.mark.parametrize("method", ALL)
def test_the_callers_random_numbers_go_on_as_if_nothing_had_been_asked(method):
    import random

    import numpy as np

    def draws():
        return random.random(), float(np.random.rand()), float(torch.rand(()))

    def seed():
        random.seed(5), np.random.seed(5), torch.manual_seed(5)

    seed()
    expected = draws()
    seed()
    method(linear(), LABELS, images()[..., :6, :6], images(7, seed=2)[..., :6, :6])
    assert draws() == expected
