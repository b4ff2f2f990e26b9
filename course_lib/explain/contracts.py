"""What an explanation is to those who use one without knowing which: a uniform call, and the facts they need.

The functions of this folder stay as they are, each with the arguments that its paper has. A
:class:`FunctionAttribution` puts one behind the uniform call of :class:`Attribution`, by what it needs beside model,
target and images. To add one: a function in a file here, and its line in ``ATTRIBUTIONS`` (``explain/__init__.py``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import torch
from torch import Tensor, nn

from course_lib.explain.segments import grid_segments
from course_lib.explain.targets import ClassLogit, Target, target_of_image
from course_lib.explain.validation import check_pictures
from course_lib.models.wrappers import Output, class_name, select_output

BLACK = -1.0  # what stands where something is absent, if nothing else is named: the default of every function here
Needs = Literal["nothing", "layer", "segments", "background"]


class Attribution(Protocol):
    """A method of explanation, and what others need to know of it. Its maps have a sign: negative is against."""

    @property
    def name(self) -> str:
        """What it is called in tables."""

    @property
    def needs(self) -> Needs:
        """What it must be given beside model, target and images."""

    @property
    def effort(self) -> str:
        """What it does more of for a better map: "samples", "steps" …; "" where there is nothing to choose."""

    @property
    def min_effort(self) -> int:
        """The least effort with which it runs, on fifty segments where it needs segments."""

    @property
    def stochastic(self) -> bool:
        """Whether there is chance in it, so that a map belongs to a seed."""

    @property
    def uses_gradients(self) -> bool:
        """Whether it takes slopes through the model; if not, it only asks for answers, and any function will do."""

    @property
    def copies_model(self) -> bool:
        """Whether it explains a copy in eval mode: then it minds neither train mode nor backward hooks."""

    def __call__(
        self,
        model: nn.Module,
        target: Target,
        images: Tensor,
        *,
        layer: str | None = None,
        segments: Tensor | None = None,
        background: Tensor | None = None,
        effort: int | None = None,
        seed: int = 0,
        output: Output = None,
    ) -> Tensor:
        """One map for each image, ``(N, C, H, W)`` or ``(N, 1, H, W)``. What the method does not need is not looked at.

        Args:
            model: in eval mode.
            target: what is explained.
            images: ``(N, C, H, W)`` in [−1, 1].
            layer: the layer's name; a method that needs one refuses to be without.
            segments: int64 ``(H, W)``, numbered from 0; None: squares of 4 × 4 pixels.
            background: ``(M, C, H, W)``, what counts as "nothing known"; None: one black picture.
            effort: how many samples, steps …; None: the function's own default.
            seed: of the chance in it.
            output: of a model that gives a tuple, dict or named tuple, the part to be explained.
        """


@dataclass(frozen=True)
class FunctionAttribution:
    """An explaining function behind the uniform call of :class:`Attribution`.

    Attributes:
        name: what it is called in tables.
        explain: the function. Its arguments are ``(model, target, images, *, output)``, with ``layer, *, signed`` for
            one that needs a layer. One that needs segments takes ``(model, target, image, segments, *, output)``, one
            picture at a time, and one that needs a background ``(model, classes, images, background, *, output)``.
        needs: which of these it is.
        effort: its argument that says how much it does; "" where it has none.
        min_effort: the least of it with which it runs, on fifty segments where it needs segments.
        stochastic: whether it has an argument ``seed``.
        uses_gradients: whether it takes slopes through the model.
        copies_model: whether it explains a copy in eval mode.

    Example:
        >>> import torch
        >>> from course_lib.explain import ATTRIBUTIONS, class_logit
        >>> from course_lib.models import DigitCNN
        >>> lime = ATTRIBUTIONS["LIME"]
        >>> lime(DigitCNN().eval(), class_logit([3, 8]), torch.rand(2, 1, 28, 28), effort=lime.min_effort).shape
        torch.Size([2, 1, 28, 28])
    """

    name: str
    explain: Callable[..., Tensor | tuple[Tensor, float]]
    needs: Needs = "nothing"
    effort: str = ""
    min_effort: int = 1
    stochastic: bool = False
    uses_gradients: bool = False
    copies_model: bool = False

    def __call__(
        self,
        model: nn.Module,
        target: Target,
        images: Tensor,
        *,
        layer: str | None = None,
        segments: Tensor | None = None,
        background: Tensor | None = None,
        effort: int | None = None,
        seed: int = 0,
        output: Output = None,
    ) -> Tensor:
        """As in :class:`Attribution`.

        Args:
            model, target, images, layer, segments, background, effort, seed, output: as there.

        Raises:
            CourseError: what ``explain`` refuses; for another number of classes than images.
        """
        settings: dict[str, Any] = {"output": output}  # whatever types the function's arguments have
        if self.stochastic:
            settings["seed"] = seed
        if self.effort and effort is not None:
            settings[self.effort] = effort
        if self.needs == "layer":
            return _map(self.explain(model, target, images, layer, signed=True, **settings))
        if self.needs == "segments":
            height, width = check_pictures(images).shape[-2:]
            parts = grid_segments(height, width) if segments is None else segments
            one = [target_of_image(target, i, len(images)) for i in range(len(images))]
            found = [self.explain(model, k, x, parts, **settings) for k, x in zip(one, images, strict=True)]
            return torch.cat([_map(each) for each in found])
        if self.needs == "background":
            nothing = torch.full_like(check_pictures(images)[:1], BLACK) if background is None else background
            # These explain a column of the model's outputs. That of a class is there; another target becomes one.
            classes = target.wanted if isinstance(target, ClassLogit) else 0
            if not isinstance(target, ClassLogit):
                settings["output"] = lambda found: target(select_output(found, output, class_name(model)))[:, None]
            return _map(self.explain(model, classes, images, nothing, **settings))
        return _map(self.explain(model, target, images, **settings))


def _map(found: Tensor | tuple[Tensor, float]) -> Tensor:
    """The map alone, of a method that also says how far it may be believed."""
    return found if isinstance(found, Tensor) else found[0]
