"""Files of pictures as pages in grey, upright as the camera says. The only place that opens them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile, ImageOps

from domain.errors import Unreadable
from extraction.readers.limits import ReadLimits

# Named one by one: Pillow also knows formats that start other programs (EPS) or that nobody sends.
FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP", "JPEG2000", "AVIF")
ENOUGH = 2700  # pixels of the shorter side: JPEGs of cameras are decoded no larger than twice that
CUT_OFF = "the picture is cut off: its end is missing"


def pages_of(path: Path, limits: ReadLimits, problems: list[str]) -> Iterator[Image.Image]:
    """The pages of a picture, one at a time; what is to be told of them is added to `problems`.

    Only a TIFF has pages: what moves in other formats shows one thing. Raises Unreadable where the picture is broken or
    too large.
    """
    for number in range(limits.recognised_pages + 1):
        page = _page(path, number, limits, problems)
        if page is None:
            return
        if number == limits.recognised_pages:
            problems.append(f"only the first {number} pages of the picture were recognised")
            return
        yield page


def _formats(path: Path) -> tuple[str, ...]:
    with path.open("rb") as file:
        if file.read(12)[4:8] != b"ftyp":
            return FORMATS
    from pi_heif import register_heif_opener  # noqa: PLC0415 - only pictures of telephones need it

    register_heif_opener(thumbnails=False)
    return (*FORMATS, "HEIF")


def _page(path: Path, number: int, limits: ReadLimits, problems: list[str]) -> Image.Image | None:
    """A page by its number, counted from 0; None where there is none."""
    try:
        return _loaded(path, number, limits, whole=True)
    except _Cut:
        page = _loaded(path, number, limits, whole=False)
        if CUT_OFF not in problems:
            problems.append(CUT_OFF)
        return page


class _Cut(Exception):
    """The bytes end before the picture does."""


def _loaded(path: Path, number: int, limits: ReadLimits, *, whole: bool) -> Image.Image | None:
    """Raises _Cut where it must be `whole` and is not."""
    ImageFile.LOAD_TRUNCATED_IMAGES = not whole
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged metadata, and of large pictures: we count the pixels ourselves
            with Image.open(path, formats=_formats(path)) as picture:
                if number and picture.format != "TIFF":
                    return None
                picture.seek(number)
                _check_size(picture, limits)
                picture.draft("L", (ENOUGH, ENOUGH))
                picture.load()
                return _eight_bits(_upright(picture))
    except EOFError:
        if number:
            return None
        raise Unreadable("the picture is damaged") from None
    except (Unreadable, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(limits) from error
    except Exception as error:  # Pillow's plugins raise a dozen kinds on damaged files
        if whole and isinstance(error, OSError):
            raise _Cut from error
        if number:
            return None
        raise Unreadable("the picture is damaged") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _check_size(picture: Image.Image, limits: ReadLimits) -> None:
    if picture.width * picture.height > limits.pixels:
        raise _too_large(limits)


def _too_large(limits: ReadLimits) -> Unreadable:
    return Unreadable(f"the picture has more than {limits.pixels // 1_000_000} million pixels")


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001 - damaged metadata raise a dozen kinds; the picture itself is sound
        return picture


def _eight_bits(picture: Image.Image) -> Image.Image:
    """In grey, on white where it is transparent."""
    if picture.mode.startswith(("I", "F")):
        values = np.asarray(picture, dtype=np.float32)
        low, high = float(values.min()), float(values.max())
        return Image.fromarray(((values - low) * (255.0 / max(high - low, 1e-6))).astype(np.uint8))
    if "A" in picture.getbands() or "a" in picture.getbands() or "transparency" in picture.info:
        made = Image.new("RGBA", picture.size, "white")
        made.alpha_composite(picture.convert("RGBA"))
        return made.convert("L")
    return picture.convert("L")
