"""Text of a page by tesseract: the script is found first, since the wrong language packs are slower and worse."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from lxml import html as lxml_html
from PIL import Image

from domain.errors import Unreadable
from domain.profile import Box
from extraction.readers import program
from extraction.readers.limits import ReadLimits
from extraction.readers.page_mending import Sheet, mended, shows_writing
from extraction.readers.runs import RTL, WIDE, Run

# French and Spanish know all that English needs: English beside them gains nothing, and loses accents.
PACKS = {"Latin": "fra+spa", "Cyrillic": "rus+eng", "Arabic": "ara+eng"}
SCRIPTS = {"Latin": "Latn", "Cyrillic": "Cyrl", "Arabic": "Arab"}  # tesseract's name: that of ISO 15924
ENOUGH_PIXELS = 2000  # of the longer side: so large a picture shows the script and where the top is
NOISE = 35  # per cent: words recognised with less are specks and edges
SURE_SCRIPT = 0.3  # tesseract's own measure of how sure it is of the script
SURE_TURN = 2.0  # and of where its top is
UNSURE = 0.6  # recognised with less confidence, a page may be in another script, or upside down
A4_HEIGHT = 842.0  # points

_SAID = re.compile(r"^(Rotate|Orientation confidence|Script|Script confidence): (\S+)", re.MULTILINE)
_ONE = re.compile(r"(?<!\w)([BC])[lI|](?!\w)")
_ALONE = re.compile(r"^(?:A[lI|]|CL)$")  # where nothing else stands in the cell
_NUMBER = re.compile(r"(bbox|baseline|x_size|x_wconf)((?: -?[\d.]+)+)")


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    box: Box  # in shares of the upright page
    confidence: float  # 0 to 1


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was recognised on a page that was cut out, turned and straightened. Places are in points."""

    runs: list[Run]
    words: list[Word]  # in reading order, as tesseract sees it
    width: float
    height: float
    script: str  # of ISO 15924
    confidence: float  # 0 to 1, mean over letters
    letters: int
    sheet: Sheet  # where it lies on the picture that was given


@dataclass(frozen=True, slots=True)
class _Seen:
    """A word with its place in pixels."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float  # per cent


def recognise(picture: Image.Image, limits: ReadLimits) -> Recognised | None:
    """Recognise one page; None where the picture shows no writing. Unreadable where tesseract is missing or fails."""
    packs = _packs(limits)
    sheet = mended(picture)
    if not shows_writing(sheet.picture):
        return None
    with tempfile.TemporaryDirectory(prefix="ocr-") as name:
        desk = _Desk(Path(name), packs, limits)
        turn, script = _orientation(sheet.picture, desk)
        sheet = sheet.turned(turn or 0)
        found = _recognised(sheet, script or "Latin", desk)
        if script is None and found.confidence < UNSURE:
            others = [_recognised(sheet, other, desk) for other in ("Arabic", "Cyrillic")]
            found = max(found, *others, key=_readable)
        if turn is None and found.confidence < UNSURE:
            found = max(found, _recognised(sheet.turned(180), script or "Latin", desk), key=_readable)
        return found


def _readable(found: Recognised) -> float:
    return found.confidence * min(found.letters, 200)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where and with what a page is recognised."""

    folder: Path
    packs: Mapping[str, str]  # by tesseract's name of the script
    limits: ReadLimits


def _packs(limits: ReadLimits) -> dict[str, str]:
    """The packs for each script, of those that are installed. Unreadable where there is none at all."""
    if program.find("tesseract") is None:
        raise Unreadable("pictures and scans need the program tesseract, which is not installed")
    _, listed = program.run(["tesseract", "--list-langs"], seconds=limits.page_seconds, limits=limits)
    there = set(listed.decode("utf-8", "replace").split())
    wanted = {script: [pack for pack in packs.split("+") if pack in there] for script, packs in PACKS.items()}
    any_at_all = sorted(there & {"eng", "fra", "spa", "rus", "ara"})[:1]
    if not any_at_all:
        raise Unreadable("pictures and scans need the language packs of tesseract, which are not installed")
    return {script: "+".join(packs or any_at_all) for script, packs in wanted.items()}


def _orientation(picture: Image.Image, desk: _Desk) -> tuple[int | None, str | None]:
    """By how many degrees clockwise the page must be turned, and its script; None where tesseract is not sure."""
    small = picture.copy()
    small.thumbnail((ENOUGH_PIXELS, ENOUGH_PIXELS))
    said = dict(_SAID.findall(_tesseract(small, ["--psm", "0", "-l", "osd"], desk).decode("utf-8", "replace")))
    turn = int(said["Rotate"]) if float(said.get("Orientation confidence", 0)) > SURE_TURN else None
    script = said["Script"] if float(said.get("Script confidence", 0)) > SURE_SCRIPT else None
    return turn, script if script in PACKS else None


def _tesseract(picture: Image.Image, options: Sequence[str], desk: _Desk) -> bytes:
    path = desk.folder / "page.pgm"
    program.need_room(picture.width * picture.height)
    picture.save(path)
    # More than one thread makes the same page take five times the processor time.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    command = ["tesseract", str(path), "stdout", "--dpi", "300", *options]
    _, output = program.run(command, seconds=desk.limits.page_seconds, limits=desk.limits, environment=environment)
    return output


def _recognised(sheet: Sheet, script: str, desk: _Desk) -> Recognised:
    output = _tesseract(sheet.picture, ["-l", desk.packs[script], "--psm", "3", "hocr"], desk)
    # An A4 page, whatever its pixels: places matter in relation to each other only.
    width, height = sheet.picture.size
    scale = A4_HEIGHT / max(width, height)
    runs: list[Run] = []
    words: list[_Seen] = []
    for line in _lines(output):
        beside = list(_words(line))
        words += beside
        runs.extend(_runs(beside, line, scale, len(runs)))
    letters = sum(len(word.text) for word in words)
    weight = sum(word.confidence * len(word.text) for word in words)
    return Recognised(
        runs=runs,
        words=[
            Word(
                word.text,
                Box(
                    left=word.left / width, top=word.top / height, right=word.right / width, bottom=word.bottom / height
                ),
                word.confidence / 100,
            )
            for word in words
        ],
        width=width * scale,
        height=height * scale,
        script=SCRIPTS[script],
        confidence=weight / letters / 100 if letters else 0.0,
        letters=letters,
        sheet=sheet,
    )


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


def _words(line: etree._Element) -> Iterator[_Seen]:
    for element in line.iter("span"):
        if element.get("class") != "ocrx_word":
            continue
        text = "".join(map(str, element.itertext())).strip(" \n\u200e\u200f\u202a\u202b\u202c")  # marks of direction
        numbers = _numbers(element)
        confidence = numbers["x_wconf"][0]
        if text and (confidence >= NOISE) and (confidence >= 60 or any(c.isalnum() for c in text)):
            left, top, right, bottom = numbers["bbox"]
            yield _Seen(text, left, top, right, bottom, confidence)


def _level(text: str) -> str:
    """A1, B1 and C1 (Common European Framework), whose digit looks like a letter; Al alone may begin a name."""
    return f"{text[0]}1" if _ALONE.match(text) else _ONE.sub(r"\g<1>1", text)


def _runs(words: list[_Seen], line: etree._Element, scale: float, order: int) -> Iterator[Run]:
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
