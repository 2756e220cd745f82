import pytest

from extraction.readers.characters import clean, is_garbage, is_mark, joined, without_bullet


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("o\ufb03ce\u00a0 ﬁnal", "office final"),
        ("\ufefb \ufefc", "لا لا"),
        ("e\u0301t\u0301", "ét\u0301"),
        ("N° 5, m² and №", "N° 5, m² and №"),
        ("co\u00adoperation\u200b", "cooperation"),
        ("٢٠١٣ – ٢٠١٧", "٢٠١٣ – ٢٠١٧"),
        ("a\ud800b\x00c", "abc"),
    ],
)
def test_letters_come_out_as_they_are_written(stored: str, expected: str) -> None:
    assert clean(stored) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("reinte-", "gration of", "reintegration of"),
        ("Franco-", "Allemand", "Franco-Allemand"),
        ("2010-", "2014", "2010-2014"),
        ("migra\ufffe", "tion", "migration"),
        ("2010 –", "2014", "2010 – 2014"),
        ("one", "two", "one two"),
    ],
)
def test_words_cut_at_the_line_end_are_made_whole(before: str, after: str, expected: str) -> None:
    assert joined(before, after) == expected


def test_bullets_are_marks_and_no_text() -> None:
    assert without_bullet("• item") == ("item", True)
    assert without_bullet("- item") == ("item", True)
    assert without_bullet("-item") == ("-item", False)
    assert without_bullet("+221 77") == ("+221 77", False)
    assert [is_mark(text) for text in ("•", "1.", "a)", "(2)", "A", "12", "2010.")] == [True] * 4 + [False] * 3


def test_codes_of_a_font_are_garbage_and_languages_are_not() -> None:
    assert is_garbage("\uf041\uf042 \uf043" * 20)
    assert is_garbage("(/65/115 #$%& ^^ ~~" * 10)
    for text in ("Experience in return", "السيرة الذاتية لمرشحة", "Опыт работы в штабе"):
        assert not is_garbage(text * 5)
