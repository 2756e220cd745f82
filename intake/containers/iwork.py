"""Documents of Apple's Pages, Numbers and Keynote: the form is secret, but many carry a PDF of their pages."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from intake.containers.model import Member, NotOpened, Room, taken
from intake.content import Content

ADVICE = "A document of Apple's Pages, Numbers or Keynote, which only those open; it must be sent as PDF or Word."
PREVIEW = "quicklook/preview.pdf"


def preview(content: Content, name: str | None, room: Room) -> Iterator[Member]:
    """The PDF under the name of the document, whose every page it shows."""
    with content.open() as file, zipfile.ZipFile(file) as archive:
        found = next((info for info in archive.infolist() if info.filename.lower().endswith(PREVIEW)), None)
        if found is None:
            raise NotOpened(ADVICE)
        with archive.open(found) as pdf:
            data = taken(pdf, room=room.of(found.compress_size))
    yield Member(name=name, data=data)
