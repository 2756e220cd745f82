"""What was filled into a PDF, typed onto it, linked and remarked."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Text
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

from domain.profile import DocumentText, HiddenText
from extraction.read import ReadLimits, read
from extraction.readers import pdf_notes, pdf_xfa
from tests.unit.extraction.readers.making import pdf, rows, texts, wrapped

PDF = "application/pdf"
PROSE = (
    "Coordinated the return of two thousand families after the floods, wrote the manual of the reception centres and "
    "trained the staff of four provinces in registration, referral and the identification of people at risk."
)


def opened(path: Path) -> DocumentText:
    return read(path, media_type=PDF, limits=ReadLimits())


def written(path: Path, writer: PdfWriter) -> Path:
    out = BytesIO()
    writer.write(out)
    path.write_bytes(out.getvalue())
    return path


def prose(canvas: Canvas) -> None:
    wrapped(canvas, PROSE, x=50, y=760, width=420)


def test_fields_are_read_beside_their_labels_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    """As in a form: all labels were printed long before anything was filled in."""
    labels = ("Family name", "First name", "Nationality", "Residence")
    values = ("Teklemariam", "Selamawit Girma", "Ethiopian", "Addis Ababa")

    def page(canvas: Canvas) -> None:
        prose(canvas)
        for number, label in enumerate(labels):
            canvas.drawString(50, 650 - 30 * number, label)
        for number, value in enumerate(values):
            canvas.acroForm.textfield(
                name=f"f{number}", value=value, x=180, y=645 - 30 * number, width=250, height=18, fontSize=10
            )

    document = opened(pdf(tmp_path / "form", page))
    assert rows(document) == list(zip(labels, values, strict=True))
    assert all(block.box for block in document.blocks)


def test_a_value_is_read_where_the_program_drew_no_picture_of_it(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        prose(canvas)
        canvas.drawString(50, 650, "Family name")
        canvas.acroForm.textfield(name="n", value="old", x=180, y=645, width=250, height=18, fontSize=10)

    writer = PdfWriter(clone_from=PdfReader(pdf(tmp_path / "form", page)))
    field = writer.pages[0]["/Annots"][0].get_object()  # type: ignore[index]
    field[NameObject("/V")] = TextStringObject("Мамытова Айгуль")
    del field["/AP"]
    assert rows(opened(written(tmp_path / "filled", writer))) == [("Family name", "Мамытова Айгуль")]


def test_boxes_tell_their_state_and_choices_what_was_chosen(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        prose(canvas)
        form = canvas.acroForm
        for x, label, is_checked in ((50, "Married", True), (180, "Single", False)):
            form.checkbox(name=label, checked=is_checked, x=x, y=640, size=14)
            canvas.drawString(x + 20, 643, label)
        for x, value in ((50, "Yes"), (180, "No")):
            form.radio(name="may", value=value, selected=value == "No", x=x, y=600, size=14)
            canvas.drawString(x + 20, 603, value)
        canvas.drawString(50, 553, "Language")
        form.choice(
            name="c", value="French", options=["English", "French"], x=180, y=550, width=100, height=16, fontSize=10
        )

    document = opened(pdf(tmp_path / "form", page))
    lines = [" ".join(text.replace("|", " ").split()) for text in texts(document)[1:]]
    assert lines == ["☒ Married ☐ Single", "☐ Yes ☒ No", "Language French"]


def test_what_was_typed_onto_a_page_is_read_in_place_and_remarks_are_kept_apart(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        prose(canvas)
        canvas.drawString(50, 650, "Telephone:")
        wrapped(canvas, PROSE, x=50, y=600, width=420)

    writer = PdfWriter(clone_from=PdfReader(pdf(tmp_path / "cv", page)))
    writer.add_annotation(0, FreeText(text="+251 911 555 0123", rect=(120, 644, 260, 662)))
    writer.add_annotation(0, Text(text="Check with Hana before sending", rect=(500, 700, 520, 720)))
    document = opened(written(tmp_path / "noted", writer))
    assert texts(document) == [PROSE, "Telephone: | +251 911 555 0123", PROSE]
    assert document.hidden == (HiddenText(text="Check with Hana before sending", reason=pdf_notes.COMMENT, page=1),)


def test_an_address_behind_words_is_read_beside_them(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        prose(canvas)
        canvas.drawString(50, 650, "Write to me")
        canvas.linkURL("mailto:amina.d@example.org?subject=Hello", (50, 645, 105, 662))
        canvas.drawString(50, 620, "amina.second@example.org")
        canvas.linkURL("mailto:amina.second@example.org", (50, 615, 170, 632))
        canvas.linkURL("https://profile.example/amina", (50, 585, 170, 602))

    document = opened(pdf(tmp_path / "cv", page))
    assert texts(document)[1:] == ["Write to me (amina.d@example.org)", "amina.second@example.org"]


def test_a_field_that_is_not_shown_is_hidden_text(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        prose(canvas)
        canvas.acroForm.textfield(
            name="s", value="counter trafficking", x=180, y=645, width=250, height=18, annotationFlags="hidden"
        )

    document = opened(pdf(tmp_path / "cv", page))
    assert [(one.text, one.reason) for one in document.hidden] == [("counter trafficking", pdf_notes.UNSHOWN)]
    assert texts(document) == [PROSE]


def test_the_text_that_a_program_says_a_drawing_stands_for_is_read(tmp_path: Path) -> None:
    """ActualText (ISO 32000-1 §14.9.4): letters drawn in a way that their codes do not tell."""
    path = pdf(tmp_path / "cv", prose)
    writer = PdfWriter(clone_from=PdfReader(path))
    page = writer.pages[0]
    contents = StreamObject()
    contents.set_data(
        page.get_contents().get_data()  # type: ignore[union-attr]
        + b"\nBT /F1 12 Tf 50 600 Td /Span << /ActualText (\xfe\xff\x04\x1e\x04\x48) >> BDC (Os) Tj EMC ET"
    )
    page[NameObject("/Contents")] = writer._add_object(contents)
    assert texts(opened(written(tmp_path / "actual", writer)))[-1] == "Ош"


def test_what_the_file_says_of_itself_is_told_and_bounded(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        prose(canvas)
        canvas.setTitle("CV Diallo")
        canvas.setAuthor("Amina " * 1000)

    said = dict(opened(pdf(tmp_path / "cv", page)).properties)
    assert said["title"] == "CV Diallo"
    assert said["author"].startswith("Amina Amina")
    assert len(said["author"]) <= 200
    assert "ReportLab" in said["producer"]


TEMPLATE = b"""<template xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><subform name="form">
<draw><value><text>Application form</text></value></draw>
<field name="surname"><caption><value><text>Family name</text></value></caption></field>
<field name="city"><caption><value><text>City</text></value></caption></field>
<field name="secret" presence="hidden"><caption><value><text>Secret</text></value></caption></field>
</subform></template>"""
DATASETS = b"""<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><form>
<surname>Teklemariam</surname><city>Addis Ababa</city></form></xfa:data></xfa:datasets>"""


def test_a_form_that_only_one_program_shows_is_read_from_its_data(tmp_path: Path) -> None:
    path = pdf(tmp_path / "xfa", lambda canvas: canvas.drawString(50, 700, "Please wait..."))
    writer = PdfWriter(clone_from=PdfReader(path))
    packets = ArrayObject()
    for name, data in (("template", TEMPLATE), ("datasets", DATASETS)):
        stream = StreamObject()
        stream.set_data(data)
        packets += [TextStringObject(name), writer._add_object(stream)]
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {NameObject("/XFA"): packets, NameObject("/Fields"): ArrayObject(), NameObject("/SigFlags"): NumberObject(0)}
    )
    writer.root_object[NameObject("/NeedsRendering")] = BooleanObject(True)
    document = opened(written(tmp_path / "form", writer))
    assert texts(document) == ["Application form", "Family name | Teklemariam", "City | Addis Ababa"]
    assert document.problems == (pdf_xfa.TOLD,)


@pytest.mark.parametrize("value", ["", " "])
def test_an_empty_field_says_nothing(tmp_path: Path, value: str) -> None:
    def page(canvas: Canvas) -> None:
        prose(canvas)
        canvas.acroForm.textfield(name="n", value=value, x=180, y=645, width=250, height=18)

    assert texts(opened(pdf(tmp_path / "cv", page))) == [PROSE]
