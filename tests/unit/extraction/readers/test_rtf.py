from extraction.readers import rtf


def lines(text: str) -> list[str]:
    return [node.text for node in rtf.nodes(text.encode("latin-1")) if hasattr(node, "text")]


def test_words_cells_and_signs_are_had_and_what_is_no_text_is_not() -> None:
    text = (
        r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\info{\title CV}}{\*\generator Word;}{\stylesheet{\s1 Heading;}}"
        r"{\header Rana Khoury\par}Led\~a unit \endash  2012\par{\field{\*\fldinst HYPERLINK}{\fldrslt link}}\par"
        r"\trowd French\cell C1\cell\row {\pict\pngblip 89504e47}\{braces\}}"
    )
    assert lines(text) == ["Rana Khoury", "Led\xa0a unit – 2012", "link", "French\tC1", "{braces}"]


def test_letters_come_in_the_charset_of_their_font_or_as_unicode() -> None:
    text = (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}{\f2\fcharset178 Arial;}}"
        r"\f0 \'e9t\'e9\par\f1 \'d0\'e5\'e7\'fe\'ec\'e5\par\f2 \'d3\'e1\'e3\'ec\par"
        r"\f0\uc1 \u1057?\u1080?\uc2\u1587?x!\par}"
    )
    assert lines(text) == ["été", "Резюме", "سلمى", "Сиس!"]


def test_a_file_that_is_cut_off_gives_what_is_there() -> None:
    assert lines(r"{\rtf1\ansi{\b Still\par here and th") == ["Still", "here and th"]
    assert lines("{" * 100_000 + r"\rtf1 deep") == ["deep"]
