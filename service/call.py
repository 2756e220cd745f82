"""The call for experts, read from config/call.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain.call import Call
from domain.errors import ConfigProblem
from domain.mail import ReplyLanguage
from domain.profile import THEMES
from service.settings import MailAddress
from service.settings_files import Key, check, read_sheet, unknown

FILE = "call.yaml"

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
InLanguages = Mapping[ReplyLanguage, Words]
LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]


class CallFile(BaseModel):
    """config/call.yaml as staff write it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: InLanguages
    mailbox: MailAddress
    signature: InLanguages
    opens: date
    closes: date | None = None
    keep_after_closing: bool = True
    languages: Annotated[tuple[ReplyLanguage, ...], Field(min_length=1)]
    essential_languages: Annotated[tuple[LanguageCode, ...], Field(min_length=1)]
    themes: Mapping[str, InLanguages]
    privacy_notice: InLanguages


def load_call(config: Path) -> Call:
    """The call of the folder `config`. Raises ConfigProblem with every problem at once."""
    sheet, problems = read_sheet(config / FILE, shown=f"{config.name}/{FILE}")
    if problems:
        raise ConfigProblem(*problems)
    found, problems = check(CallFile, sheet)
    if found is not None:
        problems += (sheet.place(key).problem(words) for key, words in _contradictions(found))
    if found is None or problems:
        raise ConfigProblem(*problems)
    return Call(**{name: getattr(found, name) for name in CallFile.model_fields})


def _contradictions(call: CallFile) -> Iterator[tuple[Key, str]]:
    """What is wrong between keys that are right each by itself."""
    if call.closes is not None and call.closes < call.opens:
        yield ("closes",), f"closes must not be before opens, {call.opens}"
    for theme in call.themes:
        if theme not in THEMES:
            yield ("themes", theme), unknown(("themes", theme), THEMES)
    for theme in THEMES:
        if theme not in call.themes:
            yield ("themes",), f"themes.{theme} is missing: give its name in each language of the call"
    texts: dict[Key, InLanguages] = {(name,): getattr(call, name) for name in ("name", "signature", "privacy_notice")}
    texts |= {("themes", theme): labels for theme, labels in call.themes.items()}
    for key, labels in texts.items():
        for language in call.languages:
            if language not in labels:
                yield key, f"{'.'.join(key)}.{language} is missing: every language of the call needs its words"
