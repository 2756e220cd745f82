"""The call's mailbox over IMAP."""

from intake.mailbox.access import Authenticate, MailboxAccess, Security, by_password
from intake.mailbox.complaints import is_busy, misconfigured
from intake.mailbox.folders import names_of
from intake.mailbox.imap import ImapMailbox
from intake.mailbox.sent import ImapSentFolder

__all__ = [
    "Authenticate",
    "ImapMailbox",
    "ImapSentFolder",
    "MailboxAccess",
    "Security",
    "by_password",
    "is_busy",
    "misconfigured",
    "names_of",
]
