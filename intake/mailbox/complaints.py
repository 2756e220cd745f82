"""What the library raises, in one line for people: what, where, what to do."""

from __future__ import annotations

import imaplib
import socket
import ssl

from imapclient.exceptions import CapabilityError, LoginError

from domain.errors import ConfigProblem, Problem, RetryLater

SETTINGS = "config/settings.yaml"  # what a person must change where the mailbox cannot be used
# The line broke or its bytes were spoilt, whatever the settings say.
BROKEN = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
SPOILT = ("DECRYPTION_FAILED_OR_BAD_RECORD_MAC", "BAD_RECORD_TYPE", "UNEXPECTED_RECORD")
BUSY = ("[UNAVAILABLE]", "[LIMIT]", "[INUSE]", "[SERVERBUG]", "[THROTTLED]")


def misconfigured(message: str) -> ConfigProblem:
    return ConfigProblem(Problem(file=SETTINGS, line=None, message=message))


def explained(error: Exception, *, host: str, port: int, timeout: float) -> ConfigProblem | RetryLater:
    """ConfigProblem where a person must change something, RetryLater where trying again may help."""
    where = f"{host}:{port}"
    wrong = _what_is_wrong(error, host, where)
    return misconfigured(wrong) if wrong else RetryLater(_what_is_away(error, where, timeout))


def is_busy(error: Exception) -> bool:
    """The server's own codes for a refusal that passes (RFC 5530 §3), and the one of Microsoft and Google."""
    return any(code in str(error).upper() for code in BUSY)


def _what_is_wrong(error: Exception, host: str, where: str) -> str | None:
    match error:
        case ssl.SSLCertVerificationError():
            return (
                f"the certificate of {where} is not trusted ({error.verify_message}); check mailbox.host, "
                "set mailbox.ca_file, or ask the server's operator"
            )
        case ssl.SSLError() if not isinstance(error, BROKEN) and error.reason not in SPOILT:
            return f"{where} does not speak TLS as asked; check mailbox.port and mailbox.security"
        case imaplib.IMAP4.readonly():
            return f"{where} lets nothing be moved out of the inbox; give the account the right, or set read_only"
        case LoginError() if not is_busy(error):
            return f"{where} refuses the login; check mailbox.user and MICIC_MAILBOX__PASSWORD"
        case CapabilityError():
            return f"{where} does not offer STARTTLS; set mailbox.security to tls, and mailbox.port"
        case socket.gaierror() if error.errno == socket.EAI_NONAME:
            return f"the host {host} is not known; check mailbox.host and the network"
    return None


def _what_is_away(error: Exception, where: str, timeout: float) -> str:
    match error:
        case LoginError():
            return f"{where} takes no login at the moment."
        case ConnectionRefusedError():
            return f"{where} refuses connections; check that the server runs, and mailbox.port."
        case TimeoutError():
            return f"{where} did not answer within {timeout:g} seconds."
    return f"The connection to {where} broke: {type(error).__name__}."
