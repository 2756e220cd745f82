"""The relay, spoken to by SMTP: one connection for a burst, and an exact answer to "has it been accepted?"."""

from __future__ import annotations

import logging
import re
import smtplib
import socket
import ssl
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, field
from enum import StrEnum

from domain.decision import OutgoingMail
from domain.errors import ConfigProblem, MicicError, OutcomeUnknown, Problem, Refused, RelayAway, RetryLater
from domain.ports import AccessTokens
from domain.sasl import TokenExchange, best_of

log = logging.getLogger(__name__)

SETTINGS = "config/settings.yaml"
NEEDS_LOGIN = frozenset({530, 534, 535, 538})  # RFC 4954 §6, RFC 3207 §4: true of every mail, so no fault of this one
GO_ON = 354
CHALLENGE = 334
ADDRESS = re.compile(r"[^\s<>:,;]+@[^\s<>:,;]+")


class Security(StrEnum):
    TLS = "tls"  # from the first byte, usually port 465 (RFC 8314 §3.3)
    STARTTLS = "starttls"  # required, never optional: usually port 587
    PLAIN = "plain"  # only for a relay on this machine


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayAccess:
    """How the relay is reached."""

    host: str
    port: int
    security: Security
    trust: ssl.SSLContext  # verifies the relay's certificate and name
    local_name: str  # how we greet: a domain of ours
    user: str | None = None  # None: no login
    password: str | None = field(default=None, repr=False)
    tokens: AccessTokens | None = field(default=None, repr=False)  # in place of a password
    timeout: float = 30.0  # seconds, for every step but the last
    verdict_timeout: float = 600.0  # seconds for the reply to the whole mail (RFC 5321 §4.5.3.2.6)

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"


class SmtpTransport:
    """domain.ports.Transport over SMTP. For one thread at a time.

    A mail to several (the digest) goes to those whom the relay takes: one colleague who has left must not stop it for
    all. The others are counted in the log. Where the relay takes one only later, all wait: nobody gets it twice.
    """

    def __init__(self, access: RelayAccess) -> None:
        self._access = access
        self._kept: smtplib.SMTP | None = None

    def send(self, mail: OutgoingMail) -> None:
        _check_addresses(mail)
        session = self._session()
        try:
            _hand_over_envelope(session, mail)
            _hand_over_content(session, mail, self._access.verdict_timeout)
            _set_timeout(session, self._access.timeout)
        except smtplib.SMTPServerDisconnected as gone:
            self._drop()
            raise RetryLater(f"{self._access.place} closed the connection before the mail was whole") from gone
        except OSError as broken:
            self._drop()
            raise RetryLater(
                f"connection to {self._access.place} broke before the mail was whole: {broken}"
            ) from broken
        except OutcomeUnknown:
            self._drop()
            raise

    def close(self) -> None:
        session, self._kept = self._kept, None
        if session is not None:
            try:
                session.quit()
            except OSError:
                session.close()  # it has gone by itself

    def _session(self) -> smtplib.SMTP:
        """A connection without a transaction under way: the kept one where it still answers, else a new one."""
        if self._kept is not None:
            try:
                if self._kept.docmd("RSET")[0] == 250:
                    return self._kept
            except OSError:
                pass  # relays close idle connections: no trouble, open another
            self._drop()
        try:
            self._kept = _open(self._access)
        except RetryLater as away:
            raise RelayAway(str(away), after=away.after) from away
        return self._kept

    def _drop(self) -> None:
        session, self._kept = self._kept, None
        if session is not None:
            session.close()


def _open(access: RelayAccess) -> smtplib.SMTP:
    if access.user is not None and access.security is Security.PLAIN:
        raise _misconfigured(access, "a secret is only ever sent over TLS: set security to tls or starttls")
    try:
        session = _connect(access)
    except smtplib.SMTPResponseException as no:
        raise RetryLater(f"{access.place} does not take connections: {_words(no.smtp_code, no.smtp_error)}") from no
    except ssl.SSLError as fault:
        raise _tls_trouble(access, fault) from fault
    except OSError as away:
        raise RetryLater(f"{access.place} cannot be reached: {away}") from away
    try:
        _secure_and_log_in(session, access)
    except BaseException:
        session.close()
        raise
    return session


