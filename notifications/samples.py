"""Values that every template is tried with when it is loaded, so that a mistake shows to staff, not to applicants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from domain.call import Call
from domain.digest import (
    Credential,
    CredentialEnd,
    Digest,
    DigestEntry,
    DigestMail,
    DigestMessage,
    DigestReturn,
    Health,
    Inbox,
    Restrained,
    Restraint,
)
from domain.mail import Kind, ReplyLanguage
from domain.moves import Delivery
from domain.profile import THEMES, Level

NOW = datetime(2019, 1, 31, 7, tzinfo=UTC)
Value = str | bool | tuple[str, ...]

ACKNOWLEDGEMENT: Mapping[str, tuple[Value, ...]] = {
    "name": ("Amina Haddad", ""),
    "files": (("CV.pdf", "Publications.docx"), ()),
    "unreadable": (("scan.pdf",), ()),
    "subject": ("Expert roster", ""),
    "call": ("Call for experts",),
    "mailbox": ("experts@call.example",),
    "signature": ("The team\nThe organisation",),
    "privacy_notice": ("Your data are kept with care.",),
    "closes": ("31 January 2019", ""),
    "kept": (True, False),
}


def letters() -> dict[str, dict[str, Value]]:
    """By name: all there, each alone missing, each alone there, and nothing there."""
    full = {name: values[0] for name, values in ACKNOWLEDGEMENT.items()}
    bare = {name: values[-1] for name, values in ACKNOWLEDGEMENT.items()}
    optional = [name for name, values in ACKNOWLEDGEMENT.items() if len(values) > 1]
    one_missing = {f"without-{name}": {**full, name: bare[name]} for name in optional}
    one_there = {f"only-{name}": {**bare, name: full[name]} for name in optional}
    return {"full": full, **one_missing, **one_there, "bare": bare}


def acknowledgements() -> list[dict[str, Value]]:
    return list(letters().values())


def call() -> Call:
    in_all = dict.fromkeys(ReplyLanguage, "Sample")
    return Call(
        name=in_all,
        mailbox="experts@call.example",
        signature=in_all,
        opens=date(2016, 7, 1),
        closes=None,
        keep_after_closing=True,
        languages=tuple(ReplyLanguage),
        essential_languages=("en", "fr"),
        themes=dict.fromkeys(THEMES, in_all),
        privacy_notice=in_all,
    )


def pages() -> dict[str, Digest]:
    """By name: a day with everything in it, a day of more than is shown, and a day on which nothing happened."""
    return {"full": _digest(1), "many": _digest(70), "empty": _digest(0)}


def digests() -> list[Digest]:
    return list(pages().values())


def _digest(times: int) -> Digest:
    messages = tuple(_message(number, kind) for number, kind in enumerate((*Kind, None) * times))
    mails = tuple(
        DigestMail(outbox=number, state=state, recipients=("amina@example.org",), error="550 no such user")
        for number, state in enumerate(tuple(Delivery) * times)
    )
    return Digest(
        day=NOW.date(),
        since=NOW - timedelta(days=1),
        until=NOW,
        arrived=dict.fromkeys(Kind, times),
        entries=tuple(_entries(times)),
        review=messages,
        set_aside=messages,
        unsent=mails,
        health=_health(times),
        roster_size=times,
        roster_themes=dict.fromkeys(THEMES, times),
        roster_languages={"fr": times, "ar": times},
        returned=tuple(_return(number, answers) for number, answers in enumerate((7, None) * min(times, 1))),
        unanswered=messages[: 3 * min(times, 1)],
    )


def _entries(times: int) -> Iterator[DigestEntry]:
    kinds = (
        (False, "JO", tuple(("fr", level) for level in Level), (("crisis_migration", "A sentence."),), True),
        (True, None, (), (), None),
        (True, "TN", (("ar", Level.NATIVE),), (), False),
    )
    for number, (updated, residence, languages, themes, eligible) in enumerate(kinds * times):
        yield DigestEntry(
            person=number,
            message=number,
            name="Amina Haddad",
            updated=updated,
            residence=residence,
            languages=languages,
            themes=themes,
            eligible=eligible,
        )


def _health(times: int) -> Health:
    return Health(
        waiting=times,
        quarantined=times,
        last_pass=NOW if times else None,
        unsent=times,
        inbox=Inbox(
            on_server=5 * times, settled=times, waiting=times, quarantined=times, undelivered=times, unknown=times
        ),
        by_hand=times,
        came_back=times,
        restraints=(
            Restraint(how=Restrained.HELD, since=NOW),
            Restraint(how=Restrained.REDIRECTED, to="trial@example.org"),
            Restraint(how=Restrained.DRY_RUN),
        )
        * min(times, 1),
        faulty_templates=("config/templates/received/ru.txt:3",) * min(times, 1),
        credentials=tuple(CredentialEnd(what=what, ends=NOW.date()) for what in tuple(Credential) * min(times, 1)),
    )


def _return(number: int, answers: int | None) -> DigestReturn:
    return DigestReturn(
        message=number,
        outbox=number,
        answers=answers,
        recipients=("amina@example.org",),
        status="failed 5.1.1 550 no such user",
        for_good=answers is not None,
    )


def _message(number: int, kind: Kind | None) -> DigestMessage:
    return DigestMessage(
        message=number,
        arrived_at=NOW,
        sender="amina@example.org",
        subject="Application" if kind else "",
        kind=kind,
        reasons=("The CV is protected by a password",) if kind else (),
    )
