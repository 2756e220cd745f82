from __future__ import annotations

import io

from rich.console import Console

from domain.profile import Evidence, SectionKind
from service.commands.evidence import Found, by_rule, explained, show_tags

TEXT = "Ran assisted voluntary return for 12 years.\nI wish to work on border management."


def evidence(sentence: str, words: str, *, reason: str = "", years: tuple[int, int] | None = None) -> Evidence:
    start = TEXT.index(words)
    return Evidence(
        part_path="2",
        page=1,
        section=SectionKind.EXPERIENCE,
        start=start,
        end=start + len(words),
        sentence=sentence,
        rule="themes/return_reintegration/return_by_name",
        counted=not reason,
        reason=reason,
        years=years,
    )


RAN = evidence("Ran assisted voluntary return for 12 years.", "assisted voluntary return", years=(2005, 2017))
WISHED = evidence("I wish to work on border management.", "border management", reason="wished for")


def shown(*tags: Found) -> str:
    out = Console(file=io.StringIO(), width=200)
    show_tags(tags, out, because=by_rule)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def test_a_theme_that_holds_tells_for_how_long_and_a_wish_stands_apart_with_its_reason() -> None:
    told = shown(
        Found(title="Return", holds=True, evidence=(RAN, RAN)), Found(title="Borders", holds=False, evidence=(WISHED,))
    )
    assert [line.strip() for line in told.splitlines()] == [
        "Return  12 years, last in 2017",
        f"{RAN.sentence}  ({RAN.rule}, page 1)",
        "seen, and not counted",
        f"Borders, wished for: {WISHED.sentence}  ({RAN.rule}, page 1)",
    ]


def test_an_explanation_leads_from_the_words_of_the_text_to_the_rule() -> None:
    told = explained(RAN, texts={"2": TEXT}).strip()
    assert told == (
        "“assisted voluntary return” in experience, page 1, post of 2005–2017; document 2, characters 4–29; "
        "rule themes/return_reintegration/return_by_name"
    )