def _connect(access: RelayAccess) -> smtplib.SMTP:
    if access.security is Security.TLS:
        session: smtplib.SMTP = smtplib.SMTP_SSL(
            access.host, access.port, access.local_name, timeout=access.timeout, context=access.trust
        )
    else:
        session = smtplib.SMTP(access.host, access.port, access.local_name, timeout=access.timeout)
    if session.sock is not None:
        # The mail and its final dot go in two writes; else the second waits for a delayed acknowledgement.
        session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return session


def _secure_and_log_in(session: smtplib.SMTP, access: RelayAccess) -> None:
    try:
        session.ehlo_or_helo_if_needed()
        if access.security is Security.STARTTLS:
            session.starttls(context=access.trust)
            session.ehlo_or_helo_if_needed()
        log_in(session, access)
    except smtplib.SMTPAuthenticationError as no:
        said = _words(no.smtp_code, no.smtp_error)
        if _later(no.smtp_code):
            raise RetryLater(f"{access.place} cannot check the login now: {said}") from no
        raise _misconfigured(access, f"the login is refused ({said}): {login_advice(access)}") from no
    except smtplib.SMTPResponseException as no:
        raise RetryLater(f"{access.place} is not ready: {_words(no.smtp_code, no.smtp_error)}") from no
    except smtplib.SMTPServerDisconnected as gone:
        raise RetryLater(f"{access.place} closed the connection before the mail") from gone
    except smtplib.SMTPException as no:
        # STARTTLS or AUTH is not on offer: another port, or somebody strips it on the way.
        raise _misconfigured(access, f"{no} Check port, security and user.") from no
    except ssl.SSLError as fault:
        raise _tls_trouble(access, fault) from fault
    except OSError as broken:
        raise RetryLater(f"connection to {access.place} broke before the mail: {broken}") from broken


def log_in(session: smtplib.SMTP, access: RelayAccess) -> None:
    """As the access says, which may be not at all. SMTPAuthenticationError where the relay refuses."""
    if access.user is None:
        return
    if access.tokens is None:
        _log_in_by_password(session, access.user, access.password or "")
        return
    token = access.tokens.token()
    try:
        _log_in_by_token(session, access, access.user, token)
    except smtplib.SMTPAuthenticationError as no:
        if _later(no.smtp_code):
            raise
        # It may have been revoked: a new one, once.
        _log_in_by_token(session, access, access.user, access.tokens.token(instead_of=token))


def login_advice(access: RelayAccess) -> str:
    """What staff should look at where the relay refuses the login."""
    if access.tokens is not None:
        return "check relay.user, and that the application may send for it: docs/mailbox-login.md"
    return "check relay.user and MICIC_RELAY__PASSWORD"


def _log_in_by_token(session: smtplib.SMTP, access: RelayAccess, user: str, token: str) -> None:
    mechanism = best_of(session.esmtp_features.get("auth", "").split())
    if mechanism is None:
        raise smtplib.SMTPNotSupportedError("the relay offers no login by token.")
    exchange = TokenExchange(mechanism=mechanism, user=user, token=token, host=access.host, port=access.port)
    # The token in a line of its own: with the command, it would often pass the longest line (RFC 4954 §4).
    code, text = session.docmd("AUTH", mechanism.value)
    for _ in range(2):  # what it wants to know, and perhaps why it refuses
        if code == CHALLENGE:
            code, text = session.docmd(b64encode(exchange.answer(_decoded(text))).decode("ascii"))
    if code != 235:
        said = f"{_words(code, text)[4:]} {exchange.refusal}".strip()
        raise smtplib.SMTPAuthenticationError(code, said)


def _decoded(challenge: bytes) -> bytes:
    try:
        return b64decode(challenge)
    except NotBase64:
        return b""


def _log_in_by_password(session: smtplib.SMTP, user: str, password: str) -> None:
    """One attempt with one mechanism: smtplib's login() tries all, which locks accounts and hides the first answer."""
    offered = session.esmtp_features.get("auth", "").upper().split()
    session.user, session.password = user, password
    if "PLAIN" in offered:
        session.auth("PLAIN", session.auth_plain)
    elif "LOGIN" in offered:
        session.auth("LOGIN", session.auth_login)
    else:
        raise smtplib.SMTPNotSupportedError("the relay offers no login by password.")


