"""What the doctor asks of servers. Each probe ends by its time-out and changes nothing on the other side."""

from __future__ import annotations

import imaplib
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from imapclient import IMAPClient
from imapclient.exceptions import LoginError
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from domain.errors import ConfigProblem, RetryLater
from domain.ports import AccessTokens
from intake.mailbox import names_of
from notifications import smtp
from service.doctor import Check, Probe, State
from service.settings import MailboxSettings, RelaySettings, Security, Settings, VirusScanSettings
from service.tokens import CachedTokens, access_tokens, credentials_end
from service.wiring import authenticate, mailbox_access, relay_access, scanner, sent_folder

DATABASE_ADVICE = "check store.database, that it runs, and that the account of micic may write there"
LONGEST_WAIT = 10.0  # seconds, where the settings allow more
CERTIFICATE_DAYS = 21  # so many days before its end a certificate is warned of
SIGNATURE_DAYS = 7  # so old signatures of viruses are warned of
SECRET_DAYS = 30  # the same for a client's secret or refresh token, which somebody else may have to renew


def probes(settings: Settings, *, now: datetime, schema: str | None) -> tuple[Probe, ...]:
    """A probe for each server of the settings. `schema` is the newest migration; None where that is not known."""
    url = settings.store.database_url
    found: list[Probe] = [partial(database, url, schema=schema)]
    tokens = access_tokens(settings, clock=lambda: datetime.now(UTC))
    if tokens is not None:
        found.append(partial(oauth, settings, tokens, now=now))
    if settings.mailbox is not None:
        found.append(partial(mailbox, settings.mailbox, now=now, tokens=tokens))
        if settings.relay is not None and settings.relay.sent_folder is not None:
            found.append(partial(sent_mail, settings.mailbox, settings.relay, tokens=tokens))
    if settings.relay is not None:
        found.append(partial(relay, settings.relay, now=now, tokens=tokens))
    if scanner(settings.virus_scan) is not None:
        found.append(partial(virus_scan, settings.virus_scan, now=now))
    return tuple(found)


def virus_scan(settings: VirusScanSettings, *, now: datetime) -> Check:
    """Whether the virus scanner takes a file, and how old its signatures are."""
    daemon = scanner(settings.model_copy(update={"timeout_seconds": min(settings.timeout_seconds, LONGEST_WAIT)}))
    assert daemon is not None  # probes() asks only where one is configured
    try:
        daemon.scan(Path(__file__))
        version = daemon.version()
    except RetryLater as error:
        advice = "is clamd running, and does virus_scan name it? until it answers no mail is opened"
        return Check(name="virus scan", state=State.BAD, found=str(error), advice=advice)
    age = signature_age(version, now)
    if age is not None and age.days > SIGNATURE_DAYS:
        found = f"{version}: its signatures are {age.days} days old"
        return Check(name="virus scan", state=State.WARNING, found=found, advice="is freshclam running?")
    return Check(name="virus scan", state=State.OK, found=version)


