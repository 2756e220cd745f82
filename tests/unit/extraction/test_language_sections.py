"""Languages of whole CVs, in the ways in which people write them: language_sections.txt, written from the guidelines.

language_statements.txt has sentences, lines and tables by another hand, without a heading for the most part.

The levels stand behind the languages; FRAMES are the CVs into which the texts are put (“whole”: a CV of its own).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.profile import Block, BlockKind, DocumentText
from extraction.analyser import Analyser
from extraction.languages import LanguageRules, language_skills, load_language_rules
from extraction.readers.limits import ReadLimits
from extraction.readers.plain import read_text
from extraction.sections import StructureWords, structure
from tests.unit.extraction.listed import SENT, document, entries

RULES = Path(__file__).parents[3] / "config" / "rules"

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


@pytest.fixture(scope="module")
def language_rules() -> LanguageRules:
    return load_language_rules(RULES)


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


@pytest.mark.parametrize(
    ("frame", "text", "expected"), [*entries("language_sections.txt"), *entries("language_statements.txt")]
)
def test_the_languages_of_a_cv_are_read_with_their_levels(
    frame: str, text: str, expected: str, language_rules: LanguageRules, words: StructureWords
) -> None:
    read = framed(frame, text)
    seen = structure(document(read), language=Analyser().language_of(read.text), words=words, now=SENT)
    skills = language_skills([seen], rules=language_rules)
    assert sorted(f"{skill.code}:{skill.level.value}" for skill in skills) == sorted(expected.replace("-", "").split())
