# ruff: noqa: E501 - the frames are as long as their lines
"""Technical inputs of posts, in the ways in which people write of them: inputs_posts.txt, written from the guidelines.

An entry begins with "=== LANGUAGE EXPECTED": the inputs that the post shows (KEYS below; "-" for none, "?" before one
on which careful readers differ). What is not read yet is marked "(missed)", and fails once it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from domain.profile import Block, DocumentText, ReadDocument
from extraction.analyser import Analyser
from extraction.inputs import tag_inputs
from extraction.rulebook import Rulebook, load_rulebook
from extraction.sections import StructureWords, load_structure_words, structure
from extraction.themes import placed_findings

RULES = Path(__file__).parents[3] / "config" / "rules"
ENTRY = re.compile(r"^=== (?P<language>\w+) (?P<expected>[^(\n]+?)(?P<missed> \(missed\))?\n", re.MULTILINE)
KEYS = {
    "lp": "legal_policy",
    "ta": "training_assessment",
    "wm": "workshop_moderation",
    "pr": "presentation",
}
FRAMES = {
    "en": "CURRICULUM VITAE\nJoan Sample\nVienna, Austria\nPROFESSIONAL EXPERIENCE\n{}\nEDUCATION\nMA in Literature, 2000",
    "fr": "CURRICULUM VITAE\nJeanne Exemple\nDakar, Sénégal\nEXPÉRIENCE PROFESSIONNELLE\n{}\nFORMATION\nMaîtrise de lettres, 2000",
    "es": "CURRÍCULUM VITAE\nJuana Ejemplo\nBogotá, Colombia\nEXPERIENCIA PROFESIONAL\n{}\nFORMACIÓN ACADÉMICA\nLicenciatura en Letras, 2000",
    "ru": "РЕЗЮМЕ\nПримерова Анна Ивановна\nАлматы\nОПЫТ РАБОТЫ\n{}\nОБРАЗОВАНИЕ\nСпециалист, филология, 2000",
    "ar": "السيرة الذاتية\nسلمى المثال\nعمّان\nالخبرات المهنية\n{}\nالمؤهلات العلمية\nماجستير في الأدب، 2000",
}


def entries() -> Iterator[ParameterSet]:
    listed = Path(__file__).with_name("inputs_posts.txt").read_text(encoding="utf-8")
    found = list(ENTRY.finditer(listed))
    for entry, following in zip(found, [*found[1:], None], strict=True):
        text = listed[entry.end() : following.start() if following else len(listed)].strip("\n")
        marks = [pytest.mark.xfail(strict=True, reason="not read yet")] if entry["missed"] else []
        language, expected = entry["language"], entry["expected"]
        yield pytest.param(language, text, expected, marks=marks, id=f"{language} {text[:50]!a}")


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook(RULES)


@pytest.fixture(scope="module")
def words() -> StructureWords:
    return load_structure_words(RULES)


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


@pytest.mark.parametrize(("language", "text", "expected"), list(entries()))
def test_a_post_shows_its_inputs_and_no_others(
    language: str, text: str, expected: str, rulebook: Rulebook, words: StructureWords, analyser: Analyser
) -> None:
    lines = FRAMES[language].format(text).split("\n")
    document = ReadDocument(
        part_path="2",
        file_name="cv.docx",
        digest="0" * 64,
        text=DocumentText(blocks=tuple(Block(text=line) for line in lines if line.strip()), reader="test"),
    )
    seen = structure(document, language=language, words=words, now=datetime(2017, 5, 1, tzinfo=UTC))
    found = list(placed_findings([seen], analyser=analyser, rulebook=rulebook))
    tags = tag_inputs(found, now=date(2017, 5, 1))
    shown = {tag.key for tag in tags if tag.holds}
    wanted = {KEYS[key] for key in expected.split() if key in KEYS}
    disputed = {KEYS[key.removeprefix("?")] for key in expected.split() if key.startswith("?")}
    assert shown - disputed == wanted
