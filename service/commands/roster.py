"""`micic roster`: search, show, export, erase, reread."""

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
    from datetime import datetime

    from rich.table import Table

    from roster.erasure import Erased
    from roster.search import Found
    from service.wiring import House

NICE = 10

app = typer.Typer(help="The Expert Roster.", no_args_is_help=True)


@app.command()
def search(
    who: Annotated[str, typer.Argument(help="Words of a name (beginnings are enough), or an address.")] = "",
    text: Annotated[str, typer.Option(help="Words of the CV, in any form and order.")] = "",
    theme: Annotated[list[str] | None, typer.Option(help="A theme of the call; all that are given must hold.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="A code, or code:level, such as fr:B.")] = None,
    country: Annotated[str | None, typer.Option(help="Two letters: of residence or nationality.")] = None,
    eligible: Annotated[bool | None, typer.Option("--eligible/--not-eligible")] = None,
    due: Annotated[bool, typer.Option("--due", help="Without a CV for longer than staff.keep_months.")] = False,
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
            no_cv_since=due_before(house) if due else None,
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


def due_before(house: House) -> datetime:
    from service.wiring import now

    before = house.settings.staff.due_before(now())
    if before is None:
        raise typer.BadParameter("staff.keep_months is not set: no entry is ever due")
    return before


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
    from roster.corrections import history
    from service.commands.correcting import in_words
    from service.commands.evidence import Found, by_rule, show_tags, title
    from service.wiring import open_house

    with open_house(config, os.environ) as house, known(person):
        shown, call = people.show(house.store, person), house.desk.call
        said = history(house.store, person)
    out, facts = Console(), shown.facts
    out.print(f"[bold]{escape(facts.name)}[/]  {facts.residence or ''}  {' '.join(facts.nationalities)}")
    for contact in shown.contacts:
        came_back = f" (a mail to it came back on {contact.bounced_at:%d %b %Y})" if contact.bounced_at else ""
        out.print(f"  {contact.value}" + ("" if contact.own else " (wrote for them)") + came_back)
    for reply in shown.replies:
        subject = escape(reply.subject)
        out.print(f"  [yellow]answered us[/] on {reply.arrived_at:%d %b %Y}, message {reply.message}: {subject}")
    for spoken in shown.languages:
        out.print(f"  {spoken.code} {spoken.holds.value if spoken.holds else '-'}  {escape(spoken.claimed)}")
    show_tags(
        [
            Found(title=title(one.key, call), holds=one.holds, evidence=tuple(each.evidence for each in one.witnesses))
            for one in shown.tags
        ],
        out,
        because=by_rule,
    )
    for one in said:
        out.print(f"  [dim]{escape(in_words(one))}[/]")


@app.command()
def confirm(
    person: int,
    what: Annotated[list[str] | None, typer.Argument(help="Themes, inputs, languages; none: all that holds.")] = None,
    config: Config = HERE,
) -> None:
    """Say that what an entry shows is right. It stays so whatever rules find later."""
    from service.commands import correcting

    with known(person):
        correcting.confirm(person, what or (), config)


@app.command()
def correct(
    person: int,
    what: Annotated[list[str], typer.Argument(help="Such as return_reintegration=no fr=C de=none; =found undoes it.")],
    config: Config = HERE,
) -> None:
    """Say what is true instead. It stays so whatever rules find later."""
    from service.commands import correcting

    with known(person):
        correcting.correct(person, what, config)


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
    person: Annotated[int | None, typer.Argument(help="Number of the entry; not needed with --withdrawal.")] = None,
    withdrawal: Annotated[
        int | None, typer.Option(help="Number of the message by which the person asks for it: it is checked first.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    unproven: Annotated[
        bool, typer.Option("--unproven", help="Carry out a withdrawal that the check does not prove to be theirs.")
    ] = False,
    config: Config = HERE,
) -> None:
    """Remove a person with everything of theirs, for good."""
    import getpass

    from roster import people
    from service.wiring import open_house
    from service.withdrawing import erase as carry_out

    with open_house(config, os.environ) as house:
        id_ = person if withdrawal is None else whose(house, withdrawal, person=person, unproven=unproven)
        if id_ is None:
            raise typer.BadParameter("give the number of an entry, or --withdrawal with the number of a message")
        with known(id_):
            name = people.show(house.store, id_).facts.name
            if not yes:
                typer.confirm(f"Erase person {id_} ({name}) with their CVs, evidence and mail, for good?", abort=True)
            gone = carry_out(house, id_, actor=getpass.getuser(), asked_by=withdrawal)
    typer.echo(f"person {id_} is erased")
    for line in left_to_do(gone):
        typer.echo(line)
    if gone.shared or gone.left:
        raise typer.Exit(NEEDS_A_PERSON)


@app.command()
def reread(
    everything: Annotated[bool, typer.Option("--all", help="Also what the readers of today have read.")] = False,
    config: Config = HERE,
) -> None:
    """Read CVs of the roster again that an older version of a reader has read. It may be broken off at any time."""
    from dataclasses import replace

    from rich.console import Console
    from rich.progress import Progress

    from roster.rereading import outdated
    from service.logs import set_logging
    from service.rereading import Roster
    from service.rereading import reread as read_again
    from service.wiring import now, open_house

    with open_house(config, os.environ) as house, Progress(console=Console(stderr=True)) as progress:
        set_logging(house.settings.logging)
        house.check()
        os.nice(NICE)  # the mail that comes meanwhile goes first
        messages = outdated(house.store, None if everything else house.readers)
        task = progress.add_task("reading", total=len(messages))
        done = read_again(
            messages,
            replace(house.roster_desk, workbench=house.workbench) if everything else house.roster_desk,
            roster=Roster(store=house.store, blobs=house.blobs, clock=now),
            workers=house.settings.limits.workers,
            each=lambda: progress.advance(task),
        )
    typer.echo(f"{len(done.well)} messages read again")
    if done.missed:
        typer.echo(f"left as they were, the log says why: messages {', '.join(map(str, done.missed))}")
        raise typer.Exit(NEEDS_A_PERSON)


def whose(house: House, message: int, *, person: int | None, unproven: bool) -> int:
    """The person whose withdrawal it is, once the check is shown. Ends here where it is not sure."""
    from service.withdrawing import check

    try:
        checked = check(house, message, person=person)
    except KeyError:
        raise typer.BadParameter(f"there is no settled message {message}") from None
    if len(checked.people) != 1:
        listed = ", ".join(map(str, checked.people))
        found = f"it may be of any of these: {listed}" if listed else "nobody on the roster writes from its address"
        typer.echo(f"message {message}: {found}")
        typer.echo(f"find the entry (micic roster search), then: micic roster erase ID --withdrawal {message}")
        raise typer.Exit(NEEDS_A_PERSON)
    typer.echo(f"message {message} asks for person {checked.people[0]}:")
    for finding in checked.findings:
        typer.echo(f"  - {finding}")
    if not checked.proven and not unproven:
        typer.echo(
            "It is not proven that the person asks for it. Ask them, by an address or phone that the entry names;"
        )
        typer.echo("then give --unproven as well.")
        raise typer.Exit(NEEDS_A_PERSON)
    return checked.people[0]


def left_to_do(gone: Erased) -> Iterator[str]:
    """What only people can do."""
    if gone.folders:
        yield f"their mails still lie in the mailbox, in {', '.join(gone.folders)}: delete them there"
    if gone.shared:
        listed = ", ".join(map(str, gone.shared))
        yield f"their CV also lies in messages with CVs of others, which were kept: {listed}"
    if gone.left:
        listed = ", ".join(map(str, gone.left))
        yield f"these messages may be theirs too, or of somebody who wrote for them, and were kept: {listed}"


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
