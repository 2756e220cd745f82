"""Pages as scanners and telephones deliver them: drawn from printed CVs and made worse, the same each time."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

from domain.errors import Unreadable
from extraction.read import ReadLimits, read
from tests.integration.extraction.cvs import ALL
from tests.integration.extraction.making import order, printed_by_chromium, recall

Worsen = Callable[[Image.Image], Image.Image]


@cache
def drawn(html: str, *, dpi: int = 150, page: int = 0) -> Image.Image:
    """A page as it was printed, in grey. Not to be changed."""
    return _pages(html, dpi)[page]


@cache
def _pages(html: str, dpi: int) -> list[Image.Image]:
    with TemporaryDirectory() as folder:
        document = pypdfium2.PdfDocument(printed_by_chromium(html, Path(folder)))
        try:
            return [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in document]
        finally:
            document.close()


def noisy(page: Image.Image) -> Image.Image:
    """The softness and the specks of an office scanner, and a JPEG on top."""
    pixels = np.asarray(page.filter(ImageFilter.GaussianBlur(0.5))).copy()
    dice = np.random.default_rng(17)
    specks = dice.random(pixels.shape)
    pixels[specks < 1 / 800] = 0
    pixels[specks > 1 - 1 / 800] = 255
    return as_jpeg(Image.fromarray(pixels))


def as_jpeg(page: Image.Image, quality: int = 60) -> Image.Image:
    stored = io.BytesIO()
    page.save(stored, "JPEG", quality=quality)
    return Image.open(stored).convert(page.mode)


def skewed(degrees: float) -> Worsen:
    """Laid onto the glass askew."""
    return lambda page: page.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def turned(degrees: int) -> Worsen:
    return lambda page: page.rotate(degrees, expand=True)


def grainy(page: Image.Image) -> Image.Image:
    pixels = np.asarray(page, dtype=float)
    pixels = pixels + np.random.default_rng(5).normal(0, 14, pixels.shape)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def unevenly_lit(page: Image.Image) -> Image.Image:
    """A lamp at the upper left: the lower right is at a third of its light."""
    height, width = page.height, page.width
    down, right = np.mgrid[0:height, 0:width]
    light = 1 - 0.65 * (0.5 * down / height + 0.5 * right / width)
    return Image.fromarray((np.asarray(page) * light).astype(np.uint8))


def pale(page: Image.Image) -> Image.Image:
    """A copy whose toner ran out: letters hardly darker than the paper."""
    return page.point([int(170 + value * 50 / 255) for value in range(256)])


def on_grey(page: Image.Image) -> Image.Image:
    """Recycled paper."""
    return grainy(page.point([int(value * 165 / 255) for value in range(256)]))


def faxed(page: Image.Image) -> Image.Image:
    """Black and white only, at 200 by 200 dots (ITU-T T.4, fine), with dropped dots."""
    larger = page.resize((page.width * 4 // 3, page.height * 4 // 3), Image.Resampling.BICUBIC)
    pixels = np.asarray(larger).copy()
    dice = np.random.default_rng(3).random(pixels.shape)
    pixels = np.where(pixels < 140, 0, 255).astype(np.uint8)
    pixels[dice < 1 / 1500] = 0
    return Image.fromarray(pixels).convert("1")


def photographed(page: Image.Image) -> Image.Image:
    """From aslant, on a dark table, under a lamp, in a shaking hand."""
    width, height = page.size
    table = Image.new("L", (int(width * 1.3), int(height * 1.22)), 60)
    # Where the corners of the page come to lie, clockwise from the upper left.
    corners = [
        (0.13 * width, 0.07 * height), (1.16 * width, 0.12 * height),
        (1.22 * width, 1.14 * height), (0.06 * width, 1.11 * height),
    ]  # fmt: skip
    plain = [(0, 0), (width, 0), (width, height), (0, height)]
    seen = page.transform(
        table.size, Image.Transform.PERSPECTIVE, perspective(corners, plain), Image.Resampling.BICUBIC, fillcolor=60
    )
    return as_jpeg(grainy(unevenly_lit(seen.filter(ImageFilter.GaussianBlur(0.6)))))


def perspective(at: list[tuple[float, float]], to: list[tuple[float, float]]) -> list[float]:
    """The eight numbers that take each point of `at` to its point of `to` (Pillow, Image.transform)."""
    rows, values = [], []
    for (x, y), (u, v) in zip(at, to, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(number) for number in np.linalg.solve(np.array(rows, dtype=float), np.array(values, dtype=float))]


def measured(dpi: int) -> None:
    """Print how much of each CV comes back from each kind of scan, how much of it in order, and in what time."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "scan.png"
        for name, worsen in WORSE.items():
            for cv in ALL:
                worsen(drawn(cv.html, dpi=dpi)).save(path)
                start = time.monotonic()
                try:
                    text = read(path, media_type="image/png", limits=ReadLimits()).text
                except Unreadable as error:
                    print(name, cv.language, error)
                    continue
                took = time.monotonic() - start
                print(f"{name:18} {cv.language} {recall(cv.text, text):.3f} {order(cv.text, text):.3f} {took:5.1f} s")


def plain(page: Image.Image) -> Image.Image:
    return page


WORSE: dict[str, Worsen] = {
    "clean": plain,
    "noisy": noisy,
    "askew by 0.5": lambda page: noisy(skewed(0.5)(page)),
    "askew by -2": lambda page: noisy(skewed(-2)(page)),
    "askew by 5": lambda page: noisy(skewed(5)(page)),
    "turned by 90": lambda page: noisy(turned(90)(page)),
    "turned by 180": lambda page: noisy(turned(180)(page)),
    "turned by 270": lambda page: noisy(turned(270)(page)),
    "turned and askew": lambda page: noisy(skewed(3)(turned(180)(page))),
    "grainy": grainy,
    "unevenly lit": lambda page: as_jpeg(unevenly_lit(page)),
    "pale": lambda page: as_jpeg(pale(page)),
    "on grey": on_grey,
    "faxed": faxed,
    "photographed": photographed,
}


if __name__ == "__main__":  # every language in every case: python -m tests.integration.extraction.scanning [DPI]
    measured(int(sys.argv[1]) if len(sys.argv) > 1 else 150)
