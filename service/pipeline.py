"""The main job on one page: what should become of a message. Everything here is a decision; nothing is changed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from domain.call import Call
from domain.decision import Acknowledgement, Decision
from domain.errors import Unreadable
from domain.forwards import original_of
from domain.mail import STRANGER, Acquaintance, Address, Fate, Kind, ParsedMessage, Part, Triage
from domain.moves import Outcome
from domain.ports import VirusScanner, Workbench
from domain.profile import DocumentText, Profile, ReadDocument, Understanding
from intake.regrouped import as_written
from intake.robots import recognise
from intake.triage import triage
from service.infected import for_a_person, infections, unopened

CARRIES_PEOPLE = frozenset({Kind.APPLICATION, Kind.UPDATE})
OUTCOMES: Mapping[Kind, Outcome] = {
    Kind.APPLICATION: Outcome.ENROLLED,
    Kind.UPDATE: Outcome.UPDATED,
    Kind.WITHDRAWAL: Outcome.WITHDRAWAL,
    Kind.ENQUIRY: Outcome.ANSWERED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What it takes to decide on a message."""

    workbench: Workbench
    call: Call
    own_addresses: frozenset[str]  # lower-case; mail from these is ours
    folders: Mapping[Outcome, str]  # where the mailbox files a message
    knows: Callable[[ParsedMessage], Acquaintance] = lambda _: STRANGER  # asks the roster, where there is one
    scanner: VirusScanner | None = None  # None where staff have configured none


def decide(raw: Path, desk: Desk, *, arrived_at: datetime, parts: Path) -> Decision:
    """Say what should become of a message. The bytes of its documents are left in the folder `parts`, by digest.

    Raises Unreadable where the mail itself cannot be taken apart.
    """
    scanner = desk.scanner
    virus = scanner.scan(raw) if scanner else None
    message = as_written(desk.workbench.parse(raw, parts), desk.own_addresses)
    infected = infections(virus, message, parts, scanner) if scanner else {}
    if infected:
        message = unopened(message, infected)
    machine = recognise(message, desk.own_addresses)
    documents = () if machine and machine.certain else tuple(read_documents(message, parts, desk.workbench))
    understanding = desk.workbench.understand(message, documents, now=message.sent_at or arrived_at)
    verdict = triage(message, understanding, own_addresses=desk.own_addresses, known=desk.knows(message))
    if infected:
        understanding, verdict = replace(understanding, people=()), for_a_person(verdict, message, infected)
    return conclude(message, documents, understanding, verdict, desk=desk, arrived_at=arrived_at)


def decide_alone(raw: Path, desk: Desk, *, arrived_at: datetime) -> Decision:
    """The same where the documents' bytes are of no further use."""
    with tempfile.TemporaryDirectory(prefix="micic-") as parts:
        return decide(raw, desk, arrived_at=arrived_at, parts=Path(parts))


def read_documents(message: ParsedMessage, parts: Path, workbench: Workbench) -> Iterable[ReadDocument]:
    for part in message.parts:
        if (
            part.fate is Fate.UNREADABLE
        ):  # told when the message was taken apart: locked, damaged, of a kind nobody opens
            yield _unread(part, part.reason)
        if part.fate is not Fate.DOCUMENT:
            continue
        try:
            text = workbench.read(parts / part.digest, media_type=part.detected_type)
        except Unreadable as error:
            yield _unread(part, str(error))
        else:
            yield ReadDocument(part_path=part.path, file_name=part.file_name, digest=part.digest, text=text)


def _unread(part: Part, reason: str) -> ReadDocument:
    return ReadDocument(part_path=part.path, file_name=part.file_name, digest=part.digest, text=None, unreadable=reason)


def conclude(
    message: ParsedMessage,
    documents: Sequence[ReadDocument],
    understanding: Understanding,
    verdict: Triage,
    *,
    desk: Desk,
    arrived_at: datetime,
) -> Decision:
    """Put together all that follows from what was read."""
    closed = verdict.kind in CARRIES_PEOPLE and desk.call.closed_on(arrived_at.date())
    enrols = verdict.kind in CARRIES_PEOPLE and (desk.call.keep_after_closing or not closed)
    if not enrols:
        understanding = replace(understanding, people=())
    if understanding.body and understanding.people:
        documents = (*documents, understanding.body)
    review = reasons_to_look(verdict, understanding)
    outcome = outcome_of(verdict.kind, review=bool(review), enrols=enrols)
    return Decision(
        kind=verdict.kind,
        outcome=outcome,
        message=message,
        parts=final_parts(message.parts, documents),
        understanding=understanding,
        documents=tuple(documents),
        acknowledgement=acknowledgement(message, understanding, documents, verdict, closed=closed),
        review=review,
        why=verdict.why,
        folder=desk.folders[outcome],
    )


