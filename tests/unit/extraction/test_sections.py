"""CVs cut into sections and posts: forms, prose, columns, decorated text, in five languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.profile import Block, BlockKind, DocumentKind, DocumentText, ReadDocument, SectionKind
from extraction.readers.limits import ReadLimits
from extraction.readers.plain import read_text
from extraction.sections import StructureWords, structure
from extraction.structure import Structure

NOW = datetime(2018, 5, 14, tzinfo=UTC)
P, S, E, ED, L, R = (
    SectionKind.PERSONAL,
    SectionKind.SUMMARY,
    SectionKind.EXPERIENCE,
    SectionKind.EDUCATION,
    SectionKind.LANGUAGES,
    SectionKind.REFERENCES,
)


def see(words: StructureWords, *blocks: Block | str, part_path: str = "2") -> Structure:
    text = DocumentText(
        blocks=tuple(one if isinstance(one, Block) else Block(text=one) for one in blocks), reader="test/1"
    )
    document = ReadDocument(part_path=part_path, file_name=None, digest="", text=text)
    return structure(document, language="en", words=words, now=NOW)


def see_text(words: StructureWords, text: str, part_path: str = "2") -> Structure:
    document = ReadDocument(part_path=part_path, file_name=None, digest="", text=read_text(text, ReadLimits()))
    return structure(document, language="en", words=words, now=NOW)


def kinds(seen: Structure) -> list[SectionKind]:
    """Kinds in order, each once in a row."""
    found = [section.kind for section in seen.sections]
    return [kind for place, kind in enumerate(found) if not place or found[place - 1] is not kind]


def row(*cells: str, table: int = 0) -> Block:
    return Block(text=" | ".join(cells), kind=BlockKind.ROW, cells=cells, table=table)


def heading(text: str) -> Block:
    return Block(text=text, kind=BlockKind.HEADING)


def item(text: str) -> Block:
    return Block(text=text, kind=BlockKind.LIST_ITEM)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("LANGUAGES", SectionKind.LANGUAGES),
        ("Idiomas:", SectionKind.LANGUAGES),
        ("4. Langues", SectionKind.LANGUAGES),
        ("سادساً: اللغات والحاسب", SectionKind.LANGUAGES),
        ("ЯЗЫКИ", SectionKind.LANGUAGES),
        ("Relevant professional experience", SectionKind.EXPERIENCE),
        ("EXPERIENCIA LABORAL", SectionKind.EXPERIENCE),
        ("EXPERIENCE PROFESSIONNELLE", SectionKind.EXPERIENCE),
        ("المسار المهني", SectionKind.EXPERIENCE),
        ("III. Трудовая деятельность", SectionKind.EXPERIENCE),
        ("=== Work ===", SectionKind.EXPERIENCE),
        ("What I do now", SectionKind.EXPERIENCE),
        ("Formation", SectionKind.EDUCATION),
        ("التحصيل العلمي", SectionKind.EDUCATION),
        ("Training received", SectionKind.TRAINING_ATTENDED),
        ("Formations suivies", SectionKind.TRAINING_ATTENDED),
        ("CURSOS RECIBIDOS", SectionKind.TRAINING_ATTENDED),
        ("دورات حضرتها", SectionKind.TRAINING_ATTENDED),
        ("Курсы повышения квалификации", SectionKind.TRAINING_ATTENDED),
        ("Training delivered", SectionKind.TRAINING_GIVEN),
        ("Formations dispensées", SectionKind.TRAINING_GIVEN),
        ("FORMACIÓN IMPARTIDA", SectionKind.TRAINING_GIVEN),
        ("دورات قدمتها", SectionKind.TRAINING_GIVEN),
        ("Проведённые тренинги", SectionKind.TRAINING_GIVEN),
        ("Selected publications", SectionKind.PUBLICATIONS),
        ("Referees", SectionKind.REFERENCES),
        ("Кто может рекомендовать", SectionKind.REFERENCES),
        ("للتزكية", SectionKind.REFERENCES),
        ("Centres d'intérêt", SectionKind.INTERESTS),
        ("Souhaits", SectionKind.OBJECTIVE),
        ("Resumen", SectionKind.SUMMARY),
        ("Things I cannot do", SectionKind.OTHER),
    ],
)
def test_a_heading_names_what_stands_below_it(words: StructureWords, line: str, kind: SectionKind) -> None:
    assert see(words, "Jane Roe", line, "content").sections[-1].kind is kind


@pytest.mark.parametrize("line", ["Training Officer", "Education Officer, UNICEF", "Language School, Tunis"])
def test_a_post_or_an_institution_is_no_heading(words: StructureWords, line: str) -> None:
    seen = see(words, "Jane Roe", heading("Experience"), "2010 – 2014", heading(line), "content")
    assert seen.sections[-1].kind is E


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Languages: English, French", SectionKind.LANGUAGES),
        ("Языки. Кыргызский – родной. Русский – свободно.", SectionKind.LANGUAGES),
        ("17. KNOWLEDGE OF LANGUAGES. What is your mother tongue? Amharic", SectionKind.LANGUAGES),
        ("Training received: combating trafficking (2 days)", SectionKind.TRAINING_ATTENDED),
        ("Référence : P. Niño, curé, parroquia@example.org", SectionKind.REFERENCES),
        ("المرجع: السيدة سنية الماجري", SectionKind.REFERENCES),
    ],
)
def test_a_heading_may_stand_before_its_content(words: StructureWords, line: str, kind: SectionKind) -> None:
    section = see(words, "Jane Roe", line).sections[-1]
    assert section.kind is kind
    assert section.blocks[0].block.text == line


def test_a_row_of_a_table_may_begin_a_section(words: StructureWords) -> None:
    seen = see(
        words,
        row("Work experience", ""),
        row("Dates", "01/09/2014 →"),
        row("Mother tongue(s)", "Estonian"),
        row("English", "C1"),
    )
    assert kinds(seen) == [E, L]


def test_after_a_heading_of_one_line_personal_data_go_on(words: StructureWords) -> None:
    seen = see(words, "Jane Roe", "Languages: English", "Nationality: Ghanaian", "Tel: 020 555 0199")
    assert kinds(seen) == [P, L, P]


def test_labels_inside_a_post_do_not_leave_it(words: StructureWords) -> None:
    seen = see(
        words, "Jane Roe", "EXPERIENCE", "2010 – 2014 Officer, IOM", "Summary: led a team", item("Training: 300 men")
    )
    assert kinds(seen) == [P, E]


def test_a_referees_contact_stays_with_the_references(words: StructureWords) -> None:
    seen = see(words, "Jane Roe", "References", "Dr A. Doe", "Contact: a.doe@example.org", "ADDIS ABABA")
    assert kinds(seen) == [P, R]


def test_unknown_headings_with_addresses_below_are_about_other_people(words: StructureWords) -> None:
    lines = (heading("Work"), "2010 – 2014", heading("Skills"), "IT", heading("They saw me"), "A. Doe, a@example.org")
    seen = see(words, "Jane Roe", *lines)
    assert seen.sections[-1].kind is R


def test_columns_are_read_each_for_itself(words: StructureWords) -> None:
    sidebar = [Block(text=text, column=0) for text in ("REFEREE", "Amb. Ocampo", "l.ocampo@example.org")]
    main = [Block(text=text, column=1) for text in ("Rosalinda Magbanua", "Posts", "Consul, Beirut", "2004 – 2009")]
    assert kinds(see(words, *sidebar, *main)) == [R, P, E]


def test_a_column_goes_on_over_the_page(words: StructureWords) -> None:
    blocks = [
        Block(text="LANGUAGES", column=0, page=1),
        Block(text="English fluent", column=0, page=1),
        Block(text="Work", column=1, page=1),
        Block(text="2010 – 2014 Consul", column=1, page=1),
        Block(text="Arabic good", column=0, page=2),
        Block(text="2004 – 2009 Vice consul", column=1, page=2),
    ]
    assert kinds(see(words, *blocks)) == [L, E, L, E]


def test_training_without_a_word_on_who_gave_it_is_told_by_its_content(words: StructureWords) -> None:
    given = see(words, "Jane Roe", "Training", "Trained 220 border guards; facilitated nine workshops")
    attended = see(words, "Jane Roe", "Training", "Participated in a course on trafficking (certificate)")
    assert given.sections[-1].kind is SectionKind.TRAINING_GIVEN
    assert attended.sections[-1].kind is SectionKind.TRAINING_ATTENDED


def test_sections_hold_every_block_but_the_headings(words: StructureWords) -> None:
    seen = see(words, "Jane Roe", "WORK", "2010 – 2014 Consul", item("evacuation"), "LANGUAGES", "English")
    held = [placed for section in seen.sections for placed in section.blocks]
    assert [seen.text[placed.start : placed.end] for placed in held] == [
        "Jane Roe",
        "2010 – 2014 Consul",
        "evacuation",
        "English",
    ]


PROSE = """Maria Lim
Unit 4, Mabini Street, Manila. mt.lim@example.ph

