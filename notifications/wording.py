"""Text as a reader gets it: values that stay in their place, lines that fit, direction, and HTML from text."""

from __future__ import annotations

import html
import re
import textwrap
import unicodedata

from babel import Locale

from domain.mail import ReplyLanguage

WIDTH = 76  # columns: quoted twice it still fits 80
RIGHT_TO_LEFT = frozenset({ReplyLanguage.AR})
RULE = "---"  # a line of its own; what follows is small print
ITEM = "- "
FITS_A_TELEPHONE = 36  # characters of an address that are kept on one line: broken at a hyphen it reads as two

_RLM = "\u200f"
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"  # FSI and PDI (UAX #9)
_JOINERS = "\u200c\u200d"  # written in Persian and Urdu names
_LINK = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)\u060c\u061b\u2069])|([\w.+-]+@[\w-]+(?:\.[\w-]+)+)")


def direction(language: ReplyLanguage) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def one_line(value: str, *, limit: int) -> str:
    """A stranger's text on one line of at most `limit` characters: no control, direction or line-break characters."""
    kept = (c if c in _JOINERS or unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn") else "" for c in value)
    printable = (" " if unicodedata.category(c) == "Cc" else c for c in "".join(kept))
    line = " ".join("".join(printable).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def isolated(value: str, language: ReplyLanguage) -> str:
    """The value, set apart where its direction is not that of the text around it (UAX #9 §6.3)."""
    foreign = ("L",) if language in RIGHT_TO_LEFT else ("R", "AL")
    if any(unicodedata.bidirectional(c) in foreign for c in value):
        return set_apart(value)
    return value


def locale_of(language: ReplyLanguage) -> Locale:
    """Dates are British in English: the readers sit in Europe."""
    return Locale("en", "GB") if language is ReplyLanguage.EN else Locale(language.value)


def set_apart(value: str) -> str:
    return f"{_ISOLATE}{value}{_END_ISOLATE}"


def marked_up(page: str) -> str:
    """The page with elements for the characters that set a value apart: mail programs know these better."""
    return page.replace(_ISOLATE, "<bdi>").replace(_END_ISOLATE, "</bdi>")


def as_letter(rendered: str, language: ReplyLanguage) -> str:
    """Rendered text as a plain text mail: lines of at most WIDTH columns where words allow, no double empty lines."""
    lines: list[str] = []
    for block in _blocks(rendered):
        for line in block:
            lines += _wrapped(line, "", "  " if line.startswith(ITEM) else "")
        lines.append("")
    return "\n".join(_directed(line, language) for line in lines)


def as_page(rendered: str, language: ReplyLanguage) -> str:
    """A rendered page in plain text: long lines are wrapped and keep their indent, two empty lines at most."""
    lines: list[str] = []
    for line in re.sub(r"\n{4,}", "\n\n\n", rendered.strip("\n")).split("\n"):
        text = line.lstrip()
        indent = " " * (len(line) - len(text))
        hanging = indent + " " * (len(text) - len(text[1:].lstrip())) if text.startswith(("*", "- ", "!")) else indent
        fits = len(line) <= WIDTH  # not wrapped: columns of spaces stay
        lines += [line.rstrip()] if fits else _wrapped(text, indent, hanging)
    return "".join(f"{_directed(line, language)}\n" for line in lines)


def as_html(rendered: str) -> tuple[str, str]:
    """The same text as two pieces of HTML: the letter, and the small print after the first RULE."""
    pieces: list[list[str]] = [[], []]
    after = 0
    for block in _blocks(rendered):
        if block == [RULE]:
            after = 1
            continue
        pieces[after].append(_paragraph(block))
    return "\n".join(pieces[0]), "\n".join(pieces[1])


def _wrapped(line: str, indent: str, hanging: str) -> list[str]:
    return textwrap.wrap(
        line,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _blocks(rendered: str) -> list[list[str]]:
    """Lines in paragraphs. A list is one block, whatever empty lines loops left between its items."""
    blocks: list[list[str]] = []
    goes_on = False
    for line in map(str.strip, rendered.splitlines()):
        item = line.startswith(ITEM)
        if line and blocks and item == blocks[-1][-1].startswith(ITEM) and (goes_on or item):
            blocks[-1].append(line)
        elif line:
            blocks.append([line])
        goes_on = bool(line)
    return blocks


def _paragraph(block: list[str]) -> str:
    if block[0].startswith(ITEM):
        # Names of files stand in lists: strangers chose them, so no address in them becomes a link of ours.
        return "<ul>{}</ul>".format("".join(f"<li>{html.escape(line.removeprefix(ITEM))}</li>" for line in block))
    return f"<p>{'<br>'.join(map(_inline, block))}</p>"


def _inline(line: str) -> str:
    """Escaped text, with links where it names an address."""
    made, end = [], 0
    for found in _LINK.finditer(line):
        address = html.escape(found.group())
        target = address if found.group(1) else f"mailto:{address}"
        whole = ' style="white-space:nowrap"' if len(address) <= FITS_A_TELEPHONE else ""
        made += [html.escape(line[end : found.start()]), f'<a href="{target}"{whole}>{address}</a>']
        end = found.end()
    return "".join(made) + html.escape(line[end:])


def _directed(line: str, language: ReplyLanguage) -> str:
    """A line of Arabic text that does not begin with an Arabic letter would be laid out from the left: mark it."""
    if language not in RIGHT_TO_LEFT or not line:
        return line
    depth = 0
    for c in line:
        kind = unicodedata.bidirectional(c)
        depth += (kind in ("FSI", "LRI", "RLI")) - (kind == "PDI")
        if depth == 0 and kind in ("L", "R", "AL"):
            return line if kind != "L" else _RLM + line
    return _RLM + line
