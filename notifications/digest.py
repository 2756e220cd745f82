"""The staff's daily mail: what needs a person first, then all that happened."""

from __future__ import annotations

from collections.abc import Sequence

from domain.decision import OutgoingMail
from domain.digest import Digest
from notifications.message import Message, routable, stable_id, to_bytes
from notifications.reader import Reader
from notifications.templates import Templates

NO_ANSWER_WANTED = (("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All"))


def compose(
    digest: Digest,
    *,
    reader: Reader,
    templates: Templates,
    recipients: Sequence[str],
) -> OutgoingMail:
    """One mail to all readers; bounces go to the call's mailbox, where they are recognised and told of.

    The same day gives the same Message-ID. Its date is the reader's `now`.
    """
    call, language = reader.call, reader.language
    wording = templates.page(digest, reader)
    message_id = stable_id("digest", digest.day.isoformat(), call.mailbox)
    content = to_bytes(
        Message(
            message_id=message_id,
            date=reader.now,
            sender=(call.name[language], call.mailbox),
            to=[("", recipient) for recipient in recipients],
            subject=wording.subject,
            text=wording.text,
            html=wording.html,
            language=language.value,
            more=NO_ANSWER_WANTED,
        )
    )
    return OutgoingMail(
        message_id=message_id,
        envelope_from=routable(call.mailbox),
        recipients=tuple(map(routable, recipients)),
        content=content,
    )
