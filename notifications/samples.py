"""Values that every template is tried with when it is loaded, so that a mistake shows to staff, not to applicants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from domain.call import Call
from domain.links import Place
from domain.mail import ReplyLanguage
from domain.profile import THEMES

NOW = datetime(2019, 1, 31, 7, tzinfo=UTC)


def link(place: Place) -> str:
    """As long as a real one."""
    return f"https://roster.example.org/{place.what}{place.id}.XE8Y8A.3pJ0mWq8wW4mUu1yq6Qb0n5cUZl2kVd9sTg7xHhRfOe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A language of the reader's, as a letter names it."""

    name: str  # in the language of the letter
    level: str  # native, C, B, A or unknown


Value = str | bool | tuple[str, ...] | tuple[Spoken, ...]

ACKNOWLEDGEMENT: Mapping[str, tuple[Value, ...]] = {
    "name": ("Amina Haddad", ""),
    "files": (("CV.pdf", "Publications.docx"), ()),
    "unreadable": (("scan.pdf",), ()),
    "languages": (
        (Spoken(name="Wolof", level="native"), Spoken(name="English", level="C"), Spoken(name="Thai", level="unknown")),
        (),
    ),
    "themes": (("Crisis migration", "Humanitarian action"), ()),
    "subject": ("Expert roster", ""),
    "call": ("Call for experts",),
    "mailbox": ("experts@call.example",),
    "signature": ("The team\nThe organisation",),
    "privacy_notice": ("Your data are kept with care.",),
    "closes": ("31 January 2019", ""),
    "kept": (True, False),
}


def letters() -> dict[str, dict[str, Value]]:
    """By name: all there, each alone missing, each alone there, and nothing there."""
    full = {name: values[0] for name, values in ACKNOWLEDGEMENT.items()}
    bare = {name: values[-1] for name, values in ACKNOWLEDGEMENT.items()}
    optional = [name for name, values in ACKNOWLEDGEMENT.items() if len(values) > 1]
    one_missing = {f"without-{name}": {**full, name: bare[name]} for name in optional}
    one_there = {f"only-{name}": {**bare, name: full[name]} for name in optional}
    return {"full": full, **one_missing, **one_there, "bare": bare}


def acknowledgements() -> list[dict[str, Value]]:
    return list(letters().values())


def call() -> Call:
    in_all = dict.fromkeys(ReplyLanguage, "Sample")
    return Call(
        name=in_all,
        mailbox="experts@call.example",
        signature=in_all,
        opens=date(2016, 7, 1),
        closes=None,
        keep_after_closing=True,
        languages=tuple(ReplyLanguage),
        essential_languages=("en", "fr"),
        themes=dict.fromkeys(THEMES, in_all),
        privacy_notice=in_all,
    )
