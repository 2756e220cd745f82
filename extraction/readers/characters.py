"""Letters as documents store them, and as everything after reading expects them."""

from __future__ import annotations

import re
import unicodedata

# Ligatures and presentation forms are ways to draw letters. NFKC on these alone: on a whole text it would also turn
# ² into 2 and № into No.
_DRAWN = re.compile("[\ufb00-\ufb4f\ufb50-\ufdfb\ufe70-\ufefc\u0132\u0133\u01c7-\u01cc]+")
# Private use: glyphs of symbol fonts, nearly always bullets and icons of telephones or envelopes.
_SYMBOLS = re.compile("[\ue000-\uf8ff]+")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
_ODD = re.compile("[\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]")
# A digit or a sign between letters, a capital behind small ones, a sign alone; not so e-mail addresses and names.
_MISREAD = re.compile(
    r"[^\W\d_][\d\\|~^*{}<>=¢£¥§¬°_]+[^\W\d_]|^[\\|~^*{}<>=¢£¥§¬°_;:'\"`.,!?]+$|[a-zа-я]{1,3}[A-ZА-Я][a-zа-я]*[A-ZА-Я]"
)
_TOLD = re.compile(r"[\\|~^*{}<>=¢£¥§¬°]|[^\W\d_]\d[^\W\d_]")  # nearly every sound text is done with here
_SPACE = re.compile("[\t\r\n\x0b\x0c\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000 ]+")
_BULLET = re.compile("^(?:[•▪●◦‣⁃∙○■□➢➤►▸❖✓✔*·–—-]|o(?= ))\\s+(?=\\S)")
_MARK = re.compile("^(?:[•▪●◦‣⁃∙○■□➢➤►▸❖✓✔*·–—\ue000-\uf8ff-]|o|\\(?(?:\\d{1,2}|[a-zа-я])[.)])$")


def clean(text: str) -> str:
    """One line: letters for ligatures and presentation forms, single spaces, nothing invisible, NFC."""
    if text.isascii():
        return " ".join((text if text.isprintable() else _INVISIBLE.sub("", text)).split())
    text = _DRAWN.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)
    if text.isprintable():  # nothing but letters, signs and spaces
        text = " ".join(text.split())
    else:
        text = _SYMBOLS.sub("•", _INVISIBLE.sub("", _SPACE.sub(" ", text))).strip()
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def without_bullet(text: str) -> tuple[str, bool]:
    """The text of a list item without its mark, and whether it had one."""
    found = _BULLET.match(text)
    return (text[found.end() :], True) if found else (text, False)


def is_mark(text: str) -> bool:
    """Whether this is a bullet or the number of a list item, and nothing else."""
    return bool(_MARK.match(text.strip()))


def letters_and_digits(text: str) -> int:
    """How many of its characters are letters or digits."""
    signs = "".join(text.split())
    return len(signs) - sum(signs.count(c) for c in set(signs) if not c.isalnum())  # the fewer: these are counted fast


def is_garbage(text: str) -> bool:
    """Whether a text layer holds codes of a font instead of letters, so that only the picture can be read."""
    signs = len("".join(text.split()))
    if signs < 20:
        return False
    letters = letters_and_digits(text)
    odd = 0 if text.isprintable() else len(_ODD.findall(text))
    if letters < signs * 0.4:
        letters += sum(1 for c in text if unicodedata.category(c) in ("Mn", "Mc"))
    return letters < signs * 0.4 or odd > signs * 0.15


def is_misread(text: str) -> bool:
    """Whether it looks like the work of a bad or a wrong OCR: digits and signs in words, capitals where none belong."""
    if not _TOLD.search(text):
        return False
    tokens = text.split()
    return len(tokens) >= 20 and sum(1 for token in tokens if _MISREAD.search(token)) > 0.25 * len(tokens)


def joined(before: str, after: str) -> str:
    """Two lines of one paragraph as one, a word that was cut at the line end made whole."""
    if not before or not after:
        return before or after
    hyphen = before[-1]
    if hyphen not in "-\u2010\u00ad\ufffe\x02" or len(before) < 2:
        return f"{before} {after}"
    soft = hyphen in "\u00ad\ufffe\x02"
    if before[-2].isalpha() and after[0].islower():
        return before[:-1] + after
    return (before[:-1] + "-" if soft else before) + ("" if before[-2].isalnum() else " ") + after
