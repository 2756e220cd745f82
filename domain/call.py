"""The call for experts, as staff describe it in config/call.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.mail import ReplyLanguage


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    name: Mapping[ReplyLanguage, str]
    mailbox: str  # the address that experts write to; acknowledgements come from it
    signature: Mapping[ReplyLanguage, str]  # under every acknowledgement
    opens: date
    closes: date | None  # the last day on which CVs are taken; None: open
    keep_after_closing: bool  # whether a CV that comes later is kept
    languages: tuple[ReplyLanguage, ...]
    essential_languages: tuple[str, ...]  # one of these must be native or C
    themes: Mapping[str, Mapping[ReplyLanguage, str]]  # key of THEMES → the call's words
    privacy_notice: Mapping[ReplyLanguage, str]

    def closed_on(self, day: date) -> bool:
        """Whether a CV that comes on this day comes too late."""
        return self.closes is not None and day > self.closes
