"""Maps from a convolutional layer: Grad-CAM and HiResCAM, the same but for where the average is taken."""

import warnings

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from course_lib.errors import CourseError
from course_lib.explain.model import layer
from course_lib.explain.targets import Target, scores


def grad_cam(model: nn.Module, target: Target, images: Tensor, at: str, *, signed: bool = False) -> Tensor:
    """Σ_k (mean over positions of ∂target/∂A_k) · A_k of the maps A_k of layer ``at``, negative parts cut off,
    enlarged to ``(N, 1, H, W)`` (Selvaraju et al. 2017, equations 1 and 2).

    The mean throws away *where* a map is read. That is right where the layer is averaged over positions afterwards,
    and can miss everything where it is flattened: then use ``hires_cam``.

    signed: keep negative parts (a discriminator's evidence is often against).

    Raises:
        CourseError: see ``targets.scores``; for a layer that the model has not, or whose output is no map.
    """
    maps, slopes = _maps_and_slopes(model, target, images, at)
    weights = slopes.mean((2, 3), keepdim=True)  # (N, K, 1, 1)
    return _finish((weights * maps).sum(1, keepdim=True), images, signed, "grad_cam", at)


def hires_cam(model: nn.Module, target: Target, images: Tensor, at: str, *, signed: bool = False) -> Tensor:
    """Σ_k ∂target/∂A_k · A_k, position by position (Draelos and Carin 2020): faithful to a layer that is flattened and
    read by a linear one. Else as ``grad_cam``."""
    maps, slopes = _maps_and_slopes(model, target, images, at)
    return _finish((slopes * maps).sum(1, keepdim=True), images, signed, "hires_cam", at)


def _maps_and_slopes(model: nn.Module, target: Target, images: Tensor, at: str) -> tuple[Tensor, Tensor]:
    """The maps ``(N, K, h, w)`` of a layer and the target's slopes along them."""
    kept: list[Tensor] = []
    hook = layer(model, at).register_forward_hook(lambda module, inputs, output: kept.append(output))
    try:
        with torch.enable_grad():
            # A gradient must flow to the layer also where all weights are frozen.
            values = scores(model, target, images.detach().clone().requires_grad_(True))
            if len(kept) != 1 or kept[0].ndim != 4:
                raise CourseError(f"layer {at!r} was used {len(kept)} times with an output of shape "
                                  f"{tuple(kept[0].shape) if kept else '()'}: choose one used once, with maps "
                                  "(N, K, h, w).")  # fmt: skip
            slopes = torch.autograd.grad(values.sum(), kept[0], allow_unused=True)[0]
    finally:
        hook.remove()
    if slopes is None:
        raise CourseError(f"the target does not depend on layer {at!r}: choose a layer on the way to it.")
    return kept[0].detach(), slopes


def _finish(coarse: Tensor, images: Tensor, signed: bool, name: str, at: str) -> Tensor:
    """Enlarge ``(N, 1, h, w)`` to the images' size; say so where nothing is left."""
    if not signed:
        empty = (coarse <= 0).flatten(1).all(1)
        if empty.any():
            warnings.warn(
                f"{name} is zero everywhere for {int(empty.sum())} of {len(coarse)} images: at layer {at!r} all the "
                "evidence speaks against the target, and negative parts are cut off; ask with signed=True, or choose "
                "another layer.", stacklevel=3)  # fmt: skip
        coarse = coarse.clamp(min=0)
    return interpolate(coarse, images.shape[-2:], mode="bilinear", align_corners=False)
