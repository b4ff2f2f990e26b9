"""Targets give one number per image; what cannot be explained is refused, what should not be is warned of."""

import pytest
import torch
from explained_models import images, pooled
from torch import nn

from course_lib.errors import CourseError
from course_lib.explain import class_logit, predicted_logit, realness, region_mean
from course_lib.explain.targets import target_values


def test_class_logit_picks_one_class_or_one_for_each():
    outputs = torch.arange(12.0).view(4, 3)
    assert class_logit(2)(outputs).tolist() == [2, 5, 8, 11]
    assert class_logit(torch.tensor([0, 1, 2, 0]))(outputs).tolist() == [0, 4, 8, 9]


@pytest.mark.parametrize(
    ("k", "said"),
    [
        (3, "class 3: the model has classes 0 to 2"),
        (torch.tensor([0, 1, 3, 0]), "class 3: the model has classes 0 to 2"),
        (-1, "class -1: class numbers begin at 0"),
        (torch.tensor([0, -2, 0, 0]), "class -2: class numbers begin at 0"),
        (torch.tensor([0, 1]), "2 classes for 4 images"),
    ],
)
def test_a_class_that_is_not_there_is_refused(k, said):
    with pytest.raises(CourseError, match=said):
        class_logit(k)(torch.zeros(4, 3))


def test_the_predicted_logit_stays_with_the_first_prediction():
    """While a picture is taken apart, the explained class must not follow the answer."""
    model, x = pooled(), images()
    target, first = predicted_logit(model, x), model(x)
    torch.testing.assert_close(target(first), first.max(1).values)
    assert target(-first).tolist() == (-first.max(1).values).tolist()


def test_realness_wants_one_logit():
    assert realness(torch.tensor([[1.0], [2.0]])).tolist() == [1, 2]
    with pytest.raises(CourseError, match=r"expects logits \(N, 1\)"):
        realness(torch.zeros(4, 3))
    assert realness(torch.tensor([1.0, 2.0])).tolist() == [1, 2], "or one number an image, without an axis of its own"
    with pytest.raises(CourseError, match=r"got shape \(4, 1, 1, 1\)"):
        realness(torch.zeros(4, 1, 1, 1))


def test_a_region_is_a_weighted_mean():
    pictures = torch.zeros(2, 1, 4, 4)
    pictures[1, 0, 0, :2] = torch.tensor([1.0, 0.5])
    mask = torch.zeros(4, 4)
    mask[0, 0], mask[0, 1] = 1, 3
    torch.testing.assert_close(region_mean(mask)(pictures), torch.tensor([0, (1 + 1.5) / 4]))


@pytest.mark.parametrize("mask", [torch.zeros(4, 4), -torch.ones(4, 4), torch.ones(1, 4, 4)])
def test_a_mask_without_a_place_is_refused(mask):
    with pytest.raises(CourseError, match="a mask of shape"):
        region_mean(mask)


def test_a_model_in_train_mode_is_refused():
    with pytest.raises(CourseError, match=r"train mode.*explain_copy"):
        target_values(pooled().train(), class_logit(0), images())


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (lambda outputs: outputs, r"gave \(5, 3\) for 5 images"),
        (lambda outputs: outputs.mean(), r"gave \(\) for 5"),
        (lambda outputs: 1.0, "gave float"),
        (lambda outputs: outputs[:, 0] * torch.nan, "NaN or infinite"),
    ],
)
def test_what_is_no_number_per_image_is_refused(target, said):
    with pytest.raises(CourseError, match=said):
        target_values(pooled(), target, images())


def test_probabilities_are_warned_of_and_logits_are_not(recwarn):
    target_values(pooled(), class_logit(0), images())
    target_values(nn.Sequential(nn.Flatten(), nn.Linear(144, 1), nn.Sigmoid()).eval(), realness, images())
    assert not recwarn.list
    with pytest.warns(UserWarning, match="explain the logits before the softmax"):
        target_values(nn.Sequential(pooled(), nn.Softmax(1)).eval(), class_logit(0), images())
