"""Staff see what a template says before anybody gets it, without a mailbox."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from domain.errors import ConfigProblem
from domain.mail import ReplyLanguage
from notifications import sample_days, samples
from notifications.templates import ACKNOWLEDGEMENTS
from service.commands import app
from service.commands.preview import show

CONFIG = Path(__file__).parents[3] / "config"


def preview(*arguments: str, config: Path = CONFIG) -> str:
    result = CliRunner().invoke(app, ["preview", "--config", str(config), *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_without_arguments_everything_that_there_is_is_named() -> None:
    told = preview()
    for name in (*ACKNOWLEDGEMENTS, "digest", *ReplyLanguage, *samples.letters(), *sample_days.pages()):
        assert name in told


def test_a_letter_is_shown_as_it_is_sent_and_as_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    told = preview("--template", "received", "--language", "ar", "--case", "without-name", "--html", str(page))
    subject, _, text = told.partition("\n\n")
    assert subject == "Subject: Re: Expert roster"
    assert "CV.pdf" in text
    assert "Amina" not in text
    assert max(map(len, text.splitlines())) <= 78
    assert 'dir="rtl"' in page.read_text(encoding="utf-8")


def test_it_needs_no_settings_and_shows_the_words_of_the_call_itself(tmp_path: Path) -> None:
    shutil.copytree(CONFIG / "templates", tmp_path / "templates")
    shutil.copy(CONFIG / "call.yaml", tmp_path)
    told = preview("--template", "enquiry", config=tmp_path)
    assert "ICMPD" in told


@pytest.mark.parametrize("case", sample_days.pages())
def test_the_digest_is_shown_in_each_case(case: str) -> None:
    assert "Expert Roster" in preview("--template", "digest", "--case", case)


@pytest.mark.parametrize(
    ("template", "language", "case"), [("no", "en", "full"), ("update", "de", "full"), ("digest", "en", "without-name")]
)
def test_what_there_is_not_is_answered_with_what_there_is(template: str, language: str, case: str) -> None:
    with pytest.raises(ConfigProblem, match=r"there is no .*, only "):
        show(CONFIG, template=template, language=language, case=case, html=None)


def test_a_mistake_is_told_by_file_and_line(tmp_path: Path) -> None:
    config = Path(shutil.copytree(CONFIG, tmp_path / "config"))
    file = config / "templates/update/es.txt"
    file.write_text("Subject: {{ nothing }}\n\nText", encoding="utf-8")
    with pytest.raises(ConfigProblem, match=r"config/templates/update/es\.txt:1: "):
        show(config, template="update", language="en", case="full", html=None)


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigProblem, match="cannot be written"):
        show(CONFIG, template="update", language="en", case="full", html=tmp_path / "file" / "page.html")
