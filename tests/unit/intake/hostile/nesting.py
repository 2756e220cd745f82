"""Messages in messages, reports, pictures, what Macs and phones add, line ends, and much of everything."""

from tests.unit.intake.hostile.making import (
    BODY,
    CV,
    DOC,
    ORDINARY,
    OTHER,
    PDF,
    TOP,
    Case,
    Row,
    b64,
    case,
    entity,
    file,
    mail,
    multipart,
    png,
    qp,
    single,
    text,
)

INNER = b"From: Rana <rana@example.com>\r\nSubject: my cv\r\nMIME-Version: 1.0\r\n" + multipart(
    text(b"Inner"), file(), boundary=b"in"
)
WITHIN: tuple[Row, ...] = (
    ("2", None, "container", INNER.removesuffix(b"\r\n")),
    ("2.1", None, "body"),
    ("2.2", "cv.pdf", "document", PDF),
)
ENCODED: tuple[Row, ...] = (("2", None, "container", INNER), *WITHIN[1:])
BAD = b"Reporting-MTA: dns; a.example\r\n\r\nFinal-Recipient: rfc822; b@example.org\r\nAction: failed\r\n"


def nested(promise: str, headers: bytes, content: bytes, *rows: Row) -> Case:
    return case(promise, mail(text(), entity(headers, content)), BODY, *rows, body="Hello")


