"""How parent and child talk over a pipe: eight bytes of length, big-endian, then that many bytes of JSON."""

from __future__ import annotations

import struct

from pydantic import BaseModel

_LENGTH = struct.Struct(">Q")
BYTES_OF_LENGTH = _LENGTH.size


class Request(BaseModel):
    job: str  # a function of service.jobs
    arguments: str  # JSON, as that job's adapter writes it
    seconds: float
    memory: int  # bytes of address space


class Answer(BaseModel):
    """Exactly one of the four is given."""

    value: str | None = None  # JSON of what the job gave
    unreadable: str | None = None  # why, in words for staff
    problems: list[tuple[str, int | None, str]] | None = None  # of a ConfigProblem
    bug: str | None = None  # where it happened, without the data


def pack(message: bytes) -> bytes:
    return _LENGTH.pack(len(message)) + message


def unpack_length(head: bytes) -> int:
    return int(_LENGTH.unpack(head)[0])
