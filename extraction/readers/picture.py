"""Pictures: photographs and scans of pages."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageOps, ImageSequence

from domain.errors import Unreadable
from domain.profile import Block, DocumentText
from extraction.readers import flow
from extraction.readers.layout import lay_out
from extraction.readers.limits import ReadLimits
from extraction.readers.tesseract import Recognised, recognise

READER = "tesseract/1"
FEW_LETTERS = 40  # less is a portrait, a logo or a signature
UNSURE = 0.6  # a page recognised with less confidence is told to staff


def read(path: Path, limits: ReadLimits) -> DocumentText:
    """Raises Unreadable where the picture is broken, too large, or shows no text."""
    pages = [recognise(page, limits) for page in _pages(path, limits)]
    if sum(page.letters for page in pages) < FEW_LETTERS:
        raise Unreadable("the picture shows no text that can be recognised")
    numbering = flow.Numbering()
    blocks: list[Block] = []
    for number, page in enumerate(pages, start=1):
        for part in lay_out(page.runs, page.width, page.height):
            blocks += flow.blocks(part.nodes, numbering=numbering, page=number, column=part.column)
    return DocumentText(
        blocks=tuple(blocks),
        reader=READER,
        pages=len(pages),
        ocr=True,
        confidence=mean_confidence(pages),
        problems=doubts(pages),
    )


def _pages(path: Path, limits: ReadLimits) -> Iterator[Image.Image]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we count the pixels ourselves
        try:
            with Image.open(path) as picture:
                if picture.width * picture.height > limits.pixels:
                    raise Unreadable(f"the picture has more than {limits.pixels // 1_000_000} million pixels")
                for number, frame in enumerate(ImageSequence.Iterator(picture)):
                    if number >= limits.recognised_pages or (number and picture.format != "TIFF"):
                        return
                    yield ImageOps.exif_transpose(_on_white(frame))
        except Image.DecompressionBombError as error:
            raise Unreadable(f"the picture has more than {limits.pixels // 1_000_000} million pixels") from error
        except (OSError, ValueError, SyntaxError, EOFError) as error:  # Pillow's plugins raise all of these
            raise Unreadable("the picture is damaged") from error


def _on_white(frame: Image.Image) -> Image.Image:
    """What is transparent is paper."""
    frame.load()
    if "A" not in frame.getbands() and "transparency" not in frame.info:
        return frame.copy()
    with_alpha = frame.convert("RGBA")
    paper = Image.new("RGBA", frame.size, "white")
    paper.alpha_composite(with_alpha)
    return paper.convert("L")


def mean_confidence(pages: list[Recognised]) -> float:
    letters = sum(page.letters for page in pages)
    return sum(page.confidence * page.letters for page in pages) / letters if letters else 0.0


def doubts(pages: list[Recognised]) -> tuple[str, ...]:
    confidence = mean_confidence(pages)
    if confidence >= UNSURE:
        return ()
    return (f"the writing could only be recognised with {confidence:.0%} confidence",)
