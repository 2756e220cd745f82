"""What a running service works by, whoever edits config/rules meanwhile."""

import os
import shutil
from pathlib import Path

from extraction.rule_files import rules_hash
from service.in_force import kept_rules
from service.wiring import open_house

CONFIG = Path(__file__).parents[3] / "config"


def test_a_child_that_is_made_after_an_edit_works_by_the_rules_of_before(tmp_path: Path) -> None:
    config, data = tmp_path / "config", tmp_path / "data"
    shutil.copytree(CONFIG, config)
    with open_house(config, {**os.environ, "MICIC_STORE__DATA": str(data), "MICIC_LIMITS__WORKERS": "1"}) as house:
        house.check()
        loaded = house.rules.loaded
        (config / "rules" / "given_names.txt").write_text("zorblatt\n", encoding="utf-8")
        house.sandbox.close()  # as when the one child has done its jobs
        del house.__dict__["sandbox"], house.__dict__["workbench"]
        house.check()
        assert house.workbench.load_rules() == house.rules.loaded == loaded
        kept = kept_rules(data)
        assert kept is not None and rules_hash(kept) == loaded != rules_hash(config / "rules")
