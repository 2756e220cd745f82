"""Words of a recognised page are found again in the text that was laid out from them."""

from __future__ import annotations

from domain.profile import Block, Box
from extraction.readers.characters import is_misread
from extraction.readers.recognition import words_in
from extraction.readers.tesseract import Word


def word(text: str, confidence: float, *, left: float = 0.1, top: float = 0.1) -> Word:
    return Word(text, Box(left=left, top=top, right=left + 0.05, bottom=top + 0.02), confidence)


def block(text: str, *, page: int = 1, left: float = 0.0, top: float = 0.0) -> Block:
    return Block(text=text, page=page, box=Box(left=left, top=top, right=left + 0.45, bottom=top + 0.3))


def found(blocks: tuple[Block, ...], words: list[Word]) -> list[tuple[str, float]]:
    text = "\n".join(one.text for one in blocks)
    return [(text[one.start : one.end], one.confidence) for one in words_in(blocks, {1: words})]


def test_every_word_has_its_span_and_confidence() -> None:
    blocks = (block("Ana Paz"), block("Email ana@example.org"))
    words = [word("Ana", 0.9), word("Paz", 0.5), word("Email", 0.95), word("ana@example.org", 0.4)]
    assert found(blocks, words) == [("Ana", 0.9), ("Paz", 0.5), ("Email", 0.95), ("ana@example.org", 0.4)]


def test_equal_words_are_told_apart_by_their_place() -> None:
    """The right column was recognised first."""
    blocks = (block("chief"), block("chief", left=0.5))
    assert found(blocks, [word("chief", 0.3, left=0.6), word("chief", 0.9)]) == [("chief", 0.9), ("chief", 0.3)]


def test_a_word_cut_at_the_line_end_is_as_sure_as_its_weaker_half() -> None:
    assert found((block("the registration"),), [word("the", 0.9), word("regis-", 0.8), word("tration", 0.6)]) == [
        ("the", 0.9),
        ("registration", 0.6),
    ]


def test_pages_that_were_not_recognised_have_no_words() -> None:
    assert found((block("Ana", page=2),), [word("Ana", 0.9)]) == []


SOUND = """Curriculum vitae, iPhone and McDonald's trainer; PowerPoint 2010. E-mail: a_b~c@example.org, A1/B2, H2O, 3G,
CO2 and ISO27001. Worked for the UNHCR from 1999 | 2004, as P4 (step 2) in the DRCongo, for LaRED in N'Djaména."""
MISREAD = """Pe31oMe | |vlBaH l/lBaHoB ~ HaYa/lbHl/lK oTAe1a M11rpaL|111 ^ B Fopo4e A/1MaTbl = c 2oo9 roAa, o6y4eH|/|e |
co7pyAHl/lK0B n0rpaHl/l4Ho11 c1y>K6bl ~ p3aAM1/1cc1/1A, 1<oHcy1 | e8aKya4l/lA | rpa>KAaH \\ ¬ 5l3blK1/1 : a|-|r1/11"""


def test_a_text_layer_by_the_wrong_ocr_is_told_from_a_sound_text() -> None:
    assert is_misread(MISREAD)
    assert not is_misread(SOUND * 2)
