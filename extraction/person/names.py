"""The name of a person as the CV writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from domain.profile import SectionKind
from extraction.lexicon import Word, fold, words
from extraction.person.fields import Field
from extraction.person.latin import Hints, shared_words
from extraction.person.lines import TOP, Line
from extraction.person.name_form import LONGEST, clean_name, has_case, is_list, looks_like_name
from extraction.person.rules import PersonRules
from extraction.person.same import has_written_out

_PIECES = re.compile(r"\s*[|•·\t]\s*|\s{3,}|\s[–—-]\s|\s*[:]\s*|\s+/\s+")
_STROKES = re.compile(r"[|•·\t:/]|\s[–—-]\s")
_SPACED = re.compile(r"(?:[^\W\d_]\s+){3,}[^\W\d_]")
_NO_NAME = re.compile(r"[«»;|/\d@]")
_OPEN_END = re.compile(r"(?:\s+[^\W\d_]{1,2})+$")  # "Ana Ruiz y"
_SEARCHED = 120  # lines of a CV in which a name that the message knows is looked for
_GAP = 2  # words from one known word of a name to the next
_PART_WORDS = 4  # of a line that may be part of a name
_TOP_LINES = "in lines of its own in the CV"
_AFTER_SIGNING = re.compile(r"[/_]\s*([^/_]+)")  # "12.03.2018 ________ / Ana Ruiz /"
_FOOT = 3  # lines at the end of a CV among which its signature stands
_SIGNED = 0.7
_BESIDE = 0.72
_AGREED, _LIKELY = 0.98, 0.8  # at most .97 for a line at the head
_STACKED = 0.975
_GIVEN = 0.12  # for a given name in the line: as much as is taken off where the message knows nothing of it
_WHOLE = 2  # words of a line that the message knows: it is a name already


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    name: str
    sure: float  # 0 to 1
    how: str  # in words for staff
    start: int | None = None  # offset in the text of the CV; None where it comes from elsewhere
    sources: int = 1  # that agree on it
    labelled: bool = False


def find_name(lines: Sequence[Line], fields: Sequence[Field], hints: Hints, rules: PersonRules) -> Named | None:
    """The name in one CV: from a label, from its head, from "my name is"; None where it names nobody."""
    candidates = [
        *_labelled(fields, hints, rules),
        *_at_head(lines, hints, rules),
        *_in_prose(lines, rules),
        *_at_foot(lines, fields, rules),
    ]
    best = max(candidates, key=lambda named: named.sure, default=None)  # the first of equals
    best = _fuller(best, candidates) if best else None
    if best is None or best.sure < _BESIDE:
        beside = next(_by_hint(lines, hints, rules), None)
        best = best if beside is None or (best and _holds_all(best.name, beside.name)) else beside
    return best


def _holds_all(name: str, part: str) -> bool:
    return {word.key for word in words(part)} <= {word.key for word in words(name)}


def _is_said_again(part: str, name: str) -> bool:
    """A letter is signed above the CV, "Clarisse" above "Clarisse Mbarga"; a page is headed "Ковальчук С. Н."."""
    return _holds_all(name, part) or has_written_out(part, name)


def _fuller(best: Named, candidates: Sequence[Named]) -> Named:
    """The same name written out: "Ковальчук С. Н." above "Ковальчук Сергей Николаевич", or with more behind a label."""
    ours = {word.key for word in words(best.name)}
    for one in candidates:
        more = one.labelled and ours < {word.key for word in words(one.name)}
        if more or has_written_out(best.name, one.name):
            return replace(best, name=one.name, start=one.start)
    return best


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
            yield Named(
                name=name, sure=_sure(name, hints, 0.9), how=f"behind “{whole.label}”", start=whole.start, labelled=True
            )
            return
    if given and family and abs(given.start - family.start) < 400:
        name = " ".join(_part_of_name(field, rules) for kind in _PARTS if (field := parts[kind])).strip()
        if looks_like_name(name, rules):
            how = f"behind “{given.label}” and “{family.label}”"
            yield Named(
                name=name, sure=_sure(name, hints, 0.9), how=how, start=min(given.start, family.start), labelled=True
            )
        return
    for single in (family, given):
        name = clean_name(single.value, rules) if single else ""
        if single and looks_like_name(name, rules):
            yield Named(name=name, sure=_sure(name, hints, 0.75), how=f"behind “{single.label}”", start=single.start)


_PARTS = ("given", "middle", "family", "second_family", "suffix")
_OF_OTHERS = {SectionKind.REFERENCES, SectionKind.EXPERIENCE, SectionKind.EDUCATION, SectionKind.PUBLICATIONS,
              SectionKind.TRAINING_ATTENDED, SectionKind.TRAINING_GIVEN}  # fmt: skip


def _part_of_name(field: Field, rules: PersonRules) -> str:
    """The value of a field that holds a part of a name; a suffix is one of a few words, else it says "none"."""
    if field.kind == "suffix":
        return field.value if fold(field.value.strip(" .")) in rules.suffixes else ""
    return clean_name(field.value, rules)


def _leading_name(value: str, rules: PersonRules) -> str:
    """The name at the front of a value, up to what no name holds; empty where there is none."""
    for text in (value, _NO_NAME.split(value)[0], _before_post(value, rules)):
        name = clean_name(text, rules)
        if looks_like_name(name, rules, least=1):
            return name
    return ""


def _before_post(value: str, rules: PersonRules) -> str:
    """Up to a title, a trade or a word that no name holds: "Ana Ruiz consultora", "Айтматов Чингиз юрист"."""
    text = _NO_NAME.split(value)[0]
    for number, word in enumerate(words(text)):
        trade = word.key in rules.professions and text[word.start].islower()
        if number > 1 and (trade or word.key in rules.never_in_names or word.key in rules.titles):
            return text[: word.start]
    return ""


def _sure(name: str, hints: Hints, alone: float) -> float:
    return max(alone, _AGREED) if shared_words(name, hints) else alone


def _at_head(lines: Sequence[Line], hints: Hints, rules: PersonRules) -> Iterator[Named]:
    """Lines that have the form of a name: near the top, or further down where the message knows the name."""
    parts: list[tuple[Line, str]] = []  # lines that may be parts of a name
    for line in lines[:_SEARCHED]:
        if line.number >= TOP and len(line.words) > LONGEST:
            continue
        near = line.section is not SectionKind.REFERENCES and (
            line.number < TOP or (line.heading and line.number < 2 * TOP)
        )
        if line.number >= TOP and not near and not shared_words(_unspaced(line.text.strip(), hints), hints):
            continue
        for place, piece in enumerate(_pieces(line, hints, rules)):
            name = clean_name(piece, rules)
            if not looks_like_name(name, rules, least=1):
                name = clean_name(_before_post(piece, rules), rules)
                if not _is_known_name(name, hints, rules):
                    continue
            if is_list(piece, rules):  # "COURSES, TALKS, TEXTS"
                continue
            if place == 0 and len(line.words) <= _PART_WORDS and rules.labels.whole(piece) is None:
                parts.append((line, name))
            agreed = shared_words(name, hints)
            if looks_like_name(name, rules) and (near or agreed > 1):
                sure = _sure_at_head(name, line, place, agreed, rules)
                yield Named(name=name, sure=sure, how="at the head of the CV", start=line.start)
    yield from _stacked(parts, hints, rules)


def _is_known_name(name: str, hints: Hints, rules: PersonRules) -> bool:
    """Whether a name that other words follow is one for sure: Norwegian Refugee Council is none."""
    if not looks_like_name(name, rules):
        return False
    found = words(name)
    given = any(word.key in rules.given_names for word in found)
    return given or _has_patronymic(found, rules) or shared_words(name, hints) > 0


def _sure_at_head(name: str, line: Line, place: int, agreed: int, rules: PersonRules) -> float:
    form = 0.1 if line.heading or name.isupper() else 0.0
    found = words(name)
    place_name = rules.cities.at(found, 0) or _is_half_place(found, rules)
    known = 0.15 + 0.02 * agreed if agreed else (-0.3 if place_name else -0.12)
    if _has_patronymic(found, rules):
        known = max(known, 0.1)
    elif not agreed and not place_name and any(word.key in rules.given_names for word in found):
        known += _GIVEN
    return min(_LIKELY + form - 0.03 * min(line.number, TOP) - 0.05 * place + known, 0.97)


def _is_half_place(found: Sequence[Word], rules: PersonRules) -> bool:
    """Whether at least half of the words name places: "Maidan Square Kyiv"; Jordan Rivers keeps her name."""
    matches = [*rules.cities.find(found), *rules.countries.find(found)]
    return 2 * len({place for match in matches for place in range(match.first, match.last)}) >= len(found)


def _has_patronymic(found: Sequence[Word], rules: PersonRules) -> bool:
    """Whether a word after the first is a father's name: "Петрович", "Каримжон угли"."""
    return any(word.key.endswith(rules.patronymics) for word in found[1:])


