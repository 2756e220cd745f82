"""A reader that dies over a document does not cost it, where another can read the type."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.errors import Unreadable
from extraction.read import READERS, SECOND_READERS
from extraction.readers.pdf_plain import TOLD
from service.sandbox import Limits, Sandbox
from service.workbench import SandboxWorkbench
from tests.unit.extraction.readers.making import DOCX, docx, paragraph, pdf

COMMAND = (sys.executable, "-m", "tests.unit.service.dying_reader")
LIMITS = Limits(seconds=20, memory=1536 * 1024**2)
PDF = "application/pdf"


@pytest.fixture(scope="module")
def workbench() -> Iterator[SandboxWorkbench]:
    with Sandbox(size=1, command=COMMAND) as sandbox:
        yield SandboxWorkbench(
            sandbox=sandbox,
            parse_limits=LIMITS,
            read_limits=LIMITS,
            understand_limits=LIMITS,
            parse_extent={},
            read_extent={},
            rules=Path("rules"),
            essential_languages=(),
        )


def cv(folder: Path) -> Path:
    return pdf(
        folder / "cv.pdf",
        lambda canvas: canvas.drawString(72, 700, "Ana Paz, ana@example.org"),
        lambda canvas: canvas.drawString(72, 700, "Head of unit, 2010"),
    )


def test_a_pdf_that_kills_its_first_reader_is_read_by_the_second_with_a_note(
    workbench: SandboxWorkbench, tmp_path: Path
) -> None:
    found = workbench.read(cv(tmp_path), media_type=PDF)
    assert [(block.text, block.page) for block in found.blocks] == [
        ("Ana Paz, ana@example.org", 1),
        ("Head of unit, 2010", 2),
    ]
    assert (found.problems, found.pages) == ((TOLD,), 2)


def test_a_pdf_over_which_the_first_reader_hangs_is_read_by_the_second(
    workbench: SandboxWorkbench, tmp_path: Path
) -> None:
    path = cv(tmp_path)
    path.write_bytes(path.read_bytes() + b"%hang")
    patient = replace(workbench, read_limits=replace(LIMITS, seconds=5))
    assert patient.read(path, media_type=PDF).problems == (TOLD,)


def test_where_the_second_fares_no_better_the_end_of_the_first_is_told(
    workbench: SandboxWorkbench, tmp_path: Path
) -> None:
    path = tmp_path / "cv.pdf"
    path.write_bytes(b"%PDF-1.4 and nothing else")
    with pytest.raises(Unreadable, match="the reader crashed"):
        workbench.read(path, media_type=PDF)


def test_a_type_with_one_reader_is_lost_with_it(workbench: SandboxWorkbench, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="the reader crashed"):
        workbench.read(docx(tmp_path / "cv", paragraph("Ana Paz")), media_type=DOCX)


def test_every_second_reader_has_a_first() -> None:
    assert SECOND_READERS.keys() <= READERS.keys()