Since 2008 I have been director of a shelter for returned domestic workers in Quezon City.

From 2001 to 2008 I was welfare officer at the embassy in Kuwait.

My mother tongue is Tagalog, I am fluent in English, and my Arabic is basic.

I would like to work on border management one day.

References: Atty. Jose Cruz, jcruz@example.ph
"""


def test_a_cv_in_prose_is_told_by_its_first_words(words: StructureWords) -> None:
    seen = see_text(words, PROSE)
    assert kinds(seen) == [P, E, L, SectionKind.OBJECTIVE, R]
    assert [post.period.begins.year for post in seen.posts] == [2008, 2001]
    assert seen.kind is DocumentKind.CV


FORMS = {
    "French": """NATIONS UNIES
NOTICE PERSONNELLE
1. Nom de famille : OUEDRAOGO
22. CONNAISSANCES LINGUISTIQUES. Indiquez votre langue maternelle
Moore : langue maternelle
26. ÉTUDES. Donnez des détails complets
Université de Ouagadougou, 1994 - 1998, Maîtrise en droit
27. EMPLOIS EXERCÉS : En commençant par votre poste actuel, indiquez tous vos emplois.
DE : mars 2012  À : ce jour
TITRE : Chargé de protection
DE : 01/2004  À : 02/2012
Assistant juridique
29. RÉFÉRENCES : Donnez le nom de trois personnes
Aminata Traoré, a.traore@example.bf
""",
    "Spanish": """NACIONES UNIDAS
