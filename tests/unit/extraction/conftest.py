"""The shipped rules and what reads by them, loaded once for all tests of this folder."""

import shutil
from pathlib import Path

import pytest

from extraction.analyser import Analyser
from extraction.rulebook import Rulebook, load_rulebook
from extraction.sections import StructureWords, load_structure_words
from extraction.understand import Understander

RULES = Path(__file__).parents[3] / "config" / "rules"


@pytest.fixture(scope="session")
def analyser() -> Analyser:
    return Analyser()


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook(RULES)


@pytest.fixture(scope="session")
def words() -> StructureWords:
    return load_structure_words(RULES)


@pytest.fixture(scope="session")
def understander() -> Understander:
    return Understander.load(RULES, essential_languages=("en", "fr"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped rules, to be edited."""
    return Path(shutil.copytree(RULES, tmp_path / "config" / "rules"))
