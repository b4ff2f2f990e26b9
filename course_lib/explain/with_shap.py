"""Three explainers of the package shap, without its traps: on a copy, one output at a time, in the images' shape.

``classes`` is the output to explain: one number for all images, or one for each, int64 ``(N,)``; for a discriminator's
logit ``(N, 1)`` it is 0. ``background`` ``(M, C, H, W)`` is what shap takes for "nothing known".
"""

import warnings

import numpy as np
import torch
from torch import Tensor, nn

from course_lib.errors import CourseError
from course_lib.explain.model import explain_copy
from course_lib.explain.targets import class_logit, scores


def deep_shap(model: nn.Module, classes: int | Tensor, images: Tensor, background: Tensor) -> Tensor:
    """DeepLIFT's attributions, averaged over the background (Lundberg and Lee 2017, section 4.2): shape of ``images``.

    *Additive*: each map sums to logit(x) − mean logit(background). That is checked, in the logit's own units; it does
    not say that the values are Shapley's. Costs about 4 gradients for each pair of image and background.

    Raises:
        CourseError: for a model whose parts shap cannot follow: one used twice, a function instead of a layer, SiLU.
    """
    import shap

    twin, found, logits = _ready(model, images, background), torch.zeros_like(images), {}
    for k, which in _by_class(classes, images):
        one = _One(twin, k)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "unrecognized nn.Module")  # what that breaks is found below
            try:
                values = shap.DeepExplainer(one, background).shap_values(images[which], check_additivity=False)
            except RuntimeError as error:
                raise CourseError(f"shap's Deep cannot follow this {type(model).__name__} ({str(error)[:80]}): give "
                                  "each ReLU or pooling a layer of its own, used once.") from error  # fmt: skip
        found[which] = torch.as_tensor(values[..., 0]).to(found)
        with torch.no_grad():
            logits[k] = one(images[which])[:, 0], one(background).mean()
            gap = (found[which].flatten(1).sum(1) - (logits[k][0] - logits[k][1])).abs().max()
        if gap > 1e-3 * (1 + (logits[k][0] - logits[k][1]).abs().max()):
            raise CourseError(f"shap's Deep does not add up on this {type(model).__name__} (off by {gap:.2g} of the "
                              "logit): it cannot follow a part used twice, a function such as relu(x) or silu(x) in "
                              "forward, or SiLU; give each use a ReLU, LeakyReLU or pooling layer.")  # fmt: skip
    return found


def gradient_shap(model: nn.Module, classes: int | Tensor, images: Tensor, background: Tensor, *, samples: int = 200,
                  seed: int = 0) -> Tensor:  # fmt: skip
    """Expected gradients (Erion et al. 2021): integrated gradients whose baseline is drawn from the background, at
    ``samples`` random points: shape of ``images``. Additive only on average: the error falls as 1/√samples."""
    import shap

    twin, found = _ready(model, images, background), torch.zeros_like(images)
    for k, which in _by_class(classes, images):
        explainer = shap.GradientExplainer(_One(twin, k), background)
        values = explainer.shap_values(images[which], nsamples=samples, rseed=seed)
        found[which] = torch.as_tensor(values[..., 0]).to(found)
    return found


def partition_shap(model: nn.Module, classes: int | Tensor, images: Tensor, background: Tensor, *,
                   evaluations: int = 500) -> Tensor:  # fmt: skip
    """Owen values over halves, quarters … of the image (shap's Partition), of any model: shape of ``images``. What is
    off shows the background's mean; each map sums to logit(x) − logit(that). Single pixels take pixels² evaluations an
    image: with 500 the map is of blocks."""
    import shap

    twin, found = _ready(model, images, background), torch.zeros_like(images)
    device, nothing = images.device, background.mean(0).permute(1, 2, 0).cpu().numpy()  # (H, W, C): as shap wants it
    for k, which in _by_class(classes, images):

        @torch.no_grad()
        def logit(x: np.ndarray, k: int = k) -> np.ndarray:
            return twin(torch.as_tensor(x, dtype=images.dtype).permute(0, 3, 1, 2).to(device))[:, k].cpu().numpy()

        explainer = shap.PartitionExplainer(logit, shap.maskers.Image(nothing), silent=True)
        values = explainer(images[which].permute(0, 2, 3, 1).cpu().numpy(), max_evals=evaluations).values
        found[which] = torch.as_tensor(values).permute(0, 3, 1, 2).to(found)
    return found


class _One(nn.Module):
    """One output of a model, ``(N, 1)``: shap explains every output it is given, ten times the work for a digit."""

    def __init__(self, model: nn.Module, k: int):
        super().__init__()
        self.model, self.k = model, k

    def forward(self, x: Tensor) -> Tensor:
        return self.model(x)[:, self.k : self.k + 1]


def _ready(model: nn.Module, images: Tensor, background: Tensor) -> nn.Module:
    """A copy to explain, after a look at what it is given."""
    if background.ndim != 4 or background.shape[1:] != images.shape[1:] or len(background) == 0:
        raise CourseError(f"a background of shape {tuple(background.shape)} for images {tuple(images.shape)}: use "
                          "(M, C, H, W) like the images, M at least 1 (30 do).")  # fmt: skip
    twin = explain_copy(model)
    with torch.no_grad():
        scores(twin, class_logit(0), images[:1])  # (N,) outputs, NaN and probabilities are found here
    return twin


def _by_class(classes: int | Tensor, images: Tensor):
    """For each class to be explained, its images' places."""
    each = torch.as_tensor(classes, device=images.device).expand(len(images))
    for k in each.unique().tolist():
        yield k, (each == k).nonzero()[:, 0]
