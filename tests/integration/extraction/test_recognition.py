"""Scans and photographs: printed, drawn at 150 dots per inch, made noisy, and read back."""

from __future__ import annotations

import random
import resource
import shutil
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageFilter

from domain.errors import Unreadable
from domain.profile import BlockKind
from extraction.read import ReadLimits, read
from tests.integration.extraction.cvs import ALL, ARABIC, ENGLISH, FRENCH, RUSSIAN, SPANISH, Cv
from tests.integration.extraction.making import missing, order, printed_by_chromium, recall
from tests.integration.extraction.scanning import WORSE, drawn, noisy

LIMITS = ReadLimits()
LEAST = {"en": 0.95, "fr": 0.95, "es": 0.95, "ru": 0.95, "ar": 0.80}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed"),
]


# One language for each thing that may go wrong, so that the suite does not take all day; all in all cases:
# `python -m tests.integration.extraction.scanning`.
OF = dict(zip(WORSE, (ENGLISH, ARABIC, FRENCH, SPANISH, RUSSIAN) * 4, strict=False))
CASES = [(cv, "noisy") for cv in ALL] + [(cv, "photographed") for cv in ALL]
CASES += [(cv, name) for name, cv in OF.items() if (cv, name) not in CASES]


@pytest.mark.parametrize(("cv", "name"), CASES, ids=[f"{cv.language}-{name}" for cv, name in CASES])
def test_a_page_is_read_however_it_was_scanned(cv: Cv, name: str, tmp_path: Path) -> None:
    picture = tmp_path / "scan.png"
    WORSE[name](drawn(cv.html)).save(picture)
    found = read(picture, media_type="image/png", limits=LIMITS)
    assert recall(cv.text, found.text) >= LEAST[cv.language], missing(cv.text, found.text)
    assert order(cv.text, found.text) >= LEAST[cv.language] - 0.15
    assert found.ocr
    assert found.confidence is not None
    assert 0.6 < found.confidence <= 1.0


def test_pages_of_a_pdf_that_are_pictures_are_recognised_and_the_others_are_not(tmp_path: Path) -> None:
    scan = noisy(drawn(FRENCH.html))
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


def test_what_the_camera_says_of_its_position_counts(tmp_path: Path) -> None:
    picture = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to see it upright
    noisy(drawn(ENGLISH.html)).rotate(90, expand=True).save(picture, exif=exif)
    assert recall(ENGLISH.text, read(picture, media_type="image/jpeg", limits=LIMITS).text) >= 0.95


def test_a_grid_on_a_scan_comes_as_rows(tmp_path: Path) -> None:
    picture = tmp_path / "scan.png"
    noisy(drawn(ENGLISH.html, dpi=200)).save(picture)
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


def test_two_pages_take_less_than_ten_seconds_of_one_core(tmp_path: Path) -> None:
    """Full pages, by the processor time of all that is started: how fast a busy machine is says nothing."""
    body = "".join(f"<p>{line}</p>" for line in ENGLISH.lines[3:] * 6)
    page = noisy(drawn(ENGLISH.html.replace("<table", body + "<table", 1)))
    page.save(tmp_path / "scan.tiff", save_all=True, append_images=[page])
    before = processor_seconds()
    found = read(tmp_path / "scan.tiff", media_type="image/tiff", limits=ReadLimits())
    assert found.pages == 2
    assert processor_seconds() - before < 10


def processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
