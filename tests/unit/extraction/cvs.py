"""CVs as structures, written down in a few lines."""

from __future__ import annotations

from collections.abc import Sequence

from domain.mail import Address, ParsedMessage
from domain.profile import Block, BlockKind, DocumentKind, SectionKind
from extraction.structure import PlacedBlock, Section, Structure

Line = str | tuple[str, ...]  # a tuple is a row of a table


def cv(*parts: tuple[SectionKind, str, Sequence[Line]], language: str = "en", part_path: str = "2") -> Structure:
    """A CV of sections: kind, heading (may be empty) and lines."""
    text, sections = "", []
    for table, (kind, heading, lines) in enumerate(parts):
        if heading:
            text += heading + "\n"
        blocks = []
        for line in lines:
            cells = line if isinstance(line, tuple) else ()
            block = Block(
                text=" | ".join(line) if isinstance(line, tuple) else line,
                kind=BlockKind.ROW if cells else BlockKind.PARAGRAPH,
                cells=cells,
                table=table if cells else None,
            )
            blocks.append(PlacedBlock(block=block, start=len(text), end=len(text) + len(block.text)))
            text += block.text + "\n"
        sections.append(Section(kind=kind, heading=heading, blocks=tuple(blocks)))
    return Structure(
        part_path=part_path,
        text=text[:-1],
        language=language,
        kind=DocumentKind.CV,
        sections=tuple(sections),
        posts=(),
    )


def mail(written: str = "", *, sender: str = "", address: str = "someone@example.org") -> ParsedMessage:
    return ParsedMessage(
        message_id=None, sent_at=None, sender=Address(name=sender, email=address), reply_to=(), recipients=(),
        return_path=None, subject="", in_reply_to=(), references=(), headers=(), body=written, written=written,
        parts=(), nested=(), defects=(),
    )  # fmt: skip
