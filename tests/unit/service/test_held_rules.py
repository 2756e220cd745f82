from contextlib import closing
from pathlib import Path

import pytest

from domain.errors import ConfigProblem
from extraction.rule_files import rules_hash
from service.held_rules import hold_rules


def test_an_edit_reaches_no_rules_that_were_loaded(rules: Path) -> None:
    with closing(hold_rules(rules)) as held:
        held.loaded = rules_hash(held.folder)
        (rules / "themes.yaml").write_text("themes: [other]\n")
        held.refresh()
        assert rules_hash(held.folder) == held.loaded != rules_hash(rules)
    assert not held.folder.exists()


def test_rules_of_which_none_could_be_loaded_are_taken_anew_once_they_are_mended(rules: Path) -> None:
    (rules / "names.txt").write_text("ana\n")
    with closing(hold_rules(rules)) as held:
        (rules / "themes.yaml").write_text("themes: [mended]\n")
        (rules / "names.txt").unlink()
        held.refresh()
        assert rules_hash(held.folder) == rules_hash(rules)


def test_a_rule_file_that_cannot_be_read_is_named(rules: Path, tmp_path: Path) -> None:
    (rules / "lost.yaml").symlink_to(tmp_path / "nowhere.yaml")
    with pytest.raises(ConfigProblem, match=r"config/rules/lost\.yaml.*cannot be read"):
        hold_rules(rules)
