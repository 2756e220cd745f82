from datetime import date
from pathlib import Path

import pytest

from domain.call import Call
from domain.errors import ConfigProblem
from domain.mail import ReplyLanguage
from domain.profile import THEMES
from service.call import load_call

SHIPPED = Path(__file__).parents[3] / "config"


def load(folder: Path, *changes: tuple[str, str]) -> Call:
    """The shipped call with some of its text replaced."""
    text = (SHIPPED / "call.yaml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "call.yaml").write_text(text, "utf-8")
    return load_call(folder)


def problems(folder: Path, *changes: tuple[str, str]) -> list[str]:
    with pytest.raises(ConfigProblem) as caught:
        load(folder, *changes)
    return [problem.message for problem in caught.value.problems]


def test_the_shipped_call_is_open_and_speaks_five_languages() -> None:
    call = load_call(SHIPPED)
    assert call.opens == date(2016, 7, 1)
    assert not call.closed_on(date(2030, 1, 1))
    assert call.languages == tuple(ReplyLanguage)
    assert call.essential_languages == ("en", "fr")
    assert set(call.themes) == set(THEMES)
    for words in (call.name, call.signature, call.privacy_notice, *call.themes.values()):
        assert set(words) == set(ReplyLanguage)
        assert len(set(words.values())) == 5


def test_the_notice_names_the_roster_its_sole_use_and_the_way_out() -> None:
    notice = load_call(SHIPPED).privacy_notice[ReplyLanguage.EN]
    for words in ("internal tool", "used solely for ICMPD’s activities", "withdraw", "erased", "reply to this message"):
        assert words in notice


def test_a_closing_date_closes_the_call_after_that_day(tmp_path: Path) -> None:
    call = load(tmp_path, ("closes:\n", "closes: 2019-01-31\n"), ("after_closing: true", "after_closing: false"))
    assert not call.closed_on(date(2019, 1, 31))
    assert call.closed_on(date(2019, 2, 1))
    assert not call.keep_after_closing


def test_every_problem_of_the_call_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    changes = (("opens: 2016-07-01", "opens: July"), ("mailbox: icmpd", "mailbox: at icmpd"), ("closes:", "closed:"))
    with pytest.raises(ConfigProblem) as caught:
        load(tmp_path, *changes)
    lines = (tmp_path / "call.yaml").read_text("utf-8").splitlines()
    assert [(lines[problem.line - 1], problem.message) for problem in caught.value.problems if problem.line] == [
        (
            "mailbox: at icmpd-micic@icmpd.org",
            "mailbox must be one mail address such as name@example.org, and nothing else",
        ),
        ("opens: July", "opens must be a date such as 2016-07-01"),
        ("closed:", '"closed" is not known here: did you mean "closes"?'),
    ]


def test_a_theme_must_be_one_of_the_call(tmp_path: Path) -> None:
    assert problems(tmp_path, ("  crisis_migration:", "  crisis_migrations:")) == [
        '"crisis_migrations" is not known in themes: did you mean "crisis_migration"?',
        "themes.crisis_migration is missing: give its name in each language of the call",
    ]


def test_a_text_must_stand_in_every_language_of_the_call(tmp_path: Path) -> None:
    french = '    fr: "Action humanitaire"\n'
    assert problems(tmp_path, (french, "")) == [
        "themes.humanitarian_action.fr is missing: every language of the call needs its words"
    ]
    load(tmp_path, (french, ""), ("languages: [en, fr, es, ar, ru]", "languages: [en, es, ar, ru]"))


def test_the_call_cannot_close_before_it_opens(tmp_path: Path) -> None:
    assert problems(tmp_path, ("closes:\n", "closes: 2015-01-01\n")) == ["closes must not be before opens, 2016-07-01"]


def test_a_missing_call_is_a_problem_of_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigProblem, match=r"call.yaml: cannot be read: No such file"):
        load_call(tmp_path)
