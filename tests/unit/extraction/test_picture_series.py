"""Pages that were photographed one by one are one CV."""

from __future__ import annotations

import pytest

from domain.profile import Block, DocumentKind, DocumentText, ReadDocument
from extraction.picture_series import with_further_pages
from extraction.structure import Structure


def kinds(*pictures: tuple[str, DocumentKind], ocr: bool = True) -> list[DocumentKind]:
    documents = [
        ReadDocument(
            part_path=f"1.{number}",
            file_name=name,
            digest=name,
            text=DocumentText(blocks=(Block(text="words"),), reader="test/1", pages=1, ocr=ocr),
        )
        for number, (name, _) in enumerate(pictures)
    ]
    structures = [
        Structure(part_path=f"1.{number}", text="words", language="en", kind=kind, sections=(), posts=())
        for number, (_, kind) in enumerate(pictures)
    ]
    return [structure.kind for structure in with_further_pages(structures, documents)]


CV, OTHER, CERTIFICATE = DocumentKind.CV, DocumentKind.OTHER, DocumentKind.CERTIFICATE


def test_pages_that_follow_in_number_are_of_the_cv() -> None:
    assert kinds(("page1.jpg", CV), ("page2.jpg", OTHER), ("page3.jpg", OTHER)) == [CV, CV, CV]
    assert kinds(("IMG_2231.JPG", CV), ("IMG_2232.JPG", OTHER)) == [CV, CV]


@pytest.mark.parametrize(
    ("first", "second"), [("IMG_2231.JPG", "IMG_2240.JPG"), ("cv.jpg", "map.jpg"), ("page1.jpg", "diploma2.jpg")]
)
def test_a_picture_that_only_came_along_is_not(first: str, second: str) -> None:
    assert kinds((first, CV), (second, OTHER)) == [CV, OTHER]


def test_what_shows_by_itself_what_it_is_stays_so() -> None:
    assert kinds(("page1.jpg", CV), ("page2.jpg", CERTIFICATE)) == [CV, CERTIFICATE]
    assert kinds(("page1.jpg", OTHER), ("page2.jpg", OTHER)) == [OTHER, OTHER]


def test_files_that_are_no_pictures_are_no_pages() -> None:
    assert kinds(("cv1.pdf", CV), ("cv2.pdf", OTHER), ocr=False) == [CV, OTHER]
