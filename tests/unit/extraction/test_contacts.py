"""Addresses and numbers that are the person's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.profile import SectionKind
from extraction.person import Identity, PersonRules, identify, load_person_rules
from extraction.person.written import e164
from tests.unit.extraction.cvs import Line, cv, mail

RULES = Path(__file__).parents[3] / "config" / "rules"
OTHER, REFERENCES = SectionKind.OTHER, SectionKind.REFERENCES


@pytest.fixture(scope="session")
def rules() -> PersonRules:
    return load_person_rules(RULES)


def person(rules: PersonRules, *lines: Line, written: str = "", references: tuple[Line, ...] = ()) -> Identity:
    parts = [(OTHER, "", ("Jane Doe", *lines))]
    if references:
        parts.append((REFERENCES, "References", references))
    return identify([cv(*parts)], mail(written, sender="Jane Doe"), rules=rules)


NUMBERS = [
    ("+41 79 555 01 46", None, "+41795550146"),
    ("0041 79 555 01 46", None, "+41795550146"),
    ("079 555 01 46", "CH", "+41795550146"),
    ("8 (916) 555-01-37", "RU", "+79165550137"),
    ("8 701 555 01 29", "KZ", "+77015550129"),
    ("8-029-555-01-58", "BY", "+375295550158"),
    ("0555 55 01 73", "KG", "+996555550173"),
    ("(095) 555-01-64", "UA", "+380955550164"),
    ("098 555 0102", "EC", "+593985550102"),
    ("5555-0183", "GT", "+50255550183"),
    ("0079 5550143", "JO", None),
    ("+49 (0)421 5555 0190", None, "+4942155550190"),
    ("310 555 0117", "CO", "+573105550117"),
    ("01711-555016", "BD", "+8801711555016"),
    ("+225 07 55 51 25", None, "+22507555125"),
    ("97 55 51 25", "BJ", "+22997555125"),
    ("(57 1) 255 5143", "CO", "+5712555143"),
    ("(998 90) 955-51-71", "UZ", "+998909555171"),
    ("12345", "FR", None),
    ("77 555 01 83", None, None),
]


@pytest.mark.parametrize(("written", "country", "expected"), NUMBERS)
def test_a_number_becomes_e164_by_the_country_of_residence(
    written: str, country: str | None, expected: str | None
) -> None:
    assert e164(written, country) == expected


LINES = [
    ("Amman, Jordan | Mobile: ٠٧٩ ٥٥٥ ٠١٤٣", ["+962795550143"]),
    ("Amman, Jordan. هاتف: 0143 555 79 962+", ["+962795550143"]),
    ("Address: Port-au-Prince, Haiti. Tél. : 37 55 01 24 / 38 55 01 25", ["+50937550124", "+50938550125"]),
    ("Cairo, Egypt. موبايل: 01005550172    ت: 25550138 (02)", ["+201005550172", "+20225550138"]),
    ("Tel/Fax: +33 1 55 55 01 46", ["+33155550146"]),
    ("Tel: +33 1 55 55 01 46, Fax: +33 1 55 55 01 47", ["+33155550146"]),
    ("Phone +44 20 7946 0123 ext. 45", ["+442079460123"]),
    ("Born 12.03.1975 – 2010-2014 in Geneva, Switzerland", []),
    ("Passport No. 12345678, valid until 2020", []),
    ("Donostia, España. Tel. 943 55 01 62 655 50 16 28", ["+34943550162", "+34655501628"]),
]


@pytest.mark.parametrize(("line", "expected"), LINES, ids=[line for line, _ in LINES])
def test_the_numbers_of_a_line_are_told_apart(rules: PersonRules, line: str, expected: list[str]) -> None:
    assert list(person(rules, line).phones) == expected


def test_a_referees_contacts_are_not_the_persons(rules: PersonRules) -> None:
    found = person(
        rules,
        "jane.doe@example.org, +41 79 555 01 46",
        references=("Dr. Omar Said, o.said@example.org, +962 79 555 0144",),
    )
    assert found.emails == ("jane.doe@example.org",)
    assert found.phones == ("+41795550146",)


def test_the_body_adds_the_persons_own_contacts(rules: PersonRules) -> None:
    found = person(rules, "Lawyer", written="Please find my CV.\n\nJane Doe\nmobile +41 79 555 01 46\njane@example.net")
    assert found.emails == ("jane@example.net",)
    assert found.phones == ("+41795550146",)


@pytest.mark.parametrize(
    "sentence",
    [
        "My colleague Omar can be reached at omar@example.org or +962 79 555 0144.",
        "Vous pouvez joindre ma collègue au +221 77 555 01 99, colleague@example.sn.",
        "Pueden llamar a mi esposa: +57 310 555 0118, esposa@example.co",
        "Мой коллега: +7 916 555-01-38, kollega@example.ru",
        "هاتف زميلي +962 79 555 0144 zamil@example.jo",
    ],
)
def test_a_colleagues_contacts_in_the_body_do_not_count(rules: PersonRules, sentence: str) -> None:
    found = person(rules, "jane.doe@example.org", written=f"Dear all,\n\n{sentence}\n\nJane Doe")
    assert found.emails == ("jane.doe@example.org",)
    assert found.phones == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "My address jane.old@example.org is no longer in use.",
        "L'adresse jane.old@example.org n'est plus valable.",
        "La dirección jane.old@example.org ya no funciona.",
        "Адрес jane.old@example.org больше не действует.",
        "لم أعد أستخدم العنوان jane.old@example.org",
    ],
)
def test_an_address_that_is_given_up_does_not_count(rules: PersonRules, sentence: str) -> None:
    found = person(rules, "jane.doe@example.org", "jane.old@example.org", written=f"Hello,\n\n{sentence}\n\nJane Doe")
    assert found.emails == ("jane.doe@example.org",)


def test_a_helper_who_sends_the_mail_gives_no_contacts(rules: PersonRules) -> None:
    structure = cv((OTHER, "", ["Jane Doe", "jane.doe@example.org"]))
    message = mail("Please find her CV.\n\nOmar Said\n+962 79 555 0144\nomar@example.org", sender="Omar Said")
    found = identify([structure], message, rules=rules)
    assert found.emails == ("jane.doe@example.org",)
    assert found.phones == ()


def test_with_two_people_in_a_message_the_body_is_nobodys(rules: PersonRules) -> None:
    structure = cv((OTHER, "", ["Jane Doe", "jane.doe@example.org"]))
    message = mail("Jane Doe\n+41 79 555 01 46", sender="Jane Doe")
    assert identify([structure], message, rules=rules, alone=False).phones == ()


BESIDE_ANOTHER = [
    ("Cell: +880 1711 555012 (wife: +880 1811 555099)", ["+8801711555012"]),
    ("+225 07 55 51 25 (mari), +225 07 55 51 26", ["+22507555126"]),
    ("Cel.: +591 71555158. Contacto alterno: Ramiro Choque (hermano), +591 72555159", ["+59171555158"]),
    ("женат, жена – Юлдашева Нигора, тел. +998 90 955-51-72", []),
    ("جوال +962 79 555 0195، الزوجة: سلمى +962 79 555 0196", ["+962795550195"]),
    ("Married, 2 children, tel. +41 79 555 01 46", ["+41795550146"]),
    ("Emergency Preparedness Adviser | +41 79 555 01 46", ["+41795550146"]),
    ("Col. A. Reid (+44 7700 900555)", []),
]


@pytest.mark.parametrize(("line", "expected"), BESIDE_ANOTHER, ids=[line for line, _ in BESIDE_ANOTHER])
def test_a_number_beside_another_person_is_theirs(rules: PersonRules, line: str, expected: list[str]) -> None:
    assert list(person(rules, line).phones) == expected


@pytest.mark.parametrize(
    "written", ["jane.doe [at] example.org", "jane.doe(arobase)example.org", "jane.doe {arroba} example (punto) org"]
)
def test_an_address_that_is_kept_from_machines_is_read(rules: PersonRules, written: str) -> None:
    assert person(rules, f"E-mail: {written}").emails == ("jane.doe@example.org",)


def test_an_employers_contacts_among_the_posts_are_not_the_persons(rules: PersonRules) -> None:
    post = (
        SectionKind.EXPERIENCE,
        "Experience",
        ["2010 – 2018 Example Radio, radio@example.bf, tel. +226 25 55 51 32"],
    )
    head = (OTHER, "", ["Jane Doe", "jane.doe@example.org", "+226 70 55 51 31"])
    found = identify([cv(head, post)], mail("", sender="Jane Doe"), rules=rules)
    assert (found.emails, found.phones) == (("jane.doe@example.org",), ("+22670555131",))
