"""What the roster knows of whoever writes: their own address, the CVs it has, the answer of ours that they reply to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.mail import STRANGER, Acquaintance
from roster.acquaintance import acquaintance
from roster.store import Store
from tests.integration.roster.cases import digest_of, parsed, profile
from tests.integration.roster.test_answers import comes

ANSWER = "<answer-1@roster.example>"


def test_a_stranger_is_a_stranger(store: Store) -> None:
    comes(store, 1, profile())
    assert acquaintance(store, parsed(sender="new@example.com")) == STRANGER
    assert acquaintance(store, parsed(sender=None)) == STRANGER


def test_whoever_wrote_from_their_own_address_is_known_with_their_cvs(store: Store) -> None:
    comes(store, 1, profile())
    known = acquaintance(store, parsed(sender="A.Diop@example.org"))
    assert (known.on_roster, known.has, known.answers) == (True, frozenset({digest_of("document 2")}), None)


def test_an_agency_that_wrote_for_somebody_is_not_them(store: Store) -> None:
    comes(store, 1, profile(), to="agency@example.net")
    assert not acquaintance(store, parsed(sender="agency@example.net")).on_roster


@pytest.mark.parametrize("where", ["in_reply_to", "references"])
def test_a_reply_is_known_by_the_number_of_our_mail(store: Store, where: str) -> None:
    comes(store, 1, profile(), template="unreadable")
    reply = replace(parsed(sender="new@example.com"), **{where: ("<x@example.com>", ANSWER)})  # type: ignore[arg-type]
    assert acquaintance(store, reply) == Acquaintance(answers="unreadable")
