"""Pictures of pages made as tesseract likes them: cut from the table they lie on, evenly lit, upright lines, no specks.

Every step looks first whether it is needed, on a small copy, and leaves a good scan as it is.
"""

from __future__ import annotations

from math import radians, tan

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from extraction.readers.paper_edges import without_table

Pixels = npt.NDArray[np.float32]

LARGEST = 3600  # pixels of the longer side: more costs time and gains nothing
SMALL = 2000  # pixels of the longer side: below, letters are enlarged
LOOK = 1000  # pixels of the longer side of the copy on which lines are looked for
WHITE = 235  # paper of a good scan is at least so light everywhere
MOST_SKEW = 8.0  # degrees
SOFT = 0.8  # pixels: grain that is smoothed away before letters are enlarged, else it is enlarged with them
LITTLE_SKEW = 0.15  # degrees that harm nothing


def mended(picture: Image.Image) -> Image.Image:
    """A page in grey whose lines run straight, though perhaps upside down or from top to bottom."""
    grey = picture.convert("L")
    grey.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return straightened(without_specks(evenly_lit(without_table(grey))))


def evenly_lit(grey: Image.Image) -> Image.Image:
    """The paper white everywhere: each pixel in relation to the paper around it. A good scan is returned as it is."""
    paper, ink = _paper_and_ink(grey)
    if float(paper.min()) >= WHITE and ink < 60:
        return grey
    light = Image.fromarray(paper).resize(grey.size, Image.Resampling.BICUBIC)
    share = np.asarray(grey, dtype=np.float32) / np.maximum(np.asarray(light), 24.0)
    darkest = ink / 255.0
    return Image.fromarray((np.clip((share - darkest) / (1.0 - darkest), 0.0, 1.0) * 255.0).astype(np.uint8))


def _paper_and_ink(grey: Image.Image) -> tuple[Pixels, float]:
    """How light the paper is, of each piece of the page, and how dark the ink would be on white paper (0 to 255)."""
    pixels = np.asarray(grey)
    side = max(8, max(grey.size) // 80)
    rows, columns = -(-grey.height // side), -(-grey.width // side)
    whole = np.pad(pixels, ((0, rows * side - grey.height), (0, columns * side - grey.width)), mode="edge")
    pieces = whole.reshape(rows, side, columns, side).swapaxes(1, 2).reshape(rows, columns, side * side)
    light = np.percentile(pieces, 80, axis=2).astype(np.float32)
    # Pieces full of ink show no paper: they take the light of those around them.
    for _ in range(2):
        light = np.maximum(light, 0.9 * _around(light).max(axis=0))
    paper = _around(light).mean(axis=0)
    dark = np.percentile(pieces, 1, axis=2) / np.maximum(paper, 24.0)
    return paper, float(np.percentile(dark, 2)) * 255.0


def _around(values: Pixels) -> Pixels:
    """Each value with its eight neighbours, as the first axis."""
    padded = np.pad(values, 1, mode="edge")
    height, width = values.shape
    return np.stack([padded[y : y + height, x : x + width] for y in range(3) for x in range(3)])


def without_specks(grey: Image.Image) -> Image.Image:
    """No pixel lighter or darker than all around it. Thin strokes and dots stay: they are more than one pixel."""
    darkest, lightest = grey.filter(ImageFilter.RankFilter(3, 2)), grey.filter(ImageFilter.RankFilter(3, 6))
    return Image.fromarray(np.clip(np.asarray(grey), np.asarray(darkest), np.asarray(lightest)))


# Lines


def straightened(grey: Image.Image) -> Image.Image:
    """Lines turned level, letters enlarged where they are small."""
    angle = skew(grey)
    if max(grey.size) < SMALL:
        grey = grey.filter(ImageFilter.GaussianBlur(SOFT))
        grey = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
    if abs(angle) < LITTLE_SKEW:
        return grey
    return grey.rotate(-angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def skew(grey: Image.Image) -> float:
    """By how many degrees, counter-clockwise, the lines rise (or, of a page on its side, lean)."""
    ink = _ink(grey)
    if len(ink) < 200:
        return 0.0
    best = max((_sharpest(ink[:, 0], ink[:, 1]), _sharpest(-ink[:, 1], ink[:, 0])), key=lambda found: found[1])
    return best[0]


def _ink(grey: Image.Image) -> npt.NDArray[np.float64]:
    """x and y of the dark pixels of a small copy, without the margins, where shadows are."""
    factor = max(1, max(grey.size) // LOOK)
    small = np.asarray(grey.reduce(factor))
    y, x = np.nonzero(small < 160)
    height, width = small.shape
    inside = (x > width * 0.03) & (x < width * 0.97) & (y > height * 0.03) & (y < height * 0.97)
    return np.stack([x[inside], y[inside]], axis=1).astype(float)


def _sharpest(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> tuple[float, float]:
    """The angle at which lines and the gaps between them part best, and how well."""
    coarse = max(np.arange(-MOST_SKEW, MOST_SKEW + 0.1, 0.5), key=lambda angle: _sharpness(x, y, angle))
    fine = max(np.arange(coarse - 0.5, coarse + 0.51, 0.1), key=lambda angle: _sharpness(x, y, angle))
    return float(fine), _sharpness(x, y, fine)


def _sharpness(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], angle: float) -> float:
    """W. Postl's measure: how much the ink differs from row to row, along rows that rise by this angle."""
    rows = np.rint(y + x * tan(radians(angle))).astype(np.int64)
    counts = np.bincount(rows - rows.min())
    return float(np.sum(np.diff(counts.astype(float)) ** 2))
