"""Nothing reaches the relay while mail is held or the run is dry, everybody says so, and then each mail goes once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.acceptance.conftest import NewOffice
from tests.acceptance.office import ANSWERED, MAILS, Office

pytestmark = [pytest.mark.server, pytest.mark.slow]
TRIAL = "trial@example.org"


def micic(office: Office, *arguments: str) -> tuple[int, str]:
    """Exit status, and what is printed without its line breaks."""
    done = subprocess.run(
        [sys.executable, "-m", "service.commands", *arguments],
        env=office.environment | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, " ".join(done.stdout.split())


def test_a_hold_stops_all_mail_until_it_is_released(open_office: NewOffice) -> None:
    office = open_office()
    office.deliver(*MAILS)
    assert "all mail is held since" in micic(office, "outbox", "hold")[1]
    office.run()
    assert office.relay.accepted == []
    status, told = micic(office, "status")
    assert (status, "micic outbox release" in told) == (1, True)
    assert "All mail has been held since" in micic(office, "digest")[1]
    assert all(address in micic(office, "outbox", "show")[1] for address in ANSWERED)
    assert "Subject: Re: Application" in micic(office, "outbox", "show", "1")[1]

    assert "released: 2" in micic(office, "outbox", "release")[1]
    office.run()
    office.prove_that_nothing_was_lost_or_done_twice()
    assert "held since" not in micic(office, "status")[1]


def test_a_dry_run_sends_nothing_and_shows_what_it_would_send(open_office: NewOffice) -> None:
    office = open_office(RELAY__DRY_RUN="true")
    office.deliver(*MAILS)
    told = micic(office, "run", "--once")[1]
    assert all(address in told for address in ANSWERED)
    assert office.relay.accepted == []
    assert "relay.dry_run is set" in micic(office, "status")[1]
    assert "relay.dry_run is set" in micic(office, "doctor")[1]


def test_a_trial_gets_every_mail_and_applicants_get_none(open_office: NewOffice) -> None:
    office = open_office(RELAY__REDIRECT_TO=TRIAL)
    office.deliver(*MAILS)
    office.run()
    assert [one.recipients for one in office.relay.accepted] == [(TRIAL,)] * 2
    assert all(b"[trial, for " in one.content for one in office.relay.accepted)
    assert TRIAL in micic(office, "status")[1]
    assert TRIAL in micic(office, "doctor")[1]
    assert TRIAL in micic(office, "digest")[1]
