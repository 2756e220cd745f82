from __future__ import annotations

import pytest

from domain.profile import Evidence, Practice, SectionKind, practice


def evidence(years: tuple[int, int] | None, *, counted: bool = True) -> Evidence:
    return Evidence(
        part_path="2",
        page=None,
        section=SectionKind.EXPERIENCE,
        start=0,
        end=4,
        sentence="work",
        rule="rule",
        counted=counted,
        years=years,
    )


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ([(2005, 2017)], Practice(years=12, last=2017)),
        ([(2006, 2006)], Practice(years=1, last=2006)),
        ([(2010, 2015), (2012, 2017), (2000, 2002)], Practice(years=9, last=2017)),
        ([(2010, 2012), (2010, 2012), None], Practice(years=2, last=2012)),
        ([(2010, 2016), (2011, 2012)], Practice(years=6, last=2016)),
        ([None], None),
        ([], None),
    ],
)
def test_the_years_of_overlapping_posts_count_once(
    years: list[tuple[int, int] | None], expected: Practice | None
) -> None:
    assert practice(map(evidence, years)) == expected


def test_what_was_not_counted_adds_no_years() -> None:
    assert practice([evidence((1990, 2010), counted=False)]) is None
