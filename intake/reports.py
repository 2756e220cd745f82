"""What a bounce says of the mail that it gives back: RFC 3464, and the words of servers that keep to no standard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from domain.mail import DeliveryReport

STATUSES = frozenset({"message/delivery-status", "message/global-delivery-status"})
RETURNED_HEADERS = frozenset({"text/rfc822-headers", "message/global-headers"})
REPORTS = STATUSES | RETURNED_HEADERS
MOST_QUOTED = 50
LONGEST_WORDS = 300  # characters of a server's answer
LONGEST_BODY = 65_536  # characters in which a server's words are looked for

_FIELD = re.compile(r"^([\w-]+)[ \t]*:[ \t]*(.*(?:\r?\n[ \t]+.*)*)", re.MULTILINE)
_BLANK = re.compile(r"\r?\n[ \t]*\r?\n")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
# RFC 5321 §4.2.3: what servers say of mailboxes and of content.
_CODE = re.compile(r"(?:^|[\s:])(?:(421|45[0-25])|(55[0-46]))(?=[\s#-])")
_ID = re.compile(r"<[^<>\s]{1,250}@[^<>\s]{1,250}>")
_ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")  # the worst first, of several recipients


def delivery_report(
    parts: Sequence[tuple[str, str]], body: str, *, returned: Iterable[str | None]
) -> DeliveryReport | None:
    """What a message says of a delivery, None where it gives no mail back.

    `parts`: claimed type and text of the parts that report; `returned`: Message-IDs of the messages that it holds.
    """
    texts = [text for kind, text in parts if kind in STATUSES]
    quoted = [id_ for id_ in returned if id_]
    for _, text in parts:
        fields = {name.lower(): value for name, value in _FIELD.findall(text)}
        quoted += _ID.findall(fields.get("original-message-id", "") + fields.get("message-id", ""))
    said = body[:LONGEST_BODY]
    quoted += _ID.findall(said)
    if not quoted:
        return None
    ids = tuple(dict.fromkeys(quoted))[:MOST_QUOTED]
    found = max((one for text in texts for one in _recipients(text)), key=_severity, default=None)
    if found is None:
        return DeliveryReport(quoted=ids, action="", status=_status_in_words(said), told="")
    action, status, told = found
    return DeliveryReport(quoted=ids, action=action, status=status, told=told)


def _recipients(text: str) -> Iterable[tuple[str, str, str]]:
    """Action, status and the server's words for each recipient (RFC 3464 §2.3)."""
    for block in _BLANK.split(text):
        fields = {name.lower(): _one_line(value) for name, value in _FIELD.findall(block)}
        if "final-recipient" not in fields and "original-recipient" not in fields and "action" not in fields:
            continue
        action = fields.get("action", "").split(" ")[0].lower()
        code = fields.get("diagnostic-code", "")
        status = _STATUS.search(fields.get("status", "")) or _STATUS.search(code)
        told = code.partition(";")[2] or code  # smtp; 550 5.1.1 …
        yield action if action in _ACTIONS else "", status.group(1) if status else "", told.strip()[:LONGEST_WORDS]


def _severity(found: tuple[str, str, str]) -> int:
    action, status, _ = found
    return -(_ACTIONS.index(action) if action else 1) + (1 if status.startswith("5") else 0)


def _status_in_words(body: str) -> str:
    """A code that the text of a bounce quotes from a server: the enhanced one, else the first digit of a plain one."""
    status = _STATUS.search(body)
    if status:
        return status.group(1)
    code = _CODE.search(body)
    return ("4.0.0" if code.group(1) else "5.0.0") if code else ""


def _one_line(value: str) -> str:
    return " ".join(value.split())
