"""CVs told from letters, certificates, photos, forms and the call itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.profile import Block, BlockKind, DocumentKind, DocumentText, ReadDocument
from extraction.readers.limits import ReadLimits
from extraction.readers.plain import read_text
from extraction.sections import StructureWords, structure

NOW = datetime(2018, 5, 14, tzinfo=UTC)


def kind(words: StructureWords, text: DocumentText | str, part_path: str = "2") -> DocumentKind:
    read = read_text(text, ReadLimits()) if isinstance(text, str) else text
    document = ReadDocument(part_path=part_path, file_name=None, digest="", text=read)
    return structure(document, language="en", words=words, now=NOW).kind


LETTERS = {
    "English": """29 August 2017
Dear Sir,
In response to your call for experts I beg to apply. I have served migrant workers for more than five years and hold an
MBA from Chittagong.
Yours faithfully,
Anwarul Kabir
""",
    "French": """Objet : candidature
Madame, Monsieur,
Je vous adresse mon CV. Depuis 2011 je dirige un centre d'accueil et je parle trois langues.
Je vous prie d'agréer, Madame, Monsieur, mes salutations distinguées.
Awa Diop
""",
    "Spanish": """Montevideo, 25 de noviembre de 2018
A quien corresponda:
Me presento a la convocatoria. Trabajo desde 2003 en derecho migratorio.
Sin otro particular, los saludo muy atentamente.
""",
    "Arabic": """السادة المحترمون
أرفق لكم سيرتي الذاتية، وأعمل منذ 2010 في رعاية المهاجرين.
وتفضلوا بقبول فائق الاحترام
""",
    "Russian": """Уважаемые коллеги!
Направляю резюме для включения в реестр экспертов. С 2010 года работаю в центре помощи мигрантам.
С уважением, Иванова А. П.
""",
}
CERTIFICATES = {
    "English": "University of Chittagong\nThis is to certify that A. K.\nhas been admitted to the degree of MBA, 2004",
    "French": "ATTESTATION DE TRAVAIL\nJe soussigné certifie que Awa Diop a travaillé de 2005 à 2010 comme juriste.",
    "Spanish": "La Universidad hace constar que ha concluido sus estudios\nse le expide el título de Abogado",
    "Arabic": "شهادة تقدير\nتمنح هذه الشهادة إلى السيدة ليلى الحسيني لمشاركتها في الدورة التدريبية عام 2014",
    "Russian": "УДОСТОВЕРЕНИЕ\nНастоящим удостоверяется, что Иванова А. П. прошла обучение на курсах в 2014 году",
}


# They tell of posts, studies and languages, as a CV does.
OF_OTHERS = {
    "reference": """UNIVERSITY OF LEEDS
To whom it may concern
Reference for Ms Jane Roe
She worked here from 2010 to 2014 as researcher and from 2014 to 2016 as lecturer, and speaks English and French.
I recommend her without reservation.
Prof. A. Referee""",
    "diploma": """ДИПЛОМ МАГИСТРА
Московский государственный университет
Петрова Анна Сергеевна
решением Государственной комиссии от 20 июня 2005 года присвоена степень магистра права""",
    "terms of reference": """TERMS OF REFERENCE
Consultant on protection
Qualifications: Master of Laws; 10 years of experience; fluent English.
Duration: 2010 - 2012
How to apply: send your CV.""",
}


@pytest.mark.parametrize("text", OF_OTHERS.values(), ids=OF_OTHERS.keys())
def test_what_tells_of_a_person_in_others_words_is_no_cv(words: StructureWords, text: str) -> None:
    assert kind(words, text) is not DocumentKind.CV


@pytest.mark.parametrize("text", LETTERS.values(), ids=LETTERS.keys())
def test_a_letter_is_no_cv(words: StructureWords, text: str) -> None:
    assert kind(words, text) is DocumentKind.LETTER


@pytest.mark.parametrize("text", CERTIFICATES.values(), ids=CERTIFICATES.keys())
def test_a_certificate_is_no_cv(words: StructureWords, text: str) -> None:
    assert kind(words, text) is DocumentKind.CERTIFICATE


def test_the_call_itself_is_nobodys_cv(words: StructureWords) -> None:
    call = """Migrants in Countries in Crisis: Call for Experts
