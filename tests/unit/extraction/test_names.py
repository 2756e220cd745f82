# ruff: noqa: E501 - a line of a CV is as long as it is
"""The name of a person as the CV writes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.mail import ParsedMessage
from domain.profile import SectionKind
from extraction.person import Identity, PersonRules, identify, load_person_rules
from tests.unit.extraction.cvs import Line, cv, mail

RULES = Path(__file__).parents[3] / "config" / "rules"
OTHER, EXPERIENCE, REFERENCES = SectionKind.OTHER, SectionKind.EXPERIENCE, SectionKind.REFERENCES


@pytest.fixture(scope="session")
def rules() -> PersonRules:
    return load_person_rules(RULES)


def name_in(rules: PersonRules, *lines: Line, sender: str = "", written: str = "", files: Sequence[str] = ()) -> str:
    structure = cv((OTHER, "", lines), (EXPERIENCE, "Experience", ["2010 – 2015 Officer, Red Cross, Amman"]))
    return identify([structure], mail(written, sender=sender), rules=rules, file_names=files).name


AT_THE_HEAD = [
    (["Jane Mary Doe", "Lawyer", "12 High Street, London"], "Jane Mary Doe"),
    (["CURRICULUM VITAE", "JANE DOE, PhD"], "JANE DOE"),
    (["Curriculum Vitae of Dr. Jane van der Berg"], "Jane van der Berg"),
    (["Jane Doe – Curriculum Vitae, September 2017"], "Jane Doe"),
    (["RESUME", "Col. (Retd.) John K. Mensah, MBA"], "John K. Mensah"),
    (["J A N E  D O E", "Consultant"], "JANE DOE"),
    (["HOJA DE VIDA", "Lic. María José Pérez de la Cruz"], "María José Pérez de la Cruz"),
    (["Mme Aïssatou DIOP épouse Fall", "Née le 3 mars 1980"], "Aïssatou DIOP épouse Fall"),
    (["Pr Honorine Ngo Bikoy"], "Honorine Ngo Bikoy"),
    (["РЕЗЮМЕ", "Иванова Анна Петровна", "юрист"], "Иванова Анна Петровна"),
    (["Полковник в отставке", "Ким Сергей Львович"], "Ким Сергей Львович"),
    (["بسم الله الرحمن الرحيم", "السيرة الذاتية", "د. محمد أحمد علي"], "محمد أحمد علي"),
    (["م. رائد سليمان الخصاونة", "عمان، الأردن"], "رائد سليمان الخصاونة"),
    (["DOE", "Jane Mary"], "DOE Jane Mary"),
    (["Prof. Dr. phil. habil. Hans-Peter von Bülow"], "Hans-Peter von Bülow"),
    (["Justice Moyo", "Lawyer"], "Justice Moyo"),
    (["Nom et Prénoms KOUASSI Aya Marie"], "KOUASSI Aya Marie"),
    (["ОО «Мекен»", "Асанова Гульнара", "психолог"], "Асанова Гульнара"),
    (["السيرة الذاتية للدكتور محمد الأمين ولد سيدي"], "محمد الأمين ولد سيدي"),
    (["Anna Maria Schmidt-Müller | Migration consultant | Vienna, Austria"], "Anna Maria Schmidt-Müller"),
    (["Name: Ana Ruiz Nationality: Peruvian Sex: F"], "Ana Ruiz"),
    (["Colonel-major (e.r.) RAKOTO Jean Aimé", "Protection civile"], "RAKOTO Jean Aimé"),
    (["Lt Col (Retd) Shafiqul Islam, psc"], "Shafiqul Islam"),
    (["Oumar Samba Ba", "Juriste"], "Oumar Samba Ba"),
    (["Bienvenu Tshibangu wa Tshibangu"], "Bienvenu Tshibangu wa Tshibangu"),
    (["Мухаммад аль-Хасан", "юрист"], "Мухаммад аль-Хасан"),
    (["IXCHOP TZOC", "JOSÉ DE JESÚS", "Consultor"], "IXCHOP TZOC JOSÉ DE JESÚS"),
    (["Protección Civil", "Ing. José Guadalupe Hernández y Castellanos"], "José Guadalupe Hernández y Castellanos"),
    (["Ковальчук С. Н.", "Ковальчук Сергей Николаевич, юрист"], "Ковальчук Сергей Николаевич"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), AT_THE_HEAD, ids=[expected for _, expected in AT_THE_HEAD])
def test_the_name_at_the_head_is_found_without_titles(rules: PersonRules, lines: Sequence[Line], expected: str) -> None:
    assert name_in(rules, *lines, sender="Jane Doe" if "DOE" in lines[0] else "") == expected


LABELLED: list[tuple[Sequence[Line], str]] = [
    (["Full name: Ahmed Ould Mohamed", "Date of birth: 1970"], "Ahmed Ould Mohamed"),
    ([("Nom et prénom", "TRAORÉ Fatoumata"), ("Nationalité", "malienne")], "TRAORÉ Fatoumata"),
    (["Nom : Traoré", "Prénom : Fatoumata"], "Fatoumata Traoré"),
    (["Apellidos y nombres: Quispe Mamani, Rosa"], "Quispe Mamani, Rosa"),
    (["Apellidos: Quispe Mamani", "Nombres: Rosa Elena"], "Rosa Elena Quispe Mamani"),
    ([("Primer apellido", "Segundo apellido", "Nombre"), ("Ruiz", "Gil", "Ana")], "Ana Ruiz Gil"),
    (["1. Family name", "TEKLEMARIAM", "First name", "Selamawit", "Middle name", "Girma"], "Selamawit Girma TEKLEMARIAM"),
    ([("Surname(s) / First name(s)", "Põldmäe, Kristjan")], "Põldmäe, Kristjan"),
    (["ФИО: Ахметов Ерлан Кайратович"], "Ахметов Ерлан Кайратович"),
    (["Фамилия: Ахметов", "Имя: Ерлан", "Отчество: Кайратович"], "Ерлан Ахметов Кайратович"),
    ([("الاسم الكامل", "فاطمة الزهراء آيت بلعيد")], "فاطمة الزهراء آيت بلعيد"),
    (["الاسم: السيد/ خالد بن الوليد العتيبي", "الجنسية: سعودي"], "خالد بن الوليد العتيبي"),
    (["Father's name: Abdul Karim", "Name: Rahima Begum"], "Rahima Begum"),
    (["My name is Litiana Vakarewa and I live in Suva."], "Litiana Vakarewa"),
    (["Меня зовут Анна Ким, я живу в Алматы."], "Анна Ким"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), LABELLED, ids=[expected for _, expected in LABELLED])
def test_a_labelled_name_is_found(rules: PersonRules, lines: Sequence[Line], expected: str) -> None:
    assert sorted(name_in(rules, *lines).split()) == sorted(expected.split())


NOT_NAMES = [
    "Emploi recherché", "Senior Migration Expert", "United Nations", "Ministère des Affaires étrangères",
    "Bogotá, Colombia", "COMPETENCIAS PERSONALES", "Ministry of Interior", "Личные данные", "البيانات الشخصية",
    "خبير في شؤون الهجرة", "Dhaka", "Rue de la République", "Personal Information",
]  # fmt: skip


@pytest.mark.parametrize("line", NOT_NAMES)
def test_titles_posts_and_places_are_no_names(rules: PersonRules, line: str) -> None:
    assert name_in(rules, line, sender="Jane Doe") == "Jane Doe"


def test_a_name_deep_in_a_sidebar_layout_is_found_by_the_sender(rules: PersonRules) -> None:
    lines = [*(f"line {number} of a sidebar" for number in range(30)), "Rosalinda T. Magbanua", "Consul General"]
    assert name_in(rules, *lines, sender="Rosalinda Magbanua") == "Rosalinda T. Magbanua"


def test_a_name_over_two_lines_is_put_together(rules: PersonRules) -> None:
    assert (
        name_in(rules, "María del Pilar", "Restrepo Uribe", sender="Pilar Restrepo") == "María del Pilar Restrepo Uribe"
    )


def test_a_name_with_initials_above_the_whole_name_is_no_part_of_it(rules: PersonRules) -> None:
    found = name_in(rules, "Резюме — Демидов А. К.", "Демидов Артём Кириллович", sender="Артём Демидов")
    assert found == "Демидов Артём Кириллович"


def test_the_sender_in_another_script_confirms_a_name(rules: PersonRules) -> None:
    person = identify([cv((OTHER, "", ["Нурлан Сейткалиев"]))], mail(sender="Nurlan Seitkaliyev"), rules=rules)
    assert person.name_sure > 0.9
    assert person.name_latin == "Nurlan Seytkaliev"


def test_a_cv_that_names_nobody_takes_the_sender_and_says_so(rules: PersonRules) -> None:
    structure = cv((OTHER, "", ["Nurse with ten years of work in camps."]), (REFERENCES, "Referee", ["Dr. Omar Said"]))
    person = identify([structure], mail(sender="Doe, Jane"), rules=rules)
    assert person.name == "Jane Doe"
    assert person.doubts


def test_a_named_cv_leaves_no_doubt(rules: PersonRules) -> None:
    assert identify([cv((OTHER, "", ["Jane Doe"]))], mail(sender="Office Copier"), rules=rules).doubts == ()


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (["1 okello, as of birth", "2 mary, as in the passport"], True),
        (["1 okello, as of birth"], False),
        (["write to mary okello@example.com", "Kampala"], False),
        (["mary.okello@example.com"], False),
    ],
)
def test_a_cv_that_holds_the_sender_s_name_in_a_form_that_nobody_knows_names_somebody(
    rules: PersonRules, lines: list[Line], named: bool
) -> None:
    person = identify([cv((OTHER, "", lines))], mail(sender="Mary Okello"), rules=rules)
    assert person.name == "Mary Okello"
    assert (person.doubts == ()) is named


def test_nobody_is_invented(rules: PersonRules) -> None:
    person = identify([cv((OTHER, "", ["Nurse with ten years of work in camps."]))], mail(), rules=rules)
    assert person.name == ""
    assert person.doubts


def nameless(rules: PersonRules, message: ParsedMessage, *, pictured: bool, files: Sequence[str] = ()) -> Identity:
    structure = cv((OTHER, "", ["2008 – 2018", "ana.ruiz@example.org", "+41 79 555 01 46"]))
    return identify([structure], message, rules=rules, file_names=files, pictured=pictured)


def test_a_cv_that_names_nobody_goes_to_a_person(rules: PersonRules) -> None:
    message = mail("Ana Ruiz", sender="Ana Ruiz", address="ana.ruiz@example.org")
    found = nameless(rules, message, pictured=False, files=["CV Ana Ruiz.pdf"])
    assert (found.name, bool(found.doubts)) == ("Ana Ruiz", True)


@pytest.mark.parametrize(
    ("sender", "address", "files", "doubted"),
    [
        ("Ana Ruiz", "ana.ruiz@example.org", [], False),  # her address stands in the picture
        ("Ana Ruiz", "reception@example.net", ["scan_0001.jpg"], True),
        ("Ana Ruiz", "a.ruiz@example.net", ["CV Ana Ruiz.jpg"], False),
        ("Omar Said", "omar@example.net", ["CV Ana Ruiz.jpg"], True),
    ],
)
def test_a_name_that_cannot_be_read_in_a_picture_is_sure_where_the_mail_confirms_it(
    rules: PersonRules, sender: str, address: str, files: list[str], doubted: bool
) -> None:
    found = nameless(rules, mail(sender=sender, address=address), pictured=True, files=files)
    assert bool(found.doubts) == doubted


@pytest.mark.parametrize("written", ["Ana Ruiz", "Regards,\nAna María Ruiz"])
def test_of_several_spellings_in_a_message_the_fullest_is_taken(rules: PersonRules, written: str) -> None:
    message = mail(written, sender="A. Ruiz", address="ana@example.org")
    assert nameless(rules, message, pictured=False).name == written.rsplit("\n", maxsplit=1)[-1]


def test_an_address_that_is_the_same_is_the_senders(rules: PersonRules) -> None:
    structure = cv((OTHER, "", ["Иванова Анна Петровна", "тел. +7 916 555-01-38, почта эта же"]), part_path="body")
    found = identify([structure], mail(sender="Anna Ivanova", address="a.ivanova@example.ru"), rules=rules)
    assert found.emails == ("a.ivanova@example.ru",)


@pytest.mark.parametrize("sender", ["", "Omar Jumagaliev", "Jumagaliev", "Olga Smirnova"])
def test_a_signature_below_a_cv_is_the_whole_name_whoever_sends_it(rules: PersonRules, sender: str) -> None:
    lines = ("Мужчина, 49 лет, г. Актобе", "serik.akt@example.kz")
    foot = (OTHER, "", ["С уважением,", "Жумагалиев Серик Турарович"])
    structure = cv((OTHER, "", lines), (EXPERIENCE, "Опыт работы", ["2012 – 2018 Спасатель"]), foot)
    assert identify([structure], mail(sender=sender), rules=rules).name == "Жумагалиев Серик Турарович"