ANTECEDENTES PERSONALES
1. Apellidos: MAMANI QUISPE
17. CONOCIMIENTO DE IDIOMAS. ¿Cuál es su lengua materna? Aymara
20. EDUCACIÓN
Universidad Mayor de San Andrés, 1995 - 2000, Licenciatura en Trabajo Social
21. EMPLEOS ANTERIORES: A partir de su empleo actual, enumere en orden inverso
DESDE: 06/2010
HASTA: la fecha
TÍTULO: Coordinadora de refugios
DESDE: 01/2003
HASTA: 05/2010
Trabajadora social
22. REFERENCIAS: Enumere tres personas
Juan Pérez, jperez@example.bo
""",
    "Russian": """ОРГАНИЗАЦИЯ ОБЪЕДИНЕННЫХ НАЦИЙ
ЛИЧНАЯ АНКЕТА
1. Фамилия: Ковальчук
17. ЗНАНИЕ ЯЗЫКОВ. Какой ваш родной язык? украинский
18. ОБРАЗОВАНИЕ
Киевский национальный университет, 1998 - 2003, магистр права
19. ПОСЛУЖНОЙ СПИСОК. Начиная с нынешней должности, перечислите все места работы
С: 05.2014   ПО: настоящее время
Юрист по вопросам защиты
С: 09.2003   ПО: 04.2014
Юрисконсульт, банк
20. РЕКОМЕНДАЦИИ. Укажите трёх лиц
Петренко О. В., petrenko@example.ua
""",
    "Arabic": """الأمم المتحدة
بيان السيرة الشخصية
1. اسم العائلة: الحسيني
17. معرفة اللغات. ما هي لغتك الأم؟ العربية
18. التعليم
جامعة بغداد، 1996 - 2000، بكالوريوس علوم سياسية
19. سجل العمل. ابتداء من وظيفتك الحالية
من: 03/2009   إلى: الآن
مسؤولة حماية، أربيل
من: 01/2001   إلى: 02/2009
موظفة، وزارة الهجرة
20. المراجع
د. سعد كريم، skareem@example.iq
""",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS.keys())
def test_the_united_nations_form_is_read_in_its_languages(words: StructureWords, text: str) -> None:
    seen = see_text(words, text)
    assert kinds(seen) == [P, L, ED, E, R]
    assert len(seen.posts) == 2
    assert seen.posts[0].period.ongoing
    assert seen.kind is DocumentKind.CV


def test_a_post_reaches_to_the_title_of_the_next(words: StructureWords) -> None:
    seen = see(
        words,
        "EXPERIENCE",
        "Consul General, Tripoli",
        "November 2012 – July 2016",
        item("Organised the evacuation in 2014"),
        "Consul, Beirut",
        "March 2004 – January 2009",
        item("Kept the hotline"),
    )
    assert [seen.text[post.start : post.end].split("\n")[0] for post in seen.posts] == [
        "Consul General, Tripoli",
        "Consul, Beirut",
    ]
    assert "evacuation" in seen.text[seen.posts[0].start : seen.posts[0].end]
