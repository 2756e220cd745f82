"""Text of a picture by tesseract: the script is found first, since the wrong language packs are slower and worse."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from lxml import html as lxml_html
from PIL import Image

from domain.errors import Unreadable
from extraction.readers import program
from extraction.readers.limits import ReadLimits
from extraction.readers.page_mending import mended
from extraction.readers.runs import RTL, WIDE, Run

# French and Spanish know all that English needs: English beside them gains nothing, and loses accents.
PACKS = {"Latin": "fra+spa", "Cyrillic": "rus+eng", "Arabic": "ara+eng"}
ENOUGH_PIXELS = 2000  # of the longer side: so large a picture shows the script and where the top is
NOISE = 35  # per cent: words recognised with less are specks and edges
SURE_SCRIPT = 0.3  # tesseract's own measure of how sure it is of the script

_ONE = re.compile(r"(?<!\w)([BC])[lI|](?!\w)")
_ALONE = re.compile(r"^(?:A[lI|]|CL)$")  # where nothing else stands in the cell
_NUMBER = re.compile(r"(bbox|baseline|x_size|x_wconf)((?: -?[\d.]+)+)")


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was recognised on a page. Places are in points."""

    runs: list[Run]
    width: float
    height: float
    confidence: float  # 0 to 1, mean over letters
    letters: int


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    left: float
    right: float
    confidence: float


def recognise(image: Image.Image, limits: ReadLimits) -> Recognised:
    """Recognise one page. Raises Unreadable where tesseract is missing or fails."""
    if program.find("tesseract") is None:
        raise Unreadable("pictures and scans need the program tesseract, which is not installed")
    prepared = mended(image)
    with tempfile.TemporaryDirectory(prefix="ocr-") as name:
        turn, script = _orientation(prepared, Path(name), limits)
        if turn:
            prepared = prepared.rotate(-turn, expand=True)
        found = _recognised(prepared, PACKS.get(script or "Latin", PACKS["Latin"]), Path(name), limits)
        if script is None and found.confidence < 0.6:
            others = [_recognised(prepared, PACKS[other], Path(name), limits) for other in ("Arabic", "Cyrillic")]
            found = max(found, *others, key=lambda each: each.confidence * min(each.letters, 200))
        return found


def _orientation(image: Image.Image, folder: Path, limits: ReadLimits) -> tuple[int, str | None]:
    """By how many degrees clockwise the page must be turned, and its script; None where tesseract is not sure."""
    small = image.copy()
    small.thumbnail((ENOUGH_PIXELS, ENOUGH_PIXELS))
    said = _tesseract(small, ["--psm", "0", "-l", "osd"], folder, limits).decode("utf-8", "replace")
    turn = re.search(r"^Rotate: (\d+)", said, re.MULTILINE)
    sure_turn = re.search(r"^Orientation confidence: ([\d.]+)", said, re.MULTILINE)
    script = re.search(r"^Script: (\w+)", said, re.MULTILINE)
    sure = re.search(r"^Script confidence: ([\d.]+)", said, re.MULTILINE)
    degrees = int(turn.group(1)) if turn and sure_turn and float(sure_turn.group(1)) > 2 else 0
    known = script and sure and float(sure.group(1)) > SURE_SCRIPT and script.group(1) in PACKS
    return degrees, script.group(1) if script and known else None


def _tesseract(image: Image.Image, options: Sequence[str], folder: Path, limits: ReadLimits) -> bytes:
    picture = folder / "page.pgm"
    program.need_room(image.width * image.height)
    image.save(picture)
    # More than one thread makes the same page take five times the processor time.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    command = ["tesseract", str(picture), "stdout", "--dpi", "300", *options]
    _, output = program.run(command, seconds=limits.page_seconds, limits=limits)
    return output


def _recognised(image: Image.Image, packs: str, folder: Path, limits: ReadLimits) -> Recognised:
    output = _tesseract(image, ["-l", packs, "--psm", "3", "hocr"], folder, limits)
    # An A4 page, whatever its pixels: places matter in relation to each other only.
    scale = 842.0 / max(image.size)
    runs: list[Run] = []
    weight = letters = 0.0
    for line in _lines(output):
        words = list(_words(line))
        weight += sum(word.confidence * len(word.text) for word in words)
        letters += sum(len(word.text) for word in words)
        runs.extend(_runs(words, line, scale, len(runs)))
    confidence = weight / letters / 100 if letters else 0.0
    return Recognised(runs, image.width * scale, image.height * scale, confidence, int(letters))


def _lines(hocr: bytes) -> Iterator[etree._Element]:
    if not hocr.strip():
        return
    root = lxml_html.document_fromstring(hocr, parser=lxml_html.HTMLParser(encoding="utf-8", no_network=True))
    for element in root.iter("span"):
        if element.get("class") in ("ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"):
            yield element


def _numbers(element: etree._Element) -> dict[str, list[float]]:
    """The properties in a hOCR title, such as `bbox 10 20 30 40; baseline 0.01 -5` (hOCR 1.2 §5)."""
    return {name: [float(n) for n in numbers.split()] for name, numbers in _NUMBER.findall(element.get("title", ""))}


def _words(line: etree._Element) -> Iterator[_Word]:
    for element in line.iter("span"):
        if element.get("class") != "ocrx_word":
            continue
        text = "".join(map(str, element.itertext())).strip()
        numbers = _numbers(element)
        confidence = numbers["x_wconf"][0]
        if text and (confidence >= NOISE) and (confidence >= 60 or any(c.isalnum() for c in text)):
            yield _Word(text, numbers["bbox"][0], numbers["bbox"][2], confidence)


def _level(text: str) -> str:
    """A1, B1 and C1 (Common European Framework), whose digit looks like a letter; Al alone may begin a name."""
    return f"{text[0]}1" if _ALONE.match(text) else _ONE.sub(r"\g<1>1", text)


def _runs(words: list[_Word], line: etree._Element, scale: float, order: int) -> Iterator[Run]:
    """Words beside each other, in tesseract's order, which is the logical one; parted at wide gaps."""
    if not words:
        return
    numbers = _numbers(line)
    left, _, _, bottom = numbers["bbox"]
    slope, offset = numbers.get("baseline", [0.0, 0.0])
    size = numbers.get("x_size", [numbers["bbox"][3] - numbers["bbox"][1]])[0]
    from_right = sum(1 for word in words if RTL.search(word.text)) * 2 > len(words)
    groups = [[words[0]]]
    for word in words[1:]:
        before = groups[-1][-1]
        gap = before.left - word.right if from_right else word.left - before.right
        if gap > WIDE * size:
            groups.append([word])
        else:
            groups[-1].append(word)
    for number, group in enumerate(groups):
        start, end = min(word.left for word in group), max(word.right for word in group)
        base = bottom + offset + slope * (start - left)
        text = _level(" ".join(word.text for word in group))
        # Sizes by tesseract waver by a tenth: no headings are told by them.
        yield Run(text, start * scale, end * scale, base * scale, size * scale * 0.75, False, order + number)
