"""Long lists of names: cities, for addresses that name no country and no city of places.yaml, and given names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ConfigProblem, Problem
from extraction.lexicon import words

FILE = "cities.txt"
GIVEN_NAMES = "given_names.txt"
_CLEARLY = 2  # classes of size by which a city outdoes those of its name


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    cities: Mapping[str, Sequence[tuple[int, str]]]  # folded name → class of size (1 is the largest), ISO 3166-1 code

    def country_of(self, name: str, *, likely: Sequence[str]) -> str | None:
        """The country of a city: of several with its name the one in a likely country, else by far the largest."""
        found = self.cities.get(" ".join(word.key for word in words(name)), ())
        codes = list(dict.fromkeys(code for _, code in sorted(found)))
        known = next((code for code in likely if code in codes), None)
        if known or len(codes) <= 1:
            return known or next(iter(codes), None)
        first, second = sorted(found)[0][0], min(size for size, code in found if code != codes[0])
        return codes[0] if second - first >= _CLEARLY else None


def load_gazetteer(folder: Path) -> Gazetteer:
    """Read cities.txt: a country, a class of size and names a line. Raises ConfigProblem where it cannot be read."""
    cities: dict[str, list[tuple[int, str]]] = {}
    problems = []
    for number, line in _lines(folder, FILE):
        code, size, names = (*line.split(" ", 2), "", "")[:3]
        if len(code) != 2 or not size.isdecimal() or not names:
            message = "write a country, a class of size and names: `KG 1 osh, bishkek`"
            problems.append(Problem(file=f"config/rules/{FILE}", line=number, message=message))
            continue
        place = int(size), code
        for name in names.split(", "):
            cities.setdefault(name, []).append(place)
    if problems:
        raise ConfigProblem(*problems)
    return Gazetteer(cities=cities)


def load_given_names(folder: Path) -> frozenset[str]:
    """The folded given names of given_names.txt, any number a line. Raises ConfigProblem where it cannot be read."""
    return frozenset(name for _, line in _lines(folder, GIVEN_NAMES) for name in line.split())


def _lines(folder: Path, name: str) -> Iterator[tuple[int, str]]:
    """The lines of a file that are no comments, with their numbers."""
    file = f"config/rules/{name}"
    try:
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise ConfigProblem(Problem(file=file, line=None, message="the file is missing")) from error
    except UnicodeDecodeError as error:
        raise ConfigProblem(Problem(file=file, line=None, message="save it as UTF-8")) from error
    return ((number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#"))
