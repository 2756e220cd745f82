"""Photographs of the pages of one CV: IMG_2231.jpg shows its front, IMG_2232.jpg only what follows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from domain.profile import DocumentKind, ReadDocument
from extraction.structure import Structure

_NUMBER = re.compile(r"\d+")


def with_further_pages(structures: Sequence[Structure], documents: Sequence[ReadDocument]) -> list[Structure]:
    """The documents, those pictures taken for CVs that alone would be nothing, but follow a picture of a CV in number.

    Letters, certificates and forms show by themselves and stay what they are.
    """
    read = {document.part_path: document for document in documents}
    found = list(structures)
    for place, (before, page) in enumerate(pairwise(structures), start=1):
        follows = found[place - 1].kind is DocumentKind.CV and _is_next(before, page, read)
        if page.kind is DocumentKind.OTHER and follows:
            found[place] = replace(page, kind=DocumentKind.CV)
    return found


def _is_next(before: Structure, page: Structure, read: Mapping[str, ReadDocument]) -> bool:
    one, two = read.get(before.part_path), read.get(page.part_path)
    if one is None or two is None or not (_is_picture(one) and _is_picture(two)):
        return False
    names = [one.file_name or "", two.file_name or ""]
    numbers = [[int(number) for number in _NUMBER.findall(name)] for name in names]
    same_words = _NUMBER.sub("#", names[0]) == _NUMBER.sub("#", names[1])
    return same_words and bool(numbers[0]) and numbers[1] == [*numbers[0][:-1], numbers[0][-1] + 1]


def _is_picture(document: ReadDocument) -> bool:
    return document.text is not None and document.text.ocr and document.text.pages == 1
