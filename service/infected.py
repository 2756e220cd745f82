"""Messages in which the virus scanner finds something: nothing of them is opened, and a person decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from domain.mail import Fate, ParsedMessage, Triage
from domain.ports import VirusScanner

WHOLE = "0"  # the path of the message itself, as of a part


def infections(raw_finding: str | None, message: ParsedMessage, parts: Path, scanner: VirusScanner) -> dict[str, str]:
    """The names of the viruses by the paths of their parts.

    The raw mail was scanned before it was taken apart. Its documents are scanned again as they came out of it: the
    scanner need not understand the damaged mails and the containers that we do.
    """
    found = {} if raw_finding is None else {WHOLE: raw_finding}
    by_digest: dict[str, str | None] = {}
    for part in message.parts:
        if part.fate is not Fate.DOCUMENT:
            continue
        if part.digest not in by_digest:
            by_digest[part.digest] = scanner.scan(parts / part.digest)
        if virus := by_digest[part.digest]:
            found[part.path] = virus
    return found


def unopened(message: ParsedMessage, infected: Mapping[str, str]) -> ParsedMessage:
    """The message with no document left to open."""
    because = "Not opened, since a virus was found in the message."
    parts = tuple(
        replace(part, fate=Fate.REFUSED, reason=_told(infected[part.path]) if part.path in infected else because)
        if part.fate is Fate.DOCUMENT
        else part
        for part in message.parts
    )
    return replace(message, parts=parts)


def _told(virus: str) -> str:
    return f"Holds a virus, {virus}; never opened."


def for_a_person(verdict: Triage, message: ParsedMessage, infected: Mapping[str, str]) -> Triage:
    """Nobody is answered: mails with viruses seldom come from whom they name."""
    names = {part.path: part.file_name for part in message.parts}
    told = [f"a virus was found in {names.get(path) or 'the mail'}: {virus}" for path, virus in infected.items()]
    told.append("nothing of the message was opened and nobody was answered; do not open its files")
    return replace(verdict, answer=None, review=(*told, *verdict.review))
