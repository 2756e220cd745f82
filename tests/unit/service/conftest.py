"""What the tests of this folder share."""

from pathlib import Path

import pytest


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A folder of rules of one small file."""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "themes.yaml").write_text("themes: []\n")
    return folder
