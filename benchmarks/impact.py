"""How long the effect of one changed term takes to tell over a roster of 10,000 stored CVs.

    .venv/bin/python -m benchmarks.impact [--cvs 10000]

SQLite, one core. The CVs are of sentences that the rules have as examples, among lines that say nothing to the call.
Rules and terms are loaded before; what is measured is finding the CVs by the index and tagging them by both states.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from domain.mail import MessageKey
from domain.ports import BlobRef
from domain.profile import Block, DocumentKind, SectionKind
from extraction.analyser import LANGUAGES, Analyser
from extraction.outline import outline_of, stems_of
from extraction.rulebook import Rulebook, load_rulebook
from extraction.rulebook.terms import term_index
from extraction.structure import Outlined, PlacedBlock, Section, Structure
from roster import ledger
from roster.ledger import Arrival
from roster.store import Store, open_store
from roster.tables import cv_version, person
from service.impact import TagRules, impact

RULES = Path(__file__).parents[1] / "config" / "rules"
NOW = datetime(2018, 3, 15, tzinfo=UTC)
LINES = 45  # two pages
TELLING = 4  # of them, sentences of the rules' examples
TERMS = 15  # of each kind of edit
SYLLABLES = ("ba", "ko", "li", "mer", "nu", "sta", "tor", "vi", "zen", "dra")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cvs", type=int, default=10_000)
    number = parser.parse_args().cvs
    analyser, rulebook = Analyser(), load_rulebook(RULES)
    for language in LANGUAGES:
        term_index(rulebook, analyser, language)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/micic.db")
        fill(store, number, rulebook, analyser)
        print(f"{'edit':44}{'touched':>8}{'changes':>9}{'ms of CPU':>11}")
        chance = random.Random(5)
        for name, edited in edits(rulebook, store, chance):
            for language in LANGUAGES:
                term_index(edited, analyser, language)
            start = time.process_time()
            found = impact(store, TagRules(rulebook=rulebook), TagRules(rulebook=edited), analyser)
            taken = time.process_time() - start
            print(f"{name[:42]:44}{found.looked_at:8}{len(found.changes):9}{taken * 1000:11.0f}")
        store.close()


def edits(rulebook: Rulebook, store: Store, chance: random.Random) -> Iterator[tuple[str, Rulebook]]:
    """One phrase taken out of a rule, or a word that stands in some CVs put into one."""
    phrases = [
        (place, language, phrase)
        for place, rule in enumerate(rulebook.rules)
        if rule.group.startswith("themes/")
        for language, listed in rule.phrases.items()
        for phrase in listed
    ]
    for place, language, phrase in chance.sample(phrases, TERMS):
        left = tuple(one for one in rulebook.rules[place].phrases[language] if one != phrase)
        yield f"- {phrase}", with_phrases(rulebook, place, language, left)
    with store.read() as db:
        rows = db.execute(sa.select(cv_version.c.language, cv_version.c.text).limit(500)).all()
    for language, text in chance.sample(rows, TERMS):
        place, word = chance.choice(phrases)[0], chance.choice(text.split())
        listed = rulebook.rules[place].phrases.get(language, ())
        yield f"+ {word}", with_phrases(rulebook, place, language, (*listed, word))


def with_phrases(rulebook: Rulebook, place: int, language: str, listed: tuple[str, ...]) -> Rulebook:
    rules = list(rulebook.rules)
    rules[place] = replace(rules[place], phrases={**rules[place].phrases, language: listed})
    return replace(rulebook, rules=tuple(rules))


def fill(store: Store, number: int, rulebook: Rulebook, analyser: Analyser) -> None:
    chance = random.Random(4)
    arrivals = [
        Arrival(
            key=MessageKey(mailbox="INBOX", uid_validity=1, uid=one),
            ref=BlobRef(digest=f"{one:064}", size=1),
            arrived_at=NOW,
            sender_key=None,
        )
        for one in range(1, number + 1)
    ]
    ledger.record(store, arrivals, now=NOW)
    people, versions = [], []
    for one in range(1, number + 1):
        cv = cv_of(chance, rulebook)
        people.append({"id": one, "name": "Ana", "search_name": "ana", "nationalities": (), "entered_with": one,
                       "cv_at": NOW, "created_at": NOW, "updated_at": NOW})  # fmt: skip
        versions.append({"person": one, "message": one, "part_path": "2", "digest": "", "arrived_at": NOW, "kind": "cv",
                         "language": cv.structure.language, "reader": "", "text": cv.structure.text,
                         "stems": stems_of(cv, analyser), "outline": outline_of(cv)})  # fmt: skip
    with store.begin() as db:
        db.execute(sa.insert(person), people)
        db.execute(sa.insert(cv_version), versions)


def cv_of(chance: random.Random, rulebook: Rulebook) -> Outlined:
    language = chance.choice(LANGUAGES)
    said = examples(rulebook, language)
    lines = [" ".join(word(chance) for _ in range(12)) for _ in range(LINES - TELLING)]
    lines[10:10] = chance.sample(said, TELLING)
    placed, start = [], 0
    for line in lines:
        placed.append(PlacedBlock(block=Block(text=line), start=start, end=start + len(line)))
        start += len(line) + 1
    section = Section(kind=SectionKind.EXPERIENCE, heading="", blocks=tuple(placed))
    structure = Structure(
        part_path="2",
        text="\n".join(lines),
        language=language,
        kind=DocumentKind.CV,
        sections=(section,),
        posts=(),
    )
    return Outlined(structure=structure, stretches=(((section.start, section.end, language),),))


@cache
def examples(rulebook: Rulebook, language: str) -> tuple[str, ...]:
    rules = [rule for rule in rulebook.rules if rule.group.startswith(("themes/", "inputs/"))]
    return tuple(sentence for rule in rules for sentence in rule.matches.get(language, ()))


def word(chance: random.Random) -> str:
    """Some of them often, most of them seldom, as words are."""
    return "".join(SYLLABLES[int(len(SYLLABLES) * chance.random() ** 2)] for _ in range(chance.choice((2, 3, 4))))


if __name__ == "__main__":
    main()
