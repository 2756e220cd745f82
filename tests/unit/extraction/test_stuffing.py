"""Concealed words that would have gained a tag go to a person; other hidden text does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.profile import HiddenText, Profile, ReadDocument
from extraction.readers.concealment import SAME_COLOUR
from extraction.readers.limits import ReadLimits
from extraction.readers.odf_walk import COMMENT
from extraction.readers.plain import read_text
from extraction.understand import Understander
from tests.unit.extraction.test_understand import RULES, cv, message, part

NOW = datetime(2018, 5, 14, tzinfo=UTC)
STUFFING = "Combating trafficking in human beings: identification and protection of victims of trafficking."


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander.load(RULES, essential_languages=("en", "fr"))


def person(understander: Understander, hidden: str, reason: str = SAME_COLOUR, *, seen: str = "") -> Profile:
    text = read_text(cv("Jane Roe", "jane@example.org").replace("Education", f"{seen}\nEducation"), ReadLimits())
    text = replace(text, hidden=(HiddenText(text=hidden, reason=reason, page=1),))
    document = ReadDocument(part_path="2", file_name="cv.pdf", digest="2", text=text)
    (found,) = understander.understand(message(parts=(part("2"),)), [document], now=NOW).people
    return found


def test_words_made_not_to_be_seen_give_no_tag_but_a_doubt(understander: Understander) -> None:
    found = person(understander, STUFFING)
    assert "counter_trafficking" not in [tag.key for tag in found.themes if tag.holds]
    (doubt,) = found.doubts
    assert "counter_trafficking" in doubt


def test_concealed_words_that_gain_nothing_raise_no_doubt(understander: Understander) -> None:
    assert person(understander, "Template by example.org, all rights reserved").doubts == ()


def test_concealed_words_whose_tag_holds_by_what_is_seen_raise_no_doubt(understander: Understander) -> None:
    found = person(understander, STUFFING, seen=f"Tasks: {STUFFING}")
    assert "counter_trafficking" in [tag.key for tag in found.themes if tag.holds]
    assert found.doubts == ()


def test_a_comment_in_the_margin_is_no_stuffing(understander: Understander) -> None:
    assert person(understander, STUFFING, COMMENT).doubts == ()


def test_a_concealed_language_that_would_make_eligible_raises_a_doubt(understander: Understander) -> None:
    text = read_text("Ana Paz\nExperiencia\n2010 – 2016 Jurista, Lima\nIdiomas\nEspañol: lengua materna", ReadLimits())
    text = replace(text, hidden=(HiddenText(text="Languages\nEnglish: native", reason=SAME_COLOUR),))
    document = ReadDocument(part_path="2", file_name="cv.pdf", digest="2", text=text)
    (found,) = understander.understand(message(parts=(part("2"),)), [document], now=NOW).people
    assert not found.eligible
    assert any("a language that the call asks for" in doubt for doubt in found.doubts)
