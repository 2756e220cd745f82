"""Documents that flow: paragraphs and tables in order, as word processors and browsers store them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from domain.profile import Block, BlockKind, Box, DocumentText, HiddenText
from extraction.readers.characters import clean, without_bullet
from extraction.readers.limits import ReadLimits

LONG_CELL = 3  # paragraphs: a cell with more is a piece of layout, no entry of a table
LONG_TEXT = 400  # characters
COLUMNS = 64  # that one cell may span


@dataclass(slots=True)
class Paragraph:
    text: str  # as stored; a tab parts cells
    kind: BlockKind = BlockKind.PARAGRAPH
    size: float | None = None  # points, where the format tells
    box: Box | None = None  # where the format has pages


@dataclass(slots=True)
class Table:
    rows: list[list[Cell]]


Node = Paragraph | Table
Cell = list[Node]


def aligned(cells: Sequence[tuple[Cell, int]]) -> list[Cell]:
    """The cells of a row, each under the column where it begins; with each comes the number of columns it spans.

    What a cell covers beyond its first column is empty. At the end of a row nothing stands under other heads.
    """
    row: list[Cell] = []
    for cell, spans in cells[:-1]:
        row.append(cell)
        row.extend([] for _ in range(min(spans, COLUMNS) - 1))
    return [*row, *(cell for cell, _ in cells[-1:])]


class Numbering:
    """Numbers for the tables of one document."""

    def __init__(self) -> None:
        self.last = -1

    def next(self) -> int:
        self.last += 1
        return self.last


def blocks(
    nodes: Iterable[Node], *, numbering: Numbering | None = None, page: int | None = None, column: int | None = None
) -> tuple[Block, ...]:
    """Blocks in reading order. A row of short cells stays a row; cells that hold whole pages are read one by one."""
    return tuple(_Flow(numbering or Numbering(), page).blocks(nodes, column))


def document(
    nodes: Sequence[Node],
    *,
    reader: str,
    limits: ReadLimits,
    hidden: Sequence[HiddenText] = (),
    problems: tuple[str, ...] = (),
    properties: tuple[tuple[str, str], ...] = (),
) -> DocumentText:
    """The whole as a document, cut where it passes the limit of characters."""
    kept, problem = capped(blocks(nodes), limits)
    return DocumentText(
        blocks=kept,
        reader=reader,
        hidden=capped_hidden(hidden, limits),
        problems=problems + problem,
        properties=properties,
    )


def slides(deck: Iterable[Iterable[Node]], count: int, limits: ReadLimits) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks of so many slides, each a page, up to the limits, and what to tell staff where some were left out."""
    numbering = Numbering()
    found: list[Block] = []
    for page, nodes in enumerate(islice(deck, limits.pages), 1):
        found.extend(blocks(nodes, numbering=numbering, page=page))
    kept, cut = capped(tuple(found), limits)
    missing = (f"only the first {limits.pages} of {count} slides were read",) if count > limits.pages else ()
    return kept, (*missing, *cut)


def unseen(nodes: Iterable[Node], reason: str) -> tuple[HiddenText, ...]:
    """What a reader is not meant to see, and why not."""
    return tuple(HiddenText(text=block.text, reason=reason) for block in blocks(nodes))


@dataclass(slots=True)
class Unseen:
    """Gathers what a reader is not meant to see, under the reason for it."""

    found: dict[str, list[Node]] = field(default_factory=dict)

    def add(self, reason: str, nodes: Iterable[Node]) -> None:
        self.found.setdefault(reason, []).extend(nodes)

    @property
    def texts(self) -> tuple[HiddenText, ...]:
        return tuple(text for reason, nodes in self.found.items() for text in unseen(nodes, reason))


def capped_hidden(hidden: Sequence[HiddenText], limits: ReadLimits) -> tuple[HiddenText, ...]:
    """As much of it as of the text itself."""
    left, kept = limits.characters, []
    for one in hidden:
        left -= len(one.text)
        if left < 0:
            break
        kept.append(one)
    return tuple(kept)


