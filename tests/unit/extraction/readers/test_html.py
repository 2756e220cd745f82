from pathlib import Path

import pytest

from domain.errors import Unreadable
from domain.profile import BlockKind
from extraction.read import ReadLimits, read
from tests.unit.extraction.readers.making import block, hidden, rows, texts

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


def test_each_hidden_text_has_its_reason(tmp_path: Path) -> None:
    html = """<style>.w { color: #fff } .dark { background: #123 }</style><body><p>seen</p>
      <p style="color:white">white</p><div class="dark"><p class="w">on dark</p></div>
      <p style="font-size:0">none<span style="font-size:12pt">large again</span></p>
      <p style="position:absolute;left:-9999px">far</p><p style="color:#fff;background:url(x.png)">on a picture</p>
      <table bgcolor="navy"><tr><td><font color="#ffffff">on a name we do not know</font></td></tr></table></body>"""
    document = read(written(tmp_path, html), media_type="text/html", limits=LIMITS)
    assert texts(document) == ["seen", "on dark", "large again", "on a picture", "on a name we do not know"]
    assert hidden(document) == {
        "white": "letters of the colour of their ground",
        "none": "letters of 2 points or less",
        "far": "it lies off the page",
    }


def test_rules_for_print_and_small_screens_hide_nothing(tmp_path: Path) -> None:
    html = "<style>@media (max-width: 600px) { p { display: none } } b { display: none }</style><p>seen</p><b>not</b>"
    assert texts(read(written(tmp_path, html), media_type="text/html", limits=LIMITS)) == ["seen"]


def test_cells_stand_under_the_heads_of_their_columns(tmp_path: Path) -> None:
    html = """<table><tr><th rowspan="2">Language</th><th colspan="2">Spoken</th><th>Written</th></tr>
      <tr><th>Listening</th><th>Speaking</th><th>All</th></tr><tr><td>French</td><td>C1</td><td>B2</td><td>B1</td></tr>
      </table>"""
    document = read(written(tmp_path, html), media_type="text/html", limits=LIMITS)
    assert rows(document) == [
        ("Language", "Spoken", "", "Written"), ("", "Listening", "Speaking", "All"), ("French", "C1", "B2", "B1"),
    ]  # fmt: skip


def test_forms_links_and_what_the_page_says_of_itself(tmp_path: Path) -> None:
    html = """<head><title>CV of Rana</title><meta name="Author" content="Rana Khoury"></head><body>
      <p><input type="checkbox" checked> French <input type="checkbox"> Arabic</p>
      <p><a href="mailto:rana@example.org?subject=x">Write</a>, <st1:City>Vienna</st1:City></p>
      <p><ruby>漢<rt>kan</rt></ruby>reinte&shy;gration</p></body>"""
    document = read(written(tmp_path, html), media_type="text/html", limits=LIMITS)
    assert texts(document) == ["☒ French ☐ Arabic", "Write (rana@example.org), Vienna", "漢reintegration"]
    assert document.properties == (("title", "CV of Rana"), ("author", "Rana Khoury"))
