"""Puts the program together: the only place that names adapters."""

from __future__ import annotations

import os
import random
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from console.links import Links, key_in
from domain.call import Call
from domain.decision import Acknowledgement, OutgoingMail
from domain.errors import ConfigProblem, Problem, gathered
from domain.links import Link
from domain.ports import AccessTokens, Mailbox, SentFolder
from intake import mailbox as imap
from intake.bearer import ByToken
from intake.blobs import FolderBlobs
from intake.clamd import Clamd
from notifications import acknowledgement, smtp
from notifications.in_force import TemplatesInForce
from notifications.reader import no_link
from notifications.templates import Templates
from roster.acquaintance import acquaintance
from roster.answers import Policy
from roster.outbox import Rate
from roster.store import Store, open_store
from service.call import load_call
from service.fetching import Fetcher
from service.held_rules import HeldRules, hold_rules
from service.in_force import keep_rules, keep_templates, kept_templates
from service.pipeline import Desk
from service.processing import Worker
from service.read_once import ReadOnce
from service.retrying import Backoff
from service.sandbox import Limits, Sandbox
from service.sending import Sender
from service.settings import FolderSettings, Login, MailboxSettings, RelaySettings, Settings, VirusScanSettings
from service.settings_loading import load_settings
from service.tokens import access_tokens
from service.workbench import SandboxWorkbench

Section = TypeVar("Section")

