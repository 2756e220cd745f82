"""Lines drawn as programs draw them, and the text that their authors typed."""

import pytest

from extraction.readers.rtl import logical
from extraction.readers.runs import Glyph

SIZE = 10.0


def drawn(visual: str) -> list[Glyph]:
    """Letters five points wide, from left to right as they are seen."""
    return [Glyph(5.0 * n, 5.0 * n + 5, letter, 5.0 * n) for n, letter in enumerate(visual) if letter != " "]


def seen(*pieces: str) -> str:
    """Pieces from left to right as seen; Arabic pieces as typed, so that they are turned round here."""
    return " ".join(piece[::-1] if any("\u0600" < c < "\u0660" for c in piece) else piece for piece in pieces)


@pytest.mark.parametrize(
    ("visual", "typed"),
    [
        (seen("الذاتية", "السيرة"), "السيرة الذاتية"),
        (seen(".2013", "شباط"), "شباط 2013."),
        (seen("+962 79 123 4567", "الهاتف:"), "الهاتف: +962 79 123 4567"),
        (seen("079 123 4567", "الهاتف:"), "الهاتف: 079 123 4567"),
        (seen("4567 123 79 962+", "الهاتف:"), "الهاتف: +962 79 123 4567"),
        (seen("٠١٢٢ ٥٥٥ ٠٧٧", "هاتف:"), "هاتف: ٠٧٧ ٥٥٥ ٠١٢٢"),
        (seen("2011–2008", "مدير"), "مدير 2008–2011"),
        (seen("2008 – 2011", "مدير"), "مدير 2008 – 2011"),
        (seen("a.b@example.org", "البريد:"), "البريد: a.b@example.org"),
        (seen("IELTS 7.5", "الإنجليزية"), "الإنجليزية IELTS 7.5"),
        (seen("12/5/1979", "الميلاد:"), "الميلاد: 12/5/1979"),
        ("Salma Haddad", "Salma Haddad"),
    ],
)
def test_a_drawn_line_reads_as_typed(visual: str, typed: str) -> None:
    assert logical(drawn(visual), SIZE) == typed


@pytest.mark.parametrize("visual", ["،(IOM) " + "المنظمة"[::-1], "،)IOM( " + "المنظمة"[::-1]])
def test_brackets_open_and_close_whichever_way_they_are_stored(visual: str) -> None:
    assert logical(drawn(visual), SIZE) == "المنظمة (IOM)،"


def test_vowel_signs_stay_on_the_letter_they_are_drawn_over() -> None:
    letters = [Glyph(10, 15, "ح", 10), Glyph(5, 10, "د", 5), Glyph(0, 5, "ا", 0)]
    over_dal = Glyph(6, 9, "\u0651", 5)
    assert logical([*letters, over_dal], SIZE) == "حدّا"


def test_letters_drawn_twice_are_read_once() -> None:
    assert logical([*drawn("ملس"), *drawn("ملس")], SIZE) == "سلم"


def test_presentation_forms_become_letters() -> None:
    assert logical(drawn("\ufea1\ufedf"), SIZE) == "لح"
