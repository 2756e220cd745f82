"""What the rules find in a text: matches by sentence, those that do not count with the reason."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain

from extraction.analyser import Analyser, Token, within
from extraction.rulebook.model import Cue, Rule, Rulebook, Scope, Together
from extraction.rulebook.terms import Hit, Role, by_owner, term_index

_NAME_REACH = 4  # words between the first word of a name and the match in it
LONGEST_SENTENCE = 300  # characters shown to staff
_PARTING = frozenset(",;:.|/!?؟،؛•()–—")  # marks between which a name stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    rule: Rule
    start: int  # character span of the matched words in the text, half open
    end: int
    sentence: tuple[int, int]  # character span of the whole sentence
    reason: str = ""  # why it does not count; empty where nothing in the sentence speaks against it
    concepts: frozenset[str] = frozenset()  # all concepts of the sentence


def find(
    text: str, language: str, *, rulebook: Rulebook, analyser: Analyser, start: int = 0, end: int | None = None
) -> list[Finding]:
    """All matches of all rules in whole lines of a text, those from `start` to `end`, in order of the text.

    The lines are of one language. Offsets count from the start of the text, which is analysed as a whole: once,
    however many of its parts are asked for.
    """
    sentences = within(analyser.sentences(text, language), start, len(text) if end is None else end)
    return find_in(text, language, sentences, rulebook=rulebook, analyser=analyser)


def find_in(
    text: str, language: str, sentences: Sequence[tuple[int, int]], *, rulebook: Rulebook, analyser: Analyser
) -> list[Finding]:
    """The same in what is read as its sentences, each a character span."""
    every = analyser.tokens(text, language)
    index, lookup = term_index(rulebook, analyser, language), _lookup(rulebook)
    found: list[Finding] = []
    before: deque[_Sentence] = deque(maxlen=lookup.longest - 1)
    for span in sentences:
        tokens = within(every, *span)
        sentence = _read(text, span, tokens, index.hits(text, tokens))
        sentence.free.update(_not_spoken_against(sentence, rulebook))
        if sentence.of[Role.PHRASE] or sentence.of[Role.CONCEPT]:
            found += _in_sentence(sentence, before, rulebook)
            found += _across_sentences(sentence, before, rulebook)
        before.append(sentence)
    return found


def shown(text: str, sentence: tuple[int, int], match: tuple[int, int]) -> str:
    """A sentence as staff read it: cut at words around the match where it is too long."""
    start, end = sentence
    if end - start > LONGEST_SENTENCE:
        room = LONGEST_SENTENCE - 4
        start = max(start, min(match[0] - room // 3, end - room))
        end = min(end, start + room)
        if start > sentence[0]:
            start = text.find(" ", start, match[0]) + 1 or start
        if end < sentence[1]:
            cut = text.rfind(" ", min(match[1], end), end)
            end = cut if cut > start else end
    before = "… " if start > sentence[0] else ""
    after = " …" if end < sentence[1] else ""
    return before + " ".join(text[start:end].split()) + after


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    span: tuple[int, int]
    tokens: Sequence[Token]
    hits: list[Hit]
    of: Mapping[Role, Mapping[str, list[Hit]]]  # the same by what they do
    ends: Sequence[int]  # tokens at which the scope of a cue ends
    concepts: frozenset[str]
    free: dict[str, Hit] = field(default_factory=dict)  # of the concepts of windows, what no cue makes void

    def words(self, hit: Hit) -> str:
        return self.text[self.tokens[hit.first].start : self.tokens[hit.last].end]

    def cancelling(self, rule: Rule) -> str:
        """The first words in it that say that it is about something else."""
        if rule.id not in self.of[Role.NOT_WITH] and self.concepts.isdisjoint(rule.not_with_concepts):
            return ""
        for hit in self.hits:
            if (hit.role is Role.NOT_WITH and hit.owner == rule.id) or (
                hit.role is Role.CONCEPT and hit.owner in rule.not_with_concepts
            ):
                return self.words(hit)
        return ""

    def opening_of(self, rule: Rule) -> str:
        """The same, where this sentence opens a post and the match stands in a later one."""
        return self.cancelling(rule) if not self.concepts.isdisjoint(rule.not_in_post) else ""


def _read(text: str, span: tuple[int, int], tokens: Sequence[Token], hits: list[Hit]) -> _Sentence:
    of = by_owner(hits)
    ends = sorted(hit.first for hit in of[Role.SCOPE_END].get("", ()))
    return _Sentence(text, span, tokens, hits, of, ends, frozenset(of[Role.CONCEPT]))


def _in_sentence(sentence: _Sentence, before: Sequence[_Sentence], rulebook: Rulebook) -> Iterator[Finding]:
    concepts, phrases, lookup = sentence.of[Role.CONCEPT], sentence.of[Role.PHRASE], _lookup(rulebook)
    led = (lookup.by_concept[name] for name in concepts if name in lookup.by_concept)
    for rule in dict.fromkeys(chain(map(lookup.rules.__getitem__, phrases), *led)):
        spans = [(hit.first, hit.last) for hit in phrases.get(rule.id, ())]
        spans += [s for group in rule.together if group.sentences == 1 and (s := _together(group, concepts))]
        if not spans:
            continue
        other = sentence.cancelling(rule) or _opened_by(before, rule)
        for span in _outermost(spans):
            yield _finding(sentence, rule, span, other, rulebook)


def _opened_by(before: Sequence[_Sentence], rule: Rule) -> str:
    """What says in the sentences before, such as the heading of the post, that it is about something else."""
    return next(filter(None, (earlier.opening_of(rule) for earlier in before)), "") if rule.not_in_post else ""


def _finding(sentence: _Sentence, rule: Rule, span: tuple[int, int], other: str, rulebook: Rulebook) -> Finding:
    tokens = sentence.tokens
    if other:
        reason = f"about something else: {other}"
    else:
        reason = "" if rule.group.startswith("signals/") else _spoken_against(sentence, span, rulebook)
    return Finding(
        rule=rule,
        start=tokens[span[0]].start,
        end=tokens[span[1]].end,
        sentence=sentence.span,
        reason=reason,
        concepts=sentence.concepts,
    )


def _across_sentences(sentence: _Sentence, before: Sequence[_Sentence], rulebook: Rulebook) -> Iterator[Finding]:
    """Rules whose concepts are all there with this sentence, and were not before it."""
    windows = _lookup(rulebook).windows
    seen = sentence.free.keys() | set(chain.from_iterable(earlier.free for earlier in before))
    of_these = (windows[name] for name in sentence.of[Role.CONCEPT] if name in windows)
    for one in dict.fromkeys(chain.from_iterable(of_these)):
        rule, group = one.rule, one.group
        if not all(map(seen.__contains__, group.concepts)):  # most are not even near
            continue
        window = [*before][-(group.sentences - 1) :]
        missing = [name for name in group.concepts if not any(name in earlier.free for earlier in window)]
        if not missing or any(name not in sentence.free for name in missing):
            continue
        if len(missing) == len(group.concepts) and not _together(replace(group, near=None), sentence.of[Role.CONCEPT]):
            continue  # one word serves two of them
        other = next(filter(None, (one.cancelling(rule) for one in (sentence, *reversed(window)))), "")
        other = other or _opened_by(before, rule)
        first = sentence.free[missing[0]]
        yield _finding(sentence, rule, (first.first, first.last), other, rulebook)


def _not_spoken_against(sentence: _Sentence, rulebook: Rulebook) -> dict[str, Hit]:
    """Of each concept that may be found across sentences, the first hit that no cue makes void.

    Cues tell work from wishes and denials. What a mail wants is often a wish: its signals ask for no cue.
    """
    found: dict[str, Hit] = {}
    lookup = _lookup(rulebook)
    for name, hits in sentence.of[Role.CONCEPT].items():
        if name in lookup.windows:
            asked = name not in lookup.of_signals
            free = (hit for hit in hits if not (asked and _spoken_against(sentence, (hit.first, hit.last), rulebook)))
            if (first := next(free, None)) is not None:
                found[name] = first
    return found


def _outermost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans without those that lie inside another."""
    kept: list[tuple[int, int]] = []
    for span in sorted(set(spans), key=lambda s: (s[0], -s[1])):
        if not kept or span[1] > kept[-1][1]:
            kept.append(span)
    return kept


