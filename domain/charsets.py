"""Bytes to text where the charset is undeclared or wrong, as in much old mail. Standard library only.

General detectors need long texts and fail on a line of Arabic or Russian. Here the choice is among the charsets
that the five languages were ever mailed in, and the text that reads like words wins.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In order of preference where two read equally well.
CANDIDATES = (
    "windows-1252",
    "windows-1251",
    "windows-1256",
    "koi8-r",
    "koi8-u",
    "iso-8859-6",
    "iso-8859-5",
    "iso-8859-15",
    "ibm866",
    "ibm850",
    "mac-roman",
    "mac-cyrillic",
)
# Labels that mean a superset in practice: https://encoding.spec.whatwg.org/#names-and-labels
MEANT = {
    "us-ascii": "windows-1252",
    "iso-8859-1": "windows-1252",
    "iso-8859-9": "windows-1254",
    "iso-8859-11": "windows-874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "cp-1251": "windows-1251",
    "cp-1252": "windows-1252",
    "cp-1256": "windows-1256",
    "windows-874": "cp874",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "unicode-1-1-utf-7": "utf-7",
}
NOT_FOR_MAIL = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
SAMPLE = 16_384  # bytes that are scored: more decides nothing
RARE = frozenset({"ibm866", "ibm850", "mac-roman", "mac-cyrillic"})  # no mail program has sent these for decades
RARE_COST = 2.0  # how much better than the others a rare one must read
TRUST = 0.35  # what the declared charset is ahead by, for each word that shows a difference

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})")
_WORD = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f\u064b-\u0652\ufffd])+")
_FRENCH_SPANISH = frozenset("éèàçêâîôûùïëœæñáíóúüÿÉÈÀÇÊÂÎÔÛÙÏËŒÆÑÁÍÓÚÜ")
_PUNCTUATION = frozenset("\xa0«»“”„‘’–—•…°ºª¿¡€§·№،؛؟\u200e\u200f\xad™®©‚‹›")
_RUSSIAN = frozenset("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё")
_RARE_RUSSIAN = frozenset("фъёщэцю")
# Two charsets of Russian read each other's text as letters too, but hardly as these pairs.
_RUSSIAN_PAIRS = (
    "ст но то на ен ов ни ра во ко ро пр по ре ос ер ль го не ет ал та ан ор ол ть од ин ел ло те де ла ие ка ит ом от "
    "ед ри тв ас ли да ес ат ти ым ый ая ой ий ег ве ви ле ме ми ма мо ам ем им их ых бо об до ду ру ку ту лу ча че чи "
    "ше жи за из зд ав ва вс вы ск см сп сл ся щи ющ юм нь бр ры ля ют ия ей ек ик ки ак ок ук ья ге га ги гр др тр кр "
    "ар ир"
)
_ARABIC = frozenset("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئـ") | frozenset(
    "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"
)
_RARE_ARABIC = frozenset("ظغذثضآؤـ")


def decode_text(data: bytes, declared: str | None) -> tuple[str, str]:
    """Decode text of unknown origin; never fails. Returns the text, without its byte order mark, and the charset.

    A mark decides, then valid UTF-8, then what the declared charset and the likely ones make of the bytes. A byte
    that cannot be decoded becomes U+FFFD.
    """
    for mark, codec in BOMS:
        if data.startswith(mark):
            return data.decode(codec, "replace").lstrip("\ufeff"), codec.removesuffix("-sig")
    wanted = codec_name(declared)
    wide = _wide(data, wanted)
    if wide:
        return data.decode(wide, "replace").lstrip("\ufeff"), wide
    if data.isascii() and not (wanted and (b"\x1b" in data or wanted in ("utf-7", "hz"))):
        return data.decode("ascii"), "us-ascii"
    if not data.isascii() and _is_utf8(data):
        return data.decode("utf-8", "replace"), "utf-8"
    if wanted and wanted not in CANDIDATES and _decodes(data, wanted):
        return data.decode(wanted), wanted  # wrong labels are nearly always Latin-1, ASCII or UTF-8
    best = _most_readable(_sample(data), wanted)
    return data.decode(best, "replace"), best


def codec_name(label: str | None) -> str | None:
    """The charset that a label means in practice, None where the label is unknown or no charset for mail."""
    if not label:
        return None
    cleaned = label.strip().strip("\"'").lower()
    meant = MEANT.get(cleaned, cleaned)
    try:
        codec = codecs.lookup(meant)
    except (LookupError, ValueError, UnicodeError):
        return None
    if codec.name.replace("_", "-") in NOT_FOR_MAIL or not getattr(codec, "_is_text_encoding", True):
        return None
    return MEANT.get(codec.name.replace("iso8859", "iso-8859"), meant)


def markup_charset(data: bytes) -> str | None:
    """The charset that an HTML or XML text names in its first bytes (HTML Standard, prescan), or None."""
    head = data[:2048]
    found = _META.search(head) or _XML.search(head)
    return found.group(1).decode("ascii") if found else None


def _wide(data: bytes, wanted: str | None) -> str | None:
    """The two- or four-byte charset of the text, None for all others."""
    head = data[:SAMPLE]
    # The upper halves of Latin, Cyrillic and Arabic letters: control characters that no text contains.
    even, odd = (sum(map(half.count, (0, 4, 6))) for half in (head[::2], head[1::2]))
    if not even + odd or len(head) < 4:
        return None
    if wanted and wanted.replace("_", "-").startswith(("utf-16", "utf-32")):
        return {"utf-16": "utf-16-be" if even > odd else "utf-16-le"}.get(wanted, wanted)
    if max(even, odd) * 5 < len(head):  # less than two fifths of one half
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _is_utf8(data: bytes) -> bool:
    """Valid UTF-8, but for a few damaged places: other charsets hardly ever form its sequences by chance."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    if not bad:
        return not any(unicodedata.category(c) in ("Co", "Cn") for c in text[:SAMPLE] if c > "\u07ff")
    good = sum(1 for c in text if c > "\x7f") - bad
    return good >= 4 and bad * 10 <= good


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeError:
        return False
    return True


