"""Scans and photographs: printed, drawn at 150 dots per inch, made noisy, and read back."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageFilter

from domain.errors import Unreadable
from domain.profile import BlockKind
from extraction.read import ReadLimits, read
from tests.integration.extraction.cvs import ALL, ENGLISH, FRENCH, Cv
from tests.integration.extraction.making import missing, order, printed_by_chromium, recall

LIMITS = ReadLimits()
LEAST = {"en": 0.95, "fr": 0.95, "es": 0.95, "ru": 0.95, "ar": 0.80}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed"),
]


def scanned(cv: Cv, folder: Path, *, dpi: int = 150) -> Image.Image:
    """The printed page with the specks and the softness of an office scanner; the same each time."""
    document = pypdfium2.PdfDocument(printed_by_chromium(cv.html, folder))
    page = document[0].render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
    document.close()
    page = page.filter(ImageFilter.GaussianBlur(0.5))
    dice = random.Random(17)
    for _ in range(page.width * page.height // 400):
        page.putpixel((dice.randrange(page.width), dice.randrange(page.height)), dice.choice((0, 255)))
    return page


@pytest.mark.parametrize("cv", ALL, ids=lambda cv: cv.language)
def test_a_noisy_scan_is_read_in_its_script(cv: Cv, tmp_path: Path) -> None:
    picture = tmp_path / "scan.jpg"
    scanned(cv, tmp_path).save(picture, quality=80)
    found = read(picture, media_type="image/jpeg", limits=LIMITS)
    assert recall(cv.text, found.text) >= LEAST[cv.language], missing(cv.text, found.text)
    assert order(cv.text, found.text) >= LEAST[cv.language] - 0.1
    assert found.ocr
    assert found.confidence is not None
    assert 0.6 < found.confidence <= 1.0


def test_pages_of_a_pdf_that_are_pictures_are_recognised_and_the_others_are_not(tmp_path: Path) -> None:
    scan = scanned(FRENCH, tmp_path)
    text = pypdfium2.PdfDocument(printed_by_chromium(ENGLISH.html, tmp_path))
    scan.save(tmp_path / "scan.pdf", resolution=150)
    whole = pypdfium2.PdfDocument.new()
    whole.import_pages(text)
    whole.import_pages(pypdfium2.PdfDocument(tmp_path / "scan.pdf"))
    whole.save(tmp_path / "whole.pdf")
    found = read(tmp_path / "whole.pdf", media_type="application/pdf", limits=LIMITS)
    by_page = ["\n".join(block.text for block in found.blocks if block.page == page) for page in (1, 2)]
    assert recall(ENGLISH.text, by_page[0]) == 1.0
    assert recall(FRENCH.text, by_page[1]) >= 0.95
    assert found.problems == ("page 2 was read by OCR: it is a picture",)
    assert found.ocr


def test_a_photograph_that_lies_on_its_side_is_turned(tmp_path: Path) -> None:
    picture = tmp_path / "photo.png"
    scanned(ENGLISH, tmp_path).rotate(90, expand=True).save(picture)
    assert recall(ENGLISH.text, read(picture, media_type="image/png", limits=LIMITS).text) >= 0.95


def test_what_the_camera_says_of_its_position_counts(tmp_path: Path) -> None:
    picture = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to see it upright
    scanned(ENGLISH, tmp_path).rotate(90, expand=True).save(picture, exif=exif)
    assert recall(ENGLISH.text, read(picture, media_type="image/jpeg", limits=LIMITS).text) >= 0.95


def test_a_grid_on_a_scan_comes_as_rows(tmp_path: Path) -> None:
    picture = tmp_path / "scan.png"
    scanned(ENGLISH, tmp_path, dpi=200).save(picture)
    found = read(picture, media_type="image/png", limits=LIMITS)
    assert [block.cells for block in found.blocks if block.kind is BlockKind.ROW] == list(ENGLISH.grid)


def test_a_portrait_holds_no_text(tmp_path: Path) -> None:
    dice = random.Random(4)
    portrait = Image.effect_noise((400, 500), 60).filter(ImageFilter.GaussianBlur(6))
    portrait.putpixel((dice.randrange(400), dice.randrange(500)), 0)
    portrait.save(tmp_path / "me.jpg")
    with pytest.raises(Unreadable, match="no text that can be recognised"):
        read(tmp_path / "me.jpg", media_type="image/jpeg", limits=LIMITS)


def test_a_missing_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("L", (300, 300), "white").save(tmp_path / "scan.png")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unreadable, match="tesseract, which is not installed"):
        read(tmp_path / "scan.png", media_type="image/png", limits=LIMITS)
