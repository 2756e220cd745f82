"""Damaged and hostile PDFs, each opened in a sandbox child: what can be had is had, and every outcome is stated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import Unreadable
from domain.profile import DocumentText
from service.jobs import READ, ReadArguments
from service.sandbox import Files, Limits, Sandbox
from service.sandbox_folder import GIVEN
from service.workbench import run
from tests.integration.extraction import hostile_pdf as made
from tests.integration.extraction.hostile import Maker
from tests.unit.extraction.readers.making import pdf

pytestmark = [pytest.mark.slow]

LIMITS = Limits(seconds=40, memory=1536 * 1024**2)
STOPPED = "no text|crashed|memory|longer|processor"  # by a limit of the sandbox, or read to its empty end

RECOVERED: list[tuple[Maker, str, int]] = [  # what is read of it, and how often
    (made.owner_password_by_rc4_of_40_bits, "Page 1", 1),
    (made.owner_password_by_rc4_of_128_bits, "Page 1", 1),
    (made.owner_password_by_aes_of_128_bits, "Page 1", 1),
    (made.owner_password_by_aes_of_256_bits, "Page 1", 1),
    (made.cut_before_the_table, "Page 1", 1),
    (made.cut_in_the_last_page, "people at risk", 3),
    (made.cut_in_the_middle_of_a_compact_file, "people at risk", 1),
    (made.linearised_and_cut, "Page 1", 1),
    (made.startxref_that_points_nowhere, "Page 1", 1),
    (made.startxref_that_is_negative, "Page 1", 1),
    (made.table_with_wrong_places, "Page 1", 1),
    (made.no_end_of_file, "Page 1", 1),
    (made.garbage_before_the_header, "Page 1", 1),
    (made.garbage_of_a_page_before_the_header, "Page 1", 1),
    (made.garbage_behind_the_end, "Page 1", 1),
    (made.two_headers, "Page 1", 1),
    (made.two_files_in_one, "people at risk", 2),
    (made.line_ends_of_a_text_transfer, "Page 1", 1),
    (made.updated_ten_times, "Page 1", 1),
    (made.update_whose_table_is_lost, "Page 1", 1),
    (made.pages_without_a_tree, "Still readable", 1),
    (made.tree_that_counts_wrongly, "Still readable", 1),
    (made.tree_that_is_its_own_child, "Still readable", 1),
    (made.no_root, "Still readable", 1),
    (made.stream_with_a_wrong_length, "Still readable", 1),
    (made.stream_whose_end_is_damaged, "Still readable", 1),
    (made.text_that_is_nested_without_end, "Still readable", 1),
    (made.numbers_of_objects_beyond_all, "Page 1", 1),
    (made.ten_thousand_pages, "Still readable", 80),
    (made.million_rectangles, "Still readable", 1),
    (made.picture_of_jbig2_without_end, "Still readable", 1),
    (made.picture_of_jpeg_2000_without_end, "Still readable", 1),
    (made.font_of_nonsense, "Still readable", 1),
    (made.font_whose_letters_draw_themselves, "AAAA", 1),
    (made.map_that_refers_to_itself, "Still readable", 1),
    (made.letters_of_a_mile, "Still readable", 1),
    (made.places_that_are_no_numbers, "Still readable", 1),
    (made.page_of_no_size, "Still readable", 1),
    (made.page_upside_down, "Still readable", 1),
    (made.hundred_thousand_notes, "Still readable", 1),
    (made.fields_in_a_circle, "Still readable", 1),
    (made.value_of_thirty_megabytes, "Still readable", 1),
    (made.title_of_ten_megabytes, "Still readable", 1),
    (made.script_that_would_run, "Still readable", 1),
    (made.xml_form_with_entities, "Form", 1),
]
REFUSED: list[tuple[Maker, str]] = [
    (made.user_password_by_rc4, "protected by a password"),
    (made.user_password_by_aes, "protected by a password"),
    (made.encryption_that_nobody_knows, "protected in a way"),
    (made.cut_after_the_header, "damaged"),
    (made.tree_ten_thousand_deep, STOPPED),
    (made.contents_of_a_gigabyte, STOPPED),
    (made.ten_million_letters, STOPPED),
    (made.filters_a_thousand_times, STOPPED),
    (made.predictor_of_endless_columns, STOPPED),
]
# Read to some end: a font may map its letters to anything, and OCR reads what there is to see.
EITHER: list[Maker] = [made.picture_that_inflates, made.map_of_letters_without_end]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(size=1) as ready:
        yield ready


def opened(sandbox: Sandbox, path: Path) -> DocumentText:
    given = ReadArguments(document=GIVEN, media_type="application/pdf", limits={})
    return run(sandbox, READ, given, LIMITS, Files(given=path))


@pytest.mark.parametrize(("make", "text", "times"), RECOVERED, ids=[make.__name__ for make, _, _ in RECOVERED])
def test_what_is_left_of_a_damaged_file_is_read(
    sandbox: Sandbox, tmp_path: Path, make: Maker, text: str, times: int
) -> None:
    path = tmp_path / "file"
    make(path)
    found = opened(sandbox, path)
    assert found.text.count(text) >= times, found.text[:500]
    assert "root:" not in found.text  # of /etc/passwd


@pytest.mark.parametrize(("make", "reason"), REFUSED, ids=[make.__name__ for make, _ in REFUSED])
def test_what_cannot_be_read_costs_itself_only_and_says_why(
    sandbox: Sandbox, tmp_path: Path, make: Maker, reason: str
) -> None:
    path = tmp_path / "file"
    make(path)
    with pytest.raises(Unreadable) as caught:
        opened(sandbox, path)
    assert re.search(reason, str(caught.value)), str(caught.value)
    sound = pdf(tmp_path / "sound", lambda canvas: canvas.drawString(50, 700, "The next one"))
    assert opened(sandbox, sound).text == "The next one"


@pytest.mark.parametrize("make", EITHER, ids=[make.__name__ for make in EITHER])
def test_a_bomb_ends_in_a_stated_outcome(sandbox: Sandbox, tmp_path: Path, make: Maker) -> None:
    path = tmp_path / "file"
    make(path)
    try:
        assert opened(sandbox, path).text
    except Unreadable as error:
        assert re.search(STOPPED, str(error)), str(error)


def test_a_file_that_was_mended_says_so(sandbox: Sandbox, tmp_path: Path) -> None:
    made.cut_in_the_last_page(tmp_path / "file")
    assert any("damaged" in problem for problem in opened(sandbox, tmp_path / "file").problems)
