"""Applicants hear of us at once, whatever else lies before the program."""

from __future__ import annotations

import statistics
import threading
import time
from pathlib import Path

import pytest

from benchmarks.latency import measure
from roster.tables import message
from service.running import exclusive_pass
from tests.acceptance.conftest import NewOffice
from tests.acceptance.office import application, application_with_scan

pytestmark = [pytest.mark.server, pytest.mark.slow]


def test_an_application_is_acknowledged_within_seconds_of_its_delivery(tmp_path: Path) -> None:
    waited = measure(tmp_path, 5)
    print(f"seconds from delivery to acknowledgement: {sorted(round(one, 2) for one in waited)}")
    assert statistics.median(waited) < 4  # 0.6 on a quiet machine: python -m benchmarks.latency


def test_what_is_promised_goes_out_while_a_long_document_is_still_read(open_office: NewOffice) -> None:
    office = open_office(LIMITS__WORKERS="1")
    office.deliver(application("Jane Doe"), application_with_scan(pages=6))
    with office.house() as house:
        working = threading.Thread(target=exclusive_pass, args=(house,))
        working.start()
        while working.is_alive() and not office.relay.accepted:
            time.sleep(0.02)
        stages = office.count(message.c.stage)
        working.join()
    assert stages == {"settled": 1, "received": 1}
    assert len(office.relay.accepted) == 2
