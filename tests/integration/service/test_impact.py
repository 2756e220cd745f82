"""What an edit of the rules would change: by way of the index the same as by tagging the whole roster again."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from domain.profile import Block, BlockKind, DocumentText, ReadDocument, SectionKind
from extraction.rule_files import rules_hash
from extraction.rulebook import Rule, Rulebook
from extraction.understand import Understander
from roster.store import Store, open_store
from roster.tables import cv_version, tag
from service.commands import app
from service.impact import Impact, TagRules, impact
from service.in_force import keep_rules, kept_rules
from tests.integration.roster.cases import NOW, decision, profile, take_in
from tests.unit.extraction.cvs import mail

RULES = Path(__file__).parents[3] / "config" / "rules"
EDITS = 50
PEOPLE = 40
WORK = {
    "en": "Work experience",
    "fr": "Expérience professionnelle",
    "es": "Experiencia profesional",
    "ar": "الخبرة المهنية",
    "ru": "Опыт работы",
}
Terms = Mapping[str, tuple[str, ...]]


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander.load(RULES, essential_languages=("en",))


@pytest.fixture(scope="module")
def roster(understander: Understander, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """CVs of sentences that rules have as examples, each with a section in a second language."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('roster') / 'micic.db'}")
    chance = random.Random(2018)
    for number in range(1, PEOPLE + 1):
        enter(store, number, cv_of(chance, understander.rulebook), understander)
    yield store
    store.close()


def cv_of(chance: random.Random, rulebook: Rulebook) -> tuple[Block, ...]:
    blocks = [Block(text=f"Ana Example{chance.randrange(10**6)}", kind=BlockKind.HEADING)]
    for language in chance.sample(list(WORK), 2):
        said = [sentence for rule in rulebook.rules for sentence in of_rule(rule, language)]
        blocks.append(Block(text=WORK[language], kind=BlockKind.HEADING))
        blocks += [Block(text=f"2011 - 2014 {sentence}") for sentence in chance.sample(said, 5)]
    return tuple(blocks)


def of_rule(rule: Rule, language: str) -> tuple[str, ...]:
    return (*rule.matches.get(language, ()), *rule.no_matches.get(language, ()))


def enter(store: Store, number: int, blocks: tuple[Block, ...], understander: Understander) -> None:
    document = ReadDocument(
        part_path="2", file_name="cv.docx", digest="", text=DocumentText(blocks=blocks, reader="test/1")
    )
    seen = understander.understand(mail(), (document,), now=NOW)
    (person,) = seen.people
    address = f"ana{number}@example.org"
    person = replace(person, name=f"Ana Example {number}", emails=(address,), phones=())
    decided = replace(
        decision(profile(), sender=address),
        understanding=replace(seen, people=(person,)),
        documents=(document,),
    )
    take_in(store, number, decided)


def tried(store: Store, old: Rulebook, new: Rulebook, understander: Understander, *, full: bool = False) -> Impact:
    return impact(store, TagRules(rulebook=old), TagRules(rulebook=new), understander.analyser, full=full)


def test_an_edit_changes_by_the_index_what_it_changes_by_tagging_all_anew(
    roster: Store, understander: Understander
) -> None:
    old, chance = understander.rulebook, random.Random(4)
    effective = bounded = 0
    for number in range(EDITS):
        edit = ALL_EDITS[number % len(ALL_EDITS)]
        new = edit(old, chance)
        quick = tried(roster, old, new, understander)
        assert quick.changes == tried(roster, old, new, understander, full=True).changes, edit.__name__
        effective += bool(quick.changes)
        bounded += quick.looked_at < PEOPLE
    assert effective >= EDITS // 10  # else there was nothing to compare
    assert bounded >= EDITS // 2


def test_nothing_changes_without_an_edit(roster: Store, understander: Understander) -> None:
    found = tried(roster, understander.rulebook, replace(understander.rulebook), understander)
    assert (found.looked_at, found.changes, found.unbounded) == (0, (), False)


def test_what_is_worth_of_a_section_touches_everybody(roster: Store, understander: Understander) -> None:
    old = understander.rulebook
    work = replace(old.sections[SectionKind.EXPERIENCE], weight=0.0, reason="not counted")
    found = tried(roster, old, replace(old, sections={**old.sections, SectionKind.EXPERIENCE: work}), understander)
    assert found.unbounded and found.looked_at == PEOPLE
    assert {change.gained for change in found.changes} == {False}
    assert {change.reason for change in found.changes} >= {"not counted"}


def test_what_a_person_has_decided_no_edit_changes(roster: Store, understander: Understander) -> None:
    old = understander.rulebook
    nothing = replace(old, rules=tuple(rule for rule in old.rules if not rule.group.startswith("themes/")))
    before = tried(roster, old, nothing, understander).changes
    first = before[0]
    with roster.begin() as db:
        theirs = (tag.c.person == first.person, tag.c.key == first.key)
        db.execute(sa.update(tag).where(*theirs).values(confirmed=True))
    after = tried(roster, old, nothing, understander).changes
    with roster.begin() as db:
        db.execute(sa.update(tag).where(*theirs).values(confirmed=None))
    assert first not in after and set(before) > set(after)