MIB = 1_048_576
UNDERSTAND_SECONDS = 30.0
DISK = 512 * MIB  # that reading a document or a mail may take, besides what it unpacks to
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LEASE = timedelta(minutes=2)  # held on to while the message is worked on: one that was killed is soon taken over
SENDING_LEASE = timedelta(minutes=15)  # longer than a relay may take for one mail (RFC 5321 §4.5.3.2)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class House:
    """Everything that the commands work with, made when it is first asked for."""

    config: Path
    settings: Settings
    call: Call

    @cached_property
    def store(self) -> Store:
        return open_store(self.settings.store.database_url)

    @cached_property
    def blobs(self) -> FolderBlobs:
        return FolderBlobs(self.settings.store.blob_folder)

    @cached_property
    def templates_in_force(self) -> TemplatesInForce:
        return TemplatesInForce(self.config / "templates", kept=kept_templates(self.settings.store.data))

    @property
    def templates(self) -> Templates:
        return self.templates_in_force.current

    @cached_property
    def tokens(self) -> AccessTokens | None:
        """What mailbox and relay log in with; None where neither does so by token."""
        return access_tokens(self.settings, clock=now)

    @cached_property
    def rules(self) -> HeldRules:
        return hold_rules(self.config / "rules")

    @cached_property
    def sandbox(self) -> Sandbox:
        return Sandbox(size=self.settings.limits.workers, readable=[self.rules.folder])

    @cached_property
    def workbench(self) -> SandboxWorkbench:
        return workbench(self.sandbox, self.settings, self.call, rules=self.rules.folder)

    @property
    def links(self) -> Links:
        """What signs the links of the digest, and reads them. The key is read anew each time: staff may renew it."""
        settings = self.settings
        return Links(key=key_in(settings.store.data), days=settings.console.link_days, zone=settings.staff.zone)

    def link_of(self, day: date) -> Link:
        """Addresses for the digest of that day; none where the pages cannot be reached."""
        url = self.settings.console.url
        if url is None:
            return no_link
        links = self.links
        return lambda place: f"{url}/{links.token(place, day)}"

    def check(self) -> None:
        """See whether the staff's files can be used, before anything is touched. ConfigProblem names all problems.

        Templates that were changed meanwhile take effect; where they hold a mistake, those of before stay in force, as
        rules do that were loaded once.
        Both are kept as they are in force: a start finds the templates of before, and an edit of the rules is compared.
        """
        problems: list[Problem] = []
        self.rules.refresh()
        templates = self.templates_in_force
        if gathered(templates.refresh, problems):
            keep_templates(templates.folder, self.settings.store.data, loaded=templates.loaded)
        loaded = gathered(self.workbench.load_rules, problems)
        if loaded is None or problems:
            raise ConfigProblem(*problems)
        self.rules.loaded = loaded
        keep_rules(self.rules.folder, self.settings.store.data, loaded=loaded)

    @cached_property
    def desk(self) -> Desk:
        mailbox = self.settings.mailbox
        folders = mailbox.folders if mailbox else FolderSettings()
        return Desk(
            workbench=self.workbench,
            call=self.call,
            own_addresses=frozenset({self.call.mailbox.lower()}),
            folders=folders.by_outcome(),
            scanner=scanner(self.settings.virus_scan),
        )

    @cached_property
    def readers(self) -> frozenset[str]:
        """By name and version."""
        return self.workbench.readers()

    @cached_property
    def roster_desk(self) -> Desk:
        """As `desk`, for what is kept: it knows who is on the roster, and reads the same document once."""
        extent = " ".join(f"{name}={most}" for name, most in sorted(self.workbench.read_extent.items()))
        memory = ReadOnce(workbench=self.workbench, store=self.store, extent=extent, readers=lambda: self.readers)
        return replace(self.desk, workbench=memory, knows=partial(acquaintance, self.store))

    @property
    def answers(self) -> Policy:
        answers = self.settings.answers
        return Policy(
            window=timedelta(hours=answers.window_hours),
            per_address=answers.per_address,
            span=timedelta(days=answers.per_address_days),
            per_domain=answers.per_domain,
            overall=answers.overall,
            shared_domains=frozenset(answers.shared_domains),
        )

    @property
    def backoff(self) -> Backoff:
        retry = self.settings.retry
        return Backoff(
            attempts=retry.attempts,
            first=timedelta(seconds=retry.first_seconds),
            cap=timedelta(seconds=retry.cap_seconds),
            jitter=retry.jitter,
            chance=random.random,
        )

    def worker(self, number: int) -> Worker:
        return Worker(
            owner=owner(f"worker {number}"),
            desk=self.roster_desk,
            store=self.store,
            blobs=self.blobs,
            compose=self.compose,
            answers=self.answers,
            backoff=self.backoff,
            lease=LEASE,
            clock=now,
        )

    def compose(self, promise: Acknowledgement, cause: str, moment: datetime) -> OutgoingMail:
        relay = self.settings.relay
        if not self.settings.answers.read_back:
            promise = replace(promise, languages=(), themes=())
        return acknowledgement.compose(
            promise,
            call=self.call,
            templates=self.templates,
            message_key=cause,
            now=moment,
            envelope_from=(relay.envelope_from or "") if relay else "",
        )

    def mailbox(self) -> Mailbox:
        """A connection of its own."""
        settings = wanted(self.settings.mailbox, "mailbox")
        return imap.ImapMailbox(
            mailbox_access(settings), trust=trust(settings), authenticate=authenticate(settings, self.tokens)
        )

    def fetcher(self, *, ended: Callable[[], bool] = lambda: False) -> Fetcher:
        settings = wanted(self.settings.mailbox, "mailbox")
        return Fetcher(
            mailbox=self.mailbox(),
            name=f"{settings.user}/{settings.folder}",
            folder=settings.folder,
            read_only=settings.read_only,
            blobs=self.blobs,
            store=self.store,
            batch=settings.batch,
            backoff=self.backoff,
            clock=now,
            ended=ended,
        )

    def sender(self) -> Sender:
        settings = wanted(self.settings.relay, "relay")
        return Sender(
            owner=owner("sender"),
            store=self.store,
            transport=smtp.SmtpTransport(
                relay_access(settings, self.tokens, local_name=self.call.mailbox.partition("@")[2])
            ),
            backoff=self.backoff,
            lease=SENDING_LEASE,
            clock=now,
            rates=tuple(
                Rate(most=most, within=within)
                for most, within in ((settings.per_minute, MINUTE), (settings.per_hour, HOUR))
                if most is not None
            ),
            redirect_to=settings.redirect_to,
            dry_run=settings.dry_run,
        )

    def sent_folder(self) -> SentFolder | None:
        """Where sent mail lies; None where staff name no folder."""
        mailbox, relay = self.settings.mailbox, self.settings.relay
        return sent_folder(mailbox, relay, self.tokens) if mailbox and relay else None

    def close(self) -> None:
        """End the children and let go of the database, as far as they were made."""
        for name in ("sandbox", "store", "rules"):
            if name in self.__dict__:
                getattr(self, name).close()