def capped(all_blocks: tuple[Block, ...], limits: ReadLimits) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks up to the limit of characters, and what to tell staff where some were left out."""
    left = limits.characters
    for number, block in enumerate(all_blocks):
        if len(block.text) > left:
            cut = replace(block, text=block.text[: max(left, 0)], cells=())
            kind = BlockKind.PARAGRAPH if block.kind is BlockKind.ROW else block.kind
            kept = (*all_blocks[:number], replace(cut, kind=kind)) if cut.text.strip() else all_blocks[:number]
            return kept, (f"only the first {limits.characters:,} characters were read",)
        left -= len(block.text) + 1
    return all_blocks, ()


def with_headings_by_size(nodes: Sequence[Node], unsaid: Callable[[], float | None] = lambda: None) -> Sequence[Node]:
    """Mark short paragraphs that stand out by their size, where no style says that they are headings.

    `unsaid` gives the size of those that tell none; it is asked only where others do.
    """
    usual: dict[float, int] = {}
    paragraphs = list(_paragraphs(nodes))
    other = unsaid() if any(paragraph.size for paragraph in paragraphs) else None
    for paragraph in paragraphs:
        paragraph.size = paragraph.size or other
        if paragraph.size:
            usual[paragraph.size] = usual.get(paragraph.size, 0) + len(paragraph.text)
    if usual:
        body = max(usual, key=usual.__getitem__)
        for paragraph in paragraphs:
            large = paragraph.size is not None and paragraph.size >= body * 1.15
            if large and paragraph.kind is BlockKind.PARAGRAPH and 0 < len(paragraph.text.strip()) <= 100:
                paragraph.kind = BlockKind.HEADING
    return nodes


def _paragraphs(nodes: Iterable[Node]) -> Iterator[Paragraph]:
    for node in nodes:
        if isinstance(node, Paragraph):
            yield node
        else:
            for row in node.rows:
                for cell in row:
                    yield from _paragraphs(cell)


@dataclass(slots=True)
class _Flow:
    numbering: Numbering
    page: int | None

    def blocks(self, nodes: Iterable[Node], column: int | None) -> Iterator[Block]:
        tabbed: int | None = None  # the table that consecutive lines with tabs form
        for node in nodes:
            if isinstance(node, Table):
                tabbed = None
                yield from self._table(node, column)
                continue
            cells = _tab_cells(node)
            if cells:
                tabbed = self.numbering.next() if tabbed is None else tabbed
                yield self._row_block(cells, tabbed, column)
                continue
            block = self._plain(node, column)
            if block:
                tabbed = None
                yield block

    def _plain(self, paragraph: Paragraph, column: int | None) -> Block | None:
        text, marked = without_bullet(clean(paragraph.text))
        kind = BlockKind.LIST_ITEM if marked and paragraph.kind is BlockKind.PARAGRAPH else paragraph.kind
        if not text.strip("•"):
            return None
        return Block(text=text, kind=kind, page=self.page, column=column, box=paragraph.box)

    def _table(self, table: Table, column: int | None) -> Iterator[Block]:
        number = self.numbering.next()
        for row in table.rows:
            filled = [cell for cell in row if any(p.text.strip() for p in _paragraphs(cell))]
            long = [cell for cell in filled if _is_long(cell)]
            if len(filled) == 1 and (len(row) == 1 or long):
                yield from self.blocks(filled[0], column)
            elif len(long) > 1:
                for place, cell in enumerate(filled):
                    yield from self.blocks(cell, place if column is None else column)
            elif filled:
                yield from self._row(row, number, column)

    def _row(self, row: list[Cell], number: int, column: int | None) -> Iterator[Block]:
        """A row; of a long cell only the first paragraph belongs to it, the others follow (dates beside a post)."""
        cells: list[str] = []
        boxes: list[Box] = []
        rest: list[Node] = []
        for cell in row:
            nodes = [node for node in cell if isinstance(node, Table) or node.text.strip()]
            if _is_long(cell):
                lead = 1 if isinstance(nodes[0], Paragraph) else 0
                rest.extend(nodes[lead:])
                nodes = nodes[:lead]
            paragraphs = [node for node in nodes if isinstance(node, Paragraph)]
            cells.append(clean(" ".join(map(_cell_text, paragraphs))))
            boxes += [paragraph.box for paragraph in paragraphs if paragraph.box]
        if any(cells):
            yield replace(self._row_block(tuple(cells), number, column), box=around(boxes))
        yield from self.blocks(rest, column)

    def _row_block(self, cells: tuple[str, ...], number: int, column: int | None) -> Block:
        text = " | ".join(cells)
        return Block(text=text, kind=BlockKind.ROW, page=self.page, cells=cells, table=number, column=column)


def around(boxes: Sequence[Box]) -> Box | None:
    """The smallest box that holds all of these; None where there are none."""
    if len(boxes) < 2:
        return boxes[0] if boxes else None
    return Box(
        left=min(box.left for box in boxes),
        top=min(box.top for box in boxes),
        right=max(box.right for box in boxes),
        bottom=max(box.bottom for box in boxes),
    )


def _tab_cells(paragraph: Paragraph) -> tuple[str, ...]:
    """The cells of a line that tabs part; empty where it is no such line."""
    if "\t" not in paragraph.text.strip() or paragraph.kind is not BlockKind.PARAGRAPH:
        return ()
    cells = tuple(cell for cell in map(clean, paragraph.text.split("\t")) if cell)
    return cells if len(cells) > 1 and not without_bullet(f"{cells[0]} x")[1] else ()


def _is_long(cell: Cell) -> bool:
    if any(isinstance(node, Table) for node in cell):
        return True
    texts = [node.text for node in cell if isinstance(node, Paragraph) and node.text.strip()]
    return len(texts) > LONG_CELL or (len(texts) > 1 and sum(map(len, texts)) > LONG_TEXT)


def _cell_text(paragraph: Paragraph) -> str:
    return without_bullet(clean(paragraph.text))[0]
