"""What cells of workbooks show: dates as dates, telephone numbers with all their digits."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from domain.profile import BlockKind
from extraction.readers.flow import Cell, Node, Paragraph, Table, Unseen

COLUMNS = 64  # what stands further to the right is read into the last
HIDDEN_SHEET = "it stands on a hidden sheet"
HIDDEN_CELLS = "it stands in a hidden row or column"
COMMENT = "a comment in the margin"
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - serial numbers have no time zone; 1900 was no leap year, Excel thinks so
EPOCH_OF_MAC = datetime(1904, 1, 1)  # noqa: DTZ001
BUILT_IN = {
    1: "0", 2: "0.00", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm",
    19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss",
}  # fmt: skip  # ECMA-376 part 1 §18.8.30
GENERAL = "general"
CODE = 255  # characters of a format: Excel has no longer ones

_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_PLACES = re.compile(r"[0#?]")
_GROUPED = re.compile(r'^(?:[0#?]|[ ()+/-]|"[^"]*"|\\.|_.|\[[^\]]*\])+$')  # digits in groups, as of telephones


def value(number: float, code: str, *, of_mac: bool = False) -> str:
    """A number as a format shows it. Thousands are not grouped: "2,012" would be no year."""
    first = code[:CODE].split(";", maxsplit=1)[0]
    plain = _LITERAL.sub("", first).lower()
    if first.lower() != GENERAL and re.search("[ydhs]|mmm", plain):
        return _date(number, plain, EPOCH_OF_MAC if of_mac else EPOCH)
    if "%" in plain:
        return f"{number * 100:.{_decimals(plain)}f}%"
    whole = float(number).is_integer()
    if "e+" in plain or "e-" in plain:
        plain = ""  # 2.4E+11 is a telephone number in a column that is too narrow
    if whole and number >= 0 and _GROUPED.match(first) and len(_PLACES.findall(plain)) > 1:
        return _grouped(str(int(number)), first)
    if "." in plain and not (whole and number >= 1900 and "0" not in plain.split(".")[1]):
        return f"{number:.{_decimals(plain)}f}"
    return str(int(number)) if whole else f"{number:.15g}"


def _decimals(plain: str) -> int:
    return min(len(_PLACES.findall(plain.partition(".")[2])), 10)


def _grouped(digits: str, code: str) -> str:
    """The digits set into the places of a format from the right; more than it has go to the first (§18.8.31)."""
    pieces = re.findall(r'[0#?]|"[^"]*"|\\.|_.|\[[^\]]*\]|.', code)
    left, out = list(digits), []
    first = next(at for at, piece in enumerate(pieces) if piece in "0#?")
    for at in range(len(pieces) - 1, -1, -1):
        piece = pieces[at]
        if piece in ("0", "#", "?"):
            digit = left.pop() if left else ("0" if piece == "0" else "")
            out.append("".join(left) + digit if at == first else digit)
        elif not piece.startswith(("_", "[")):
            out.append(piece.strip('"').removeprefix("\\"))
    return "".join(reversed(out)).strip()


def _date(serial: float, plain: str, epoch: datetime) -> str:
    try:
        moment = epoch + timedelta(days=serial)
    except OverflowError:
        return f"{serial:.15g}"
    clock = f"{moment:%H:%M}" if "h" in plain or "s" in plain else ""
    if "y" not in plain and "d" not in plain and clock:
        return clock
    form = "%Y-%m-%d"
    if "y" in plain and "d" not in plain:
        form = "%Y-%m" if "m" in re.sub(r"h+:m+|m+:s+", "", plain) else "%Y"
    day = moment.strftime(form)
    return f"{day} {clock}" if clock and serial % 1 else day


def shown(rows: Iterable[tuple[Mapping[int, str], bool]], hidden: Container[int], unseen: Unseen) -> Table:
    """What a sheet shows of its rows, each with whether it is hidden; that and what hidden columns hold goes apart."""
    seen: list[Mapping[int, str]] = []
    apart: list[Mapping[int, str]] = []
    for cells, is_hidden in rows:
        if is_hidden:
            apart.append(cells)
            continue
        seen.append({column: text for column, text in cells.items() if column not in hidden})
        apart.append({column: text for column, text in cells.items() if column in hidden})
    unseen.add(HIDDEN_CELLS, [_table(apart)])
    return _table(seen)


def _table(rows: Sequence[Mapping[int, str]]) -> Table:
    """The rows of a sheet, each column → text; columns that are empty throughout are left out."""
    used = sorted({column for row in rows for column, text in row.items() if text.strip()})
    made = Table([])
    for row in rows:
        cells: list[Cell] = [
            [Paragraph(line) for line in row.get(column, "").splitlines() if line.strip()] for column in used
        ]
        filled = [cell for cell in cells if cell]
        if filled:
            made.rows.append(cells if len(filled) > 1 else filled)
    return made


def headed(sheets: Iterable[tuple[str, list[Node]]]) -> list[Node]:
    """All sheets in order; where there are several, each under its name, which a reader sees on its tab."""
    filled = [(name, nodes) for name, nodes in sheets if _has_text(nodes)]
    if len(filled) == 1:
        return filled[0][1]
    return [node for name, nodes in filled for node in (Paragraph(name, BlockKind.HEADING), *nodes)]


def _has_text(nodes: Iterable[Node]) -> bool:
    return any(node.rows if isinstance(node, Table) else node.text.strip() for node in nodes)