def _sample(data: bytes) -> bytes:
    """The lines that tell charsets apart: those with a byte over 127."""
    if len(data) <= SAMPLE:
        return data
    kept, size = [], 0
    for line in data.splitlines(keepends=True):
        if not line.isascii():
            kept.append(line[:SAMPLE])
            size += len(kept[-1])
            if size >= SAMPLE:
                break
    return b"".join(kept)[:SAMPLE]


def _most_readable(sample: bytes, wanted: str | None) -> str:
    # What ASCII can spell is the same in all of them: only the words with a byte over 127 are weighed.
    sample = b" ".join(word for word in sample.split() if not word.isascii())
    best, best_score = CANDIDATES[0], float("-inf")
    for name in CANDIDATES:
        text = sample.decode(name, "replace")
        score = sum(_readability(text))
        if name == wanted:
            score += TRUST * _words_that_tell(text)
        elif name in RARE:
            score -= RARE_COST
        if score > best_score + 1e-9:
            best, best_score = name, score
    return best


def _words_that_tell(text: str) -> int:
    return sum(1 for word in _WORD.finditer(text) if not word.group().isascii())


def _readability(text: str) -> Iterator[float]:
    """What every word and sign beyond ASCII adds or takes away."""
    end = 0
    for found in _WORD.finditer(text):
        yield from _signs(text[end : found.start()])
        end = found.end()
        if not found.group().isascii():
            yield _word_score(found.group())
    yield from _signs(text[end:])


def _signs(text: str) -> Iterator[float]:
    for c in text:
        if c in _PUNCTUATION or "\u0660" <= c <= "\u0669":
            yield 0.2
        elif c > "\x7f":
            yield -3.0 if c == "\ufffd" or unicodedata.category(c) == "Cc" else -1.0


@lru_cache(maxsize=4096)
def _word_score(word: str) -> float:
    """How much a word with letters beyond ASCII looks like one of the five languages; negative: like none."""
    scripts = {_script(c) for c in word}
    if "damage" in scripts:
        return -3.0
    if len(scripts) > 1:
        return -2.0
    script = scripts.pop()
    if script == "arabic":
        return _letters_score(word, _ARABIC, _RARE_ARABIC)
    case = 0.0 if word.islower() or word.isupper() or word.istitle() else -1.5
    if script == "cyrillic":
        lower = word.lower()
        pairs = sum(1 for i in range(len(lower) - 1) if lower[i : i + 2] in _RUSSIAN_PAIRS) / max(len(lower) - 1, 1)
        return (
            case
            + 1.5 * pairs
            - 0.75
            + _letters_score(lower, _RUSSIAN, _RARE_RUSSIAN)
            - (0.3 if word.isupper() else 0.0)
        )
    if script == "latin":
        return case + _latin_score(word)
    return -1.0


def _letters_score(word: str, letters: frozenset[str], rare: frozenset[str]) -> float:
    usual = sum(1.0 if c not in rare else 0.3 for c in word if c in letters) / len(word)
    unknown = sum(1 for c in word if c not in letters) / len(word)
    lone = 0.5 if len(word) == 1 else 1.0
    return (usual - 1.5 * unknown) * lone * min(len(word), 6) / 3


def _latin_score(word: str) -> float:
    accented = [c for c in word if c > "\x7f"]
    if len(word) >= 4 and len(accented) * 5 > len(word) * 3:
        return -2.0  # no language of the five writes such words; Russian or Arabic read wrongly looks like this
    known = sum(1 for c in accented if c in _FRENCH_SPANISH)
    return (known + 0.2 * (len(accented) - known)) / len(accented) - (0.7 if len(accented) > 2 else 0.0)


@lru_cache(maxsize=1024)
def _script(letter: str) -> str:
    if letter == "\ufffd":
        return "damage"
    if letter < "\u0250" or "\u0300" <= letter < "\u0370":
        return "latin"
    if "\u0400" <= letter < "\u0530":
        return "cyrillic"
    if "\u0600" <= letter < "\u0780":
        return "arabic"
    return "other"
