"""Whose letter a mail with attached messages is."""

from __future__ import annotations

from domain.forwards import original_of
from domain.mail import Address, Fate, ParsedMessage, Part
from domain.profile import Profile

CALL = Address(name="Call", email="call@example.org")


def file(path: str) -> Part:
    return Part(
        path=path, file_name="cv.pdf", declared_type="application/pdf", detected_type="application/pdf",
        disposition="attachment", content_id=None, size=1, digest=path, fate=Fate.DOCUMENT, reason="a document",
    )  # fmt: skip


def root(path: str) -> Part:
    return Part(
        path=path, file_name=None, declared_type="message/rfc822", detected_type="message/rfc822", disposition=None,
        content_id=None, size=1, digest="", fate=Fate.CONTAINER, reason="a message",
    )  # fmt: skip


def mail(
    sender: str, written: str, *parts: Part, nested: tuple[ParsedMessage, ...] = (), to: Address = CALL
) -> ParsedMessage:
    return ParsedMessage(
        message_id=None, sent_at=None, sender=Address(name="", email=sender), reply_to=(), recipients=(to,),
        return_path=None, subject="", in_reply_to=(), references=(), headers=(), body=written, written=written,
        parts=(*parts, *(part for inner in nested for part in inner.parts)), nested=nested, defects=(),
    )  # fmt: skip


def person(*documents: str, email: str = "ann@example.com") -> Profile:
    return Profile(name="Ann Applicant", emails=(email,), documents=documents)


ANN = mail("ann@example.com", "Here is my CV.", root("2"), file("2.2"))


def test_the_applicant_whose_message_is_attached_is_answered() -> None:
    assert original_of(mail("eva@example.net", "See below.", nested=(ANN,)), [person("2.2")]) is ANN


def test_an_original_in_an_original_is_found() -> None:
    between = mail("eva@example.net", "Boss, see below.", root("1"), nested=(ANN,))
    assert original_of(mail("boss@example.net", "For the roster.", nested=(between,)), [person("2.2")]) is ANN


def test_an_original_without_a_body_has_nobody_to_answer() -> None:
    silent = mail("ann@example.com", "", root("2"), file("2.2"))
    assert original_of(mail("eva@example.net", "See below.", nested=(silent,)), [person("2.2")]) is None


def test_what_the_applicant_attached_of_others_is_no_original() -> None:
    reference = mail("ref@example.net", "I recommend her.", root("2"))
    assert original_of(mail("ann@example.com", "My CV.", file("3"), nested=(reference,)), [person("3")]) is None


def test_our_own_message_sent_back_is_no_original() -> None:
    ours = mail(CALL.email, "Thank you for your CV.", root("2"))
    assert original_of(mail("ann@example.com", "Please delete my data.", nested=(ours,)), []) is None


def test_the_original_of_a_cv_that_was_taken_out_of_it_is_known_by_its_sender() -> None:
    letter = mail("ann@example.com", "Here is my CV.", root("2"))
    assert original_of(mail("eva@example.net", "Attached.", file("3"), nested=(letter,)), [person("3")]) is letter


def test_a_question_that_was_forwarded_is_answered_to_who_asked() -> None:
    asked = mail("ann@example.com", "May I apply?", root("2"))
    assert original_of(mail("eva@example.net", "A question for you.", nested=(asked,)), []) is asked
