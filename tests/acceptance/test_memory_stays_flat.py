"""Two thousand documents cost no more memory than two hundred, over all processes together."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from reportlab.pdfgen.canvas import Canvas

from service.jobs import READ, ReadArguments
from service.sandbox import Files, Limits, Sandbox
from service.sandbox_folder import GIVEN
from service.workbench import run
from tests.acceptance.test_memory import CV, MIB, memory, tree

pytestmark = pytest.mark.slow

LIMITS = Limits(seconds=60, memory=1536 * MIB)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCUMENTS, WARM, FLAT = 2000, 200, 50 * MIB


def pdf(number: int) -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    for at, line in enumerate([f"Number {number}", *CV.splitlines()] * 4):
        canvas.drawString(50, 800 - 16 * at, line)
    canvas.save()
    return out.getvalue()


def docx(number: int) -> bytes:
    out, document = BytesIO(), Document()
    for line in [f"Number {number}", *CV.splitlines()] * 4:
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def html(number: int) -> bytes:
    return f"<h1>Number {number}</h1>{''.join(f'<p>{line}</p>' for line in CV.splitlines() * 4)}".encode()


def text(number: int) -> bytes:
    return f"Number {number}\n{CV * 4}".encode()


FORMS = ((pdf, "application/pdf"), (docx, DOCX), (html, "text/html"), (text, "text/plain"))


def test_memory_stays_flat(tmp_path: Path) -> None:
    made = [(make(number), media_type) for number in range(10) for make, media_type in FORMS]
    file = tmp_path / "document"
    after = {}
    with Sandbox(size=1) as sandbox:
        for count in range(1, DOCUMENTS + 1):
            data, media_type = made[count % len(made)]
            file.write_bytes(data)
            given = ReadArguments(document=GIVEN, media_type=media_type, limits={})
            assert "Jane Example" in run(sandbox, READ, given, LIMITS, Files(given=file)).text
            if count in (WARM, DOCUMENTS):
                after[count] = sum(map(memory, tree(os.getpid())))
    assert abs(after[DOCUMENTS] - after[WARM]) < FLAT, {count: used / MIB for count, used in after.items()}
