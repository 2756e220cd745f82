"""Technical inputs of posts, in the ways in which people write of them: inputs_posts.txt."""

import pytest

from extraction.analyser import Analyser
from extraction.inputs import tag_inputs
from extraction.rulebook import Rulebook
from extraction.sections import StructureWords
from extraction.themes import outlined, placed_findings
from tests.unit.extraction.listed import SENT, entries, post, told

KEYS = {
    "lp": "legal_policy",
    "ta": "training_assessment",
    "wm": "workshop_moderation",
    "pr": "presentation",
}


@pytest.mark.parametrize(("language", "text", "expected"), entries("inputs_posts.txt"))
def test_a_post_shows_its_inputs_and_no_others(
    language: str, text: str, expected: str, rulebook: Rulebook, words: StructureWords, analyser: Analyser
) -> None:
    found = list(
        placed_findings([outlined(post(language, text, words), analyser)], analyser=analyser, rulebook=rulebook)
    )
    wanted, disputed = told(expected, KEYS)
    assert {tag.key for tag in tag_inputs(found, now=SENT.date()) if tag.holds} - disputed == wanted
