"""Files that staff edit: what is wrong in one is told by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import ConfigProblem
from extraction.wordlists import phrases, read_word_list


def problem(folder: Path, content: bytes | None) -> str:
    if content is not None:
        (folder / "dates.yaml").write_bytes(content)
    with pytest.raises(ConfigProblem) as caught:
        read_word_list(folder, "dates.yaml").keys("months")
    return str(caught.value)


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    assert problem(tmp_path, b"present:\n  - [now, today\nsince: [since]\n").startswith("config/rules/dates.yaml:3: ")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "the file is missing"),
        (b"present: [\xff\xfe]\n", "save it as UTF-8"),
        (b"- now\n", "write `name:` lines"),
        (b"present: [now]\n", "write the section `months:` again"),
        (b"months: [may]\n", "below `months:`, write a line `name:`"),
    ],
)
def test_what_cannot_be_used_is_told_in_words(tmp_path: Path, content: bytes | None, told: str) -> None:
    assert told in problem(tmp_path, content)


def test_phrases_may_be_grouped_in_any_way() -> None:
    assert list(phrases({"en": ["a", ["b"]], "fr": "c", "es": None})) == ["a", "b", "c"]
