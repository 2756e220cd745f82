"""Names of files, in every spelling that mail programs have had for them."""

import base64

from tests.unit.intake.hostile.making import BODY, PDF, Case, case, file, mail, text


def named(promise: str, header: bytes, name: str | None) -> Case:
    return case(promise, mail(text(), file(name=header)), BODY, ("2", name, "document", PDF))


def typed(promise: str, kind: bytes, name: str | None) -> Case:
    part = b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(PDF)
    return case(promise, mail(text(), part), BODY, ("2", name, "document", PDF))


def word(value: str, charset: str) -> bytes:
    return b"=?" + charset.encode() + b"?B?" + base64.b64encode(value.encode(charset)) + b"?="


ARABIC, RUSSIAN, FRENCH = "السيرة الذاتية.pdf", "Резюме эксперта.pdf", "Résumé détaillé à jour.pdf"

CASES: tuple[Case, ...] = (
    named(
        "a name without quotes reaches to the semicolon", b"filename=My CV final (2).pdf; size=3", "My CV final (2).pdf"
    ),
    named("a forgotten semicolon ends a quoted name", b'filename="cv.pdf" size=123', "cv.pdf"),
    named("quotes in quotes stay", b'filename="my "best" cv.pdf"', 'my "best" cv.pdf'),
    named("escaped quotes are unescaped", b'filename="a \\"b\\"; c.pdf"', 'a "b"; c.pdf'),
    named("an unclosed quote ends with the header", b'filename="cv.pdf', "cv.pdf"),
    named("single quotes are quotes", b"filename='cv.pdf'", "cv.pdf"),
    named("an empty name is none", b'filename=""', None),
    named("a name of spaces is none", b'filename="   "', None),
    named("a semicolon in quotes is part of the name", b'filename="a;b.pdf"', "a;b.pdf"),
    named("a name may be folded", b'filename="a\r\n b.pdf"', "a b.pdf"),
    named("a path is no path", b'filename="../../etc/cron.d/cv.pdf"', "cv.pdf"),
    named("a Windows path is no path", b'filename="C:\\Users\\Ana\\cv.pdf"', "cv.pdf"),
    named("a NUL in a name is nothing", b'filename="c\x00v.pdf"', "cv.pdf"),
    named("RFC 2231 in one piece", b"filename*=utf-8''%D1%80%D0%B5%D0%B7.pdf", "рез.pdf"),
    named("RFC 2231 with a language", b"filename*=iso-8859-1'fr'%E9t%E9.pdf", "été.pdf"),
    named("RFC 2231 in quotes", b"filename*=\"utf-8''%C3%A9.pdf\"", "é.pdf"),
    named("RFC 2231 without a charset", b"filename*=''caf%C3%A9.pdf", "café.pdf"),
    named("RFC 2231 without its apostrophes", b"filename*=caf%C3%A9.pdf", "café.pdf"),
    named("RFC 2231 in a charset that nobody knows", b"filename*=x-none'en'caf%C3%A9.pdf", "café.pdf"),
    named("RFC 2231 wins over the plain name", b"filename=old.pdf; filename*=utf-8''n%C3%A9w.pdf", "néw.pdf"),
    named("RFC 2231 wins also where it comes first", b"filename*=utf-8''n%C3%A9w.pdf; filename=old.pdf", "néw.pdf"),
    named("continuations are joined", b'filename*0="long "; filename*1="name.pdf"', "long name.pdf"),
    named(
        "continuations out of order are joined in order", b'filename*1="name.pdf"; filename*0="long "', "long name.pdf"
    ),
    named(
        "ten continuations are counted as numbers",
        b"; ".join(b"filename*%d=%d" % (n, n % 10) for n in range(11)) + b"; filename*11=.pdf",
        "01234567890.pdf",
    ),
    named("a missing continuation loses only itself", b"filename*0=a; filename*2=c.pdf", "ac.pdf"),
    named("a missing first continuation loses only itself", b"filename*1=b.pdf", "b.pdf"),
    named(
        "continuations may be encoded",
        b"filename*0*=utf-8''%D8%B3%D9%8A; filename*1*=%D8%B1%D8%A9; filename*2=.pdf",
        "سيرة.pdf",
    ),
    named("a letter may be cut between continuations", b"filename*0*=utf-8''%D8; filename*1*=%B3.pdf", "س.pdf"),
    named(
        "continuations win over the short plain name",
        b"filename=CV~1.PDF; filename*0=the ; filename*1=cv.pdf",
        "thecv.pdf",
    ),
    named("an encoded word in quotes is decoded", b'filename="' + word(RUSSIAN, "koi8-r") + b'"', RUSSIAN),
    named("an encoded word without quotes is decoded", b"filename=" + word(FRENCH, "iso-8859-1"), FRENCH),
    named(
        "encoded words in continuations are decoded",
        b'filename*0="' + word(RUSSIAN, "utf-8")[:20] + b'"; filename*1="' + word(RUSSIAN, "utf-8")[20:] + b'"',
        RUSSIAN,
    ),
    named("an encoded word in RFC 2231 is decoded", b"filename*=" + word(FRENCH, "utf-8"), FRENCH),
    named(
        "a letter may be cut between encoded words",
        b'filename="=?utf-8?Q?CV_=C3?= =?utf-8?Q?=A9t=C3=A9.pdf?="',
        "CV été.pdf",
    ),
    named("an encoded word in a charset that nobody knows is shown", b'filename="=?x-none?Q?cv.pdf?="', "cv.pdf"),
    *(
        named(f"raw {charset} reads as it was meant: {name}", b'filename="' + name.encode(charset) + b'"', name)
        for name, charsets in (
            (ARABIC, ("utf-8", "windows-1256", "iso-8859-6")),
            (RUSSIAN, ("utf-8", "windows-1251", "koi8-r")),
            (FRENCH, ("utf-8", "windows-1252", "iso-8859-15")),
        )
        for charset in charsets
    ),
    typed("the name of the type names too", b'application/pdf; name="cv.pdf"', "cv.pdf"),
    typed("no quotes, no disposition", b"application/pdf; name=my cv.pdf", "my cv.pdf"),
    typed("octet-stream is what the bytes say", b"application/octet-stream; name=cv.pdf", "cv.pdf"),
    typed("a nameless file is a document", b"application/pdf", None),
    typed("a nameless file of an unknown type is a document", b"application/x-unheard", None),
    typed("a type that is none hides no file", b"pdf", None),
    typed("an empty type hides no file", b"", None),
    typed("a file said to be text is a document", b"text/plain; name=cv.pdf", "cv.pdf"),
    typed("a nameless file said to be text is a document", b"text/plain", None),
    typed("a file said to be a picture is a document", b"image/jpeg; name=cv.jpg", "cv.jpg"),
    typed("a file said to be a calendar is a document", b"text/calendar", None),
    typed("a file said to be a signature is a document", b"application/pgp-signature; name=cv.pdf", "cv.pdf"),
    typed("a file said to be a message is a document", b"message/rfc822", None),
    typed("a file said to be html is a document", b"text/html; name=cv.html", "cv.html"),
    typed("a file said to be a sound is a document", b"audio/mpeg; name=cv.mp3", "cv.mp3"),
    case(
        "the disposition's name wins over the type's",
        mail(text(), file(kind=b"application/pdf; name=old.pdf")),
        BODY,
        ("2", "cv.pdf", "document", PDF),
    ),
    case("inline is no less a document", mail(text(), file(how=b"inline")), BODY, ("2", "cv.pdf", "document", PDF)),
    case(
        "an unknown disposition is attached",
        mail(text(), file(how=b"sideways")),
        BODY,
        ("2", "cv.pdf", "document", PDF),
    ),
    case(
        "a disposition without its word still names",
        mail(text(), file().replace(b"attachment; ", b"")),
        BODY,
        ("2", "cv.pdf", "document", PDF),
    ),
    case(
        "two files of one name are two",
        mail(file(), file(b"%PDF-2")),
        ("1", "cv.pdf", "document", PDF),
        ("2", "cv.pdf", "document", b"%PDF-2"),
    ),
    case(
        "one file of two names is read once",
        mail(file(), file(name=b"filename=b.pdf")),
        ("1", "cv.pdf", "document", PDF),
        ("2", "b.pdf", "duplicate", PDF),
    ),
)