def _together(group: Together, concepts: Mapping[str, list[Hit]]) -> tuple[int, int] | None:
    """The shortest stretch that holds one hit of each concept, no word serving two of them."""
    if not all(map(concepts.__contains__, group.concepts)):
        return None
    best: tuple[int, int] | None = None
    for anchor in concepts[group.concepts[0]]:
        taken = [anchor]
        for name in group.concepts[1:]:
            free = [hit for hit in concepts[name] if all(hit.first > t.last or hit.last < t.first for t in taken)]
            if not free:
                break
            taken.append(min(free, key=lambda hit: max(hit.first - anchor.last, anchor.first - hit.last)))
        else:
            first, last = min(hit.first for hit in taken), max(hit.last for hit in taken)
            if (group.near is None or last - first <= group.near) and (
                best is None or last - first < best[1] - best[0]
            ):
                best = (first, last)
    return best


def _spoken_against(sentence: _Sentence, span: tuple[int, int], rulebook: Rulebook) -> str:
    """Why a cue of the sentence makes a match void, empty where none does."""
    cue_hits, voids, ends = sentence.of[Role.CUE], sentence.of[Role.UNLESS], sentence.ends
    if not cue_hits:
        return ""
    for cue in rulebook.cues:
        for hit in cue_hits.get(cue.name, ()):
            if _reaches(cue, hit, span, ends, sentence) and not any(
                not _parted(void.first, hit.first, ends) for void in voids.get(cue.name, ())
            ):
                return cue.reason
    return ""


