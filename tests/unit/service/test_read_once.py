"""The same file is read once, as long as the reader and what it may read stay the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.errors import Unreadable
from domain.mail import ParsedMessage
from domain.profile import Block, DocumentText, ReadDocument, RecognisedWord, Understanding
from roster.store import Store
from roster.tables import reading
from service.read_once import ReadOnce


@dataclass
class Workbench:
    """The fake: reads what is written in the file, in a reader's version."""

    reader: str = "pdfium/1"
    read_files: list[str] = field(default_factory=list)

    def parse(self, raw: Path, parts: Path) -> ParsedMessage:
        raise NotImplementedError

    def read(self, document: Path, *, media_type: str) -> DocumentText:
        self.read_files.append(document.name)
        text = document.read_text()
        if text == "damaged":
            raise Unreadable("it is damaged")
        word = RecognisedWord(start=0, end=3, confidence=0.5)
        return DocumentText(blocks=(Block(text=text, page=1),), reader=self.reader, words=(word,))

    def understand(self, message: ParsedMessage, documents: Sequence[ReadDocument], *, now: datetime) -> Understanding:
        raise NotImplementedError


@pytest.fixture
def workbench() -> Workbench:
    return Workbench()


@pytest.fixture
def once(workbench: Workbench, store: Store) -> ReadOnce:
    return ReadOnce(
        workbench=workbench, store=store, extent="pages=80", readers=lambda: frozenset({workbench.reader, "html/1"})
    )


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_the_same_file_is_read_once_whatever_its_name(once: ReadOnce, workbench: Workbench, tmp_path: Path) -> None:
    first = once.read(file(tmp_path, "first", "a CV"), media_type="application/pdf")
    second = once.read(file(tmp_path, "second", "a CV"), media_type="application/pdf")
    assert first == second
    assert workbench.read_files == ["first"]


@pytest.mark.parametrize("change", ["file", "type", "extent", "reader"])
def test_what_matters_to_the_text_makes_it_be_read_again(
    once: ReadOnce, workbench: Workbench, tmp_path: Path, change: str
) -> None:
    once.read(file(tmp_path, "first", "a CV"), media_type="application/pdf")
    if change == "extent":
        once = replace(once, extent="pages=81")
    if change == "reader":
        workbench.reader = "pdfium/2"
    text = "another" if change == "file" else "a CV"
    kind = "text/plain" if change == "type" else "application/pdf"
    assert once.read(file(tmp_path, "second", text), media_type=kind).text == text
    assert workbench.read_files == ["first", "second"]


def test_what_cannot_be_read_is_tried_each_time(once: ReadOnce, workbench: Workbench, tmp_path: Path) -> None:
    for name in ("first", "second"):
        with pytest.raises(Unreadable, match="damaged"):
            once.read(file(tmp_path, name, "damaged"), media_type="application/pdf")
    assert workbench.read_files == ["first", "second"]


def test_what_an_older_program_kept_in_another_form_is_read_again(
    once: ReadOnce, workbench: Workbench, store: Store, tmp_path: Path
) -> None:
    once.read(file(tmp_path, "first", "a CV"), media_type="application/pdf")
    with store.begin() as db:
        db.execute(sa.update(reading).values(content=b"another form"))
    assert once.read(file(tmp_path, "second", "a CV"), media_type="application/pdf").text == "a CV"
    assert workbench.read_files == ["first", "second"]
