import logging
import shutil
from pathlib import Path

import pytest

from domain.mail import ReplyLanguage
from extraction.rule_files import rules_hash
from notifications.samples import acknowledgements
from service.in_force import keep_rules, kept_rules, kept_templates
from service.wiring import open_house


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


def test_templates_that_break_while_the_program_is_down_stay_as_they_were(tmp_path: Path) -> None:
    config = Path(shutil.copytree(Path(__file__).parents[3] / "config", tmp_path / "config"))
    environment, file = {"MICIC_STORE__DATA": str(tmp_path / "data")}, config / "templates/received/en.txt"
    with open_house(config, environment) as house:
        house.check()
    was = file.read_text(encoding="utf-8")
    file.write_text(was + "{{ nickname }}", encoding="utf-8")
    with open_house(config, environment) as house:
        house.check()
        assert house.templates.letter("received", ReplyLanguage.EN, acknowledgements()[0]).text
        assert [problem.file for problem in house.templates_in_force.problems] == ["config/templates/received/en.txt"]
    assert (kept_templates(tmp_path / "data") / "received/en.txt").read_text(encoding="utf-8") == was
