from rich.console import Console

from domain.profile import Block, BlockKind, DocumentText, HiddenText, ReadDocument, RecognisedPage
from service.commands.documents import show_document

TEXT = DocumentText(
    blocks=(
        Block(text="Languages [all]", kind=BlockKind.HEADING, page=1, column=0),
        Block(text="Arabic | C1", kind=BlockKind.ROW, cells=("Arabic", "C1"), table=0, page=2),
    ),
    reader="pdfium/9",
    pages=2,
    ocr=True,
    confidence=0.87,
    recognised=(RecognisedPage(page=2, reason="it holds no text", script="Arab", confidence=0.87),),
    hidden=(HiddenText(text="expert expert", reason="white on white", page=1),),
    properties=(("author", "Rana Khoury"),),
    problems=("page 3 was left out",),
)


def shown(text: DocumentText | None, unreadable: str | None = None) -> list[str]:
    out = Console(record=True, width=160)
    show_document(
        ReadDocument(part_path="1.2", file_name="cv.pdf", digest="0" * 64, text=text, unreadable=unreadable), out
    )
    return [" ".join(line.split()) for line in out.export_text().splitlines()]


def test_a_document_is_shown_with_its_quality_its_blocks_and_what_it_hides() -> None:
    lines = shown(TEXT)
    for line in (
        "read by pdfium/9, 2 pages",
        "author Rana Khoury",
        "confidence 87% of what was read off pictures",
        "page 2 read off its picture (Arab, 87%): it holds no text",
        "problem page 3 was left out",
        "1 0 heading Languages [all]",
        "2 row Arabic | C1",
        "1 white on white expert expert",
    ):
        assert line in lines


def test_a_document_that_cannot_be_read_says_why() -> None:
    assert "cannot be read: the file is protected by a password" in shown(None, "the file is protected by a password")
