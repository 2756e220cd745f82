"""`micic read --text`: what was had of each document, as the rest of the program sees it."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from domain.profile import DocumentText, ReadDocument


def show_document(document: ReadDocument, out: Console) -> None:
    """Properties, how well it was read, the text block by block, and apart from it what a reader does not see."""
    out.rule(escape(f"{document.part_path}  {document.file_name or ''}"), style="dim")
    if document.text is None:
        out.print(f"cannot be read: {escape(document.unreadable or '')}")
        return
    out.print(_quality(document.text))
    out.print(_blocks(document.text))
    if document.text.hidden:
        out.print(_hidden(document.text))


def _quality(text: DocumentText) -> Table:
    table = Table(box=None, show_header=False)
    table.add_row("read by", text.reader + (f", {text.pages} pages" if text.pages else ""))
    for name, value in text.properties:
        table.add_row(name, escape(value))
    if text.confidence is not None:
        table.add_row("confidence", f"{text.confidence:.0%} of what was read off pictures")
    for page in text.recognised:
        table.add_row(
            f"page {page.page}", f"read off its picture ({page.script}, {page.confidence:.0%}): {escape(page.reason)}"
        )
    for problem in text.problems:
        table.add_row("[yellow]problem[/]", escape(problem))
    return table


def _blocks(text: DocumentText) -> Table:
    table = Table("page", "column", "kind", "text", box=None, header_style="dim")
    for block in text.blocks:
        page, column = ("" if place is None else str(place) for place in (block.page, block.column))
        table.add_row(page, column, block.kind.value, escape(block.text))
    return table


def _hidden(text: DocumentText) -> Table:
    table = Table("page", "why it is not seen", "text apart, never evidence", box=None, header_style="yellow")
    for hidden in text.hidden:
        table.add_row("" if hidden.page is None else str(hidden.page), escape(hidden.reason), escape(hidden.text))
    return table
