# ruff: noqa: E501 - the frames are as long as their lines
"""Sets of texts with what a careful reader finds in them, one after the other in a file, for tests to go through.

An entry begins with "=== WORD EXPECTED", where WORD says into which CV its text is put, a language for a post. What is
not read yet is marked "(missed)", and fails once it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from domain.profile import Block, DocumentText, ReadDocument
from extraction.sections import StructureWords, structure
from extraction.structure import Structure

SENT = datetime(2017, 5, 1, tzinfo=UTC)
_ENTRY = re.compile(r"^=== (?P<where>\w+) (?P<expected>[^(\n]+?)(?P<missed> \(missed\))?\n", re.MULTILINE)
_POSTS = {
    "en": "CURRICULUM VITAE\nJoan Sample\nVienna, Austria\nPROFESSIONAL EXPERIENCE\n{}\nEDUCATION\nMA in Literature, 2000",
    "fr": "CURRICULUM VITAE\nJeanne Exemple\nDakar, Sénégal\nEXPÉRIENCE PROFESSIONNELLE\n{}\nFORMATION\nMaîtrise de lettres, 2000",
    "es": "CURRÍCULUM VITAE\nJuana Ejemplo\nBogotá, Colombia\nEXPERIENCIA PROFESIONAL\n{}\nFORMACIÓN ACADÉMICA\nLicenciatura en Letras, 2000",
    "ru": "РЕЗЮМЕ\nПримерова Анна Ивановна\nАлматы\nОПЫТ РАБОТЫ\n{}\nОБРАЗОВАНИЕ\nСпециалист, филология, 2000",
    "ar": "السيرة الذاتية\nسلمى المثال\nعمّان\nالخبرات المهنية\n{}\nالمؤهلات العلمية\nماجستير في الأدب، 2000",
}


def entries(name: str) -> list[ParameterSet]:
    """Where, text and expected of each entry of a file of this folder."""
    return list(_entries(Path(__file__).with_name(name).read_text(encoding="utf-8")))


def _entries(listed: str) -> Iterator[ParameterSet]:
    found = list(_ENTRY.finditer(listed))
    for entry, following in zip(found, [*found[1:], None], strict=True):
        text = listed[entry.end() : following.start() if following else len(listed)].strip("\n")
        marks = [pytest.mark.xfail(strict=True, reason="not read yet")] if entry["missed"] else []
        yield pytest.param(entry["where"], text, entry["expected"], marks=marks, id=f"{entry['where']} {text[:50]!a}")


def post(language: str, text: str, words: StructureWords) -> Structure:
    """A CV with this text as its experience."""
    lines = _POSTS[language].format(text).split("\n")
    read = DocumentText(blocks=tuple(Block(text=line) for line in lines if line.strip()), reader="test")
    return structure(document(read), language=language, words=words, now=SENT)


def document(read: DocumentText) -> ReadDocument:
    return ReadDocument(part_path="2", file_name="cv.docx", digest="0" * 64, text=read)


def told(expected: str, keys: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """What must be shown and what may be: short keys, "-" for none, "?" before one on which careful readers differ."""
    wanted = {keys[key] for key in expected.split() if key in keys}
    disputed = {keys[key.removeprefix("?")] for key in expected.split() if key.startswith("?")}
    return wanted, disputed
