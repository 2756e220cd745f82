"""The ledger: every message once, wherever it lies; nobody works on what another holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from domain.errors import StaleStage
from domain.mail import MessageKey, Waiting
from roster import inbox, ledger
from roster.settlement import settle
from roster.store import Store
from roster.tables import message
from tests.integration.roster.cases import LEASE, NOW, TERMS, arrival, claim_one, decision, take_in

SECOND = timedelta(seconds=1)


def listing(*uids: int, validity: int = 7, mailbox: str = "INBOX", size: int = 9) -> list[Waiting]:
    keys = [MessageKey(mailbox=mailbox, uid_validity=validity, uid=uid) for uid in uids]
    return [Waiting(key=key, size=size, arrived_at=NOW) for key in keys]


def test_the_same_arrivals_again_change_nothing(store: Store) -> None:
    arrivals = [arrival(n) for n in (3, 1, 2)]
    first = ledger.record(store, arrivals, now=NOW)
    assert ledger.record(store, arrivals, now=NOW + SECOND) == first
    assert len(set(first)) == 3
    assert [one.key.uid for one in inbox.unknown(store, listing(1, 2, 3, 4))] == [4]


def test_the_same_bytes_in_another_place_are_another_sighting_of_one_message(store: Store) -> None:
    ids = ledger.record(store, [arrival(1, name="twin"), arrival(2, name="twin"), arrival(3)], now=NOW)
    assert ids[0] == ids[1] != ids[2]
    assert len(ledger.claim(store, owner="w", now=NOW, lease=LEASE, limit=10)) == 2


def test_a_message_that_comes_again_after_it_was_settled_is_only_filed(store: Store) -> None:
    take_in(store, 1, decision())
    ledger.record(store, [arrival(9, name="mail 1")], now=NOW)
    assert ledger.claim(store, owner="w", now=NOW, lease=LEASE) == ()
    assert [filing.key.uid for filing in ledger.to_file(store, limit=10)] == [1, 9]


def test_an_import_has_no_place_in_the_mailbox(store: Store) -> None:
    (id_,) = ledger.record(store, [replace(arrival(1), key=None)], now=NOW)
    assert claim_one(store).id == id_
    assert len(inbox.unknown(store, listing(1))) == 1


def test_uids_are_known_by_mailbox_and_validity(store: Store) -> None:
    ledger.record(store, [arrival(1)], now=NOW)
    assert len(inbox.unknown(store, listing(1, validity=8))) == 1
    assert len(inbox.unknown(store, listing(1, mailbox="Other"))) == 1
    assert inbox.unknown(store, listing(1)) == []


def test_a_thousand_arrivals_may_come_in_one_group(store: Store) -> None:
    assert len(set(ledger.record(store, [arrival(n) for n in range(1000)], now=NOW))) == 1000


def test_what_is_held_is_not_handed_out_until_its_lease_ends(store: Store) -> None:
    ledger.record(store, [arrival(1)], now=NOW)
    first = claim_one(store, owner="a")
    assert ledger.claim(store, owner="b", now=NOW + LEASE - SECOND, lease=LEASE) == ()
    second = claim_one(store, owner="b", now=NOW + LEASE)
    assert (first.attempt, second.attempt) == (1, 2)


def test_who_lost_the_lease_can_change_nothing(store: Store) -> None:
    ledger.record(store, [arrival(1)], now=NOW)
    lost = claim_one(store, owner="a")
    held = claim_one(store, owner="b", now=NOW + LEASE)
    later = NOW + LEASE + SECOND
    with pytest.raises(StaleStage):
        settle(store, lost, decision(), None, terms=TERMS, now=later)
    with pytest.raises(StaleStage):
        ledger.quarantine(store, lost, error="broken", now=later)
    with pytest.raises(StaleStage):
        ledger.postpone(store, lost, error="away", until=later)
    with pytest.raises(StaleStage):
        ledger.extend(store, lost, now=later, lease=LEASE)
    settle(store, held, decision(), None, terms=TERMS, now=later)


def test_an_extended_lease_holds_for_longer_but_an_ended_one_is_not_revived(store: Store) -> None:
    ledger.record(store, [arrival(1)], now=NOW)
    claim = ledger.extend(store, claim_one(store), now=NOW + SECOND, lease=LEASE)
    assert claim.lease_until == NOW + SECOND + LEASE
    assert ledger.claim(store, owner="b", now=NOW + LEASE, lease=LEASE) == ()
    with pytest.raises(StaleStage):
        ledger.extend(store, claim, now=claim.lease_until, lease=LEASE)


def test_one_message_of_a_sender_is_worked_on_at_a_time(store: Store) -> None:
    ids = ledger.record(store, [arrival(n, sender=s) for n, s in enumerate(["a", "a", "b", "a", None, None])], now=NOW)
    first = ledger.claim(store, owner="w", now=NOW, lease=LEASE, limit=10)
    assert [claim.id for claim in first] == [ids[0], ids[2], ids[4], ids[5]]
    assert ledger.claim(store, owner="v", now=NOW, lease=LEASE, limit=10) == ()
    settle(store, first[0], decision(), None, terms=TERMS, now=NOW)
    assert [claim.id for claim in ledger.claim(store, owner="v", now=NOW, lease=LEASE, limit=10)] == [ids[1]]


def test_what_is_postponed_waits_and_then_comes_in_its_turn(store: Store) -> None:
    first, second = ledger.record(store, [arrival(1), arrival(2)], now=NOW)
    ledger.postpone(store, claim_one(store), error="the scanner is away", until=NOW + 2 * SECOND)
    assert claim_one(store).id == second
    assert ledger.claim(store, owner="w", now=NOW + SECOND, lease=LEASE) == ()
    again = claim_one(store, now=NOW + 2 * SECOND)
    assert (again.id, again.attempt) == (first, 2)


def test_a_quarantined_message_waits_for_a_person(store: Store) -> None:
    (id_,) = ledger.record(store, [arrival(1)], now=NOW)
    ledger.quarantine(store, claim_one(store), error="the parser died", now=NOW)
    assert ledger.claim(store, owner="w", now=NOW + 9 * LEASE, lease=LEASE) == ()
    assert ledger.retry(store, [id_, 999], now=NOW + LEASE) == (id_,)
    assert ledger.retry(store, [id_], now=NOW + LEASE) == ()
    assert claim_one(store, now=NOW + LEASE).attempt == 1


def test_a_claim_of_before_a_retry_is_void_though_its_number_comes_again(store: Store) -> None:
    (id_,) = ledger.record(store, [arrival(1)], now=NOW)
    old = claim_one(store, owner="a")
    ledger.quarantine(store, old, error="the parser died", now=NOW)
    ledger.retry(store, [id_], now=NOW)
    new = claim_one(store, owner="b")
    assert new.attempt == old.attempt
    with pytest.raises(StaleStage):
        settle(store, old, decision(), None, terms=TERMS, now=NOW)


def test_a_filed_message_no_longer_waits(store: Store) -> None:
    take_in(store, 1, decision())
    take_in(store, 2, decision(folder="Set aside"))
    ledger.record(store, [arrival(3)], now=NOW)
    waiting = ledger.to_file(store, limit=10)
    assert [(filing.key.uid, filing.folder) for filing in waiting] == [(1, "Processed"), (2, "Set aside")]
    gone = MessageKey(mailbox="INBOX", uid_validity=7, uid=99)
    for _ in range(2):
        ledger.filed(store, [waiting[0].key, gone], now=NOW)
    assert ledger.to_file(store, limit=10) == waiting[1:]
    assert ledger.to_file(store, limit=0) == ()


def test_the_database_itself_refuses_a_state_that_is_none(store: Store) -> None:
    ledger.record(store, [arrival(1)], now=NOW)
    for values in ({"stage": "lost"}, {"stage": "settled"}, {"outcome": "enrolled"}, {"lease_owner": "w"}):
        with pytest.raises(sa.exc.IntegrityError), store.begin() as db:
            db.execute(sa.update(message).values(values))
