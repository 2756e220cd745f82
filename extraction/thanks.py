"""Whether a mail thanks and says nothing else: each of its words is one of thanks or courtesy, or the writer's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ConfigProblem, Problem
from domain.mail import ParsedMessage, Signal
from extraction.letters import LetterWords, own_lines
from extraction.lexicon import Lexicon, words
from extraction.wordlists import phrases, read_word_list

FILE = "thanks.yaml"
SIGNAL = "thanks"  # the signal that such a mail gives


@dataclass(frozen=True, slots=True, kw_only=True)
class ThanksWords:
    """config/rules/thanks.yaml: a phrase → whether it thanks."""

    lexicon: Lexicon[bool]


def load_thanks_words(folder: Path) -> ThanksWords:
    """ConfigProblem where the file cannot be read, or a mail among its examples is taken for what it is not."""
    listed = read_word_list(folder, FILE)
    beside = ((phrase, False) for phrase in phrases(listed["beside"]))
    thanking = ((phrase, True) for phrase in phrases(listed["thanks"]))
    found = ThanksWords(lexicon=Lexicon((*beside, *thanking)))
    examples = listed.keys("examples")
    problems = [
        *_wrong(found, phrases(examples.get("only_thanks")), wanted=True),
        *_wrong(found, phrases(examples.get("says_more")), wanted=False),
    ]
    if problems:
        raise ConfigProblem(*problems)
    return found


def _wrong(rules: ThanksWords, examples: Iterator[str], *, wanted: bool) -> Iterator[Problem]:
    for example in examples:
        if _only_thanks(example, frozenset(), rules) is not wanted:
            what = "says more than thanks" if wanted else "only thanks"
            message = f"mend the words, or the example: “{' '.join(example.split())}” is taken for a mail that {what}"
            yield Problem(file=f"config/rules/{FILE}", line=None, message=message)


def thanks_signal(message: ParsedMessage, rules: ThanksWords, letters: LetterWords) -> tuple[Signal, ...]:
    """One signal where all that the sender wrote anew, but for what their program added, only thanks; else none."""
    text = "\n".join(own_lines(message.written.split("\n"), letters))
    sender = message.sender
    called = f"{sender.name} {sender.email.partition('@')[0]}" if sender else ""
    if not _only_thanks(text, frozenset(word.key for word in words(called)), rules):
        return ()
    return (Signal(name=SIGNAL, rule=f"{SIGNAL}/only", sentence=" ".join(text.split()), place="body"),)


def _only_thanks(text: str, names: frozenset[str], rules: ThanksWords) -> bool:
    if any(mark in text for mark in "?؟"):
        return False
    found, at, thanks = words(text), 0, False
    while at < len(found):
        match = rules.lexicon.at(found, at)
        if match is not None:
            thanks, at = thanks or match.value, match.last
        elif found[at].key in names:
            at += 1
        else:
            return False
    return thanks
