"""Headings of a CV: what a line says of the part that it stands over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.profile import Block, BlockKind, SectionKind
from extraction.lexicon import Lexicon, Word, first_word, spellings, words
from extraction.wordlists import WordList, phrases, read_word_list

LONGEST = 90  # characters of a heading
ASIDE = 240  # characters of instructions in brackets behind it, as forms have them
_NO_HEADING = re.compile(r"[@;]|\b[ABC][12]\b")  # "EN - MT; FR - C1" is a list, whatever its capitals
MOST_WORDS = 10
UNKNOWN_WORDS = 4  # in a heading that its look shows

_NUMBER = re.compile(r"(?:\d{1,2}|[ivxIVX]{1,4}|[a-hA-H]|[а-еА-Е])[.)]\s|^\d{1,2}\s")
_RUN_IN = re.compile(r"\s*[:：?؟]\s*|\.\s+|\.[-–—]\s*|\s+[-–—]\s+|\t")
_DECORATION = re.compile(r"^\W*[=#*_~•■▪►]{1,}\s*(.*?)\s*[=#*_~:•■]*\W*$|^\s*-{2,}\s*(.+?)\s*-{2,}\s*$", re.DOTALL)
_ASIDE = re.compile(r"\s*[(\[][^)\]]*[)\]]|[\s,]*(?:19|20)\d\d\s*[-–—]\s*(?:(?:19|20)\d\d|\w+)\s*$")
_YEAR = re.compile(r"(?:19|20)\d\d|[٠-٩]{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionWords:
    """config/rules/sections.yaml, ready to be looked up."""

    headings: Lexicon[str]  # phrase → key of `headings`
    order: tuple[str, ...]  # the keys; where a heading names several, the first decides
    small: Lexicon[str]
    never: Lexicon[str]
    openers: Lexicon[str]
    personal_labels: Lexicon[str]
    skills_in_languages: Lexicon[str]
    gave: Lexicon[str]
    attended: Lexicon[str]
    not_professional: Lexicon[bool]  # false: it is called a volunteer's service, and is a post
    promoted: Lexicon[str]
    without_work: Lexicon[str]
    started: Lexicon[bool]  # false: it is a study that began
    ended: Lexicon[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    key: str | None  # of `headings` in sections.yaml; None: it looks like a heading, but no word of it is known
    text: str  # as written
    run_in: bool = False  # what it stands over begins in the same block


def load_section_words(folder: Path) -> SectionWords:
    """Read sections.yaml of the folder of rules."""
    rules = read_word_list(folder, "sections.yaml")
    kinds = rules.keys("headings")
    # Of two kinds with one phrase, the first stays.
    headings = ((phrase, key) for key in reversed(kinds) for phrase in phrases(kinds[key]))
    openers = ((phrase, key) for key, value in rules.keys("openers").items() for phrase in phrases(value))
    return SectionWords(
        headings=Lexicon(headings),
        order=tuple(kinds),
        small=rules.lexicon("small"),
        never=rules.lexicon("never"),
        openers=Lexicon(openers),
        personal_labels=rules.lexicon("personal_labels"),
        skills_in_languages=rules.lexicon("skills_in_languages"),
        gave=rules.lexicon("gave"),
        attended=rules.lexicon("attended"),
        not_professional=_told_apart(rules, "not_professional", "paid_service"),
        promoted=rules.lexicon("promoted"),
        without_work=rules.lexicon("without_work"),
        started=_told_apart(rules, "started", "studied"),
        ended=rules.lexicon("ended"),
    )


def _told_apart(rules: WordList, yes: str, no: str) -> Lexicon[bool]:
    return Lexicon((phrase, key == yes) for key in (yes, no) for phrase in phrases(rules[key]))


def heading_of(block: Block, rules: SectionWords, *, shown: bool = False, alone: bool = False) -> Heading | None:
    """What a block is a heading of, None where it is none.

    `shown`: by the line of signs below it, or by its number. `alone`: a list item that no other follows.
    """
    if block.kind is BlockKind.HEADER:
        return None
    if block.kind is BlockKind.ROW:
        return _of_row(block, rules, shown)
    text = block.text.strip()
    return _of_line(text, rules, is_item=block.kind is BlockKind.LIST_ITEM and not alone, styled=_styled(block, shown))


def kind_of(key: str) -> SectionKind | None:
    """The kind of section for a key of `headings`; None for training, of which the content decides."""
    return None if key == "training" else SectionKind(key)


def opener_of(text: str, rules: SectionWords) -> str | None:
    """The kind of a paragraph whose first words say it ("My languages are ...")."""
    first = first_word(text)
    if first is None or not rules.openers.opens(spellings(first.key)):
        return None
    found = words(text[:120])
    if len(found) < 4:
        return None
    match = rules.openers.at(found, 0)
    return match.value if match else None


def is_personal_label(block: Block, rules: SectionWords) -> bool:
    """Whether a block begins with the label of a field of personal data."""
    head = block.cells[0] if block.cells else block.text
    found = words(head[:60])
    if found and found[0].key.isdecimal():  # "1. Family name:"
        found = found[1:]
    match = rules.personal_labels.at(found, 0) if found else None
    if match is None:
        return False
    rest = head[found[match.last - 1].end :].lstrip(" .)(s")
    return bool(block.cells and not rest) or rest.startswith((":", "：", "-", "–", "|", "="))


def speaks_of(text: str, key: str, rules: SectionWords) -> bool:
    """Whether a text has the words of a kind of heading anywhere."""
    return any(match.value == key for match in rules.headings.find(words(text)))


def is_underline(text: str) -> bool:
    """Whether a line holds signs only, as below a heading."""
    bare = text.strip()
    return len(bare) >= 3 and not any(c.isalnum() for c in bare) and len(set(bare) - {" "}) <= 2


def _styled(block: Block, shown: bool) -> bool:
    text = block.text.strip()
    if block.kind is BlockKind.HEADING or shown or _DECORATION.match(text):
        return True
    capitals = block.kind is BlockKind.PARAGRAPH and all(c.isupper() for c in text if c.isalpha())
    return capitals and sum(c.isalpha() for c in text) >= 4


def _of_row(block: Block, rules: SectionWords, shown: bool) -> Heading | None:
    filled = [cell for cell in block.cells if cell.strip()]
    if len(filled) == 1:
        return _of_line(filled[0].strip(), rules, is_item=False, styled=shown)
    first = block.cells[0].strip() if block.cells else ""
    label = _undecorated(first).partition(":")[0] if shown else first
    key = _whole_key(label, rules) if label else None
    if shown and not key:  # a field of a numbered form: what no word of it tells is no part of the field above
        key = _led_by(_ASIDE.sub("", label), rules) or "other"
    return Heading(key=key, text=first, run_in=True) if key else None


def _of_line(text: str, rules: SectionWords, *, is_item: bool, styled: bool) -> Heading | None:
    bare = _undecorated(text)
    if not bare:
        return None
    short = len(bare) <= LONGEST
    key = _whole_key(bare, rules)
    if key and (not is_item or bare.endswith(":") or bare.isupper()):
        return Heading(key=key, text=text)
    run_in = _run_in(text, bare, rules)
    if run_in:
        return run_in
    if is_item or not short:
        return None
    if (styled or bare.endswith((":", "："))) and not _NO_HEADING.search(bare):
        led = _led_by(_ASIDE.sub("", bare), rules)  # "Missions (2013 – 2018)"
        if led:
            return Heading(key=led, text=text)
    return Heading(key=None, text=text) if styled and _may_be_heading(bare) else None


def _whole_key(bare: str, rules: SectionWords) -> str | None:
    """The kind of a heading all of whose words are known, with or without what it says in brackets."""
    if not _may_begin(first_word(bare), rules):
        return None
    plain = _ASIDE.sub("", bare) if len(bare) <= LONGEST + ASIDE else bare
    for text in dict.fromkeys((bare, plain)):
        if len(text) <= LONGEST and (key := key_of(text, rules)):
            return key
    return None


def _undecorated(text: str) -> str:
    found = _DECORATION.match(text)
    bare = (found.group(1) or found.group(2) or "") if found else text
    return _NUMBER.sub("", bare, count=1).strip() if _NUMBER.match(bare) else bare.strip()


def key_of(text: str, rules: SectionWords) -> str | None:
    """The kind of a heading all of whose words are known."""
    if not _may_begin(first_word(text), rules):
        return None
    found = words(text)
    if len(found) > MOST_WORDS:
        return None
    keys, unknown = _covered(found, rules, bear=0)
    return min(keys, key=rules.order.index) if keys and not unknown else None


def _may_begin(first: Word | None, rules: SectionWords) -> bool:
    """Whether a heading all of whose words are known may begin with this one; most lines begin with another."""
    if first is None:
        return False
    forms = spellings(first.key)
    return rules.headings.opens(forms) or rules.small.opens(forms) or _is_number(first)


def _is_number(word: Word) -> bool:
    return word.key.isdecimal() or set(word.key) <= set("ivx")


def _covered(found: Sequence[Word], rules: SectionWords, *, bear: int) -> tuple[list[str], list[Word]]:
    """The kinds that the words name, and the words that say nothing, up to the first beyond the number to `bear`."""
    keys: list[str] = []
    unknown: list[Word] = []
    index = 0
    while index < len(found) and len(unknown) <= bear:
        match = rules.headings.at(found, index)
        small = rules.small.at(found, index)
        if match and (small is None or match.last >= small.last):
            keys.append(match.value)
            index = match.last
        elif small:
            index = small.last
        elif index == 0 and _is_number(found[0]):
            index += 1
        else:
            unknown.append(found[index])
            index += 1
    return keys, unknown


def _run_in(text: str, bare: str, rules: SectionWords) -> Heading | None:
    """A heading with its content behind it: "Languages: English, French"."""
    if not _may_begin(first_word(bare), rules):
        return None
    cut = _RUN_IN.search(bare[: LONGEST + 10])
    if not cut or cut.start() < 2:
        return None
    head = bare[: cut.start()]
    key = key_of(head, rules)
    if not key:
        return None
    return Heading(key=key, text=head if bare[cut.end() :].strip() else text, run_in=bool(bare[cut.end() :].strip()))


def _led_by(bare: str, rules: SectionWords) -> str | None:
    """The kind of a line that looks like a heading and begins or ends with a known phrase."""
    found = words(bare)
    if not found or len(found) > MOST_WORDS or _YEAR.search(bare):
        return None
    keys, unknown = _covered(found, rules, bear=UNKNOWN_WORDS)
    if not keys or len(unknown) > UNKNOWN_WORDS or found[0] in unknown:
        return None
    key = min(keys, key=rules.order.index)
    # "Education Officer, UNICEF", "Language School, Tunis"
    is_name = "," in bare or rules.never.found_in(found)
    return None if is_name and key != "experience" else key


def _may_be_heading(bare: str) -> bool:
    told_by_signs = _NO_HEADING.search(bare) or _YEAR.search(bare) or bare[-1] in ".,"
    return not told_by_signs and len(words(bare)) <= MOST_WORDS
