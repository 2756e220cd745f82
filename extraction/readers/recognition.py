"""Pages read off their pictures: several at a time, and what is to be told of them."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from PIL import Image

from domain.errors import Unreadable
from domain.profile import Block, Box, DocumentText, RecognisedPage, RecognisedWord
from extraction.readers.characters import clean
from extraction.readers.limits import ReadLimits
from extraction.readers.tesseract import Recognised, Word, recognise

UNSURE = 0.6  # a page recognised with less confidence is told to staff
BESIDE = 0.01  # of a page: a word may reach so far out of its block

_TOKEN = re.compile(r"\S+")


@dataclass(slots=True)
class Scans:
    """Pages as tesseract reads them, by number counted from 0."""

    found: dict[int, Recognised] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)  # why each of them had to be recognised
    problems: list[str] = field(default_factory=list)
    taken: int = 0  # pages that were looked at
    failure: Unreadable | None = None  # of the first page that could not be recognised

    def described(self, text: DocumentText) -> DocumentText:
        """The text of these pages among others, with what there is to say of their recognition."""
        problems = (*text.problems, *self.problems)
        if not self.found:
            return replace(text, problems=problems)
        confidence = self._confidence()
        if confidence < UNSURE:
            problems += (f"the writing could only be recognised with {confidence:.0%} confidence",)
        return replace(
            text,
            blocks=tuple(self._placed(block) for block in text.blocks),
            ocr=True,
            confidence=confidence,
            words=tuple(words_in(text.blocks, {number + 1: page.words for number, page in self.found.items()})),
            recognised=tuple(
                RecognisedPage(
                    page=number + 1, reason=self.reasons[number], script=page.script, confidence=page.confidence
                )
                for number, page in sorted(self.found.items())
            ),
            problems=problems,
        )

    def _confidence(self) -> float:
        letters = sum(page.letters for page in self.found.values())
        return sum(page.confidence * page.letters for page in self.found.values()) / max(letters, 1)

    def _placed(self, block: Block) -> Block:
        """A block where it stands on the picture that came, not on the page that was cut out and turned for reading."""
        page = self.found.get(block.page - 1) if block.page else None
        return replace(block, box=page.sheet.original(block.box)) if page and block.box else block


def recognised(pictures: Iterable[tuple[int, str, Image.Image]], limits: ReadLimits) -> Scans:
    """Recognise pages: number counted from 0, why, picture. One that fails costs itself only.

    A picture is taken from `pictures` only when there is a hand free for it: pages are large.
    """
    scans = Scans()
    waiting: deque[tuple[int, str, Future[Recognised | None]]] = deque()
    with ThreadPoolExecutor(max(1, limits.pages_at_once)) as pool:
        for number, reason, picture in pictures:
            scans.taken += 1
            waiting.append((number, reason, pool.submit(recognise, picture, limits)))
            if len(waiting) >= max(1, limits.pages_at_once):
                _take(scans, *waiting.popleft())
        while waiting:
            _take(scans, *waiting.popleft())
    return scans


def _take(scans: Scans, number: int, reason: str, work: Future[Recognised | None]) -> None:
    try:
        page = work.result()
    except Unreadable as error:
        scans.problems.append(f"page {number + 1} could not be recognised: {error}")
        scans.failure = scans.failure or error
        return
    if page and page.letters:
        scans.found[number] = page
        scans.reasons[number] = reason


def words_in(blocks: Sequence[Block], pages: Mapping[int, Sequence[Word]]) -> Iterator[RecognisedWord]:
    """Where the words of recognised pages, counted from 1, stand in the text of these blocks.

    Laying out a page joins, cuts and reorders, so a word is found again by its letters, and among equal ones by place.
    """
    heaps = {number: _Heap(words) for number, words in pages.items()}
    start = 0
    for block in blocks:
        heap = heaps.get(block.page or 0)
        if heap:
            for token in _TOKEN.finditer(block.text):
                confidence = heap.take(token.group(), block.box)
                if confidence is not None:
                    yield RecognisedWord(
                        start=start + token.start(), end=start + token.end(), confidence=round(confidence, 3)
                    )
        start += len(block.text) + 1


class _Heap:
    """The words of a page that have not been found again."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._by_text: dict[str, list[Word]] = defaultdict(list)
        for word in words:
            for piece in clean(word.text).split():
                self._by_text[piece].append(word)

    def take(self, token: str, box: Box | None) -> float | None:
        same = self._by_text.get(token)
        if same:
            return same.pop(_nearest(same, box)).confidence
        # Two halves of a word that was cut at the end of a line, or one in which a letter was put right.
        pieces = [
            word
            for text, words in self._by_text.items()
            for word in words
            if _is_piece(text, token) and (box is None or _inside(word, box))
        ]
        return min((word.confidence for word in pieces), default=None)


def _is_piece(text: str, token: str) -> bool:
    bare = text.rstrip("-\u00ad\u2010")
    return (len(bare) > 1 and bare in token) or (len(text) == len(token) and text[:1] == token[:1])


def _nearest(words: Sequence[Word], box: Box | None) -> int:
    if box is None or len(words) == 1:
        return 0
    return next((place for place, word in enumerate(words) if _inside(word, box)), 0)


def _inside(word: Word, box: Box) -> bool:
    x, y = (word.box.left + word.box.right) / 2, (word.box.top + word.box.bottom) / 2
    return box.left - BESIDE <= x <= box.right + BESIDE and box.top - BESIDE <= y <= box.bottom + BESIDE
