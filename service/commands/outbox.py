"""`micic outbox`: what is to go out, and the hold for all of it."""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import Annotated

import typer

from service.commands.contract import DONE, HERE, NEEDS_A_PERSON, Config

app = typer.Typer(help="Mail that is to go out.", no_args_is_help=True)


@app.callback()
def outbox() -> None:
    """Mail that is to go out."""


@app.command()
def hold(
    digests_go: Annotated[bool, typer.Option("--digests-go", help="Let the staff's digest through.")] = False,
    config: Config = HERE,
) -> None:
    """Hold all mail until it is released. What is being sent at this moment may still go."""
    from domain.moves import Delivery
    from roster.holding import hold_all
    from roster.status import status
    from service.wiring import now, open_house

    with open_house(config, os.environ) as house:
        held = hold_all(house.store, digests_go=digests_go, now=now())
        sending = status(house.store, now=now()).outbox[Delivery.SENDING]
        since = held.since.astimezone(house.settings.staff.zone)
    typer.echo(f"all mail is held since {since:%Y-%m-%d %H:%M}{', but for digests' if held.digests_go else ''}")
    if sending:
        typer.echo(f"{sending} being sent just now may still go")
    typer.echo("to let it go: micic outbox release")


@app.command()
def release(config: Config = HERE) -> None:
    """Let mail go again; it leaves with the next pass."""
    from domain.moves import Delivery
    from roster import holding
    from roster.status import status
    from service.wiring import now, open_house

    with open_house(config, os.environ) as house:
        was = holding.release(house.store)
        queued = status(house.store, now=now()).outbox[Delivery.QUEUED]
    typer.echo(f"released: {queued} go with the next pass" if was else "no mail was held")


Numbers = Annotated[list[int], typer.Argument(help="Numbers of mails, as show and the digest name them.")]


@app.command()
def discard(numbers: Numbers, config: Config = HERE) -> None:
    """Never send these: they wait, failed, or nobody knows whether they went. micic retry --mail takes it back."""
    from roster import outbox
    from service.wiring import now, open_house

    with open_house(config, os.environ) as house:
        done = outbox.discard(house.store, numbers, now=now())
    _told(numbers, done, "will not be sent", "went out, is being sent, or was discarded before")


@app.command()
def sent(numbers: Numbers, config: Config = HERE) -> None:
    """You found that these went out, though the program could not know: in the relay's log, or the reader says so."""
    from domain.moves import Delivery
    from roster import outbox
    from service.wiring import now, open_house

    with open_house(config, os.environ) as house:
        done = outbox.resolve(house.store, numbers, Delivery.SENT, now=now())
    _told(numbers, done, "counts as sent", "is not unknown")


def _told(numbers: list[int], done: Collection[int], did: str, did_not: str) -> None:
    for number in numbers:
        typer.echo(f"mail {number}: {did if number in done else did_not}")
    raise typer.Exit(DONE if set(numbers) <= set(done) else NEEDS_A_PERSON)


@app.command()
def show(
    number: Annotated[int | None, typer.Argument(help="Of a mail: show its text. Else list what has not gone.")] = None,
    config: Config = HERE,
) -> None:
    """List the mails that have not gone out, or show one mail as its reader gets it."""
    from roster.outbox import mail_of
    from service.commands.letters import in_words
    from service.commands.waiting import show_waiting
    from service.wiring import open_house

    with open_house(config, os.environ) as house:
        if number is None:
            show_waiting(house)
            raise typer.Exit(DONE)
        mail = mail_of(house.store, number)
    if mail is None:
        typer.echo(f"there is no mail {number}, or it was erased", err=True)
        raise typer.Exit(NEEDS_A_PERSON)
    typer.echo(f"To: {', '.join(mail.recipients)}")
    typer.echo(in_words(mail), nl=False)
