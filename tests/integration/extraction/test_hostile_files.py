"""Files made to harm, each opened in a sandbox child: the outcome is a stated one, and the next file is read."""

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
from tests.integration.extraction import hostile, hostile_office, hostile_word
from tests.integration.extraction.hostile import READ_TO_THE_END
from tests.unit.extraction.readers.making import DOCX, ODT, docx, paragraph

PDF = "application/pdf"
LIMITS = Limits(seconds=40, memory=1536 * 1024**2)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(size=1) as made:
        yield made


def opened(sandbox: Sandbox, path: Path, media_type: str) -> DocumentText:
    given = ReadArguments(document=GIVEN, media_type=media_type, limits={})
    return run(sandbox, READ, given, LIMITS, Files(given=path))


CASES: list[tuple[hostile.Maker, str, str | None]] = [
    (hostile.form_that_draws_itself, PDF, "no text|crashed|memory|longer|processor"),
    (hostile.forms_that_double, PDF, "no text|crashed|memory|longer|processor"),
    (hostile.content_that_inflates, PDF, "no text|crashed|memory|longer|processor"),
    (hostile.page_tree_that_loops, PDF, "damaged|no text"),
    (hostile.page_of_a_square_mile, PDF, "no text"),
    (hostile.picture_of_a_million_megapixels, PDF, "no text"),
    (hostile.arrays_without_end, PDF, "no text|crashed|memory"),
    (hostile.object_stream_in_itself, PDF, "damaged|no text"),
    (hostile.nothing_but_a_header, PDF, "damaged"),
    (hostile.entity_bomb, DOCX, "entities|no valid XML"),
    (hostile.part_that_inflates, DOCX, "unpacks to"),
    (hostile.million_paragraphs, DOCX, "unpacks to|no text|memory"),
    (hostile.styles_that_inherit_in_a_circle, DOCX, READ_TO_THE_END),
    (hostile.part_related_to_itself, DOCX, READ_TO_THE_END),
    (hostile.tables_in_tables, DOCX, READ_TO_THE_END),
    (hostile.member_named_like_a_path, DOCX, READ_TO_THE_END),
    (hostile.cells_repeated_a_billion_times, ODT, READ_TO_THE_END),
    (hostile.divisions_in_divisions, "text/html", "no text|nested|memory|crashed"),
    (hostile.endless_line, "text/plain", READ_TO_THE_END),
    (hostile.white_space_without_end, "text/plain", READ_TO_THE_END),
    (hostile.picture_larger_than_memory, "image/png", "million pixels"),
    (hostile.picture_cut_off, "image/jpeg", "damaged"),
    (hostile.pages_of_tiff_in_a_circle, "image/tiff", "no text"),
    (hostile.compound_file_in_a_circle, "application/msword", "damaged|longer"),
    (hostile.groups_in_groups, "application/rtf", READ_TO_THE_END),
    *hostile_word.CASES,
    *hostile_office.CASES,
]


@pytest.mark.slow
@pytest.mark.parametrize(("make", "media_type", "reason"), CASES, ids=[make.__name__ for make, _, _ in CASES])
def test_a_hostile_file_costs_itself_only(
    sandbox: Sandbox, tmp_path: Path, make: hostile.Maker, media_type: str, reason: str | None
) -> None:
    path = tmp_path / "file"
    make(path)
    if reason is READ_TO_THE_END:
        assert opened(sandbox, path, media_type).text.strip()
    else:
        with pytest.raises(Unreadable) as caught:
            opened(sandbox, path, media_type)
        assert re.search(reason, str(caught.value)), str(caught.value)
    sound = docx(tmp_path / "sound", paragraph("The next one"))
    assert opened(sandbox, sound, DOCX).text == "The next one"
