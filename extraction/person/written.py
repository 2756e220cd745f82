"""Addresses and numbers as a CV writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import phonenumbers

from extraction.lexicon import Lexicon, words
from extraction.person.labels import OTHER_PERSON
from extraction.person.rules import PersonRules

_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+'-]*\s?@\s?[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"(?<![\w@./-])(?:\+\s?|00)?\(?\+?\d(?:[ .()–/-]{0,3}\d){5,26}(?![\w@])")
_REVERSED = re.compile(r"(?<![+\d])\d[\d ()-]{5,20}\d\s?\+(?!\s?\d)")
_AREA_BEHIND = re.compile(r"(?<![\d+])(\d[\d -]{4,10}\d)\s?\((0\d{1,3})\)")  # right to left: "2555 0138 (02)"
_DATE = re.compile(
    r"(?:19|20)\d\d\s?[-–/.]\s?(?:(?:19|20)\d\d|\d{1,2}(?:[-/.]\d{1,2})?)|\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)?\d\d"
    r"|\d{1,2}[/.](?:19|20)\d\d(?:\s?[-–]\s?\d{1,2}[/.](?:19|20)\d\d)?"
)
_ARABIC = re.compile("[\u0620-\u064a]")
_STROKE = re.compile(r"/|\s[–—-]\s")
# Country code → digits of its numbers until the plan changed: Côte d'Ivoire 2021, Benin 2024, mobiles of Mexico 2020.
_FORMER_PLANS = {225: 8, 229: 8, 52: 11}
_NO_PHONES = ("fax", "number", "not_residence", OTHER_PERSON)  # labels of numbers that are no telephone of the person


def emails_in(text: str) -> Iterator[tuple[str, int]]:
    """Addresses, each with its place."""
    if "@" in text:
        for found in _EMAIL.finditer(text):
            yield found.group().replace(" ", "").lower().rstrip("."), found.start()


class Number(NamedTuple):
    """A number as written, and whether a label or plus sign marks it."""

    number: str
    labelled: bool
    before: str  # the text between it and the number before it
    start: int
    right_to_left: bool = False  # stands in a line of Arabic


def phones_in(text: str, rules: PersonRules) -> Iterator[Number]:
    text = _AREA_BEHIND.sub(r"(\2) \1", text)
    text = _REVERSED.sub(lambda found: _turned(found.group()), text)
    right_to_left = _ARABIC.search(text) is not None
    end = 0
    kind = None
    for found in _PHONE.finditer(text):
        before = text[end : found.start()]
        kind = _label_before(before, rules.labels) or (kind if _continues(before) else None)
        end = found.end()
        number = found.group()
        if _is_date(number, kind) or kind in _NO_PHONES:
            continue
        international = number.lstrip("(").startswith(("+", "00"))
        for piece in _split(number):
            yield Number(piece, international or kind == "phone", before, found.start(), right_to_left)


def _is_date(number: str, kind: str | None) -> bool:
    """Dates and spans of years have the form of short numbers."""
    groups = re.findall(r"\d+", number)
    years = [group for group in groups if len(group) == 4 and group.startswith(("19", "20"))]
    short = sum(map(len, groups)) <= 8 and bool(years) and kind != "phone"
    return bool(_DATE.fullmatch(number)) or short or len(years) > 1


def _turned(reversed_number: str) -> str:
    """A number whose groups a right-to-left page has put in reverse: "4567 123 79 962+"."""
    groups = reversed_number.replace("+", "").split()
    return "+" + " ".join(reversed(groups))


def _split(number: str) -> list[str]:
    """Two numbers with a stroke between them; a stroke behind an area code parts nothing."""
    pieces = _STROKE.split(number)
    if len(pieces) > 1 and all(len(re.sub(r"\D", "", piece)) >= 6 for piece in pieces):
        return pieces
    return [number]


def _label_before(before: str, labels: Lexicon[str]) -> str | None:
    """What the last label before a number says; "Tel/Fax" is a telephone."""
    found = words(before)[-6:]
    kinds = [match.value for match in labels.find(found)]
    if "phone" in kinds and kinds[-1] == "fax" and re.search(r"/\s*\w+\W*$", before):
        return "phone"
    return kinds[-1] if kinds else None


def _continues(before: str) -> bool:
    """Only a separator stands between two numbers."""
    return len(before.strip()) <= 3 and "." not in before


def e164(number: str, country: str | None, *, strict: bool = False) -> str | None:
    """A number as written in E.164 (ITU-T), None where it cannot be one.

    `strict`: it must be in use by the plan of its country; else its length decides. Without a country code the
    country of residence is taken.
    """
    written = number.strip()
    if re.match(r"\(?00", written):
        written = "+" + re.sub(r"^\(?00", "", written)
    written = re.sub(r"\(0\)", "", written).replace("(+", "+", 1)
    if written.startswith("+"):
        return _formatted(written, None, strict=strict)
    if not country:
        return None
    sure = _formatted(written, country, strict=True) or _with_code(written, country)
    if sure or not strict:
        sure = sure or _formatted(written, country, strict=False)
    if sure:
        return sure
    digits = re.sub(r"\D", "", written)
    bare = digits[1:] if digits.startswith(("0", "8")) else ""
    return e164(bare, country, strict=True) if bare and len(bare) > 6 else None


def as_written(number: str, country: str | None, *, labelled: bool, right_to_left: bool) -> str | None:
    """A number in E.164, whose groups a right-to-left line may show in reverse: "017 555 98" for "98 555 017"."""
    turned = " ".join(reversed(number.split()))
    if right_to_left and not number.startswith("+") and not e164(number, country, strict=True):
        full = e164(turned, country, strict=True)
        if full:
            return full
    return e164(number, country, strict=not labelled)


def _with_code(written: str, country: str) -> str | None:
    """A number that begins with the code of its country, without a plus sign: "(57 1) 255 0143"."""
    code = str(phonenumbers.country_code_for_region(country))
    digits = re.sub(r"\D", "", written)
    set_apart = re.match(rf"\({code}[ )-]", written) is not None
    return _formatted(f"+{digits}", None, strict=not set_apart) if digits.startswith(code) else None


def _formatted(written: str, country: str | None, *, strict: bool) -> str | None:
    try:
        parsed = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return None
    good = phonenumbers.is_valid_number(parsed) if strict else _is_possible(parsed)
    good = good or _FORMER_PLANS.get(parsed.country_code or 0) == len(phonenumbers.national_significant_number(parsed))
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)) if good else None


def _is_possible(parsed: phonenumbers.PhoneNumber) -> bool:
    """Whether it can be dialled from abroad: one without its area code cannot, and may be the code of a place."""
    return phonenumbers.is_possible_number_with_reason(parsed) == phonenumbers.ValidationResult.IS_POSSIBLE


def two_in_one(number: str, country: str | None) -> list[str | None]:
    """Two numbers that a reader has put behind one another: "943 55 01 62 655 50 16 28"."""
    groups = number.split()
    for place in range(2, len(groups) - 1):
        both = [e164(" ".join(part), country, strict=True) for part in (groups[:place], groups[place:])]
        if all(both):
            return list(both)
    return [None]
