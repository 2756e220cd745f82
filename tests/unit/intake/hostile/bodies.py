"""Bodies: charsets, flowed and enriched text, HTML, and files written into the text."""

import base64

from tests.unit.intake.hostile.making import (
    BODY,
    OTHER,
    PDF,
    RTF,
    TOP,
    Case,
    b64,
    case,
    entity,
    file,
    mail,
    single,
    text,
    uu,
)

RUSSIAN = "Здравствуйте! Направляю своё резюме для участия в программе."
FRENCH = "Veuillez trouver mon CV « à jour » ; je reste à votre entière disposition."
ARABIC = "السلام عليكم، أرفق لكم سيرتي الذاتية للمشاركة في البرنامج."


def said(promise: str, value: str, real: str, claimed: bytes) -> Case:
    return case(
        promise,
        single(
            b"Content-Type: text/plain; charset=" + claimed + b"\nContent-Transfer-Encoding: base64",
            b64(value.encode(real)),
        ),
        BODY,
        body=value,
    )


CASES: tuple[Case, ...] = (
    said("utf-8 said, windows-1251 meant", RUSSIAN, "windows-1251", b"utf-8"),
    said("us-ascii said, koi8-r meant", RUSSIAN, "koi8-r", b"us-ascii"),
    said("latin-1 said, windows-1252 meant", FRENCH.replace("«", "“").replace("»", "”"), "windows-1252", b"iso-8859-1"),
    said("latin-1 said, windows-1256 meant", ARABIC, "windows-1256", b"iso-8859-1"),
    said("iso-8859-6 is read", ARABIC, "iso-8859-6", b"iso-8859-6"),
    said("an unknown charset is guessed", RUSSIAN, "utf-8", b"x-unknown"),
    said("a charset in quotes", FRENCH, "iso-8859-1", b'"iso-8859-1"'),
    said("no charset at all", RUSSIAN, "koi8-r", b""),
    said("utf-16 with its mark", RUSSIAN, "utf-16", b"utf-16"),
    said("utf-16 without its mark", RUSSIAN, "utf-16-le", b"utf-16"),
    said("utf-16 that nobody declared", "Please find my CV.", "utf-16-be", b"us-ascii"),
    said("utf-7 is read", FRENCH, "utf-7", b"utf-7"),
    said("gb18030 is read", "您好，请查收我的简历", "gb18030", b"gb2312"),
    said("iso-2022-jp is read", "こんにちは", "iso-2022-jp", b"iso-2022-jp"),
    case(
        "a byte order mark is no letter",
        single(b"Content-Type: text/plain; charset=utf-8", b"\xef\xbb\xbf" + FRENCH.encode()),
        BODY,
        body=FRENCH,
    ),
    case("NUL is no letter", single(b"Content-Type: text/plain", b"He\x00llo"), BODY, body="Hello"),
    case(
        "halves of letters from utf-7 do no harm",
        single(b"Content-Type: text/plain; charset=utf-7", b"a +2AA- b"),
        BODY,
    ),
    case(
        "7bit said and 8-bit sent",
        single(b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 7bit", RUSSIAN.encode()),
        BODY,
        body=RUSSIAN,
    ),
    case(
        "flowed lines are joined",
        single(b"Content-Type: text/plain; format=flowed", b"one \r\nline\r\n\r\n  two"),
        BODY,
        body="one line\n\n two",
    ),
    case(
        "delsp takes the space away",
        single(b"Content-Type: text/plain; format=flowed; delsp=yes", b"won \r\nder"),
        BODY,
        body="wonder",
    ),
    case(
        "a signature mark joins nothing",
        single(b"Content-Type: text/plain; format=flowed", b"Bye\r\n-- \r\nAna"),
        BODY,
        body="Bye\n-- \nAna",
    ),
    case(
        "enriched text is read without its commands",
        single(b"Content-Type: text/enriched", b"<bold>Hello</bold> <<you>\r\nthere\r\n\r\nnew"),
        BODY,
        body="Hello <you> there\nnew",
    ),
    case("text is short for text/plain", single(b"Content-Type: text; charset=utf-8", b"Hello"), BODY, body="Hello"),
    case(
        "a type with a forgotten semicolon",
        single(b"Content-Type: text/plain charset=koi8-r", RUSSIAN.encode("koi8-r")),
        BODY,
        body=RUSSIAN,
    ),
    case(
        "html alone is the body",
        single(b"Content-Type: text/html", b"<p>Bonjour</p><script>no</script>"),
        BODY,
        body="Bonjour",
    ),
    case(
        "html names its charset itself",
        single(b"Content-Type: text/html", b'<meta charset="koi8-r"><p>' + RUSSIAN.encode("koi8-r")),
        BODY,
        body=RUSSIAN,
    ),
    case(
        "html beside an empty text is the body",
        mail(text(b" "), text(b"<p>Bonjour</p>", b"text/html"), kind=b"alternative"),
        ("1", None, "empty"),
        ("2", None, "body"),
        body="Bonjour",
    ),
    case(
        "html beside text is the same once more",
        mail(text(), text(b"<p>Hello</p>", b"text/html"), kind=b"alternative"),
        BODY,
        ("2", None, "duplicate"),
        body="Hello",
    ),
    case(
        "html before text is the body too",
        mail(text(b"<p>Hello</p>", b"text/html"), text(), kind=b"alternative"),
        BODY,
        ("2", None, "body"),
        body="Hello",
    ),
    case(
        "empty html is empty", single(b"Content-Type: text/html", b"<html><body> </body></html>"), ("1", None, "empty")
    ),
    case("two texts are one body", mail(text(b"one"), text(b"two")), BODY, ("2", None, "body"), body="one\ntwo"),
    case("rtf as a body is a document", single(b"Content-Type: text/rtf", RTF), ("1", None, "document", RTF)),
    case(
        "a text file is a document",
        mail(text(), file(b"Curriculum vitae", b"filename=cv.txt", b"text/plain")),
        BODY,
        ("2", "cv.txt", "document", b"Curriculum vitae"),
    ),
    case(
        "an html file is a document",
        mail(text(), file(b"<html><p>CV</p></html>", b"filename=cv.html", b"text/html")),
        BODY,
        ("2", "cv.html", "document", b"<html><p>CV</p></html>"),
    ),
    case(
        "a text with a name is a document",
        mail(
            text(), entity(b"Content-Type: text/plain; name=cv.txt\nContent-Disposition: inline", b"Curriculum vitae")
        ),
        BODY,
        ("2", "cv.txt", "document", b"Curriculum vitae"),
    ),
    case(
        "a file in the text is a document, the words around stay",
        single(b"Content-Type: text/plain", b"Before\r\n" + uu(PDF) + b"After"),
        BODY,
        ("1/1", "cv.pdf", "document", PDF),
        body="Before\nAfter",
    ),
    case(
        "two files in the text",
        single(b"Content-Type: text/plain", b"My CV\r\n" + uu(PDF) + uu(OTHER, b"two words.pdf")),
        BODY,
        ("1/1", "cv.pdf", "document", PDF),
        ("1/2", "two words.pdf", "document", OTHER),
        body="My CV",
    ),
    case(
        "a file in the text that is cut off",
        single(b"Content-Type: text/plain", b"My CV\r\n" + uu(PDF)[: 18 + 63 * 2]),
        BODY,
        ("1/1", "cv.pdf", "document", PDF[:90]),
        body="My CV",
    ),
    case(
        "a file in the text with a mode of four digits",
        single(b"Content-Type: text/plain", uu(PDF).replace(b"644", b"0644")),
        ("1", None, "empty"),
        ("1/1", "cv.pdf", "document", PDF),
    ),
    case(
        "a base64 file in the text",
        single(b"Content-Type: text/plain", b"Hello\r\nbegin-base64 644 cv.pdf\r\n" + b64(PDF) + b"====\r\n"),
        BODY,
        ("1/1", "cv.pdf", "document", PDF),
        body="Hello",
    ),
    case(
        "begin is also a word",
        single(b"Content-Type: text/plain", b"begin 644 days from now\r\nNo file."),
        BODY,
        body="begin 644 days from now\nNo file.",
    ),
    case(
        "yEnc is named",
        single(
            b"Content-Type: text/plain",
            b"Hello\r\n=ybegin line=128 size=3 name=cv.pdf\r\n\x8b\x8c\x8d\r\n=yend size=3\r\nBye",
        ),
        BODY,
        ("1/1", "cv.pdf", "unreadable"),
        body="Hello\nBye",
    ),
    case("no body at all", TOP + b"\r\n", ("1", None, "empty"), body=""),
    case("headers only", TOP, ("1", None, "empty")),
    case("nothing at all", b"", ("1", None, "empty")),
    case(
        "words without any header", b"Dear all,\r\nplease find my CV.\r\n", BODY, body="Dear all,\nplease find my CV."
    ),
    case(
        "a calendar entry is none",
        mail(text(), text(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", b"text/calendar; method=REQUEST")),
        BODY,
        ("2", None, "ignored"),
    ),
    case(
        "a contact card is none",
        mail(text(), text(b"BEGIN:VCARD\r\nEND:VCARD", b"text/x-vcard; name=ana.vcf")),
        BODY,
        ("2", "ana.vcf", "ignored"),
    ),
    case(
        "base64 of nothing is empty",
        single(b"Content-Type: text/plain\nContent-Transfer-Encoding: base64", base64.b64encode(b"")),
        ("1", None, "empty"),
    ),
)
