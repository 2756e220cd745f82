"""Files of every reader, damaged at random but the same each time, read in the sandbox: how did it end?

The long run: python -m tests.integration.extraction.mutations 20000
"""

from __future__ import annotations

import io
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from domain.errors import Unreadable
from extraction.read import READERS
from service.jobs import READ, ReadArguments
from service.sandbox import Files, Limits, Sandbox
from service.sandbox_folder import GIVEN
from service.workbench import run
from tests.unit.extraction.readers.making import DOCX, ODT, docx, odt, paragraph

LIMITS = Limits(seconds=20, memory=1536 * 1024**2)
READ_IT = "read"
RTF = "application/rtf"
SELDOM = 20  # one in so many of the files for which LibreOffice must be started, which takes seconds


def seeds(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Media type and bytes of a small sound file for every reader, but few for those that start LibreOffice."""
    text = "Ana Paz, ana@example.org. 2010–2018: Head of unit"
    yield DOCX, docx(folder / "docx", paragraph(text)).read_bytes()
    yield ODT, odt(folder / "odt", f"<text:p>{text}</text:p>").read_bytes()
    yield "text/html", f"<html><body><table><tr><td>{text}</td><td>C1</td></tr></table></body></html>".encode()
    yield "text/plain", text.encode("utf-16")
    yield RTF, rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Ana Paz\par 2010 Head of unit\par}"
    canvas = Canvas(str(folder / "pdf"))
    canvas.drawString(72, 700, text)
    canvas.drawInlineImage(Image.new("L", (60, 60), 90), 72, 500)
    canvas.save()
    yield "application/pdf", (folder / "pdf").read_bytes()
    drawn = Image.linear_gradient("L").resize((120, 90))
    for form in ("PNG", "JPEG", "TIFF", "WEBP", "GIF", "BMP", "AVIF", "JPEG2000"):
        stored = io.BytesIO()
        drawn.save(stored, form)
        kind = {"JPEG2000": "image/jp2"}.get(form, f"image/{form.lower()}")
        yield kind, stored.getvalue()
    yield "image/heic", Path(__file__).with_name("page.heic").read_bytes()[:6000]
    for kind, reader in READERS.items():
        if not kind.startswith(("image/", "text/")) and not reader.startswith("office:"):
            yield kind, docx(folder / "other", paragraph(text)).read_bytes()  # of another type than it says


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


def outcomes(count: int, *, seed: int = 7) -> Counter[str]:
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
            path.write_bytes(damaged(data, dice))
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
    for outcome, times in outcomes(int(sys.argv[1]) if len(sys.argv) > 1 else 1000).most_common():
        print(f"{times:6} {outcome}")
