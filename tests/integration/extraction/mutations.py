"""Files of every reader, damaged at random but the same each time, read in the sandbox: how did it end?

The long run, with the number of files and the seed: python -m tests.integration.extraction.mutations 20000 7
"""

from __future__ import annotations

import io
import random
import re
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pypdf
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from domain.errors import Unreadable
from service.jobs import READ, ReadArguments
from service.sandbox import Files, Limits, Sandbox
from service.sandbox_folder import GIVEN
from service.workbench import run
from tests.integration.extraction import written
from tests.integration.extraction.cvs import ENGLISH, Cv
from tests.unit.extraction.readers.making import DOCX, ODT, docx, odt, paragraph, table

LIMITS = Limits(seconds=20, memory=1536 * 1024**2)
READ_IT = "read"
PDF = "application/pdf"
RTF = "application/rtf"
SELDOM = 20  # one in so many of the files for which LibreOffice must be started, which takes seconds
TOLD = 1000  # files from one line of progress to the next
TEXT = "Ana Paz, ana@example.org. 2010–2018: Head of unit"
WRITTEN: Mapping[str, Callable[[Cv, Path], Path]] = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": written.xlsx,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": written.pptx,
    "application/vnd.oasis.opendocument.spreadsheet": written.ods,
    "application/vnd.oasis.opendocument.presentation": written.odp,
    "application/vnd.ms-excel": written.xls,
    "application/x-mimearchive": written.mhtml,
    "application/x-word-xml": written.word_2003,
    "application/x-excel-xml": written.excel_2003,
}


def seeds(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Media type and bytes of a small sound file for every reader, but few for those that start LibreOffice."""
    yield DOCX, docx(folder / "docx", paragraph(TEXT) + table(("English", "C1"), ("French", "B2"))).read_bytes()
    yield ODT, odt(folder / "odt", f"<text:p>{TEXT}</text:p>").read_bytes()
    for kind, write in WRITTEN.items():
        yield kind, write(ENGLISH, folder / "written").read_bytes()
    yield from pdfs(folder)
    yield from pictures()
    yield "text/html", f"<html><body><table><tr><td>{TEXT}</td><td>C1</td></tr></table></body></html>".encode()
    yield "text/plain", TEXT.encode("utf-16")
    yield RTF, rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Ana Paz\par 2010 Head of unit\par}"
    # Damaged beyond what the type of a file says, or of another type than it says:
    yield "application/vnd.ms-powerpoint", written.xls(ENGLISH, folder / "written").read_bytes()
    yield "application/x-opendocument-flat", written.word_2003(ENGLISH, folder / "written").read_bytes()


def pdfs(folder: Path) -> Iterator[tuple[str, bytes]]:
    """As reportlab writes it, with a form, a link and a picture; and the same with all objects in packed streams."""
    canvas = Canvas(str(folder / "pdf"))
    canvas.drawString(72, 700, TEXT)
    canvas.drawInlineImage(Image.new("L", (60, 60), 90), 72, 500)
    canvas.linkURL("mailto:ana@example.org", (72, 690, 200, 710))
    canvas.acroForm.textfield(name="name", value="Ana Paz", x=72, y=400, width=200, height=20)
    canvas.save()
    yield PDF, (folder / "pdf").read_bytes()
    packed = io.BytesIO()
    writer = pypdf.PdfWriter(clone_from=folder / "pdf")
    writer.add_attachment("cv.txt", TEXT.encode())
    writer.write(packed)
    yield PDF, packed.getvalue()


def pictures() -> Iterator[tuple[str, bytes]]:
    drawn = Image.linear_gradient("L").resize((120, 90))
    for form in ("PNG", "JPEG", "TIFF", "WEBP", "GIF", "BMP", "AVIF", "JPEG2000"):
        stored = io.BytesIO()
        drawn.save(stored, form)
        kind = {"JPEG2000": "image/jp2"}.get(form, f"image/{form.lower()}")
        yield kind, stored.getvalue()
    yield "image/heic", Path(__file__).with_name("page.heic").read_bytes()[:6000]


def harmed(data: bytes, dice: random.Random) -> bytes:
    """Damaged: an archive every second time within one of its members, which would else hardly be reached."""
    if data[:2] != b"PK" or dice.randrange(2):
        return damaged(data, dice)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        names = old.namelist()
        one = dice.choice(names)
        for name in names:
            new.writestr(name, damaged(old.read(name), dice) if name == one else old.read(name))
    return made.getvalue()


def damaged(data: bytes, dice: random.Random) -> bytes:
    """Some bytes changed, cut out, put twice or written over; more often near the front, where the structure is."""
    made = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        if not made:
            break
        at = min(int(dice.random() ** 2 * len(made)), len(made) - 1)
        size = dice.choice((1, 1, 2, 4, 64))
        match dice.randrange(5):
            case 0:
                made[at] = dice.randrange(256)
            case 1:
                del made[at : at + size]
            case 2:
                made[at:at] = made[at : at + size] * dice.choice((1, 2, 50))
            case 3:
                made[at : at + size] = dice.choice((b"\xff", b"\0", b"\x7f\xff\xff\xff", b"-1", b"99999999")) * size
            case _:
                del made[at + len(made) // 2 :]
    return bytes(made)


def outcomes(count: int = 1000, seed: int = 7) -> Counter[str]:
    """How so many damaged files ended: read, or the reason without its numbers. A bug of ours is raised."""
    dice = random.Random(seed)
    ended: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name, Sandbox(size=1) as sandbox:
        folder = Path(name)
        known = list(seeds(folder))
        path = folder / "file"
        for number in range(count):
            kind, data = known[number % len(known)]
            if kind == RTF and number // len(known) % SELDOM:
                kind = "text/plain"
            path.write_bytes(harmed(data, dice))
            if number % TOLD == TOLD - 1:
                print(f"{number + 1} files, {len(ended)} kinds of end", file=sys.stderr, flush=True)
            given = ReadArguments(document=GIVEN, media_type=kind, limits={})
            try:
                run(sandbox, READ, given, LIMITS, Files(given=path))
                ended[READ_IT] += 1
            except Unreadable as error:
                ended[re.sub(r"\d+|“.*?”", "…", str(error))[:90]] += 1
            except RuntimeError as error:
                raise AssertionError(f"file {number} of the seed {seed} ({kind}): {error}") from error
        sound = docx(folder / "sound", paragraph("The next one"))
        given = ReadArguments(document=GIVEN, media_type=DOCX, limits={})
        assert run(sandbox, READ, given, LIMITS, Files(given=sound)).text == "The next one"
    return ended


if __name__ == "__main__":
    for outcome, times in outcomes(*map(int, sys.argv[1:3])).most_common():
        print(f"{times:6} {outcome}")