def _hand_over_envelope(session: smtplib.SMTP, mail: OutgoingMail) -> None:
    options = ""
    session.command_encoding = "ascii"
    if _needs_smtputf8(mail):
        if not session.has_extn("smtputf8"):
            raise Refused("the address has letters beyond ASCII and the relay does not support them (RFC 6531)")
        session.command_encoding = "utf-8"
        options = " BODY=8BITMIME SMTPUTF8"
    code, text = session.docmd("MAIL", f"FROM:<{mail.envelope_from}>{options}")
    if code != 250:
        hint = "" if mail.envelope_from else "; if it is the null return path that is refused, set envelope_from"
        raise _sorted_out(session, code, text, what="the sender", hint=hint)
    _name_recipients(session, mail)
    code, text = session.docmd("DATA")
    if code != GO_ON:
        raise _sorted_out(session, code, text, what="the mail")


def _name_recipients(session: smtplib.SMTP, mail: OutgoingMail) -> None:
    refusals = []
    for recipient in mail.recipients:
        code, text = session.docmd("RCPT", f"TO:<{recipient}>")
        if code in (250, 251):
            continue
        error = _sorted_out(session, code, text, what="the recipient")
        if not isinstance(error, Refused):
            raise error
        refusals.append(error)
    if len(refusals) == len(mail.recipients):
        raise refusals[0]
    for error in refusals:
        log.warning("%s goes to %d recipients fewer: %s", mail.message_id, len(refusals), error)


def _hand_over_content(session: smtplib.SMTP, mail: OutgoingMail, verdict_timeout: float) -> None:
    """Up to here nothing can have been accepted; from the final dot on it may have been (RFC 5321 §4.1.1.4)."""
    content = re.sub(rb"(?m)^\.", b"..", mail.content)
    session.send(content if content.endswith(b"\r\n") else content + b"\r\n")
    _set_timeout(session, verdict_timeout)
    try:
        session.send(b".\r\n")
        code, text = session.getreply()
    except OSError as lost:
        raise OutcomeUnknown(f"the connection died after the mail was sent: {lost}") from lost
    if 200 <= code < 300:
        return
    if 400 <= code < 600:
        raise _sorted_out(session, code, text, what="the mail")
    raise OutcomeUnknown(f"the relay answered the mail with {_words(code, text)!r}")


def _sorted_out(session: smtplib.SMTP, code: int, text: bytes, *, what: str, hint: str = "") -> MicicError:
    """The error that a reply means. None of these replies leaves the mail accepted."""
    said = _words(code, text)
    if code in NEEDS_LOGIN:
        return ConfigProblem(Problem(file=SETTINGS, line=None, message=f"the relay wants TLS or a login: {said}"))
    if 500 <= code < 600:
        return Refused(f"the relay refuses {what}: {said}{hint}")
    if not _later(code):
        session.close()  # we no longer understand each other; the next mail opens a new connection
    return RetryLater(f"the relay does not take {what} now: {said}")


def _later(code: int) -> bool:
    return 400 <= code < 500


def _words(code: int, text: bytes | str) -> str:
    """The relay's reply on one line, without addresses: errors and logs name no people."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    without = ADDRESS.sub("…", " ".join(said.split()))
    return f"{code} {without}"[:300].strip()


def _tls_trouble(access: RelayAccess, fault: ssl.SSLError) -> MicicError:
    if isinstance(fault, ssl.SSLCertVerificationError):
        return _misconfigured(access, f"its certificate cannot be trusted: {fault.verify_message}")
    if isinstance(fault, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return RetryLater(f"{access.place} broke off while TLS was being agreed")
    return _misconfigured(access, f"no TLS can be agreed ({fault.reason}): check port and security")


def _misconfigured(access: RelayAccess, message: str) -> ConfigProblem:
    return ConfigProblem(Problem(file=SETTINGS, line=None, message=f"relay {access.place}: {message}"))


def _needs_smtputf8(mail: OutgoingMail) -> bool:
    headers = mail.content.partition(b"\r\n\r\n")[0]
    return not (headers.isascii() and mail.envelope_from.isascii() and all(r.isascii() for r in mail.recipients))


def _check_addresses(mail: OutgoingMail) -> None:
    """No address may end its command early and smuggle in another."""
    if not mail.recipients:
        raise Refused("the mail has no recipient")
    for address in (mail.envelope_from, *mail.recipients):
        if re.search(r"[\x00-\x1f\x7f<>]", address):
            raise Refused("an address holds control characters or angle brackets")


def _set_timeout(session: smtplib.SMTP, seconds: float) -> None:
    if session.sock is not None:
        session.sock.settimeout(seconds)
