"""The answer to an applicant: the staff's words around what arrived."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from babel import Locale
from babel.dates import format_date

from domain.call import Call
from domain.decision import Acknowledgement, OutgoingMail
from domain.mail import ReplyLanguage
from notifications.message import Message, routable, stable_id, to_bytes
from notifications.samples import Spoken, Value
from notifications.templates import Templates
from notifications.wording import isolated, locale_of, one_line

LONGEST_NAME = 80
LONGEST_FILE_NAME = 100
MOST_FILES = 10
MOST_LANGUAGES = 20
ANSWER_MARKS = re.compile(r"^(?:(?:re|aw|sv|rv|tr|fw|fwd|enc|رد|إعادة توجيه|отв|ответ|пер)(?:\[\d+\])?\s*:\s*)+", re.I)

# RFC 3834 §5; the second is what Exchange heeds, so that no absence notice comes back.
NO_ANSWER_WANTED = (("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All"))


def compose(
    ack: Acknowledgement,
    *,
    call: Call,
    templates: Templates,
    message_key: str,
    now: datetime,
    envelope_from: str = "",
) -> OutgoingMail:
    """The mail that keeps the promise. The same `message_key` (a digest of the answered message) gives the same id.

    `envelope_from`: where bounces go; "" is the null return path, with which no loop can arise (RFC 3834 §3.3).
    `call` must have its texts in the language of `ack`. KeyError where there is no such template.
    """
    language = ack.language
    wording = templates.letter(ack.template, language, _values(ack, call))
    message_id = stable_id("acknowledgement", message_key, call.mailbox)
    content = to_bytes(
        Message(
            message_id=message_id,
            date=now,
            sender=(call.name[language], call.mailbox),
            to=[(ack.to.name, ack.to.email)],
            subject=wording.subject,
            text=wording.text,
            html=wording.html,
            language=language.value,
            in_reply_to=ack.in_reply_to,
            references=ack.references,
            more=NO_ANSWER_WANTED,
        )
    )
    return OutgoingMail(
        message_id=message_id, envelope_from=envelope_from, recipients=(routable(ack.to.email),), content=content
    )


def _values(ack: Acknowledgement, call: Call) -> Mapping[str, Value]:
    """What the words of a letter may name."""
    language = ack.language
    return {
        "name": isolated(one_line(ack.name, limit=LONGEST_NAME), language),
        "files": _names(ack.files, language),
        "unreadable": _names(ack.unreadable, language),
        "languages": _spoken(ack, language),
        "themes": tuple(call.themes[key][language] for key in ack.themes),
        "subject": ANSWER_MARKS.sub("", one_line(ack.subject, limit=180)),
        "call": call.name[language],
        "mailbox": isolated(call.mailbox, language),
        "signature": call.signature[language].strip(),
        "privacy_notice": call.privacy_notice[language].strip(),
        "closes": _day(call.closes, language),
        "kept": call.keep_after_closing,
    }


def _names(files: tuple[str, ...], language: ReplyLanguage) -> tuple[str, ...]:
    shown = [isolated(one_line(name, limit=LONGEST_FILE_NAME), language) for name in files[:MOST_FILES]]
    return (*shown, f"+ {len(files) - MOST_FILES}") if len(files) > MOST_FILES else tuple(shown)


def _spoken(ack: Acknowledgement, language: ReplyLanguage) -> tuple[Spoken, ...]:
    names = Locale(language.value).languages
    spoken = ack.languages[:MOST_LANGUAGES]
    return tuple(Spoken(name=names.get(code, code), level=level.value) for code, level in spoken)


def _day(day: date | None, language: ReplyLanguage) -> str:
    return str(format_date(day, "long", locale=locale_of(language))) if day else ""