def signature_age(version: str, now: datetime) -> timedelta | None:
    """None where the daemon has signatures of its operator alone, which have no date."""
    try:
        made = datetime.strptime(version.rpartition("/")[2], "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return None
    return now - made


def database(url: str, *, schema: str | None) -> Check:
    """Whether the database answers and can be written, and which migration it has. Changes nothing."""
    parsed = make_url(url)
    is_file = parsed.get_backend_name() == "sqlite"
    if is_file and parsed.database and not Path(parsed.database).exists():
        return Check(name="database", state=State.OK, found=f"{parsed.database}; made when first needed")
    options = {} if is_file else {"connect_timeout": int(LONGEST_WAIT)}
    engine = create_engine(parsed, connect_args=options)
    try:
        with engine.connect() as connection:
            product = f"{engine.dialect.name} {'.'.join(map(str, engine.dialect.server_version_info or ()))}"
            there = None
            if inspect(connection).has_table("alembic_version"):
                there = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
                connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
                connection.rollback()
    except SQLAlchemyError as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        return Check(name="database", state=State.BAD, found=reason, advice=DATABASE_ADVICE)
    finally:
        engine.dispose()
    if there is None:
        return Check(name="database", state=State.OK, found=f"{product}, empty; filled when first needed")
    if schema is not None and there != schema:
        advice = "micic run brings it up to date; where it is newer, this micic is too old"
        return Check(
            name="database", state=State.WARNING, found=f"{product}, schema {there} and not {schema}", advice=advice
        )
    return Check(name="database", state=State.OK, found=f"{product}, schema {there}")


class _Wrong(Exception):
    """What keeps a server from being used."""

    def __init__(self, found: str, advice: str) -> None:
        super().__init__(found)
        self.found = found
        self.advice = advice


def oauth(settings: Settings, tokens: CachedTokens, *, now: datetime) -> Check:
    """Whether the provider gives an access token now, whatever is kept, and when a secret must be renewed."""
    try:
        tokens.fetch_anew()
    except ConfigProblem as error:
        return Check(name="oauth", state=State.BAD, found="no access token", advice=str(error))
    except RetryLater as error:
        return Check(name="oauth", state=State.BAD, found=str(error), advice="check oauth.token_url and the network")
    ends = credentials_end(settings)
    if not ends:
        advice = "" if settings.oauth.refresh_token else "note the day on which the secret ends as oauth.secret_ends"
        return Check(name="oauth", state=State.OK, found="an access token was given", advice=advice)
    soonest = ends[0]
    days = (soonest.ends - now.astimezone(settings.staff.zone).date()).days
    found = f"an access token was given; the {soonest.what.replace('_', ' ')} ends on {soonest.ends}"
    if days > SECRET_DAYS:
        return Check(name="oauth", state=State.OK, found=found)
    state = State.WARNING if days > 0 else State.BAD
    return Check(name="oauth", state=state, found=found, advice="renew it: docs/mailbox-login.md")


def mailbox(settings: MailboxSettings, *, now: datetime, tokens: AccessTokens | None = None) -> Check:
    """Whether the IMAP server can be reached, lets us in, and has the folder."""
    return _checked("mailbox", partial(_look_into_mailbox, settings, now, tokens))


def relay(settings: RelaySettings, *, now: datetime, tokens: AccessTokens | None = None) -> Check:
    """Whether the SMTP server can be reached, lets us in, and takes our return path. No mail is sent."""
    return _checked("relay", partial(_greet_relay, settings, now, tokens))


def _checked(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except _Wrong as wrong:
        return Check(name=name, state=State.BAD, found=wrong.found, advice=wrong.advice)
    except ConfigProblem as error:
        found, advice = "the login by token fails", str(error)
    except RetryLater as error:
        found, advice = f"no access token: {error}", "check oauth.token_url and the network"
    except ssl.SSLCertVerificationError as error:
        found = f"its certificate is not accepted: {error.verify_message}"
        advice = f"check {name}.host; for a certificate of your own authority set {name}.ca_file"
    except ssl.SSLError as error:
        found = f"no TLS: {error.reason or error}"
        advice = f"check {name}.port and {name}.security"
    except socket.gaierror:
        found, advice = "no server of that name is known", f"check {name}.host and the network"
    except TimeoutError:
        found, advice = "it does not answer", f"check {name}.host, {name}.port and the firewall"
    except (OSError, imaplib.IMAP4.error, smtplib.SMTPException) as error:
        found = f"cannot be used: {' '.join(str(error).split()) or type(error).__name__}"
        advice = f"check {name}.host, {name}.port and {name}.security"
    return Check(name=name, state=State.BAD, found=found, advice=advice)


def _look_into_mailbox(settings: MailboxSettings, now: datetime, tokens: AccessTokens | None) -> Check:
    with _imap(settings) as session:
        certificate = _certificate(session.socket(), now)
        try:
            authenticate(settings, tokens)(session, mailbox_access(settings))
        except LoginError:
            advice = "check mailbox.user and MICIC_MAILBOX__PASSWORD"
            raise _Wrong(f"{settings.host} refuses the login", advice) from None
        folder = names_of(session).spelled(settings.folder)
        if not session.folder_exists(folder):
            raise _Wrong(f"there is no folder {settings.folder}", "check mailbox.folder")
        waiting = session.select_folder(folder, readonly=True)[b"EXISTS"]
    return _reached("mailbox", f"{settings.host}, {waiting} waiting in {settings.folder}", certificate)


def sent_mail(mailbox: MailboxSettings, relay: RelaySettings, *, tokens: AccessTokens | None = None) -> Check:
    """Whether the folder of sent mail is there, and takes copies where it is to get them."""
    settings = mailbox.model_copy(update={"timeout_seconds": min(mailbox.timeout_seconds, LONGEST_WAIT)})
    folder = sent_folder(settings, relay, tokens)
    assert folder is not None  # probes() asks only where one is named
    try:
        takes_copies = folder.takes_copies()
    except (ConfigProblem, RetryLater) as error:
        advice = "name relay.sent_folder as the mailbox's own programs show it, or make the folder"
        return Check(name="sent mail", state=State.BAD, found=str(error), advice=advice)
    if relay.keep_sent and not takes_copies:
        advice = "let the account write there, or set relay.keep_sent to false"
        return Check(name="sent mail", state=State.BAD, found=f"{relay.sent_folder} takes no copies", advice=advice)
    kept = ", gets a copy of each mail" if relay.keep_sent else ""
    return Check(name="sent mail", state=State.OK, found=f"lies in {relay.sent_folder}{kept}")


@contextmanager
def _imap(settings: MailboxSettings) -> Iterator[IMAPClient]:
    trust, wait = _trust(settings), min(settings.timeout_seconds, LONGEST_WAIT)
    tls = settings.security is Security.TLS
    session = IMAPClient(settings.host, settings.port, ssl=tls, ssl_context=trust if tls else None, timeout=wait)
    try:
        if settings.security is Security.STARTTLS:
            session.starttls(trust)
        yield session
    finally:
        session.shutdown()


def _greet_relay(settings: RelaySettings, now: datetime, tokens: AccessTokens | None) -> Check:
    with _smtp(settings) as session:
        certificate = _certificate(session.sock, now)
        access = relay_access(settings, tokens, local_name=session.local_hostname)
        try:
            smtp.log_in(session, access)
        except smtplib.SMTPAuthenticationError:
            raise _Wrong(f"{settings.host} refuses the login", smtp.login_advice(access)) from None
        code, _ = session.mail(settings.envelope_from or "")
        session.rset()
    if code != 250:
        wanted = settings.envelope_from or "the null return path"
        advice = "set relay.envelope_from to an address that the relay takes"
        return Check(name="relay", state=State.BAD, found=f"{settings.host} refuses {wanted}", advice=advice)
    return _reached("relay", settings.host, certificate)


@contextmanager
def _smtp(settings: RelaySettings) -> Iterator[smtplib.SMTP]:
    trust, wait = _trust(settings), min(settings.timeout_seconds, LONGEST_WAIT)
    if settings.security is Security.TLS:
        session: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, context=trust, timeout=wait)
    else:
        session = smtplib.SMTP(settings.host, settings.port, timeout=wait)
    try:
        if settings.security is Security.STARTTLS:
            session.starttls(context=trust)
        session.ehlo_or_helo_if_needed()
        yield session
    finally:
        session.close()


def _trust(settings: MailboxSettings | RelaySettings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=settings.ca_file)


def _certificate(connection: object, now: datetime) -> int | None:
    """Days until the server's certificate ends; None without TLS."""
    if not isinstance(connection, ssl.SSLSocket):
        return None
    ends = str((connection.getpeercert() or {})["notAfter"])
    return (datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) - now).days


def _reached(name: str, found: str, certificate: int | None) -> Check:
    if certificate is None:
        return Check(name=name, state=State.OK, found=found)
    found = f"{found}; its certificate ends in {certificate} days"
    if certificate < CERTIFICATE_DAYS:
        return Check(name=name, state=State.WARNING, found=found, advice="have the server's certificate renewed")
    return Check(name=name, state=State.OK, found=found)
