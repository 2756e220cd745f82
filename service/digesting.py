"""The staff's daily digest: due once a day, told in full, promised in the outbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.decision import OutgoingMail
from domain.digest import Digest, DigestEntry, Due, RulesInForce
from extraction.rule_files import rules_hash
from notifications import digest as letters
from roster import days
from roster.status import older_than, rules_since
from service.in_force import kept_rules
from service.restraints import restraints
from service.tokens import credentials_end
from service.wiring import House

DAYS_OF_FIGURES = 28


def digest_of(house: House, day: date, *, moment: datetime) -> Digest:
    """All that happened on one day of the staff's time zone, as far as the day has come by that moment."""
    zone = house.settings.staff.zone
    since = datetime.combine(day, time.min, zone)
    until = min(datetime.combine(day + timedelta(days=1), time.min, zone), moment)
    return _told(house, since=since.astimezone(UTC), until=until.astimezone(UTC), day=day)


def digest_since_last(house: House, *, moment: datetime) -> Digest:
    """All since the last digest, so that a day on which the program stood still is not lost; else the last day."""
    last = days.last(house.store)
    since = last[1] if last else moment - timedelta(days=1)
    return _told(house, since=since, until=moment, day=moment.astimezone(house.settings.staff.zone).date())


def _told(house: House, *, since: datetime, until: datetime, day: date) -> Digest:
    """What the store knows, and what only the settings do."""
    staff = house.settings.staff
    midnights = midnights_before(until, DAYS_OF_FIGURES, staff.zone)
    told = days.digest(house.store, since=since, until=until, day=day, midnights=midnights)
    overdue = staff.overdue(told.health.last_pass, now=until)
    health = replace(
        told.health,
        credentials=credentials_end(house.settings),
        overdue=overdue,
        restraints=restraints(house.store, house.settings),
        rules=_rules(house),
        due=_due(house, until),
        faulty_templates=tuple(problem.place for problem in house.templates_in_force.problems),
    )
    entries = told.entries if staff.digest_evidence else tuple(map(_without_sentences, told.entries))
    return replace(told, health=health, entries=entries)


def _rules(house: House) -> RulesInForce | None:
    kept = kept_rules(house.settings.store.data)
    if kept is None:
        return None
    hash_ = rules_hash(kept)
    return RulesInForce(hash=hash_, since=rules_since(house.store, hash_))


def _due(house: House, moment: datetime) -> Due | None:
    staff = house.settings.staff
    before = staff.due_before(moment)
    if before is None or staff.keep_months is None:
        return None
    return Due(months=staff.keep_months, entries=older_than(house.store, before))


def _without_sentences(entry: DigestEntry) -> DigestEntry:
    return replace(entry, themes=tuple((theme, "") for theme, _ in entry.themes))


def midnights_before(moment: datetime, number: int, zone: ZoneInfo) -> list[datetime]:
    """That begin and end so many whole days before the moment, the oldest first."""
    last = moment.astimezone(zone).date()
    return [datetime.combine(last - timedelta(days=back), time.min, zone) for back in range(number, -1, -1)]


def as_mail(house: House, told: Digest, *, moment: datetime) -> OutgoingMail:
    staff = house.settings.staff
    here, link = moment.astimezone(staff.zone), house.link_of(told.day)
    reader = house.templates.reader(staff.language, call=house.call, now=here, link=link)
    return letters.compose(told, reader=reader, templates=house.templates, recipients=staff.digest_to)


def is_due(house: House, *, moment: datetime) -> bool:
    """Whether the day has come to its hour and has had no digest."""
    staff = house.settings.staff
    here = moment.astimezone(staff.zone)
    if not staff.digest_to or here.time() < staff.digest_at:
        return False
    last = days.last(house.store)
    return last is None or last[0] < here.date()


def promise(house: House, *, moment: datetime) -> int | None:
    """Queue the digest of the day. Returns its id in the outbox, None where the day has had one."""
    told = digest_since_last(house, moment=moment)
    return days.close(house.store, told, as_mail(house, told, moment=moment), now=moment)
