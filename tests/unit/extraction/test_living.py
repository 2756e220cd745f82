"""Where people live, what they are citizens of and how long they have worked, in the words of CVs."""

from __future__ import annotations

import pytest

from domain.profile import Profile
from extraction.understand import Understander
from tests.corpus.heads import SENT, document, message

RESIDENCES = {
    "KE": ["I live in Nakuru with my family.", "Based between Nairobi and the field.",
           "Residence (city, country): Nairobi, Kenya", "Home base: Nairobi", "12 Moi Avenue, Naivasha"],
    "SN": ["Juriste installée à Dakar.", "Quartier Escale, Diourbel, Sénégal", "Vit à Mbour.",
           "Adresse : BP 1234, Thiès"],
    "PE": ["Vivo entre Lima y Cusco", "Afincada en Arequipa desde hace diez años.",
           "Urb. San Isidro Mz. B Lote 4, Piura"],
    "KG": ["Проживает в г. Бишкек с 2009 г.", "Почтовый адрес: а/я 77, Джалал-Абад", "Живу и работаю в Бишкеке."],
    "IQ": ["تقيم حاليا في بغداد (العراق).", "حي الجامعة، الموصل", "مكان الإقامة: الحلة"],
}  # fmt: skip
NATIONALITIES = {
    "KE": ["A Kenyan lawyer born in Nyeri", "Holder of a Kenyan passport", "Nationality - Kenyan"],
    "SN": ["Juriste sénégalaise, 43 ans", "NATIONALITE : SENEGALAISE", "Titulaire d'un passeport sénégalais"],
    "PE": ["Soy peruana, nacida en 1975.", "Abogada peruana, 43 años", "Ciudadano del Perú"],
    "KG": ["Имею гражданство Кыргызстана.", "Гражданин КР, женат", "кыргызстанка, замужем"],
    "IQ": ["عراقية من مواليد 1975", "محامية عراقية، 43 سنة", "الجنسية/ عراقي"],
}
OF_OTHERS = [
    "Husband: Suresh Iyer, Indian",
    "Nationalité du conjoint : burundaise",
    "جنسية الزوج: تركي",
    "Муж: Соколов Андрей, гражданин Израиля",
    "Countries visited: Kenya, Belgium",
    "English teacher",
    "Languages: French, Spanish",
]
CAREERS = [
    (22, "I began my career in 1996 as a legal officer with the Refugee Law Project, where I stayed until 2003 and "
         "handled more than two hundred appeals. From 2003 to 2009 I was head of protection. Between 2009 and 2014 I "
         "directed the regional programme on mixed migration. Since 2014 I have worked as an independent consultant."),
    (20, "بدأت العمل في وزارة الهجرة عام 1998 وبقيت فيها حتى عام 2006. "
         "ومن 2006 إلى 2013 عملت منسقة للحماية. ومنذ 2013 أعمل مستشارة."),
    (30, "# Experience\n1988 Assistant Secretary\n1994 Deputy Director\n2001 Labour Counsellor\n"
         "2006 Director\n2014-2018 Consultant"),
    (16, "# Appointments\n2011 – Professor, University of Nairobi\n2002 – 2011 Lecturer, Moi University"),
    (16, "# Expériences\nConsultant (depuis 2012)\nResponsable : 2006-2012 (6 ans)\nFormateur : 2002-2006 (4 ans)"),
    (15, "# Expériences\n2012 – à présent : Coordinatrice\n2003 – 2011 : Assistante sociale\n"
         "Stage au HCR (3 mois, 2001)"),
]  # fmt: skip


def read(understander: Understander, line: str) -> Profile:
    text = f"# Awa Okello\n{line}\nme@example.org\n"
    if "20" not in line:
        text += "# Experience\n2010 – 2018 UNHCR\n2003 – 2010 IOM\n"
    case = {"id": "x", "text": text + "# Education\nMA Law, 2002\n# Languages\nEnglish: fluent"}
    (person,) = understander.understand(message(case), [document(case)], now=SENT).people
    return person


@pytest.mark.parametrize(("country", "line"), [(code, line) for code, lines in RESIDENCES.items() for line in lines])
def test_where_a_person_lives_is_read_from_addresses_and_prose(
    understander: Understander, country: str, line: str
) -> None:
    assert read(understander, line).residence == country


@pytest.mark.parametrize(("country", "line"), [(code, line) for code, lines in NATIONALITIES.items() for line in lines])
def test_a_nationality_is_read_from_fields_and_prose(understander: Understander, country: str, line: str) -> None:
    assert read(understander, line).nationalities == (country,)


@pytest.mark.parametrize("line", OF_OTHERS)
def test_a_relative_a_journey_and_a_language_are_no_nationality(understander: Understander, line: str) -> None:
    assert read(understander, line).nationalities == ()


@pytest.mark.parametrize(("years", "career"), CAREERS)
def test_years_are_counted_in_prose_and_lists(understander: Understander, years: int, career: str) -> None:
    found = read(understander, career).years_experience
    assert found is not None and abs(found - years) <= 1
