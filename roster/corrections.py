"""What staff say of what rules found in a CV: it holds from then on, whatever rules find later, and is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from domain.digest import Precision
from domain.errors import StaleStage
from domain.profile import INPUTS, THEMES
from roster.entries import PEOPLE, judge_eligible
from roster.store import Store, one_at_a_time
from roster.tables import LEVELS, REJECTED, About, correction, language_skill, person, tag

YES, NO = "yes", "no"  # of a tag: it holds, or it does not


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands in an entry of one thing."""

    holds: str | None  # YES or NO of a tag; a level of a language, None where it does not count
    confirmed: bool  # a person has said so


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a person says of one thing in an entry."""

    key: str  # of a theme or an input, or the code of a language
    said: str | None  # YES or NO of a tag; a level or REJECTED of a language; None: what rules find shall hold again
    seen: Standing | None = None  # what stood there when the person decided; None: whatever stands there

    @property
    def about(self) -> About:
        return About.THEME if self.key in THEMES else About.INPUT if self.key in INPUTS else About.LANGUAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A verdict as it was put down."""

    about: About
    key: str
    found: str | None  # what rules said then; None where they found no such language
    said: str | None
    at: datetime
    actor: str


def put_down(
    store: Store, id_: int, verdicts: Sequence[Verdict], *, actor: str, now: datetime, essential: Sequence[str]
) -> None:
    """Have all of it hold, and remember who said it. KeyError where nobody has this id.

    `essential`: the languages of the call that decide who is eligible. ValueError, and nothing is changed, where one
    cannot be said of what it is about; StaleStage where something else stands there than the person saw.
    """
    with store.begin() as db:
        _lock(db, id_)
        for verdict in verdicts:
            found = (_of_language if verdict.about is About.LANGUAGE else _of_tag)(db, id_, verdict)
            row = {"person": id_, "about": verdict.about.value, "key": verdict.key, "found": found}
            db.execute(sa.insert(correction).values(**row, said=verdict.said, at=now, actor=actor))
        judge_eligible(db, id_, essential)
        db.execute(sa.update(person).where(person.c.id == id_).values(updated_at=now))


def confirm(
    store: Store, id_: int, keys: Iterable[str], *, actor: str, now: datetime, essential: Sequence[str]
) -> tuple[str, ...]:
    """A person has looked: what holds is right, all of it where no keys are given. Returns the keys.

    KeyError and ValueError as above.
    """
    held = _holding(store, id_)
    wanted = tuple(dict.fromkeys(keys)) or tuple(held)
    for key in wanted:
        if key not in held:
            raise ValueError(f"{key} does not hold in this entry: correct it instead")
    verdicts = [Verdict(key=key, said=held[key]) for key in wanted]
    put_down(store, id_, verdicts, actor=actor, now=now, essential=essential)
    return wanted


def history(store: Store, id_: int) -> tuple[Said, ...]:
    """The oldest first."""
    with store.read() as db:
        rows = db.execute(sa.select(correction).where(correction.c.person == id_).order_by(correction.c.id))
        return tuple(
            Said(about=About(row.about), key=row.key, found=row.found, said=row.said, at=row.at, actor=row.actor)
            for row in rows
        )


def precision(db: sa.Connection, *, since: datetime, until: datetime) -> tuple[Precision, ...]:
    """Of what rules had found and a person looked at since then: how much was right, by theme, input and language.

    The last word on each counts. What rules had not found, and a person added, is counted apart.
    """
    last = (
        sa.select(sa.func.max(correction.c.id))
        .where(correction.c.at >= since, correction.c.at < until)
        .group_by(correction.c.person, correction.c.about, correction.c.key)
    )
    told: dict[tuple[str, str], list[int]] = {}
    rows = db.execute(sa.select(correction).where(correction.c.id.in_(last), correction.c.said.is_not(None)))
    for row in rows:
        looked_at, right, added = told.setdefault((row.about, row.key), [0, 0, 0])
        found = row.found is not None and row.found != NO
        said = row.said not in (NO, REJECTED)
        told[row.about, row.key] = [
            looked_at + found,
            right + (found and row.said == row.found),
            added + (said and not found),
        ]
    return tuple(
        Precision(key=key, language=about == About.LANGUAGE, looked_at=counts[0], right=counts[1], added=counts[2])
        for (about, key), counts in sorted(told.items(), key=lambda one: (one[0][0] == About.LANGUAGE, one[0]))
    )


def _lock(db: sa.Connection, id_: int) -> None:
    one_at_a_time(db, PEOPLE)  # a CV that is being entered may be theirs
    if db.execute(sa.select(person.c.id).where(person.c.id == id_)).scalar() is None:
        raise KeyError(id_)


def _of_tag(db: sa.Connection, id_: int, verdict: Verdict) -> str:
    """Returns what rules say of it."""
    if verdict.said not in (YES, NO, None):
        raise ValueError(f"{verdict.key} is no language: say {YES} or {NO}")
    mine = (tag.c.person == id_, tag.c.about == verdict.about.value, tag.c.key == verdict.key)
    row = db.execute(sa.select(tag).where(*mine)).one_or_none()
    _still(
        verdict,
        Standing(holds=YES if row and row.holds else NO, confirmed=row is not None and row.confirmed is not None),
    )
    found = bool(row and row.found)
    confirmed = None if verdict.said is None else verdict.said == YES
    values = {"confirmed": confirmed, "holds": found if confirmed is None else confirmed}
    if not db.execute(sa.update(tag).where(*mine).values(values)).rowcount:
        new = {"person": id_, "about": verdict.about.value, "key": verdict.key, "found": False, "strength": 0.0}
        db.execute(sa.insert(tag).values(**new, **values))
    return YES if found else NO


def _of_language(db: sa.Connection, id_: int, verdict: Verdict) -> str | None:
    """Returns the level that rules found; None where they found no such language."""
    if verdict.said is not None and verdict.said not in (*LEVELS, REJECTED):
        raise ValueError(f"{verdict.said} is no level: write native, C, B, A or {REJECTED}")
    mine = (language_skill.c.person == id_, language_skill.c.code == verdict.key)
    row = db.execute(sa.select(language_skill).where(*mine)).one_or_none()
    _still(verdict, Standing(holds=row.holds if row else None, confirmed=row is not None and row.confirmed is not None))
    found: str | None = row.found if row else None
    holds = found if verdict.said is None else verdict.said
    values = {"confirmed": verdict.said, "holds": None if holds == REJECTED else holds}
    if not db.execute(sa.update(language_skill).where(*mine).values(values)).rowcount:
        db.execute(sa.insert(language_skill).values(person=id_, code=verdict.key, claimed="", **values))
    return found


def _still(verdict: Verdict, stands: Standing) -> None:
    if verdict.seen is not None and verdict.seen != stands:
        raise StaleStage(f"something else stands there now of {verdict.key}")


def _holding(store: Store, id_: int) -> Mapping[str, str]:
    """What holds of a person, as a verdict says it."""
    with store.read() as db:
        tags = db.execute(sa.select(tag.c.key).where(tag.c.person == id_, tag.c.holds)).scalars()
        held = dict.fromkeys(sorted(tags), YES)
        spoken = sa.select(language_skill.c.code, language_skill.c.holds)
        rows = db.execute(spoken.where(language_skill.c.person == id_, language_skill.c.holds.is_not(None)))
        return held | {row.code: row.holds for row in rows.all()}
