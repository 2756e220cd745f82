"""Words made not to be seen that would have gained the writer a tag: a person should look. Other hidden text is a note.

The hidden text is read by the same rules as what is seen, so that there is no second idea of what a tag is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from domain.profile import Block, DocumentText, LanguageSkill, ReadDocument, Tag
from extraction.readers.concealment import CONCEALED


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What the CVs of one person claim for the roster's tags."""

    languages: tuple[LanguageSkill, ...]
    eligible: bool | None
    themes: tuple[Tag, ...]
    inputs: tuple[Tag, ...]


def concealed(documents: Iterable[ReadDocument], paths: Collection[str]) -> Iterator[ReadDocument]:
    """Those of these documents that conceal text, each with that text only."""
    for document in documents:
        if document.text is None or document.part_path not in paths:
            continue
        hidden = [one for one in document.text.hidden if one.reason in CONCEALED]
        if hidden:
            blocks = tuple(Block(text=one.text, page=one.page) for one in hidden)
            yield replace(document, text=DocumentText(blocks=blocks, reader=document.text.reader))


def gained(seen: Claims, with_concealed: Claims) -> str:
    """What the concealed words would have added, in words for staff; empty for nothing."""
    tags = [
        *_new(_keys(seen.themes), _keys(with_concealed.themes)),
        *_new(_keys(seen.inputs), _keys(with_concealed.inputs)),
    ]
    if with_concealed.eligible and not seen.eligible:
        tags.append("a language that the call asks for")
    return ", ".join(tags)


def _keys(tags: Iterable[Tag]) -> list[str]:
    return [tag.key for tag in tags if tag.holds]


def _new(before: Sequence[str], after: Sequence[str]) -> list[str]:
    return [key for key in after if key not in before]
