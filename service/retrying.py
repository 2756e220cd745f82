"""When to try again what failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Each wait is twice the one before, up to a cap, with some chance in it so that many do not come back at once."""

    attempts: int  # tries in all, the first included
    first: timedelta
    cap: timedelta
    jitter: float  # share of the wait by which it may be longer or shorter, 0 to 1
    chance: Callable[[], float]  # uniform in [0, 1)

    def next_try(self, attempt: int, *, now: datetime, wish: timedelta | None = None) -> datetime | None:
        """When to try after this attempt (counted from 1) has failed; None where there were enough.

        `wish` is what the other side asked for: no try comes before it.
        """
        if attempt >= self.attempts:
            return None
        wait: timedelta = min(self.cap, self.first * 2 ** min(attempt - 1, 16))
        wait = wait * (1 + self.jitter * (2 * self.chance() - 1))
        return now + max(wait, wish or timedelta())
