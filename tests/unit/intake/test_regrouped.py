"""A group that mails under its own name does not hide who wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.mail import Address
from intake.regrouped import as_written
from tests.unit.intake.test_triage import ANA, NOTHING, OWN

GROUP = Address(name="'Ana' via Call", email="call@example.org")
OURS = ("list-id", "<call.example.org>")


@pytest.mark.parametrize(
    ("headers", "sender"),
    [
        ((OURS, ("x-original-from", "Ana <ana@example.com>")), ANA),
        ((OURS, ("x-original-sender", "ana@example.com")), Address(name="", email="ana@example.com")),
        ((OURS, ("x-original-from", "call@example.org")), GROUP),
        ((OURS, ("x-original-from", "no-reply@example.com")), GROUP),
        ((OURS, ("x-original-from", "a@example.com, b@example.com")), GROUP),
        ((("list-id", "<other.example.org>"), ("x-original-from", "Ana <ana@example.com>")), GROUP),
        ((("x-original-from", "Ana <ana@example.com>"),), GROUP),
    ],
)
def test_the_writer_is_read_where_our_own_group_passed_the_mail_on(
    headers: tuple[tuple[str, str], ...], sender: Address
) -> None:
    assert as_written(replace(NOTHING, sender=GROUP, headers=headers), OWN).sender == sender


def test_elsewhere_the_header_says_nothing() -> None:
    stranger = replace(NOTHING, headers=(OURS, ("x-original-from", "Bo <bo@example.net>")))
    assert as_written(stranger, OWN).sender == ANA
