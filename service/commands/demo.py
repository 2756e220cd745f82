"""`micic demo`: the whole chain on this machine, with a post office of its own."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Mapping
from email import policy
from email.parser import BytesParser
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from domain.errors import ConfigProblem
from domain.moves import Delivery
from roster.search import Query, search
from roster.status import status
from service.call import load_call
from service.commands.contract import DONE
from service.commands.roster import people_table
from service.consoling import listening, serve
from service.demo.post_office import PASSWORD, PostOffice, addresses, letters
from service.demo.samples import sample_mails
from service.digesting import promise
from service.running import full_pass
from service.sending import send_all
from service.settings import ConsoleSettings
from service.settings_loading import load_settings
from service.wiring import House, now, open_house

OUT = Console()
STAFF = "programme@icmpd.example"
ANY_PORT = "127.0.0.1:0"


def demonstrate(config: Path, environment: dict[str, str], *, pages: bool) -> int:
    """Deliver sample mails, make one full pass, send the digest, and say where to look.

    `pages`: then serve the pages that the digest links to, until somebody ends it.
    """
    folder = demo_folder(config, environment)
    shutil.rmtree(folder, ignore_errors=True)  # each demo begins afresh: nothing in here is anybody's
    mailbox = load_call(config).mailbox
    door = a_door() if pages else None
    url = {"MICIC_CONSOLE__URL": f"http://127.0.0.1:{door.getsockname()[1]}"} if door else {}
    with (
        PostOffice(keep=folder / "mail") as post,
        open_house(config, environment | servers(post, mailbox, folder) | url) as house,
    ):
        for raw in sample_mails(now()):
            post.deliver(mailbox, raw)
        with OUT.status("reading, tagging, answering …"):
            full_pass(house)
            promise(house, moment=now())
            send_all(house.sender())
        report(house, folder)
        if door:
            OUT.print(f"  {house.settings.console.url}           the pages that the digest links to", markup=False)
            OUT.print("\nThe pages are served until you press Ctrl-C. Look at the digest in another terminal.")
            serve(house, door)
    return DONE


def a_door() -> socket.socket:
    """The usual place for the pages, or any that is free."""
    try:
        return listening(ConsoleSettings())
    except ConfigProblem:
        return listening(ConsoleSettings(listen=ANY_PORT))


def servers(post: PostOffice, mailbox: str, folder: Path) -> dict[str, str]:
    """The settings that lead to the demo's own post office and store."""
    return {
        "MICIC_MAILBOX__HOST": "127.0.0.1",
        "MICIC_MAILBOX__PORT": str(post.imap_port),
        "MICIC_MAILBOX__SECURITY": "plain",
        "MICIC_MAILBOX__USER": mailbox,
        "MICIC_MAILBOX__PASSWORD": PASSWORD,
        "MICIC_RELAY__HOST": "127.0.0.1",
        "MICIC_RELAY__PORT": str(post.smtp_port),
        "MICIC_RELAY__SECURITY": "plain",
        "MICIC_STORE__DATA": str(folder),
        "MICIC_STORE__DATABASE": f"sqlite:///{folder / 'micic.db'}",
        "MICIC_STAFF__DIGEST_TO": STAFF,
    }


def demo_folder(config: Path, environment: Mapping[str, str]) -> Path:
    return load_settings(config, environment).store.data / "demo"


def report(house: House, folder: Path) -> None:
    found = status(house.store, now=now())
    OUT.print(people_table(search(house.store, Query())))
    OUT.print(
        f"\n{sum(found.messages.values())} mails came, {found.people} people are on the roster, "
        f"{found.outbox[Delivery.SENT]} mails went out, the digest among them."
    )
    OUT.print("\nLook further:")
    OUT.print("  .venv/bin/micic demo --show                 the mails that went out", markup=False)
    OUT.print(f"  .venv/bin/micic demo --show --to {STAFF}   the staff's digest", markup=False)
    OUT.print(f"  {folder}                  the store and the mails as files", markup=False)


def show_letters(config: Path, environment: Mapping[str, str], *, to: str | None) -> int:
    """The mails that went out in the last demo, as their readers see them."""
    keep = demo_folder(config, environment) / "mail"
    call = load_call(config).mailbox.lower()
    for address in [to] if to else [address for address in addresses(keep) if address.lower() != call]:
        for path in letters(keep, address):
            message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
            body = message.get_body(("plain", "html"))
            OUT.rule(escape(address))
            OUT.print(f"{message['subject']}\n", markup=False)
            OUT.print(body.get_content() if body else "", markup=False)
    return DONE
