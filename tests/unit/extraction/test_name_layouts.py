"""A name is found however the head of a CV is laid out, in every language, and with no help from the message."""

from __future__ import annotations

import pytest

from extraction.understand import Understander
from tests.corpus.heads import SENT, document, message
from tests.corpus.score import name_tokens

NAMES = {
    "en": [("John Paul", "Okello"), ("Sunil", "de Silva"), ("Will", "Page"), ("Jordan", "Rivers"), ("Hope", "Banda")],
    "fr": [("Awa", "Cissé"), ("Hervé", "N'Diaye"), ("Marie-Thérèse", "Nguema Obiang"), ("Pascal", "Blanc")],
    "es": [("Íñigo", "Aguirre y Zabala"), ("Guadalupe", "Reyes"), ("Pedro Pablo", "de la Torre Iglesias")],
    "ru": [("Анна", "Ковальчук"), ("Айгерим Нурлановна", "Тлеубаева"), ("Любовь Андреевна", "Мороз")],
    "ar": [("فاطمة الزهراء", "بوعزة"), ("عبد الله", "بن سالم"), ("ليلى", "المصري"), ("أبو بكر", "الصديق حسن")],
}  # fmt: skip
# Title of the document, the same before a name, labels of the name, its given and its family part, a title of a person,
# a post, a heading.
WORDS = {
    "en": ("CURRICULUM VITAE", "CV of", "Name", "First name", "Surname", "Dr.", "Border Advisor", "Experience"),
    "fr": ("CURRICULUM VITAE", "CV de", "Nom et prénom", "Prénom", "Nom", "Mme", "Juriste et formatrice", "Expérience"),
    "es": (
        "HOJA DE VIDA",
        "CV de",
        "Nombre y apellidos",
        "Nombres",
        "Apellidos",
        "Lic.",
        "Asesora legal",
        "Experiencia",
    ),
    "ru": ("РЕЗЮМЕ", "Резюме:", "ФИО", "Имя, отчество", "Фамилия", "к.ю.н.", "Советник по границам", "Опыт работы"),
    "ar": (
        "السيرة الذاتية",
        "السيرة الذاتية لـ",
        "الاسم",
        "الاسم الأول",
        "اسم العائلة",
        "د.",
        "مستشار في الهجرة",
        "الخبرات",
    ),
}
LAYOUTS = {
    "alone": "# {given} {family}\n{post}",
    "below the title": "{title}\n{given} {family}",
    "capitals": "{title}\n{FAMILY} {given}\n{post}",
    "behind a title of the person": "# {doctor} {given} {family}\n{post}",
    "below the post": "{post}\n# {given} {family}",
    "beside the post": "{given} {family} – {post}",
    "before the post": "# {given} {family}, {post}",
    "in the title": "{of} {given} {family}",
    "behind a label": "# {title}\n{name}: {given} {family}",
    "the other way round": "# {title}\n{name}: {family}, {given}",
    "in two fields": "# {title}\n{surname}: {FAMILY}\n{first}: {given}",
    "in a table": "| {name} | {doctor} {given} {family} |",
    "in a table of two": "| {surname} | {family} |\n| {first} | {given} |",
    "in a grid": "| {surname} | {first} |\n| {family} | {given} |",
    "below a label": "# {title}\n{name}\n{given} {family}",
    "with the year of birth": "{title}\n{given} {family} (1970)",
    "below the call": "MICIC Initiative – Call for experts\n{title}\n{given} {family}",
    "before a city": "{given} {family} / Dakar\n{post}",
    "in the page header": "^ {given} {family} – {title}",
}


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_name_is_found_in_every_layout(understander: Understander, language: str, layout: str) -> None:
    title, of, name, first, surname, doctor, post, experience = WORDS[language]
    missed = []
    for given, family in NAMES[language]:
        head = LAYOUTS[layout].format(
            given=given, family=family, FAMILY=family.upper(), title=title, of=of, name=name, first=first,
            surname=surname, doctor=doctor, post=post,
        )  # fmt: skip
        text = f"{head}\ncontact.me@example.org\n# {experience}\n2010 – 2018 UNHCR\n2003 – 2010 IOM\n"
        case = {"id": "x", "text": text}
        people = understander.understand(message(case), [document(case)], now=SENT).people
        if [name_tokens(one.name) for one in people] != [name_tokens(f"{given} {family}")]:
            missed.append((f"{given} {family}", [one.name for one in people]))
    assert missed == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("# MARGARET\n# ACHIENG OTIENO", "MARGARET ACHIENG OTIENO"),
        ("# ТКАЧЕНКО\n# Олег Викторович", "ТКАЧЕНКО Олег Викторович"),
        ("# Comandante de la Guardia Civil D. Ignacio Urrutia Bengoechea", "Ignacio Urrutia Bengoechea"),
        ("# Полковник внутренней службы в отставке, к.ю.н. Дмитрий Волошин", "Дмитрий Волошин"),
        ("السيرة الذاتية للعميد المتقاعد / محمود شاكر", "محمود شاكر"),
    ],
)
def test_ranks_and_broken_lines_hide_no_name(understander: Understander, lines: str, expected: str) -> None:
    case = {"id": "x", "text": f"{lines}\nme@example.org\n# Experience\n2010 – 2018 UNHCR\n2003 – 2010 IOM"}
    assert [one.name for one in understander.understand(message(case), [document(case)], now=SENT).people] == [expected]
