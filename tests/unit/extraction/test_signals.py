from pathlib import Path

import pytest

from extraction.analyser import Analyser
from extraction.rulebook import Rulebook, load_rulebook
from extraction.signals import find_signals


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook(Path(__file__).parents[3] / "config" / "rules")


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
