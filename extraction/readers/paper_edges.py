"""A sheet of paper on a photograph: its corners, and the sheet as if it had been laid onto a scanner."""

from __future__ import annotations

from itertools import pairwise
from math import hypot

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

LOOK = 400  # pixels of the longer side of the copy on which the paper is looked for
SHARES = (0.35, 0.5, 0.65)  # of the way from the darkest to the lightest, in steps as the eye sees them
LEAST = 0.25  # of the picture that the sheet must cover
MOST = 0.92  # what fills more of the picture lies under no camera
FULL = 0.93  # of the four-cornered figure that must be paper
BESIDE = 6  # pixels from the edge where light is compared
STEP = 0.25  # by which the table is darker than the paper beside it
COARSE = 4  # times smaller: a fill by Python is slow
CLEAN = 0.12  # of what lies around it that may be as light as paper

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]  # clockwise from the upper left, in pixels
Matrix = npt.NDArray[np.float64]  # 3 × 3, of places on a plane
Mask = npt.NDArray[np.bool_]


def without_table(grey: Image.Image) -> tuple[Image.Image, Matrix]:
    """The sheet alone where it lies on something darker, else the picture as it is; and the way back, in pixels."""
    corners = corners_of_paper(grey)
    return (grey, np.eye(3)) if corners is None else _flattened(grey, corners)


def corners_of_paper(grey: Image.Image) -> Corners | None:
    """Where the corners of a light sheet on a darker ground lie; None where no such sheet is seen whole."""
    factor = max(1.0, max(grey.size) / LOOK)
    small = grey.resize((max(1, round(grey.width / factor)), max(1, round(grey.height / factor))), Image.Resampling.BOX)
    # Letters vanish, edges stay where they are.
    smooth = small.filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.MinFilter(7)).filter(ImageFilter.MedianFilter(5))
    # The eye sees shares of light: a lamp that makes one corner dark makes table and paper dark there.
    seen = np.log(np.asarray(smooth, dtype=np.float32) + 8.0)
    dark, light = np.percentile(seen, 2), np.percentile(seen, 98)
    if light - dark < 0.6:
        return None
    for share in SHARES:
        corners = _corners(seen > dark + share * (light - dark))
        if corners is not None and _has_edges(seen, corners):
            first, second, third, fourth = ((x * factor, y * factor) for x, y in corners)
            return first, second, third, fourth
    return None


def _corners(mask: Mask) -> Corners | None:
    """The corners of what is light, where it is one sheet with four straight edges inside the picture."""
    height, width = mask.shape
    if not LEAST < mask.mean() < MOST:
        return None
    y, x = np.nonzero(_sheet(mask))
    if len(x) < LEAST * mask.size:
        return None
    ends = [int(np.argmin(x + y)), int(np.argmax(x - y)), int(np.argmax(x + y)), int(np.argmin(x - y))]
    first, second, third, fourth = ((float(x[end]), float(y[end])) for end in ends)
    corners: Corners = (first, second, third, fourth)
    inside = _filled(corners, (width, height))
    covered = inside.sum()
    if covered < LEAST * mask.size or covered > MOST * mask.size:
        return None
    is_sheet = (mask & inside).sum() > FULL * covered and (mask & ~inside).sum() < CLEAN * (~inside).sum()
    return corners if is_sheet else None


def _has_edges(seen: npt.NDArray[np.float32], corners: Corners) -> bool:
    """Whether it grows dark at once behind each side: shade that deepens slowly has no edge."""
    height, width = seen.shape
    middle = np.mean(corners, axis=0)
    for one, two in pairwise((*corners, corners[0])):
        along = np.linspace(one, two, 24)[2:-2]
        outwards = np.array([two[1] - one[1], one[0] - two[0]]) / max(hypot(two[0] - one[0], two[1] - one[1]), 1.0)
        if np.dot(outwards, middle - along[0]) > 0:
            outwards = -outwards
        steps = []
        for sign in (-1, 1):
            x, y = (np.rint(along + sign * BESIDE * outwards).astype(int)).T
            steps.append(seen[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)])
        if float(np.median(steps[0] - steps[1])) < STEP:
            return False
    return True


def _sheet(mask: Mask) -> Mask:
    """What of it hangs together with its middle: light things that lie beside the sheet are not of it."""
    picture = Image.fromarray(mask.astype(np.uint8))
    coarse = picture.resize((picture.width // COARSE, picture.height // COARSE), Image.Resampling.NEAREST)
    y, x = np.nonzero(np.asarray(coarse))
    if not len(x):
        return mask
    middle = int(np.argmin((x - x.mean()) ** 2 + (y - y.mean()) ** 2))
    ImageDraw.floodfill(coarse, (int(x[middle]), int(y[middle])), 2)
    piece = coarse.point([0, 0, 1] + [0] * 253).filter(ImageFilter.MaxFilter(3))
    return mask & (np.asarray(piece.resize(picture.size, Image.Resampling.NEAREST)) > 0)


def _filled(corners: Corners, size: tuple[int, int]) -> Mask:
    picture = Image.new("1", size)
    ImageDraw.Draw(picture).polygon(list(corners), fill=1)
    return np.asarray(picture)


def _flattened(grey: Image.Image, corners: Corners) -> tuple[Image.Image, Matrix]:
    lengths = [hypot(x - u, y - v) for (x, y), (u, v) in pairwise((*corners, corners[0]))]
    width, height = round(max(lengths[0], lengths[2])), round(max(lengths[1], lengths[3]))
    edge = 0.006 * max(width, height)  # a hair inside, where no table shows
    plain = ((-edge, -edge), (width + edge, -edge), (width + edge, height + edge), (-edge, height + edge))
    back = _perspective(plain, corners)
    sheet = grey.transform((width, height), Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC)
    return sheet, np.array([*back, 1.0]).reshape(3, 3)


def _perspective(at: Corners, to: Corners) -> list[float]:
    """The eight numbers that take each point of `at` to its point of `to` (Pillow, Image.transform)."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(at, to, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    values = np.array([number for point in to for number in point])
    return [float(number) for number in np.linalg.solve(np.array(rows), values)]
