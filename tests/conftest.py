"""What tests of many rooms share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from roster.store import Store, open_store


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database of the newest form, to copy: to make one takes half a second."""
    path = tmp_path_factory.mktemp("template") / "micic.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def store(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An empty one on SQLite, in a folder of its own."""
    file = tmp_path_factory.mktemp("store") / "micic.db"
    shutil.copy(empty_database, file)
    opened = open_store(f"sqlite:///{file}")
    yield opened
    opened.close()