def picture(promise: str, data: bytes, headers: bytes, fate: str, name: str | None = None) -> Case:
    html = text(b'<p>Hello</p><img src="cid:one@example">', b"text/html")
    image = entity(b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n" + headers, b64(data))
    return case(promise, mail(html, image, kind=b"related"), BODY, ("2", name, fate, data))


def deep(levels: int) -> bytes:
    raw = text()
    for level in range(levels):
        raw = multipart(raw, boundary=b"d%d" % level)
    return TOP + raw


CASES: tuple[Case, ...] = (
    nested(
        "an attached message is kept byte for byte",
        b"Content-Type: message/rfc822",
        INNER.removesuffix(b"\r\n"),
        *WITHIN,
    ),
    nested(
        "an attached message in base64",
        b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64",
        b64(INNER),
        *ENCODED,
    ),
    nested(
        "an attached message in quoted-printable",
        b"Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable",
        qp(INNER),
        *ENCODED,
    ),
    nested(
        "an attached message said to be bytes",
        b"Content-Type: application/octet-stream; name=fw.eml\nContent-Transfer-Encoding: base64",
        b64(INNER),
        ("2", "fw.eml", "container", INNER),
        *ENCODED[1:],
    ),
    nested(
        "an attached message with a line of an archive first",
        b"Content-Type: message/rfc822",
        b"From a@example.org Mon Jan  1 00:00:00 2018\r\n" + INNER,
        ("2", None, "container"),
        *WITHIN[1:],
    ),
    nested(
        "an attached message with an empty line first",
        b"Content-Type: message/rfc822",
        b"\r\n" + INNER,
        ("2", None, "container"),
        *WITHIN[1:],
    ),
    nested(
        "an attached message in UTF-8 headers",
        b"Content-Type: message/global",
        INNER.replace(b"my cv", "мой".encode()),
        ("2", None, "container"),
        *WITHIN[1:],
    ),
    nested("an attached message of nothing is empty", b"Content-Type: message/rfc822", b"", ("2", None, "empty")),
    nested(
        "an attached message without parts",
        b"Content-Type: message/rfc822",
        b"Subject: a\r\n\r\nInner",
        ("2", None, "container"),
        ("2.1", None, "body"),
    ),
    nested(
        "a message in a message in a message",
        b"Content-Type: message/rfc822",
        TOP + b"Content-Type: message/rfc822\r\n\r\n" + INNER,
        ("2", None, "container"),
        ("2.1", None, "container"),
        ("2.1.1", None, "body"),
        ("2.1.2", "cv.pdf", "document", PDF),
    ),
    nested(
        "an external body did not come",
        b"Content-Type: message/external-body; access-type=URL; URL=https://example.org/cv.pdf",
        b"Content-Type: application/pdf\r\n",
        ("2", None, "unreadable"),
    ),
    nested(
        "a piece of a mail is named",
        b"Content-Type: message/partial; id=a; number=1; total=2",
        INNER,
        ("2", None, "unreadable"),
    ),
    nested(
        "a read receipt is none",
        b"Content-Type: message/disposition-notification",
        b"Final-Recipient: rfc822;a@example.org",
        ("2", None, "ignored"),
    ),
    case(
        "a digest holds messages",
        mail(b"\r\n" + INNER, kind=b"digest"),
        ("1", None, "container"),
        ("1.1", None, "body"),
        ("1.2", "cv.pdf", "document", PDF),
    ),
    case(
        "a delivery report has no documents",
        mail(
            text(),
            entity(b"Content-Type: message/delivery-status", BAD),
            entity(b"Content-Type: message/rfc822", INNER),
            kind=b"report; report-type=delivery-status",
        ),
        BODY,
        ("2", None, "ignored"),
        ("3", None, "container"),
        ("3.1", None, "ignored"),
        ("3.2", "cv.pdf", "ignored", PDF),
    ),
    case(
        "the headers of a returned message are none",
        mail(text(), entity(b"Content-Type: text/rfc822-headers", INNER[:60]), kind=b"report"),
        BODY,
        ("2", None, "ignored"),
    ),
    picture("a tracking pixel is decoration", png(1, 1), b"Content-ID: <one@example>", "decoration"),
    picture(
        "a logo is decoration",
        png(180, 60),
        b"Content-ID: <one@example>\nContent-Disposition: inline; filename=logo.png",
        "decoration",
        "logo.png",
    ),
    picture(
        "a photographed page in the text is a document",
        png(1200, 1700, 5000),
        b"Content-ID: <one@example>\nContent-Disposition: inline; filename=page.png",
        "document",
        "page.png",
    ),
    picture(
        "an attached photograph is a document",
        png(900, 1200),
        b"Content-Disposition: attachment; filename=page.png",
        "document",
        "page.png",
    ),
    picture("a portrait of a signature is decoration", png(90, 110), b"Content-ID: <one@example>", "decoration"),
    case(
        "what a Mac adds is none, the file is a document",
        mail(
            text(),
            multipart(
                file(b"\x00\x05\x16\x07" + b"\0" * 60, b"filename=cv.pdf", b"application/applefile"),
                file(),
                kind=b"appledouble",
                boundary=b"ad",
            ),
        ),
        BODY,
        ("2", None, "container"),
        ("2.1", "cv.pdf", "ignored"),
        ("2.2", "cv.pdf", "document", PDF),
    ),
    case(
        "a file in BinHex is put before staff",
        mail(
            text(),
            entity(
                b"Content-Type: application/mac-binhex40; name=cv.hqx",
                b"(This file must be converted with BinHex 4.0)\r\n:abc:",
            ),
        ),
        BODY,
        ("2", "cv.hqx", "document"),
    ),
    case(
        "a program is refused",
        mail(text(), file(b"MZ\x90\0", b"filename=cv.pdf.exe", b"application/pdf")),
        BODY,
        ("2", "cv.pdf.exe", "refused"),
    ),
    case("a file of no bytes is empty", mail(text(), file(b"")), BODY, ("2", "cv.pdf", "empty")),
    case(
        "a Word file by its bytes",
        mail(text(), file(DOC, b"filename=cv", b"text/plain")),
        BODY,
        ("2", "cv", "document", DOC),
    ),
    case("a byte order mark first", b"\xef\xbb\xbf" + ORDINARY, BODY, CV),
    case("blank lines first", b"\r\n \r\n\r\n" + ORDINARY, BODY, CV),
    case("a mark, then a blank line", b"\xef\xbb\xbf\r\n" + ORDINARY, BODY, CV),
    case("a line of an archive first", b"From ana@example.org Mon Jan  1 00:00:00 2018\n" + ORDINARY, BODY, CV),
    case("a quoted line of an archive first", b">From ana@example.org Mon Jan  1 00:00:00 2018\n" + ORDINARY, BODY, CV),
    case("doubled line ends", ORDINARY.replace(b"\r\n", b"\r\r\n"), BODY, CV, body="Hello"),
    case("line feeds only", ORDINARY.replace(b"\r\n", b"\n"), BODY, CV, body="Hello"),
    case("carriage returns only", ORDINARY.replace(b"\r\n", b"\r"), BODY, CV, body="Hello"),
    case("line ends turned round", ORDINARY.replace(b"\r\n", b"\n\r"), BODY, CV, body="Hello"),
    case("the whole mail in UTF-16", ORDINARY.decode().encode("utf-16"), BODY, CV, body="Hello"),
    case("NUL in a header", ORDINARY.replace(b"Subject: CV", b"Subject: C\x00V"), BODY, CV),
    case("raw letters in a header", ORDINARY.replace(b"Subject: CV", "Subject: Резюме".encode()), BODY, CV),
    case("a header of a megabyte", ORDINARY.replace(b"Subject: CV", b"Subject: " + b"x" * 1_000_000), BODY, CV),
    case("ten thousand headers", b"X-A: b\r\n" * 10_000 + ORDINARY, BODY, CV),
    case(
        "a type of a megabyte", single(b"Content-Type: text/plain; " + b"a=b; " * 200_000, b"Hello"), BODY, body="Hello"
    ),
    case(
        "a hundred thousand continuations",
        single(b"Content-Type: text/plain; " + b"; ".join(b"a*%d=b" % n for n in range(100_000)), b"Hello"),
        BODY,
        body="Hello",
    ),
    case("twenty thousand encoded words", b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\r\n" + ORDINARY, BODY, CV),
    case("an address of brackets", b"From: " + b"(" * 15_000 + b"\r\n" + ORDINARY, BODY, CV),
    case(
        "a line of spaces as long as the mail",
        single(b"Content-Type: text/plain", b"Hello" + b" " * 300_000 + b"x"),
        BODY,
    ),
    *(
        case(f"{promise} costs little", single(b"Content-Type: text/" + kind, content), BODY)
        for promise, kind, content in (
            ("a line that begins with a megabyte of spaces", b"plain", b" " * 1_000_000 + b"x"),
            ("a megabyte of marks of quotation", b"plain", b">" * 1_000_000 + b"x"),
            ("a label with a line of spaces", b"plain", b"From: " + b" " * 200_000 + b"x\nTo: a\nSubject: b\n"),
            ("a megabyte of empty lines", b"plain", b"Hello" + b"\n" * 1_000_000 + b"x"),
            ("an unclosed parameter of enriched text", b"enriched", b"Hello" + b"<param>" * 100_000),
            ("html of two thousand levels", b"html", b"<div>" * 2000 + b"Hello"),
        )
    ),
    case(
        "fifty levels are refused by name",
        deep(50),
        *((".".join("1" * n), None, "container") for n in range(1, 21)),
        (".".join("1" * 21), None, "refused"),
    ),
    case(
        "five hundred parts",
        mail(text(), *[file(b"%%PDF-%d" % n, b"filename=%d.pdf" % n) for n in range(500)]),
        BODY,
        *((str(n + 2), f"{n}.pdf", "document", b"%%PDF-%d" % n) for n in range(500)),
    ),
    case(
        "the second file of a mail is no less",
        mail(text(), file(), file(OTHER, b"filename=b.pdf")),
        BODY,
        CV,
        ("3", "b.pdf", "document", OTHER),
    ),
)
