"""One page in every format in which it may come, sound and damaged: it is read, or it is said why not."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from domain.errors import Unreadable
from domain.profile import DocumentText
from extraction.read import ReadLimits, read
from intake.sniff import media_type
from tests.integration.extraction.cvs import ENGLISH, RUSSIAN
from tests.integration.extraction.making import missing, recall
from tests.integration.extraction.scanning import drawn

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed"),
]
HEIC = Path(__file__).with_name("page.heic")  # made once: what reads HEIC here does not write it


def stored(picture: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def page() -> Image.Image:
    """The written part of a page: half the pixels, half the time."""
    return drawn(ENGLISH.html).crop((0, 0, 1275, 760))


def inked(mode: str) -> Image.Image:
    """The ink on nothing: paper that is transparent."""
    made = Image.new("RGBA", page().size, (0, 0, 0, 0))
    made.paste((20, 20, 60, 255), mask=page().point([255 - n for n in range(256)]))
    return made.convert(mode)


def sixteen_bits() -> Image.Image:
    return Image.fromarray(np.asarray(page()).astype(np.uint16) * 200)


def turned_by_the_camera() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to see it upright
    return stored(page().rotate(90, expand=True), "JPEG", exif=exif)


SOUND: dict[str, Callable[[], bytes]] = {
    "png": lambda: stored(page(), "PNG"),
    "png of a palette": lambda: stored(page().convert("P"), "PNG"),
    "png of one bit": lambda: stored(page().convert("1", dither=Image.Dither.NONE), "PNG"),
    "png of sixteen bits": lambda: stored(sixteen_bits(), "PNG"),
    "png with alpha": lambda: stored(inked("RGBA"), "PNG"),
    "png of grey with alpha": lambda: stored(inked("LA"), "PNG"),
    "jpeg": lambda: stored(page().convert("RGB"), "JPEG", quality=70),
    "jpeg, progressive": lambda: stored(page(), "JPEG", quality=70, progressive=True),
    "jpeg of four inks": lambda: stored(page().convert("CMYK"), "JPEG", quality=80),
    "jpeg turned by the camera": turned_by_the_camera,
    "tiff, fax group 4": lambda: stored(page().convert("1", dither=Image.Dither.NONE), "TIFF", compression="group4"),
    "tiff with jpeg": lambda: stored(page(), "TIFF", compression="jpeg"),
    "tiff of sixteen bits": lambda: stored(sixteen_bits(), "TIFF"),
    "tiff, lzw": lambda: stored(page().convert("RGB"), "TIFF", compression="tiff_lzw"),
    "webp": lambda: stored(page().convert("RGB"), "WEBP", quality=60),
    "gif": lambda: stored(page(), "GIF"),
    "bmp": lambda: stored(page(), "BMP"),
    "avif": lambda: stored(page().convert("RGB"), "AVIF", quality=60),
    "jpeg 2000": lambda: stored(page(), "JPEG2000"),
    "heic": HEIC.read_bytes,
}


def opened(data: bytes, folder: Path, limits: ReadLimits | None = None) -> DocumentText:
    """Read as the program would: its type is what the bytes say."""
    path = folder / "picture"
    path.write_bytes(data)
    kind = media_type(data[:65_536], name=None, claimed="application/octet-stream", open_file=lambda: path.open("rb"))
    return read(path, media_type=kind, limits=limits or ReadLimits())


@pytest.mark.parametrize("make", SOUND.values(), ids=SOUND.keys())
def test_a_page_is_read_from_every_format(make: Callable[[], bytes], tmp_path: Path) -> None:
    found = opened(make(), tmp_path)
    assert recall(ENGLISH.text, found.text) >= 0.95, missing(ENGLISH.text, found.text)
    assert found.problems == ()


def test_the_pages_of_a_tiff_are_pages_each_in_its_script_and_position(tmp_path: Path) -> None:
    """The second page went upside down into the feeder."""
    pages = [drawn(ENGLISH.html), drawn(RUSSIAN.html).rotate(180)]
    found = opened(stored(pages[0], "TIFF", save_all=True, append_images=pages[1:]), tmp_path)
    by_page = ["\n".join(block.text for block in found.blocks if block.page == number) for number in (1, 2)]
    assert recall(ENGLISH.text, by_page[0]) >= 0.95
    assert recall(RUSSIAN.text, by_page[1]) >= 0.95
    assert [(page.page, page.reason, page.script) for page in found.recognised] == [
        (1, "it is a picture", "Latn"),
        (2, "it is a picture", "Cyrl"),
    ]
    assert all(page.confidence > 0.8 for page in found.recognised)
    told = {found.text[word.start : word.end]: word.confidence for word in found.words}
    assert told["nomvula.ad@example.org"] > 0.5
    assert len(found.words) >= 0.95 * len(found.text.replace("|", "").split())
    name = next(block for block in found.blocks if "Подъяпольская" in block.text)
    assert name.box is not None
    assert name.box.top > 0.8  # on the picture as it came


def test_pages_over_the_limit_are_named(tmp_path: Path) -> None:
    data = stored(page(), "TIFF", save_all=True, append_images=[page()] * 3)
    found = opened(data, tmp_path, ReadLimits(recognised_pages=1))
    assert found.pages == 1
    assert found.problems == ("only the first 1 pages of the picture were recognised",)


def test_a_picture_says_that_recognition_is_switched_off(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="switched off"):
        opened(stored(page(), "PNG"), tmp_path, ReadLimits(recognised_pages=0))


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_what_came_of_a_picture_that_is_cut_off_is_read(form: str, tmp_path: Path) -> None:
    data = stored(page(), form)
    found = opened(data[: len(data) * 3 // 4], tmp_path)
    assert "Nomvula" in found.text
    assert found.problems == ("the picture is cut off: its end is missing",)


def many_pixels() -> bytes:
    return stored(Image.new("1", (30_000, 30_000)), "PNG")


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "more pixels than a page has": (many_pixels, "more than 80 million pixels"),
    "nothing but a head": (lambda: stored(page(), "JPEG")[:200], "damaged"),
    "heic that is cut off": (lambda: HEIC.read_bytes()[:2000], "damaged"),
    "avif that is cut off": (lambda: stored(page(), "AVIF")[:900], "damaged"),
    "jpeg xl": (lambda: b"\xff\x0a" + bytes(200), "can be sent as PDF or JPEG"),
    "a white page": (lambda: stored(Image.new("L", (1240, 1754), 255), "PNG"), "no text that can be recognised"),
    "one pixel": (lambda: stored(Image.new("L", (1, 1)), "PNG"), "no text that can be recognised"),
    "one row": (lambda: stored(Image.new("L", (5000, 1)), "PNG"), "no text that can be recognised"),
}


@pytest.mark.parametrize(("make", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_says_why(make: Callable[[], bytes], reason: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=reason):
        opened(make(), tmp_path)
