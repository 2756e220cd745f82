"""`micic doctor`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from console.words import load_words
from domain.errors import Problem, gathered
from notifications.templates import Templates
from notifications.translations import lagging
from roster.status import status
from roster.store import HEAD, open_store
from service import doctor_dns
from service.call import load_call
from service.commands.contract import DONE, NEEDS_A_PERSON
from service.doctor import Check, Patient, Probe, State, examine
from service.doctor_console import pages
from service.doctor_sandbox import sandbox
from service.doctor_servers import probes
from service.jobs import LOAD_RULES, RulesArguments
from service.restraints import in_words, restraints
from service.sandbox import Limits, Sandbox
from service.settings import Settings
from service.wiring import now
from service.workbench import run

MARKS = {State.OK: "[green]ok[/]", State.WARNING: "[yellow]warning[/]", State.BAD: "[red]bad[/]"}
RULES_SECONDS, RULES_MEMORY = 30.0, 1024**3


def examine_and_show(config: Path, environment: Mapping[str, str]) -> int:
    """1 where something is bad."""
    moment = now()
    patient = Patient(
        config=config,
        environment=environment,
        now=moment,
        loaders={
            "templates": partial(Templates.load, config / "templates"),
            "pages": partial(load_words, config / "templates"),
            "rules": partial(load_rules, config),
        },
        more=(sandbox, partial(translations, config / "templates")),
        servers=lambda settings: (
            *probes(settings, now=moment, schema=HEAD),
            *mail_probe(settings),
            partial(pages, settings.console),
            *dns_probes(config, settings),
        ),
        last_pass=last_pass,
    )
    checks = examine(patient)
    table = Table("", "what", "found", "what to do", box=None)
    for check in checks:
        table.add_row(MARKS[check.state], escape(check.name), escape(check.found), escape(check.advice))
    Console().print(table)
    return NEEDS_A_PERSON if any(check.state is State.BAD for check in checks) else DONE


def translations(folder: Path) -> Check:
    """Whether every letter says in all languages what it says in English, as far as a program can see."""
    behind = lagging(folder)
    if behind:
        advice = "\n".join(map(str, behind))
        return Check(name="translations", state=State.WARNING, found=f"{len(behind)} lag behind", advice=advice)
    return Check(name="translations", state=State.OK, found="as many paragraphs and values as the English letters")


def mail_probe(settings: Settings) -> tuple[Probe, ...]:
    return (partial(mail_out, settings),) if settings.mailbox is not None else ()


def dns_probes(config: Path, settings: Settings) -> tuple[Probe, ...]:
    problems: list[Problem] = []  # told by the check of the call
    call = gathered(partial(load_call, config), problems)
    if call is None or settings.relay is None:
        return ()
    return doctor_dns.probes(settings.relay, call.mailbox)


def mail_out(settings: Settings) -> Check:
    """Whether mail reaches its readers, or somebody holds it, redirects it, or runs dry."""
    store = open_store(settings.store.database_url)
    try:
        found = [in_words(one, settings.staff.zone) for one in restraints(store, settings)]
    finally:
        store.close()
    if found:
        advice = "micic outbox release, or settings.yaml, once it is to end"
        return Check(name="outgoing mail", state=State.WARNING, found="; ".join(found), advice=advice)
    return Check(name="outgoing mail", state=State.OK, found="goes to its readers")


def load_rules(config: Path) -> str:
    rules = (config / "rules").absolute()
    with Sandbox(size=1, readable=[rules]) as one:
        limits = Limits(seconds=RULES_SECONDS, memory=RULES_MEMORY)
        given = RulesArguments(rules=rules, essential_languages=())
        return run(one, LOAD_RULES, given, limits)


def last_pass(settings: Settings) -> datetime | None:
    store = open_store(settings.store.database_url)
    try:
        return status(store, now=now()).last_pass
    finally:
        store.close()