We welcome English, French, Arabic, Spanish and Russian native-speakers.
Expert Assignments
Developing and reviewing legal frameworks
Experts are invited to submit their CVs."""
    assert kind(words, call) is DocumentKind.OTHER


def test_a_picture_with_hardly_a_letter_is_a_photo(words: StructureWords) -> None:
    picture = DocumentText(blocks=(Block(text="l . i"),), reader="picture/1", ocr=True)
    assert kind(words, picture) is DocumentKind.PHOTO


def test_a_form_that_nobody_filled_in_is_no_cv(words: StructureWords) -> None:
    labels = ("Фамилия, имя, отчество", "Образование", "Стаж работы", "Телефон")
    rows = tuple(Block(text=f"{one} | ", kind=BlockKind.ROW, cells=(one, ""), table=0) for one in labels)
    assert kind(words, DocumentText(blocks=rows, reader="test/1")) is DocumentKind.FORM


SHORT_CV = """Jane Roe
Experience
2010 – 2014 Consul, Beirut
Education
BA, Legon, 2003
Languages
English: mother tongue
"""


def test_a_short_cv_is_one(words: StructureWords) -> None:
    assert kind(words, SHORT_CV) is DocumentKind.CV
    assert kind(words, SHORT_CV, part_path="body") is DocumentKind.CV


BY_SKILL = """Good evening, I am writing from a telephone and so put everything here.
Profile
Lawyer of the border districts. Somali and English are the languages in which I plead and write.
Skills
Reception of people who were sent back
- Ran the desk at which 3,700 people were registered in five weeks, and agreed a way for the sick with both guards.
- Wrote the protocol of the district on victims of forced labour, which was adopted in 2014 and revised in 2017.
Teaching and telling
- Sixteen hours for police and staff of bus stations; heard by the second committee of the senate in October 2017.
- Author with two colleagues of the half-yearly report on who crosses, by which roads and what drives them out of home.
Education
Master in humanitarian law, Exampletown, 2012. Bachelor of laws, Exampletown, 2003.
"""


def test_a_cv_by_skill_may_stand_in_a_message_without_dated_posts(words: StructureWords) -> None:
    assert kind(words, BY_SKILL, part_path="body") is DocumentKind.CV
    assert kind(words, BY_SKILL + "Is it open? May I apply?", part_path="body") is DocumentKind.LETTER


SPARSE = "Jane Roe\n2010 – 2014 Consul, Beirut\n2005 – 2009 Attaché, Amman\nBA, Legon, 2003\n"


@pytest.mark.parametrize(
    ("file_name", "expected"),
    [
        ("CV_Roe.pdf", DocumentKind.CV),
        ("MyCV.pdf", DocumentKind.CV),
        ("scan0001.pdf", DocumentKind.CV),
        ("Motivation letter.pdf", DocumentKind.OTHER),
        ("Диплом.pdf", DocumentKind.OTHER),
    ],
)
def test_the_name_of_a_file_helps_where_its_text_leaves_it_open(
    words: StructureWords, file_name: str, expected: DocumentKind
) -> None:
    document = ReadDocument(part_path="2", file_name=file_name, digest="", text=read_text(SPARSE, ReadLimits()))
    assert structure(document, language="en", words=words, now=NOW).kind is expected


def test_facts_told_in_passing_make_no_cv_of_a_message(words: StructureWords) -> None:
    told = """Dear team,
I have been a nurse since 2009, hold a diploma and speak English and Amharic. The file with my CV is on this drive:
https://drive.example/cv
Regards"""
    assert kind(words, told, part_path="body") is DocumentKind.LETTER


def test_questions_about_the_call_make_no_cv(words: StructureWords) -> None:
    asked = (
        """Hello,
I work in border management since 2012 and speak English and French, with a master's degree from 2008.
Is a CV in French accepted? May civil servants apply? Is there a closing date?
"""
        + "I should be glad of an answer, for much depends on it. " * 12
    )
    assert kind(words, asked, part_path="body") is DocumentKind.LETTER
