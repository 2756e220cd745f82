"""Numbers before headings: "IV. Fonctions" goes on where "III. Études" stopped, whatever words it has."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extraction.dates import ROMAN

STEP = 2  # numbers at most to the next heading: one may stand in a line that was not recognised
SURE = 2  # headings numbered with digits from which a third is believed: items of lists have digits too

_NUMBERED = re.compile(r"\s*(?:(\d{1,2})|([IVX]{1,4})|([A-HА-Е]))\s?[.)]-?\s*(?=[^\W\d])")


@dataclass(slots=True)
class Series:
    """The numbers of the headings so far."""

    style: str = ""  # of the last numbered heading: "digits", "roman" or "letters"
    value: int = 0
    length: int = 0
    nested: bool = False  # a list below the last heading is numbered in the same way

    def goes_on_with(self, text: str, *, field: bool) -> bool:
        """Whether a line has the number that the next heading would have. To be asked of every line, in order.

        `field`: it is a row, as forms have them.
        """
        found = number_of(text)
        if found is None or found[0] != self.style:
            return False
        if found[1] == 1:
            self.nested = True
        if self.nested or (self.style == "digits" and not field and self.length < SURE):
            return False
        return self.value < found[1] <= self.value + STEP

    def take(self, heading: str) -> None:
        """Count a line that is a heading."""
        found = number_of(heading)
        if found is None:
            return
        self.length = self.length + 1 if found[0] == self.style and found[1] > self.value else 1
        self.style, self.value = found
        self.nested = False


def number_of(text: str) -> tuple[str, int] | None:
    """The number with which a line begins, and its style."""
    found = _NUMBERED.match(text[:12])
    if not found:
        return None
    digits, roman, letter = found.groups()
    if digits:
        return "digits", int(digits)
    if roman in ROMAN:
        return "roman", ROMAN[roman]
    return ("letters", "ABCDEFGH".find(letter) + 1 or "АБВГДЕ".find(letter) + 1) if letter else None
