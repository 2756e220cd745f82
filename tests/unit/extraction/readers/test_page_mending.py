"""What is done to a picture before it is recognised, on pages drawn by the test: no OCR is needed."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from domain.profile import Box
from extraction.readers.page_mending import Sheet, evenly_lit, mended, shows_writing, skew, without_specks
from extraction.readers.paper_edges import corners_of_paper


def page(width: int = 1240, height: int = 1754) -> Image.Image:
    """Lines of strokes as letters have them, in the upper half."""
    made = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(made)
    for y in range(150, height // 2, 40):
        for x in range(120, width - 140 - (y % 3) * 90, 14):
            draw.line((x, y, x, y + 18), fill=20, width=3)
            draw.line((x, y + 9, x + 6, y + 9), fill=20, width=3)
    return made


@pytest.mark.parametrize("degrees", [-5.0, -2.0, -0.5, 0.0, 1.3, 5.0])
@pytest.mark.parametrize("quarter", [0, 90])
def test_the_skew_is_found_to_a_fifth_of_a_degree(degrees: float, quarter: int) -> None:
    askew = page().rotate(quarter, expand=True).rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
    assert skew(askew) == pytest.approx(degrees, abs=0.2)


def test_paper_in_the_shade_becomes_white_and_ink_stays_dark() -> None:
    drawn = page()
    shade = np.linspace(1.0, 0.35, drawn.width)[None, :]
    lit = np.asarray(evenly_lit(Image.fromarray((np.asarray(drawn) * shade).astype(np.uint8))))
    assert np.median(lit[:, -40:]) >= 250
    assert lit[:, drawn.width // 2 :].min() <= 60


def test_a_good_scan_is_left_as_it_is() -> None:
    assert evenly_lit(drawn := page()) is drawn


def test_specks_go_and_strokes_stay() -> None:
    drawn = page()
    drawn.putpixel((30, 30), 0)
    cleaned = without_specks(drawn)
    assert cleaned.getpixel((30, 30)) == 255
    assert cleaned.crop((100, 140, 1100, 900)).tobytes() == drawn.crop((100, 140, 1100, 900)).tobytes()


def test_a_sheet_on_a_dark_table_is_found_and_a_scan_has_no_table() -> None:
    table = Image.new("L", (1700, 2200), 50)
    table.paste(page(), (200, 240))
    corners = corners_of_paper(table)
    assert corners is not None
    assert np.allclose(corners, [(200, 240), (1440, 240), (1440, 1994), (200, 1994)], atol=25)
    assert corners_of_paper(page()) is None


def test_a_place_on_the_mended_page_is_found_again_on_the_picture() -> None:
    """The dot is drawn on the table's picture; the page is cut out, turned and enlarged; the dot is where it was."""
    table = Image.new("L", (1500, 1900), 50)
    table.paste(page(1000, 1400), (260, 300))
    ImageDraw.Draw(table).ellipse((960, 1380, 1000, 1420), fill=0)
    sheet = mended(table.rotate(3, Image.Resampling.BICUBIC, fillcolor=50)).turned(180)
    dark = np.asarray(sheet.picture.reduce(4)) < 90
    height, width = dark.shape
    down, across = np.nonzero(dark[: height // 2])  # upside down, the dot stands above the lines
    box = Box(
        left=across.min() / width, right=across.max() / width, top=down.min() / height, bottom=down.max() / height
    )
    there = sheet.original(box)
    seen = np.asarray(table.rotate(3, Image.Resampling.BICUBIC, fillcolor=50).convert("L"))
    x, y = round((there.left + there.right) / 2 * 1500), round((there.top + there.bottom) / 2 * 1900)
    assert seen[y, x] < 40
    assert there.right - there.left < 0.06


def test_a_turned_sheet_knows_the_way_back() -> None:
    upright = Sheet(Image.new("L", (200, 100)), np.diag([1 / 200, 1 / 100, 1.0]))
    corner = Box(left=0.9, top=0.0, right=1.0, bottom=0.2)  # upper right
    turned = upright.turned(90)
    assert turned.picture.size == (100, 200)
    # Turned clockwise, the lower right of the sheet is what was its upper right.
    assert turned.original(Box(left=0.8, top=0.9, right=1.0, bottom=1.0)) == corner


def portrait() -> Image.Image:
    y, x = np.mgrid[0:800, 0:600]
    face = np.full((800, 600), 200.0)
    face[(x - 300) ** 2 / 200**2 + (y - 350) ** 2 / 280**2 < 1] = 140
    for eye in (230, 370):
        face[(x - eye) ** 2 + (y - 300) ** 2 < 900] = 40
    face += np.random.default_rng(2).normal(0, 6, face.shape)
    return Image.fromarray(np.clip(face, 0, 255).astype(np.uint8))


def signature() -> Image.Image:
    made = Image.new("L", (800, 300), 255)
    points = [(50 + n * 7, 150 + 60 * np.sin(n / 3) * np.cos(n / 7)) for n in range(100)]
    ImageDraw.Draw(made).line(points, fill=20, width=4)
    return made


def logo() -> Image.Image:
    made = Image.new("L", (600, 600), 255)
    ImageDraw.Draw(made).ellipse((100, 100, 500, 500), fill=40)
    ImageDraw.Draw(made).rectangle((250, 50, 350, 550), fill=200)
    return made


def wood() -> Image.Image:
    return Image.effect_noise((900, 700), 90).filter(ImageFilter.GaussianBlur(6))


@pytest.mark.parametrize("draw", [portrait, signature, logo, wood])
def test_a_portrait_a_logo_a_signature_show_no_writing(draw: object) -> None:
    assert callable(draw)
    assert not shows_writing(mended(draw()).picture)


def test_a_page_shows_writing_however_it_lies() -> None:
    assert shows_writing(mended(page()).picture)
    assert shows_writing(mended(page().rotate(90, expand=True)).picture)
    assert shows_writing(mended(page().crop((100, 140, 700, 330))).picture)
