"""Languages of whole CVs, in the ways in which people write them: language_sections.txt, written from the guidelines.

An entry begins with "=== FRAME EXPECTED": the languages with their levels, and the CV into which the text is put
(FRAMES below; "whole" for a CV of its own). What is not read yet is marked "(missed)", and fails once it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from domain.profile import Block, BlockKind, DocumentText, ReadDocument
from extraction.analyser import Analyser
from extraction.languages import LanguageRules, language_skills, load_language_rules
from extraction.readers.limits import ReadLimits
from extraction.readers.plain import read_text
from extraction.sections import StructureWords, load_structure_words, structure

RULES = Path(__file__).parents[3] / "config" / "rules"
ENTRY = re.compile(r"^=== (?P<frame>\w+) (?P<expected>[^(\n]+?)(?P<missed> \(missed\))?\n", re.MULTILINE)
SENT = datetime(2017, 5, 1, tzinfo=UTC)

# Around the text stand lines that name languages which the person does not claim.
FRAMES = {
    "en": """CURRICULUM VITAE
Joan Sample
Vienna, Austria
PROFESSIONAL EXPERIENCE
2010 - 2016 Programme officer, Example Relief, Amman
Managed assistance to refugees; trained Arabic-speaking staff; edited the French edition of the newsletter.
EDUCATION
MA in English Literature, University of Example, 2005
{text}
REFERENCES
Available on request""",
    "fr": """CURRICULUM VITAE
Jeanne Exemple
Dakar, Sénégal
EXPÉRIENCE PROFESSIONNELLE
2010 - 2016 : Chargée de programme, Secours Exemple, Dakar
Appui aux réfugiés ; formation d'agents arabophones ; version anglaise du bulletin.
FORMATION
Maîtrise de lettres espagnoles, Université d'Exemple, 2005
{text}
RÉFÉRENCES
Sur demande""",
    "es": """CURRÍCULUM VITAE
Juana Ejemplo Muestra
Bogotá, Colombia
EXPERIENCIA PROFESIONAL
2010 - 2016 Oficial de programa, Socorro Ejemplo, Bogotá
Asistencia a refugiados; edición en inglés del boletín.
FORMACIÓN ACADÉMICA
Licenciatura en Filología Francesa, Universidad de Ejemplo, 2005
{text}
REFERENCIAS
A solicitud""",
    "ru": """РЕЗЮМЕ
Примерова Анна Ивановна
Алматы, Казахстан
ОПЫТ РАБОТЫ
2010 – 2016 Координатор программы, Фонд «Пример», Алматы
Помощь беженцам; выпуск бюллетеня на английском языке.
ОБРАЗОВАНИЕ
Специалист, французская филология, Университет, 2005
{text}
РЕКОМЕНДАЦИИ
По запросу""",
    "ar": """السيرة الذاتية
سلمى المثال
عمّان، الأردن
الخبرات المهنية
2010 - 2016 مسؤولة برامج، منظمة المثال، عمّان
مساعدة اللاجئين وتحرير النسخة الإنجليزية من النشرة.
المؤهلات العلمية
ماجستير في الأدب الفرنسي، جامعة المثال، 2005
{text}
المراجع
عند الطلب""",
}


def entries() -> Iterator[ParameterSet]:
    listed = Path(__file__).with_name("language_sections.txt").read_text(encoding="utf-8")
    found = list(ENTRY.finditer(listed))
    for entry, following in zip(found, [*found[1:], None], strict=True):
        text = listed[entry.end() : following.start() if following else len(listed)].strip("\n")
        marks = [pytest.mark.xfail(strict=True, reason="not read yet")] if entry["missed"] else []
        yield pytest.param(entry["frame"], text, entry["expected"], marks=marks, id=f"{entry['frame']} {text[:40]!a}")


@pytest.fixture(scope="module")
def language_rules() -> LanguageRules:
    return load_language_rules(RULES)


@pytest.fixture(scope="module")
def words() -> StructureWords:
    return load_structure_words(RULES)


def framed(frame: str, text: str) -> DocumentText:
    if frame == "whole":
        return read_text(text, ReadLimits())
    lines = FRAMES[frame].format(text=text).split("\n")
    return DocumentText(blocks=tuple(block(line, lines) for line in lines if line.strip()), reader="test")


def block(line: str, lines: list[str]) -> Block:
    if " | " not in line:
        kind = BlockKind.LIST_ITEM if line.startswith("• ") else BlockKind.PARAGRAPH
        return Block(text=line.removeprefix("• ").strip(), kind=kind)
    cells = tuple(cell.strip() for cell in line.split(" | "))
    before = lines[: lines.index(line)]
    table = sum(not one.strip() for one in before)  # an empty line ends a table
    return Block(text=" | ".join(cells), kind=BlockKind.ROW, cells=cells, table=table)


@pytest.mark.parametrize(("frame", "text", "expected"), list(entries()))
def test_the_languages_of_a_cv_are_read_with_their_levels(
    frame: str, text: str, expected: str, language_rules: LanguageRules, words: StructureWords
) -> None:
    read = framed(frame, text)
    document = ReadDocument(part_path="2", file_name="cv.txt", digest="0" * 64, text=read)
    seen = structure(document, language=Analyser().language_of(read.text), words=words, now=SENT)
    skills = language_skills([seen], rules=language_rules)
    assert sorted(f"{skill.code}:{skill.level.value}" for skill in skills) == sorted(expected.split())
