"""Files within documents: attachments of a PDF, objects in what Office programs write. The document stays one."""

from __future__ import annotations

import io
import re
import signal
import struct
import threading
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import IO, Any

from domain.mail import Fate
from intake.containers import zips
from intake.containers.model import DAMAGED, TOO_LARGE, Member, NotOpened, Room
from intake.containers.ole import Storage, storage
from intake.content import PIECE, Content
from intake.sniff import DOCX, OLE, PPTX, XLSX

MACROS = "It holds macros, which are never run."
FOREIGN = "An object of another program, such as a formula or a diagram."
PDF = "application/pdf"
PDF_SECONDS = 5.0
PACKAGES = frozenset({DOCX, XLSX, PPTX})
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
COMPOUND = frozenset({"application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"})
NATIVE = "\x01Ole10Native"  # [MS-OLEDS] 2.3.6: a file that was dropped into a document, with its name
DOCUMENTS = frozenset({"WordDocument", "Workbook", "Book", "PowerPoint Document"})
EMBEDDED_FILE = b"/EmbeddedFile"  # the type of such streams (ISO 32000-1, 7.11.4), which are never packed themselves

_IN_OFFICE = re.compile(r"(?:word|xl|ppt)/embeddings/[^/]+", re.IGNORECASE)
_IN_OPEN_DOCUMENT = re.compile(r"Object [0-9]+")
_MACROS_IN_PACKAGE = re.compile(r"(?:.*/)?vbaProject\.bin|Basic/.+|Scripts/.+", re.IGNORECASE)


def files(content: Content, kind: str, room: Room) -> Iterator[Member]:
    """What is embedded in a document, nothing for kinds that embed nothing.

    Raises NotOpened where the document cannot be opened: then its reader will say so.
    """
    if kind == PDF:
        look = _pdf_in_time
    elif _is_package(kind):
        look = _package
    elif kind in COMPOUND:
        look = _compound
    else:
        return
    try:
        yield from look(content, room)
    except Exception as error:  # foreign readers raise dozens of kinds on damaged files, and MemoryError
        raise NotOpened("It is damaged, and what it embeds could not be taken out.") from error


def has_macros(content: Content, kind: str) -> bool:
    try:
        with content.open() as file:
            if _is_package(kind):
                with zipfile.ZipFile(file) as package:
                    return any(_MACROS_IN_PACKAGE.fullmatch(name) for name in package.namelist())
            if kind in COMPOUND:
                with storage(file) as opened:
                    return any("VBA" in path or "_VBA_PROJECT_CUR" in path for path in opened.streams)
    except Exception:  # noqa: BLE001 - of a damaged document its reader tells
        return False
    return False


def _is_package(kind: str) -> bool:
    return kind in PACKAGES or kind.startswith(OPEN_DOCUMENT)


def _package(content: Content, room: Room) -> Iterator[Member]:
    with content.open() as file, zipfile.ZipFile(file) as package:
        infos = [
            info
            for info in package.infolist()
            if _IN_OFFICE.fullmatch(info.filename) or _IN_OPEN_DOCUMENT.fullmatch(info.filename)
        ]
        yield from map(_unwrapped, zips.files(package, ((info, info.filename) for info in infos), room))


def _unwrapped(one: Member) -> Member:
    """A file that a program has put into an object; the object itself where it is a document."""
    if one.data is None or not one.data.startswith(OLE):
        return one
    try:
        with storage(io.BytesIO(one.data)) as opened:
            if any(path[0] in DOCUMENTS for path in opened.streams if len(path) == 1):
                return one
            found = list(_objects(opened, within=0))
    except Exception:  # noqa: BLE001 - as above
        return Member(name=one.name, data=None, fate=Fate.UNREADABLE, reason=DAMAGED)
    return found[0] if found else Member(name=one.name, data=None, fate=Fate.IGNORED, reason=FOREIGN)


def _compound(content: Content, room: Room) -> Iterator[Member]:
    with content.open() as file, storage(file) as opened:
        yield from _fitting(_objects(opened, within=1), room)


def _fitting(found: Iterable[Member], room: Room) -> Iterator[Member]:
    """Those that fit into the room, all together; the reason instead of the bytes of the others."""
    left = room.bytes
    for one in found:
        size = len(one.data or b"")
        if size > left:
            yield Member(name=one.name, data=None, reason=TOO_LARGE)
        else:
            left -= size
            yield one


def _objects(opened: Storage, *, within: int) -> Iterator[Member]:
    """The files in a storage, or so many storages deep in it or deeper."""
    for path in opened.streams:
        if len(path) <= within:
            continue
        if path[-1] == NATIVE:
            yield _native(opened.read(path))
        elif path[-1] == "Package" or (path[-1] == "CONTENTS" and opened.read(path).startswith(b"%PDF")):
            yield Member(name=None, data=opened.read(path))


def _native(stream: bytes) -> Member:
    """Size, type; name and path, two numbers, another path; size and bytes of the file."""
    at = 6
    name, at = _text(stream, at)
    _, at = _text(stream, at)
    _, at = _text(stream, at + 8)
    (size,) = struct.unpack_from("<I", stream, at)
    return Member(name=name, data=stream[at + 4 : at + 4 + size])


def _text(stream: bytes, at: int) -> tuple[str, int]:
    end = stream.index(b"\0", at)
    return stream[at:end].decode("cp1252", "replace"), end + 1


def _pdf_in_time(content: Content, room: Room) -> Iterator[Member]:
    """A PDF on which pypdf runs on and on must not cost the whole mail: its own reader may well read it."""
    found: list[Member] = []
    try:
        with _at_most(PDF_SECONDS):
            found.extend(_pdf(content, room))
    except TimeoutError:
        yield from found  # those that came in time are whole
        raise
    yield from found


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Processor time, then TimeoutError, again and again, since libraries swallow some. In the main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _pdf(content: Content, room: Room) -> Iterator[Member]:
    with content.open() as file:
        if not _holds(file, EMBEDDED_FILE):
            return
        from pypdf import PdfReader  # noqa: PLC0415 - takes longer to load than all else, and few PDFs need it

        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            return
        yield from _fitting(map(_attachment, chain(reader.attachment_list, _pinned(reader.pages))), room)


def _pinned(pages: Iterable[Any]) -> Iterator[Any]:
    """Files that are pinned to a place on a page (ISO 32000-1 §12.5.6.15) instead of to the whole document."""
    from pypdf.generic import EmbeddedFile  # noqa: PLC0415 - as in _pdf

    for page in pages:
        for one in page.get("/Annots", ()):
            note = one.get_object()
            if note.get("/Subtype") == "/FileAttachment" and "/FS" in note:
                held = note["/FS"].get_object()
                yield EmbeddedFile(str(held.get("/UF") or held.get("/F") or "attachment"), held)


def _attachment(one: Any) -> Member:
    try:
        return Member(name=one.name, data=one.content)
    except TimeoutError:
        raise  # else each that is left would have its time too
    except Exception:  # noqa: BLE001 - the others may be whole
        return Member(name=one.name, data=None, fate=Fate.UNREADABLE, reason=DAMAGED)


def _holds(file: IO[bytes], mark: bytes) -> bool:
    tail = b""
    file.seek(0)
    while piece := file.read(PIECE):
        if mark in tail + piece:
            file.seek(0)
            return True
        tail = piece[-len(mark) :]
    return False
