"""One message at a time: claim it, decide, commit all that follows. Any number of workers may do so at once."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from domain.decision import Acknowledgement, Claim, Decision, OutgoingMail
from domain.errors import ConfigProblem, Interrupted, MicicError, NeedsReview, ScannerAway, StaleStage, StorageFails
from domain.ports import Blobs, Clock
from roster import ledger
from roster.answers import Policy
from roster.settlement import Settled, Terms, settle
from roster.store import Store
from service.pipeline import Desk, decide
from service.retrying import Backoff

LOG = logging.getLogger("micic.processing")
PIECE = 1_048_576  # bytes

Compose = Callable[[Acknowledgement, str, datetime], OutgoingMail]  # promise, digest of the message, now


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    owner: str  # unique to the worker
    desk: Desk
    store: Store
    blobs: Blobs
    compose: Compose
    answers: Policy
    backoff: Backoff
    lease: timedelta  # held on to by service.running while the worker works
    clock: Clock

    def work_on_next(self) -> Claim | None:
        """Bring one message to its end, or to its next try. None where nothing is due, or nothing may be opened.

        ConfigProblem, StorageFails and Interrupted are raised on, once the message has been given back: it is not at
        fault.
        """
        claims = ledger.claim(self.store, owner=self.owner, now=self.clock(), lease=self.lease)
        if not claims:
            return None
        claim = claims[0]
        try:
            settled = self.settle(claim)
            LOG.info("message %d: %s", claim.id, settled.outcome.value)
        except StaleStage:
            LOG.info("message %d: another worker has taken it over", claim.id)
        except NeedsReview as error:
            self.quarantine(claim, str(error))
        except (ConfigProblem, StorageFails, Interrupted) as error:
            self.give_back(claim, str(error))
            raise  # no other message would fare better
        except ScannerAway as error:
            self.give_back(claim, str(error))  # without a try counted: it waits as long as the scanner is away
            LOG.error("no message is opened: %s", error)  # noqa: TRY400 - no bug
            return None
        except MicicError as error:
            self.try_later(claim, str(error))
        except OSError as error:
            self.give_back(claim, str(error))
            raise StorageFails(f"a file cannot be written: {error.strerror}") from error
        except Exception as error:
            # A bug met by one message must not stop the others; it is told in full, and a person gets the message.
            LOG.exception("message %d: failed", claim.id)
            self.try_later(claim, f"the program failed: {type(error).__name__}")
        return claim

    def settle(self, claim: Claim) -> Settled:
        with tempfile.TemporaryDirectory(prefix="micic-") as folder:
            parts = Path(folder)
            came = ledger.received(self.store, claim.id)
            decision = decide(self.blobs.path(claim.digest), self.desk, arrived_at=came.arrived_at, parts=parts)
            self.keep_documents(decision, parts)
        now = self.clock()
        promise = decision.acknowledgement if came.answer else None
        outgoing = self.compose(promise, claim.digest, now) if promise else None
        terms = Terms(
            folders=self.desk.folders,
            answers=self.answers,
            essential_languages=self.desk.call.essential_languages,
        )
        return settle(self.store, claim, decision, outgoing, terms=terms, now=now)

    def keep_documents(self, decision: Decision, parts: Path) -> None:
        """Put the files that came with the message into the blob store, so that staff can open them."""
        if not decision.documents:
            return
        with self.blobs.batch() as batch:
            for digest in dict.fromkeys(document.digest for document in decision.documents):
                if (parts / digest).is_file():  # a CV in the body is no file
                    batch.put(pieces(parts / digest))

    def try_later(self, claim: Claim, error: str) -> None:
        now = self.clock()
        until = self.backoff.next_try(claim.attempt, now=now)
        if until is None:
            self.quarantine(claim, error)
            return
        LOG.warning("message %d: try %d failed, next %s: %s", claim.id, claim.attempt, until.isoformat(), error)
        ledger.postpone(self.store, claim, error=error, until=until)

    def give_back(self, claim: Claim, error: str) -> None:
        with suppress(StorageFails):  # the database may be what fails: then the lease ends by itself
            ledger.give_back(self.store, claim, error=error)

    def quarantine(self, claim: Claim, error: str) -> None:
        LOG.error("message %d: needs a person (micic retry %d): %s", claim.id, claim.id, error)
        ledger.quarantine(self.store, claim, error=error, now=self.clock())


def pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece
