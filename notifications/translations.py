"""Letters whose translations lag behind the English one, as far as a program can see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from domain.errors import Problem
from domain.mail import ReplyLanguage
from notifications.template_files import FOLDER
from notifications.templates import ACKNOWLEDGEMENTS

REVISION = re.compile(r"\{#\s*revision:?\s*(\d+)\s*#\}", re.I)
VALUE = re.compile(r"\{\{-?\s*(\w+)|\{%-?\s*(?:el)?if\s+(?:not\s+)?(\w+)|\{%-?\s*for\s+\w+\s+in\s+(\w+)")
TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.S)


def lagging(folder: Path) -> list[Problem]:
    """Each translation that has an older revision, fewer paragraphs or fewer values than the English letter.

    Files that cannot be read are left to Templates.load, which tells of them.
    """
    found = []
    for name in ACKNOWLEDGEMENTS:
        english = _source(folder / name / "en.txt")
        for language in ReplyLanguage:
            translation = _source(folder / name / f"{language}.txt")
            if english is None or translation is None or language is ReplyLanguage.EN:
                continue
            if lacks := "; ".join(_lacks(translation, english)):
                file = f"{FOLDER}/{name}/{language}.txt"
                found.append(Problem(file=file, line=None, message=f"lags behind en.txt: {lacks}"))
    return found


def _lacks(translation: str, english: str) -> Iterator[str]:
    newer, older = _revision(english), _revision(translation)
    if older < newer:
        yield f"revision {older}, the English one is at {newer}"
    here, there = _paragraphs(translation), _paragraphs(english)
    if here != there:
        yield f"{here} paragraphs, the English one has {there}"
    missing = _values(english) - _values(translation)
    if missing:
        yield f"it does not use {', '.join(sorted(missing))}"


def _source(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def _revision(source: str) -> int:
    """What `{# revision 2 #}` says, 1 where nothing does."""
    found = REVISION.search(source)
    return int(found[1]) if found else 1


def _paragraphs(source: str) -> int:
    """Runs of lines with words in them below the subject; a line with only a tag ends one, as it does in a letter."""
    lines = [TAG.sub("", line).strip() for line in source.strip().splitlines()[1:]]
    return sum(bool(line) and not before for before, line in zip(["", *lines], lines, strict=False))


def _values(source: str) -> set[str]:
    return {name for found in VALUE.finditer(source) for name in found.groups() if name}
