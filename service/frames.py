"""How parent and child talk over a pipe: eight bytes of length, big-endian, then that many bytes of message.

A message is a line of JSON, what this file names, and behind it JSON that only the job can read.
"""

from __future__ import annotations

import struct
from typing import TypeVar

from pydantic import BaseModel

_LENGTH = struct.Struct(">Q")
BYTES_OF_LENGTH = _LENGTH.size

Head = TypeVar("Head", bound=BaseModel)


class Request(BaseModel):
    """Of a job; behind it its arguments, as that job's adapter writes them."""

    job: str  # a function of service.jobs
    seconds: float
    memory: int  # bytes of address space
    disk: int  # bytes of a file


class Answer(BaseModel):
    """At most one of the four is given; where none is, what the job gave stands behind."""

    unreadable: str | None = None  # why, in words for staff
    failed: bool = False  # beside `unreadable`: at a limit of the job, so that another reader may fare better
    problems: list[tuple[str, int | None, str]] | None = None  # of a ConfigProblem
    storage: str | None = None  # what is wrong with the disk: no fault of what was read
    bug: str | None = None  # where it happened, without the data


def pack(head: BaseModel, body: bytes = b"") -> bytes:
    """A message with its length before it."""
    line = head.model_dump_json(exclude_none=True).encode()
    return b"".join((_LENGTH.pack(len(line) + 1 + len(body)), line, b"\n", body))


def unpack_length(start: bytes) -> int:
    return int(_LENGTH.unpack(start)[0])


def unpack(kind: type[Head], message: bytes) -> tuple[Head, bytes]:
    """Head and body of a message without its length. ValueError where the head is no such thing."""
    line, _, body = message.partition(b"\n")
    return kind.model_validate_json(line), body
