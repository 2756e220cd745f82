"""What `micic rules check` has to say, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.errors import Problem
from extraction.rulebook.shape import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing to look at."""

    kind: str  # in two or three words, to count by
    wrong: bool  # the rules do not do what they say; else a person may have meant it
    place: Place = field(repr=False)
    message: str

    @property
    def problem(self) -> Problem:
        """With its line. Looking one up reads the file anew and slowly: ask for those that are shown."""
        reading = self.place.reading
        return Problem(
            file=reading.shown(self.place.name),
            line=reading.line(self.place.name, self.place.path),
            message=self.message,
        )
