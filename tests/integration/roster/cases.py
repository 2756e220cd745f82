"""Messages, people and decisions to try the roster with. All people are invented."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.decision import Claim, Decision, OutgoingMail
from domain.mail import Address, Fate, Kind, MessageKey, ParsedMessage, Part, ReplyLanguage
from domain.moves import Outcome
from domain.ports import BlobRef
from domain.profile import (
    Block,
    Degree,
    DocumentFinding,
    DocumentKind,
    DocumentText,
    Evidence,
    LanguageSkill,
    Level,
    Profile,
    ReadDocument,
    SectionKind,
    Tag,
    Understanding,
)
from roster import ledger
from roster.answers import Policy
from roster.ledger import Arrival
from roster.settlement import Settled, Terms, settle
from roster.store import Store

NOW = datetime(2018, 3, 14, 9, 26, 53, 589793, tzinfo=UTC)
LEASE = timedelta(minutes=5)
FOLDERS = {outcome: f"Folder {outcome}" for outcome in Outcome}
POLICY = Policy(
    window=timedelta(days=1),
    per_address=3,
    span=timedelta(days=30),
    per_domain=1000,
    overall=1000,
    shared_domains=frozenset({"post.example"}),
)
TERMS = Terms(folders=FOLDERS, answers=POLICY, essential_languages=("en", "fr"))
CV_TEXT = "Aïssatou Diop\nI ran assisted voluntary return from Libya.\nFrench: native. Wolof: native. English: fluent."
CV_STEMS = "aissatou diop ran assist voluntari return from libya french nativ wolof nativ english fluent"


def digest_of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def arrival(number: int, *, sender: str | None = None, name: str | None = None, at: datetime = NOW) -> Arrival:
    """The mail of that number; its bytes follow from its name."""
    return Arrival(
        key=MessageKey(mailbox="INBOX", uid_validity=7, uid=number),
        ref=BlobRef(digest=digest_of(name or f"mail {number}"), size=1000 + number),
        arrived_at=at,
        sender_key=sender,
    )


YEARS = (2005, 2017)


def evidence(sentence: str, *, counted: bool = True, text: str = CV_TEXT, path: str = "2") -> Evidence:
    start = max(text.find(sentence), 0)
    return Evidence(
        part_path=path,
        page=1,
        section=SectionKind.EXPERIENCE,
        start=start,
        end=start + len(sentence),
        sentence=sentence,
        rule="return.avr",
        counted=counted,
        reason="" if counted else "wished for",
        years=YEARS,
    )


def speaks(code: str, level: Level) -> LanguageSkill:
    return LanguageSkill(code=code, level=level, claimed=level.value, evidence=(evidence(f"{code} {level}"),))


def theme(key: str, *, holds: bool = True, strength: float = 0.5) -> Tag:
    found = (evidence("I ran assisted voluntary return from Libya."),)
    return Tag(
        key=key,
        evidence=found if holds else (),
        seen=() if holds else (evidence("I would like to work in this.", counted=False),),
        strength=strength if holds else 0.0,
    )


def profile(**changes: Any) -> Profile:
    """Aïssatou Diop, as far as she is not changed."""
    usual: dict[str, Any] = {
        "name": "Aïssatou Diop",
        "emails": ("a.diop@example.org",),
        "phones": ("+221771234567",),
        "nationalities": ("SN",),
        "residence": "SN",
        "highest_degree": Degree.MASTER,
        "years_experience": 14,
        "languages": (speaks("fr", Level.NATIVE), speaks("en", Level.C)),
        "themes": (theme("return_reintegration"), theme("crisis_migration", holds=False)),
        "inputs": (theme("training_assessment"),),
        "eligible": True,
        "documents": ("2",),
    }
    return Profile(**(usual | changes))


def parsed(*, sender: str | None = "a.diop@example.org", subject: str = "Application") -> ParsedMessage:
    return ParsedMessage(
        message_id="<1@example.org>",
        sent_at=NOW - timedelta(minutes=1),
        sender=Address(name="", email=sender) if sender else None,
        reply_to=(),
        recipients=(),
        return_path=sender,
        subject=subject,
        in_reply_to=(),
        references=(),
        headers=(),
        body="Please find attached my CV.",
        written="Please find attached my CV.",
        parts=(),
        nested=(),
        defects=(),
    )


def parts() -> tuple[Part, ...]:
    common: dict[str, Any] = {"disposition": None, "content_id": None}
    return tuple(
        Part(
            path=path,
            file_name=name,
            declared_type=kind,
            detected_type=kind,
            size=100,
            digest=digest_of(path),
            fate=fate,
            reason="as it is",
            **common,
        )
        for path, name, kind, fate in (
            ("0", None, "multipart/mixed", Fate.CONTAINER),
            ("1", None, "text/plain", Fate.BODY),
            ("2", "CV.pdf", "application/pdf", Fate.DOCUMENT),
        )
    )


def decision(*people: Profile, **changes: Any) -> Decision:
    """An application with the CVs of these people, as far as it is not changed. Its text and stems are all the same."""
    sender = changes.pop("sender", "a.diop@example.org")
    stems = changes.pop("stems", CV_STEMS)
    text = changes.pop("text", CV_TEXT)
    paths = [path for person in people for path in person.documents]
    understanding = Understanding(
        reply_language=ReplyLanguage.FR,
        language_reason="the body is French",
        documents=tuple(
            DocumentFinding(part_path=path, kind=DocumentKind.CV, language="en", stems=stems) for path in paths
        ),
        people=people,
        signals=(),
        rules_hash="rules-1",
    )
    usual: dict[str, Any] = {
        "kind": Kind.APPLICATION,
        "outcome": Outcome.ENROLLED,
        "message": parsed(sender=sender),
        "parts": parts(),
        "understanding": understanding,
        "documents": tuple(
            ReadDocument(
                part_path=path,
                file_name=f"CV {path}.pdf",
                digest=digest_of(f"document {path}"),
                text=DocumentText(blocks=tuple(Block(text=line) for line in text.split("\n")), reader="pdfium/1"),
            )
            for path in paths
        ),
        "acknowledgement": None,
        "review": (),
        "why": ("a CV is attached",),
        "folder": "Processed",
    }
    return Decision(**(usual | changes))


def answer(number: int, *, to: str = "a.diop@example.org") -> OutgoingMail:
    return OutgoingMail(
        message_id=f"<answer-{number}@roster.example>",
        envelope_from="",
        recipients=(to,),
        content=b"Subject: Received\r\n\r\nThank you.\r\n",
    )


def claim_one(store: Store, *, owner: str = "worker", now: datetime = NOW) -> Claim:
    (claimed,) = ledger.claim(store, owner=owner, now=now, lease=LEASE)
    return claimed


def take_in(
    store: Store, number: int, decided: Decision, *, now: datetime = NOW, outgoing: OutgoingMail | None = None
) -> Settled:
    """The mail of that number arrives and is settled."""
    ledger.record(store, [arrival(number, at=now)], now=now)
    return settle(store, claim_one(store, now=now), decided, outgoing, terms=TERMS, now=now)
