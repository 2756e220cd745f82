from dataclasses import replace

import pytest

from domain.profile import SectionKind as K
from extraction.analyser import Analyser
from extraction.outline import from_outline, outline_of, stems_of
from extraction.structure import Outlined, Period, Post, YearMonth
from tests.unit.extraction.cvs import cv

SEEN = cv(
    (K.PERSONAL, "", ["Ana Ruiz"]),
    (K.EXPERIENCE, "Work", ["2011 - 2014 Evacuated nationals.", "Retour volontaire des réfugiés."]),
    (K.LANGUAGES, "Languages", [("English", "C1", ""), ("French | fluent", "B2")]),
)
POST = Post(
    period=Period(
        begins=YearMonth(year=2011, month=1), ends=YearMonth(year=2014, month=12), ongoing=False, start=14, end=25
    ),
    start=14,
    end=78,
)
SECOND = SEEN.sections[1].blocks
CV = Outlined(
    structure=replace(SEEN, posts=(POST,)),
    stretches=(
        ((0, 8, "en"),),
        ((SECOND[0].start, SECOND[0].end, "en"), (SECOND[1].start, SECOND[1].end, "fr")),
        ((SEEN.sections[2].start, SEEN.sections[2].end, "en"),),
    ),
)


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


def test_a_cv_with_its_outline_is_what_it_was() -> None:
    assert from_outline(outline_of(CV), CV.structure.text, part_path="2") == CV


@pytest.mark.parametrize("outline", ["", "[0]"])
def test_an_outline_of_another_program_is_not_read(outline: str) -> None:
    assert from_outline(outline, CV.structure.text, part_path="2") is None


def test_each_stretch_has_the_stems_of_its_language_and_each_line_its_own(analyser: Analyser) -> None:
    lines = stems_of(CV, analyser).split("\n")
    assert len(lines) == len(CV.structure.text.split("\n"))
    assert lines[2] == analyser.stems("2011 - 2014 Evacuated nationals.", "en")
    assert (
        lines[3]
        == analyser.stems("Retour volontaire des réfugiés.", "fr")
        != analyser.stems("Retour volontaire des réfugiés.", "en")
    )