def _parted(one: int, other: int, ends: Sequence[int]) -> bool:
    low, high = min(one, other), max(one, other)
    return any(low < end <= high for end in ends)


def _reaches(cue: Cue, hit: Hit, span: tuple[int, int], ends: Sequence[int], sentence: _Sentence) -> bool:
    if cue.scope is Scope.CLAUSE:
        return not _parted(hit.first, span[0], ends)
    if cue.scope is Scope.NAME:
        return _in_name(hit, span, sentence)
    if cue.scope is Scope.NAME_END:
        return _ends_name(hit, span, sentence)
    if cue.scope is Scope.NEXT:
        return span[0] > hit.last and span[0] - hit.last <= _NAME_REACH and not _marked_off(hit.last, span[0], sentence)
    if span[0] <= hit.first:
        return False
    return not _parted(hit.first, span[0], ends)


def _in_name(hit: Hit, span: tuple[int, int], sentence: _Sentence) -> bool:
    """Whether a match belongs to the name that begins with this cue: Centre for Disaster Preparedness."""
    if span[1] <= hit.last or span[0] - hit.last > _NAME_REACH or _marked_off(hit.last, span[0], sentence):
        return False
    return not sentence.text[sentence.tokens[hit.first].start].islower()  # scripts without capitals pass


def _ends_name(hit: Hit, span: tuple[int, int], sentence: _Sentence) -> bool:
    """The same where the cue comes last: Island Humanitarian Relief Foundation."""
    if not 0 < hit.first - span[1] <= _NAME_REACH or _marked_off(span[1], hit.first, sentence):
        return False
    return all(not sentence.text[token.start].islower() for token in sentence.tokens[span[0] : hit.last + 1])


def _marked_off(first: int, last: int, sentence: _Sentence) -> bool:
    return any(sentence.text[token.start] in _PARTING for token in sentence.tokens[first + 1 : last])


@dataclass(frozen=True, slots=True, eq=False)
class _Window:
    """Concepts that may stand in several sentences."""

    rule: Rule
    group: Together


@dataclass(frozen=True, slots=True)
class _Lookup:
    """The rules of a rulebook by what leads to them."""

    rules: Mapping[str, Rule]
    by_concept: Mapping[str, tuple[Rule, ...]]  # by the first of the concepts that they want in one sentence
    windows: Mapping[str, tuple[_Window, ...]]  # by each of their concepts
    of_signals: frozenset[str]  # concepts that stand in no windows but those of signals
    longest: int  # most sentences of a window


@lru_cache(maxsize=8)
def _lookup(rulebook: Rulebook) -> _Lookup:
    by_concept: dict[str, dict[Rule, None]] = defaultdict(dict)
    windows: dict[str, dict[_Window, None]] = defaultdict(dict)
    for rule in rulebook.rules:
        for group in dict.fromkeys(rule.together):
            if group.sentences == 1:
                by_concept[group.concepts[0]][rule] = None
            else:
                window = _Window(rule, group)
                for name in group.concepts:
                    windows[name][window] = None
    signals = (name for name, led in windows.items() if all(one.rule.group.startswith("signals/") for one in led))
    return _Lookup(
        rules={rule.id: rule for rule in rulebook.rules},
        by_concept={name: tuple(led) for name, led in by_concept.items()},
        windows={name: tuple(led) for name, led in windows.items()},
        of_signals=frozenset(signals),
        longest=max((group.sentences for rule in rulebook.rules for group in rule.together), default=1),
    )


def longest_window(rulebook: Rulebook) -> int:
    """In how many consecutive sentences a rule looks at most."""
    return _lookup(rulebook).longest
