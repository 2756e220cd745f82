from __future__ import annotations

from pathlib import Path

import pytest

from extraction.person import PersonRules, load_person_rules
from extraction.person.disowned import given_up

OLD, NEW = "old.peter@example.net", "peter@example.com"

# Sentence, and what it gives up. Numbers are Kenyan.
SENTENCES = [
    (f"Please note that {OLD} no longer works.", OLD),
    (f"Do not use {OLD}.", OLD),
    (f"I have changed my e-mail: {NEW} instead of {OLD}.", OLD),
    (f"Please use {NEW}, not {OLD}.", OLD),
    (f"New e-mail: {NEW} (the former, {OLD}, has been deactivated).", OLD),
    (f"The address {OLD} in my CV is out of date; write to {NEW}.", OLD),
    ("Tel. 0733 000 111 (old), +254 722 111 222 (new)", "+254733000111"),
    ("+254 722 111 222 (my old number, 0733 000 111, is out of service)", "+254733000111"),
    (f"N'utilisez plus {OLD}.", OLD),
    (f"Merci d'écrire à {NEW} et non à {OLD}.", OLD),
    (f"L'adresse {OLD} qui figure dans mon CV est périmée.", OLD),
    (f"Escríbanme a {NEW} y no a {OLD}.", OLD),
    (f"El correo {OLD} ya no funciona.", OLD),
    (f"Пишите на {NEW}, а не на {OLD}.", OLD),
    (f"Адрес {OLD}, указанный в резюме, устарел, пишите на {NEW}.", OLD),
    (f"غيرت بريدي: {NEW} بدلا من {OLD}.", OLD),
    (f"البريد {OLD} المذكور في السيرة غير صالح، راسلوني على {NEW}.", OLD),
]
KEPT = [
    "Quedo pendiente de cualquier consulta en el 0733 000 111 (también whatsapp).",
    f"My address is {OLD}.",
    f"My new address is {NEW}; the old one I have closed.",
    "I live in the old town, 0733 000 111.",
]


@pytest.fixture(scope="module")
def rules() -> PersonRules:
    return load_person_rules(Path(__file__).parents[3] / "config" / "rules")


@pytest.mark.parametrize(("sentence", "gone"), SENTENCES, ids=[sentence for sentence, _ in SENTENCES])
def test_a_sentence_gives_up_the_address_that_it_means(rules: PersonRules, sentence: str, gone: str) -> None:
    assert set(given_up(sentence, "KE", rules)) == {gone}


@pytest.mark.parametrize("sentence", KEPT)
def test_an_address_that_is_only_named_is_kept(rules: PersonRules, sentence: str) -> None:
    assert set(given_up(sentence, "KE", rules)) == set()
