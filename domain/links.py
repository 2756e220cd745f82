"""What a link of the digest leads to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Thing(StrEnum):
    MESSAGE = "message"
    ENTRY = "entry"
    MAIL = "mail"  # of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    what: Thing
    id: int


Link = Callable[[Place], str]  # the address to open; empty where there are no pages
