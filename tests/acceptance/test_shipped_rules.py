"""The rules as we ship them do what they say."""

from pathlib import Path

from typer.testing import CliRunner

from extraction.analyser import Analyser
from extraction.rulebook import check_rules
from service.commands import app

SHIPPED = Path(__file__).parents[2] / "config" / "rules"


def test_the_shipped_rules_hold_nothing_to_mend() -> None:
    assert [str(remark.problem) for remark in check_rules(SHIPPED, Analyser()) if remark.wrong] == []


def test_the_command_is_content_with_them_and_counts_its_advice() -> None:
    result = CliRunner().invoke(app, ["rules", "check", "--config", str(SHIPPED.parent)])
    assert result.exit_code == 0
    assert result.output.startswith("0 to mend; advice: ")
