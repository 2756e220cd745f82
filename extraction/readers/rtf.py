"""RTF by its own control words (RTF 1.9.1): for files that LibreOffice cannot open, above all those cut off.

Words and the cells of tables are had; sizes, headings and what is hidden are not told apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from extraction.readers.flow import Node, Paragraph

# What holds no text of the document. A destination after \* is one that a reader need not know.
SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object listtable listoverridetable rsidtbl themedata datastore generator "
    b"xmlnstbl latentstyles filetbl revtbl fldinst colorschememapping pgdsctbl".split()
)
SIGNS = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"sect": "\n", b"page": "\n", b"cell": "\t", b"nestcell": "\t",
    b"tab": "\t", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"bullet": "•", b"~": "\xa0", b"_": "-", b"nestrow": "\n", b"\n": "\n", b"\r": "\n",
    b"\\": "\\", b"{": "{", b"}": "}",
}  # fmt: skip
CHARSETS = {0: "cp1252", 161: "cp1253", 162: "cp1254", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
            238: "cp1250"}  # fmt: skip
DEPTH = 2_000

_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits from the one around it."""

    skipped: bool = False
    fonts: bool = False  # within the table of fonts
    font: int = 0
    fallback: int = 1  # signs that stand for a \\u after it


@dataclass(slots=True)
class _Reading:
    charset: str = "cp1252"
    fonts: dict[int, int] = field(default_factory=dict)  # font → its charset
    stack: list[_State] = field(default_factory=list)
    state: _State = field(default_factory=_State)
    out: list[str] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)  # 8-bit text that is to be decoded
    optional: bool = False  # after \\*
    passed: int = 0  # signs to pass over after a \\u

    def flush(self) -> None:
        if self.raw:
            charset = self.fonts.get(self.state.font, -1)
            # The charset 0 of a font says little: programs write it for all that their own code page has.
            self.out.append(bytes(self.raw).decode(CHARSETS.get(charset or -1, self.charset), "replace"))
            self.raw.clear()


def nodes(data: bytes) -> list[Node]:
    """The paragraphs in order; a tab parts cells."""
    reading = _Reading()
    for found in _TOKEN.finditer(data):
        code, word, number, sign, brace, text = found.groups()
        if brace:
            _group(reading, brace)
        elif word:
            _word(reading, word, int(number) if number else None)
        elif sign == b"*":
            reading.optional = True
        elif not reading.state.skipped:
            _text(reading, sign, bytes.fromhex(code.decode("ascii")) if code else text)
    reading.flush()
    return [Paragraph(line.rstrip("\t")) for line in "".join(reading.out).split("\n") if line.strip()]


def _group(reading: _Reading, brace: bytes) -> None:
    reading.flush()
    reading.passed = 0
    reading.optional = False
    if brace == b"{" and len(reading.stack) < DEPTH:
        reading.stack.append(reading.state)
    elif brace == b"}" and reading.stack:
        reading.state = reading.stack.pop()


def _word(reading: _Reading, word: bytes, number: int | None) -> None:
    state = reading.state
    if word in SKIPPED or reading.optional:
        reading.state = replace(state, skipped=True, fonts=word == b"fonttbl")
        reading.optional = False
    elif word == b"f" and number is not None:
        reading.flush()
        reading.state = replace(state, font=number)
    elif word == b"fcharset" and number is not None and state.fonts:
        reading.fonts[state.font] = number
    elif word == b"ansicpg" and number in (874, *range(1250, 1259)):
        reading.charset = f"cp{number}"
    elif word == b"uc" and number is not None:
        reading.state = replace(state, fallback=min(max(number, 0), 8))
    elif not state.skipped and word == b"u" and number is not None:
        reading.flush()
        reading.out.append(chr(number & 0xFFFF))
        reading.passed = state.fallback
    elif not state.skipped and word in SIGNS:
        reading.flush()
        reading.out.append(SIGNS[word])


def _text(reading: _Reading, sign: bytes | None, text: bytes | None) -> None:
    if sign:
        reading.flush()
        reading.out.append(SIGNS.get(sign, ""))
    elif text:
        passed = min(reading.passed, len(text))
        reading.passed -= passed
        reading.raw += text[passed:]
