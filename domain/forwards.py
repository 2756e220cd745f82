"""Whose letter a forwarded application is: the attached message that its applicant wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from domain.mail import Fate, ParsedMessage
from domain.profile import Profile

_FILES = frozenset({Fate.DOCUMENT, Fate.UNREADABLE, Fate.REFUSED})
_WORDS_OF_A_NAME = 2  # shared by a sender and a CV


def original_of(message: ParsedMessage, people: Sequence[Profile]) -> ParsedMessage | None:
    """The attached message of the applicant, at whatever depth; None where the one who sent the message is answered.

    `people`: whose CVs the message carries, in order. An original without a body has nobody to answer. What somebody
    else wrote and the applicant attached (our own invitation, a reference) is no original.
    """
    attached = [inner for inner in _attached(message) if not _comes_back(inner, message)]
    files = _files(message, people[0].documents if people else ())
    if files:
        carrying = [inner for inner in attached if files & {part.digest for part in inner.parts}]
        found = carrying[-1:] or [inner for inner in attached if people and _wrote(inner, people[0])]
    else:
        found = attached[:1] + [inner for inner in _attached(attached[0]) if inner in attached] if attached else []
    innermost = found[-1] if found else None
    return innermost if innermost and innermost.written.strip() else None


def all_within(message: ParsedMessage) -> Iterator[ParsedMessage]:
    """The messages in a message, attached or forwarded inline, the innermost first."""
    for inner in message.nested:
        yield from all_within(inner)
        yield inner


def is_attached(inner: ParsedMessage) -> bool:
    """Whether it came as a message of its own; what was forwarded inline has no parts."""
    return bool(inner.parts)


def _attached(message: ParsedMessage) -> Iterator[ParsedMessage]:
    """Outermost first."""
    for inner in message.nested:
        if is_attached(inner):
            yield inner
            yield from _attached(inner)


def _comes_back(inner: ParsedMessage, outer: ParsedMessage) -> bool:
    """Whether it was written by whom the outer one is written to, or by its sender."""
    around = {one.email.lower() for one in outer.recipients} | ({outer.sender.email.lower()} if outer.sender else set())
    return inner.sender is not None and inner.sender.email.lower() in around


def _files(message: ParsedMessage, cvs: Sequence[str]) -> Set[str]:
    """Digests of the CVs; where none was read, of every file that may be one."""
    found = {part.digest for part in message.parts if part.path in cvs}
    return found or {part.digest for part in message.parts if part.fate in _FILES}


def _wrote(inner: ParsedMessage, person: Profile) -> bool:
    if inner.sender is None:
        return False
    shared = _words(inner.sender.name) & _words(person.name)
    return inner.sender.email.lower() in person.emails or len(shared) >= _WORDS_OF_A_NAME


def _words(name: str) -> Set[str]:
    return set(name.casefold().replace(",", " ").split())
