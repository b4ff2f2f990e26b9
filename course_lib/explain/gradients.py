"""Explanations from slopes: the gradient, its average over noise, its average along a path."""

import torch
from torch import Tensor, nn

from course_lib.errors import CourseError
from course_lib.explain.segments import filling
from course_lib.explain.targets import Target, scores


def gradient(model: nn.Module, target: Target, images: Tensor) -> Tensor:
    """∂target/∂pixel, shape of ``images`` (Simonyan, Vedaldi and Zisserman 2014): what a tiny change would do.

    Raises:
        CourseError: see ``targets.scores``; when the target does not depend on the images.
    """
    with torch.enable_grad():
        x = images.detach().clone().requires_grad_(True)
        values = scores(model, target, x)
        if values.grad_fn is None:
            raise CourseError("the target does not depend on the images (a no_grad or detach lies between): "
                              "nothing can be attributed.")  # fmt: skip
        return torch.autograd.grad(values.sum(), x)[0]


def smooth_grad(model: nn.Module, target: Target, images: Tensor, *, samples: int = 25, sigma: float = 0.3,
                seed: int = 0) -> Tensor:  # fmt: skip
    """Mean gradient over ``samples`` copies of each image with normal noise of standard deviation ``sigma``, in the
    units of [−1, 1] (Smilkov et al. 2017)."""
    g = torch.Generator().manual_seed(seed)
    total = torch.zeros_like(images)
    for _ in range(samples):
        total += gradient(model, target, images + sigma * torch.randn(images.shape, generator=g).to(images))
    return total / samples


def integrated_gradients(model: nn.Module, target: Target, images: Tensor, baseline: Tensor | float = -1.0, *,
                         steps: int = 50) -> Tensor:  # fmt: skip
    """(x − b) · mean of the gradient along the straight way from the baseline b to x, by the midpoint rule
    (Sundararajan, Taly and Yan 2017, equation 1).

    *Complete*: the sum over pixels is target(x) − target(b), up to the rule's error, which falls with ``steps``.
    baseline: what counts as "nothing": −1 is a black image; or a tensor that broadcasts to ``images``.
    """
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise CourseError(f"steps={steps!r}: use a whole number of at least 1, such as 50.")
    start = filling(images, baseline)
    total = torch.zeros_like(images)
    for i in range(steps):
        total += gradient(model, target, start + (i + 0.5) / steps * (images - start))
    return (images - start) * total / steps


def guided_backprop(model: nn.Module, target: Target, images: Tensor) -> Tensor:
    """The gradient, but at each ReLU negative slopes are cut off on their way back (Springenberg et al. 2015, section
    3.4): shape of ``images``. Sharp pictures, of the image more than of the model (notebook 10).

    Raises:
        CourseError: see ``gradient``; for a model without ReLU layers, where it would be the gradient under another
            name, and with in-place ones.
    """
    rectifiers = [part for part in model.modules() if isinstance(part, nn.ReLU)]
    if not rectifiers or any(part.inplace for part in rectifiers):
        how = "in-place" if rectifiers else "no"
        raise CourseError(f"the {type(model).__name__} has {how} ReLU layers, and this is a rule for "
                          "ReLU: use explain_copy(model) where they are in place, else gradient.")  # fmt: skip
    hooks = [part.register_full_backward_hook(lambda m, inwards, outwards: (inwards[0].clamp(min=0),))
             for part in rectifiers]  # fmt: skip
    try:
        return gradient(model, target, images)
    finally:
        for hook in hooks:
            hook.remove()
