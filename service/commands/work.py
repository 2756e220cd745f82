"""`micic run`, `status` and `retry`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from domain.errors import Problem, gathered
from domain.moves import Delivery, Stage
from notifications.templates import Templates
from roster import ledger, outbox
from roster.status import Status
from roster.status import status as read_status
from service.commands.contract import DONE, NEEDS_A_PERSON
from service.commands.letters import body, write_page
from service.commands.waiting import show_waiting
from service.digesting import as_mail, digest_of, promise
from service.doctor import State, data_folder
from service.doctor_servers import database
from service.finding import File, Missed, Source, files_in, sources_in
from service.importing import Importer
from service.logs import set_logging
from service.restraints import in_words, restraints
from service.running import exclusive_pass, keep_running, process_all
from service.sending import send_all
from service.settings import Settings
from service.tokens import credentials_end
from service.wiring import now, open_house, wanted

OUT, ASIDE = Console(), Console(stderr=True)


def run_once(config: Path, environment: Mapping[str, str]) -> int:
    with open_house(config, environment) as house:
        set_logging(house.settings.logging)
        done = exclusive_pass(house)
        after = read_status(house.store, now=now())
        if house.settings.relay and house.settings.relay.dry_run:
            show_waiting(house)
    if done is None:
        return NEEDS_A_PERSON
    OUT.print(
        f"{done.fetched} new, {done.worked_on} processed, {done.filed} filed away, {done.sent} mails sent or tried"
    )
    return NEEDS_A_PERSON if stuck(after) else DONE


def run_forever(config: Path, environment: Mapping[str, str]) -> int:
    with open_house(config, environment) as house:
        set_logging(house.settings.logging)
        wanted(house.settings.mailbox, "mailbox")
        keep_running(house)
    return DONE


def send_digest(config: Path, environment: Mapping[str, str]) -> int:
    with open_house(config, environment) as house:
        queued = promise(house, moment=now())
        OUT.print("it had gone out before" if queued is None else f"mail {queued}: queued")
        send_all(house.sender())
    return DONE


def digest_of_day(config: Path, environment: Mapping[str, str], *, day: date | None, html: Path | None) -> int:
    """In the terminal, or as a page in a file."""
    moment = now()
    with open_house(config, environment) as house:
        told = digest_of(house, day or moment.astimezone(house.settings.staff.zone).date(), moment=moment)
        mail = as_mail(house, told, moment=moment)
    if html is None:
        OUT.print(body(mail, "plain"), markup=False)
    else:
        write_page(html, body(mail, "html"))
        OUT.print(f"open it in a browser: {html}", markup=False, soft_wrap=True)
    return DONE


def import_paths(paths: Sequence[Path], config: Path, environment: Mapping[str, str], *, acknowledge: bool) -> int:
    """What was entered is processed at once; mails that it promises go out with the next pass."""
    missed: list[Missed] = []
    with open_house(config, environment) as house:
        set_logging(house.settings.logging)
        house.check()
        importer = Importer(blobs=house.blobs, store=house.store, answer=acknowledge, clock=now)
        with Progress(console=ASIDE) as progress:
            total = sum(found.size for found in files_in(paths) if isinstance(found, File))
            entering = progress.add_task("making safe", total=total)
            found = readable(sources_in(paths), missed, each=lambda weight: progress.advance(entering, weight))
            ids = set(importer.take_in(found))
            working = progress.add_task("reading", total=len(ids))
            workers = [house.worker(number) for number in range(house.settings.limits.workers)]
            worked_on = process_all(workers, each=lambda: progress.advance(working))
        after = read_status(house.store, now=now())
    OUT.print(f"{len(ids)} mails and CVs, {worked_on} of them new; {after.people} people on the roster")
    waiting = after.messages[Stage.RECEIVED]
    if waiting:
        OUT.print(f"{waiting} wait to be read, since another program works on them or their next try is not due yet")
    for one in missed:
        OUT.print(f"not taken in: {one.place}: {one.reason}", markup=False, soft_wrap=True)
    return NEEDS_A_PERSON if missed or waiting or stuck(after) else DONE


def readable(
    found: Iterable[Source | Missed], missed: list[Missed], *, each: Callable[[int], object]
) -> Iterator[Source]:
    """The mails among what was found; the rest is put into `missed`. `each` is told the bytes of everything."""
    for one in found:
        if isinstance(one, Missed):
            missed.append(one)
        else:
            yield one
        each(one.weight)


def show_status(config: Path, environment: Mapping[str, str]) -> int:
    moment = now()
    with open_house(config, environment) as house:
        found = read_status(house.store, now=moment)
        settings = house.settings
        restrained = [in_words(one, settings.staff.zone) for one in restraints(house.store, settings)]
    table = Table.grid(padding=(0, 2))
    for stage, count in found.messages.items():
        table.add_row(f"messages {stage.value}", str(count))
    for state, count in found.outbox.items():
        table.add_row(f"mails {state.value.replace('_', ' ')}", str(count))
    table.add_row("people on the roster", str(found.people))
    table.add_row("settled, not filed away yet", str(found.unfiled))
    table.add_row(
        "mailbox last read to the end", found.last_pass.isoformat(" ", "seconds") if found.last_pass else "never"
    )
    for end in credentials_end(settings):
        table.add_row(f"{end.what.replace('_', ' ')} for mailbox and relay ends", end.ends.isoformat())
    OUT.print(table)
    for line in inbox_in_words(found, read_only=bool(settings.mailbox and settings.mailbox.read_only)):
        OUT.print(line, highlight=False)
    alarms = [*alarms_of(found, settings, moment=moment), *restrained, *mistakes(config)]
    for alarm in alarms:
        OUT.print(alarm, style="bold red", highlight=False)
    return NEEDS_A_PERSON if stuck(found) or alarms else DONE


def inbox_in_words(found: Status, *, read_only: bool) -> Iterator[str]:
    """What lies in the inbox, in figures that add up; where they do not, what the rest is."""
    box = found.inbox
    if box is not None:
        sum_ = f"{box.settled} settled + {box.waiting} waiting + {box.quarantined} quarantined"
        yield f"on server {box.on_server} {'=' if box.adds_up else 'is not'} {sum_}"
        if box.unknown:
            yield f"  {box.unknown} came meanwhile, or are not fetched yet: the next pass fetches them"
        if box.undelivered:
            yield f"  {box.undelivered} are listed by the server and not handed out: open them in the mailbox"
        if box.settled:
            why = (
                "mailbox.read_only is set, nothing is ever moved" if read_only else "the server has not moved them yet"
            )
            yield f"  {box.settled} are settled and still there: {why}"
    if found.failing:
        since = found.failing.since.isoformat(" ", "seconds")
        yield f"{found.failing.count} passes broke off since {since}: {found.failing.error}"
    if found.by_hand:
        yield f"in the last day {found.by_hand} were moved or deleted by somebody else; their bytes are kept"
    if found.came_back:
        yield f"in the last day {found.came_back} came again, were recognised and not processed again"


def alarms_of(found: Status, settings: Settings, *, moment: datetime) -> Iterator[str]:
    """What is red, and what to do."""
    failing = found.failing
    unread_since = found.last_pass or (failing.since if failing else None)  # None: it never ran
    if settings.mailbox and unread_since and settings.staff.overdue(unread_since, now=moment):
        yield f"the mailbox was not read for more than {settings.staff.alarm_after_minutes} minutes: run micic doctor"
    if found.undelivered_since and moment - found.undelivered_since > settings.staff.alarm_after:
        yield "the server does not hand out a message: open it in the mailbox, and move or forward it from there"
    dry = settings.relay is not None and settings.relay.dry_run
    if found.oldest_queued and not dry and moment - found.oldest_queued > settings.staff.alarm_after:
        waits = f"{found.outbox[Delivery.QUEUED]} mails wait for the relay, one for more than"
        yield f"{waits} {settings.staff.alarm_after_minutes} minutes: run micic doctor; micic outbox show says why"
    for kept in (data_folder(settings.store.data), database(settings.store.database_url, schema=None)):
        if kept.state is State.BAD:
            yield f"{kept.name}: {kept.found}; {kept.advice}"


def mistakes(config: Path) -> Iterator[str]:
    """What staff wrote into the templates and is not in force, by file and line."""
    problems: list[Problem] = []
    gathered(lambda: Templates.load(config / "templates"), problems)
    for problem in problems:
        yield f"not in force: {problem}"


def stuck(found: Status) -> bool:
    """Whether something waits that no later pass will mend."""
    mails = found.outbox
    return bool(
        found.messages[Stage.QUARANTINED]
        or mails[Delivery.UNKNOWN]
        or mails[Delivery.HELD]
        or mails[Delivery.GIVEN_UP] > found.discarded
    )


def retry_messages(ids: Sequence[int], config: Path, environment: Mapping[str, str]) -> int:
    with open_house(config, environment) as house:
        freed = ledger.retry(house.store, ids, now=now())
    for id_ in ids:
        OUT.print(f"message {id_}: " + ("will be tried again" if id_ in freed else "is not in quarantine"))
    return DONE if len(freed) == len(set(ids)) else NEEDS_A_PERSON


def retry_mails(ids: Sequence[int], config: Path, environment: Mapping[str, str]) -> int:
    """Given-up and held mails, and those that may have gone out: a person says by this that they shall go (again)."""
    with open_house(config, environment) as house:
        freed = set(outbox.retry(house.store, ids, now=now()))
        freed |= set(outbox.resolve(house.store, [id_ for id_ in ids if id_ not in freed], Delivery.QUEUED, now=now()))
    for id_ in ids:
        OUT.print(f"mail {id_}: " + ("will be sent" if id_ in freed else "does not wait for a person"))
    return DONE if len(freed) == len(set(ids)) else NEEDS_A_PERSON
