"""A small film of maps over a training: a still strip first, the moving pictures only where someone asks for them."""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from torch import Tensor

from course_lib.errors import CourseError
from course_lib.show.picture import FOR_AND_AGAINST, Picture, image_tag, normalised_attribution, png_bytes

LABEL = 14  # pixels above each frame for its title


class Film:
    """A small film: Jupyter shows ``still``, some of the frames in one picture, and beneath it a closed line.

    Opening the line plays the film (a GIF inside the page), closing it stops it. Nothing moves unasked, nothing needs a
    kernel, the internet or JavaScript.

    Args:
        frames: uint8 ``(h, w, 3)``, all alike, at least two.
        titles: one for each frame.
        alt: what the pictures say, for who does not see them.
        ms: how long a frame stays, in milliseconds.
        stills: how many frames ``still`` shows.

    Raises:
        CourseError: for fewer than two frames, frames of several sizes, or another number of titles.
    """

    def __init__(
        self, frames: Sequence[np.ndarray], titles: Sequence[str], alt: str, *, ms: int = 400, stills: int = 5
    ) -> None:
        if len(frames) < 2 or len(frames) != len(titles) or len({f.shape for f in frames}) != 1:
            raise CourseError(
                f"{len(frames)} frames with {len(titles)} titles: a film needs at least two frames, all "
                "of one size, and a title for each."
            )
        framed = [_titled(f, title) for f, title in zip(frames, titles, strict=True)]
        chosen = np.linspace(0, len(framed) - 1, min(stills, len(framed))).round().astype(int)
        across = framed[0].width > framed[0].height  # wide frames under one another, tall ones side by side
        strip = np.concatenate([np.asarray(framed[i]) for i in chosen], axis=0 if across else 1)
        self.still = Picture(png_bytes(strip), alt)
        self.gif, self.alt = _gif(framed, ms), alt

    def _repr_html_(self) -> str:
        film = image_tag(self.gif, "gif", self.alt)
        return f"<details><summary>Play the film (close to stop)</summary>{film}</details>"

    def _ipython_display_(self) -> None:
        from IPython.display import HTML, display

        display(self.still)
        display(HTML(self._repr_html_(), metadata={"alt": self.alt}))

    def __repr__(self) -> str:
        return self.alt

    def save(self, path: Path | str) -> None:
        """Write the GIF file.

        Args:
            path: of the file; what is there is replaced.
        """
        with open(path, "wb") as file:
            file.write(self.gif)


def show_film(
    images: Tensor,
    maps: Sequence[Tensor],
    titles: Sequence[str],
    *,
    alt: str,
    scale: int = 3,
    ms: int = 400,
    stills: int = 5,
) -> Film:
    """Images above their attributions, frame by frame: red speaks for the target, blue against it.

    Each map has its own scale, as in ``show.attributions``.

    Args:
        images: ``(N, C, H, W)`` in [−1, 1], or one such tensor for each frame.
        maps: the attributions of each frame, ``(N, 1 or C, H, W)``.
        titles: one for each of ``maps``, such as "step 100".
        alt: what the pictures say, for who does not see them.
        scale: screen pixels for one of the image's.
        ms: how long a frame stays, in milliseconds.
        stills: how many frames the still picture shows.

    Raises:
        CourseError: for fewer than two frames, or maps that do not fit the images.
    """
    every = [images] * len(maps) if isinstance(images, Tensor) else list(images)
    if len(every) != len(maps) or any(
        m.shape[0] != x.shape[0] or m.shape[2:] != x.shape[2:] for x, m in zip(every, maps, strict=False)
    ):
        raise CourseError(
            f"{len(every)} sets of images for {len(maps)} sets of maps, or maps of another number or "
            "size than their images: give one map (N, 1 or C, H, W) for each image."
        )
    return Film([_frame(x, m, scale) for x, m in zip(every, maps, strict=True)], titles, alt, ms=ms, stills=stills)


def _frame(images: Tensor, maps: Tensor, scale: int) -> np.ndarray:
    """One row of images over one of maps, uint8 ``(h, w, 3)``."""
    grey = ((images.detach().cpu().mean(1).clamp(-1, 1) + 1) * 127.5).byte().numpy()  # (N, H, W)
    top = [np.repeat(one[..., None], 3, -1) for one in grey]
    # Few colours make a small file, and nobody tells 32 shades of red apart.
    below = [
        np.uint8(
            np.round(
                FOR_AND_AGAINST((np.round(np.clip(normalised_attribution(m), -1, 1) * 8) / 8 + 1) / 2)[..., :3] * 255
            )
        )
        for m in maps
    ]
    gap = ((0, 1), (1, 1), (0, 0))
    rows = [np.concatenate([np.pad(one, gap, constant_values=255) for one in row], 1) for row in (top, below)]
    return np.concatenate(rows, 0).repeat(scale, 0).repeat(scale, 1)


def _titled(frame: np.ndarray, title: str) -> Image.Image:
    page = Image.new("RGB", (frame.shape[1], frame.shape[0] + LABEL), "white")
    page.paste(Image.fromarray(frame), (0, LABEL))
    ImageDraw.Draw(page).text((2, 1), title.replace("−", "-"), fill="black")
    return page


def _gif(frames: Sequence[Image.Image], ms: int) -> bytes:
    """All frames with one palette, repeated for ever."""
    some = np.concatenate([np.asarray(frames[i]) for i in {0, len(frames) // 2, len(frames) - 1}])
    palette = Image.fromarray(some).quantize(128)
    small = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    buffer = io.BytesIO()
    small[0].save(buffer, "GIF", save_all=True, append_images=small[1:], duration=ms, loop=0, optimize=True)
    return buffer.getvalue()
