"""Days that the digest is tried with when it is loaded, and that `micic preview` shows. All people are invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import Any, TypeVar

from domain.digest import (
    Credential,
    CredentialEnd,
    Digest,
    DigestEntry,
    DigestMail,
    DigestMessage,
    DigestReturn,
    Due,
    Health,
    Inbox,
    Precision,
    Restrained,
    Restraint,
    RulesInForce,
)
from domain.mail import Kind
from domain.moves import Delivery
from domain.profile import THEMES, Level
from notifications.samples import NOW

T = TypeVar("T")
MANY = 200  # entries of a day on which everybody wrote

ENTRIES = (
    DigestEntry(
        person=112,
        message=412,
        name="Adaeze Nwokeabia",
        updated=False,
        residence="NG",
        languages=(("en", Level.NATIVE), ("fr", Level.B), ("ha", Level.A)),
        themes=(
            ("crisis_migration", "Led the evacuation of 1,200 stranded migrant workers from Benghazi to the border."),
            ("emergency_consular_affairs", "Set up the consular crisis cell of the embassy in Tripoli (2011)."),
        ),
        eligible=True,
    ),
    DigestEntry(
        person=57,
        message=413,
        name="Étienne Kouamélan-Bertin",
        updated=True,
        residence="CI",
        languages=(("fr", Level.NATIVE), ("en", Level.C), ("dyu", Level.UNKNOWN)),
        themes=(
            ("return_reintegration", "Responsable du programme de retour volontaire assisté, Abidjan (2012–2015)."),
            ("counter_trafficking", "Formation de 240 agents à l’identification des victimes de la traite."),
        ),
        eligible=True,
    ),
    DigestEntry(
        person=113,
        message=414,
        name="هدى الزيتوني المرزوقي",
        updated=False,
        residence="TN",
        languages=(("ar", Level.NATIVE), ("fr", Level.B)),
        themes=(("humanitarian_border_management", "أشرفت على استقبال العائدين في معبر رأس جدير الحدودي (2011)."),),
        eligible=False,
    ),
    DigestEntry(
        person=114,
        message=415,
        name="Мария Лебедева-Сотник",
        updated=False,
        residence="KG",
        languages=(("ru", Level.NATIVE), ("en", Level.UNKNOWN)),
        themes=(("disaster_preparedness", "Разработала план действий при землетрясении для трудовых мигрантов."),),
        eligible=None,
        notes=(("cv.pdf", "The file is damaged: what is left of it was read."),),
    ),
    DigestEntry(
        person=115,
        message=416,
        name="Lucía Quiroga Maldonado",
        updated=False,
        residence="CO",
        languages=(("es", Level.NATIVE), ("en", Level.C)),
        themes=(
            ("migrant_communication_outreach", "Dirigió campañas de información para migrantes en la frontera norte."),
            ("humanitarian_action", "Coordinadora de albergues para 3.000 personas desplazadas."),
        ),
        eligible=True,
    ),
    DigestEntry(
        person=116, message=417, name="", updated=False, residence=None, languages=(), themes=(), eligible=None
    ),
)


def _message(number: int, kind: Kind | None, sender: str, subject: str, *reasons: str) -> DigestMessage:
    arrived_at = NOW - timedelta(minutes=7 * (number % 180))
    return DigestMessage(
        message=number, arrived_at=arrived_at, sender=sender, subject=subject, kind=kind, reasons=reasons
    )


# As the program says them: config/templates/digest/remarks.yaml.
NO_NAME = "The CV names nobody; the name comes from the message."
LOCKED = "An application without a CV that can be read. Not readable: CV.pdf."
QUESTION = "It asks a question. Its text says: “¿Sigue abierta la convocatoria?”"
AUTOMATIC = "Auto-Submitted says auto-replied (RFC 3834 §5)."
SENT_BEFORE = "the same answer was sent to this address shortly before (mail 297)"

REVIEW = (
    _message(418, None, "b.traore@example.org", "Candidature – liste d’experts", "the document took more memory"),
    _message(
        419, Kind.WITHDRAWAL, "j.lindholm@example.com", "Please remove me", "Its text says: “Please delete my CV.”"
    ),
    _message(417, Kind.APPLICATION, "consultancy@example.net", "CV", NO_NAME),
    _message(420, Kind.APPLICATION, "s.haddad@example.org", "طلب ترشح", LOCKED),
    _message(421, Kind.UPDATE, "maria@example.org", "Updated CV", "may be the same person as entry 12"),
    _message(422, Kind.ENQUIRY, "lucas.perez@example.com", "¿Sigue abierta la convocatoria?", QUESTION),
)
SET_ASIDE = (
    _message(
        430,
        Kind.OTHER,
        "press@example.com",
        "Invitation: regional forum on migration",
        "Nothing in it speaks of an application.",
    ),
    _message(
        431, Kind.SPAM, "offers@example.net", "Your website could rank higher", "Its text says: “We offer a service.”"
    ),
    _message(432, Kind.SPAM, "win@example.net", "", "It was sent to many at once."),
    _message(
        433,
        Kind.BOUNCE,
        "mailer-daemon@example.org",
        "Undelivered Mail Returned to Sender",
        "A delivery report (RFC 3464).",
    ),
    _message(434, Kind.AUTO_REPLY, "a.dupont@example.org", "Réponse automatique : absence", AUTOMATIC),
    _message(435, Kind.AUTO_REPLY, "desk@example.com", "[#88121] We have received your request"),
)
UNANSWERED = (_message(440, Kind.APPLICATION, "amina@example.org", "CV (again)", SENT_BEFORE),)
UNSENT = (
    DigestMail(outbox=301, state=Delivery.UNKNOWN, recipients=("adaeze@example.org",), error="the line was cut"),
    DigestMail(outbox=302, state=Delivery.GIVEN_UP, recipients=("old@example.org",), error="550 5.1.1 no such user"),
    DigestMail(outbox=303, state=Delivery.HELD, recipients=("maria@example.org",), error=""),
)
RETURNED = (
    DigestReturn(
        message=433,
        outbox=298,
        answers=405,
        recipients=("left@example.org",),
        status="5.1.1 550 no such user",
        for_good=True,
    ),
    DigestReturn(
        message=436, outbox=290, answers=None, recipients=("colleague@example.org",), status="", for_good=False
    ),
)
TROUBLED = Health(
    waiting=1,
    quarantined=1,
    last_pass=NOW,
    unsent=2,
    inbox=Inbox(on_server=5, settled=1, waiting=1, quarantined=1, undelivered=1, unknown=1),
    by_hand=1,
    came_back=1,
    restraints=(
        Restraint(how=Restrained.HELD, since=NOW),
        Restraint(how=Restrained.REDIRECTED, to="trial@example.org"),
        Restraint(how=Restrained.DRY_RUN),
    ),
    faulty_templates=("config/templates/received/ru.txt:3",),
    rules=RulesInForce(hash="9f2c51d07a3e" + 52 * "0", since=None),
    due=Due(months=24, entries=7),
    credentials=tuple(CredentialEnd(what=what, ends=NOW.date()) for what in Credential),
)
CALM = Health(
    waiting=0,
    quarantined=0,
    last_pass=NOW,
    unsent=0,
    inbox=Inbox(on_server=0, settled=0, waiting=0, quarantined=0),
    rules=RulesInForce(hash="9f2c51d07a3e" + 52 * "0", since=NOW - timedelta(days=12)),
)
PRECISION = (
    Precision(key="crisis_migration", language=False, looked_at=12, right=11, added=0),
    Precision(key="return_reintegration", language=False, looked_at=9, right=8, added=2),
    Precision(key="fr", language=True, looked_at=4, right=4, added=0),
)


def pages() -> Mapping[str, Digest]:
    """By name: with everything there can be, a common day, a single entry, more than is shown, nothing at all."""
    return {"full": _full(), "day": _day(), "one": _one(), "many": _many(), "empty": _empty()}


def _full() -> Digest:
    return _digest(
        since=NOW - timedelta(days=3),
        arrived={kind: 1 + number % 5 for number, kind in enumerate(Kind)},
        entries=ENTRIES,
        review=REVIEW,
        set_aside=SET_ASIDE,
        unsent=UNSENT,
        returned=RETURNED,
        unanswered=UNANSWERED,
        health=TROUBLED,
        answered={Kind.APPLICATION: 5, Kind.UPDATE: 1, Kind.ENQUIRY: 1},
        precision=PRECISION,
        erased=1,
    )


def _day() -> Digest:
    return _digest(
        arrived={
            Kind.APPLICATION: 5,
            Kind.UPDATE: 1,
            Kind.WITHDRAWAL: 1,
            Kind.ENQUIRY: 1,
            Kind.SPAM: 2,
            Kind.BOUNCE: 1,
        },
        entries=ENTRIES[:5],
        review=REVIEW[1:3],
        set_aside=SET_ASIDE[:4],
        health=CALM,
        answered={Kind.APPLICATION: 5, Kind.UPDATE: 1},
    )


def _one() -> Digest:
    return _digest(arrived={Kind.APPLICATION: 1}, entries=ENTRIES[:1], health=CALM, answered={Kind.APPLICATION: 1})


def _many() -> Digest:
    return _digest(
        arrived={kind: 10 + 20 * number for number, kind in enumerate(Kind)},
        entries=_repeated(ENTRIES, MANY),
        review=_repeated(REVIEW, MANY),
        set_aside=_repeated(SET_ASIDE, MANY),
        unsent=_repeated(UNSENT, MANY),
        returned=_repeated(RETURNED, MANY),
        unanswered=_repeated(UNANSWERED, MANY),
        health=TROUBLED,
        answered={Kind.APPLICATION: MANY},
    )


def _empty() -> Digest:
    return _digest(health=replace(CALM, last_pass=None, inbox=None, rules=None), roster=0)


def _digest(*, since: datetime = NOW - timedelta(days=1), roster: int = 900, **told: Any) -> Digest:
    """What is not told has not happened; figures of the roster by its size."""
    quiet: dict[str, Any] = {"arrived": {}, "entries": (), "review": (), "set_aside": (), "unsent": ()}
    figures = {
        "roster_size": roster,
        "roster_themes": {key: roster * 6 // (10 + 7 * n) for n, key in enumerate(THEMES)} if roster else {},
        "roster_languages": {
            code: roster // (2 + n) for n, code in enumerate(("en", "fr", "ar", "es", "ru", "pt", "tr")) if roster
        },
        "arrived_by_day": {
            NOW.date() - timedelta(days=back): (back * 37 % 23) * roster // 900 for back in range(28, 0, -1)
        },
        "answer_times": tuple(timedelta(seconds=7 * n * n) for n in range(1, 1 + roster // 10)),
    }
    return Digest(day=NOW.date(), since=since, until=NOW, **(quiet | figures | told))


def _repeated(some: Sequence[T], times: int) -> tuple[T, ...]:
    return tuple(islice(cycle(some), times))
