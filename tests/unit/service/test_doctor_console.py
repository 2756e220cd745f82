"""Whether the doctor sees where the links of the digest lead."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from waitress.server import create_server

from console.app import MARK
from service.doctor import State
from service.doctor_console import pages
from service.settings import ConsoleSettings


@pytest.fixture
def answered() -> list[bytes]:
    return [f'<meta name="generator" content="{MARK}">'.encode()]


@pytest.fixture
def url(answered: list[bytes]) -> Iterator[str]:
    def site(_environ: object, start: object) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/html")])  # type: ignore[operator]
        return answered

    server = create_server(site, host="127.0.0.1", port=0, threads=1)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.task_dispatcher.shutdown()
    server.close()


def test_our_own_page_is_known(url: str) -> None:
    found = pages(ConsoleSettings(url=url))
    assert found.state is State.OK
    assert "14 days" in found.found


def test_another_page_is_not_taken_for_ours(url: str, answered: list[bytes]) -> None:
    answered[:] = [b"It works!"]
    found = pages(ConsoleSettings(url=url))
    assert found.state is State.WARNING
    assert "console.listen" in found.advice


def test_where_nobody_answers_it_says_so() -> None:
    found = pages(ConsoleSettings(url="http://127.0.0.1:9"))
    assert found.state is State.WARNING
    assert "does not answer" in found.found


def test_without_an_address_all_is_well_and_there_are_no_links() -> None:
    assert pages(ConsoleSettings()).state is State.OK
