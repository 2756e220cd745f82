"""How much of a document is read at most."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimits:
    file_bytes: int = 40 * 1024 * 1024
    pages: int = 80  # the rest is left out and named
    recognised_pages: int = 12  # pages that OCR reads, each costs seconds
    pages_at_once: int = 2  # that OCR works on, each in a process of its own
    characters: int = 1_000_000  # the rest is left out and named
    unpacked_bytes: int = 32 * 1024 * 1024  # of all parts of an archive format that are read
    part_bytes: int = 16 * 1024 * 1024  # of one XML part: the tree takes ten times its size in memory
    pixels: int = 80_000_000  # of one picture
    program_seconds: float = 60.0  # one run of LibreOffice or catdoc
    page_seconds: float = 30.0  # one run of tesseract
    program_memory: int = 4 * 1024**3  # bytes of address space of such a program
