"""Boundaries and headers that are broken, and content that stands outside the parts."""

from tests.unit.intake.hostile.making import (
    BODY,
    CV,
    ORDINARY,
    OTHER,
    PDF,
    TOP,
    Case,
    Row,
    case,
    entity,
    file,
    mail,
    multipart,
    single,
    text,
    uu,
)  # fmt: skip

CLOSED = b"--b1--\r\n"
FULL: tuple[Row, ...] = (BODY, CV)
OUTER = ORDINARY.partition(b"Content-Type: multipart")[2]


def turned(old: bytes, new: bytes, times: int = 1) -> bytes:
    assert old in ORDINARY
    return ORDINARY.replace(old, new, times)


CASES: tuple[Case, ...] = (
    case("an ordinary mail gives body and file", ORDINARY, *FULL, body="Hello"),
    case("a missing closing boundary loses nothing", turned(CLOSED, b""), *FULL),
    case("a boundary may have spaces behind it", turned(b"--b1\r\n", b"--b1  \t\r\n", 2), *FULL),
    case("a declared boundary may end in a space", turned(b'"b1"', b'"b1 "'), *FULL),
    case("a boundary needs no quotes", turned(b'"b1"', b"b1"), *FULL),
    case("a boundary may stand in single quotes", turned(b'"b1"', b"'b1'"), *FULL),
    case("a boundary may be declared in capitals", turned(b"boundary=", b"BOUNDARY="), *FULL),
    case("spaces around the equals sign are no matter", turned(b"boundary=", b"boundary = "), *FULL),
    case("a forgotten semicolon hides no boundary", turned(b"mixed; ", b"mixed "), *FULL),
    case(
        "a boundary may be declared in continuations",
        turned(b'boundary="b1"', b'boundary*0="b"; boundary*1="1"'),
        *FULL,
    ),
    case("a boundary on a line of its own may be unindented", turned(b"mixed; ", b"mixed;\r\n"), *FULL),
    case("a boundary that is declared nowhere is found", turned(b'; boundary="b1"', b""), *FULL),
    case("a boundary that never occurs is found", turned(b'boundary="b1"', b'boundary="other"'), *FULL),
    case("a boundary in another case is found", turned(b'boundary="b1"', b'boundary="B1"'), *FULL),
    case("an empty boundary is found", turned(b'boundary="b1"', b'boundary=""'), *FULL),
    case("multipart without a subtype is mixed", turned(b"multipart/mixed", b"multipart"), *FULL),
    case("an unknown kind of multipart is walked", turned(b"multipart/mixed", b"multipart/x-unheard"), *FULL),
    case("a type in capitals is the same", turned(b"multipart/mixed", b"MULTIPART/Mixed"), *FULL),
    case(
        "no Content-Type at all, and parts all the same",
        turned(b'Content-Type: multipart/mixed; boundary="b1"\r\n', b""),
        *FULL,
    ),
    case("said to be text, and parts all the same", turned(b'multipart/mixed; boundary="b1"', b"text/plain"), *FULL),
    case(
        "a multipart without any boundary is text",
        single(b"Content-Type: multipart/mixed; boundary=x", b"Only words"),
        BODY,
        body="Only words",
    ),
    case(
        "a multipart with nothing in it is empty",
        single(b"Content-Type: multipart/mixed; boundary=x", b""),
        ("1", None, "empty"),
    ),
    case(
        "a multipart of its closing line only is empty",
        single(b"Content-Type: multipart/mixed; boundary=x", b"--x--\r\n"),
        ("1", None, "empty"),
    ),
    case(
        "one boundary may begin like another",
        mail(multipart(text(), file(), boundary=b"b12"), file(OTHER, b"filename=b.pdf"), boundary=b"b1"),
        ("1", None, "container"),
        ("1.1", None, "body"),
        ("1.2", "cv.pdf", "document", PDF),
        ("2", "b.pdf", "document", OTHER),
    ),
    case(
        "the inner boundary may be the shorter one",
        mail(multipart(text(), file(), boundary=b"b1"), file(OTHER, b"filename=b.pdf"), boundary=b"b12"),
        ("1", None, "container"),
        ("1.1", None, "body"),
        ("1.2", "cv.pdf", "document", PDF),
        ("2", "b.pdf", "document", OTHER),
    ),
    case(
        "an inner multipart that is never closed ends with its outer one",
        mail(multipart(text(), file(), boundary=b"in").replace(b"--in--\r\n", b""), file(OTHER, b"filename=b.pdf")),
        ("1", None, "container"),
        ("1.1", None, "body"),
        ("1.2", "cv.pdf", "document", PDF),
        ("2", "b.pdf", "document", OTHER),
    ),
    case(
        "a file after the closing boundary is found",
        ORDINARY + b"--b1\r\n" + file(OTHER, b"filename=b.pdf") + b"\r\n--b1--\r\n",
        *FULL,
        ("3", None, "container"),
        ("3.1", "b.pdf", "document", OTHER),
    ),
    case(
        "a file in the epilogue needs no right boundary",
        ORDINARY + b"--zz\r\n" + file(OTHER, b"filename=b.pdf"),
        *FULL,
        ("3", None, "container"),
        ("3.1", "b.pdf", "document", OTHER),
    ),
    case(
        "a uuencoded file in the epilogue is found",
        ORDINARY + uu(OTHER, b"b.pdf"),
        *FULL,
        ("3", None, "empty"),
        ("3/1", "b.pdf", "document", OTHER),
    ),
    case(
        "words after the parts are named",
        ORDINARY + b"_____\r\nThe list of the list\r\n",
        *FULL,
        ("3", None, "ignored"),
        body="Hello",
    ),
    case(
        "words before the parts are named",
        turned(b"--b1\r\n", b"Words before\r\n--b1\r\n"),
        *FULL,
        ("3", None, "ignored"),
    ),
    case(
        "what a mail program tells its forebears is no part",
        turned(b"--b1\r\n", b"This is a multi-part message in MIME format.\r\n\r\n--b1\r\n"),
        *FULL,
    ),
    case(
        "where nothing else is said, words before the parts are the body",
        mail(file()).replace(b"--b1\r\n", b"I apply herewith.\r\n--b1\r\n", 1),
        ("1", "cv.pdf", "document", PDF),
        ("2", None, "body"),
        body="I apply herewith.",
    ),
    case(
        "a container in base64 is decoded",
        single(
            b"Content-Type: multipart/mixed; boundary=b1\nContent-Transfer-Encoding: base64",
            __import__("base64").encodebytes(ORDINARY.split(b"\r\n\r\n", 1)[1]),
        ),
        *FULL,
    ),
    case(
        "a header line without a colon hides nothing",
        turned(b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\r\nno colon here\r\n"),
        *FULL,
    ),
    case("a space before the colon hides nothing", turned(b"Content-Type: multi", b"Content-Type : multi"), *FULL),
    case(
        "a broken header line in a part hides nothing",
        turned(b"Content-Disposition", b"junk without colon\r\nContent-Disposition"),
        *FULL,
    ),
    case("a header may be folded with a tab", turned(b"; boundary", b";\r\n\tboundary"), *FULL),
    case("a header may be folded twice", turned(b"; boundary", b";\r\n \r\n boundary"), *FULL),
    case(
        "two types, the wrong one first",
        turned(b"Content-Type: multi", b"Content-Type: text/plain\r\nContent-Type: multi"),
        *FULL,
    ),
    case("two types, the wrong one last", turned(b'"b1"\r\n', b'"b1"\r\nContent-Type: text/plain\r\n'), *FULL),
    case("two subjects do no harm", turned(b"Subject: CV", b"Subject: CV\r\nSubject: again"), *FULL),
    case("a part without headers is text", mail(b"\r\nHello", file()), *FULL, body="Hello"),
    case(
        "a part of headers only is empty",
        mail(text(), entity(b"Content-Type: application/pdf; name=x.pdf", b"")),
        BODY,
        ("2", "x.pdf", "empty"),
    ),
    case(
        "an alternative in a related in a mixed is walked",
        mail(
            multipart(
                multipart(text(), text(b"<p>Hello</p>", b"text/html"), kind=b"alternative", boundary=b"a"),
                kind=b"related",
                boundary=b"r",
            ),
            file(),
        ),
        ("1", None, "container"),
        ("1.1", None, "container"),
        ("1.1.1", None, "body"),
        ("1.1.2", None, "duplicate"),
        ("2", "cv.pdf", "document", PDF),
        body="Hello",
    ),
    case("a file in an alternative is a document", mail(text(), file(), kind=b"alternative"), *FULL),
    case("a file in a related is a document", mail(text(b"<p>Hi</p>", b"text/html"), file(), kind=b"related"), *FULL),
    case(
        "a file in a signed message is a document",
        mail(
            multipart(text(), file(), boundary=b"in"),
            file(b"\x30\x82\x01\x00", b"filename=smime.p7s", b"application/pkcs7-signature"),
            kind=b"signed",
        ),
        ("1", None, "container"),
        ("1.1", None, "body"),
        ("1.2", "cv.pdf", "document", PDF),
        ("2", "smime.p7s", "ignored"),
    ),
    case(
        "a nested container with the same boundary loses nothing",
        mail(multipart(text(), file(), boundary=b"b1"), file(OTHER, b"filename=b.pdf")),
        ("1", None, "empty"),
        ("2", None, "body"),
        ("3", "cv.pdf", "document", PDF),
        ("4", None, "container"),
        ("4.1", "b.pdf", "document", OTHER),
    ),
    case("an attachment alone is the mail", TOP + file(), ("1", "cv.pdf", "document", PDF)),
    case(
        "an attachment alone needs no name",
        single(b"Content-Type: application/pdf\nContent-Transfer-Encoding: binary", PDF),
        ("1", None, "document", PDF),
    ),
)
