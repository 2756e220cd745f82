"""From outbox to relay. That a mail is being sent is committed before the relay is asked; its answer after."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from domain.errors import ConfigProblem, OutcomeUnknown, Refused, RelayAway, RetryLater
from domain.ports import Clock, Transport
from notifications.redirect import redirected
from roster import outbox
from roster.outbox import Rate, Sending
from roster.store import Store
from service.retrying import Backoff

LOG = logging.getLogger("micic.sending")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Not for two threads at once: the transport keeps a connection."""

    owner: str  # unique to the sender
    store: Store
    transport: Transport
    backoff: Backoff
    lease: timedelta  # longer than the relay may take for one mail
    clock: Clock
    rates: tuple[Rate, ...] = ()  # of the relay's quota
    redirect_to: str | None = None  # of a trial: every mail goes there
    dry_run: bool = False  # nothing is even claimed: it waits until the trial is over

    def send_next(self) -> int | None:
        """Try one mail that is due. Returns its id, None where none can go: none is due, all are held, the run is dry,
        the relay's quota is used up for now, or it is away.

        ConfigProblem is raised on, once the mail is back in the queue: no other mail would fare better.
        """
        if self.dry_run:
            return None
        sendings = outbox.claim(
            self.store, owner=self.owner, now=self.clock(), lease=self.lease, limit=1, rates=self.rates
        )
        if not sendings:
            return None
        sending = sendings[0]
        claim = sending.claim
        try:
            self.transport.send(redirected(sending.mail, self.redirect_to) if self.redirect_to else sending.mail)
        except RelayAway as error:
            outbox.give_back(self.store, claim, error=str(error), now=self.clock())
            LOG.error("no mail is sent: %s", error)  # noqa: TRY400 - no bug
            return None
        except RetryLater as error:
            self.try_later(sending, str(error), wish=error.after)
        except Refused as error:
            LOG.warning("mail %d: refused: %s", claim.id, error)
            outbox.give_up(self.store, claim, error=str(error), now=self.clock())
        except OutcomeUnknown as error:
            LOG.warning("mail %d: may have been accepted; a person must say: %s", claim.id, error)
            outbox.unknown(self.store, claim, error=str(error), now=self.clock())
        except ConfigProblem as error:
            outbox.give_back(self.store, claim, error=str(error), now=self.clock())
            raise
        else:
            note = f"went to {self.redirect_to} in a trial" if self.redirect_to else None
            outbox.sent(self.store, claim, now=self.clock(), note=note)
        return claim.id

    def try_later(self, sending: Sending, error: str, *, wish: timedelta | None) -> None:
        now = self.clock()
        until = self.backoff.next_try(sending.claim.attempt, now=now, wish=wish)
        if until is None:
            LOG.error("mail %d: given up: %s", sending.claim.id, error)
            outbox.give_up(self.store, sending.claim, error=error, now=now)
            return
        LOG.warning("mail %d: not accepted, next try %s: %s", sending.claim.id, until.isoformat(), error)
        outbox.postpone(self.store, sending.claim, error=error, until=until, now=now)
