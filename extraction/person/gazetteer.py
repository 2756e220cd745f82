"""Cities of the world, for addresses that name no country and no city of places.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ConfigProblem, Problem
from extraction.lexicon import words

FILE = "cities.txt"
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
    file = f"config/rules/{FILE}"
    try:
        lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise ConfigProblem(Problem(file=file, line=None, message="the file is missing")) from error
    except UnicodeDecodeError as error:
        raise ConfigProblem(Problem(file=file, line=None, message="save it as UTF-8")) from error
    cities: dict[str, list[tuple[int, str]]] = {}
    problems = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        code, size, names = (*line.split(" ", 2), "", "")[:3]
        if len(code) != 2 or not size.isdecimal() or not names:
            message = "write a country, a class of size and names: `KG 1 osh, bishkek`"
            problems.append(Problem(file=file, line=number, message=message))
            continue
        place = int(size), code
        for name in names.split(", "):
            cities.setdefault(name, []).append(place)
    if problems:
        raise ConfigProblem(*problems)
    return Gazetteer(cities=cities)
