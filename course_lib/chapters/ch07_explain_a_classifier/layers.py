"""A slider over a network's layers: Grad-CAM and HiResCAM of one picture at each; rows of them where nobody watches."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from course_lib.chapters.ch07_explain_a_classifier.pictures import draw_map, draw_picture
from course_lib.data.pixels import check_images
from course_lib.errors import CourseError
from course_lib.explain import grad_cam, hires_cam
from course_lib.explain.model import find_layer
from course_lib.explain.targets import Target, target_values
from course_lib.machine import headless
from course_lib.show.picture import Picture, finish, new_figure

# of models.DigitCNN: what a reader calls a layer → its name in the network
LAYERS = {
    "convolution 1": "body.0",
    "ReLU 1": "body.1",
    "pooling 1": "body.2",
    "convolution 2": "body.3",
    "ReLU 2": "body.4",
    "pooling 2": "body.5",
}
METHODS = {"Grad-CAM": grad_cam, "HiResCAM": hires_cam}


def layer_slider(
    model: nn.Module, target: Target, image: Tensor, layers: Mapping[str, str] | None = None, *, title: str = ""
) -> object:
    """Both maps of one picture at one layer, by a slider over the layers, with what each sums to.

    The maps are signed: nothing is cut off at 0.

    Args:
        model: in eval mode.
        target: what is explained.
        image: ``(1, C, H, W)`` in [−1, 1].
        layers: what to call a layer → its name in the model, from first to last; without them, ``LAYERS``.
        title: what the still says, above it.

    Returns:
        Widgets in JupyterLab; a ``Picture`` with a column for each layer where nobody watches.

    Raises:
        CourseError: without a layer, for one that the model has not or that has no maps, for other than one image.
    """
    views = views_of(model, target, image, LAYERS if layers is None else layers)
    if headless():
        return still(views, title)
    import ipywidgets

    slider = ipywidgets.SelectionSlider(
        options=[(view.name, i) for i, view in enumerate(views)],
        value=len(views) - 1,
        description="layer",
        layout=ipywidgets.Layout(width="100%", max_width="520px"),
    )
    words = ipywidgets.Label()
    picture = ipywidgets.Image(format="png", layout=ipywidgets.Layout(width="100%", max_width="700px"))
    drawn: dict[int, Picture] = {}

    def draw(*_: object) -> None:
        i = slider.value
        if i not in drawn:
            drawn[i] = scene(views[i])
        words.value, picture.value = views[i].words(), drawn[i].png

    slider.observe(draw, "value")
    draw()
    return ipywidgets.VBox([slider, words, picture])


@dataclass(frozen=True)
class View:
    """Both maps of one picture at one layer.

    Attributes:
        name: what a reader calls the layer.
        image: ``(1, C, H, W)``.
        size: of the layer's output, (maps, height, width).
        maps: method → its map, enlarged and signed, ``(1, 1, H, W)``.
        sums: method → what its map sums to before it is enlarged.
        logit: of the target.
    """

    name: str
    image: Tensor
    size: tuple[int, int, int]
    maps: dict[str, Tensor]
    sums: dict[str, float]
    logit: float

    def words(self) -> str:
        """What there is to see, in a line."""
        many, high, wide = self.size
        sums = ", ".join(f"{name} {_number(value)}" for name, value in self.sums.items())
        return f"{self.name}: {many} maps of {high} × {wide}. Sums: {sums}; the logit is {_number(self.logit)}."


def views_of(model: nn.Module, target: Target, image: Tensor, layers: Mapping[str, str]) -> list[View]:
    """Both maps at each layer.

    Args:
        model: in eval mode.
        target: what is explained.
        image: ``(1, C, H, W)`` in [−1, 1].
        layers: what to call a layer → its name in the model.

    Raises:
        CourseError: as for :func:`layer_slider`.
    """
    if not layers:
        raise CourseError("there is no layer: give at least one, as in {'convolution 1': 'body.0'}.")
    if len(check_images(image)) != 1:
        raise CourseError(f"{len(image)} images: the slider shows one, (1, C, H, W).")
    with torch.no_grad():
        logit = target_values(model, target, image).item()
    found = []
    for name, at in layers.items():
        maps = {label: method(model, target, image, at, signed=True) for label, method in METHODS.items()}
        size = _size(model, image, at)
        # Enlarged evenly, a map keeps its mean: its sum was that times the places of the layer.
        sums = {label: each.double().mean().item() * size[1] * size[2] for label, each in maps.items()}
        found.append(View(name, image, size, maps, sums, logit))
    return found


def scene(view: View) -> Picture:
    """The picture and both maps of one layer, each map on its own scale.

    Args:
        view: of the layer.
    """
    figure, axes = new_figure(7.0, 2.7, columns=3)
    draw_picture(axes[0, 0], view.image)
    axes[0, 0].set_title("the picture", fontsize=10)
    for ax, (label, each) in zip(axes[0, 1:], view.maps.items(), strict=True):
        draw_map(ax, view.image, each)
        ax.set_title(f"{label}, sum {_number(view.sums[label])}", fontsize=10)
    return finish(figure, f"A picture, its Grad-CAM and its HiResCAM. {view.words()}")


def still(views: list[View], title: str = "") -> Picture:
    """A column for each layer: Grad-CAM above HiResCAM, each map on its own scale and with its sum.

    Args:
        views: of the layers.
        title: what the figure says, above it.
    """
    figure, axes = new_figure(9.6, 3.9, rows=2, columns=len(views) + 1)
    draw_picture(axes[0, 0], views[0].image)
    axes[1, 0].set_visible(False)
    axes[0, 0].set_title(f"the picture\nlogit {_number(views[0].logit)}", fontsize=10)
    for column, view in zip(axes.T[1:], views, strict=True):
        many, high, wide = view.size
        column[0].set_title(f"{view.name}\n{many} × {high} × {wide}", fontsize=10)
        for ax, (label, each) in zip(column, view.maps.items(), strict=True):
            draw_map(ax, view.image, each)
            ax.set_xlabel(f"sum {_number(view.sums[label])}", fontsize=10)
    for ax, label in zip(axes[:, 1], METHODS, strict=True):
        ax.set_ylabel(label, fontsize=10)
    if title:
        figure.suptitle(title, fontsize=11, x=0.01, ha="left")
    told = " ".join(view.words() for view in views)
    return finish(figure, f"A picture, and for each layer its Grad-CAM above its HiResCAM. {told}")


def _size(model: nn.Module, image: Tensor, at: str) -> tuple[int, int, int]:
    """Maps, height and width of what a layer gives."""
    kept: list[torch.Size] = []
    hook = find_layer(model, at).register_forward_hook(lambda part, given, found: kept.append(found.shape))
    try:
        with torch.no_grad():
            model(image)
    finally:
        hook.remove()
    return kept[0][1], kept[0][2], kept[0][3]


def _number(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")
