"""Three explainers of the package shap, without its traps: on a copy, one output at a time, in the images' shape.

``classes`` is the output to explain: one number for all images, or one for each, int64 ``(N,)``; for a discriminator's
logit ``(N, 1)`` it is 0. ``background`` ``(M, C, H, W)`` is what shap takes for "nothing known". ``output`` is the part
that is meant, of a model that gives a tuple, dict or named tuple (see ``forward.model_outputs``).
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn

from course_lib.errors import CourseError, check_whole_number
from course_lib.explain.forward import eager, model_outputs
from course_lib.explain.model import check_not_scripted, copied, explain_copy, no_gradient_message
from course_lib.explain.targets import class_logit, target_values
from course_lib.explain.validation import check_pictures, class_numbers
from course_lib.models.wrappers import Output, class_name, select_output


def deep_shap(
    model: nn.Module, classes: int | Tensor, images: Tensor, background: Tensor, *, output: Output = None
) -> Tensor:
    """DeepLIFT's attributions, averaged over the background (Lundberg and Lee 2017, section 4.2): shape of ``images``.

    *Additive*: each map sums to logit(x) − mean logit(background). That is checked, relative to this difference; it
    does not say that the values are Shapley's. Costs about 4 gradients for each pair of image and background.

    Args:
        model: in eval mode.
        classes: the output to explain: one number, or int64 ``(N,)``; 0 for a discriminator's logit.
        images: ``(N, C, H, W)`` in [−1, 1].
        background: ``(M, C, H, W)``, what counts as "nothing known"; 30 pictures do.
        output: of a model that gives a tuple, dict or named tuple, the part that is meant (see
            ``forward.model_outputs``).

    Raises:
        CourseError: for a model whose parts shap cannot follow: one used twice, a function instead of a layer, SiLU.
    """
    import shap

    check_not_scripted(model)
    (twin, nothing), found = _ready(model, classes, images, background, output), torch.zeros_like(images)
    for k, which in _by_class(classes, images):
        one = _One(twin, k, output)
        with _apart():
            warnings.filterwarnings("ignore", "unrecognized nn.Module")  # what that breaks is found below
            try:
                values = shap.DeepExplainer(one, nothing).shap_values(images[which].detach(), check_additivity=False)
            except CourseError:
                raise
            except (RuntimeError, AttributeError, AssertionError, IndexError, TypeError) as error:
                raise CourseError(
                    f"shap's Deep cannot follow this {class_name(model)} ({str(error)[:80]}): give each ReLU "
                    "or pooling a layer of its own, used once."
                ) from error
        found[which] = torch.as_tensor(values[..., 0]).to(found)
        _check_sum(one, found[which], images[which], nothing, class_name(model))
    return found


@torch.no_grad()
def _check_sum(one: nn.Module, maps: Tensor, images: Tensor, background: Tensor, name: str) -> None:
    """Refuse maps that do not sum to the rise of the logit, up to a thousandth of it and the rounding of float32."""
    here, there = one(images)[:, 0], one(background).mean()
    off = (maps.flatten(1).sum(1) - (here - there)).abs().max()
    rounding = here.abs().max() + there.abs() + maps.flatten(1).abs().sum(1).max()
    if not off <= 1e-3 * (here - there).abs().max() + 1e-5 * rounding:
        raise CourseError(
            f"shap's Deep does not add up on this {name} (off by {off:.2g} of the logit): it cannot "
            "follow a part used twice, a function such as relu(x) or silu(x) in forward, or SiLU; give "
            "each use a ReLU, LeakyReLU or pooling layer."
        )


def gradient_shap(
    model: nn.Module,
    classes: int | Tensor,
    images: Tensor,
    background: Tensor,
    *,
    samples: int = 200,
    seed: int = 0,
    output: Output = None,
) -> Tensor:
    """Expected gradients: integrated gradients whose baseline is drawn from the background: shape of ``images``.

    Erion et al. 2021. Additive only on average: the error falls as 1/√samples.

    Args:
        samples: random points on the ways from the background.
        seed: of them.
        model, classes, images, background, output: as for ``deep_shap``.

    Raises:
        CourseError: for a model that no slopes can be taken through.
    """
    import shap

    (twin, nothing), found = _ready(model, classes, images, background, output), torch.zeros_like(images)
    for k, which in _by_class(classes, images):
        with _apart():
            explainer = shap.GradientExplainer(_One(twin, k, output), nothing)
            try:
                values = explainer.shap_values(
                    images[which].detach(), nsamples=check_whole_number("samples", samples), rseed=seed
                )
            except RuntimeError as error:
                raise CourseError(no_gradient_message(error)) from error
        found[which] = torch.as_tensor(values[..., 0]).to(found)
    return found


def partition_shap(
    model: nn.Module,
    classes: int | Tensor,
    images: Tensor,
    background: Tensor,
    *,
    evaluations: int = 500,
    output: Output = None,
) -> Tensor:
    """Owen values over halves, quarters … of the image (shap's Partition), of any model: shape of ``images``.

    What is off shows the background's mean; each map sums to logit(x) − logit(that).

    Args:
        evaluations: pictures that the model is asked about for each image. Single pixels take pixels²: with 500 the map
            is of blocks.
        model, classes, images, background, output: as for ``deep_shap``.
    """
    import shap

    (twin, nothing), found = _ready(model, classes, images, background, output), torch.zeros_like(images)
    for k, which in _by_class(classes, images):

        @torch.no_grad()
        def logit(x: np.ndarray, k: int = k) -> np.ndarray:
            pictures = torch.as_tensor(x).permute(0, 3, 1, 2).to(images.dtype).to(images.device)
            return _numbers(model_outputs(twin, pictures, output)[:, k])

        with _apart():
            masker = shap.maskers.Image(_channels_last(nothing.mean(0)))
            explainer = shap.PartitionExplainer(logit, masker, silent=True)
            values = explainer(
                _channels_last(images[which]), max_evals=check_whole_number("evaluations", evaluations, 2)
            ).values
        found[which] = torch.as_tensor(values).permute(0, 3, 1, 2).to(found.dtype).to(found.device)
    return found


class _One(nn.Module):
    """One output of a model, ``(N, 1)``: shap explains every output it is given, ten times the work for a digit."""

    def __init__(self, model: nn.Module, k: int, output: Output):
        super().__init__()
        self.model, self.k, self.output = model, k, output

    def forward(self, x: Tensor) -> Tensor:
        # A copy, since a first layer may work in place; contiguous, since a model may use view.
        found = self.model(x.clone(memory_format=torch.contiguous_format))
        return select_output(found, self.output, class_name(self.model))[:, self.k : self.k + 1]


def _ready(
    model: nn.Module, classes: int | Tensor, images: Tensor, background: Tensor, output: Output
) -> tuple[nn.Module, Tensor]:
    """Copies of the model and the background to explain with, after a look at what they are."""
    check_pictures(images)
    if (
        not isinstance(background, Tensor)
        or background.ndim != 4
        or background.shape[1:] != images.shape[1:]
        or (len(background) == 0)
    ):
        raise CourseError(
            f"a background of shape {tuple(getattr(background, 'shape', ()))} for images "
            f"{tuple(images.shape)}: use (M, C, H, W) like the images, M at least 1 (30 do)."
        )
    check_pictures(background)
    twin = explain_copy(model)
    numbers = class_numbers(classes)
    if isinstance(numbers, Tensor) and len(numbers) != len(images):
        raise CourseError(f"{len(numbers)} classes for {len(images)} images: use one for each, or one number for all.")
    with torch.no_grad():
        # (N,) outputs, classes that are not there, NaN and probabilities are found here
        target_values(twin, class_logit(int(torch.as_tensor(numbers).max())), images[:1], output)
        if any(getattr(part, "inplace", False) for part in model.modules()):
            _check_same(model, twin, images[:1], output)
    return twin, background.detach().to(images).clone()


def _check_same(model: nn.Module, twin: nn.Module, images: Tensor, output: Output) -> None:
    """Refuse a model that is another function without its in-place layers: one that ignores what they return."""
    there, here = model_outputs(copied(model), images, output), model_outputs(twin, images, output)
    if not torch.allclose(here, there, rtol=1e-3, atol=1e-5 * float(there.abs().max())):
        raise CourseError(
            f"the {class_name(model)} relies on in-place layers, such as relu(x) without x =, and gives other "
            "answers where nothing is overwritten: write x = relu(x)."
        )


def _by_class(classes: int | Tensor, images: Tensor) -> Iterator[tuple[int, Tensor]]:
    """For each class to be explained, its images' places."""
    each = torch.as_tensor(class_numbers(classes)).cpu().expand(len(images))
    for k in each.unique().tolist():
        yield k, (each == k).nonzero()[:, 0].to(images.device)


def _channels_last(images: Tensor) -> np.ndarray:
    """``(…, H, W, C)``, as shap wants pictures."""
    return _numbers(images.movedim(-3, -1).contiguous())


def _numbers(x: Tensor) -> np.ndarray:
    """For numpy, which has no bfloat16."""
    return (x if x.dtype == torch.float64 else x.float()).detach().cpu().numpy()


@contextmanager
def _apart() -> Iterator[None]:
    """A block with slopes that runs nothing compiled, and leaves numpy's random numbers and the warnings alone."""
    state = np.random.get_state()
    try:
        with eager(), torch.inference_mode(False), torch.enable_grad(), warnings.catch_warnings():
            yield
    finally:
        np.random.set_state(state)
