"""The days that the digest's figures are given for are those of the staff, also where clocks change."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from service.digesting import midnights_before


def test_days_begin_at_midnight_where_the_staff_sit() -> None:
    sunday = datetime(2019, 3, 31, 22, 30, tzinfo=UTC)  # half past midnight on Monday, after a day of 23 hours
    found = midnights_before(sunday, 2, ZoneInfo("Europe/Vienna"))
    assert [one.astimezone(UTC) for one in found] == [
        datetime(2019, 3, 29, 23, tzinfo=UTC),
        datetime(2019, 3, 30, 23, tzinfo=UTC),
        datetime(2019, 3, 31, 22, tzinfo=UTC),
    ]


def test_a_digest_made_at_midnight_counts_the_day_that_has_just_ended() -> None:
    midnight = datetime(2019, 2, 1, tzinfo=UTC)
    assert midnights_before(midnight, 1, ZoneInfo("UTC")) == [datetime(2019, 1, 31, tzinfo=UTC), midnight]
