"""`micic read`: decisions as text or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from domain.call import Call
from domain.decision import Decision
from domain.errors import Unreadable
from domain.profile import Profile
from service.commands.contract import DONE, NEEDS_A_PERSON
from service.commands.documents import show_document
from service.commands.evidence import Because, Found, by_rule, explained, show_sentences, show_tags, title
from service.reading import as_labels, read_paths, reading_id, unreadable_labels
from service.wiring import open_house

OUT, ASIDE = Console(), Console(stderr=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """What is shown besides the decision."""

    text: bool  # of each document, and what is hidden in it
    explain: bool  # the chain from the text to each tag


def read_and_show(
    paths: Sequence[Path], config: Path, environment: Mapping[str, str], *, as_json: bool, more: More
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
                show(path, decision, house.desk.call, more)
    return NEEDS_A_PERSON if failed else DONE


def labels(decision: Decision | Unreadable) -> dict[str, Any]:
    return unreadable_labels(decision) if isinstance(decision, Unreadable) else as_labels(decision)


def show(path: Path, decision: Decision | Unreadable, call: Call, more: More) -> None:
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
    because = partial(explained, texts=texts(decision)) if more.explain else by_rule
    for person in decision.understanding.people:
        show_person(person, call, because)
    if more.explain:
        OUT.print(f"[dim]rules {decision.understanding.rules_hash}[/]")
    for document in decision.documents if more.text else ():
        show_document(document, OUT)


def texts(decision: Decision) -> dict[str, str]:
    """The texts of the documents, whose characters evidence counts."""
    body = decision.understanding.body
    return {one.part_path: one.text.text for one in (*decision.documents, *([body] if body else ())) if one.text}


def show_person(person: Profile, call: Call, because: Because) -> None:
    OUT.print(f"[bold]{escape(person.name)}[/]  {' '.join(person.emails)}  {' '.join(person.phones)}")
    for doubt in person.doubts:
        OUT.print(f"  [yellow]doubtful:[/] {escape(doubt)}")
    eligible = {True: "yes", False: "no", None: "the CV does not say enough"}[person.eligible]
    OUT.print(f"  eligible: {eligible}")
    for skill in person.languages:
        OUT.print(f"  [green]{skill.code} {skill.level.value}[/]  {escape(skill.claimed)}")
        show_sentences(skill.evidence, OUT, because=because)
    tags = (*person.themes, *person.inputs)
    show_tags(
        [Found(title=title(one.key, call), holds=one.holds, evidence=(*one.evidence, *one.seen)) for one in tags],
        OUT,
        because=because,
    )
