from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from notifications.templates import Templates

SHIPPED = Path(__file__).parents[3] / "config/templates"


@pytest.fixture(scope="session")
def templates() -> Templates:
    """The templates that the project ships."""
    return Templates.load(SHIPPED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of them that a test may spoil."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "templates"))
