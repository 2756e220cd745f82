import struct
from pathlib import Path

from extraction.read import ReadLimits, read
from extraction.readers import ppt
from tests.integration.extraction.written import NAMES, graphic, line, relations, shape, slide
from tests.unit.extraction.readers.making import hidden, rows, texts, zipped
from tests.unit.intake.containers.compound import compound

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
PPT = "application/vnd.ms-powerpoint"


def deck(path: Path, *slides: str, notes: str = "") -> Path:
    listed = "".join(f"<p:sldId id='{256 + n}' r:id='r{n}'/>" for n in range(len(slides)))
    members = {
        "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"<p:presentation {NAMES}><p:sldIdLst>{listed}</p:sldIdLst>"
        "<p:sldSz cx='9000' cy='6000'/></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(*(("slide", f"slides/s{n}.xml") for n in range(len(slides)))),
        "ppt/slides/_rels/s0.xml.rels": relations(("notesSlide", "../notes.xml")),
        "ppt/notes.xml": f"<p:notes {NAMES}><p:cSld><p:spTree>{notes}</p:spTree></p:cSld></p:notes>",
    }
    return zipped(path, members | {f"ppt/slides/s{n}.xml": content for n, content in enumerate(slides)})


def placed(kind: str, text: str) -> str:
    return f"<p:sp><p:nvSpPr><p:nvPr><p:ph type='{kind}'/></p:nvPr></p:nvSpPr><p:txBody>{line(text)}</p:txBody></p:sp>"


def test_titles_groups_tables_and_notes_are_read_slide_by_slide(tmp_path: Path) -> None:
    first = slide(f"<p:grpSp>{shape(line('Grouped'))}</p:grpSp>{placed('title', 'Rana Khoury')}{placed('sldNum', '1')}")
    second = slide(graphic((("Language", "Level"), ("Arabic", "C1"))))
    made = deck(tmp_path / "cv", first, second, notes=placed("body", "A note") + placed("sldNum", "1"))
    document = read(made, media_type=PPTX, limits=ReadLimits())
    assert texts(document) == ["Rana Khoury", "Grouped", "A note", "Language | Level", "Arabic | C1"]
    assert rows(document) == [("Language", "Level"), ("Arabic", "C1")]
    assert [block.page for block in document.blocks] == [1, 1, 1, 2, 2]
    assert document.pages == 2


def test_hidden_slides_and_shapes_go_apart(tmp_path: Path) -> None:
    outside = "<p:sp><p:spPr><a:xfrm><a:off x='9001' y='0'/><a:ext cx='10' cy='10'/></a:xfrm></p:spPr>"
    unseen = (
        f"<p:sp><p:nvSpPr><p:cNvPr id='1' name='x' hidden='1'/></p:nvSpPr><p:txBody>{line('Hidden')}</p:txBody></p:sp>"
    )
    first = slide(shape(line("Seen")) + unseen + f"{outside}<p:txBody>{line('Outside')}</p:txBody></p:sp>")
    document = read(
        deck(tmp_path / "cv", first, slide(shape(line("Second")), "show='0'")), media_type=PPTX, limits=ReadLimits()
    )
    assert texts(document) == ["Seen"]
    assert hidden(document) == {
        "Hidden": "a shape that is set to be hidden",
        "Outside": "it lies off the slide",
        "Second": "it stands on a hidden slide",
    }


def record(kind: int, content: bytes, *, container: bool = False, instance: int = 0) -> bytes:
    return struct.pack("<HHI", instance << 4 | (0xF if container else 0), kind, len(content)) + content


def test_slides_over_the_limit_are_told_whatever_the_format(tmp_path: Path) -> None:
    slides = [slide(shape(line(text))) for text in ("One", "Two")]
    listed = b"".join(
        record(ppt.SLIDE_PERSIST, struct.pack("<IIIII", number, 0, 0, 0, 0)) + record(ppt.TEXT_8_BIT, text)
        for number, text in enumerate((b"One", b"Two"), 7)
    )
    data = record(0x03E8, record(ppt.SLIDE_LIST, listed, container=True), container=True)
    directory = len(data)
    data += record(ppt.PERSIST_DIRECTORY, struct.pack("<II", 1 << 20 | 1, 0))
    current = b"\0" * 12 + struct.pack("<II", 0xE391C05F, len(data)) + b"\0" * 40
    data += record(ppt.USER_EDIT, struct.pack("<IIIIIII", 0, 0, 0, directory, 1, 3, 0)) + b"\0" * 5000
    (tmp_path / "old").write_bytes(compound({"Current User": current, "PowerPoint Document": data}))
    for path, media_type in ((deck(tmp_path / "cv", *slides), PPTX), (tmp_path / "old", PPT)):
        document = read(path, media_type=media_type, limits=ReadLimits(pages=1))
        assert texts(document) == ["One"]
        assert document.pages == 2
        assert document.problems == ("only the first 1 of 2 slides were read",)


def test_slides_of_powerpoint_97_are_read_as_they_were_saved_last() -> None:
    """Two saves of one file: the first slide was written twice, and only the later text of it counts."""
    old = record(0x03EE, record(ppt.TEXT_8_BIT, b"Old"), container=True)
    new = record(0x03EE, record(ppt.TEXT_UTF16, "Новый".encode("utf-16-le")), container=True)
    listed = record(ppt.SLIDE_PERSIST, struct.pack("<IIIII", 2, 0, 0, 0, 0)) + record(ppt.TEXT_8_BIT, b"Title\rTwo")
    document = record(0x03E8, record(ppt.SLIDE_LIST, listed, container=True), container=True)
    data = document + old
    data += (first := record(ppt.PERSIST_DIRECTORY, struct.pack("<III", 2 << 20 | 1, 0, len(document))))
    edit = len(data)
    data += record(ppt.USER_EDIT, struct.pack("<IIIIIII", 0, 0, 0, edit - len(first), 1, 3, 0))
    place = len(data)
    data += new
    directory = len(data)
    data += record(ppt.PERSIST_DIRECTORY, struct.pack("<II", 1 << 20 | 2, place))
    newest = len(data)
    data += record(ppt.USER_EDIT, struct.pack("<IIIIIII", 0, 0, edit, directory, 1, 3, 0))
    assert list(ppt._slides(data, newest)) == [["Title\nTwo", "Новый"]]
