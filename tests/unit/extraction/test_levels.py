"""The buckets of the call, and who is eligible by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.profile import Level, SectionKind, eligible
from extraction.languages import LanguageRules, language_skills, load_language_rules
from tests.unit.extraction.cvs import cv

RULES = Path(__file__).parents[3] / "config" / "rules"


@pytest.fixture(scope="session")
def rules() -> LanguageRules:
    return load_language_rules(RULES)


# The table of the labelling guidelines, word for word.
TABLE = {
    Level.NATIVE: "mother tongue; native speaker; langue maternelle; lengua materna; родной; اللغة الأم",
    Level.C: (
        "C1; C2; fluent; excellent; full professional; proficient; bilingual; courant; excellente maîtrise; fluido; "
        "свободно; بطلاقة; ممتاز; IELTS 7.0; IELTS 7,5; IELTS 8; TOEFL iBT 95; TOEFL iBT 110; DALF; ТРКИ-3; ТРКИ-4; "
        "DELE C1; advanced; avancé; avanzado; продвинутый; متقدم; easily"
    ),
    Level.B: (
        "B1; B2; good; very good; working knowledge; intermediate; upper-intermediate; limited working; bon niveau; "
        "bonne connaissance; intermedio; хороший; средний; جيد; جيد جدا; DELF B2; professional working; "
        "conversational; moyen; buena; fairly good; IELTS 5.5; IELTS 6.5; TOEFL iBT 72; TOEFL iBT 94"
    ),
    Level.A: (
        "A1; A2; basic; elementary; beginner; notions; básico; базовый; начальный; أساسي; مبتدئ; a little; "
        "school level; reads with a dictionary; со словарём; not easily; IELTS 5.0; TOEFL iBT 60"
    ),
}
TESTED = {"ТРКИ": "русский", "DELE": "español", "DALF": "français", "DELF": "français"}
WORDS = [(word, level) for level, words in TABLE.items() for word in words.split("; ")]


@pytest.mark.parametrize(("word", "level"), WORDS, ids=[word for word, _ in WORDS])
def test_the_words_of_the_guidelines_mean_their_bucket(rules: LanguageRules, word: str, level: Level) -> None:
    language = next((name for sign, name in TESTED.items() if sign in word), "English")
    (skill,) = language_skills([cv((SectionKind.LANGUAGES, "", [f"{language}: {word}"]))], rules=rules)
    assert skill.level is level


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("English: excellent (B2)", Level.B),
        ("Inglés: intermedio bajo (A2)", Level.A),
        ("English: good, IELTS 7.5", Level.C),
        ("English: fluent (TOEFL iBT 80)", Level.B),
        ("Français : courant, TCF 350", Level.B),
        ("English: TOEFL 600", Level.C),
    ],
)
def test_a_code_or_result_decides_over_a_word(rules: LanguageRules, line: str, level: Level) -> None:
    (skill,) = language_skills([cv((SectionKind.LANGUAGES, "", [line]))], rules=rules)
    assert skill.level is level


@pytest.mark.parametrize(
    ("skills", "expected"),
    [
        ([], None),
        ([("en", Level.C)], True),
        ([("fr", Level.NATIVE), ("en", Level.UNKNOWN)], True),
        ([("en", Level.B), ("fr", Level.A)], False),
        ([("es", Level.NATIVE)], False),
        ([("en", Level.UNKNOWN), ("fr", Level.B)], None),
        ([("ar", Level.NATIVE), ("fr", Level.UNKNOWN)], None),
    ],
)
def test_who_is_eligible(skills: list[tuple[str, Level]], expected: bool | None) -> None:
    assert eligible(dict(skills), ("en", "fr")) is expected