def _stacked(parts: Sequence[tuple[Line, str]], hints: Hints, rules: PersonRules) -> Iterator[Named]:
    """A name over two or three lines, in large letters at the top, or where the message knows each line of it."""
    for index in range(len(parts)):
        for size in (2, 3):
            group = parts[index : index + size]
            if len(group) < size or group[-1][0].number - group[0][0].number != size - 1:
                continue
            if any(_is_said_again(part, other) for (_, part), (_, other) in permutations(group, 2)):
                continue
            name = " ".join(part for _, part in group)
            top = _is_one_name_at_top([line for line, _ in group], group, hints, rules)
            if all(_is_known(part, hints) for _, part in group):
                sure = _AGREED + 0.005 * (size - 2)
            elif top and all(shared_words(part, hints) < _WHOLE for _, part in group):
                sure = (_AGREED if shared_words(name, hints) else _STACKED) + 0.005 * (size - 2)
            else:  # one line is the whole name: "PORTFOLIO" above "Awa Diop"
                continue
            yield Named(name=name, sure=sure, how=_TOP_LINES, start=group[0][0].start)


def _is_known(part: str, hints: Hints) -> bool:
    """Whether the message knows a part of a name; short ones, such as Doe, as they are spelled."""
    if shared_words(part, hints):
        return True
    spelled = {word.key for text in hints.texts for word in words(text)}
    return any(word.key in spelled for word in words(part) if len(word.key) > 1)


