"""The commands. Names, meaning and JSON are a contract: docs/architecture.md.

What a command needs is imported when it runs, so that `micic --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from service.commands import outbox, roster, rules
from service.commands.contract import HERE, NEEDS_A_PERSON, WRONG_USE, Config

app = typer.Typer(
    help="Reads the mailbox of the MICIC call for experts and keeps the Expert Roster.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(roster.app, name="roster")
app.add_typer(rules.app, name="rules")
app.add_typer(outbox.app, name="outbox")


@app.command()
def run(
    config: Config = HERE,
    once: Annotated[bool, typer.Option("--once", help="Make one full pass and end.")] = False,
) -> None:
    """Read the mailbox, process, send, digest."""
    from service.commands.work import run_forever, run_once

    raise typer.Exit((run_once if once else run_forever)(config, os.environ))


@app.command()
def demo(
    config: Config = HERE,
    show: Annotated[bool, typer.Option("--show", help="Show the mails that went out in the last demo.")] = False,
    to: Annotated[str | None, typer.Option(help="With --show: only those to this address.")] = None,
    pages: Annotated[
        bool | None,
        typer.Option("--pages/--no-pages", help="Serve the pages that the digest links to; as usual in a terminal."),
    ] = None,
) -> None:
    """Show the whole chain on sample applications, with a built-in post office."""
    from service.commands.demo import demonstrate, show_letters

    if show:
        raise typer.Exit(show_letters(config, os.environ, to=to))
    wanted = sys.stdout.isatty() if pages is None else pages
    raise typer.Exit(demonstrate(config, dict(os.environ), pages=wanted))


@app.command()
def console(config: Config = HERE) -> None:
    """Serve the pages that the links of the digest lead to."""
    from service.commands.console import serve_pages

    raise typer.Exit(serve_pages(config, os.environ))


@app.command()
def digest(
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Of that day; else today.")
    ] = None,
    send: Annotated[bool, typer.Option("--send", help="Mail it to the staff, once a day.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write it as a page into this file, for a browser.")] = None,
    config: Config = HERE,
) -> None:
    """Print the staff's digest, or mail it."""
    from service.commands.work import digest_of_day, send_digest

    if send:
        raise typer.Exit(send_digest(config, os.environ))
    raise typer.Exit(digest_of_day(config, os.environ, day=day.date() if day else None, html=html))


@app.command()
def preview(
    template: Annotated[str | None, typer.Option(help="A folder of config/templates/.")] = None,
    language: Annotated[str, typer.Option(help="en, fr, es, ar or ru.")] = "en",
    case: Annotated[str, typer.Option(help="Which sample it is filled in with.")] = "full",
    html: Annotated[Path | None, typer.Option(help="Write it as a page into this file, for a browser.")] = None,
    everything: Annotated[
        Path | None, typer.Option("--all", help="Write all there is as pages into this folder, with an index.")
    ] = None,
    config: Config = HERE,
) -> None:
    """Show what our mails say, filled in with samples. Without --template: list what there is."""
    from service.commands.preview import list_all, show, show_all

    if everything is not None:
        raise typer.Exit(show_all(config, everything))
    if template is None:
        raise typer.Exit(list_all())
    raise typer.Exit(show(config, template=template, language=language, case=case, html=html))


@app.command()
def read(
    paths: Annotated[list[Path], typer.Argument(help="Mails (.eml) or documents.", exists=True, dir_okay=False)],
    config: Config = HERE,
    as_json: Annotated[bool, typer.Option("--json", help="One line a message, in the form of gold.json.")] = False,
    text: Annotated[bool, typer.Option("--text", help="Also each document's text, and what is hidden in it.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Also which words matched, where, by which rule.")] = False,
) -> None:
    """Show what the program makes of mails or documents. Nothing is stored, nothing is sent."""
    from service.commands.show import More, read_and_show

    more = More(text=text, explain=explain)
    raise typer.Exit(read_and_show(paths, config, os.environ, as_json=as_json, more=more))


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help="Mails, mbox files, Maildirs, folders, CVs.", exists=True)],
    config: Config = HERE,
    acknowledge: Annotated[bool, typer.Option("--acknowledge", help="Answer the applicants.")] = False,
) -> None:
    """Take in mails and CVs from files. Nobody is answered unless asked; repeating it changes nothing."""
    from service.commands.work import import_paths

    raise typer.Exit(import_paths(paths, config, os.environ, acknowledge=acknowledge))


@app.command()
def status(config: Config = HERE) -> None:
    """Say how far everything is."""
    from service.commands.work import show_status

    raise typer.Exit(show_status(config, os.environ))


@app.command()
def retry(
    ids: Annotated[list[int], typer.Argument(help="Numbers of messages in quarantine, or of mails with --mail.")],
    mail: Annotated[bool, typer.Option("--mail", help="Mails that were not sent, or may not have been.")] = False,
    config: Config = HERE,
) -> None:
    """Try messages again that failed, or mails that did not go out."""
    from service.commands.work import retry_mails, retry_messages

    raise typer.Exit((retry_mails if mail else retry_messages)(ids, config, os.environ))


@app.command()
def doctor(config: Config = HERE) -> None:
    """Look whether everything is there that the program needs, and say what to do where it is not."""
    from service.commands.health import examine_and_show

    raise typer.Exit(examine_and_show(config, os.environ))


def main() -> None:
    """Run a command; what went wrong is one line a problem, never a traceback, unless it is a bug."""
    from domain.errors import ConfigProblem, MicicError

    try:
        app()
    except ConfigProblem as error:
        complain(str(error))
        sys.exit(WRONG_USE)
    except MicicError as error:
        complain(str(error))
        sys.exit(NEEDS_A_PERSON)


def complain(text: str) -> None:
    for line in text.splitlines():
        typer.echo(f"micic: {line}", err=True)
