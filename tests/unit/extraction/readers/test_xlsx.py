from pathlib import Path

from extraction.read import ReadLimits, read
from tests.unit.extraction.readers.making import OFFICE, RELATIONS, rows, texts, zipped

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(path: Path, *sheets: str, states: tuple[str, ...] = (), styles: str = "") -> Path:
    listed = "".join(
        f"<sheet name='S{n}' sheetId='{n}' state='{states[n] if n < len(states) else 'visible'}'/>"
        for n in range(len(sheets))
    )
    kinds = {f"worksheets/sheet{n}.xml": "worksheet" for n in range(len(sheets))}
    kinds |= {"sharedStrings.xml": "sharedStrings", "styles.xml": "styles"}
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{name}"/>'
        for n, (name, kind) in enumerate(kinds.items())
    )
    members = {
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="m" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>Language</t></si>'
        "<si><r><t>Flu</t></r><r><t>ent</t></r></si></sst>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>',
    }
    members |= {
        f"xl/worksheets/sheet{n}.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>'
        for n, sheet in enumerate(sheets)
    }
    return zipped(path, dict(members))


def inline(place: str, text: str) -> str:
    return f"<c r='{place}' t='inlineStr'><is><t>{text}</t></is></c>"


def test_rows_keep_their_columns_and_empty_columns_are_left_out(tmp_path: Path) -> None:
    sheet = (
        f"<row><c r='A1' t='s'><v>0</v></c>{inline('F1', 'Read')}{inline('J1', 'Spoken')}</row>"
        f"<row>{inline('A2', 'Amharic')}<c r='J2' t='s'><v>1</v></c></row><row>{inline('F3', 'Alone')}</row>"
    )
    document = read(workbook(tmp_path / "p11", sheet), media_type=XLSX, limits=ReadLimits())
    assert rows(document) == [("Language", "Read", "Spoken"), ("Amharic", "", "Fluent")]
    assert texts(document)[-1] == "Alone"


def test_dates_are_dates_and_numbers_are_numbers(tmp_path: Path) -> None:
    styles = (
        "<numFmts><numFmt numFmtId='170' formatCode='dd/mm/yyyy'/></numFmts>"
        "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='170'/></cellXfs>"
    )
    sheet = "<row><c r='A1' s='1'><v>41395</v></c><c r='B1' s='2'><v>41395</v></c><c r='C1'><v>12</v></c></row>"
    document = read(workbook(tmp_path / "p11", sheet, styles=styles), media_type=XLSX, limits=ReadLimits())
    assert rows(document) == [("2013-05-01", "2013-05-01", "12")]


def test_hidden_sheets_go_apart(tmp_path: Path) -> None:
    made = workbook(
        tmp_path / "p11", f"<row>{inline('A1', 'seen')}</row>", f"<row>{inline('A1', 'unseen')}</row>",
        states=("visible", "hidden"),
    )  # fmt: skip
    document = read(made, media_type=XLSX, limits=ReadLimits())
    assert texts(document) == ["seen"]
    assert [hidden.text for hidden in document.hidden] == ["unseen"]