def test_the_roster_holds_what_the_rules_in_force_find(roster: Store, understander: Understander) -> None:
    """Else an impact would be told against something that is not there."""
    old = understander.rulebook
    nothing = replace(old, rules=())
    lost = {(change.person, change.key) for change in tried(roster, old, nothing, understander).changes}
    with roster.read() as db:
        held = {(row.person, row.key) for row in db.execute(sa.select(tag.c.person, tag.c.key).where(tag.c.holds))}
    assert lost == held


def test_a_cv_of_an_older_program_is_counted_as_unknown(roster: Store, understander: Understander) -> None:
    old = understander.rulebook
    which = sa.update(cv_version).where(cv_version.c.person == 1)
    with roster.begin() as db:
        kept = db.execute(sa.select(cv_version.c.outline).where(cv_version.c.person == 1)).scalar_one()
        db.execute(which.values(outline=""))
    found = tried(roster, old, replace(old, rules=()), understander)
    with roster.begin() as db:
        db.execute(which.values(outline=kept))
    assert found.unknown == 1 and 1 not in {change.person for change in found.changes}


# The command


@pytest.fixture
def office(understander: Understander, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A config of its own with a roster of one: its rules are in force."""
    config, data = tmp_path / "config", tmp_path / "data"
    shutil.copytree(RULES.parent, config)
    monkeypatch.setenv("MICIC_STORE__DATA", str(data))
    store = open_store(f"sqlite:///{data / 'micic.db'}")
    lines = ("Ana Example", WORK["en"], "2011 - 2014 Head of the zorblatt desk, Vienna.", "Led zorblatts for migrants.")
    enter(store, 1, tuple(Block(text=line) for line in lines), understander)
    store.close()
    keep_rules(config / "rules", data, loaded=rules_hash(config / "rules"))
    return config


def told(config: Path, *more: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["rules", "impact", "--config", str(config), *more], catch_exceptions=False)
    return result.exit_code, " ".join(result.output.split())


def edit(config: Path, rule: str) -> None:
    file = config / "rules" / "themes" / "return_reintegration.yaml"
    file.write_text(file.read_text(encoding="utf-8") + rule, encoding="utf-8")


ZORBLATT = """
  zorblatt:
    about: an invented word
    phrases:
      any: ["zorblatt"]
    examples:
      match:
        en: ["Ran a zorblatt for three years."]
      no_match:
        en: ["I would like to run a zorblatt."]
"""


def test_the_command_names_who_gains_with_the_sentence(office: Path) -> None:
    edit(office, ZORBLATT)
    code, output = told(office)
    assert code == 0
    assert "CVs the edit touches: 1. Who gain or lose by it: 1." in output
    assert "+ return_reintegration 1 Ana Example 1" in output
    assert "Head of the zorblatt desk" in output
    assert "return_reintegration 1 gain, 0 lose" in output


def test_a_failing_example_refuses_the_edit(office: Path) -> None:
    edit(office, ZORBLATT.replace("I would like to run", "Ran"))
    code, output = told(office)
    assert code == 1
    assert "must not match: Ran a zorblatt." in output
    assert "Nothing was compared" in output


def test_without_an_edit_nobody_changes(office: Path) -> None:
    code, output = told(office)
    assert code == 0
    assert "CVs the edit touches: 0. Who gain or lose by it: 0." in output


def test_other_names_of_languages_are_tried_on_everybody(office: Path) -> None:
    file = office / "rules" / "languages.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "\n# an edit\n", encoding="utf-8")
    assert "touches: 1, since it is not bounded by words" in told(office)[1]


@pytest.mark.parametrize(
    ("name", "shows"),
    [
        ("sections.yaml", "once CVs are read again"),
        ("cities.txt", "once CVs are read again"),
        ("given_names.txt", "once CVs are read again"),
        ("letters.yaml", "with those that come"),
    ],
)
def test_an_edit_that_cannot_be_tried_says_when_it_shows(office: Path, name: str, shows: str) -> None:
    file = office / "rules" / name
    file.write_text(file.read_text(encoding="utf-8") + "\n# an edit\n", encoding="utf-8")
    _, output = told(office)
    assert f"{name} differs too" in output and shows in output


def test_rules_that_were_edited_since_they_were_loaded_are_not_in_force(office: Path, tmp_path: Path) -> None:
    loaded = rules_hash(office / "rules")
    edit(office, ZORBLATT)
    keep_rules(office / "rules", tmp_path / "data", loaded=loaded)
    kept = kept_rules(tmp_path / "data")
    assert kept is not None and rules_hash(kept) == loaded


# The edits: what staff do, at random.


def words_of(rulebook: Rulebook, chance: random.Random) -> tuple[str, str]:
    """A language and one or two words that stand in some CV, likely."""
    rule = chance.choice([rule for rule in rulebook.rules if rule.matches])
    language = chance.choice([key for key in rule.matches if key in WORK])
    words = chance.choice(rule.matches[language]).strip(".").split()
    place = chance.randrange(len(words))
    return language, " ".join(words[place : place + chance.choice((1, 2))])


def with_term(terms: Terms, language: str, term: str) -> Terms:
    return {**terms, language: (*terms.get(language, ()), term)}


def without_one(terms: Terms, chance: random.Random) -> Terms:
    language = chance.choice([key for key, listed in terms.items() if listed])
    gone = chance.choice(terms[language])
    return {**terms, language: tuple(term for term in terms[language] if term != gone)}


def tagging(book: Rulebook, chance: random.Random, wanted: Callable[[Any], object] = lambda rule: True) -> int:
    found = [n for n, rule in enumerate(book.rules) if not rule.group.startswith("signals/") and wanted(rule)]
    return chance.choice(found)


def with_rule(book: Rulebook, place: int, **changes: Any) -> Rulebook:
    return replace(book, rules=(*book.rules[:place], replace(book.rules[place], **changes), *book.rules[place + 1 :]))


def with_concept(book: Rulebook, name: str, **changes: Any) -> Rulebook:
    return replace(book, concepts={**book.concepts, name: replace(book.concepts[name], **changes)})


def used_concept(book: Rulebook, chance: random.Random) -> str:
    rule = book.rules[tagging(book, chance, lambda rule: rule.together)]
    return chance.choice(rule.together[0].concepts)


def add_phrase(book: Rulebook, chance: random.Random) -> Rulebook:
    place, (language, term) = tagging(book, chance), words_of(book, chance)
    return with_rule(book, place, phrases=with_term(book.rules[place].phrases, language, term))


def add_phrase_in_any_language(book: Rulebook, chance: random.Random) -> Rulebook:
    place, (_, term) = tagging(book, chance), words_of(book, chance)
    return with_rule(book, place, phrases=with_term(book.rules[place].phrases, "any", term))


def add_exact(book: Rulebook, chance: random.Random) -> Rulebook:
    place, (language, term) = tagging(book, chance), words_of(book, chance)
    return with_rule(book, place, exact=with_term(book.rules[place].exact, language, term))


def remove_phrase(book: Rulebook, chance: random.Random) -> Rulebook:
    place = tagging(book, chance, lambda rule: any(rule.phrases.values()))
    return with_rule(book, place, phrases=without_one(book.rules[place].phrases, chance))


def exclude(book: Rulebook, chance: random.Random) -> Rulebook:
    place, (language, term) = tagging(book, chance), words_of(book, chance)
    return with_rule(book, place, not_with=with_term(book.rules[place].not_with, language, term))


def weigh_less(book: Rulebook, chance: random.Random) -> Rulebook:
    place = tagging(book, chance, lambda rule: rule.weight == 1)
    return with_rule(book, place, weight=0.5)


def drop_rule(book: Rulebook, chance: random.Random) -> Rulebook:
    place = tagging(book, chance)
    return replace(book, rules=(*book.rules[:place], *book.rules[place + 1 :]))


def only_in_a_section(book: Rulebook, chance: random.Random) -> Rulebook:
    return with_rule(book, tagging(book, chance), only_in=frozenset({SectionKind.TRAINING_GIVEN}))


def add_to_concept(book: Rulebook, chance: random.Random) -> Rulebook:
    name, (language, term) = used_concept(book, chance), words_of(book, chance)
    return with_concept(book, name, terms=with_term(book.concepts[name].terms, language, term))


def add_whole_to_concept(book: Rulebook, chance: random.Random) -> Rulebook:
    name, (language, term) = used_concept(book, chance), words_of(book, chance)
    return with_concept(book, name, whole=with_term(book.concepts[name].whole, language, term))


def remove_from_concept(book: Rulebook, chance: random.Random) -> Rulebook:
    name = used_concept(book, chance)
    while not any(book.concepts[name].terms.values()):
        name = used_concept(book, chance)
    return with_concept(book, name, terms=without_one(book.concepts[name].terms, chance))


def add_cue(book: Rulebook, chance: random.Random) -> Rulebook:
    place, (language, term) = chance.randrange(len(book.cues)), words_of(book, chance)
    cue = replace(book.cues[place], terms=with_term(book.cues[place].terms, language, term))
    return replace(book, cues=(*book.cues[:place], cue, *book.cues[place + 1 :]))


def remove_cue(book: Rulebook, chance: random.Random) -> Rulebook:
    place = chance.randrange(len(book.cues))
    return replace(book, cues=(*book.cues[:place], *book.cues[place + 1 :]))


ALL_EDITS = (
    add_phrase,
    remove_phrase,
    add_exact,
    add_phrase_in_any_language,
    exclude,
    weigh_less,
    drop_rule,
    only_in_a_section,
    add_to_concept,
    add_whole_to_concept,
    remove_from_concept,
    add_cue,
    remove_cue,
)
