"""What kind of message it is, whom to answer, and what a person must see."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.mail import STRANGER, Acquaintance, Address, Fate, Kind, ParsedMessage, Part, ReplyLanguage, Signal
from domain.profile import DocumentFinding, DocumentKind, Profile, Understanding
from intake.triage import CORRECTION, ONLY_THANKS, triage

OWN = frozenset({"call@example.org"})
ANA = Address(name="Ana", email="ana@example.com")
COLLEAGUE = Address(name="Bo", email="bo@example.net")
NOTHING = ParsedMessage(
    message_id="<1@example.com>",
    sent_at=None,
    sender=ANA,
    reply_to=(),
    recipients=(),
    return_path="ana@example.com",
    subject="",
    in_reply_to=(),
    references=(),
    headers=(),
    body="",
    written="",
    parts=(),
    nested=(),
    defects=(),
)
PDF = Part(
    path="2",
    file_name="cv.pdf",
    declared_type="application/pdf",
    detected_type="application/pdf",
    disposition="attachment",
    content_id=None,
    size=10,
    digest="0" * 64,
    fate=Fate.DOCUMENT,
    reason="A file that came with the message.",
)


def understood(*signals: str, cv: bool = False, other: bool = False) -> Understanding:
    kinds = [DocumentKind.CV] * cv + [DocumentKind.OTHER] * other
    return Understanding(
        reply_language=ReplyLanguage.EN,
        language_reason="",
        documents=tuple(DocumentFinding(part_path="2", kind=kind, language="en") for kind in kinds),
        people=(),
        signals=tuple(Signal(name=name, rule=name, sentence=f"{name}!", place="body") for name in signals),
        rules_hash="",
    )


@pytest.mark.parametrize(
    ("understanding", "parts", "kind", "review"),
    [
        (understood(cv=True), (PDF,), Kind.APPLICATION, False),
        (understood("update", cv=True), (PDF,), Kind.UPDATE, False),
        (understood("withdrawal"), (), Kind.WITHDRAWAL, False),
        (understood("withdrawal", "application"), (), Kind.WITHDRAWAL, False),
        (understood("withdrawal", cv=True), (PDF,), Kind.WITHDRAWAL, False),
        (understood("withdrawal", "application", cv=True), (PDF,), Kind.APPLICATION, False),
        (understood("another_matter", "enquiry"), (), Kind.OTHER, False),
        (understood("another_matter", "application"), (), Kind.APPLICATION, True),
        (understood("enquiry"), (), Kind.ENQUIRY, False),
        (understood("enquiry", other=True), (PDF,), Kind.ENQUIRY, False),
        (understood("enquiry"), (PDF,), Kind.APPLICATION, True),
        (understood(), (PDF,), Kind.APPLICATION, True),
        (understood("application"), (replace(PDF, fate=Fate.REFUSED),), Kind.APPLICATION, True),
        (understood("application"), (), Kind.APPLICATION, True),
        (understood("link"), (), Kind.APPLICATION, True),
        (understood("update"), (PDF,), Kind.UPDATE, True),
        (understood("out_of_office"), (), Kind.AUTO_REPLY, False),
        (understood("out_of_office", "application"), (), Kind.AUTO_REPLY, False),
        (understood("out_of_office", cv=True), (PDF,), Kind.APPLICATION, False),
        (understood("ticket"), (), Kind.AUTO_REPLY, False),
        (understood("bounce"), (), Kind.BOUNCE, False),
        (understood("advertising"), (), Kind.SPAM, False),
        (understood("advertising", other=True), (PDF,), Kind.SPAM, False),
        (understood("advertising", cv=True), (PDF,), Kind.APPLICATION, False),
        (understood("filtered"), (), Kind.SPAM, False),
        (understood("filtered", "enquiry"), (), Kind.SPAM, False),
        (understood("filtered", cv=True), (PDF,), Kind.APPLICATION, True),
        (understood("filtered", "application"), (), Kind.APPLICATION, True),
        (understood("filtered", "withdrawal"), (), Kind.WITHDRAWAL, True),
        (understood("own_business", other=True), (PDF,), Kind.OTHER, False),
        (understood("new_details"), (), Kind.UPDATE, True),
        (understood("new_details", cv=True), (PDF,), Kind.APPLICATION, False),
        (understood(), (), Kind.OTHER, False),
    ],
)
def test_the_kind_follows_from_words_and_documents(
    understanding: Understanding, parts: tuple[Part, ...], kind: Kind, review: bool
) -> None:
    verdict = triage(replace(NOTHING, parts=parts), understanding, own_addresses=OWN)
    assert (verdict.kind, bool(verdict.review)) == (kind, review)
    assert all(verdict.why)
    acknowledged = kind in (Kind.APPLICATION, Kind.UPDATE, Kind.WITHDRAWAL, Kind.ENQUIRY)
    assert verdict.answer == (ANA if acknowledged else None)


def test_a_file_that_may_be_a_cv_is_never_dropped_but_put_before_a_person() -> None:
    seen = triage(replace(NOTHING, parts=(PDF,)), understood(other=True), own_addresses=OWN)
    assert (seen.kind, seen.answer) == (Kind.APPLICATION, ANA)
    assert seen.review


def test_reply_to_is_honoured() -> None:
    message = replace(NOTHING, reply_to=(COLLEAGUE,), parts=(PDF,))
    assert triage(message, understood(cv=True), own_addresses=OWN).answer == COLLEAGUE


@pytest.mark.parametrize("body", ["Dear colleagues, my CV.", ""])
def test_the_applicant_is_answered_where_the_original_is_attached_and_has_a_body(body: str) -> None:
    inner = replace(NOTHING, body=body, written=body, parts=(PDF,))
    message = replace(NOTHING, sender=COLLEAGUE, nested=(inner,), parts=(PDF,))
    assert triage(message, understood(cv=True), own_addresses=OWN).answer == (ANA if body else COLLEAGUE)


def test_an_inline_forward_answers_the_colleague() -> None:
    inner = replace(NOTHING, body="my CV", written="my CV")
    message = replace(NOTHING, sender=COLLEAGUE, nested=(inner,), parts=(PDF,))
    assert triage(message, understood(cv=True), own_addresses=OWN).answer == COLLEAGUE


@pytest.mark.parametrize("email", ["noreply@example.com", "do-not-reply@example.com", "call@example.org"])
def test_an_address_that_nobody_reads_gets_no_answer_but_a_person_looks(email: str) -> None:
    message = replace(
        NOTHING, reply_to=(Address(name="", email=email),), sender=Address(name="", email="no-reply@x.example")
    )
    verdict = triage(replace(message, parts=(PDF,)), understood(cv=True), own_addresses=OWN)
    assert verdict.answer is None
    assert verdict.review


@pytest.mark.parametrize(
    ("signals", "written", "kind"),
    [
        (("absence",), "", Kind.AUTO_REPLY),
        (("absence", "application"), "", Kind.APPLICATION),
        (("absence", "about_the_call"), "Is it open?", Kind.ENQUIRY),
        (("trade", "enquiry"), "May I call?", Kind.SPAM),
        (("trade", "withdrawal"), "", Kind.WITHDRAWAL),
        (("registry", "new_details"), "", Kind.UPDATE),
        (("update", "enquiry"), "Did it reach you?", Kind.ENQUIRY),
        (("newer", "first_time"), "", Kind.OTHER),
        (("newer",), "", Kind.UPDATE),
        (("registry",), "I registered each case. " * 100, Kind.OTHER),
        (("absence", "own_business"), "I was away in the field for weeks. " * 60, Kind.OTHER),
        (("trade",), "We sell it cheaper. " * 100, Kind.SPAM),
    ],
)
def test_words_of_robots_count_only_where_nothing_is_wanted_of_us(
    signals: tuple[str, ...], written: str, kind: Kind
) -> None:
    message = replace(NOTHING, written=written)
    assert triage(message, understood(*signals), own_addresses=OWN).kind is kind


def test_the_subject_of_a_reply_is_ours() -> None:
    seen = understood("registry")
    seen = replace(seen, signals=(replace(seen.signals[0], place="subject"),))
    reply = replace(NOTHING, subject="Re: We have received your application")
    assert triage(reply, seen, own_addresses=OWN).kind is Kind.OTHER
    assert triage(replace(reply, subject="Received"), seen, own_addresses=OWN).kind is Kind.AUTO_REPLY


def test_a_locked_application_is_not_lost_to_words_of_leaving() -> None:
    locked = replace(NOTHING, parts=(replace(PDF, fate=Fate.UNREADABLE),))
    assert triage(locked, understood("withdrawal", "application"), own_addresses=OWN).kind is Kind.APPLICATION
    assert triage(locked, understood("withdrawal"), own_addresses=OWN).kind is Kind.WITHDRAWAL


ANAS_CV = replace(understood(cv=True), people=(Profile(name="Ana", emails=("ana@example.com",), documents=("2",)),))


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        (Acquaintance(), Kind.APPLICATION),
        (Acquaintance(has=frozenset({"1" * 64})), Kind.UPDATE),
        (Acquaintance(has=frozenset({PDF.digest})), Kind.APPLICATION),
        (Acquaintance(answers="received"), Kind.UPDATE),
        (Acquaintance(answers="enquiry"), Kind.APPLICATION),
        (Acquaintance(answers="unreadable"), Kind.APPLICATION),
    ],
    ids=[
        "a stranger",
        "a newer CV",
        "the same CV again",
        "in reply to a confirmation",
        "after a question",
        "the first readable one",
    ],
)
def test_what_the_roster_knows_tells_an_update_that_no_word_calls_so(known: Acquaintance, kind: Kind) -> None:
    message = replace(NOTHING, parts=(PDF,))
    assert triage(message, ANAS_CV, own_addresses=OWN, known=known).kind is kind


def test_a_readable_copy_of_an_unreadable_cv_is_a_first_application_whatever_it_is_called() -> None:
    seen = replace(ANAS_CV, signals=understood("update").signals)
    known = Acquaintance(answers="unreadable")
    assert triage(replace(NOTHING, parts=(PDF,)), seen, own_addresses=OWN, known=known).kind is Kind.APPLICATION


def test_a_colleague_on_the_roster_does_not_make_another_s_cv_an_update() -> None:
    known = Acquaintance(has=frozenset({"1" * 64}))
    message = replace(NOTHING, sender=COLLEAGUE, parts=(PDF,))
    assert triage(message, ANAS_CV, own_addresses=OWN, known=known).kind is Kind.APPLICATION


def test_an_answer_to_our_confirmation_is_put_before_a_person_as_a_correction() -> None:
    known = Acquaintance(has=frozenset({"1" * 64}), answers="received")
    seen = understood()
    answered = triage(NOTHING, seen, own_addresses=OWN, known=known)
    assert (answered.kind, answered.review, answered.answer) == (Kind.OTHER, (CORRECTION,), None)
    details = triage(NOTHING, understood("new_details"), own_addresses=OWN, known=known)
    assert details.kind is Kind.UPDATE
    assert CORRECTION in details.review
    for other in (STRANGER, replace(known, answers="enquiry"), replace(known, answers=None)):
        assert triage(NOTHING, seen, own_addresses=OWN, known=other).review == ()


@pytest.mark.parametrize(
    ("subject", "parts", "silent"),
    [("Re: Application", (), True), ("My levels", (), False), ("Re: Application", (PDF,), False)],
)
def test_who_only_thanks_for_our_confirmation_is_put_before_nobody(
    subject: str, parts: tuple[Part, ...], silent: bool
) -> None:
    known = Acquaintance(has=frozenset({"1" * 64}), answers="received")
    photo = DocumentFinding(part_path="2", kind=DocumentKind.PHOTO, language="und")
    seen = replace(understood("thanks"), documents=(photo,))
    found = triage(replace(NOTHING, subject=subject, parts=parts), seen, own_addresses=OWN, known=known)
    assert found.kind is Kind.OTHER
    assert (found.review == ()) is silent
    assert (found.why == (ONLY_THANKS,)) is silent


def test_that_an_answer_goes_to_the_sender_is_told_to_nobody() -> None:
    withdrawal = triage(NOTHING, understood("withdrawal"), own_addresses=OWN)
    assert len(withdrawal.why) == 1
