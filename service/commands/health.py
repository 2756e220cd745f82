"""`micic doctor`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from notifications.templates import Templates
from roster.status import status
from roster.store import HEAD, open_store
from service.doctor import Patient, State, examine
from service.doctor_servers import probes
from service.settings import Settings
from service.wiring import now

MARKS = {State.OK: "[green]ok[/]", State.WARNING: "[yellow]warning[/]", State.BAD: "[red]bad[/]"}
DONE, NEEDS_A_PERSON = 0, 1


def examine_and_show(config: Path, environment: Mapping[str, str]) -> int:
    """1 where something is bad."""
    moment = now()
    patient = Patient(
        config=config,
        environment=environment,
        now=moment,
        loaders={"templates": partial(Templates.load, config / "templates")},
        servers=partial(probes, now=moment, schema=HEAD),
        last_pass=last_pass,
    )
    checks = examine(patient)
    table = Table("", "what", "found", "what to do", box=None)
    for check in checks:
        table.add_row(MARKS[check.state], escape(check.name), escape(check.found), escape(check.advice))
    Console().print(table)
    return NEEDS_A_PERSON if any(check.state is State.BAD for check in checks) else DONE


def last_pass(settings: Settings) -> datetime | None:
    store = open_store(settings.store.database_url)
    try:
        return status(store).last_pass
    finally:
        store.close()
