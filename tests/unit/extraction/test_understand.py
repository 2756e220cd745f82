"""Messages put together: whose CVs they carry, and in which language to answer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.mail import Address, Fate, ParsedMessage, Part, ReplyLanguage
from domain.profile import Degree, DocumentKind, DocumentText, ReadDocument, Understanding
from extraction.readers.limits import ReadLimits
from extraction.readers.plain import read_text
from extraction.understand import Understander

RULES = Path(__file__).parents[3] / "config" / "rules"
NOW = datetime(2018, 5, 14, tzinfo=UTC)


def part(path: str, name: str | None = None, media_type: str = "application/pdf") -> Part:
    return Part(
        path=path,
        file_name=name,
        declared_type=media_type,
        detected_type=media_type,
        disposition="attachment",
        content_id=None,
        size=1,
        digest=path,
        fate=Fate.DOCUMENT,
        reason="a document",
    )


def message(
    written: str = "Please find attached my CV.",
    sender: str = "Somebody",
    parts: tuple[Part, ...] = (),
    nested: tuple[ParsedMessage, ...] = (),
    subject: str = "CV",
    address: str = "somebody@example.org",
) -> ParsedMessage:
    return ParsedMessage(
        message_id=None,
        sent_at=NOW,
        sender=Address(name=sender, email=address),
        reply_to=(),
        recipients=(),
        return_path=None,
        subject=subject,
        in_reply_to=(),
        references=(),
        headers=(),
        body=written,
        written=written,
        parts=parts,
        nested=nested,
        defects=(),
    )


def document(path: str, text: str, name: str | None = None) -> ReadDocument:
    return ReadDocument(part_path=path, file_name=name, digest=path, text=read_text(text, ReadLimits()))


def cv(name: str, mail: str) -> str:
    return f"""{name}
{mail}
Experience
January 2010 – present Protection officer, Gulu
January 2006 – December 2009 Clerk, Ministry of Labour
Education
Master of Laws, 2005
Languages
English: mother tongue
French: good
"""


def people(seen: Understanding) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.name, one.documents) for one in seen.people]


def test_a_cv_makes_a_profile(understander: Understander) -> None:
    documents = [document("2", cv("Jane Roe", "jane@example.org"))]
    seen = understander.understand(message(parts=(part("2"),)), documents, now=NOW)
    (person,) = seen.people
    assert (person.name, person.emails) == ("Jane Roe", ("jane@example.org",))
    assert (person.highest_degree, person.years_experience, person.eligible) == (Degree.MASTER, 12, True)
    assert [(skill.code, skill.level.value) for skill in person.languages] == [("en", "native"), ("fr", "B")]
    assert person.doubts == ()
    assert seen.documents[0].kind is DocumentKind.CV
    assert seen.rules_hash


def test_the_same_message_always_gives_the_same(understander: Understander) -> None:
    documents = [document("2", cv("Jane Roe", "jane@example.org"))]
    first = understander.understand(message(parts=(part("2"),)), documents, now=NOW)
    fresh = Understander.load(RULES, essential_languages=("en", "fr"))
    assert fresh.understand(message(parts=(part("2"),)), documents, now=NOW) == first


def test_cvs_of_two_people_make_two_people(understander: Understander) -> None:
    documents = [document("2", cv("Jane Roe", "jane@example.org")), document("3", cv("John Doe", "john@example.org"))]
    seen = understander.understand(message(parts=(part("2"), part("3"))), documents, now=NOW)
    assert people(seen) == [("Jane Roe", ("2",)), ("John Doe", ("3",))]


@pytest.mark.parametrize("second", [("Jane Roe", "jane@example.org"), ("ROE, Jane", "j.roe@example.net")])
def test_two_versions_of_a_cv_are_one_person(understander: Understander, second: tuple[str, str]) -> None:
    documents = [document("2", cv("Jane Roe", "jane@example.org")), document("3", cv(*second))]
    seen = understander.understand(message(parts=(part("2"), part("3"))), documents, now=NOW)
    assert people(seen) == [("Jane Roe", ("2", "3"))]


@pytest.mark.parametrize("names", [("Omar Saleh", "Mona Khalil"), ("Omar Saleh", "Ali Saleh")])
def test_a_family_may_share_an_address(understander: Understander, names: tuple[str, str]) -> None:
    documents = [document(path, cv(name, "saleh@example.org")) for path, name in zip("23", names, strict=True)]
    seen = understander.understand(message(parts=(part("2"), part("3"))), documents, now=NOW)
    assert people(seen) == [(names[0], ("2",)), (names[1], ("3",))]


def test_the_second_part_of_a_cv_is_of_the_same_person(understander: Understander) -> None:
    rest = "Professional experience (continued)\n\n2001 - 2005: Volunteer, Leeds\n1998 - 2000: Teacher, Leeds\n"
    documents = [document("2", cv("Jane Roe", "jane@example.org")), document("3", rest, "CV part 2.txt")]
    seen = understander.understand(message(parts=(part("2"), part("3"))), documents, now=NOW)
    assert people(seen) == [("Jane Roe", ("2", "3"))]


def test_a_cv_in_the_body_is_named_by_its_signature(understander: Understander) -> None:
    written = cv("Curriculum vitae", "jane@example.org") + "\nBest regards,\nJane Roe"
    (person,) = understander.understand(message(written, sender="jx77"), [], now=NOW).people
    assert (person.name, person.doubts) == ("Jane Roe", ())


def test_a_letter_and_a_photo_beside_the_cv_are_not_listed_with_the_person(understander: Understander) -> None:
    letter = "Dear Sir,\nI apply for your roster and enclose my CV.\nYours faithfully,\nJane Roe\n"
    photo = ReadDocument(part_path="4", file_name="me.jpg", digest="4", text=None, unreadable="the file holds no text")
    documents = [document("2", letter), document("3", cv("Jane Roe", "jane@example.org")), photo]
    parts = (part("2"), part("3"), part("4", "me.jpg", "image/jpeg"))
    seen = understander.understand(message(parts=parts), documents, now=NOW)
    assert people(seen) == [("Jane Roe", ("3",))]
    assert {one.part_path: one.kind for one in seen.documents} == {
        "2": DocumentKind.LETTER,
        "3": DocumentKind.CV,
        "4": DocumentKind.PHOTO,
    }


def test_a_cv_may_stand_in_the_body(understander: Understander) -> None:
    seen = understander.understand(message(cv("Jane Roe", "jane@example.org"), sender="Jane Roe"), [], now=NOW)
    assert people(seen) == [("Jane Roe", ("body",))]


def test_a_cv_without_a_name_takes_the_senders_and_is_looked_at(understander: Understander) -> None:
    nameless = cv("Curriculum vitae", "jane@example.org")
    seen = understander.understand(message(sender="Jane Roe", parts=(part("2"),)), [document("2", nameless)], now=NOW)
    assert seen.people[0].name == "Jane Roe"
    assert seen.people[0].doubts


def test_a_document_that_cannot_be_read_makes_nobody(understander: Understander) -> None:
    broken = ReadDocument(part_path="2", file_name="cv.pdf", digest="2", text=None, unreadable="password")
    seen = understander.understand(message(parts=(part("2"),)), [broken], now=NOW)
    assert (seen.people, seen.documents) == ((), ())


def original(written: str) -> ParsedMessage:
    return message(written, parts=(part("2.1"),), address="applicant@example.org")


ATTACHED = "Veuillez trouver ci-joint mon curriculum vitae pour votre liste d'experts."


@pytest.mark.parametrize(
    ("mail", "language"),
    [
        (message("Направляю резюме для включения в реестр экспертов."), ReplyLanguage.RU),
        (message("أرفق لكم سيرتي الذاتية للانضمام إلى قائمة الخبراء"), ReplyLanguage.AR),
        (message("Adjunto mi hoja de vida para la convocatoria de expertos."), ReplyLanguage.ES),
        (message(""), ReplyLanguage.EN),  # the CV's
        (message("Anbei mein Lebenslauf für Ihre Liste von Fachleuten, mit freundlichen Grüßen"), ReplyLanguage.EN),
        (
            message("Please see below, she would be excellent.", nested=(original(ATTACHED),)),
            ReplyLanguage.FR,
        ),
        (message("Please see below, she would be excellent.", nested=(message(ATTACHED),)), ReplyLanguage.EN),
    ],
    ids=["Russian", "Arabic", "Spanish", "empty", "German", "forwarded with the original", "forwarded in the text"],
)
def test_the_answer_is_in_the_language_that_the_applicant_wrote(
    understander: Understander, mail: ParsedMessage, language: ReplyLanguage
) -> None:
    documents = [document("2", cv("Jane Roe", "jane@example.org"))]
    assert understander.understand(mail, documents, now=NOW).reply_language is language


def test_present_means_the_date_of_the_message(understander: Understander) -> None:
    text = DocumentText(blocks=read_text(cv("Jane Roe", "j@example.org"), ReadLimits()).blocks, reader="test/1")
    read = ReadDocument(part_path="2", file_name=None, digest="2", text=text)
    early = understander.understand(message(), [read], now=datetime(2016, 6, 1, tzinfo=UTC))
    late = understander.understand(message(), [read], now=NOW)
    assert (early.people[0].years_experience, late.people[0].years_experience) == (10, 12)
