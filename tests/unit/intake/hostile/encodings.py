"""Transfer encodings: damaged, misspelt, wrongly claimed."""

import base64

from tests.unit.intake.hostile.making import (
    BODY,
    CV,
    DOC,
    OTHER,
    PDF,
    RTF,
    Case,
    b64,
    case,
    entity,
    mail,
    qp,
    single,
    text,
    uu,
)

TWO = b"Content-Transfer-Encoding: "
SOLID = base64.b64encode(PDF)


def carried(promise: str, encoding: bytes, content: bytes, data: bytes = PDF) -> Case:
    head = b'Content-Type: application/octet-stream; name="cv.pdf"\n'
    part = entity(head + (b"Content-Transfer-Encoding: " + encoding if encoding else b""), content)
    return case(promise, mail(text(), part), BODY, ("2", "cv.pdf", "document", data))


CASES: tuple[Case, ...] = (
    *(
        carried(f"base64 may be spelt {word.decode()!r}", word, b64(PDF))
        for word in (b"BASE64 ", b"base-64", b"Base64;", b"base64 (comment)", b'"base64"', b"x-base64", b"b64")
    ),
    carried("base64 in one line", b"base64", SOLID),
    carried("base64 one letter a line", b"base64", b"\r\n".join(SOLID[at : at + 1] for at in range(len(SOLID)))),
    carried("base64 with spaces in it", b"base64", b" ".join(SOLID[at : at + 5] for at in range(0, len(SOLID), 5))),
    carried("base64 with line feeds only", b"base64", base64.encodebytes(PDF)),
    carried("base64 with blank lines", b"base64", b64(PDF).replace(b"\r\n", b"\r\n\r\n")),
    carried("base64 with rubbish in it", b"base64", b64(PDF)[:40] + b"!#\x80\x00" + b64(PDF)[40:]),
    carried("base64 without its padding", b"base64", base64.b64encode(PDF[:-1]).rstrip(b"="), PDF[:-1]),
    carried("base64 with too much padding", b"base64", SOLID.rstrip(b"=") + b"===="),
    carried("base64 with one letter too many", b"base64", base64.b64encode(PDF[:768]) + b"A", PDF[:768]),
    carried(
        "base64 in pieces, each with its padding",
        b"base64",
        b"\r\n".join(base64.b64encode(PDF[at : at + 100]) for at in range(0, len(PDF), 100)),
    ),
    carried(
        "base64 with the footer of a list below",
        b"base64",
        b64(PDF[:-1]) + b"\r\n_____________\r\nmailing list\r\nTo leave: write to list-leave@example.org\r\n",
        PDF[:-1],
    ),
    carried(
        "base64 that is cut off gives what came",
        b"base64",
        b64(PDF)[:392],
        base64.b64decode(
            b"".join(b64(PDF)[:392].split())[:-1]
            if len(b"".join(b64(PDF)[:392].split())) % 4 == 1
            else b"".join(b64(PDF)[:392].split()) + b"=" * (-len(b"".join(b64(PDF)[:392].split())) % 4)
        ),
    ),
    carried("base64 claimed, and the bytes stand as they are", b"base64", RTF, RTF),
    carried("base64 that nobody declared", b"", b64(PDF)),
    carried("base64 said to be 7bit", b"7bit", b64(PDF)),
    carried("base64 said to be quoted-printable", b"quoted-printable", b64(PDF)),
    carried("base64 of a Word file that nobody declared", b"8bit", b64(DOC), DOC),
    carried(
        "binary is taken as it stands",
        b"binary",
        OTHER.replace(b"\r", b".").replace(b"\n", b"\r\n"),
        OTHER.replace(b"\r", b".").replace(b"\n", b"\r\n"),
    ),
    carried("8bit said, and no encoding at all", b"8-bit", RTF, RTF),
    carried("an unknown encoding is taken as it stands", b"x-unheard", RTF, RTF),
    carried("quoted-printable of bytes", b"quoted-printable", qp(PDF)),
    carried("quoted-printable in small letters", b"Quoted_Printable", qp(PDF).lower()),
    carried("quoted-printable that ends in a soft break", b"quoted-printable", qp(PDF) + b"=\r\n"),
    carried("uuencode by its header", b"x-uuencode", uu(PDF)),
    carried("a line that is none in uuencode", b"x-uuencode", uu(PDF).replace(b"\r\n", b"\r\nM--b\x80\r\n", 1)),
    carried("uuencode said, and the bytes stand as they are", b"x-uuencode", RTF, RTF),
    carried("uuencode by another name", b"uue", uu(PDF)),
    case(
        "base64 of words is a body",
        single(b"Content-Type: text/plain\nContent-Transfer-Encoding: base64", b64("Bonjour à tous".encode())),
        BODY,
        body="Bonjour à tous",
    ),
    case(
        "words said to be base64 stay words",
        single(b"Content-Type: text/plain\nContent-Transfer-Encoding: base64", b"I would like to apply."),
        BODY,
        body="I would like to apply.",
    ),
    case(
        "an illegal escape stays as it is",
        single(b"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable", b"100=ZZ =C3=A9t=C3=A9"),
        BODY,
        body="100=ZZ été",
    ),
    case(
        "a soft break joins",
        single(b"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable", b"one =\r\nline"),
        BODY,
        body="one line",
    ),
    case(
        "two encodings, the first holds",
        mail(
            text(),
            entity(
                b"Content-Type: application/pdf; name=cv.pdf\n" + TWO + b"base64\n" + TWO + b"7bit",
                b64(PDF),
            ),
        ),
        BODY,
        CV,
    ),
    case(
        "two encodings, the wrong one first",
        mail(
            text(),
            entity(
                b"Content-Type: application/pdf; name=cv.pdf\n" + TWO + b"7bit\n" + TWO + b"base64",
                b64(PDF),
            ),
        ),
        BODY,
        CV,
    ),
)
