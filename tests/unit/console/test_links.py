"""A link names one thing, ends after its days, and is worth nothing once it is changed."""

from __future__ import annotations

import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from console.links import Expired, Links, NotOurs, Opened, key_in
from domain.links import Place, Thing

VIENNA = ZoneInfo("Europe/Vienna")
DAY = date(2026, 11, 25)
BEGUN = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)  # in Vienna the day begins an hour before UTC's
LINKS = Links(key=b"k" * 32, days=14, zone=VIENNA)
ENTRY = Place(what=Thing.ENTRY, id=112)


@pytest.mark.parametrize("what", list(Thing))
def test_a_link_names_its_thing_and_the_day_of_its_digest(what: Thing) -> None:
    place = Place(what=what, id=112)
    token = LINKS.token(place, DAY)
    assert LINKS.read(token, now=BEGUN + timedelta(hours=7)) == Opened(place=place, day=DAY)
    assert token == LINKS.token(place, DAY)


def test_a_link_ends_after_its_days_counted_from_the_day_of_the_digest() -> None:
    token = LINKS.token(ENTRY, DAY)
    assert LINKS.read(token, now=BEGUN + timedelta(days=14)).place == ENTRY
    with pytest.raises(Expired) as ended:
        LINKS.read(token, now=BEGUN + timedelta(days=14, seconds=1))
    assert ended.value.day == DAY


def test_a_link_that_is_changed_cut_or_signed_by_another_is_worth_nothing() -> None:
    token, now = LINKS.token(ENTRY, DAY), BEGUN + timedelta(days=1)
    named, rest = token.split(".", 1)
    other, _ = LINKS.token(Place(what=Thing.ENTRY, id=113), DAY).split(".", 1)
    signed_by_another = Links(key=b"x" * 32, days=14, zone=VIENNA).token(ENTRY, DAY)
    for changed in (f"{other}.{rest}", token[:-1], token + "A", named, "", "favicon.ico", signed_by_another):
        with pytest.raises(NotOurs):
            LINKS.read(changed, now=now)


def test_a_link_of_a_later_day_than_today_is_not_believed() -> None:
    with pytest.raises((NotOurs, Expired)):
        LINKS.read(LINKS.token(ENTRY, DAY + timedelta(days=3)), now=BEGUN)


def test_a_link_says_nothing_but_the_number() -> None:
    assert b"entry" not in LINKS.token(ENTRY, DAY).encode()
    assert "k" * 8 not in repr(LINKS)


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    data = tmp_path / "var"
    key = key_in(data)
    assert len(key) == 32
    assert key_in(data) == key
    assert [path.name for path in data.iterdir()] == ["console.key"]
    assert stat.S_IMODE((data / "console.key").stat().st_mode) == 0o600
    (data / "console.key").unlink()
    assert key_in(data) != key
