"""A word in every place that a word processor has, stored in every format it knows: none is lost, none comes twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from extraction.read import ReadLimits, read
from tests.integration.extraction.making import converted_together
from tests.unit.extraction.readers.making import ODF

TYPES = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "MS Word 2007 XML"),
    "odt": ("application/vnd.oasis.opendocument.text", "writer8"),
    "doc": ("application/msword", "MS Word 97"),
    "rtf": ("application/rtf", "Rich Text Format"),
}
SEEN = (
    "Kopfzeile", "Fusszeile", "ترويسة", "Ueberschrift", "Absatz", "Kasten", "Zelle", "Innenzelle",
    "Fussnote", "Endnote", "Aufzaehlung", "Dropdown", "اسم",
)  # fmt: skip
UNSEEN = ("Verborgen", "Kommentar", "Geloescht")
NOTES = {"footnote": "Fussnote", "endnote": "Endnote"}
NAMES = {"draw": "drawing", "fo": "xsl-fo-compatible", "svg": "svg-compatible"}


def everywhere() -> str:
    spaces = ("office", "text", "table", "style", "draw", "fo", "svg")
    names = " ".join(f'xmlns:{name}="{ODF.format(NAMES.get(name, name))}"' for name in spaces)
    names += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    kind = 'office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {names} {kind}><office:automatic-styles>'
        "<style:page-layout style:name='L'><style:page-layout-properties/><style:header-style/><style:footer-style/>"
        "</style:page-layout>"
        "<style:style style:name='V' style:family='text'><style:text-properties text:display='none'/></style:style>"
        "</office:automatic-styles><office:master-styles>"
        f"<style:master-page style:name='Standard' style:page-layout-name='L'><style:header>{p('Kopfzeile ترويسة')}"
        f"</style:header><style:footer>{p('Fusszeile')}</style:footer></style:master-page></office:master-styles>"
        f"<office:body><office:text>{body()}</office:text></office:body></office:document>"
    )


def body() -> str:
    note = (
        "<text:note text:note-class='{}'><text:note-citation>1</text:note-citation><text:note-body>{}</text:note-body>"
    )
    notes = "".join(f"{note.format(kind, p(text))}</text:note>" for kind, text in NOTES.items())
    cell, row = "<table:table-cell>{}</table:table-cell>", "<table:table-row>{}</table:table-row>"
    inner = f"<table:table><table:table-column/>{row.format(cell.format(p('Innenzelle')))}</table:table>"
    box = "<draw:frame text:anchor-type='paragraph' svg:width='5cm' svg:height='1cm'><draw:text-box>{}</draw:text-box>"
    change = "<dc:creator>A</dc:creator><dc:date>2024-01-01T00:00:00</dc:date>"
    return (
        f"<text:tracked-changes><text:changed-region text:id='c1'><text:deletion>"
        f"<office:change-info>{change}</office:change-info>"
        f"{p('Geloescht')}</text:deletion></text:changed-region></text:tracked-changes>"
        "<text:h text:outline-level='1'>Ueberschrift</text:h>"
        f"<text:p>Absatz{box.format(p('Kasten'))}</draw:frame>{notes}</text:p>"
        "<text:p><text:span text:style-name='V'>Verborgen</text:span>اسم"
        f"<office:annotation>{p('Kommentar')}</office:annotation><text:change text:change-id='c1'/></text:p>"
        f"<text:list><text:list-item>{p('Aufzaehlung')}</text:list-item></text:list>"
        "<text:p><text:drop-down text:name='d'><text:label text:value='Dropdown' text:current-selected='true'/>Dropdown"
        "</text:drop-down></text:p><table:table><table:table-column table:number-columns-repeated='2'/>"
        f"{row.format(cell.format(p('Zelle')) + cell.format(inner))}</table:table>"
    )


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("places") / "cv.fodt"
    path.write_text(everywhere(), encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("ending", TYPES)
def test_every_place_is_read_once(source: Path, ending: str) -> None:
    media_type, filter_name = TYPES[ending]
    made = converted_together([source], ending, filter_name=filter_name) / f"cv.{ending}"
    document = read(made, media_type=media_type, limits=ReadLimits())
    words = Counter(document.text.replace("|", " ").split())
    assert {word: words[word] for word in SEEN} == dict.fromkeys(SEEN, 1)
    assert not words.keys() & set(UNSEEN)
    apart = " ".join(hidden.text for hidden in document.hidden)
    assert [word for word in UNSEEN if word not in apart] == []
