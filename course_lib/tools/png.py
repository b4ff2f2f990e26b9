"""Small PNGs: at most 64 colours where nobody can see the difference, otherwise as they are, packed well."""

import io

import numpy as np
from PIL import Image
from scipy.ndimage import maximum_filter, minimum_filter, uniform_filter

COLOURS = 64
SMOOTH = 24  # a neighbourhood (7×7) that spans no more than this many of 255 steps has no edge in it:
BAND = 3.0  # there a mean error above this would be seen as a band;
STRAY = 32.0  # on edges, where the eye forgives, all but one pixel in a thousand are nearer than this


def shrink(png: bytes) -> bytes:
    """The same picture in fewer bytes, if possible; deterministic, and without the writer's name and version.

    Greys go to a grey palette (at most 2 steps of 255 off). Colours are quantised without dithering, to 64 or, where
    that would show as bands, to 256 colours; a picture that needs more stays as it is. Transparency is kept.

    Args:
        png: a file's bytes.
    """
    image: Image.Image = Image.open(io.BytesIO(png))
    image.load()
    if image.mode not in ("RGB", "L", "1"):
        rgba = image.convert("RGBA")
        if np.asarray(rgba)[..., 3].min() < 255:
            return min(_pack(rgba), png, key=len)
        image = rgba
    pixels = np.asarray(image.convert("RGB"))
    exact = Image.fromarray(pixels)
    if (pixels == pixels[..., :1]).all():
        grey = pixels[..., 0]
        return min(_pack(_grey(grey)), _pack(Image.fromarray(grey)), key=len)
    for colours in (COLOURS, 256):
        candidate = exact.quantize(colours, method=Image.Quantize.MEDIANCUT, kmeans=3, dither=Image.Dither.NONE)
        if not _visible(pixels, np.asarray(candidate.convert("RGB"))):
            return min(_pack(candidate), _pack(exact), key=len)
    return _pack(exact)


def _grey(grey: np.ndarray) -> Image.Image:
    """(h, w) uint8 → palette picture: exactly its own levels, or 64 evenly spaced ones with black and white in."""
    levels = np.unique(grey)
    if len(levels) > COLOURS:
        levels = np.linspace(0, 255, COLOURS).round().astype(np.uint8)
        grey = levels[np.round(grey.astype(np.float32) * (COLOURS - 1) / 255).astype(np.uint8)]
    picture = Image.fromarray(np.searchsorted(levels, grey).astype(np.uint8))
    picture.putpalette(levels.repeat(3).tobytes())
    return picture


def _visible(before: np.ndarray, after: np.ndarray) -> bool:
    error = after.astype(np.float32) - before
    spans = [maximum_filter(before[..., c], 7).astype(int) - minimum_filter(before[..., c], 7) for c in range(3)]
    smooth = np.max(spans, axis=0) <= SMOOTH
    bands = max(np.abs(uniform_filter(error[..., c], size=7) * smooth).max() for c in range(3))
    return bool(bands > BAND or np.quantile(np.abs(error), 0.999) > STRAY)


def _pack(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.info.clear()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
