"""Short mails by many hands, in five languages, through the shipped rules: each is what a careful reader says it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from domain.mail import Kind, Triage
from domain.profile import ReadDocument
from extraction.readers.limits import ReadLimits
from extraction.readers.plain import read_text
from extraction.understand import Understander
from intake.triage import triage
from tests.unit.intake.test_triage import NOTHING, OWN, PDF

MAILS = Path(__file__).parent / "mails"
RULES = Path(__file__).parents[3] / "config" / "rules"
ALL = (
    "first.yaml",
    "second.yaml",
    "third.yaml",
    "fourth.yaml",
    "fifth.yaml",
    "sixth.yaml",
    "seventh.yaml",
    "eighth.yaml",
)
MACHINES = frozenset({Kind.AUTO_REPLY, Kind.BOUNCE, Kind.SPAM})
FLOORS = dict.fromkeys(Kind, 0.93)
NOW = datetime(2018, 5, 14, tzinfo=UTC)
ATTACHED = {
    "cv": "Curriculum Vitae\nMaria Okello\nmaria@example.com\nExperience\n2010 – 2018 Adviser, Ministry of Interior\n"
    "2004 – 2010 Officer, Consulate General\nEducation\n2003 MA International Law\nLanguages\nEnglish: fluent",
    "paper": "Call for experts\nTerms of reference\nThe organisation seeks experts of migration. Applications are "
    "welcome until further notice. The experts will be contracted for missions of up to three weeks.",
    "locked": None,
    "-": None,
}


@dataclass(frozen=True, slots=True)
class Mail:
    kind: Kind
    attached: str
    subject: str
    body: str


def mails(*files: str) -> Iterator[Mail]:
    for name in files:
        languages = YAML(typ="safe").load((MAILS / name).read_text(encoding="utf-8"))
        for rows in languages.values():
            for kind, attached, subject, body in rows:
                yield Mail(Kind(kind), attached, subject, body)


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander.load(RULES, essential_languages=("en", "fr"))


def read(mail: Mail, understander: Understander) -> Triage:
    text = ATTACHED[mail.attached]
    documents = (
        ()
        if mail.attached == "-"
        else (
            ReadDocument(
                part_path="2",
                file_name="file.pdf",
                digest=PDF.digest,
                text=read_text(text, ReadLimits()) if text else None,
                unreadable=None if text else "It opens with a password only.",
            ),
        )
    )
    message = replace(
        NOTHING,
        subject=mail.subject,
        body=mail.body,
        written=mail.body,
        parts=() if mail.attached == "-" else (PDF,),
    )
    understanding = understander.understand(message, documents, now=NOW)
    return triage(message, understanding, own_addresses=OWN)


@pytest.mark.parametrize(("kind", "floor"), FLOORS.items())
def test_mails_are_what_their_writers_meant(kind: Kind, floor: float, understander: Understander) -> None:
    """A share, not each one: nobody's rules read everybody's words, and rules made for single mails read no other."""
    wanted = [mail for mail in mails("first.yaml", "second.yaml") if mail.kind is kind]
    missed = [mail.subject for mail in wanted if read(mail, understander).kind is not kind]
    assert 1 - len(missed) / len(wanted) >= floor, missed


@pytest.mark.parametrize("mail", [mail for mail in mails(*ALL) if mail.kind in MACHINES], ids=lambda m: m.subject)
def test_no_machine_is_answered(mail: Mail, understander: Understander) -> None:
    assert read(mail, understander).answer is None


@pytest.mark.parametrize(
    "mail", [mail for mail in mails("first.yaml", "second.yaml") if mail.attached == "locked"], ids=lambda m: m.subject
)
def test_a_file_that_cannot_be_read_is_put_before_a_person(mail: Mail, understander: Understander) -> None:
    assert read(mail, understander).review


@pytest.mark.parametrize(
    ("file", "floor"),
    {
        "third.yaml": 0.93,
        "fourth.yaml": 0.95,
        "fifth.yaml": 0.9,
        "sixth.yaml": 0.93,
        "seventh.yaml": 0.95,
        "eighth.yaml": 0.74,
    }.items(),
)
def test_words_that_no_rule_lists_as_they_stand_are_read(file: str, floor: float, understander: Understander) -> None:
    """Nobody looked at which mails of the fifth set are missed while rules were written: its share is honest."""
    wanted = list(mails(file))
    missed = sum(read(mail, understander).kind is not mail.kind for mail in wanted)
    assert 1 - missed / len(wanted) >= floor
