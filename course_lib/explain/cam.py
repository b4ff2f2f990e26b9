"""Maps from a convolutional layer: Grad-CAM and HiResCAM, the same but for where the average is taken."""

import warnings

from torch import Tensor, nn
from torch.nn.functional import interpolate

from course_lib.errors import CourseError
from course_lib.explain.layers import Use, output_and_slopes
from course_lib.explain.model import find_layer
from course_lib.explain.targets import Target
from course_lib.explain.validation import check_pictures
from course_lib.models.wrappers import Output


def grad_cam(
    model: nn.Module, target: Target, images: Tensor, layer: str, *, signed: bool = False, output: Output = None
) -> Tensor:
    """Σ_k (mean over positions of ∂target/∂A_k) · A_k of a layer's maps A_k, enlarged: ``(N, 1, H, W)``.

    Selvaraju et al. 2017, equations 1 and 2. The mean throws away *where* a map is read. That is right where the layer
    is averaged over positions afterwards, and can miss everything where it is flattened: then use ``hires_cam``.

    Args:
        model: in eval mode.
        target: what is explained.
        images: ``(N, C, H, W)`` in [−1, 1].
        layer: the layer's name in the model, such as "body.4".
        signed: keep negative parts, which are else cut off (a discriminator's evidence is often against).
        output: of a model that gives a tuple, dict or named tuple, the part to be explained (see
            ``forward.model_outputs``).

    Raises:
        CourseError: see ``gradient``; for a layer that the model has not, that is used twice, whose output is no map or
            is its input as it was.

    Example:
        >>> import torch
        >>> from course_lib.explain import class_logit, grad_cam
        >>> from course_lib.models import DigitCNN
        >>> grad_cam(DigitCNN().eval(), class_logit(3), torch.rand(2, 1, 28, 28), "body.4", signed=True).shape
        torch.Size([2, 1, 28, 28])
    """
    maps, slopes = _maps_and_slopes(model, target, images, layer, output)
    weights = slopes.mean((2, 3), keepdim=True)  # (N, K, 1, 1)
    return _finish((weights * maps).sum(1, keepdim=True), images, signed, "grad_cam", layer)


def hires_cam(
    model: nn.Module, target: Target, images: Tensor, layer: str, *, signed: bool = False, output: Output = None
) -> Tensor:
    """Σ_k ∂target/∂A_k · A_k, position by position, enlarged: ``(N, 1, H, W)`` (Draelos and Carin 2020).

    Faithful to a layer that is flattened and read by a linear one.

    Args:
        model, target, images, layer, signed, output: as for ``grad_cam``, which refuses the same.
    """
    maps, slopes = _maps_and_slopes(model, target, images, layer, output)
    return _finish((slopes * maps).sum(1, keepdim=True), images, signed, "hires_cam", layer)


def _maps_and_slopes(
    model: nn.Module, target: Target, images: Tensor, layer: str, output: Output
) -> tuple[Tensor, Tensor]:
    """The maps ``(N, K, h, w)`` of a layer and the target's slopes along them.

    Layers whose maps have their channels last, ``(N, h, w, K)``, as in ConvNeXt's and Swin's blocks, are turned.
    """
    maps, slopes = output_and_slopes(model, target, check_pictures(images), layer, output=output, check=_one_of_maps)
    if _channels_last(find_layer(model, layer), maps, images):
        return maps.movedim(-1, 1), slopes.movedim(-1, 1)
    return maps, slopes


def _one_of_maps(layer: str, uses: list[Use]) -> None:
    """Refuse a layer that is not used once with maps of its own."""
    maps = uses[0].gave if uses else None
    if len(uses) != 1 or not isinstance(maps, Tensor) or maps.ndim != 4:
        shape = f"shape {tuple(maps.shape)}" if isinstance(maps, Tensor) else f"type {type(maps).__name__}"
        raise CourseError(
            f"layer {layer!r} was used {len(uses)} times with an output of {shape}: choose one used "
            "once, with maps (N, K, h, w)."
        )
    if uses[0].handed_on:
        raise CourseError(
            f"layer {layer!r} hands its input on as it is, so its slopes cannot be told from those "
            "along other ways: choose the layer before it."
        )


def _channels_last(part: nn.Module, maps: Tensor, images: Tensor) -> bool:
    """Whether maps are ``(N, h, w, K)``: by what the layer works on, else where so they fit the images' form better."""
    if isinstance(part, nn.Linear) or (type(part) is nn.LayerNorm and len(part.normalized_shape) == 1):
        return True  # both work on the last axis
    if isinstance(part, nn.modules.conv._ConvNd | nn.modules.batchnorm._NormBase | nn.GroupNorm):
        return False
    height, width = images.shape[-2:]
    first, last = (abs(h * width - w * height) for h, w in (maps.shape[2:], maps.shape[1:3]))
    return last < first


def _finish(coarse: Tensor, images: Tensor, signed: bool, name: str, layer: str) -> Tensor:
    """Enlarge ``(N, 1, h, w)`` to the images' size; say so where nothing is left."""
    if not signed:
        empty = (coarse <= 0).flatten(1).all(1)
        if empty.any():
            warnings.warn(
                f"{name} is zero everywhere for {int(empty.sum())} of {len(coarse)} images: at layer {layer!r} the "
                "map has no positive value, and negative ones are cut off; ask with signed=True, or choose another "
                "layer.",
                stacklevel=3,
            )
        coarse = coarse.clamp(min=0)
    return interpolate(coarse, images.shape[-2:], mode="bilinear", align_corners=False)
