"""A writer of compound files and of Outlook's .msg, from the specifications [MS-CFB] and [MS-OXMSG]; version 3 only."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import TypeAlias

Tree: TypeAlias = "Mapping[str, bytes | Tree]"

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT, NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def chained(data: bytes, size: int, table: list[int], room: bytearray) -> int:
    """Lay the data into sectors, note them in the table, give the first one."""
    if not data:
        return END
    first = len(table)
    count = -(-len(data) // size)
    table += [*range(first + 1, first + count), END]
    room += data + bytes(-len(data) % size)
    return first


def compound(tree: Tree) -> bytes:
    """One file that holds folders and streams."""
    entries: list[list[object]] = [["Root Entry", 5, NONE, NONE, END, 0]]  # name, kind, next, child, start, size
    big, mini, sectors, small = [], [], bytearray(), bytearray()  # type: list[int], list[int], bytearray, bytearray

    def place(folder: int, inner: Tree) -> None:
        before: int | None = None
        for name, value in inner.items():
            number = len(entries)
            entries.append([name, 2 if isinstance(value, bytes) else 1, NONE, NONE, 0, 0])
            if before is None:
                entries[folder][3] = number
            else:
                entries[before][2] = number
            before = number
            if isinstance(value, bytes):
                few = len(value) < CUTOFF
                start = chained(value, MINI, mini, small) if few else chained(value, SECTOR, big, sectors)
                entries[number][4:] = [start, len(value)]
            else:
                place(number, value)

    place(0, tree)
    entries[0][4:] = [chained(bytes(small), SECTOR, big, sectors), len(small)]
    directory = b"".join(_entry(*entry) for entry in entries)  # type: ignore[arg-type]
    directory_at = chained(directory + bytes(-len(directory) % SECTOR), SECTOR, big, sectors)
    packed = struct.pack(f"<{len(mini)}I", *mini)
    mini_at = chained(packed + b"\xff" * (-len(packed) % SECTOR), SECTOR, big, sectors)
    tables = 1
    while tables * 128 < len(big) + tables:
        tables += 1
    places = list(range(len(big), len(big) + tables))
    big += [FAT] * tables
    fat = struct.pack(f"<{len(big)}I", *big)
    head = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6), 0,
        tables, directory_at, 0, CUTOFF, mini_at, -(-len(packed) // SECTOR), END, 0, places[0],
    )  # fmt: skip
    head += struct.pack(f"<{tables - 1}I", *places[1:])
    return head.ljust(SECTOR, b"\xff") + bytes(sectors) + fat + b"\xff" * (-len(fat) % SECTOR)


def _entry(name: str, kind: int, following: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, NONE, following, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def text(key: int, value: str) -> dict[str, bytes]:
    return {f"__substg1.0_{key:04X}001F": value.encode("utf-16-le")}


def narrow(key: int, value: bytes) -> dict[str, bytes]:
    return {f"__substg1.0_{key:04X}001E": value}


def binary(key: int, value: bytes) -> dict[str, bytes]:
    return {f"__substg1.0_{key:04X}0102": value}


def fixed(head: int, **numbers: int) -> dict[str, bytes]:
    """The stream of fixed values; names such as x3FFD, values of four bytes."""
    rows = (struct.pack("<HHIQ", 3, int(key[1:], 16), 6, value) for key, value in numbers.items())
    return {"__properties_version1.0": bytes(head) + b"".join(rows)}


def at(head: int, key: int, filetime: int) -> dict[str, bytes]:
    return {"__properties_version1.0": bytes(head) + struct.pack("<HHIQ", 0x40, key, 6, filetime)}


def attachment(*values: Mapping[str, bytes], embedded: Tree | None = None) -> Tree:
    out: dict[str, bytes | Tree] = dict(fixed(8))
    for value in values:
        out |= value
    if embedded is not None:
        out["__substg1.0_3701000D"] = embedded
    return out
