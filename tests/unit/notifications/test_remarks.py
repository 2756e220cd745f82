"""What the program says of a message reaches each reader in their language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.mail import ReplyLanguage
from notifications.remarks import read_remarks
from notifications.templates import Templates
from notifications.words import PLACEHOLDER

ROOT = Path(__file__).parents[3]
ROOMS = ("intake", "extraction", "roster", "service")
HOLE = "\0"  # what changes in a sentence
OTHER_LANGUAGES = [language for language in ReplyLanguage if language is not ReplyLanguage.EN]


def sentences(tree: ast.AST) -> Iterator[str]:
    """All texts of a program, each with a hole where something is put in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else HOLE for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.sub(r"\{\w*\}", HOLE, node.value)


@pytest.fixture(scope="module")
def said() -> str:
    """All that the rooms may say, in lower case: the pipeline makes sentences of what readers say."""
    paths = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return "\n".join(one.lower() for path in paths for one in sentences(ast.parse(path.read_text("utf-8"))))


def test_every_sentence_that_is_translated_is_one_that_the_program_says(templates: Templates, said: str) -> None:
    pieces = [
        (remark.texts["en"], piece)
        for remark in templates.remarks.all
        for text in PLACEHOLDER.split(remark.texts["en"])[::2]
        for piece in text.split(". ")
    ]
    gone = {sentence for sentence, piece in pieces if piece.strip(" ,().;:“”").lower() not in said}
    # Put together of several: "Its subject says", "the name (67%)".
    joined = {f"Its {place} says: “{{sentence}}”" for place in ("text", "subject", "header")}
    assert gone - joined == set()


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_a_translation_keeps_every_value(templates: Templates, language: ReplyLanguage) -> None:
    for remark in templates.remarks.all:
        there, here = (sorted(PLACEHOLDER.findall(remark.texts[code])) for code in ("en", language.value))
        assert here == there, remark.texts["en"]


@pytest.mark.parametrize(
    ("sentence", "french"),
    [
        ("A CV came with it.", "Un CV l’accompagne."),
        ("Its text says: “Retirez-moi”", "Son texte dit : « Retirez-moi »"),
        ("It asks a question. Its text says: “Où ?”", "Il pose une question. Son texte dit : « Où ? »"),
        (
            "Recognised with little confidence: the name (67%), a phone number (50%).",
            "Reconnu avec peu de certitude : le nom (67%), un numéro de téléphone (50%).",
        ),
        (
            "the limit is reached: 3 answers to one address in 30 days; mail 4 to the same address waits for a person "
            "already",
            "la limite est atteinte : 3 réponses à une adresse en 30 jours ; l’envoi 4 à la même adresse attend déjà "
            "une décision",
        ),
        (
            "It was sent to many at once. Nobody is answered, but it may be a person's application.",
            "Il a été envoyé à de nombreux destinataires à la fois. Personne ne reçoit de réponse, mais ce peut être "
            "la candidature de quelqu’un.",
        ),
        ("A sentence of a later version.", "A sentence of a later version."),
    ],
)
def test_a_sentence_is_told_with_its_values(templates: Templates, sentence: str, french: str) -> None:
    assert templates.remarks.said(sentence, ReplyLanguage.FR) == french
    assert templates.remarks.said(sentence, ReplyLanguage.EN) == sentence


def test_only_values_are_made_fit_to_be_shown(templates: Templates) -> None:
    told = templates.remarks.said("Its text says: “one\ntwo”", ReplyLanguage.ES, lambda value: value.replace("\n", " "))
    assert told == "Su texto dice: «one two»"


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("text", None, "must be a list"),
        ("- en: [", 1, "is no valid YAML"),
        ("- fr: Un CV", 1, "begins with `- en:`"),
        ("- en: A CV", 1, "has no ar"),
        ("- en: A CV\n  fr: '{n} CV'\n  es: CV\n  ar: CV\n  ru: CV", 2, "cannot hold {n}: there is none"),
        ("- en: A CV\n  fr: ''\n  es: CV\n  ar: CV\n  ru: CV", 2, "fr needs a text"),
        ("- en: A CV\n  fr: CV\n  es: CV\n  ar: CV\n  ru: CV\n  de: CV", 6, "no language is called de"),
    ],
)
def test_a_mistake_in_the_remarks_is_told_with_its_line(source: str, line: int | None, message: str) -> None:
    remarks, problems = read_remarks(source)
    assert remarks is None
    assert any(at == line and message in told for at, told in problems), problems
