"""The name of a person as the CV writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from domain.profile import SectionKind
from extraction.lexicon import Lexicon, Word, fold, spellings, words
from extraction.person.latin import Hints, shared_words
from extraction.person.lines import TOP, Field, Line
from extraction.person.rules import PersonRules

_PIECES = re.compile(r"\s*[|•·\t]\s*|\s{3,}|\s[–—-]\s|\s*[:]\s*")
_LINK = re.compile(r"^[\s:|–—-]*(?:(?:of|for|de|du|d’|d'|от)\s+)?", re.IGNORECASE)  # "CV of Jane Doe"
_STROKES = re.compile(r"[|•·\t:]|\s[–—-]\s")
_SPACED = re.compile(r"(?:[^\W\d_]\s+){3,}[^\W\d_]")
_SEPARATE = re.compile(r"[,،]")
_BAD = re.compile(r"[@\d«»<>{}\[\]/\\=+*?!;_&%#]")
_NO_NAME = re.compile(r"[«»;|/\d@]")
_OPEN_END = re.compile(r"(?:\s+[^\W\d_]{1,2})+$")  # "Ana Ruiz y"
_PARENTHESIS = re.compile(r"\s*\(([^()]{1,30})\)\s*")
_TITLE_WORD = re.compile(r"^([^\W\d_](?:[^\W\d_]|[.’'-])*)([.:/]*)\s+", re.UNICODE)
_LONGEST = 8  # words of a name
_SHORT_TITLES = frozenset({"m", "م", "د", "ا", "me", "cap", "gen", "col"})  # titles only with a full stop
_SEARCHED = 120  # lines of a CV in which a name that the message knows is looked for
_GAP = 2  # words from one known word of a name to the next
_PART_WORDS = 4  # of a line that may be part of a name
_TOP_LINES = "in lines of its own in the CV"
_MARK = 3  # letters in parentheses: "(R)", "(SP)", retired
_BESIDE = 0.72
_AGREED, _LIKELY, _GUESSED = 0.95, 0.8, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    name: str
    sure: float  # 0 to 1
    how: str  # in words for staff
    start: int | None = None  # offset in the text of the CV; None where it comes from elsewhere


def find_name(lines: Sequence[Line], fields: Sequence[Field], hints: Hints, rules: PersonRules) -> Named | None:
    """The name in one CV: from a label, from its head, from "my name is"; None where it names nobody."""
    candidates = [*_labelled(fields, hints, rules), *_at_head(lines, hints, rules), *_in_prose(lines, rules)]
    best = max(candidates, key=lambda named: named.sure, default=None)  # the first of equals
    if best is None or best.sure < _BESIDE:
        best = next(_by_hint(lines, hints, rules), best)
    return best


def clean_name(text: str, rules: PersonRules) -> str:
    """A name without titles, ranks and post-nominals."""
    name = " ".join(text.split())
    name = _PARENTHESIS.sub(
        lambda found: " " if _is_title(found.group(1), rules) or len(found.group(1)) <= _MARK else found.group(), name
    )
    name = name.strip(' .,:;|–—-•*"«»“”\u200e\u200f،')
    name = _without_titles(name, rules)
    parts = [part.strip() for part in _SEPARATE.split(name)]
    kept = [parts[0]] if parts else []
    for part in parts[1:]:
        if part and not _is_post(part, rules) and looks_like_name(part, rules, least=1):
            kept.append(part)
        else:
            break
    return _without_posts(", ".join(kept), rules).strip(" .,–—-") if kept else ""


def _without_titles(name: str, rules: PersonRules) -> str:
    """Without the titles before a name, "Prof. Dr. phil. Ana Ruiz"; Justice Moyo keeps her given name."""
    stripped = False
    while found := _TITLE_WORD.match(name):
        shown, stop = found.group(1), bool(found.group(2)) or found.group(1).endswith(".")
        key, rest = fold(shown.strip(".")), name[found.end() :].lstrip(" .,/")
        known = any(form in rules.titles for form in spellings(key))
        belongs = stripped and stop and shown[0].islower()
        if not (known or belongs) or not (stop or (len(rest.split()) > 1 and key not in _SHORT_TITLES)):
            break
        name, stripped = rest, True
    return name


def _is_title(text: str, rules: PersonRules) -> bool:
    """Whether every word is a title or a degree: "(Mrs)"."""
    return all(word.key in rules.titles or rules.posts.at([word], 0) for word in words(text))


def looks_like_name(text: str, rules: PersonRules, *, least: int = 2) -> bool:
    """Whether a short text may be the name of a person, judged by its form and by words that names never hold."""
    if len(text) > 70 or _BAD.search(text):
        return False
    found = words(text)
    full = [word for word in found if len(word.key) > 1]  # the others are initials
    if not least <= len(found) <= _LONGEST or not full:
        return False
    if any(word.key in rules.never_in_names for word in full) or _holds(rules.document_titles, found):
        return False
    if _is_place(found, rules) or rules.headings.whole(text) is not None:
        return False
    shown = [text[word.start] for word in found if len(word.key) == 1 or word.key not in rules.particles]
    return len(shown) >= least and all(letter.isupper() or not _has_case(letter) for letter in shown)


def _has_case(letter: str) -> bool:
    return letter.lower() != letter.upper()


def _holds(lexicon: Lexicon[str], found: Sequence[Word]) -> bool:
    return any(True for _ in lexicon.find(found))


def _is_place(found: Sequence[Word], rules: PersonRules) -> bool:
    """Whether it holds the name of a country, or is a city and nothing else."""
    if any(match.last - match.first == len(found) for match in rules.cities.find(found)):
        return True
    covered = sum(match.last - match.first for match in rules.countries.find(found))
    return covered * 2 >= len(found)


def _is_post(part: str, rules: PersonRules) -> bool:
    found = words(part)
    match = rules.posts.at(found, 0) if found else None
    return match is not None


def _without_posts(name: str, rules: PersonRules) -> str:
    """Without degrees and honours behind a name; two words stay in any case."""
    tail = words(name.rpartition(" ")[2])
    if tail and not (len(tail[-1].key) == 1 or rules.posts.opens(spellings(tail[-1].key))):
        return name
    found = words(name)
    for index in range(2, len(found)):
        rest = range(index + 1, len(found))
        ending = all(rules.posts.at(found, place) or len(found[place].key) == 1 for place in rest)
        if ending and rules.posts.at(found, index):
            return name[: found[index - 1].end]
    return name


def _labelled(fields: Sequence[Field], hints: Hints, rules: PersonRules) -> Iterator[Named]:
    ours = [field for field in fields if field.section not in _OF_OTHERS]
    whole = next((field for field in ours if field.kind == "name" and _leading_name(field.value, rules)), None)
    parts = {kind: next((field for field in ours if field.kind == kind), None) for kind in _PARTS}
    given, family = parts["given"], parts["family"]
    if whole:
        name = _leading_name(whole.value, rules)
        both = given and family
        if len(words(name)) == 1 and family and not both:
            name = f"{name} {clean_name(family.value, rules)}"
        if looks_like_name(name, rules, least=1) and not (both and len(words(name)) == 1):
            yield Named(name=name, sure=_sure(name, hints, 0.9), how=f"behind “{whole.label}”", start=whole.start)
            return
    if given and family and abs(given.start - family.start) < 400:
        values = [clean_name(field.value, rules) for kind in _PARTS if (field := parts[kind])]
        name = " ".join(value for value in values if value)
        if looks_like_name(name, rules):
            how = f"behind “{given.label}” and “{family.label}”"
            yield Named(name=name, sure=_sure(name, hints, 0.9), how=how, start=min(given.start, family.start))
        return
    for single in (family, given):
        name = clean_name(single.value, rules) if single else ""
        if single and looks_like_name(name, rules):
            yield Named(name=name, sure=_sure(name, hints, 0.75), how=f"behind “{single.label}”", start=single.start)


_PARTS = ("given", "middle", "family", "second_family")
_OF_OTHERS = {SectionKind.REFERENCES, SectionKind.EXPERIENCE, SectionKind.EDUCATION, SectionKind.PUBLICATIONS,
              SectionKind.TRAINING_ATTENDED, SectionKind.TRAINING_GIVEN}  # fmt: skip


def _leading_name(value: str, rules: PersonRules) -> str:
    """The name at the front of a value, up to what no name holds; empty where there is none."""
    for text in (value, _NO_NAME.split(value)[0], _before_post(value, rules)):
        name = clean_name(text, rules)
        if looks_like_name(name, rules, least=1):
            return name
    return ""


def _before_post(value: str, rules: PersonRules) -> str:
    """Up to a title or a word that no name holds: "Ana Ruiz consultora"."""
    text = _NO_NAME.split(value)[0]
    for number, word in enumerate(words(text)):
        if number > 1 and (word.key in rules.never_in_names or word.key in rules.titles):
            return text[: word.start]
    return ""


def _sure(name: str, hints: Hints, alone: float) -> float:
    return max(alone, _AGREED) if shared_words(name, hints) else alone


def _at_head(lines: Sequence[Line], hints: Hints, rules: PersonRules) -> Iterator[Named]:
    """Lines that have the form of a name: near the top, or further down where the message knows the name."""
    parts: list[tuple[Line, str]] = []  # lines that may be parts of a name
    for line in lines[:_SEARCHED]:
        if line.number >= TOP and len(line.words) > _LONGEST:
            continue
        near = line.section is not SectionKind.REFERENCES and (
            line.number < TOP or (line.heading and line.number < 2 * TOP)
        )
        if line.number >= TOP and not near and not shared_words(_unspaced(line.text.strip(), hints), hints):
            continue
        for place, piece in enumerate(_pieces(line, hints, rules)):
            name = clean_name(piece, rules)
            if not looks_like_name(name, rules, least=1):
                continue
            if place == 0 and len(line.words) <= _PART_WORDS:
                parts.append((line, name))
            agreed = shared_words(name, hints)
            if looks_like_name(name, rules) and (near or agreed > 1):
                sure = _sure_at_head(name, line, place, agreed, rules)
                yield Named(name=name, sure=sure, how="at the head of the CV", start=line.start)
    yield from _stacked(parts, hints)


def _sure_at_head(name: str, line: Line, place: int, agreed: int, rules: PersonRules) -> float:
    form = 0.1 if line.heading or name.isupper() else 0.0
    city = rules.cities.at(words(name), 0)
    known = 0.15 + 0.02 * agreed if agreed else (-0.3 if city else -0.12)
    return min(_LIKELY + form - 0.03 * min(line.number, TOP) - 0.05 * place + known, 0.97)


def _stacked(parts: Sequence[tuple[Line, str]], hints: Hints) -> Iterator[Named]:
    """A name over two or three lines, in large letters at the top, or where the message knows each line of it."""
    for index in range(len(parts)):
        for size in (2, 3):
            group = parts[index : index + size]
            if len(group) < size or group[-1][0].number - group[0][0].number != size - 1:
                continue
            name = " ".join(part for _, part in group)
            capitals = [part.isupper() for _, part in group]
            at_top = group[0][0].number <= 1 and len(words(group[0][1])) == 1 and capitals[0]
            known = shared_words(name, hints)
            each = all(shared_words(part, hints) for _, part in group)
            if each or (at_top and known and (all(capitals) or size == 2)):
                yield Named(name=name, sure=0.96 + 0.01 * size, how=_TOP_LINES, start=group[0][0].start)


def _by_hint(lines: Sequence[Line], hints: Hints, rules: PersonRules) -> Iterator[Named]:
    """Words of a longer line that are the name which the message knows: "Ana Ruiz Calle Mayor 3, Madrid"."""
    for line in lines[:TOP]:
        found = line.words[:_SEARCHED]
        known = [place for place, word in enumerate(found) if len(word.key) > 2 and shared_words(word.key, hints)]
        known = _together(known)
        if len(known) > 1:
            name = clean_name(line.text[found[known[0]].start : found[known[-1]].end], rules)
            if "@" not in name and looks_like_name(name, rules):
                yield Named(name=name, sure=_BESIDE, how="beside other words in the CV", start=line.start)


def _unspaced(text: str, hints: Hints) -> str:
    """Letters set apart, "J A N E   D O E", as words; where the gaps are alike, cut as the message spells the name."""
    if not _SPACED.fullmatch(text):
        return text
    parts = [re.sub(r"\s", "", part) for part in re.split(r"\s{2,}", text)]
    if len(parts) > 1:
        return " ".join(parts)
    for hint in hints.texts:
        spelled = hint.split()
        for order in (spelled, spelled[::-1]):
            if fold("".join(order)) == fold(parts[0]):
                return " ".join(order)
    return parts[0]


def _together(places: Sequence[int]) -> list[int]:
    """The first places that stand close to one another."""
    kept: list[int] = []
    for place in places:
        if kept and place - kept[-1] > _GAP:
            if len(kept) > 1:
                break
            kept = []
        kept.append(place)
    return kept


def _pieces(line: Line, hints: Hints, rules: PersonRules) -> list[str]:
    """The parts of a line, without the title of the document ("Curriculum Vitae of ...")."""
    bare = line.text.strip()
    rest = _unspaced(bare, hints)
    titled = rest != bare or rules.document_titles.opens(line.forms)
    if titled:
        rest = _without_document_title(rest, rules)
    pieces = [piece for piece in _PIECES.split(rest) if piece.strip()]
    last = words(pieces[-1]) if titled and pieces else []
    title_ends = bool(last) and rules.document_titles.at(last, len(last) - 1) is not None
    may_be_whole = (len(pieces) > 1 or title_ends) and not _STROKES.search(rest)
    if may_be_whole and looks_like_name(clean_name(rest, rules), rules):
        return [rest]  # wide gaps between the words of a name
    if title_ends:
        pieces.append(pieces[-1][: last[-1].start])  # "Jane Doe CV"
    return pieces


def _without_document_title(text: str, rules: PersonRules) -> str:
    found = words(text)
    start = 0
    while start < len(found) and (match := rules.document_titles.at(found, start)):
        start = match.last
    return _LINK.sub("", text[found[start - 1].end :]) if start else text


def _in_prose(lines: Sequence[Line], rules: PersonRules) -> Iterator[Named]:
    for line in lines:
        if line.section in _OF_OTHERS or not rules.introductions.opens(line.forms):
            continue
        found = line.words
        for match in rules.introductions.find(found):
            name = _capitalised(line.text, found[match.last :], rules)
            if looks_like_name(name, rules) and len(words(name)) <= 5:
                yield Named(name=name, sure=0.7, how="“my name is”", start=line.start)
                return


def _capitalised(text: str, found: Sequence[Word], rules: PersonRules) -> str:
    """The words from here that have the form of a name."""
    end = start = found[0].start if found else 0
    for number, word in enumerate(found[:_LONGEST]):
        gap = text[end : word.start] if number else ""
        letter = text[word.start]
        if any(sign in gap for sign in ",;:()،") or (". " in gap and number > 1):
            break
        if word.key not in rules.particles and not letter.isupper() and (_has_case(letter) or number >= 4):
            break
        end = word.end
    return clean_name(_OPEN_END.sub("", text[start:end]), rules)


def from_message(display: str, written: str, rules: PersonRules) -> Named | None:
    """The name in From or in the signature, for a CV that names nobody."""
    name = clean_name(_reordered(display), rules)
    if looks_like_name(name, rules):
        return Named(name=name, sure=_GUESSED, how="from the sender of the message")
    for line in signature(written):
        name = clean_name(line, rules)
        if looks_like_name(name, rules):
            return Named(name=name, sure=_GUESSED, how="from the signature of the message")
    return None


def _reordered(display: str) -> str:
    """ "Doe, Jane" as mail programs write it."""
    family, comma, given = display.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and given.strip() else display


def signature(written: str) -> list[str]:
    """The last lines of what the sender wrote."""
    kept = [line.strip() for line in written.splitlines() if line.strip()]
    return kept[-8:]


def signature_names(written: str, rules: PersonRules) -> Iterable[str]:
    for line in signature(written):
        for piece in re.split(r"\s*[|•]\s*|,\s", line):
            name = clean_name(piece, rules)
            if looks_like_name(name, rules, least=1):
                yield name
