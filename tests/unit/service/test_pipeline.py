"""What follows from a message: outcome, answer, fates, and what a person must look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.call import Call
from domain.decision import Decision
from domain.mail import Address, Fate, Kind, ReplyLanguage, Triage
from domain.moves import Outcome
from domain.profile import DocumentText, HiddenText, LanguageSkill, Level, Profile, ReadDocument, Tag, Understanding
from service.call import load_call
from service.pipeline import Desk, conclude
from tests.integration.roster.cases import evidence
from tests.unit.intake.test_triage import NOTHING, PDF

CONFIG = Path(__file__).parents[3] / "config"
ARRIVED = datetime(2018, 6, 1, 9, tzinfo=UTC)
ANA = Address(name="Ana Ruiz", email="ana@example.com")
CV = ReadDocument(part_path="2", file_name="cv.pdf", digest="0" * 64, text=DocumentText(blocks=(), reader="r/1"))
MESSAGE = replace(NOTHING, parts=(PDF,), subject="Application")


def understood(*people: Profile, **more: Any) -> Understanding:
    facts: dict[str, Any] = {"reply_language": ReplyLanguage.ES, "language_reason": "", "documents": (), "signals": ()}
    return Understanding(**facts | {"people": people, "rules_hash": "h"} | more)


def concluded(
    understanding: Understanding,
    *,
    kind: Kind = Kind.APPLICATION,
    documents: tuple[ReadDocument, ...] = (CV,),
    call: Call | None = None,
    review: tuple[str, ...] = (),
) -> Decision:
    folders = {outcome: outcome.value for outcome in Outcome}
    answer = ANA if kind in (Kind.APPLICATION, Kind.UPDATE, Kind.ENQUIRY, Kind.WITHDRAWAL) else None
    desk = Desk(
        workbench=None,  # type: ignore[arg-type] - a conclusion opens nothing
        call=call or load_call(CONFIG),
        own_addresses=frozenset(),
        folders=folders,
    )
    verdict = Triage(kind=kind, answer=answer, why=("so it is",), review=review)
    return conclude(MESSAGE, documents, understanding, verdict, desk=desk, arrived_at=ARRIVED)


PERSON = Profile(name="Ana Ruiz", emails=("ana@example.com",), documents=("2",))


def test_an_applicant_is_enrolled_and_greeted_by_name_in_the_language_of_the_mail() -> None:
    decided = concluded(understood(PERSON))
    promise = decided.acknowledgement
    assert (decided.outcome, decided.folder) == (Outcome.ENROLLED, "enrolled")
    assert promise is not None
    assert (promise.template, promise.name, promise.language) == ("received", "Ana Ruiz", ReplyLanguage.ES)
    assert promise.files == ("cv.pdf",)


@pytest.mark.parametrize(
    "person",
    [
        replace(PERSON, name="Somebody Else", emails=("else@example.com",)),
        replace(PERSON, doubts=("the CV names nobody",)),
    ],
    ids=["another's CV", "a name in doubt"],
)
def test_nobody_is_greeted_by_a_name_that_is_not_sure_to_be_theirs(person: Profile) -> None:
    promise = concluded(understood(person)).acknowledgement
    assert promise is not None
    assert promise.name == ""


def test_every_doubt_puts_the_message_before_a_person_but_the_entry_stays() -> None:
    decided = concluded(understood(replace(PERSON, doubts=("two birth dates",))))
    assert (decided.outcome, decided.review) == (Outcome.NEEDS_REVIEW, ("two birth dates",))
    assert decided.understanding.people


def test_a_document_that_cannot_be_read_has_that_fate_and_its_sender_is_asked_for_another() -> None:
    broken = ReadDocument(part_path="2", file_name="cv.pdf", digest="0" * 64, text=None, unreadable="is damaged")
    decided = concluded(understood(), documents=(broken,), review=("no CV that can be read",))
    assert [(part.fate, part.reason) for part in decided.parts] == [(Fate.UNREADABLE, "is damaged")]
    assert decided.acknowledgement is not None
    assert (decided.acknowledgement.template, decided.acknowledgement.unreadable) == ("unreadable", ("cv.pdf",))
    assert decided.outcome is Outcome.NEEDS_REVIEW


def test_damage_and_hidden_text_are_told_with_the_part_and_are_no_reason_for_review() -> None:
    hidden = (HiddenText(text="by Max", reason="a comment"), HiddenText(text="and Mia", reason="a comment"))
    text = DocumentText(blocks=(), reader="r/1", hidden=hidden, problems=("the file is damaged",))
    decided = concluded(understood(PERSON), documents=(replace(CV, text=text),))
    assert [part.reason.split("\n") for part in decided.parts] == [
        [PDF.reason, "The file is damaged.", "Words that its reader does not see were kept apart: a comment."]
    ]
    assert decided.review == ()


@pytest.mark.parametrize(("kept", "outcome", "people"), [(True, Outcome.ENROLLED, 1), (False, Outcome.ANSWERED, 0)])
def test_after_the_last_day_the_cv_is_kept_or_not_as_the_call_says(kept: bool, outcome: Outcome, people: int) -> None:
    closed = replace(load_call(CONFIG), closes=date(2018, 5, 31), keep_after_closing=kept)
    decided = concluded(understood(PERSON), call=closed)
    assert decided.outcome is outcome
    assert len(decided.understanding.people) == people
    assert decided.acknowledgement is not None
    assert decided.acknowledgement.template == "closed"


def test_the_last_day_is_still_in_time() -> None:
    closing = replace(load_call(CONFIG), closes=ARRIVED.date(), keep_after_closing=False)
    assert concluded(understood(PERSON), call=closing).outcome is Outcome.ENROLLED


@pytest.mark.parametrize("kind", [Kind.AUTO_REPLY, Kind.BOUNCE, Kind.SPAM, Kind.OTHER])
def test_robots_and_strangers_are_set_aside_unanswered_and_enrol_nobody(kind: Kind) -> None:
    decided = concluded(understood(PERSON), kind=kind)
    assert (decided.outcome, decided.acknowledgement) == (Outcome.SET_ASIDE, None)
    assert decided.understanding.people == ()


def test_a_cv_in_the_body_is_among_the_documents_that_evidence_points_into() -> None:
    body = replace(CV, part_path="body", file_name=None)
    decided = concluded(understood(replace(PERSON, documents=("body",)), body=body), documents=())
    assert decided.documents == (body,)


def test_what_a_cv_says_is_read_back_to_nobody_but_the_one_whom_it_names() -> None:
    place = evidence("I speak English.")
    known = replace(
        PERSON,
        languages=(LanguageSkill(code="en", level=Level.C, claimed="fluent", evidence=(place,)),),
        themes=(Tag(key="crisis_migration", evidence=(place,), strength=1.0),),
    )
    promise = concluded(understood(known)).acknowledgement
    assert promise is not None
    assert (promise.languages, promise.themes) == ((("en", Level.C),), ("crisis_migration",))
    another = replace(known, name="Somebody Else", emails=("else@example.com",))
    for people in ((another,), (known, another)):
        promise = concluded(understood(*people)).acknowledgement
        assert promise is not None
        assert (promise.languages, promise.themes) == ((), ())