def _is_one_name_at_top(
    lines: Sequence[Line], group: Sequence[tuple[Line, str]], hints: Hints, rules: PersonRules
) -> bool:
    """Whether the first lines of a CV, all in one style, hold a name of which the first line has one word."""
    first, name = group[0][1], " ".join(part for _, part in group)
    if lines[0].number > 2 or not looks_like_name(name, rules):
        return False
    alike = all(line.heading for line in lines) or all(part.isupper() for _, part in group)
    if len(words(first)) != 1:  # "Иван Петрович" above "Сидоренко"
        patronymic = len(words(group[1][1])) == 1 and words(first)[-1].key.endswith(rules.patronymics)
        return len(group) == 2 and (patronymic or (alike and any(_is_given(part, rules) for _, part in group)))
    if len(group) > 2:
        return alike and (shared_words(name, hints) > 0 or _has_patronymic(words(name), rules))
    return alike or (first.isupper() and (shared_words(name, hints) > 0 or _has_patronymic(words(name), rules)))


def _is_given(part: str, rules: PersonRules) -> bool:
    """Whether a line holds given names and nothing else: "JOSÉ DE JESÚS" below "IXCHOP TZOC"."""
    return all(word.key in rules.given_names or word.key in rules.particles for word in words(part))


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
    pieces = [_without_label(piece, rules) for piece in _PIECES.split(rest) if piece.strip()]
    last = words(pieces[-1]) if titled and pieces else []
    title_ends = bool(last) and rules.document_titles.at(last, len(last) - 1) is not None
    may_be_whole = (len(pieces) > 1 or title_ends) and not _STROKES.search(rest)
    if may_be_whole and looks_like_name(clean_name(rest, rules), rules):
        return [rest]  # wide gaps between the words of a name
    if title_ends:
        pieces.append(pieces[-1][: last[-1].start])  # "Jane Doe CV"
    return pieces


def _without_label(piece: str, rules: PersonRules) -> str:
    """A piece before a colon without the label that ends it: "Ana Ruiz Nationality"."""
    found = words(piece)
    for index in range(2, len(found)):
        match = rules.labels.at(found, index)
        if match and match.last == len(found):
            return piece[: found[index - 1].end]
    return piece


def _without_document_title(text: str, rules: PersonRules) -> str:
    """What stands behind the title of a document: "CV of Jane Doe", "السيرة الذاتية للعميد ..."."""
    found = words(text)
    start = 0
    while start < len(found) and (match := rules.document_titles.at(found, start)):
        start = match.last
    if not start or start == len(found):
        return text[found[start - 1].end :] if start else text
    linked = start
    while linked < len(found) - 1 and found[linked].key in rules.title_links:
        linked += 1
    rest = text[found[linked].start :]
    return _without_arabic_link(rest, rules) if linked == start else rest


def _without_arabic_link(rest: str, rules: PersonRules) -> str:
    """Without the ل that joins the title of a document to a name: "لمحمد", "للدكتور"; ليلى keeps hers."""
    if rest.startswith("لل"):
        return "ال" + rest[2:]
    first = words(rest)[0]
    if rest.startswith("ل") and len(first.key) > 3 and first.key not in rules.names_with_lam:
        return rest[1:]
    return rest


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
    for number, word in enumerate(found[:LONGEST]):
        gap = text[end : word.start] if number else ""
        letter = text[word.start]
        if any(sign in gap for sign in ",;:()،") or (". " in gap and number > 1):
            break
        if word.key not in rules.particles and not letter.isupper() and (has_case(letter) or number >= 4):
            break
        end = word.end
    return clean_name(_OPEN_END.sub("", text[start:end]), rules)


def _at_foot(lines: Sequence[Line], fields: Sequence[Field], rules: PersonRules) -> Iterator[Named]:
    """The signature below a CV: a line of its own, "(Ana Ruiz)", or behind "Signed:" or "Firma:"."""
    for field in fields:
        name = _leading_name(field.value, rules) if field.kind == "signature" else ""
        if looks_like_name(name, rules):
            yield Named(name=name, sure=_SIGNED, how=f"behind “{field.label}”", start=field.start)
    for line in lines[-_FOOT:]:
        name = clean_name(line.text.strip(" ()"), rules)
        if line.section is SectionKind.REFERENCES or not looks_like_name(name, rules):
            continue
        if has_case(name[0]) or any(word.key in rules.given_names for word in words(name)):
            yield Named(name=name, sure=0.6, how="below the CV", start=line.start)
    for line in lines[-_FOOT:]:
        for piece in _AFTER_SIGNING.findall(line.text):
            name = clean_name(piece, rules)
            if line.section is not SectionKind.REFERENCES and _is_known_name(name, Hints.of([]), rules):
                yield Named(name=name, sure=0.6, how="below the CV", start=line.start)
