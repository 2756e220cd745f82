"""What the tests of faults share: servers, warm children and an empty database, each made once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest

from service.wiring import House, open_house
from tests.acceptance.office import CONFIG, Office, new_office
from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.proxy import Proxy, proxy
from tests.servers.relay import Relay, relay


class NewOffice(Protocol):
    def __call__(self, post: Dovecot = ..., line: Proxy = ..., data: Path | None = None, **settings: str) -> Office: ...


@pytest.fixture(scope="session")
def post() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture(scope="session")
def line_to_post(post: Dovecot) -> Iterator[Proxy]:
    with proxy(post.imap) as running:
        yield running


@pytest.fixture(scope="session")
def taking_relay() -> Iterator[Relay]:
    with relay() as running:
        yield running


@pytest.fixture(scope="session")
def warm_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    data = tmp_path_factory.mktemp("warm")
    with open_house(CONFIG, {**os.environ, "MICIC_STORE__DATA": str(data)}) as house:
        house.check()
        yield house


@pytest.fixture
def open_office(
    post: Dovecot, line_to_post: Proxy, taking_relay: Relay, warm_house: House, empty_database: Path, tmp_path: Path
) -> NewOffice:
    """Makes offices, each with an empty mailbox and an empty roster; the lines are sound."""
    numbers = count()

    def make(post: Dovecot = post, line: Proxy = line_to_post, data: Path | None = None, **settings: str) -> Office:
        line.clear()
        line.hits = 0
        line.heard.clear()
        taking_relay.accepted.clear()
        taking_relay.script.clear()
        return new_office(
            mailboxes=post,
            line=line,
            relay=taking_relay,
            data=data or tmp_path / f"office-{next(numbers)}",
            shared=warm_house,
            template=empty_database,
            **settings,
        )

    return make
