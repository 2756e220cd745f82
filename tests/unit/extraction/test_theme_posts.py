"""Themes of posts, in the ways in which people write of their work: theme_posts.txt, written from the guidelines."""

import pytest

from extraction.analyser import Analyser
from extraction.rulebook import Rulebook
from extraction.sections import StructureWords
from extraction.themes import outlined, placed_findings, tag_themes
from tests.unit.extraction.listed import SENT, entries, post, told

KEYS = {
    "eca": "emergency_consular_affairs",
    "ct": "counter_trafficking",
    "hbm": "humanitarian_border_management",
    "mco": "migrant_communication_outreach",
    "rr": "return_reintegration",
    "cm": "crisis_migration",
    "dp": "disaster_preparedness",
    "ha": "humanitarian_action",
}


@pytest.mark.parametrize(("language", "text", "expected"), entries("theme_posts.txt"))
def test_a_post_shows_its_themes_and_no_others(
    language: str, text: str, expected: str, rulebook: Rulebook, words: StructureWords, analyser: Analyser
) -> None:
    found = placed_findings([outlined(post(language, text, words), analyser)], analyser=analyser, rulebook=rulebook)
    tags = tag_themes(found, rulebook=rulebook, now=SENT.date())
    wanted, disputed = told(expected, KEYS)
    assert {tag.key for tag in tags if tag.holds} - disputed == wanted
