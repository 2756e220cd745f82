"""A mistake in the words of the pages is told with file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from console.words import load_words
from domain.errors import ConfigProblem
from domain.mail import ReplyLanguage

TEMPLATES = Path(__file__).parents[3] / "config/templates"


@pytest.mark.parametrize("language", list(ReplyLanguage))
def test_a_word_that_nobody_asks_for_is_told_with_its_line(tmp_path: Path, language: ReplyLanguage) -> None:
    folder = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    path = folder / "console" / f"{language}.yaml"
    path.write_text(f"surplus: word\n{path.read_text('utf-8')}", encoding="utf-8")
    with pytest.raises(ConfigProblem) as caught:
        load_words(folder)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (f"config/templates/console/{language}.yaml", 1)


def test_a_missing_language_is_told(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    (folder / "console/ar.yaml").unlink()
    with pytest.raises(ConfigProblem, match=r"ar\.yaml"):
        load_words(folder)
