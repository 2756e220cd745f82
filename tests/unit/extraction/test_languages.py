# ruff: noqa: E501 - a line of a CV is as long as it is
"""What a CV says of languages, in the ways in which people write it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.profile import SectionKind
from extraction.languages import LanguageRules, language_skills, load_language_rules
from tests.unit.extraction.cvs import Line, cv

RULES = Path(__file__).parents[3] / "config" / "rules"


@pytest.fixture(scope="session")
def rules() -> LanguageRules:
    return load_language_rules(RULES)


def found(rules: LanguageRules, *lines: Line, kind: SectionKind = SectionKind.LANGUAGES, heading: str = "") -> str:
    """The languages as "en:C fr:unknown", in order."""
    skills = language_skills([cv((kind, heading, lines))], rules=rules)
    return " ".join(f"{skill.code}:{skill.level.value}" for skill in skills)


ONE_LINE = [
    # English
    ("English (fluent), French (basic), Arabic", "en:C fr:A ar:unknown"),
    ("English and French: fluent", "en:C fr:C"),
    ("English, French (both fluent), Spanish (beginner)", "en:C fr:C es:A"),
    ("Fluent in English, French and Spanish; basic Arabic", "en:C fr:C es:C ar:A"),
    ("Native Igbo and English speaker, fluent in Bini, conversational Hausa", "ig:native en:native bin:C ha:B"),
    ("I speak Arabic as my mother tongue and read French with a dictionary", "ar:native fr:A"),
    ("English: Reading – Excellent, Writing – Good, Speaking – Good", "en:B"),
    ("English: Reading – Excellent, Writing – Excellent, Speaking – Good; French: basic", "en:C fr:A"),
    ("English: good, IELTS 7.5 (2016)", "en:C"),
    ("English - upper-intermediate (B2), Russian - native, Georgian - mother tongue", "en:B ru:native ka:native"),
    ("English – excellent; French – fairly good; Dutch – a little; Wolof – school level", "en:C fr:B nl:A wo:A"),
    ("English (near-native), German (not fluent)", "en:C de:B"),
    ("English: good. IELTS to be taken in March (expected 7.0)", "en:B"),
    ("French B1 (preparing DELF B2)", "fr:B"),
    ("English C1, French: none", "en:C"),
    ("I speak English and Swahili well and a little French, but no Arabic.", "en:B sw:B fr:A"),
    ("English TOEFL iBT 80, Spanish DELE C1, Chinese HSK 4", "en:B es:C zh:B"),
    ("English – IELTS 5.0; Korean – TOPIK 6; Japanese – JLPT N2", "en:A ko:C ja:B"),
    ("Dari and Pashto (native), Farsi", "fa:native ps:native"),
    ("Tagalog, Filipino: native. Cebuano: fluent", "tl:native ceb:C"),
    ("Levantine Arabic: native; Modern Standard Arabic: fluent", "ar:native"),
    ("Spanish: limited working; Typing: excellent; French: native or bilingual proficiency", "es:B fr:native"),
    ("Mother tongue: Amharic. Other: English (excellent), Tigrigna (good), Oromiffa (fair)", "am:native en:C ti:B om:B"),
    ("English – C1/C2, French – B1-B2, Dutch – A2/B1", "en:C fr:B nl:A"),
    # French
    ("Français : langue maternelle ; anglais : courant ; wolof : parlé ; pulaar : notions", "fr:native en:C wo:unknown ff:A"),
    ("Français et créole haïtien (langues maternelles), anglais (lu, écrit, parlé), espagnol scolaire", "fr:native ht:native en:unknown es:A"),
    ("Bilingue français-anglais, bonnes notions d'arabe", "fr:C en:C ar:A"),
    ("Anglais : très bon niveau (TOEIC 950), allemand : moyen, lingala : maternelle", "en:C de:B ln:native"),
    ("Suisse allemand : langue maternelle. Allemand : C2. Italien : A2", "gsw:native de:C it:A"),
    ("Diola (maternelle), dioula (bonne connaissance), bambara (intermédiaire)", "dyo:native dyu:B bm:B"),
    ("Anglais : lu : très bien ; parlé : moyennement bien ; écrit : bien", "en:B"),
    ("Je parle couramment le français et l'anglais, et j'ai des notions de swahili", "fr:C en:C sw:A"),
    # Spanish
    ("Español (nativo), inglés avanzado, francés nivel medio, kichwa básico", "es:native en:C fr:B qu:A"),
    ("Castellano: lengua materna. Inglés: 80% hablado", "es:native en:unknown"),
    ("Quechua y español, ambas lenguas maternas; inglés intermedio alto", "qu:native es:native en:B"),
    ("Guaraní y castellano: bilingüe. Portugués: conversacional", "gn:C es:C pt:B"),
    ("Hablo inglés con fluidez y tengo nociones de francés", "en:C fr:A"),
    ("Inglés: Habla: bien. Lee: muy bien. Escribe: bien", "en:B"),
    # Russian
    ("Русский – родной, английский – свободно, французский – со словарём", "ru:native en:C fr:A"),
    ("Родной язык – киргизский, русский – свободно, английский – Upper-Intermediate", "ky:native ru:C en:B"),
    ("Владею русским и казахским языками свободно, английским на среднем уровне", "ru:C kk:C en:B"),
    ("англ. – своб., нем. – средн., рус. – родн.", "en:C de:B ru:native"),
    ("Английский (В2), немецкий (А1)", "en:B de:A"),
    ("По-английски читаю со словарём, по-русски говорю свободно", "en:A ru:C"),
    ("Украинский и русский — родные; польский — разговорный", "uk:native ru:native pl:B"),
    ("Таджикский (родной), узбекский (хорошо), шугнанский (родной), дари (отлично)", "tg:native uz:B sgh:native fa:C"),
    ("Английский – сдаю IELTS в мае, школьный уровень", "en:A"),
    ("английский (Upper Intermediate), таджикский – на уровне понимания", "en:B tg:A"),
    # Arabic
    ("العربيّة: اللّغة الأمّ، الفرنسيّة: ممتاز، الإنقليزيّة: متوسّط", "ar:native fr:C en:B"),
    ("أتحدث العربية والفرنسية والأمازيغية بطلاقة، وأفهم الإسبانية قليلا", "ar:C fr:C zgh:C es:A"),
    ("العربية: اللغة الأم، الإنجليزية: بطلاقة، الفرنسية: مبتدئ", "ar:native en:C fr:A"),
    ("أجيد العربية (لغة أم) والإنجليزية بطلاقة، ومبادئ الفرنسية", "ar:native en:C fr:A"),
    ("اللغة الإنكليزية: جيد جداً (قراءة وكتابة ومحادثة)، اللغة الكردية: لغة أم", "en:B ku:native"),
    ("القبائلية والعربية (لغتاي الأم)، الفرنسية، الإنجليزية", "kab:native ar:native fr:unknown en:unknown"),
    ("الأمازيغية: اللغة الأم. الدارجة: اللغة الأم. الفرنسية ممتازة. الإسبانية متوسطة", "zgh:native ar:native fr:C es:B"),
    ("الإنجليزية: ممتاز (IELTS 6.5)", "en:B"),
    ("العربية (اللغة الأم) والإنجليزية (متقدم) والألمانية (أساسي)", "ar:native en:C de:A"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), ONE_LINE, ids=[line for line, _ in ONE_LINE])
def test_a_line_on_languages_is_read_as_people_mean_it(rules: LanguageRules, line: str, expected: str) -> None:
    assert found(rules, line) == expected


SEVERAL_LINES: list[tuple[Sequence[Line], str]] = [
    (["Spanish", "Native", "English", "Advanced", "French", "Beginner"], "es:native en:C fr:A"),
    (["Native:", "Spanish, Catalan", "Fluent:", "English", "Basic:", "German"], "es:native ca:native en:C de:A"),
    (["A (mother tongue)", "Armenian", "B (active, full professional proficiency)", "English, Russian", "C (passive; good)", "French"], "hy:native en:C ru:C fr:B"),
    (["Mother tongue(s)", "Estonian", "Other language(s)", "English", "C1", "C1", "C1", "B2", "B2", "Levels: A1/A2: Basic user - B1/B2: Independent user - C1/C2: Proficient user", "Finnish", "A1", "A2", "A1", "A1", "A1"], "et:native en:C fi:A"),
    (["English: good", "Driving licence: C1", "French: fluent", "Computer skills: excellent"], "en:B fr:C"),
    (["English: IELTS 6.5", "Russian: native", "Kazakh", "Hobbies: advanced chess"], "en:B ru:native kk:unknown"),
    (["арабский (литературный и ливанский) и", "английский - свободно, французский - читаю со словарем."], "ar:C en:C fr:A"),
    (["العربية: اللغة الأم", "ــــــــ", "الإنجليزية: جيد"], "ar:native en:B"),
    (["Українська", "Native language: Ukrainian", "Foreign languages: English (B2), Polish (A2)"], "uk:native en:B pl:A"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), SEVERAL_LINES)
def test_levels_and_languages_in_lines_of_their_own_find_each_other(
    rules: LanguageRules, lines: Sequence[Line], expected: str
) -> None:
    assert found(rules, *lines) == expected


GRIDS: dict[str, tuple[Sequence[Line], str]] = {
    "languages down, skills across": (
        [("", "Read", "Write", "Speak"), ("English", "C1", "B2", "C1"), ("French", "A2", "A1", "B1")],
        "en:C fr:A",
    ),
    "skills down, languages across": (
        [("", "English", "French"), ("Reading", "C1", "B1"), ("Speaking", "C1", "A2"), ("Writing", "B2", "A2")],
        "en:C fr:A",
    ),
    "levels across, with crosses": (
        [("Language", "Excellent", "Good", "Basic"), ("English", "X", "", ""), ("Thai", "", "", "x")],
        "en:C th:A",
    ),
    "P11, easily and not easily": (
        [
            ("", "Read", "", "Write", "", "Speak", ""),
            ("", "Easily", "Not easily", "Easily", "Not easily", "Easily", "Not easily"),
            ("English", "X", "", "X", "", "X", ""),
            ("Arabic", "", "X", "", "X", "X", ""),
        ],
        "en:C ar:A",
    ),
    "P11 in French": (
        [
            ("Langue", "Lire", "", "Écrire", ""),
            ("", "Facilement", "Pas facilement", "Facilement", "Pas facilement"),
            ("français", "✓", "", "✓", ""),
            ("anglais", "", "✓", "", "✓"),
        ],
        "fr:C en:A",
    ),
    "a tie takes the lower": (
        [("", "Read", "Write", "Speak", "Understand"), ("Arabic", "Basic", "Basic", "Intermediate", "Intermediate")],
        "ar:A",
    ),
    "European form, 1 is best": (
        [
            "Language skills: (1 - excellent; 5 - basic)",
            ("Language", "Reading", "Speaking", "Writing"),
            ("Estonian", "Mother tongue", "", ""),
            ("English", "1", "1", "2"),
            ("Russian", "3", "3", "4"),
        ],
        "et:native en:C ru:B",
    ),
    "European form, 5 is best": (
        [
            "Compétence linguistique (5 = excellent, 1 = rudimentaire)",
            ("Langue", "Lu", "Parlé", "Écrit"),
            ("Français", "5", "5", "5"),
            ("Espagnol", "2", "2", "1"),
        ],
        "fr:C es:A",
    ),
    "ILR": (
        [("ILR", "Speaking", "Reading"), ("Arabic", "5 – native speaker", ""), ("English", "4", "3+"), ("Dari", "2+", "2"), ("French", "1", "0+")],
        "ar:native en:C fa:B fr:A",
    ),
    "Europass in Russian": (
        [
            ("Родной язык", "казахский"),
            ("Другие языки", "Аудирование", "Чтение", "Письмо"),
            ("русский", "C2", "C2", "C1"),
            ("английский", "B2", "C1", "B2"),
        ],
        "kk:native ru:C en:B",
    ),
    "Arabic grid": (
        [("اللغة", "القراءة", "الكتابة", "المحادثة"), ("الإنجليزية", "ممتاز", "جيد جدا", "ممتاز"), ("الفرنسية", "ضعيف", "ضعيف", "جيد")],
        "en:C fr:A",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GRIDS)
def test_a_grid_gives_the_most_common_level(rules: LanguageRules, name: str) -> None:
    rows, expected = GRIDS[name]
    assert found(rules, *rows) == expected


NO_CLAIMS = [
    (
        SectionKind.PUBLICATIONS,
        "Migration et droit (in French, English summary), 2014. Translated into fluent Spanish.",
    ),
    (SectionKind.TRAINING_GIVEN, "Trained 40 officers in English and French, all at B2 level"),
    (SectionKind.EXPERIENCE, "Head of the French Institute; interviewed Somali and Afar families"),
    (SectionKind.EXPERIENCE, "Worked with excellent Arabic interpreters"),
    (SectionKind.REFERENCES, "Prof. Meier, fluent in English"),
    (SectionKind.PERSONAL, "Nationality: French. Driving licence: B, C1"),
    (SectionKind.INTERESTS, "Learning Spanish, Russian novels"),
    (SectionKind.EDUCATION, "BA in English Literature, University of Ghana, 2001"),
    (SectionKind.OBJECTIVE, "I would like to perfect my excellent Spanish"),
]


@pytest.mark.parametrize(("kind", "line"), NO_CLAIMS, ids=[line for _, line in NO_CLAIMS])
def test_a_language_that_nobody_claims_does_not_count(rules: LanguageRules, kind: SectionKind, line: str) -> None:
    assert found(rules, line, kind=kind) == ""


ELSEWHERE = [
    (SectionKind.PERSONAL, "Languages: English (fluent), French (good)", "en:C fr:B"),
    (SectionKind.PERSONAL, "Langue maternelle : wolof", "wo:native"),
    (SectionKind.SKILLS, "Idiomas: español nativo, inglés B2. Excel avanzado.", "es:native en:B"),
    (SectionKind.SUMMARY, "Lawyer with ten years of work on return. Fluent in English, French and Spanish.", "en:C fr:C es:C"),
    (SectionKind.SUMMARY, "Владею английским языком свободно.", "en:C"),
    (SectionKind.OTHER, "Языки. Кыргызский – родной. Узбекский и русский – свободно. Английский – средний.", "ky:native uz:C ru:C en:B"),
    (SectionKind.OTHER, "What is your mother tongue? Amharic", "am:native"),
    (SectionKind.PERSONAL, "اللغات: العربية (الأم)، الإنجليزية (بطلاقة)", "ar:native en:C"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "line", "expected"), ELSEWHERE, ids=[line for _, line, _ in ELSEWHERE])
def test_a_claim_outside_the_section_on_languages_is_found(
    rules: LanguageRules, kind: SectionKind, line: str, expected: str
) -> None:
    assert found(rules, line, kind=kind) == expected


def test_every_skill_shows_its_place_and_words(rules: LanguageRules) -> None:
    structure = cv(
        (SectionKind.PERSONAL, "", ["Jane Doe"]), (SectionKind.LANGUAGES, "Languages", ["French: very good (DELF B2)"])
    )
    (skill,) = language_skills([structure], rules=rules)
    (evidence,) = skill.evidence
    assert structure.text[evidence.start : evidence.end] == "French"
    assert evidence.section is SectionKind.LANGUAGES
    assert evidence.sentence == "French: very good (DELF B2)"
    assert skill.claimed == "very good, DELF B2"


def test_two_cvs_of_a_person_add_up(rules: LanguageRules) -> None:
    one = cv((SectionKind.LANGUAGES, "Languages", ["English: fluent"]), part_path="2")
    two = cv((SectionKind.LANGUAGES, "Langues", ["anglais : courant", "lingala : langue maternelle"]), part_path="3")
    skills = language_skills([one, two], rules=rules)
    assert [(skill.code, skill.level.value) for skill in skills] == [("en", "C"), ("ln", "native")]
    assert [evidence.part_path for evidence in skills[0].evidence] == ["2", "3"]


def test_the_same_text_gives_the_same_skills(rules: LanguageRules) -> None:
    structures = [cv((SectionKind.LANGUAGES, "Languages", ["English: fluent, French: good", "Swahili"]))]
    assert language_skills(structures, rules=rules) == language_skills(structures, rules=rules)
