"""Years of experience, as a careful reader counts them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.profile import Block, DocumentText, ReadDocument
from extraction.career import years_experience
from extraction.sections import StructureWords, structure
from extraction.structure import Structure

NOW = datetime(2018, 5, 14, tzinfo=UTC)


def cv(words: StructureWords, *lines: str) -> Structure:
    blocks = (Block(text="Jane Roe"), Block(text="EXPERIENCE"), *(Block(text=line) for line in lines))
    blocks += (Block(text="EDUCATION"), Block(text="BA, 1990 – 1994"))
    text = DocumentText(blocks=blocks, reader="test/1")
    document = ReadDocument(part_path="2", file_name=None, digest="", text=text)
    return structure(document, language="en", words=words, now=NOW)


@pytest.mark.parametrize(
    ("lines", "years"),
    [
        (("05/2008 – present: consul",), 10),
        (("01/2010 – 12/2014: officer", "01/2006 – 12/2009: clerk"), 9),
        (("01/2010 – 12/2014: officer", "01/2012 – 12/2016: lecturer, part-time"), 7),
        (("01/2010 – 12/2014: officer", "01/2000 – 12/2004: clerk"), 10),
        (("06/2010 – 12/2014: officer", "01/2006 – 12/2009: clerk"), 9),
        (("01/2010 – 12/2014: officer", "01/2000 – 12/2004: Volunteer, youth club"), 5),
        (("01/2010 – 12/2014: officer", "01/2005 – 12/2009: Stagiaire, puis consule"), 10),
        (("01/2010 – 12/2014: officer", "De 2004 à 2009 : sans emploi"), 5),
        (("consul, no dates",), None),
    ],
)
def test_overlaps_count_once_and_long_gaps_not_at_all(
    words: StructureWords, lines: tuple[str, ...], years: int | None
) -> None:
    assert years_experience([cv(words, *lines)], rules=words.sections) == years


def test_two_versions_of_a_cv_count_once(words: StructureWords) -> None:
    one = cv(words, "01/2010 – 12/2014: officer")
    assert years_experience([one, one], rules=words.sections) == 5
