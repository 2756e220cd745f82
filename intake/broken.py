"""Containers whose headers or boundaries are broken: the parts are found by the lines that part them."""

from __future__ import annotations

import re
from email.errors import MissingHeaderBodySeparatorDefect

from intake.content import decode
from intake.headers import claimed_type
from intake.repair import Mended, Spool, read_message

# A line that parts, with a header below it. Nothing here may look at a character twice: the text may be the whole mail.
_DELIMITER = re.compile(r"^--([^\r\n]{1,250})\r?\n(?=Content-[A-Za-z-]{1,60}[ \t]?:)", re.MULTILINE | re.IGNORECASE)
_HEADER = re.compile(r"([!-9;-~]+)[ \t]*:")
_USUAL = re.compile(
    r"(?:content-[a-z-]+|mime-version|from|to|cc|subject|date|message-id|received|return-path|reply-to)[ \t]*:",
    re.IGNORECASE,
)
_PARAMETER = re.compile(r"(?:boundary|charset|(?:file)?name)\*?=", re.IGNORECASE)
_BOILERPLATE = re.compile(r"\bMIME\b|multi-?part", re.IGNORECASE)


def mend(node: Mended, spool: Spool, *, whole: bool) -> list[str]:
    """Put right, in place, what can be put right of a node; says what was done. `whole`: it is a message."""
    done: list[str] = []
    if any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in node.defects):
        done += _mend_headers(node, spool)
    kind = claimed_type(node.get("content-type"), node.get_default_type())
    if not node.children() and (kind.startswith("multipart/") or (whole and kind == "text/plain")):
        done += _find_parts(node, spool, kind)
    return done


def only_says_mime(text: str, spool: Spool) -> bool:
    """Whether it is no more than what mail programs tell their forebears: This is a multi-part message."""
    return not text.strip() or (len(text) < 1000 and bool(_BOILERPLATE.search(text)) and spool.mark not in text)


def stray_text(text: str) -> Mended:
    node = Mended()
    node.set_payload(text)
    return node


def stray_parts(text: str, spool: Spool) -> Mended | None:
    """The parts that stand before the first or after the last boundary of a container, None where there are none."""
    found = _DELIMITER.search(text)
    if not found:
        return None
    return _read("multipart/mixed", found.group(1).rstrip(), text[found.start() :], spool)


def _mend_headers(node: Mended, spool: Spool) -> list[str]:
    """A line without a colon ended the headers too early: it belongs to the header before it."""
    payload = node.take_payload()
    block, separator, body = _split(payload)
    lines = block.splitlines()
    last = max(
        (n for n, line in enumerate(lines) if _USUAL.match(line) or (n == 0 and _PARAMETER.match(line))), default=-1
    )
    if last < 0:
        node.set_payload(payload)
        return []
    kept = [f"{name}: {value}" for name, value in node.raw_items()]
    for line in lines[: last + 1]:
        header = _HEADER.match(line)
        if header:
            kept.append(f"{header.group(1)}:{line[header.end() :]}")
        elif kept:
            kept.append(f" {line.strip()}")
    rest = "\n".join(lines[last + 1 :])
    mended = "\n".join(kept) + "\n\n" + (f"{rest}{separator}{body}" if rest else body)
    node.become(_tree(mended, spool))
    return ["A line among the headers was none; the headers after it were read all the same."]


def _split(payload: str) -> tuple[str, str, str]:
    found = re.search(r"\r?\n[ \t]*\r?\n", payload)
    if not found:
        return payload, "", ""
    return payload[: found.start()], found.group(), payload[found.end() :]


def _find_parts(node: Mended, spool: Spool, kind: str) -> list[str]:
    multipart = kind.startswith("multipart/")
    if multipart:
        _decode_container(node, spool)
    payload = node.payload
    found = _DELIMITER.search(payload)
    if not found or not (multipart or only_says_mime(payload[: found.start()], spool)):
        return []
    again = _read(kind if multipart else "multipart/mixed", found.group(1).rstrip(), payload, spool)
    if not again.children():
        return []
    node.replace_parts(again)
    return ["The boundary between the parts was missing or wrong; the parts were found by their lines."]


def _decode_container(node: Mended, spool: Spool) -> None:
    """RFC 2045 §6.4 forbids to encode a container; some programs do."""
    if "content-transfer-encoding" in node:
        data = decode(node, spool, []).all()
        node.set_payload(data.decode("ascii", "surrogateescape"))
        del node["content-transfer-encoding"]


def _read(kind: str, boundary: str, text: str, spool: Spool) -> Mended:
    quoted = re.sub(r'(["\\])', r"\\\1", boundary)
    return _tree(f'Content-Type: {kind}; boundary="{quoted}"\n\n{text}', spool)


def _tree(text: str, spool: Spool) -> Mended:
    data = text.encode("utf-8", "surrogateescape")
    return read_message(lambda: iter((data,)), spool, heavy=False)[0]
