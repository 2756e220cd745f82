"""Small documents made by hand for the tests of the readers."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from domain.profile import Block, BlockKind, DocumentText

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
ODF = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"


def zipped(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def docx(
    path: Path, body: str, *, parts: dict[str, tuple[str, str]] | None = None, links: dict[str, str] | None = None
) -> Path:
    """A DOCX of this body; `parts` are name → (kind of the relationship, content), r0 and on; `links` id → address."""
    relations = f'<Relationship Id="m" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    own = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{name}"/>'
        for n, (name, (kind, _)) in enumerate((parts or {}).items())
    )
    own += "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/hyperlink" Target="{target}" TargetMode="External"/>'
        for name, target in (links or {}).items()
    )
    members = {
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}">{own}</Relationships>',
        "word/document.xml": word_xml("document", f"<w:body>{body}</w:body>"),
    }
    for name, (_, content) in (parts or {}).items():
        members[f"word/{name}"] = content
    return zipped(path, dict(members))


def word_xml(root: str, content: str) -> str:
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    return f'<w:{root} xmlns:w="{W}" xmlns:mc="{mc}" xmlns:r="{OFFICE}" xmlns:wps="wps">{content}</w:{root}>'


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """Cells are XML of paragraphs or plain text."""
    made = (
        "<w:tr>" + "".join(f"<w:tc>{c if c.startswith('<') else paragraph(c)}</w:tc>" for c in row) + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{''.join(made)}</w:tbl>"


def odt(path: Path, body: str, *, automatic: str = "", master: str = "") -> Path:
    names = " ".join(f'xmlns:{n}="{ODF.format(n)}"' for n in ("office", "text", "table", "style", "drawing", "form"))
    content = (
        f"<office:document-content {names}><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    styles = f"<office:document-styles {names}><office:master-styles>{master}</office:master-styles>"
    return zipped(path, {"content.xml": content, "styles.xml": f"{styles}</office:document-styles>"})


def pdf(path: Path, *pages: Callable[[Canvas], None]) -> Path:
    """A PDF on A4; each page is drawn by a function. y counts upwards from the foot, in points."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for draw in pages:
        canvas.setFont("Helvetica", 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    path.write_bytes(buffer.getvalue())
    return path


def wrapped(canvas: Canvas, text: str, *, x: float, y: float, width: float, leading: float = 13) -> float:
    """Draw running text as a word processor would; returns the y below it."""
    line = ""
    for word in [*text.split(), None]:
        candidate = f"{line} {word}".strip()
        if word is None or canvas.stringWidth(candidate, canvas._fontname, canvas._fontsize) > width:
            canvas.drawString(x, y, line)
            y -= leading
            line = word or ""
        else:
            line = candidate
    return y


def texts(document: DocumentText, kind: BlockKind | None = None) -> list[str]:
    return [block.text for block in document.blocks if kind is None or block.kind is kind]


def rows(document: DocumentText) -> list[tuple[str, ...]]:
    return [block.cells for block in document.blocks if block.kind is BlockKind.ROW]


def hidden(document: DocumentText) -> dict[str, str]:
    """Text → the reason why nobody sees it."""
    return {one.text: one.reason for one in document.hidden}


def kinds(document: DocumentText) -> list[BlockKind]:
    return [block.kind for block in document.blocks]


def block(document: DocumentText, text: str) -> Block:
    return next(block for block in document.blocks if text in block.text)
