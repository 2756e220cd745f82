"""Mails of the table, broken further at random: no crash, no hang, no part without a fate."""

from __future__ import annotations

import os
import re
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.mail import ParsedMessage
from intake.parse import ParseLimits, parse
from tests.unit.intake.hostile.test_table import CASES, PATH, SECONDS

MAILS = sorted({case.raw for case in CASES if len(case.raw) < 20_000})
ATOMS = (
    b"--b1\r\n",
    b"--b1--\r\n",
    b"\r\n\r\n",
    b"\r",
    b"\n",
    b"\x00",
    b"\xff",
    b"=",
    b'"',
    b";",
    b"--",
    b"begin 644 a\n",
    b"end\n",
    b"Content-Type: multipart/mixed; boundary=b1\r\n\r\n",
    b"Content-Type: message/rfc822\r\n\r\n",
    b"From a\n",
    b"\xef\xbb\xbf",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Transfer-Encoding: quoted-printable\r\n",
    b"=?utf-8?b?",
    b"*0*=utf-7''+",
    b"Content-Type: text/html\r\n\r\n<p",
    b"Content-Type: text/plain; charset=utf-7; format=flowed\r\n",
    b"boundary=b1",
    b"PK\x03\x04",
)
DELIMITER = re.compile(rb"\r?\n(?=--)")


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    raw = draw(st.sampled_from(MAILS))
    for _ in range(draw(st.integers(1, 8))):
        raw = _once(draw, raw)
    return raw


def _once(draw: st.DrawFn, raw: bytes) -> bytes:
    at = draw(st.integers(0, len(raw)))
    kind = draw(st.sampled_from(("flip", "cut", "double", "end", "atom", "splice", "shuffle")))
    if kind == "flip" and at < len(raw):
        return raw[:at] + bytes([raw[at] ^ (1 << draw(st.integers(0, 7)))]) + raw[at + 1 :]
    if kind == "cut":
        return raw[:at] + raw[at + draw(st.integers(1, 60)) :]
    if kind == "double":
        return raw[: at + draw(st.integers(0, 200))] + raw[at:]
    if kind == "end":
        return raw[:at]
    if kind == "atom":
        return raw[:at] + draw(st.sampled_from(ATOMS)) + raw[at:]
    if kind == "splice":
        other = draw(st.sampled_from(MAILS))
        return raw[:at] + other[draw(st.integers(0, len(other))) :]
    return b"\r\n".join(draw(st.permutations(DELIMITER.split(raw)[:12])))


def holds_together(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "raw").write_bytes(raw)
        (Path(folder) / "parts").mkdir()
        started = time.process_time()
        message = parse(Path(folder) / "raw", Path(folder) / "parts", ParseLimits())
        assert time.process_time() - started < SECONDS
        left = {path.name for path in (Path(folder) / "parts").iterdir()}
    assert_told(message, left)


def assert_told(message: ParsedMessage, files: set[str]) -> None:
    assert len(message.parts) > 1
    assert all(part.reason and PATH.fullmatch(part.path) for part in message.parts)
    assert len({part.path for part in message.parts}) == len(message.parts)
    assert files <= {part.digest for part in message.parts}
    assert {part.digest for part in message.parts if part.fate == "document"} <= files
    assert "\x00" not in message.body + message.subject
    (message.body + message.subject + "".join(value for _, value in message.headers)).encode()


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(broken())
def test_a_mail_broken_at_random_is_told_whole(raw: bytes) -> None:
    holds_together(raw)


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.skipif("MUTATIONS" not in os.environ, reason="how many mutations to try is said in MUTATIONS")
def test_many_mails_broken_at_random_are_told_whole() -> None:
    many = settings(max_examples=int(os.environ["MUTATIONS"]), deadline=None, suppress_health_check=list(HealthCheck))
    many(given(broken())(holds_together))()
