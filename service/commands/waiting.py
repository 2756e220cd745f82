"""The mails that have not gone out, and what keeps all of them."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from roster import outbox
from service.commands.letters import subject
from service.restraints import in_words, restraints
from service.wiring import House

OUT = Console()
MOST = 100


def show_waiting(house: House) -> None:
    """Also what a dry run would have sent."""
    zone = house.settings.staff.zone
    for restraint in restraints(house.store, house.settings):
        OUT.print(escape(in_words(restraint, zone)), style="bold red", highlight=False)
    mails = outbox.unsent(house.store, limit=MOST + 1)
    table = Table("mail", "state", "to", "subject", "queued", "why", box=None)
    for one in mails[:MOST]:
        queued, to = one.queued_at.astimezone(zone), ", ".join(one.mail.recipients)
        words = (to, subject(one.mail), f"{queued:%Y-%m-%d %H:%M}", one.error or "")
        table.add_row(str(one.id), one.state.value.replace("_", " "), *map(escape, words))
    OUT.print(table if mails else "nothing waits to be sent")
    if len(mails) > MOST:
        OUT.print(f"… and more than {MOST}: micic status counts them")
