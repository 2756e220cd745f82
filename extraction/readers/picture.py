"""Pictures: photographs and scans of pages."""

from __future__ import annotations

from pathlib import Path

from domain.errors import Unreadable
from domain.profile import Block, DocumentText
from extraction.readers import flow
from extraction.readers.layout import lay_out
from extraction.readers.limits import ReadLimits
from extraction.readers.picture_files import pages_of
from extraction.readers.recognition import recognised

READER = "tesseract/2"
REASON = "it is a picture"
FEW_LETTERS = 40  # less is a portrait, a logo or a signature


def read(path: Path, limits: ReadLimits) -> DocumentText:
    """Raises Unreadable where the picture is broken, too large, or shows no text."""
    if not limits.recognised_pages:
        raise Unreadable("it is a picture, and recognition is switched off")
    problems: list[str] = []
    pages = ((number, REASON, page) for number, page in enumerate(pages_of(path, limits, problems)))
    scans = recognised(pages, limits)
    if scans.failure and not scans.found:
        raise scans.failure
    if sum(page.letters for page in scans.found.values()) < FEW_LETTERS:
        raise Unreadable("the picture shows no text that can be recognised")
    numbering = flow.Numbering()
    blocks: list[Block] = []
    for number, page in sorted(scans.found.items()):
        for part in lay_out(page.runs, page.width, page.height):
            blocks += flow.blocks(part.nodes, numbering=numbering, page=number + 1, column=part.column)
    kept, cut = flow.capped(tuple(blocks), limits)
    text = DocumentText(blocks=kept, reader=READER, pages=scans.taken, problems=(*problems, *cut))
    return scans.described(text)
