"""Nationality and residence, only where they are stated."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.profile import SectionKind
from extraction.person import Identity, PersonRules, identify, load_person_rules
from tests.unit.extraction.cvs import Line, cv, mail

RULES = Path(__file__).parents[3] / "config" / "rules"


@pytest.fixture(scope="session")
def rules() -> PersonRules:
    return load_person_rules(RULES)


def person(rules: PersonRules, *lines: Line, written: str = "") -> Identity:
    return identify([cv((SectionKind.OTHER, "", ("Jane Doe", *lines)))], mail(written, sender="Jane Doe"), rules=rules)


NATIONALITIES: list[tuple[Line, str]] = [
    ("Nationality: Jordanian", "JO"),
    ("Nationality: Ghanaian and German (dual)", "GH DE"),
    ("Nationality: Bangladeshi by birth. Blood group: B positive.", "BD"),
    (("Nationality", "Côte d'Ivoire"), "CI"),
    ("Citizenship: Kyrgyz Republic", "KG"),
    ("Georgian citizen, born in Tbilisi in 1980", "GE"),
    ("I am a Jordanian national.", "JO"),
    ("Nationalité : sénégalaise", "SN"),
    ("De nationalité malienne, mariée", "ML"),
    ("Sénégalaise, mariée, deux enfants", "SN"),
    ("Suissesse (originaire de Berne), née en 1972", "CH"),
    ("Nacionalidad: argentina e italiana", "AR IT"),
    ("Nacionalidad colombiana", "CO"),
    ("Argentino e italiano; reside en Montevideo", "AR IT"),
    ("Guatemalteca, 41 años, casada", "GT"),
    ("Гражданство: Российская Федерация", "RU"),
    ("Гражданство Республика Казахстан", "KZ"),
    ("гражданка Кыргызстана, 1982 г. р.", "KG"),
    ("Гражданство – Украина", "UA"),
    ("الجنسية: أردني", "JO"),
    ("الجنسية: مصرية    الحالة الاجتماعية: متزوجة", "EG"),
    ("سوداني، من مواليد الفاشر 1968", "SD"),
    (("الجنسية", "لبنانية"), "LB"),
    # Not stated:
    ("Evacuated Egyptian, Sudanese and Filipino workers", ""),
    ("Languages: Armenian, English, Russian", ""),
    ("French Red Cross, Paris", ""),
    ("Lives in Amman, Jordan", ""),
    ("Place of birth: Beirut, Lebanon", ""),
]


@pytest.mark.parametrize(("line", "expected"), NATIONALITIES, ids=[str(line) for line, _ in NATIONALITIES])
def test_nationality_counts_only_where_it_is_stated(rules: PersonRules, line: Line, expected: str) -> None:
    assert " ".join(person(rules, line).nationalities) == expected


RESIDENCES: list[tuple[Line, str | None]] = [
    ("Address: 11 Kulliyat al-Sharia Street, Amman 11191, Jordan", "JO"),
    ("12 Rue de Lausanne, 1202 Genève, Suisse", "CH"),
    ("Quartier Boucotte, villa 118, Ziguinchor (Sénégal)", "SN"),
    ("Kampala, Uganda | jane@example.org", "UG"),
    ("Based in Nairobi since 2015", "KE"),
    ("Domiciliée à Abidjan", "CI"),
    ("Je réside à Bamako.", "ML"),
    ("Vivo en Tegucigalpa desde 2010.", "HN"),
    ("Dirección: Calle 94A # 13-59, Bogotá D. C., Colombia", "CO"),
    ("г. Алматы, ул. Толе би, 187–44", "KZ"),
    ("Проживаю в Душанбе", "TJ"),
    ("Адрес: Кыргызстан, г. Ош, ул. Ленина, 5", "KG"),
    ("العنوان: 18 شارع النيل، القاهرة", "EG"),
    ("السكن: الخرطوم، الرياض، مربع 17", "SD"),
    ("أقيم في بيروت منذ 2012", "LB"),
    ("Permanent address: Dire Dawa, Ethiopia", "ET"),
    # Not stated:
    ("Consul General, Philippine Embassy, Tripoli", None),
    ("Place of birth: Beirut, Lebanon", None),
    ("Nationality: Jordanian", None),
    ("+962 79 555 0143", None),
    ("Accompagnement de 1 860 personnes rentrées de Libye, du Maroc et du Gabon", None),
]


@pytest.mark.parametrize(("line", "expected"), RESIDENCES, ids=[str(line) for line, _ in RESIDENCES])
def test_residence_is_an_address_or_a_place_of_living(rules: PersonRules, line: Line, expected: str | None) -> None:
    assert person(rules, line).residence == expected


def test_the_present_address_counts_before_the_permanent_one(rules: PersonRules) -> None:
    found = person(rules, "Permanent address: Dire Dawa, Ethiopia", "Present address: Kampala, Uganda")
    assert found.residence == "UG"


def test_the_body_may_tell_the_place_of_living(rules: PersonRules) -> None:
    assert person(rules, "Lawyer", written="Dear all,\nI live in Tirana, Albania.\nJane Doe").residence == "AL"
