"""What one application costs, from the mailbox to the sent acknowledgement, stage by stage: CPU of all our processes.

    .venv/bin/python -m benchmarks.chain [--mails 200]

Real servers (Dovecot, Postfix), text PDF and DOCX in turn, one worker, warm: the first mails are not counted. The
servers' own work is not counted either. Figures are milliseconds of CPU a message.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from reportlab.pdfgen.canvas import Canvas

from service.processing import Worker
from service.wiring import House, open_house
from tests.servers.dovecot import dovecot
from tests.servers.environment import environment_for
from tests.servers.postfix import postfix

CONFIG = Path(__file__).parents[1] / "config"
WARM_UP = 20
DUTIES = [
    "Ran assisted voluntary return and reintegration for migrants stranded by the crisis in Libya.",
    "Trained border guards on the identification and referral of victims of trafficking.",
    "Coordinated camp management and the distribution of relief items with local authorities.",
    "Drafted contingency plans for mass arrivals at two border crossing points.",
    "Led an information campaign and a hotline for migrant workers in four languages.",
    "Wrote a study on displacement caused by floods and its effect on labour migration.",
]

OTHER = [
    "Supervised a team of seven and prepared quarterly reports for the board and for donors.",
    "Managed a budget of 1.2 million euros, including procurement, audits and staff planning.",
    "Kept contact with ministries, embassies and universities in the region.",
    "Set up a filing system and moved the office to a new building without a day of closure.",
]
GIVEN = ["Ana", "Boris", "Clara", "David", "Elena", "Farid", "Greta", "Hugo"]
FIRST = ["Nor", "Sud", "Bel", "Mar", "Tor", "Vil", "Kar", "Lin"]
LAST = ["berg", "ano", "ovic", "mann", "sson"]


def name_of(number: int) -> str:
    """Somebody invented; no two have the same name."""
    return f"{GIVEN[number % len(GIVEN)]} {FIRST[number // 8 % len(FIRST)]}{LAST[number // 64 % len(LAST)]}"


def lines_of(number: int) -> list[str]:
    """A CV of about two pages; each differs from the others."""
    lines = [
        name_of(number),
        f"expert{number:03}@example.org   +43 660 555 {number:04}",
        "",
        "Work experience",
    ]
    for post in range(8):
        begins = 2000 + 2 * post
        lines.append(f"{begins} - {begins + 1}   Programme officer, Organisation {number}-{post}, Vienna")
        lines += [DUTIES[(number + post) % len(DUTIES)], *(OTHER[(number + post + n) % len(OTHER)] for n in range(3))]
    lines += ["", "Education", "1999 Master of Laws, University of Exampleton", "", "Languages"]
    lines += [
        "English: native",
        "French: fluent",
        "Spanish: intermediate",
        "",
        "References",
        "John Sample, +43 1 555 0100",
    ]
    return lines


def as_pdf(lines: list[str]) -> bytes:
    file = BytesIO()
    canvas = Canvas(file)
    for number, line in enumerate(lines):
        if number and number % 45 == 0:
            canvas.showPage()
        canvas.drawString(50, 790 - 16 * (number % 45), line)
    canvas.save()
    return file.getvalue()


def as_docx(lines: list[str]) -> bytes:
    document, file = Document(), BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(file)
    return file.getvalue()


def application(number: int) -> bytes:
    ending, make = (("pdf", as_pdf), ("docx", as_docx))[number % 2]
    mail = EmailMessage()
    mail["From"] = f"{name_of(number)} <expert{number:03}@example.org>"
    mail["Subject"], mail["Message-ID"] = "Application", f"<{number}@example.org>"
    mail.set_content("Dear team,\n\nplease find my CV attached.\n\nKind regards\n")
    mail.add_attachment(
        make(lines_of(number)), maintype="application", subtype="octet-stream", filename=f"cv{number}.{ending}"
    )
    return mail.as_bytes()


@dataclass
class Meter:
    """CPU seconds by stage, of this process and of the sandbox child."""

    children: list[int] = field(default_factory=list)  # process ids, once they are there: to list them takes time
    spent: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def now(self) -> float:
        return time.process_time() + sum(map(seconds_of, self.children))

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        before = self.now()
        yield
        self.spent[name] += self.now() - before

    def metered(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **more: Any) -> Any:
            with self.stage(name):
                return call(*arguments, **more)

        return timed


def children_of(pid: int) -> list[int]:
    return [int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()]


def seconds_of(pid: int) -> float:
    """CPU seconds of a process with one thread, to the nanosecond (Linux)."""
    with open(f"/proc/{pid}/schedstat") as file:  # noqa: PTH123 - asked for eight times a message
        return int(file.read().split()[0]) / 1e9


@dataclass(frozen=True)
class MeteredWorkbench:
    real: Any
    meter: Meter

    def __getattr__(self, name: str) -> Any:
        return self.meter.metered(STAGES.get(name, name), getattr(self.real, name))


STAGES = {"parse": "take the mail apart", "read": "text of the document", "understand": "tokenise, match, profile"}


def metered_worker(house: House, meter: Meter) -> Worker:
    worker = house.worker(0)
    desk = replace(worker.desk, workbench=MeteredWorkbench(worker.desk.workbench, meter))  # type: ignore[arg-type]
    return replace(worker, desk=desk, compose=meter.metered("render", house.compose))


def measure(house: House, mails: int) -> tuple[dict[str, float], float]:
    """CPU milliseconds a message by stage and in all, over all mails after the first WARM_UP."""
    meter = Meter()
    fetcher, sender = house.fetcher(), house.sender()
    worker = metered_worker(house, meter)
    start, stages = 0.0, meter.spent
    with meter.stage("fetch, make durable, enter"):
        fetcher.run_pass()
    fetched = stages.pop("fetch, make durable, enter") * mails / (mails + WARM_UP)
    for number in range(mails + WARM_UP):
        if number == WARM_UP:
            stages.clear()
            meter.children = children_of(os.getpid())
            start = meter.now()
        worker.work_on_next()
    worked = meter.now() - start
    with meter.stage("send"):
        while sender.send_next() is not None:
            pass
    with meter.stage("file away"):
        fetcher.file_settled()
    for name in ("send", "file away"):
        stages[name] *= mails / (mails + WARM_UP)
    inside = sum(stages[name] for name in (*STAGES.values(), "render"))
    stages["claim, keep files, settle"] = worked - inside
    total = fetched + worked + stages["send"] + stages["file away"]
    figures = {"fetch, make durable, enter": fetched, **stages}
    return {name: 1000 * seconds / mails for name, seconds in figures.items()}, 1000 * total / mails


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=200)
    mails = parser.parse_args().mails
    with tempfile.TemporaryDirectory() as data, dovecot() as mailboxes, postfix(lmtp=mailboxes.lmtp) as relay:
        user = mailboxes.new_user()
        mailboxes.deliver(user, *(application(number) for number in range(mails + WARM_UP)))
        environment = environment_for(
            imap=mailboxes.imap, smtp=relay.port, user=user, data=Path(data), LIMITS__WORKERS="1"
        )
        with open_house(CONFIG, environment) as house:
            figures, total = measure(house, mails)
    print(f"{'stage':32}ms of CPU a message")
    for name, value in figures.items():
        print(f"{name:32}{value:8.2f}")
    print(f"{'total':32}{total:8.2f}")


if __name__ == "__main__":
    main()
