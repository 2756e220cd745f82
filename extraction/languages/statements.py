"""Text on languages cut into statements and clauses, with what each of them says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from domain.profile import Level
from extraction.languages.events import HITS, Clause, Event, Statement, forget_others, forget_planned
from extraction.languages.gauges import is_gauge
from extraction.languages.rules import LanguageRules, Role, Term, most_common
from extraction.languages.scales import Scale, marked_words
from extraction.lexicon import Match, Word, may_begin, words

_HARD = re.compile(r"[;؛•▪●■◦]")
_SOFT = re.compile(r"[,،|]|\.\s")
_LINK = re.compile(r"[:=|]|\s[-–—]|[–—]|-\s")
_APART = re.compile(r"[,،;؛:|()•·]|\.\s|\s[-–—/*~→]\s")
_COLON = re.compile(r"\s*:")
_ENDS_LABEL = re.compile(rf"[()]|{_LINK.pattern}")
_LEADERS = re.compile(r"\.{3,}|(?:\.\s){3,}|…+|_{2,}|·{2,}")  # "Mam ........ a little"
_ITEMS = re.compile(r"\s*[-–—/\\·*~>→»¦‖+]\s*")  # what parts the items of a list, where they are complete
_TELLS = re.compile(r"[(:=|–—-]")
_AND = re.compile(r"[/&+]")
_FIGURE = re.compile(r"(?:slp)?[srlw]?((?:[0-5]\+?){1,4})(?<!20[0-2][0-5])")  # "3+", "S3", "R2+", "3232"; no year
_EACH = re.compile(r"[0-5]\+?")
_SCORE_REACH = 8  # words after the name of a test among which its mark stands
_CODE_REACH = 5
_PARTS_REACH = 14  # words among which the marks of the parts of a test stand, and the overall one
_MARK_BEFORE = 4  # words before the name of a test among which its mark stands: "a score of 7.5 in IELTS"
_LABEL_REACH = 5  # words of a label
_AGENT_REACH = 2  # words before one for other people: "by my wife", "на языке моей жены"
_SPOKEN_REACH = 4  # words behind "I speak" among which a language stands


def statements(text: str, span: tuple[int, int], rules: LanguageRules, scale: Scale | None = None) -> list[Statement]:
    """The statements of a line or paragraph. `scale`: what figures mean, within a section on languages."""
    found = marked_words(text, span, scale) if scale else words(text, *span)
    return _Reading(text, span[1], found, rules, scale).run()


class _Reading:
    """One pass over the words of a line."""

    def __init__(self, text: str, end: int, found: Sequence[Word], rules: LanguageRules, scale: Scale | None) -> None:
        self.end = end  # of the line
        self.text, self.words, self.rules, self.scale = text, found, rules, scale
        self.done: list[Statement] = []
        self.depth = 0
        self.linked = False
        self.spoken_for: set[int] = set()  # words that belong to a test before them

    def run(self) -> list[Statement]:
        index = 0
        while index < len(self.words):
            self._gap(index)
            statement = self.done[-1]
            size = self._cues(index, statement) or 1
            term = self._term(index)
            if term:
                statement.other &= not (term[0].short and self._is_code(index + term[1]))  # "IT - B1" is Italian
                size = max(size, self._record(index, *term)) if not self._denies(index) else size
            elif size == 1:
                if self.words[index].start == statement.start and not self._is_known(self.words[index]):
                    statement.foreign = self._ends_line(index) or bool(_LINK.search(self._after(index)))
                self._plain(self.words[index], statement.clauses[-1])
            statement.end = self.words[index + size - 1].end
            index += size
        for statement in self.done:
            for clause in statement.clauses:
                forget_planned(clause)
                forget_others(clause)
        return self.done

    def _begins_label(self, index: int) -> bool:
        """A label within a line, "... Other languages: ...", begins a statement of its own."""
        match = self.rules.cues["labels"].at(self.words, index)
        if not match or self.depth or match.last >= len(self.words):
            return False
        return ":" in self.text[self.words[match.last - 1].end : self.words[match.last].start]

    def _begins_item(self, index: int) -> bool:
        """A sign before a name parts items where one is complete: "French, mother tongue – English, fluent"."""
        told = [event.role for event in self.done[-1].events if event.role is Role.NAME or event.role in HITS]
        complete = told[:1] == [Role.NAME] and told[-1] in HITS
        return complete and not self.depth and self._is_name(index)

    def _gap(self, index: int) -> None:
        """Look at what stands before a word: a new statement, a new clause, a parenthesis."""
        word = self.words[index]
        previous = self.words[index - 1].end if index else word.start
        gap = self.text[previous : word.start]
        if gap == " " and not may_begin(word, self.rules.openers):  # no mark, no label: most words of prose
            self.linked = False
            return
        before = self.depth
        for sign in gap:
            if sign in "([":
                self.depth += 1
            elif sign in ")]":
                self.depth = max(0, self.depth - 1)
        self.linked = bool(_LINK.search(gap))
        outside = not (before and self.depth)
        hard = bool(_HARD.search(gap)) or self._ends_sentence(index, gap) or (bool(gap) and self._begins_label(index))
        hard = hard or (bool(_ITEMS.fullmatch(gap)) and self._begins_item(index))
        new = not self.done or (outside and (hard or (":" in gap and self._heads_list(index))))
        if new:
            self.depth = self.depth if "(" in gap or "[" in gap else 0
            self.done.append(Statement(start=word.start, end=word.end, clauses=[Clause()]))
        elif outside and _SOFT.search(gap):
            self.done[-1].clauses.append(Clause())
        elif not outside and (_HARD.search(gap) or _SOFT.search(gap)):
            self._note(Role.BREAK, previous, word.start)
        elif _AND.search(gap):
            self._note(Role.AND, previous, word.start)

    def _note(self, role: Role, start: int, end: int) -> None:
        """Keep what parts or joins the languages of a clause."""
        self.done[-1].clauses[-1].events.append(Event(role=role, start=start, end=end, depth=self.depth))

    def _ends_sentence(self, index: int, gap: str) -> bool:
        mark = next((sign for sign in gap if sign in ".!?؟"), None)
        if mark is None or not (gap[-1].isspace() or gap[-1] in '«"“(') or re.search(r"[-–—:=,]", gap):
            return False
        first = self.text[self.words[index].start]
        short = mark == "." and len(self.words[index - 1].key) <= 2 and self.words[index - 1].key.isalpha()
        return not first.islower() and not short

    def _cues(self, index: int, statement: Statement) -> int:
        """Notice cues that begin here; the number of words of a label."""
        at_front = self.words[index].start - statement.start <= 15 and not any(True for _ in statement.events)
        cues, found = self.rules.cues, self.words
        size = 0
        if at_front and statement.start == found[index].start:
            size = self._label(index)
            statement.label = size > 0
        if not may_begin(found[index], self.rules.openers):
            return size
        if at_front and cues["others"].at(found, index):
            statement.other = True
        statement.legend |= cues["legend"].at(found, index) is not None
        statement.retracted |= cues["retractions"].at(found, index) is not None
        statement.claims |= cues["claims"].at(found, index) is not None
        if statement.not_own_from is None and cues["not_own"].at(found, index):
            statement.not_own_from = found[index].start
        if statement.clauses[-1].of_others is None and cues["of_others"].at(found, index):
            statement.clauses[-1].of_others = found[index].start, self.depth
            near = range(max(index - _AGENT_REACH, 0), index + 1)
            statement.clauses[-1].theirs = any(cues["agents"].at(found, place) for place in near)
        statement.first_person |= cues["first_person"].at(found, index) is not None
        if statement.not_mine_from is None and cues["not_mine"].at(found, index):
            statement.not_mine_from = found[index].start
        self._speaks(index, statement)
        statement.clauses[-1].respectively |= cues["respectively"].at(found, index) is not None
        if cues["planned"].at(found, index):
            here, earlier = (self.depth, found[index].start), statement.clauses[-1].planned
            statement.clauses[-1].planned = min(earlier or here, here)
        if self._denies(index):
            statement.clauses[-1].denied_from = found[index].start
        return size

    def _speaks(self, index: int, statement: Statement) -> None:
        """Notice "I speak"; behind a language and its level, it begins a clause: "... and I speak English"."""
        cue = self.rules.cues["speaks"].at(self.words, index)
        if not cue:
            return
        statement.speaks = True
        told = [event.role for event in statement.clauses[-1].events if not event.depth]
        complete = Role.NAME in told and any(role in HITS for role in told)
        ahead = range(cue.last, min(cue.last + _SPOKEN_REACH, len(self.words)))
        if complete and not self.depth and any(map(self._is_name, ahead)):
            statement.clauses.append(Clause())

    def _heads_list(self, index: int) -> bool:
        """Whether a language and its level follow a colon, and neither precedes: "Graduate of X: Russian, fluent"."""
        before = self.done[-1]
        named = before.label or before.other or before.not_own_from is not None or any(True for _ in before.events)
        name = self.rules.at(self.words, index)
        if named or self._speaks_of_languages() or not name or name.value.role is not Role.NAME:
            return False
        return self._is_level(name.last)

    def _label(self, index: int) -> int:
        """The number of words of a label that begins here: "Languages:", also "Local languages:"; 0 where none does."""
        label = self.rules.cues["labels"].at(self.words, index)
        if label and (self._ends_line(label.last - 1) or _ENDS_LABEL.search(self._after(label.last - 1))):
            return label.last - label.first
        for last in range(index, min(index + _LABEL_REACH, len(self.words))):
            if self._told_of(last):
                return 0
            label = label or self.rules.cues["labels"].at(self.words, last)
            if _COLON.match(self._after(last)):
                return last + 1 - index if label else 0
        return 0

    def _told_of(self, index: int) -> bool:
        match = self.rules.at(self.words, index)
        return match is not None and (match.value.role is Role.NAME or match.value.role in HITS)

    def _denies(self, index: int) -> bool:
        denial = self.rules.cues["denials"].at(self.words, index)
        if not denial:
            return False
        term = self.rules.at(self.words, index, reach=self._reach(index))
        return not term or term.last <= denial.last

    def _reach(self, index: int) -> int:
        """How many words stand together from here, with no punctuation between them."""
        for place in range(index + 1, min(index + 8, len(self.words))):
            if _APART.search(self.text, self.words[place - 1].end, self.words[place].start):
                return place - index
        return 8

    def _term(self, index: int) -> tuple[Term, int] | None:
        mark = self._mark(index)
        if mark:
            return mark, 1
        if not may_begin(self.words[index], self.rules.openers):
            return None
        match = self.rules.at(self.words, index, reach=self._reach(index))
        if not match:
            return None
        if index in self.spoken_for:
            return None
        if not self._is_written_as_name(index, match):
            return None
        return match.value, match.last - match.first

    def _mark(self, index: int) -> Term | None:
        """What a figure or letter says: of the scale in force, by skill ("S3/R2+"), or for all of them ("3232")."""
        word = self.words[index]
        written = self.text[word.start : word.end]
        explained = self.scale.explained(word) if self.scale and is_gauge(word) else None
        if explained:
            return Term(role=Role.CODE, level=explained)
        if not self.scale or not self.scale.marks or (written[0].isalpha() and not written.isupper()):
            return None
        figure = _FIGURE.fullmatch(word.key)
        marks = [word.key] if word.key in self.scale.marks else _EACH.findall(figure[1]) if figure else []
        levels = [self.scale.marks[mark] for mark in marks if mark in self.scale.marks]
        return Term(role=Role.CODE, level=most_common(levels)) if levels else None

    def _is_written_as_name(self, index: int, match: Match[Term]) -> bool:
        """Whether what may be another word is written as a language: "Fon", "fon (courant)", "EN C1"."""
        word = self.text[self.words[index].start : self.words[index].end]
        if match.value.accented and word.isascii():
            return False
        if match.value.short:
            return word.isupper() and self._is_level(match.last)
        if match.value.role is Role.CODE:
            last = self.words[match.last - 1]
            return len(last.key) > 1 or self.text[last.start].isupper()  # "niveau à l'oral" is no level A
        if match.value.speaker:
            return any(self._is_native(place) for place in (match.last, match.last + 1))
        if match.value.capital:
            marked = not word.isascii() and word[0] < "\u0250"  # "éwé" is no ewe
            marked = marked or self._after(match.last - 1).startswith(".")  # "азерб."
            followed, ends = self._is_level(match.last), self._ends_line(match.last - 1)
            told = followed and bool(_TELLS.search(self._after(match.last - 1)))
            if self.scale is not None:  # lines of the section on languages: "mam un poco", "notions : fon"
                told |= (not index and (followed or ends)) or (self.linked and ends)
                told |= index > 0 and self.words[index - 1].key in self.rules.articles  # "el fang", "parle le fon"
            capital = word[0].isupper() or marked or (followed and not word[0].islower())  # Arabic has no capitals
            return told or (capital and self._speaks_of_languages())
        return True

    def _speaks_of_languages(self) -> bool:
        """Whether this is a section on languages, or a label or mother tongue stands before: then "Lari" is one."""
        told = any(event.level is Level.NATIVE for event in self.done[-1].events)
        return self.scale is not None or told or any(statement.label for statement in self.done)

    def _begins(self, index: int, wanted: Callable[[Term], bool]) -> bool:
        """Whether a phrase that is wanted begins at a place, which may lie beyond the last word."""
        match = self.rules.at(self.words, index) if index < len(self.words) else None
        return match is not None and wanted(match.value)

    def _is_native(self, index: int) -> bool:
        return self._begins(index, lambda term: term.level is Level.NATIVE)

    def _is_code(self, index: int) -> bool:
        return self._begins(index, lambda term: term.role is Role.CODE)

    def _is_level(self, index: int) -> bool:
        return self._begins(index, lambda term: term.role in HITS)

    def _record(self, index: int, term: Term, size: int) -> int:
        clause = self.done[-1].clauses[-1]
        clause.known += size
        if term.role is Role.NAME and self.words[index].key.startswith(
            "و"
        ):  # the Arabic "and" is written onto the word
            self._note(Role.AND, self.words[index].start, self.words[index].start + 1)
        level, last = term.level, index + size - 1
        if term.role is Role.TEST:
            level, last = self._result(index, size, term)
        if term.role is Role.NAME and self.depth and self._makes_precise(clause, term.code):
            return size
        clause.events.append(
            Event(
                role=term.role,
                start=self.words[index].start,
                end=self.words[last].end,
                code=term.code,
                level=level,
                weak=term.weak and not self._heads(index, last),
                plural=term.plural,
                depth=self.depth,
                linked=self.linked,
            )
        )
        return size

    def _heads(self, index: int, last: int) -> bool:
        """Whether a level stands before a colon at the front of a statement, as the head of a list."""
        return self.words[index].start == self.done[-1].start and bool(_COLON.match(self._after(last)))

    def _makes_precise(self, clause: Clause, code: str) -> bool:
        """Whether a language in parentheses says which one of a family is meant: "Amazigh (Tachelhit)"."""
        last = clause.events[-1] if clause.events else None
        if not last or last.role is not Role.NAME or last.depth or last.code not in self.rules.families:
            return False
        clause.events[-1] = replace(last, code=code)
        return True

    def _result(self, index: int, size: int, term: Term) -> tuple[Level, int]:
        """What a test says, by a code beside it, by its mark or by its name; and the last word that belongs to it."""
        after = range(index + size, min(index + size + _SCORE_REACH, len(self.words)))
        parts = range(index + size, min(index + size + _PARTS_REACH, len(self.words)))
        named = next((place for place in parts if self._is_name(place)), parts.stop)
        after, parts = range(after.start, min(after.stop, named)), range(parts.start, named)
        for place in after[:_CODE_REACH]:
            match = self.rules.at(self.words, place, reach=1)
            if match and match.value.role is Role.CODE:
                self.spoken_for.add(place)
                return match.value.level, place
        before = range(index - 1, max(index - _MARK_BEFORE, 0) - 1, -1)
        unnamed = (place for place in before if self._told_of(place) or place in self.spoken_for)
        before = range(index - 1, next(unnamed, before.stop), -1)
        for place in (*self._overall(parts), *after, *before):
            mark = _number(self.words[place].key)
            if mark is not None and 0 < mark <= term.most:
                level = next((level for lowest, level in term.marks if mark >= lowest), Level.UNKNOWN)
                return level, max(place, index + size - 1)
        return term.level, index + size - 1

    def _overall(self, places: range) -> Iterator[int]:
        """The mark of a whole test among those of its parts: "Reading 6.0, Writing 6.5, overall 6.5"."""
        cue = self.rules.cues["overall"]
        told = [place for place in places if cue.at(self.words, place)]
        yield from (place + 1 for place in told if place + 1 in places)
        yield from (place - 1 for place in told if place - 1 in places)

    def _is_name(self, index: int) -> bool:
        match = self.rules.at(self.words, index)
        return match is not None and match.value.role is Role.NAME

    def _ends_line(self, index: int) -> bool:
        return index + 1 == len(self.words)

    def _after(self, index: int) -> str:
        """What stands between a word and the next, or the end of the line."""
        following = self.end if self._ends_line(index) else self.words[index + 1].start
        return _led(self.text[self.words[index].end : following])

    def _is_known(self, word: Word) -> bool:
        return word.key in self.rules.fillers or len(word.key) < 2 or word.key[0].isdigit()

    def _plain(self, word: Word, clause: Clause) -> None:
        if self._is_known(word):
            clause.known += 1
        else:
            clause.unknown += 1
        if word.key.startswith("و") and word.key[1:] in self.rules.fillers:  # العربية واللغة الكردية
            self._note(Role.AND, word.start, word.start + 1)


def _led(gap: str) -> str:
    """What stands between words, with a colon for signs that lead from a language to its level."""
    return _LEADERS.sub(":", gap) if len(gap) > 2 else gap


def _number(key: str) -> float | None:
    try:
        return float(key.replace(",", ".").rstrip("+"))
    except ValueError:
        return None
