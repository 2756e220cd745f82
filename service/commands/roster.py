"""`micic roster`: search, show, export."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.errors import ConfigProblem, Problem
from service.commands.contract import HERE, NEEDS_A_PERSON, Config

if TYPE_CHECKING:  # loaded when a command needs them
    from rich.table import Table

    from roster.search import Found

app = typer.Typer(help="The Expert Roster.", no_args_is_help=True)


@app.command()
def search(
    who: Annotated[str, typer.Argument(help="Words of a name (beginnings are enough), or an address.")] = "",
    text: Annotated[str, typer.Option(help="Words of the CV, in any form and order.")] = "",
    theme: Annotated[list[str] | None, typer.Option(help="A theme of the call; all that are given must hold.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="A code, or code:level, such as fr:B.")] = None,
    country: Annotated[str | None, typer.Option(help="Two letters: of residence or nationality.")] = None,
    eligible: Annotated[bool | None, typer.Option("--eligible/--not-eligible")] = None,
    config: Config = HERE,
) -> None:
    """Find people."""
    from rich.console import Console

    from roster.search import Query
    from roster.search import search as find
    from service.wiring import open_house

    is_address = "@" in who or who.startswith("+")
    with open_house(config, os.environ) as house:
        query = Query(
            words=house.workbench.stems(text) if text else (),
            name="" if is_address else who,
            address=who if is_address else None,
            themes=tuple(theme or ()),
            languages=tuple(skill(word) for word in language or ()),
            country=country and country.upper(),
            eligible=eligible,
        )
        found = find(house.store, query)
    Console().print(people_table(found))
    if not found:
        raise typer.Exit(NEEDS_A_PERSON)


@contextmanager
def known(person: int) -> Iterator[None]:
    """Say so where nobody on the roster has the number."""
    try:
        yield
    except KeyError:
        raise typer.BadParameter(f"nobody on the roster has the number {person}") from None


def people_table(found: Iterable[Found]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    table = Table("id", "name", "lives in", "eligible", box=None)
    for person in found:
        able = {True: "yes", False: "no", None: "?"}[person.eligible]
        table.add_row(str(person.person), escape(person.name), person.residence or "", able)
    return table


def skill(word: str) -> tuple[str, Any]:
    """A language and the lowest level that will do: A where none is given."""
    from domain.profile import Level

    code, _, level = word.partition(":")
    try:
        return code.lower(), Level(level or "A")
    except ValueError:
        complaint = f"{level} is no level: write native, C, B or A, such as --language fr:B"
        raise ConfigProblem(Problem(file="--language", line=None, message=complaint)) from None


@app.command()
def show(person: int, config: Config = HERE) -> None:
    """Show an entry with the evidence for every tag."""
    from rich.console import Console
    from rich.markup import escape

    from roster import people
    from service.wiring import open_house

    with open_house(config, os.environ) as house, known(person):
        shown = people.show(house.store, person)
    out, facts = Console(), shown.facts
    out.print(f"[bold]{escape(facts.name)}[/]  {facts.residence or ''}  {' '.join(facts.nationalities)}")
    for contact in shown.contacts:
        out.print(f"  {contact.value}" + ("" if contact.own else " (wrote for them)"))
    for spoken in shown.languages:
        out.print(f"  {spoken.code} {spoken.holds.value if spoken.holds else '-'}  {escape(spoken.claimed)}")
    for tag in shown.tags:
        out.print(f"  [{'green' if tag.holds else 'dim'}]{tag.key}[/]")
        for witness in tag.witnesses:
            found = witness.evidence
            why = "" if found.counted else f" (not counted: {escape(found.reason)})"
            page = f", page {found.page}" if found.page else ""
            out.print(f"    {escape(found.sentence)} [dim]({escape(found.rule)}{page}){why}[/]")


@app.command()
def export(
    as_csv: Annotated[
        bool, typer.Option("--csv", help="A table for a spreadsheet; else one JSON object a line.")
    ] = False,
    config: Config = HERE,
) -> None:
    """Print the whole roster."""
    from roster import people
    from service.wiring import open_house

    with open_house(config, os.environ) as house:
        rows = [flat(row) for row in people.export(house.store)]
    if not as_csv:
        for row in rows:
            typer.echo(json.dumps(row, ensure_ascii=False))
        return
    writer = csv.writer(sys.stdout)
    writer.writerow(rows[0] if rows else ["id"])
    writer.writerows([plain(value) for value in row.values()] for row in rows)


@app.command()
def erase(
    person: int,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: Config = HERE,
) -> None:
    """Remove a person with everything of theirs, for good."""
    import getpass

    from roster import erasure
    from service.wiring import now, open_house

    if not yes:
        typer.confirm(f"Erase person {person} with their CVs, evidence and mail, for good?", abort=True)
    with open_house(config, os.environ) as house, known(person):
        gone = erasure.erase(house.store, person, actor=getpass.getuser(), now=now())
        for digest in gone.blobs:
            house.blobs.delete(digest)
    typer.echo(f"person {person} is erased")
    if gone.shared:
        listed = ", ".join(map(str, gone.shared))
        typer.echo(f"their CV also lies in messages with CVs of others, which were kept: {listed}")
        raise typer.Exit(NEEDS_A_PERSON)


def flat(row: Any) -> dict[str, Any]:
    facts = row.facts
    return {
        "id": facts.id,
        "name": facts.name,
        "emails": list(row.emails),
        "phones": list(row.phones),
        "nationalities": list(facts.nationalities),
        "residence": facts.residence,
        "highest_degree": facts.degree and facts.degree.value,
        "years_experience": facts.years,
        "languages": {code: level.value for code, level in row.languages.items()},
        "themes": list(row.themes),
        "inputs": list(row.inputs),
        "eligible": facts.eligible,
    }


def plain(value: Any) -> str:
    """One cell. A leading sign that a spreadsheet would take for a formula is defused."""
    if isinstance(value, dict):
        value = [f"{key}:{inner}" for key, inner in value.items()]
    text = "; ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
