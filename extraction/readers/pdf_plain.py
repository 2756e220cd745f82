"""PDF by pypdf: the words of each page without layout, for files that end the first reader or its time."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdf

from domain.errors import Unreadable
from domain.profile import Block, DocumentText
from extraction.readers import flow, plain
from extraction.readers.limits import ReadLimits

READER = "pypdf/1"
TOLD = "the first reader failed on it: another read its words, without columns, tables and what is hidden"


def read(path: Path, limits: ReadLimits) -> DocumentText:
    """Raises Unreadable where a password is asked for, or no page can be had."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the file
    try:
        reader = pypdf.PdfReader(path, strict=False)
        opens = not reader.is_encrypted or bool(reader.decrypt(""))
        count = len(reader.pages) if opens else 0
    except Exception as error:
        raise Unreadable("the PDF is damaged or cut off") from error
    if not opens:
        raise Unreadable("the PDF is protected by a password")
    told = [TOLD]
    if count > limits.pages:
        told.append(f"only the first {limits.pages} of {count} pages were read")
    blocks: list[Block] = []
    for number in range(min(count, limits.pages)):
        text = _words(reader, number)
        if text is None:
            told.append(f"page {number + 1} could not be read")
        else:
            blocks.extend(_blocks(text, number + 1, limits))
    kept, cut = flow.capped(tuple(blocks), limits)
    return DocumentText(blocks=kept, reader=READER, pages=count, problems=(*told, *cut))


def _words(reader: pypdf.PdfReader, number: int) -> str | None:
    """None where the page is broken. Presentation forms of Arabic and ligatures are given as letters."""
    try:
        text = reader.pages[number].extract_text()
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - as above: a broken page costs itself
        return None
    return unicodedata.normalize("NFKC", text)


def _blocks(text: str, page: int, limits: ReadLimits) -> Iterator[Block]:
    return (replace(block, page=page) for block in plain.read_text(text, limits).blocks)
