"""Whole CVs of invented people, with what a careful reader takes from each: what it is, the degree, the years."""

from __future__ import annotations

import pytest

from domain.profile import DocumentKind, ReadDocument
from extraction.career import years_experience
from extraction.education import highest_degree
from extraction.readers.limits import ReadLimits
from extraction.readers.plain import read_text
from extraction.sections import StructureWords, structure
from tests.unit.extraction.listed import SENT, entries

TOLERANCE = 1  # years: whether a post "2005" ends with its year is anybody's guess


@pytest.mark.parametrize(("language", "text", "expected"), entries("careers.txt"))
def test_a_cv_tells_what_a_careful_reader_sees(words: StructureWords, language: str, text: str, expected: str) -> None:
    kind, degree, years = expected.split()
    document = ReadDocument(part_path="2", file_name="document.txt", digest="", text=read_text(text, ReadLimits()))
    seen = structure(document, language=language, words=words, now=SENT)
    assert seen.kind is DocumentKind(kind)
    if seen.kind is DocumentKind.CV:
        held = highest_degree([seen], rules=words.degrees)
        assert held == degree if degree != "null" else held is None
        counted = years_experience([seen], rules=words.sections)
        assert counted is not None and abs(counted - int(years)) <= TOLERANCE
