"""Every part of a hostile mail has the fate that stands beside it, and every document its bytes."""

from __future__ import annotations

import email
import hashlib
import json
import re
import time
from collections.abc import Iterator
from dataclasses import asdict
from email.message import Message
from pathlib import Path
from typing import cast

import pytest

from domain.mail import Fate, ParsedMessage
from intake.parse import ParseLimits, parse
from tests.unit.intake.hostile import bodies, encodings, names, nesting, structure
from tests.unit.intake.hostile.making import Case

CASES = (*structure.CASES, *names.CASES, *encodings.CASES, *bodies.CASES, *nesting.CASES)
PATH = re.compile(r"\d+(?:[./]\d+)*")
USUAL = re.compile(r"[\w-]+/[\w.+-]+(?:;.*)?", re.DOTALL)
SECONDS = 5


def taken(raw: bytes, folder: Path) -> ParsedMessage:
    folder.mkdir(exist_ok=True)
    (folder / "raw").write_bytes(raw)
    (folder / "parts").mkdir(exist_ok=True)
    return parse(folder / "raw", folder / "parts", ParseLimits())


every_case = pytest.mark.parametrize("case", CASES, ids=[one.name for one in CASES])


@every_case
def test_every_part_has_the_fate_beside_it(case: Case, tmp_path: Path) -> None:
    started = time.process_time()
    message = taken(case.raw, tmp_path)
    assert time.process_time() - started < SECONDS
    assert [(part.path, part.file_name, part.fate.value) for part in message.parts[1:]] == [
        row[:3] for row in case.parts
    ]
    for part, row in zip(message.parts[1:], case.parts, strict=True):
        if len(row) == 4:
            assert part.digest == hashlib.sha256(row[3]).hexdigest()
            assert part.size == len(row[3])
    if case.body is not None:
        assert message.body == case.body


@every_case
def test_what_is_told_of_parts_holds_together(case: Case, tmp_path: Path) -> None:
    message = taken(case.raw, tmp_path / "one")
    assert message == taken(case.raw, tmp_path / "two")
    paths = [part.path for part in message.parts]
    assert len(set(paths)) == len(paths)
    assert all(PATH.fullmatch(path) for path in paths)
    assert all(part.reason for part in message.parts)
    files = {path.name for path in (tmp_path / "one" / "parts").iterdir()}
    documents = {part.digest for part in message.parts if part.fate is Fate.DOCUMENT}
    assert documents <= files
    assert files <= documents | {part.digest for part in message.parts if part.fate is Fate.UNREADABLE}
    told = json.dumps(asdict(message), default=str, ensure_ascii=False)
    told.encode()
    assert "\\u0000" not in told


@every_case
def test_no_leaf_that_others_see_is_passed_over(case: Case, tmp_path: Path) -> None:
    message = taken(case.raw, tmp_path)
    if message.defects or any(part.fate is Fate.REFUSED for part in message.parts):
        return  # a damaged mail is seen differently by everybody
    digests = {part.digest for part in message.parts}
    for node in plain_leaves(email.message_from_bytes(case.raw)):
        data = node.get_payload(decode=True)
        if isinstance(data, bytes) and data.strip():
            assert hashlib.sha256(data).hexdigest() in digests


def plain_leaves(node: Message) -> Iterator[Message]:
    """The leaves of which the standard library has no doubt; those of attached messages left out."""
    if node.get_content_maintype() == "message":
        return
    children = node.get_payload() if node.is_multipart() else ()
    for child in children:
        yield from plain_leaves(cast(Message, child))
    encoding = str(node.get("content-transfer-encoding", "7bit")).lower().strip()
    sound = USUAL.fullmatch(str(node.get("content-type", "text/plain"))) and "='" not in str(node["content-type"])
    if not children and not node.defects and sound and encoding in ("7bit", "8bit", "binary", "base64"):
        yield node


def test_the_table_is_long_enough_and_each_promise_is_made_once() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 150
