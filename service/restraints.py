"""What keeps mail from its readers just now because a person wants it so: a hold, a redirect, a dry run."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from domain.digest import Restrained, Restraint
from roster.holding import standing
from roster.store import Store
from service.settings import RelaySettings, Settings


def restraints(store: Store, settings: Settings) -> tuple[Restraint, ...]:
    with store.read() as db:
        hold = standing(db)
    held = (Restraint(how=Restrained.HELD, since=hold.since),) if hold else ()
    return held + (of_relay(settings.relay) if settings.relay else ())


def of_relay(relay: RelaySettings) -> tuple[Restraint, ...]:
    dry = (Restraint(how=Restrained.DRY_RUN),) if relay.dry_run else ()
    return dry + ((Restraint(how=Restrained.REDIRECTED, to=relay.redirect_to),) if relay.redirect_to else ())


def in_words(restraint: Restraint, zone: ZoneInfo) -> str:
    match restraint.how:
        case Restrained.HELD:
            since = f"{restraint.since.astimezone(zone):%Y-%m-%d %H:%M}" if restraint.since else "some time ago"
            return f"all mail is held since {since}: micic outbox release lets it go"
        case Restrained.REDIRECTED:
            return f"all mail goes to {restraint.to}, and not to its readers: relay.redirect_to is set"
        case Restrained.DRY_RUN:
            return "nothing is sent: relay.dry_run is set; micic outbox show lists what waits"
