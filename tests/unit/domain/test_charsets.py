"""What people write, in the charsets that they write it in, under every wrong label that mail comes with."""

from __future__ import annotations

import pytest

from domain.charsets import codec_name, decode_text, markup_charset

FRENCH = ["Mon CV à jour", "Veuillez trouver ci-joint mon curriculum vitæ. Cordialement, Aïssatou", "été", "Zoé"]
SPANISH = ["¿Cuándo cierra la convocatoria?", "Currículum de Ñacato", "Muñoz", "Nº 3, 2ª planta, años de gestión"]
RUSSIAN = ["Привет", "Резюме Мещерякова", "ДЕНЬ ДОБРЫЙ", "Здравствуйте! Направляю свое резюме.", "резюме", "Ёлкин"]
ARABIC = ["السيرة الذاتية", "مرفق", "الطيب آدم", "سيرة ذاتية قادري", "مرفق طيه CV وشهادة 2018"]
SENT_IN = [
    *((text, charset) for text in FRENCH + SPANISH for charset in ("windows-1252", "utf-8", "utf-16")),
    *((text, charset) for text in RUSSIAN for charset in ("windows-1251", "koi8-r", "utf-8", "utf-16-le", "utf-16-be")),
    *((text, charset) for text in ARABIC for charset in ("windows-1256", "iso-8859-6", "utf-8", "utf-16-le")),
    ("Направляю Вам свое резюме для участия в реестре экспертов", "ibm866"),
    ("Направляю Вам свое резюме для участия в реестре экспертов", "iso-8859-5"),
    ("J’ai géré des équipes à Genève, Nîmes et Besançon", "mac-roman"),
    ("", "utf-8"),
    ("plain", "us-ascii"),
]


@pytest.mark.parametrize("declared", [None, "iso-8859-1", "utf-8", "x-unknown", "us-ascii", ""])
@pytest.mark.parametrize(("text", "charset"), SENT_IN)
def test_a_text_reads_as_it_was_written_whatever_the_label_says(text: str, charset: str, declared: str | None) -> None:
    assert decode_text(text.encode(charset), declared)[0] == text


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Příliš žluťoučký kůň", "windows-1250"),
        ("İstanbul'dan özgeçmiş gönderiyorum, şimdilik teşekkürler", "iso-8859-9"),
        ("履歴書を送ります", "iso-2022-jp"),
        ("简历请见附件", "gb2312"),
        ("Βιογραφικό σημείωμα", "iso-8859-7"),
        ("Добрий день, надсилаю своє резюме, їжак", "koi8-u"),
    ],
)
def test_a_right_label_is_believed_for_languages_beyond_the_five(text: str, charset: str) -> None:
    assert decode_text(text.encode(charset), charset)[0] == text


def test_a_byte_order_mark_decides_and_is_left_out() -> None:
    assert decode_text("\ufeffété".encode(), "iso-8859-1") == ("été", "utf-8")


def test_utf_8_with_a_damaged_letter_stays_utf_8() -> None:
    damaged = "Здравствуйте, направляю свое резюме".encode()[:-1]
    text, charset = decode_text(damaged, None)
    assert charset == "utf-8"
    assert text.startswith("Здравствуйте, направляю свое резюм")


@pytest.mark.parametrize("label", ["rot13", "idna", "unicode_escape", "base64", "no-such-charset", None, "\x00"])
def test_labels_that_are_no_charset_of_mail_are_unknown(label: str | None) -> None:
    assert codec_name(label) is None


@pytest.mark.parametrize(
    ("markup", "charset"),
    [
        (b'<html><head><meta charset="windows-1256">', "windows-1256"),
        (b"<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=koi8-r'>", "koi8-r"),
        (b'<?xml version="1.0" encoding="UTF-8"?><html>', "UTF-8"),
        (b"<html><body>charset=x", None),
    ],
)
def test_markup_may_name_its_charset(markup: bytes, charset: str | None) -> None:
    assert markup_charset(markup) == charset
