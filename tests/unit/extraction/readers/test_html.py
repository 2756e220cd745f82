from pathlib import Path

import pytest

from domain.errors import Unreadable
from domain.profile import BlockKind
from extraction.read import ReadLimits, read
from tests.unit.extraction.readers.making import block, rows, texts

LIMITS = ReadLimits()


def written(tmp_path: Path, html: str, charset: str = "utf-8") -> Path:
    path = tmp_path / "cv"
    path.write_bytes(html.encode(charset))
    return path


def test_what_a_browser_hides_goes_apart(tmp_path: Path) -> None:
    html = """<html><head><title>t</title><style>.ghost, p.no { display: none }</style></head><body>
      <script>var x</script><template><p>template</p></template>
      <p>seen</p><p style="display:none">inline</p><div class="ghost">by class</div><p class="no">by tag and class</p>
      <div hidden>attribute</div></body></html>"""
    document = read(written(tmp_path, html), media_type="text/html", limits=LIMITS)
    assert texts(document) == ["seen"]
    assert [hidden.text for hidden in document.hidden] == ["inline", "by class", "by tag and class", "attribute"]


def test_headings_lists_breaks_and_tables_become_blocks(tmp_path: Path) -> None:
    html = """<h2>Languages</h2><ul><li>English: <b>C1</b></li></ul>one<br>two
      <table><tr><th>Language</th><th>Oral</th></tr><tbody><tr><td>French</td><td></td></tr></tbody></table>"""
    document = read(written(tmp_path, html), media_type="text/html", limits=LIMITS)
    assert texts(document) == ["Languages", "English: C1", "one", "two", "Language | Oral", "French | "]
    assert block(document, "Languages").kind is BlockKind.HEADING
    assert block(document, "English").kind is BlockKind.LIST_ITEM
    assert rows(document) == [("Language", "Oral"), ("French", "")]


def test_a_table_that_only_lays_out_the_page_is_no_row(tmp_path: Path) -> None:
    side = "".join(f"<p>side {n}</p>" for n in range(4))
    main = "".join(f"<p>main {n}</p>" for n in range(4))
    html = f"<table><tr><td>{side}</td><td>{main}</td></tr></table>"
    document = read(written(tmp_path, html), media_type="text/html", limits=LIMITS)
    assert texts(document) == [*(f"side {n}" for n in range(4)), *(f"main {n}" for n in range(4))]


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-16"])
def test_the_charset_is_found(tmp_path: Path, charset: str) -> None:
    html = "<html><body><p>Резюме: возвращение и реинтеграция мигрантов</p></body></html>"
    path = written(tmp_path, html, charset)
    assert texts(read(path, media_type="text/html", limits=LIMITS)) == ["Резюме: возвращение и реинтеграция мигрантов"]


def test_a_declaration_of_xml_does_not_stop_the_reader(tmp_path: Path) -> None:
    html = (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>é</p></body></html>'
    )
    assert texts(read(written(tmp_path, html), media_type="application/xhtml+xml", limits=LIMITS)) == ["é"]


def test_markup_without_text_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no text"):
        read(written(tmp_path, "<html><body><img src='cv.png'></body></html>"), media_type="text/html", limits=LIMITS)
