"""What it costs to load the rules of five languages and to make a profile of a text of two pages.

    .venv/bin/python -m benchmarks.understanding [--rounds 30]

One process, one core. Loading is counted once, from no rule read to all five languages ready; the rest is warm, and of
many rounds the fastest counts, since other work on the machine only ever makes it slower. Tokenising and matching
stands beside the bare tokeniser of spaCy's blank pipelines on the same text.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import spacy

from domain.profile import ReadDocument
from extraction.analyser import LANGUAGES
from extraction.readers.limits import ReadLimits
from extraction.readers.plain import read_text
from extraction.rulebook import find
from extraction.understand import Understander
from tests.integration.extraction.cvs import ALL
from tests.unit.extraction.cvs import mail

RULES = Path(__file__).parents[1] / "config" / "rules"
NOW = datetime(2018, 3, 15, tzinfo=UTC)
TWO_PAGES = 4000  # characters
FRENCH = "xx"  # importing spaCy's own takes 3 s; its tokeniser costs the same


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    start = time.process_time()
    understander = Understander.load(RULES, essential_languages=LANGUAGES)
    gc.freeze()  # as in the sandbox
    for language in LANGUAGES:
        find("a", language, rulebook=understander.rulebook, analyser=understander.analyser)
    print(f"rules of five languages loaded in {time.process_time() - start:.2f} s of CPU")
    print(f"{'':10}{'profile ms':>12}{'match ms':>12}{'spaCy ms':>12}{'times as long':>15}")
    for cv in ALL:
        text = longer(cv.text)
        profile = fastest(lambda text=text: profile_of(text, understander), rounds)  # type: ignore[misc]
        ours = fastest(lambda text=text, cv=cv: matched(text, cv.language, understander), rounds)  # type: ignore[misc]
        bare = spacy.blank(FRENCH if cv.language == "fr" else cv.language).tokenizer
        theirs = fastest(lambda text=text, bare=bare: bare(text), rounds)  # type: ignore[misc]
        print(f"{cv.language:10}{profile * 1000:12.1f}{ours * 1000:12.2f}{theirs * 1000:12.2f}{ours / theirs:15.2f}")


def longer(text: str) -> str:
    """Two pages of it; no sentence is like another, since the same sentence counts once."""
    pieces = [text]
    while sum(map(len, pieces)) < TWO_PAGES:
        pieces.append("\n".join(f"{line} {len(pieces)}" for line in text.splitlines()))
    return "\n".join(pieces)[:TWO_PAGES]


def profile_of(text: str, understander: Understander) -> object:
    document = ReadDocument(part_path="2", file_name="cv.txt", digest="", text=read_text(text, ReadLimits()))
    return understander.understand(mail(), (document,), now=NOW)


def matched(text: str, language: str, understander: Understander) -> object:
    understander.analyser.forget()  # what it keeps of the texts before
    return find(text, language, rulebook=understander.rulebook, analyser=understander.analyser)


def fastest(call: Callable[[], object], rounds: int) -> float:
    """Seconds of CPU."""
    taken = []
    for _ in range(rounds + 1):
        start = time.process_time()
        call()
        taken.append(time.process_time() - start)
    return min(taken[1:])


if __name__ == "__main__":
    main()
