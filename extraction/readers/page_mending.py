"""Pictures of pages made as tesseract likes them: cut from the table they lie on, evenly lit, upright lines, no specks.

Every step looks first whether it is needed, on a small copy, and leaves a good scan as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin, tan

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from domain.profile import Box
from extraction.readers.paper_edges import Matrix, without_table

Pixels = npt.NDArray[np.float32]

LARGEST = 3600  # pixels of the longer side: more costs time and gains nothing
SMALL = 2000  # pixels of the longer side: below, letters are enlarged
LOOK = 1000  # pixels of the longer side of the copy on which lines are looked for
INK = 160  # of 255: what is darker is ink, once the paper is white
TILE = 32  # pixels, of the copy on which writing is looked for
# By the longer side of the copy: edges between dark and light along the lines of a tile. What is drawn has two in a
# line, a word a dozen. Letters that are too large for the first copy show on the second.
EDGES = {LOOK: 50, LOOK // 2: 70}
STROKES = 0.3  # edges a dark pixel: writing has 0.5 to 0.7, what is drawn or photographed under 0.2
FEW_TILES = 6  # with writing: less is no page
WHITE = 235  # paper of a good scan is at least so light everywhere
MOST_SKEW = 8.0  # degrees
SOFT = 0.8  # pixels: grain that is smoothed away before letters are enlarged, else it is enlarged with them
FAINTEST = 0.85  # of the light of the paper: what is lighter than that is no ink
LITTLE_SKEW = 0.15  # degrees that harm nothing


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page made ready, and the way from its pixels back to the picture that it was made from."""

    picture: Image.Image
    back: Matrix  # takes x and y in pixels of it to x and y in shares of the first picture (homogeneous)

    def turned(self, clockwise: int) -> Sheet:
        """Turned by a multiple of 90 degrees."""
        if not clockwise % 360:
            return self
        turned = self.picture.rotate(-clockwise, expand=True)
        return Sheet(turned, self.back @ rotation(-clockwise, self.picture.size, turned.size))

    def original(self, box: Box) -> Box:
        """A place on this page as a place on the first picture; both in shares."""
        width, height = self.picture.size
        corners = [(x * width, y * height, 1.0) for x in (box.left, box.right) for y in (box.top, box.bottom)]
        x, y, w = self.back @ np.array(corners).T
        across, down = np.clip(x / w, 0.0, 1.0).round(4), np.clip(y / w, 0.0, 1.0).round(4)
        return Box(left=float(across.min()), top=float(down.min()), right=float(across.max()), bottom=float(down.max()))


def mended(picture: Image.Image) -> Sheet:
    """A page in grey whose lines run straight, though perhaps upside down or from top to bottom."""
    grey = picture.convert("L")
    grey.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS, reducing_gap=2.0)
    to_shares = np.diag([1 / grey.width, 1 / grey.height, 1.0])
    cut, back = without_table(grey)
    straight, further = straightened(without_specks(evenly_lit(cut)))
    return Sheet(straight, to_shares @ back @ further)


def shows_writing(grey: Image.Image) -> bool:
    """Whether there are strokes as letters have them: a portrait, a logo and a signature are told without reading."""
    return any(_tiles_with_writing(grey, longer, edges) >= FEW_TILES for longer, edges in EDGES.items())


def _tiles_with_writing(grey: Image.Image, longer: int, least: int) -> int:
    """How many tiles of a copy whose longer side is about so long hold more edges than that."""
    small = np.asarray(grey.reduce(max(1, max(grey.size) // longer))) < INK
    rows, columns = small.shape[0] // TILE, small.shape[1] // TILE
    tiles = small[: rows * TILE, : columns * TILE].reshape(rows, TILE, columns, TILE)
    ink = tiles.sum(axis=(1, 3))
    edges = (tiles[..., 1:] != tiles[..., :-1]).sum(axis=(1, 3))
    return int(((edges > least) & (edges > STROKES * ink)).sum())


def evenly_lit(grey: Image.Image) -> Image.Image:
    """The paper white everywhere: each pixel in relation to the paper around it. A good scan is returned as it is."""
    paper, ink = _paper_and_ink(grey)
    if float(paper.min()) >= WHITE and ink < 60:
        return grey
    light = Image.fromarray(paper).resize(grey.size, Image.Resampling.BICUBIC)
    share = np.asarray(grey, dtype=np.float32) / np.maximum(np.asarray(light), 24.0)
    darkest = min(ink / 255.0, FAINTEST)
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


def straightened(grey: Image.Image) -> tuple[Image.Image, Matrix]:
    """Lines turned level, letters enlarged where they are small; and the way back, in pixels."""
    angle = skew(grey)
    back: Matrix = np.eye(3)
    if max(grey.size) < SMALL:
        grey = grey.filter(ImageFilter.GaussianBlur(SOFT))
        grey = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
        back = np.diag([0.5, 0.5, 1.0])
    if abs(angle) < LITTLE_SKEW:
        return grey, back
    level = grey.rotate(-angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    return level, back @ rotation(-angle, grey.size, level.size)


def rotation(degrees: float, before: tuple[int, int], after: tuple[int, int]) -> Matrix:
    """From pixels of a picture that was turned about its middle, counter-clockwise, back to what it was before."""
    c, s = cos(radians(degrees)), sin(radians(degrees))
    turn = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    back: Matrix = _shift(before[0] / 2, before[1] / 2) @ turn @ _shift(-after[0] / 2, -after[1] / 2)
    return back


def _shift(x: float, y: float) -> Matrix:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


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
    y, x = np.nonzero(small < INK)
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
