"""`micic read`: decisions as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from domain.decision import Decision
from domain.errors import Unreadable
from domain.profile import Profile
from service.commands.contract import DONE, NEEDS_A_PERSON
from service.commands.documents import show_document
from service.reading import as_labels, read_paths, reading_id, unreadable_labels
from service.wiring import open_house

OUT, ASIDE = Console(), Console(stderr=True)


def read_and_show(
    paths: Sequence[Path], config: Path, environment: Mapping[str, str], *, as_json: bool, with_text: bool
) -> int:
    """1 where some file could not be read at all."""
    failed = False
    with open_house(config, environment) as house:
        readings = read_paths(paths, house.desk, workers=house.settings.limits.workers)
        many = len(paths) > 1 and ASIDE.is_terminal
        for path, decision in track(readings, total=len(paths), console=ASIDE, disable=not many):
            failed |= isinstance(decision, Unreadable)
            if as_json:
                print(json.dumps({"id": reading_id(path)} | labels(decision), ensure_ascii=False))  # noqa: T201
            else:
                show(path, decision, with_text=with_text)
    return NEEDS_A_PERSON if failed else DONE


def labels(decision: Decision | Unreadable) -> dict[str, Any]:
    return unreadable_labels(decision) if isinstance(decision, Unreadable) else as_labels(decision)


def show(path: Path, decision: Decision | Unreadable, *, with_text: bool) -> None:
    OUT.rule(escape(str(path)))
    if isinstance(decision, Unreadable):
        OUT.print(f"cannot be read: {escape(str(decision))}")
        return
    OUT.print(f"[bold]{decision.kind.value}[/], answered in {decision.understanding.reply_language.value}")
    for why in decision.why:
        OUT.print(f"  {escape(why)}")
    for reason in decision.review:
        OUT.print(f"  [yellow]needs a person:[/] {escape(reason)}")
    parts = Table("part", "file", "type", "fate", "why", box=None)
    for part in decision.parts:
        parts.add_row(part.path, escape(part.file_name or ""), part.detected_type, part.fate.value, escape(part.reason))
    OUT.print(parts)
    for person in decision.understanding.people:
        show_person(person)
    for document in decision.documents if with_text else ():
        show_document(document, OUT)


def show_person(person: Profile) -> None:
    OUT.print(f"[bold]{escape(person.name)}[/]  {' '.join(person.emails)}  {' '.join(person.phones)}")
    eligible = {True: "yes", False: "no", None: "the CV does not say enough"}[person.eligible]
    OUT.print(f"  eligible: {eligible}")
    for skill in person.languages:
        OUT.print(f"  {skill.code} {skill.level.value}: {escape(skill.evidence[0].sentence)}")
    for tag in (*person.themes, *person.inputs):
        for evidence in tag.evidence:
            OUT.print(f"  [green]{tag.key}[/]: {escape(evidence.sentence)}")
        for evidence in tag.seen:
            OUT.print(f"  [dim]{tag.key}, not counted ({escape(evidence.reason)}): {escape(evidence.sentence)}[/]")
