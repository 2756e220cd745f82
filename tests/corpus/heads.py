"""Measure how well the heads of CVs are read: names, contacts, nationality, residence, degree, years.

    python -m tests.corpus.heads [--half 0|1] [--only PATTERN] [--misses]

The CVs are in heads/LANGUAGE.yaml and in further sets, heads/LANGUAGE-2.yaml: a text each, marked as a reader would
hand it over (`# ` a heading, `| a | b |` a row, `- ` a list item, `^ ` a page header; `form: txt` goes through the
reader of plain text), and what a careful reader would make of it. `also`: other forms of the name that are right too;
`skip`: what two readers could differ on.
They were written from what professionals send, before the code that they measure, and stand in two halves (even and odd
places in a file): one to work with, one to look at as figures only.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from domain.mail import Address, ParsedMessage
from domain.profile import Block, BlockKind, DocumentText, Profile, ReadDocument
from extraction.readers.limits import ReadLimits
from extraction.readers.plain import read_text
from extraction.understand import Understander
from tests.corpus.score import name_tokens

HEADS = Path(__file__).with_name("heads")
RULES = Path(__file__).parents[2] / "config" / "rules"
SENT = datetime(2018, 3, 15, 9, 0, tzinfo=UTC)
FIELDS = ("people", "name", "emails", "phones", "nationalities", "residence", "degree", "years", "doubts")

Case = dict[str, Any]


def cases(*, half: int | None = None, only: str = "*") -> Iterator[tuple[str, Case]]:
    """Language and case, of one half or of both."""
    for path in sorted(HEADS.glob("*.yaml")):
        for place, case in enumerate(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))):
            if half in (None, place % 2) and fnmatch(case["id"], only):
                yield path.stem[:2], case


def document(case: Case) -> ReadDocument:
    if case.get("form") == "txt":
        text = read_text(case["text"], ReadLimits())
    else:
        text = DocumentText(blocks=tuple(_blocks(case["text"])), reader="heads/1")
    return ReadDocument(part_path="2", file_name="cv.docx", digest=case["id"], text=text)


def _blocks(text: str) -> Iterator[Block]:
    table, in_table = 0, False
    for line in filter(None, map(str.strip, text.splitlines())):
        row = line.startswith("|") and line.endswith("|") and line.count("|") > 1
        table += row and not in_table
        in_table = row
        if row:
            cells = tuple(cell.strip() for cell in line[1:-1].split("|"))
            yield Block(text=" | ".join(cells), kind=BlockKind.ROW, cells=cells, table=table)
        elif mark := re.match(r"(#+|\^|-)\s+", line):
            kind = {"#": BlockKind.HEADING, "^": BlockKind.HEADER, "-": BlockKind.LIST_ITEM}[mark[0][0]]
            yield Block(text=line[mark.end() :], kind=kind)
        else:
            yield Block(text=line)


SALUTATIONS = {
    "en": "Dear colleagues,\n\nplease find my CV below.",
    "fr": "Madame, Monsieur,\n\nveuillez trouver ci-dessous mon CV.",
    "es": "Estimados señores:\n\nles envío a continuación mi hoja de vida.",
    "ar": "السادة المحترمون،\n\nأرسل لكم سيرتي الذاتية أدناه.",
    "ru": "Уважаемые коллеги,\n\nнаправляю своё резюме ниже.",
}


def in_body(case: Case, language: str) -> Case:
    """The same CV typed into the body of a mail."""
    lines = []
    for line in case["text"].splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        if line.strip().startswith("|"):
            lines.append(f"{cells[0]}: {cells[1]}" if len(cells) == 2 else " | ".join(cells))
        else:
            lines.append(re.sub(r"^\s*(?:#+|\^)\s+", "\n" if line.lstrip().startswith("#") else "", line))
    return case | {"body": SALUTATIONS[language] + "\n\n" + "\n".join(lines)}


def message(case: Case) -> ParsedMessage:
    """The mail that brought the CV: as bare as can be, unless the case says more."""
    given, _, address = case.get("sender", "<someone@example.org>").partition("<")
    return ParsedMessage(
        message_id=None,
        sent_at=SENT,
        sender=Address(name=given.strip(), email=address.rstrip(">")),
        reply_to=(),
        recipients=(),
        return_path=None,
        subject="",
        in_reply_to=(),
        references=(),
        headers=(),
        body=case.get("body", ""),
        written=case.get("body", ""),
        parts=(),
        nested=(),
        defects=(),
    )


def judged(case: Case, people: tuple[Profile, ...]) -> dict[str, tuple[bool, str]]:
    """Field by field: whether it is right, and in words what was found where it is not."""
    found = {"people": (len(people) == 1, f"{len(people)} people: {[one.name for one in people]}")}
    if len(people) != 1:
        missed = (field for field in FIELDS if field != "people" and field not in case.get("skip", ()))
        return found | dict.fromkeys(missed, (False, ""))
    person = people[0]
    names = [name_tokens(name) for name in (case["name"], *case.get("also", ()))]
    found["name"] = name_tokens(person.name) in names, person.name
    for field in ("emails", "phones", "nationalities"):
        value = getattr(person, field)
        found[field] = set(value) == set(case[field]), f"{list(value)} for {case[field]}"
    found["residence"] = person.residence == case["residence"], f"{person.residence} for {case['residence']}"
    found["degree"] = person.highest_degree == case["degree"], f"{person.highest_degree} for {case['degree']}"
    years = person.years_experience
    near = years is not None and abs(years - case["years"]) <= 2
    found["years"] = near, f"{years} for {case['years']}"
    found["doubts"] = bool(person.doubts) == case.get("doubts", False), f"{list(person.doubts)}"
    return {field: value for field, value in found.items() if field not in case.get("skip", ())}


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--half", type=int, choices=(0, 1))
    wanted.add_argument("--only", default="*")
    wanted.add_argument("--misses", action="store_true")
    wanted.add_argument("--body", action="store_true", help="the CVs typed into the body of the mail")
    options = wanted.parse_args()
    understander = Understander.load(RULES, essential_languages=("en", "fr"))
    right: Counter[tuple[str, str]] = Counter()
    of: Counter[tuple[str, str]] = Counter()
    for language, case in cases(half=options.half, only=options.only):
        if options.body and "body" in case:
            continue
        seen = in_body(case, language) if options.body else case
        made = understander.understand(message(seen), [] if options.body else [document(case)], now=SENT)
        results = judged(case, made.people)
        results["whole"] = all(good for good, _ in results.values()), ""
        for field, (good, told) in results.items():
            for group in (language, "all"):
                right[group, field] += good
                of[group, field] += 1
            if options.misses and not good and field != "whole":
                print(f"{case['id']:6} {field}: {told}")
    for group in ("all", "en", "fr", "es", "ar", "ru"):
        figures = (f"{field} {right[group, field]}/{of[group, field]}" for field in (*FIELDS, "whole"))
        print(f"{group:4}", "  ".join(figures))


if __name__ == "__main__":
    main()
