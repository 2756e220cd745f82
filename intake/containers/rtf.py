"""The text that Outlook keeps as compressed RTF ([MS-OXRTFCP]), and the HTML that it hides in RTF ([MS-OXRTFEX])."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field, replace

from domain.charsets import codec_name

LONGEST = 4 * 1024 * 1024  # bytes of RTF that are unpacked: thousands of pages
COMPRESSED, PLAIN = b"LZFu", b"MELA"
RING = 4096
# What the dictionary holds before the first byte: [MS-OXRTFCP] §2.1.2.1.
BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans "
    b"SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)

_TOKEN = re.compile(r"\\([a-z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL)
_NO_TEXT = frozenset(
    ("fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "headerl", "headerr", "headerf",
     "footerl", "footerr", "footerf", "listtable", "listoverridetable", "rsidtbl", "generator", "xmlnstbl", "themedata",
     "datastore", "latentstyles", "fldinst", "bkmkstart")
)  # fmt: skip
_SIGNS = {"par": "\n", "line": "\n", "row": "\n", "cell": "\t", "tab": "\t", "emdash": "—", "endash": "–",
          "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"}  # fmt: skip
_FONT_CHARSETS = {0: 1252, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255,
                  178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250}  # fmt: skip


def unpacked(data: bytes) -> bytes:
    """The RTF. What is damaged or too long ends early. ValueError where it is no compressed RTF."""
    if len(data) < 16:
        raise ValueError("no compressed RTF")
    raw_size, magic = struct.unpack_from("<I4s", data, 4)
    if magic == PLAIN:
        return data[16 : 16 + min(raw_size, LONGEST)]
    if magic != COMPRESSED:
        raise ValueError("no compressed RTF")
    return _decompressed(data, min(raw_size, LONGEST))


def _decompressed(data: bytes, longest: int) -> bytes:
    out = bytearray(BEGINNING)  # all that was written: the ring of 4096 bytes is its end
    at, start = 16, len(out)
    while at < len(data) and len(out) - start < longest:
        control, at = data[at], at + 1
        for bit in range(8):
            if not control >> bit & 1:
                out += data[at : at + 1]
                at += 1
                continue
            if at + 2 > len(data):
                return bytes(out[start:])
            reference, at = int.from_bytes(data[at : at + 2], "big"), at + 2
            back = (len(out) - (reference >> 4)) % RING
            if not back:
                return bytes(out[start:])  # a reference to where the next byte goes is the end
            for _ in range((reference & 15) + 2):
                out.append(out[-back] if back <= len(out) else 0)
    return bytes(out[start : start + longest])


@dataclass(frozen=True, slots=True)
class _State:
    """Of a group; the groups in it begin with the same."""

    silent: bool = False  # a destination that is no text
    tag: bool = False  # {\\*\\htmltag …}: HTML as it was
    fonts: bool = False
    codec: str = "cp1252"
    skip: int = 1  # characters that follow \\u for readers that know no Unicode


@dataclass(slots=True)
class _Reader:
    html: bool
    state: _State = field(default_factory=_State)
    outer: list[_State] = field(default_factory=list)
    out: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)  # \\'xx: several may make one letter
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0  # whose description is being read
    suppressed: bool = False  # between \\htmlrtf and \\htmlrtf0: RTF that the HTML says better
    to_skip: int = 0

    def read(self, rtf: str) -> str:
        for found in _TOKEN.finditer(rtf):
            word, number, code, sign, brace, text = found.groups()
            if code:
                if not self._skipped():
                    self.pending.append(int(code, 16))
                continue
            self._flush()
            if brace:
                self._group(brace)
            elif word:
                self._word(word, int(number) if number else None)
            elif sign:
                self._sign(sign)
            elif text:
                cut = min(self.to_skip, len(text))
                self.to_skip -= cut
                self._say(text[cut:])
        self._flush()
        return "".join(self.out)

    def _group(self, brace: str) -> None:
        self.to_skip = 0
        if brace == "{":
            self.outer.append(self.state)
        elif self.outer:
            self.state = self.outer.pop()

    def _word(self, word: str, number: int | None) -> None:
        if word == "htmlrtf":
            self.suppressed = number != 0
        elif word == "htmltag":
            self.state = replace(self.state, silent=False, tag=True)
        elif word in _NO_TEXT:
            self.state = replace(self.state, silent=True, fonts=word == "fonttbl")
        elif word == "ansicpg":
            self.state = replace(self.state, codec=codec_name(f"cp{number}") or self.state.codec)
        elif word == "f" and number is not None:
            self.font = number
            self.state = replace(self.state, codec=self.fonts.get(number, self.state.codec))
        elif word == "fcharset" and self.state.fonts and number in _FONT_CHARSETS:
            self.fonts[self.font] = f"cp{_FONT_CHARSETS[number]}"
        elif word == "uc":
            self.state = replace(self.state, skip=min(number or 0, 8))
        elif word == "u" and number is not None:
            self._say(chr(number & 0xFFFF))
            self.to_skip = self.state.skip
        elif word in _SIGNS:
            self._say(_SIGNS[word])

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self.state = replace(self.state, silent=True)
        elif sign in "\\{}":
            if not self._skipped():
                self._say(sign)
        elif sign in "~\r\n":
            self._say("\xa0" if sign == "~" else "\n")
        elif sign == "_":
            self._say("-")

    def _skipped(self) -> bool:
        if not self.to_skip:
            return False
        self.to_skip -= 1
        return True

    def _flush(self) -> None:
        if self.pending:
            self._say(self.pending.decode(self.state.codec, "replace"))
            self.pending.clear()

    def _say(self, text: str) -> None:
        if not (self.state.silent or (self.html and self.suppressed and not self.state.tag)):
            self.out.append(text)


def text_of(rtf: bytes) -> tuple[str, bool]:
    """What the RTF says, and whether that is HTML which Outlook had hidden in it."""
    html = b"\\fromhtml" in rtf[:1024]
    text = _Reader(html).read(rtf.decode("latin-1"))
    # Letters beyond the first plane come as two \u.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", ""), html
