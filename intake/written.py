"""What the sender wrote anew: the body without quoted earlier mail and without an inline forward."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Labels of the header block that mail programs put above a quoted or forwarded message, in the five languages.
FROM = r"From|De|Von|От|От кого|من"
SENT = (
    r"Sent|Date|Envoyé(?: le)?|Enviado(?: el)?|Fecha|Gesendet|Отправлено|Дата|تاريخ(?: الإرسال)?|التاريخ|أرسلت|الإرسال"
)
TO = r"To|À|A|Para|An|Кому|إلى"
SUBJECT = r"Subject|Objet|Asunto|Betreff|Тема|الموضوع"
CC = r"Cc|Копия|نسخة"

_HEADER = re.compile(
    rf"^[*_\s\u200e\u200f]*+({FROM}|{SENT}|{TO}|{SUBJECT}|{CC})\s?[*_]*+\s?:[*_]*+\s*+(.*)$", re.IGNORECASE
)
_FROM = re.compile(rf"^[*_\s\u200e\u200f]*+(?:{FROM})\s?[*_]*+\s?:", re.IGNORECASE)
_SUBJECT = re.compile(rf"^(?:{SUBJECT})$", re.IGNORECASE)
_FROM_LABEL = re.compile(rf"^(?:{FROM})$", re.IGNORECASE)
FORWARDED = "|".join(
    (
        "Forwarded message|Begin forwarded message|Weitergeleitete Nachricht",
        "Message transféré|Début du message (?:réexpédié|transféré)",
        "Mensaje reenviado|Inicio del mensaje reenviado",
        "Пересланное сообщение|Пересылаемое сообщение|Начало переадресованного сообщения",
        "رسالة معاد توجيهها|رسالة محولة|الرسالة المعاد توجيهها|رسالة مُعاد توجيهها",
    )
)
ORIGINAL = "|".join(
    (
        "Original Message|Ursprüngliche Nachricht",
        "Message d['’]origine|Message original|Mensaje original",
        "Исходное сообщение|Оригинальное сообщение|الرسالة الأصلية|رسالة أصلية",
    )
)
WROTE = "|".join(
    (
        r"On\b.{6,200}\bwrote",
        r"Le\b.{6,200}\ba écrit",
        r"El\b.{6,200}\bescribi[óo]",
        r".{6,200}\b(?:пишет|писал|писала|написал|написала)(?:\(а\)|а)?",
        r".{0,200}\bكتب(?:ت|/ت)?\b.{0,150}",
        r"Am\b.{6,200}\bschrieb\b.{0,100}",
    )
)
_FORWARD = re.compile(rf"^[\s>]*+(?:-{{2,}}|_{{4,}})?\s*(?:{FORWARDED})\s*:?\s*(?:-{{2,}})?\s*$", re.IGNORECASE)
_ORIGINAL = re.compile(rf"^[\s>]*+-{{2,}}\s*(?:{ORIGINAL})\s*-{{2,}}\s*$", re.IGNORECASE)
_ATTRIBUTION = re.compile(rf"^[\s>]*+(?:{WROTE})\s*:\s*$", re.IGNORECASE | re.DOTALL)
_FORWARD_SUBJECT = re.compile(r"^\s*(?:re\s*:\s*)?(?:fwd?|tr|rv|wg|пересл|إعادة توجيه|محول)\s*:", re.IGNORECASE)

LONGEST = 1000  # characters of a line that may part one mail from another


@dataclass(frozen=True, slots=True)
class InlineForward:
    headers: tuple[tuple[str, str], ...]  # ("from" | "subject" | "other", value) of its header block
    body: str


def split(body: str, subject: str) -> tuple[str, InlineForward | None]:
    """What was written anew, with the signature, and the message that was forwarded inline, or None."""
    lines = body.split("\n")
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        if _FORWARD.match(_head(line)):
            return _kept(lines[:number]), _forward(lines[number + 1 :])
        if _ORIGINAL.match(_head(line)) or _is_header_block(lines, number):
            start = number + 1 if _ORIGINAL.match(_head(line)) else number
            forward = _forward(lines[start:]) if _FORWARD_SUBJECT.match(subject) else None
            return _kept(lines[:number]), forward
        if _is_attribution(lines, number):
            above = _kept(lines[:number])
            rest = lines[number + 1 :]
            # Answers between or below the quotation are written anew too, where > marks what is quoted.
            below = "\n".join(one for one in rest if not _quoted(one)).strip() if any(map(_quoted, rest)) else ""
            return "\n".join(part for part in (above, below) if part), None
    return _kept(lines), None


def _head(line: str) -> str:
    """The line as it is held against the patterns: a line of a megabyte parts nothing, and costs the square of that."""
    return line.strip() if len(line) < 4 * LONGEST and len(line.strip()) <= LONGEST else ""


def _quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _kept(lines: list[str]) -> str:
    """Without quoted lines, where they are a quotation: a CV whose lines begin with > now and then is none."""
    filled = [line for line in lines if line.strip()]
    quoted = [line for line in filled if _quoted(line)]
    longest = run = 0
    for line in filled:
        run = run + 1 if _quoted(line) else 0
        longest = max(longest, run)
    # All of it, or a line here and there that stands for a bullet, is what the sender wrote.
    if quoted and longest >= 2 and len(quoted) < len(filled):
        lines = [line for line in lines if not _quoted(line)]
    return "\n".join(lines).strip()


def _is_header_block(lines: list[str], at: int) -> bool:
    """From and two more labels within the next lines: From, Sent, To, Subject."""
    if not _FROM.match(_head(lines[at])):
        return False
    following = [line for line in lines[at : at + 8] if line.strip()][:5]
    return sum(1 for line in following if _HEADER.match(_head(line))) >= 3 and "@" in " ".join(following) + "@" * (
        len(following) > 3
    )


def _is_attribution(lines: list[str], at: int) -> bool:
    """A line, or two that the mail program broke, that says who wrote what follows, and when."""
    line = lines[at]
    following = lines[at + 1] if at + 1 < len(lines) else ""
    for text, end in ((line, at + 1), (f"{line} {following}", at + 2)):
        if line.strip() and _ATTRIBUTION.match(_head(text)):
            below = next((one for one in lines[end:] if one.strip()), "")
            dated = "@" in text or bool(re.search(r"\d{1,2}[:.h]\d{2}|\d{4}", text))
            return dated or _quoted(below)
    return False


def _forward(lines: list[str]) -> InlineForward:
    headers: list[tuple[str, str]] = []
    at = 0
    while at < len(lines) and at < 20:
        found = _HEADER.match(_head(lines[at].lstrip("> ")))
        if found:
            label = (
                "from"
                if _FROM_LABEL.match(found.group(1))
                else "subject"
                if _SUBJECT.match(found.group(1))
                else "other"
            )
            headers.append((label, found.group(2)))
        elif headers and not lines[at].strip(" >"):
            break
        at += 1
    body = "\n".join(line.removeprefix("> ").removeprefix(">") for line in lines[at:]) if headers else "\n".join(lines)
    return InlineForward(tuple(headers), body.strip())
