"""Messages that no person wrote, by what standard headers say: answering them makes loops.

`Precedence` is not asked: people's and lists' mail carry it as often as robots' do.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass

from domain.mail import Kind, ParsedMessage

# Mailboxes that only programs send from (RFC 2142 §5, RFC 3834 §2, RFC 5321 §4.5.1): the whole local part.
BOUNCERS = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "mdaemon"})
NOBODY = re.compile(
    r"(?:no|do[-_.]?not|ne[-_.]?pas|nao)[-_.]?(?:reply|respond|repondre|responder)(?:[-_.+].*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    kind: Kind
    reason: str  # in words for staff


def robot(message: ParsedMessage, own_addresses: Set[str]) -> Kind | None:
    """What kind of robot wrote the message, None where a person may have. `own_addresses` are lower-case."""
    found = recognise(message, own_addresses)
    return found.kind if found else None


def recognise(message: ParsedMessage, own_addresses: Set[str]) -> Robot | None:
    """The same with the reason."""
    return _bounce(message) or _own(message, own_addresses) or _automatic(message) or _list(message)


def _bounce(message: ParsedMessage) -> Robot | None:
    content_type = (message.header("content-type") or "").lower()
    report = re.search(r"report-type\s*=\s*\"?([\w-]+)", content_type)
    kinds = {part.declared_type for part in message.parts if "/" not in part.path}
    if content_type.startswith("multipart/report"):
        what = report.group(1) if report else ""
        if what == "disposition-notification" or "message/disposition-notification" in kinds:
            return Robot(kind=Kind.AUTO_REPLY, reason="A read receipt (RFC 8098).")
        if what == "feedback-report":
            return Robot(kind=Kind.BOUNCE, reason="An abuse report about our mail (RFC 5965).")
        return Robot(kind=Kind.BOUNCE, reason="A delivery report (RFC 3464).")
    if _top_level(message, "message/delivery-status"):
        return Robot(kind=Kind.BOUNCE, reason="It holds a delivery status (RFC 3464).")
    local = message.sender.email.split("@")[0].lower() if message.sender else ""
    if local in BOUNCERS:
        return Robot(kind=Kind.BOUNCE, reason="It comes from a mail server's own mailbox.")
    if message.header("x-failed-recipients"):
        return Robot(kind=Kind.BOUNCE, reason="It names recipients that were not reached.")
    return None


def _top_level(message: ParsedMessage, kind: str) -> bool:
    return any(part.declared_type == kind and part.path.count(".") == 0 for part in message.parts)


def _own(message: ParsedMessage, own_addresses: Set[str]) -> Robot | None:
    if message.sender and message.sender.email.lower() in own_addresses:
        return Robot(kind=Kind.OTHER, reason="It comes from our own mailbox.")
    return None


def _automatic(message: ParsedMessage) -> Robot | None:
    submitted = (message.header("auto-submitted") or "").split(";")[0].split("(")[0].strip().lower()
    if submitted and submitted != "no":
        return Robot(kind=Kind.AUTO_REPLY, reason=f"Auto-Submitted says {submitted} (RFC 3834 §5).")
    for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-mail-autoreply"):
        if (message.header(name) or "no").strip().lower() not in ("no", "false", ""):
            return Robot(kind=Kind.AUTO_REPLY, reason=f"The header {name} marks an automatic reply.")
    suppress = (message.header("x-auto-response-suppress") or "").lower()
    if message.return_path == "":
        return Robot(kind=Kind.AUTO_REPLY, reason="Its return path is empty: no answer is wanted (RFC 3834 §4).")
    # Exchange sets it on ordinary mail of some programs too, which do not answer anything.
    if suppress and suppress != "none" and message.in_reply_to and "all" in suppress:
        return Robot(kind=Kind.AUTO_REPLY, reason="It asks for no automatic answer and answers one of our mails.")
    return None


def _list(message: ParsedMessage) -> Robot | None:
    if message.header("list-id") or message.header("list-post"):
        return Robot(kind=Kind.OTHER, reason="It came through a mailing list (RFC 2919).")
    return None


def answers_nobody(email: str) -> bool:
    """Whether the address says that nobody reads it."""
    local = email.split("@", maxsplit=1)[0].lower()
    return local in BOUNCERS or bool(NOBODY.fullmatch(local))
