"""`micic read`: what the program makes of mails and documents. Nothing is stored, nothing is sent."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.decision import Decision
from domain.errors import Unreadable
from domain.profile import Profile
from service.bare import as_message, is_mail
from service.pipeline import Desk, decide_alone


def read_paths(paths: Sequence[Path], desk: Desk, *, workers: int) -> Iterator[tuple[Path, Decision | Unreadable]]:
    """The decision on each file, in the order asked for; Unreadable where the mail itself cannot be taken apart."""
    with ThreadPoolExecutor(workers) as pool:
        yield from zip(paths, pool.map(lambda path: read_path(path, desk), paths), strict=True)


def read_path(path: Path, desk: Desk) -> Decision | Unreadable:
    arrived_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    try:
        with raw_mail(path) as raw:
            return decide_alone(raw, desk, arrived_at=arrived_at)
    except Unreadable as error:
        return error


@contextmanager
def raw_mail(path: Path) -> Iterator[Path]:
    """The file where it is a mail, else a mail that carries it."""
    if is_mail(path):
        yield path
        return
    with tempfile.NamedTemporaryFile(prefix="micic-", suffix=".eml") as file:
        file.write(as_message(path))
        file.flush()
        yield Path(file.name)


def reading_id(path: Path) -> str:
    """NAME of NAME/message.eml, else the file's stem."""
    return path.absolute().parent.name if path.name == "message.eml" else path.stem


def as_labels(decision: Decision) -> dict[str, Any]:
    """The decision in the form of the corpus's gold.json (tests/corpus/README.md)."""
    file_names = {part.path: part.file_name for part in decision.parts}
    return {
        "message": {
            "kind": decision.kind.value,
            "reply_language": decision.understanding.reply_language.value,
            "acknowledge": decision.acknowledgement is not None,
            "review": bool(decision.review),
            "why": "; ".join((*decision.why, *decision.review)),
        },
        "people": [person_labels(person, file_names) for person in decision.understanding.people],
    }


def person_labels(person: Profile, file_names: dict[str, str | None]) -> dict[str, Any]:
    return {
        "name": person.name,
        "emails": list(person.emails),
        "phones": list(person.phones),
        "nationalities": list(person.nationalities),
        "residence": person.residence,
        "highest_degree": person.highest_degree and person.highest_degree.value,
        "years_experience": person.years_experience,
        "languages": {skill.code: skill.level.value for skill in person.languages},
        "themes": [tag.key for tag in person.themes if tag.holds],
        "inputs": [tag.key for tag in person.inputs if tag.holds],
        "eligible": person.eligible,
        "documents": [name for path in person.documents if (name := file_names.get(path))],
    }


def unreadable_labels(error: Unreadable) -> dict[str, Any]:
    message = {"kind": "other", "reply_language": "en", "acknowledge": False, "review": True, "why": str(error)}
    return {"message": message, "people": []}
