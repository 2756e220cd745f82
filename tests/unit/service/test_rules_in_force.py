import logging
from pathlib import Path

import pytest

from extraction.rule_files import rules_hash
from service.rules_in_force import keep_rules, kept_rules


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "themes.yaml").write_text("themes: []\n")
    return folder


def test_what_was_loaded_is_kept_and_an_edit_since_is_not(rules: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    loaded = rules_hash(rules)
    keep_rules(rules, data, loaded=loaded)
    (rules / "themes.yaml").write_text("themes: [other]\n")
    keep_rules(rules, data, loaded=rules_hash(rules) + "x")
    kept = kept_rules(data)
    assert kept is not None
    assert rules_hash(kept) == loaded


def test_a_folder_that_takes_no_copy_stops_nothing_and_is_told(
    rules: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = tmp_path / "data"
    data.write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        keep_rules(rules, data, loaded=rules_hash(rules))
    assert kept_rules(data) is None
    assert f"cannot be copied into {data} (File exists)" in caplog.text


def test_a_rule_file_that_cannot_be_copied_stops_nothing_and_is_told_in_a_few_words(
    rules: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (rules / "lost.yaml").symlink_to(tmp_path / "nowhere.yaml")
    with caplog.at_level(logging.WARNING):
        keep_rules(rules, tmp_path / "data", loaded="0")
    assert kept_rules(tmp_path / "data") is None
    assert "([Errno 2] No such file or directory)" in caplog.text
