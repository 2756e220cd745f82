"""Fields, forms, links, symbols, drawings and embedded pages of Word files are read as they are shown."""

import zipfile
from pathlib import Path

from domain.profile import DocumentText
from extraction.read import ReadLimits, read
from tests.unit.extraction.readers.making import DOCX, docx, paragraph, texts, word_xml, zipped

A = "xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'"


def opened(
    path: Path, body: str, *, parts: dict[str, tuple[str, str]] | None = None, links: dict[str, str] | None = None
) -> DocumentText:
    return read(docx(path / "cv", body, parts=parts, links=links), media_type=DOCX, limits=ReadLimits())


def mark(kind: str, data: str = "") -> str:
    return f"<w:r><w:fldChar w:fldCharType='{kind}'>{data}</w:fldChar></w:r>"


def code(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def run(text: str, look: str = "") -> str:
    return f"<w:r>{look}<w:t xml:space='preserve'>{text}</w:t></w:r>"


def test_the_result_of_a_field_is_read_and_its_code_is_not(tmp_path: Path) -> None:
    nested = mark("begin") + code("IF ") + mark("begin") + code("PAGE") + mark("separate") + run("9") + mark("end")
    body = f"<w:p>{nested}{run('within a code')}{mark('separate')}{run('Result')}{mark('end')}{run(' after')}</w:p>"
    assert texts(opened(tmp_path, body)) == ["Result after"]


def test_a_field_without_an_end_swallows_nothing_of_the_next_paragraph(tmp_path: Path) -> None:
    body = f"<w:p>{run('Before')}{mark('begin')}{code('PAGE')}</w:p>" + paragraph("After")
    assert texts(opened(tmp_path, body)) == ["Before", "After"]


def test_fields_of_a_form_show_what_was_filled_in(tmp_path: Path) -> None:
    box = mark("begin", "<w:ffData><w:checkBox><w:default w:val='0'/>{}</w:checkBox></w:ffData>")
    rest = code("FORMCHECKBOX") + mark("end")
    chosen = (
        "<w:ffData><w:ddList><w:result w:val='1'/><w:listEntry w:val='Basic'/><w:listEntry w:val='Fluent'/></w:ddList>"
    )
    body = (
        f"<w:p>{box.format('<w:checked/>')}{rest}{run(' French ')}{box.format('')}{rest}{run(' Arabic')}</w:p>"
        f"<w:p>{mark('begin', chosen + '</w:ffData>')}{code('FORMDROPDOWN')}{mark('end')}</w:p>"
        f"<w:p>{mark('begin')}{code('FORMTEXT')}{mark('separate')}{run('Rana Khoury')}{mark('end')}</w:p>"
    )
    assert texts(opened(tmp_path, body)) == ["☒ French ☐ Arabic", "Fluent", "Rana Khoury"]


def test_symbols_and_letters_of_symbol_fonts_are_signs(tmp_path: Path) -> None:
    wingdings = "<w:rPr><w:rFonts w:ascii='Wingdings' w:hAnsi='Wingdings'/></w:rPr>"
    body = (
        f"<w:p><w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r>{run(' male ')}{run('o', wingdings)}{run(' female')}"
        "</w:p>"
        f"<w:p>{run('(', wingdings)}{run(' +41 22 555 01 23')}</w:p>"
    )
    assert texts(opened(tmp_path, body)) == ["☑ male ☐ female", "☎ +41 22 555 01 23"]


def test_the_address_behind_words_is_read_beside_them(tmp_path: Path) -> None:
    link = "<w:hyperlink r:id='{}'>{}</w:hyperlink>"
    field = mark("begin") + code('HYPERLINK "mailto:c@example.org"') + mark("separate") + run("Write") + mark("end")
    body = (
        f"<w:p>{link.format('a', run('e-mail me'))}</w:p><w:p>{link.format('a', run('A@example.org'))}</w:p>"
        f"<w:p>{field}</w:p><w:p>{link.format('p', run('Call'))}</w:p><w:p>{link.format('w', run('Site'))}</w:p>"
    )
    links = {"a": "mailto:a@example.org?subject=Hi", "p": "tel:+41225550123", "w": "https://example.org/"}
    assert texts(opened(tmp_path, body, links=links)) == [
        "e-mail me (a@example.org)", "A@example.org", "Write (c@example.org)", "Call (+41225550123)", "Site",
    ]  # fmt: skip


def test_diagrams_and_charts_give_their_words(tmp_path: Path) -> None:
    words = f"<a:p {A}><a:r><a:t>{{}}</a:t></a:r></a:p>"
    point = "<dgm:pt type='{}'><dgm:t>{}</dgm:t></dgm:pt>"
    diagram = (
        "<dgm:dataModel xmlns:dgm='d'><dgm:ptLst>"
        + point.format("node", words.format("Head of unit"))
        + point.format("pres", words.format("twice"))
        + "</dgm:ptLst></dgm:dataModel>"
    )
    chart = (
        f"<c:chartSpace xmlns:c='c'><c:title><c:rich>{words.format('Languages')}</c:rich></c:title><c:cat><c:strRef>"
        "<c:strCache><c:pt><c:v>Tigrinya</c:v></c:pt></c:strCache></c:strRef></c:cat></c:chartSpace>"
    )
    graphic = "<w:r><w:drawing><wps:graphicData>{}</wps:graphicData></w:drawing></w:r>"
    body = f"<w:p>{graphic.format('''<wps:relIds r:dm='r0'/>''')}{graphic.format('''<wps:chart r:id='r1'/>''')}</w:p>"
    parts = {"diagrams/data1.xml": ("diagramData", diagram), "charts/chart1.xml": ("chart", chart)}
    assert texts(opened(tmp_path, body, parts=parts)) == ["Head of unit", "Languages", "Tigrinya"]


def test_reading_aids_soft_hyphens_and_old_word_art(tmp_path: Path) -> None:
    aid, base = "<w:rt><w:r><w:t>kan</w:t></w:r></w:rt>", "<w:rubyBase><w:r><w:t>漢</w:t></w:r></w:rubyBase>"
    ruby = f"<w:r><w:ruby>{aid}{base}</w:ruby></w:r>"
    body = (
        f"<w:p>{ruby}<w:r><w:t>reinte</w:t><w:softHyphen/><w:t>gration 1\u00a0000</w:t><w:noBreakHyphen/>"
        "<w:t>2</w:t></w:r>"
        "</w:p>"
        "<w:p><w:r><w:pict><wps:shape><wps:textpath string='Rana Khoury'/></wps:shape></w:pict></w:r></w:p>"
    )
    assert texts(opened(tmp_path, body)) == ["漢reintegration 1 000-2", "Rana Khoury"]


def test_a_picture_of_words_stands_for_a_drawing_that_has_none(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice><wps:wsp/></mc:Choice><mc:Fallback><w:pict><w:txbxContent>"
        f"{paragraph('Only here')}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert texts(opened(tmp_path, body)) == ["Only here"]


def test_embedded_documents_are_read_in_their_place(tmp_path: Path) -> None:
    page = "<html><body><p>From a page</p><p style='display:none'>unseen</p></body></html>"
    inner = docx(tmp_path / "inner", paragraph("From a document")).read_bytes()
    body = paragraph("Before") + "<w:altChunk r:id='r0'/><w:altChunk r:id='r1'/>" + paragraph("After")
    made = docx(tmp_path / "outer", body, parts={"a.html": ("aFChunk", page), "b.docx": ("aFChunk", "")})
    with zipfile.ZipFile(made) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    zipped(made, members | {"word/b.docx": inner})
    document = read(made, media_type=DOCX, limits=ReadLimits())
    assert texts(document) == ["Before", "From a page", "From a document", "After"]
    assert [one.text for one in document.hidden] == ["unseen"]


def test_what_is_told_of_an_embedded_document_is_told_beside_other_damage(tmp_path: Path) -> None:
    body = (
        paragraph("Before")
        + "<w:altChunk r:id='r0'/>"
        + "<w:p><w:r><w:drawing><wps:relIds r:dm='r1'/></w:drawing></w:r></w:p>"
    )
    parts = {"b.docx": ("aFChunk", "PK cut off"), "data1.xml": ("diagramData", "<dgm:dataModel <<<")}
    document = opened(tmp_path, body, parts=parts)
    assert document.problems == (
        "a document that is embedded in the text was not read: the file is damaged or cut off",
        "the file is damaged; what could be read of it was read",
    )


def test_damage_of_an_embedded_document_is_told(tmp_path: Path) -> None:
    broken = word_xml("document", f"<w:body>{paragraph('Inside')}</w:body>").replace("</w:body>", "")
    inner = zipped(tmp_path / "inner", {"word/document.xml": broken}).read_bytes()
    made = docx(tmp_path / "outer", "<w:altChunk r:id='r0'/>", parts={"b.docx": ("aFChunk", "")})
    with zipfile.ZipFile(made) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    zipped(made, members | {"word/b.docx": inner})
    document = read(made, media_type=DOCX, limits=ReadLimits())
    assert texts(document) == ["Inside"]
    assert document.problems == ("the file is damaged; what could be read of it was read",)


def test_properties_are_kept_at_bounded_length(tmp_path: Path) -> None:
    made = docx(tmp_path / "cv", paragraph("CV"))
    with zipfile.ZipFile(made) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    relations = str(members["_rels/.rels"], "utf-8") if isinstance(members["_rels/.rels"], bytes) else ""
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    added = f'<Relationship Id="c" Type="{core}" Target="docProps/core.xml"/></Relationships>'
    members["_rels/.rels"] = relations.replace("</Relationships>", added)
    members["docProps/core.xml"] = (
        f"<p xmlns:d='d'><d:title>{'x' * 900}</d:title><d:creator>Rana Khoury</d:creator>"
        "<lastModifiedBy>HR</lastModifiedBy></p>"
    )
    document = read(zipped(made, members), media_type=DOCX, limits=ReadLimits())
    assert document.properties == (("title", "x" * 200), ("author", "Rana Khoury"), ("last modified by", "HR"))


def test_notes_and_their_order(tmp_path: Path) -> None:
    notes = word_xml("footnotes", f"<w:footnote>{paragraph('A note')}</w:footnote>")
    parts = {"footnotes.xml": ("footnotes", notes), "footer1.xml": ("footer", word_xml("ftr", paragraph("Foot")))}
    assert texts(opened(tmp_path, paragraph("Body"), parts=parts)) == ["Body", "A note", "Foot"]
