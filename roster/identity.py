"""Whether a CV is of somebody whom the roster knows. Unsure means no: two entries can be joined, a mixed one not.

Decision 0010 says why.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from domain.profile import Profile
from roster.tables import AddressKind, address, person

LONGEST_EMAIL = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets
LONGEST_NAME = 400  # characters that are indexed
WITH_ADDRESS = sa.select(address.c.person).where(
    address.c.kind.in_([kind.value for kind in AddressKind]),
    address.c.value.in_(sa.bindparam("values", expanding=True)),
)
WITH_NAME = sa.select(person.c.id).where(person.c.search_name == sa.bindparam("name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    person: int | None  # None: somebody new
    doubts: tuple[str, ...] = ()  # reasons for a person to look, in words for staff; ids, no names


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody on the roster who has something in common with the CV."""

    id: int
    search_name: str
    nationalities: tuple[str, ...]
    own: frozenset[str]  # addresses and phones that are theirs by their own word
    any: frozenset[str]  # and those that only wrote for them


def fold_name(name: str) -> str:
    """The words of a name without case, accents and marks, in alphabetical order: CVs write them in any order."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in bare.replace("ـ", "").replace("'", "").replace("’", "")).split()
    return " ".join(sorted(words))[:LONGEST_NAME]


def recognise(db: sa.Connection, profile: Profile, *, sender: str | None, taken: Collection[int]) -> Match:
    """Whom the CV is of. `sender` is the address that the message came from; `taken` are people whose CV stood in the
    same message already: two CVs of one message are of two people."""
    emails = {email.lower() for email in profile.emails}
    phones = set(profile.phones)
    written = sender.lower() if sender else ""
    folded = fold_name(profile.name)
    candidates = _candidates(db, emails | phones | ({written} if written else set()), folded)
    same_address = [known for known in candidates if known.own & emails]
    if same_address:
        return _by_address(same_address, folded, taken)
    same_name = [known for known in candidates if known.search_name == folded and _may_be(known, profile)]
    sure = [known for known in same_name if known.own & phones or (written and written in known.any)]
    if len(sure) == 1 and sure[0].id not in taken and " " in folded:
        return Match(person=sure[0].id)
    if same_name:
        return Match(person=None, doubts=tuple(f"may be the same person as entry {known.id}" for known in same_name))
    return Match(person=None)


def names_agree(one: str, other: str) -> bool:
    """Whether two folded names may be of one person: one is contained in the other, initials counting for words.

    Names in different scripts, and a missing name, contradict nothing.
    """
    fewer, more = sorted((one.split(), other.split()), key=len)
    if not fewer or one.isascii() != other.isascii():
        return True
    left = list(more)
    for word in sorted(fewer, key=len, reverse=True):
        fits = next((w for w in left if w == word or (1 in (len(w), len(word)) and w[0] == word[0])), None)
        if fits is None:
            return False
        left.remove(fits)
    return True


def _by_address(found: Sequence[Known], folded: str, taken: Collection[int]) -> Match:
    """An address of one's own decides, unless the names speak against it: families and agencies share addresses."""
    agreeing = [known for known in found if known.id not in taken and names_agree(known.search_name, folded)]
    if len(agreeing) == 1:
        return Match(person=agreeing[0].id)
    reason = "shares an e-mail address with entry {}: look whether they are one person"
    return Match(person=None, doubts=tuple(reason.format(known.id) for known in found))


def _may_be(known: Known, profile: Profile) -> bool:
    """Nationalities that are stated on both sides and have none in common tell namesakes apart."""
    return not (known.nationalities and profile.nationalities) or bool(
        set(known.nationalities) & set(profile.nationalities)
    )


def _candidates(db: sa.Connection, values: Collection[str], folded: str) -> list[Known]:
    # Asked one after the other: joined by OR, neither index would serve.
    ids = set(db.execute(WITH_ADDRESS, {"values": sorted(values)}).scalars()) if values else set()
    if folded:
        ids |= set(db.execute(WITH_NAME, {"name": folded}).scalars())
    if not ids:
        return []
    addresses = db.execute(
        sa.select(address.c.person, address.c.value, address.c.own).where(address.c.person.in_(sorted(ids)))
    ).all()
    all_of, own_of = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
    for found in addresses:
        all_of[found.person].add(found.value)
        if found.own:
            own_of[found.person].add(found.value)
    people = db.execute(
        sa.select(person.c.id, person.c.search_name, person.c.nationalities)
        .where(person.c.id.in_(sorted(ids)))
        .order_by(person.c.id)
    )
    return [
        Known(
            id=row.id,
            search_name=row.search_name,
            nationalities=row.nationalities,
            own=frozenset(own_of[row.id]),
            any=frozenset(all_of[row.id]),
        )
        for row in people
    ]
