"""domain.ports.Workbench that reads no document twice: the same file, by the same reader, gives the same text."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from domain.mail import ParsedMessage
from domain.ports import Workbench
from domain.profile import DocumentText, ReadDocument, Understanding
from roster import readings
from roster.readings import Key, Reading
from roster.store import Store

_TEXT = TypeAdapter(DocumentText)
_FAST = 1  # of zlib: four times smaller in a millisecond


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOnce:
    """Documents that cannot be read are tried each time: a program may have been missing, or the machine busy."""

    workbench: Workbench
    store: Store
    extent: str  # how much of a document is read at most
    readers: Callable[[], frozenset[str]]  # those of this program, by name and version

    def parse(self, raw: Path, parts: Path) -> ParsedMessage:
        return self.workbench.parse(raw, parts)

    def read(self, document: Path, *, media_type: str) -> DocumentText:
        with document.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
        key = Key(digest=digest, media_type=media_type, extent=self.extent)
        found = readings.find(self.store, key)
        if found is not None and found.reader in self.readers():
            text = _unpacked(found.content)
            if text is not None:
                return text
        text = self.workbench.read(document, media_type=media_type)
        readings.keep(self.store, key, Reading(reader=text.reader, content=_packed(text)))
        return text

    def understand(self, message: ParsedMessage, documents: Sequence[ReadDocument], *, now: datetime) -> Understanding:
        return self.workbench.understand(message, documents, now=now)


def _packed(text: DocumentText) -> bytes:
    return zlib.compress(_TEXT.dump_json(text, exclude_defaults=True), _FAST)


def _unpacked(content: bytes) -> DocumentText | None:
    """None where it was kept by a version of the program that knew other fields."""
    try:
        return _TEXT.validate_json(zlib.decompress(content))
    except (ValidationError, zlib.error):
        return None
