from dataclasses import replace

import pytest

from extraction.analyser import Analyser
from extraction.rulebook import Rulebook
from extraction.signals import filter_signals, find_signals


def test_a_signal_names_its_sentence_and_place(rulebook: Rulebook) -> None:
    body = "Madame, Monsieur,\n\nMerci de retirer ma candidature\net d'effacer mes données.\n"
    signals = find_signals("Bonjour", body, language="fr", rulebook=rulebook, analyser=Analyser())
    withdrawal = next(signal for signal in signals if signal.name == "withdrawal")
    assert withdrawal.place == "body"
    assert withdrawal.sentence == "Merci de retirer ma candidature et d'effacer mes données."
    assert withdrawal.rule.startswith("signals/withdrawal")


def test_the_subject_of_a_robot_is_read_in_english_whatever_the_mail(rulebook: Rulebook) -> None:
    signals = find_signals(
        "Undelivered Mail Returned to Sender", "Письмо.", language="ru", rulebook=rulebook, analyser=Analyser()
    )
    assert ("bounce", "subject") in {(signal.name, signal.place) for signal in signals}


def test_an_ordinary_mail_signals_no_withdrawal(rulebook: Rulebook) -> None:
    signals = find_signals("CV", "Please find my CV attached.", language="en", rulebook=rulebook, analyser=Analyser())
    assert "withdrawal" not in {signal.name for signal in signals}


@pytest.mark.parametrize(
    ("header", "value", "spam"),
    [
        ("x-spam-flag", "YES", True),
        ("x-spam-flag", "NO", False),
        ("x-spam-status", "Yes, score=9.1 required=5.0", True),
        ("x-spam-status", "No, score=-1.2 required=5.0", False),
        ("x-spam-level", "*******", True),
        ("x-spam-level", "***", False),
        ("x-spam-score", "7.5 (+++++++)", True),
        ("x-spam-score", "-0.2", False),
        ("x-spamd-result", "default: True [16.10 / 15.00]", True),
        ("x-ms-exchange-organization-scl", "9", True),
        ("x-ms-exchange-organization-scl", "-1", False),
        ("x-forefront-antispam-report", "CIP:1.2.3.4;CTRY:;SCL:1;CAT:NONE;", False),
        ("x-forefront-antispam-report", "CIP:1.2.3.4;SCL:5;CAT:PHSH;", True),
        ("x-gm-spam", "0", False),
        ("authentication-results", "mx.evil.example; dmarc=fail", False),
    ],
)
def test_the_mail_server_s_filter_is_heard(rulebook: Rulebook, header: str, value: str, spam: bool) -> None:
    signals = filter_signals([("from", "a@example.com"), (header, value)], rulebook)
    assert [signal.name for signal in signals] == ["filtered"] * spam


def test_half_a_reason_needs_another(rulebook: Rulebook) -> None:
    halves = tuple(replace(one, weight=0.5) for one in rulebook.filters)
    half = replace(rulebook, filters=halves)
    assert filter_signals([("x-spam-flag", "YES")], half) == ()
    assert len(filter_signals([("x-spam-flag", "YES"), ("x-gm-spam", "1")], half)) == 2


def test_what_is_said_in_two_paragraphs_is_heard(rulebook: Rulebook) -> None:
    body = "Dear team,\n\nI applied to you in 2016 with my CV.\n\nHere is a new version of it."
    names = {one.name for one in find_signals("", body, language="en", rulebook=rulebook, analyser=Analyser())}
    assert "update" in names