def outcome_of(kind: Kind, *, review: bool, enrols: bool) -> Outcome:
    if review:
        return Outcome.NEEDS_REVIEW
    if kind in CARRIES_PEOPLE and not enrols:
        return Outcome.ANSWERED  # too late, and not kept
    return OUTCOMES.get(kind, Outcome.SET_ASIDE)


def reasons_to_look(verdict: Triage, understanding: Understanding) -> tuple[str, ...]:
    """Every reason once, in the order in which they arose."""
    reasons = list(verdict.review)
    if verdict.kind in CARRIES_PEOPLE:
        reasons += understanding.doubts
        reasons += (doubt for person in understanding.people for doubt in person.doubts)
    return tuple(dict.fromkeys(reasons))


def final_parts(parts: Sequence[Part], documents: Sequence[ReadDocument]) -> tuple[Part, ...]:
    """The parts with the fate that reading gave them, and what staff should know of how it went."""
    read = {document.part_path: document for document in documents}
    return tuple(_as_read(part, read[part.path]) if part.path in read else part for part in parts)


def _as_read(part: Part, document: ReadDocument) -> Part:
    if document.text is None:
        return replace(part, fate=Fate.UNREADABLE, reason=document.unreadable or part.reason)
    return replace(part, reason="\n".join((part.reason, *notes_on(document.text))))


def notes_on(text: DocumentText) -> tuple[str, ...]:
    """What is no reason to look, but good to know: what was damaged or left out, and what its reader does not see."""
    reasons = dict.fromkeys(one.reason for one in text.hidden)
    hidden = [f"Words that its reader does not see were kept apart: {reason}." for reason in reasons]
    return (*map(_sentence, text.problems), *hidden)


def _sentence(problem: str) -> str:
    return f"{problem[:1].upper()}{problem[1:]}."


def acknowledgement(
    message: ParsedMessage,
    understanding: Understanding,
    documents: Sequence[ReadDocument],
    verdict: Triage,
    *,
    closed: bool,
) -> Acknowledgement | None:
    """The promise to answer; None where nobody may be answered."""
    if verdict.answer is None:
        return None
    taken = {path for person in understanding.people for path in person.documents}
    answered = answered_message(message, understanding.people, verdict.answer)
    name = salutation(understanding.people, verdict.answer)
    person = understanding.people[0] if name else None  # a stranger is told nothing of what a CV says
    return Acknowledgement(
        template="closed" if closed else template_for(verdict, understanding),
        to=verdict.answer,
        language=understanding.reply_language,
        name=name,
        subject=answered.subject,
        in_reply_to=answered.message_id,
        references=(*answered.references, *((answered.message_id,) if answered.message_id else ())),
        files=tuple(d.file_name for d in documents if d.part_path in taken and d.file_name),
        unreadable=tuple(d.file_name for d in documents if d.unreadable and d.file_name),
        languages=tuple((skill.code, skill.level) for skill in person.languages) if person else (),
        themes=tuple(tag.key for tag in person.themes if tag.holds) if person else (),
    )


def answered_message(message: ParsedMessage, people: Sequence[Profile], to: Address) -> ParsedMessage:
    """The message that the answer belongs to: the attached original where its sender is the one who is answered."""
    original = original_of(message, people)
    return original if original and to in (original.sender, *original.reply_to) else message


def template_for(verdict: Triage, understanding: Understanding) -> str:
    """Which folder of config/templates/ holds the wording."""
    if verdict.kind in CARRIES_PEOPLE and not understanding.people:
        return "unreadable"
    return "received" if verdict.kind is Kind.APPLICATION else verdict.kind.value


def salutation(people: Sequence[Profile], to: Address) -> str:
    """The name to greet by, empty where it is not sure that the one who is answered is the one whom the CV names."""
    if len(people) != 1 or people[0].doubts:
        return ""
    person = people[0]
    known = {word.casefold() for word in person.name.split()}
    same_name = bool(known & {word.strip(",").casefold() for word in to.name.split()})
    return person.name if same_name or to.email.lower() in person.emails else ""
