"""From outbox to relay. That a mail is being sent is committed before the relay is asked; its answer after."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event

from domain.errors import ConfigProblem, OutcomeUnknown, Refused, RelayAway, RetryLater
from domain.ports import Clock, Transport
from notifications.redirect import redirected
from roster import outbox
from roster.outbox import Rate, Sending
from roster.store import Store
from service.retrying import Backoff

LOG = logging.getLogger("micic.sending")
RELAY_AWAY = timedelta(minutes=1)  # so long it is not asked again while a pass goes on

Ended = Callable[[], bool]


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
        or the relay's quota is used up for now.

        RelayAway and ConfigProblem are raised on, once the mail is back in the queue: no other mail would fare better.
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
        except (RelayAway, ConfigProblem) as error:
            outbox.give_back(self.store, claim, error=str(error), now=self.clock())
            raise
        except RetryLater as error:
            self.try_later(sending, str(error), wish=error.after)
        except Refused as error:
            LOG.warning("mail %d: refused: %s", claim.id, error)
            outbox.give_up(self.store, claim, error=str(error), now=self.clock())
        except OutcomeUnknown as error:
            LOG.warning("mail %d: may have been accepted; a person must say: %s", claim.id, error)
            outbox.unknown(self.store, claim, error=str(error), now=self.clock())
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


@dataclass(slots=True, kw_only=True)
class Post:
    """Sends what is due at each ring. Its work is one thread's, the rings are anybody's."""

    make: Callable[[], Sender]
    ended: Ended
    sent: int = 0  # mails offered to the relay
    _rung: Event = field(default_factory=Event)
    _closed: bool = False

    def ring(self) -> None:
        """Something may have been queued."""
        self._rung.set()

    def close(self) -> None:
        """Nothing more will be queued."""
        self._closed = True
        self._rung.set()

    def work(self) -> None:
        """Until it is closed. What was queued before that has been offered to the relay on return."""
        sender, closed = self.make(), False
        ask_again = sender.clock()
        try:
            while not closed:
                self._rung.wait()
                self._rung.clear()
                closed = self._closed  # before sending, so that nothing is missed that was queued before it
                asked = sender.clock()
                if asked >= ask_again and not self._send_due(sender):
                    ask_again = asked + RELAY_AWAY
        finally:
            sender.transport.close()

    def _send_due(self, sender: Sender) -> bool:
        """Whether the relay was there."""
        try:
            while not self.ended() and sender.send_next() is not None:
                self.sent += 1
        except RelayAway as error:
            LOG.error("no mail is sent: %s", error)  # noqa: TRY400 - no bug
            return False
        return True


@contextmanager
def sending_beside(make: Callable[[], Sender], *, ended: Ended) -> Iterator[Post]:
    """Send in a thread of its own while the block lasts, at each ring and once at its end, however it ends.

    What stops all mail (ConfigProblem, StorageFails) is raised when the block ends; where that has failed itself, its
    own error goes on.
    """
    post = Post(make=make, ended=ended)
    with ThreadPoolExecutor(1, thread_name_prefix="sender") as pool:
        sending = pool.submit(post.work)
        try:
            yield post
        except BaseException:
            post.close()
            if (error := sending.exception()) is not None:
                LOG.error("no mail is sent: %s", error)  # noqa: TRY400 - the error of the block is raised
            raise
        post.close()
        sending.result()


def send_all(sender: Sender) -> None:
    """Try all that is due."""
    post = Post(make=lambda: sender, ended=lambda: False)
    post.close()
    post.work()