@contextmanager
def open_house(config: Path, environment: Mapping[str, str]) -> Iterator[House]:
    """Settings and call from the staff's folder. ConfigProblem names everything wrong in both at once."""
    problems: list[Problem] = []
    settings = gathered(partial(load_settings, config, environment), problems)
    call = gathered(partial(load_call, config), problems)
    if settings is None or call is None:
        raise ConfigProblem(*problems)
    with closing(House(config=config, settings=settings, call=call)) as house:
        yield house


def workbench(sandbox: Sandbox, settings: Settings, call: Call, *, rules: Path) -> SandboxWorkbench:
    parse, read = settings.limits.parse, settings.limits.read
    return SandboxWorkbench(
        sandbox=sandbox,
        parse_limits=Limits(seconds=parse.seconds, memory=parse.memory_mib * MIB, disk=DISK + parse.unpacked_mib * MIB),
        read_limits=Limits(seconds=read.seconds, memory=read.memory_mib * MIB),
        understand_limits=Limits(seconds=UNDERSTAND_SECONDS, memory=read.memory_mib * MIB),
        parse_extent={
            "parts": parse.parts,
            "depth": parse.depth,
            "ratio": parse.ratio,
            "unpacked": parse.unpacked_mib * MIB,
        },
        read_extent={
            "pages": read.pages,
            "recognised_pages": read.recognised_pages,
            "pages_at_once": read.pages_at_once,
        },
        rules=rules,
        essential_languages=call.essential_languages,
    )


def wanted(section: Section | None, name: str) -> Section:
    if section is None:
        raise ConfigProblem(
            Problem(
                file="config/settings.yaml",
                line=None,
                message=f"{name}.host is missing: name the server, or try `micic demo`, which brings its own",
            )
        )
    return section


def scanner(settings: VirusScanSettings) -> Clamd | None:
    address = settings.address
    return Clamd(address=address, timeout=settings.timeout_seconds) if address is not None else None


def mailbox_access(settings: MailboxSettings) -> imap.MailboxAccess:
    return imap.MailboxAccess(
        host=settings.host,
        port=settings.port,
        security=imap.Security(settings.security.value),
        user=settings.user,
        password=settings.password.get_secret_value() if settings.password else "",
        folder=settings.folder,
        read_only=settings.read_only,
        timeout=settings.timeout_seconds,
        idle_seconds=settings.idle_seconds,
    )


def sent_folder(
    mailbox: MailboxSettings, relay: RelaySettings, tokens: AccessTokens | None
) -> imap.ImapSentFolder | None:
    if relay.sent_folder is None:
        return None
    return imap.ImapSentFolder(
        access=replace(mailbox_access(mailbox), folder=relay.sent_folder),
        trust=trust(mailbox),
        authenticate=authenticate(mailbox, tokens),
    )


def authenticate(settings: MailboxSettings, tokens: AccessTokens | None) -> imap.Authenticate:
    if settings.login is Login.PASSWORD or tokens is None:
        return imap.by_password
    return ByToken(tokens)


def relay_access(settings: RelaySettings, tokens: AccessTokens | None, *, local_name: str) -> smtp.RelayAccess:
    return smtp.RelayAccess(
        host=settings.host,
        port=settings.port,
        security=smtp.Security(settings.security.value),
        trust=trust(settings),
        local_name=local_name,
        user=settings.user,
        password=settings.password.get_secret_value() if settings.password else None,
        tokens=tokens if settings.login is Login.OAUTH else None,
        timeout=settings.timeout_seconds,
    )


def trust(settings: MailboxSettings | RelaySettings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.ca_file)


def owner(role: str) -> str:
    """A name that no other worker has: machine, process, role."""
    return f"{socket.gethostname()}/{os.getpid()}/{role}"
