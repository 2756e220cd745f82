"""DOC, RTF and their elders: LibreOffice makes a DOCX of them, which our own walk reads; catdoc where it cannot."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path

from domain.charsets import decode_text
from domain.errors import Unreadable
from domain.profile import DocumentText
from extraction.readers import compound, flow, ooxml, plain, program, rtf
from extraction.readers.archive import MENDED, PROTECTED
from extraction.readers.flow import Paragraph
from extraction.readers.limits import ReadLimits

READER = "soffice+ooxml/2"
FALLBACK = "catdoc/1"
WORDS_OF_RTF = "rtf/1"
LEFT_OUT = "some lines stand at the end: their place in the file could not be told"
RESTARTS = 81  # LibreOffice's exit code after it has made its profile
WORD_FLAGS = 0x0A  # where the flags of a Word file stand ([MS-DOC] §2.5.2)
ENCRYPTED = 0x0100

_WORD = re.compile(r"\w{2,}")
_BINARY = re.compile(rb"\\bin(\d{1,20})")


def read_doc(path: Path, limits: ReadLimits) -> DocumentText:
    """Raises Unreadable where no program can read it, or none is installed."""
    head = compound.stream(path, "WordDocument", 32)
    if head and int.from_bytes(head[WORD_FLAGS : WORD_FLAGS + 2], "little") & ENCRYPTED:
        raise Unreadable(PROTECTED)
    office = _office()
    try:
        if office:
            return replace(_converted(office, path, "doc", limits), properties=compound.properties(path))
    except Unreadable:
        if program.find("catdoc") is None:
            raise
    return read_words_of_doc(path, limits)


def read_rtf(path: Path, limits: ReadLimits) -> DocumentText:
    """By LibreOffice; by its bare words where that is missing, or cannot open it because it is cut off."""
    office, data = _office(), path.read_bytes()
    try:
        if office and not _lies_about_binary(data):
            return _with_left_out(_converted(office, path, "rtf", limits), data, limits)
    except Unreadable:
        if not data[:1024].lstrip().startswith(b"{\\rtf"):
            raise
    problem = MENDED if office else "read without LibreOffice: what is hidden in it is not told apart"
    return flow.document(rtf.nodes(data), reader=WORDS_OF_RTF, limits=limits, problems=(problem,))


def _with_left_out(found: DocumentText, data: bytes, limits: ReadLimits) -> DocumentText:
    """With the lines of which LibreOffice has not given a single word, as it does with tables in tables."""
    known = set(_WORD.findall("\n".join((found.text, *(hidden.text for hidden in found.hidden)))))
    lines = [node for node in rtf.nodes(data) if isinstance(node, Paragraph)]
    left = [line for line in lines if (words := set(_WORD.findall(line.text))) and not words & known]
    if not left:
        return found
    numbering = flow.Numbering()
    numbering.last = max((block.table for block in found.blocks if block.table is not None), default=-1)
    blocks, cut = flow.capped((*found.blocks, *flow.blocks(left, numbering=numbering)), limits)
    return replace(found, blocks=blocks, problems=(*found.problems, LEFT_OUT, *cut))


def _lies_about_binary(data: bytes) -> bool:
    """Whether it announces more binary data than it holds: LibreOffice waits for that until it is ended."""
    return any(int(found.group(1)) > len(data) - found.end() for found in _BINARY.finditer(data))


def read_wordperfect(path: Path, limits: ReadLimits) -> DocumentText:
    return _by_office(path, "wpd", "WordPerfect", limits)


def read_works(path: Path, limits: ReadLimits) -> DocumentText:
    return _by_office(path, "wps", "Works", limits)


def _by_office(path: Path, ending: str, name: str, limits: ReadLimits) -> DocumentText:
    office = _office()
    if office is None:
        raise Unreadable(f"{name} files need the program LibreOffice (soffice), which is not installed")
    return _converted(office, path, ending, limits)


def _office() -> str | None:
    """The binary itself: the start script would leave children behind that outlive a time limit."""
    found = program.find("soffice")
    if found is None:
        return None
    binary = Path(found).resolve().with_name("soffice.bin")
    return str(binary) if binary.exists() else found


def _converted(office: str, path: Path, ending: str, limits: ReadLimits) -> DocumentText:
    """Each conversion has a profile of its own: what one document changes there, the next does not meet."""
    with tempfile.TemporaryDirectory(prefix="office-") as name:
        folder = Path(name)
        given = folder / f"document.{ending}"
        given.symlink_to(path.absolute())
        command = [
            office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
            "--nolockcheck", "--convert-to", "docx", "--outdir", str(folder), str(given),
        ]  # fmt: skip
        code, _ = program.run(command, seconds=limits.program_seconds, limits=limits)
        if code == RESTARTS:
            program.run(command, seconds=limits.program_seconds, limits=limits)
        made = folder / "document.docx"
        if not made.exists():
            raise Unreadable("the file is damaged, or protected by a password: LibreOffice cannot open it")
        return replace(ooxml.read(made, limits), reader=READER)


def read_words_of_doc(path: Path, limits: ReadLimits) -> DocumentText:
    """By catdoc alone. Raises Unreadable where it is missing or fails."""
    if program.find("catdoc") is None:
        raise Unreadable("DOC files need LibreOffice (soffice) or catdoc, and neither is installed")
    code, output = program.run(["catdoc", "-w", "-d", "utf-8", str(path)], seconds=20, limits=limits)
    text, _ = decode_text(output, "utf-8")
    if code != 0 or not text.strip():
        raise Unreadable("the file is damaged: neither LibreOffice nor catdoc can read it")
    missing = "read by catdoc: headers, tables and text boxes may be out of place"
    return replace(plain.read_text(text, limits), reader=FALLBACK, problems=(missing,))
