"""A store for each test, once on SQLite and once on PostgreSQL: the promises are the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from roster.store import Store, open_store
from tests.servers.postgres import Postgres, postgres


@pytest.fixture(scope="session")
def postgresql() -> Iterator[tuple[Postgres, str]]:
    """The server, and the name of a database of the newest form to clone."""
    with postgres() as server:
        url = server.new_database()
        open_store(url).close()
        yield server, url.rpartition("/")[2]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of a database that nobody else has."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_database"), tmp_path / "micic.db")
        yield f"sqlite:///{tmp_path / 'micic.db'}"
    else:
        server, template = request.getfixturevalue("postgresql")
        of_server = server.new_database(template=template)
        yield of_server
        server.drop(of_server)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url)
    yield opened
    opened.close()
