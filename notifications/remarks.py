"""What the program says of a message, in the words of the reader: config/templates/digest/remarks.yaml.

Reasons and notes are made and stored as English sentences. As with gettext, the English sentence is the key to its
translation; decision 0081 says why. What changes in a sentence stands in it as {name}.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from domain.mail import ReplyLanguage
from notifications.words import PLACEHOLDER, complaints, filled, read_yaml

ORIGINAL = ReplyLanguage.EN.value
LANGUAGES = frozenset(language.value for language in ReplyLanguage)
Complaint = tuple[int | None, str]  # line, message


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One sentence of the program, and what it is in each language."""

    texts: Mapping[str, str]  # by code of the language
    pattern: re.Pattern[str]  # of the English sentence, with what changes in groups

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Remark:
        pieces = PLACEHOLDER.split(texts[ORIGINAL])  # text, name, text, …
        named = [f"(?P<{piece}>.+?)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces)]
        return cls(texts=texts, pattern=re.compile("".join(named), re.DOTALL | re.IGNORECASE))

    @property
    def exactness(self) -> tuple[bool, int]:
        """Of two sentences that fit, the one that begins with words of its own, and then the one with more of them,
        says better what it is."""
        own = PLACEHOLDER.sub("", self.texts[ORIGINAL])
        return self.texts[ORIGINAL][:1] == own[:1], len(own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    all: Sequence[Remark] = field(default=())  # the most exact first

    def said(self, sentence: str, language: ReplyLanguage, shown: Callable[[str], str] = str) -> str:
        """The sentence in that language, each value in it as `shown` makes it; in English where nobody translated it.

        A value may itself be a sentence of the program: "{what}; nobody is answered".
        """
        if language is ReplyLanguage.EN:
            return shown(sentence)
        for remark in self.all:
            if found := remark.pattern.fullmatch(sentence):
                values = {name: self.said(value, language, shown) for name, value in found.groupdict().items()}
                return filled(remark.texts[language.value], values)
        return shown(sentence)


def read_remarks(source: str) -> tuple[Remarks | None, list[Complaint]]:
    """The remarks, None where they cannot be used, and what is wrong."""
    found, problems = read_yaml(source)
    if problems:
        return None, problems
    if not isinstance(found, CommentedSeq):
        return None, [(None, "must be a list; each item is a sentence, as `- en: …`, and its translations")]
    problems = [problem for at, item in enumerate(found) for problem in _problems(item, found.lc.item(at)[0] + 1)]
    if problems:
        return None, problems
    remarks = (Remark.of({str(code): str(text) for code, text in item.items()}) for item in found)
    return Remarks(all=sorted(remarks, key=lambda remark: remark.exactness, reverse=True)), []


def _problems(item: object, line: int) -> Iterator[Complaint]:
    if not isinstance(item, CommentedMap) or not isinstance(item.get(ORIGINAL), str):
        yield line, "an item begins with `- en:` and the sentence as the program says it"
        return
    sentence = item[ORIGINAL]
    for code in sorted(LANGUAGES - set(item)):
        yield line, f"“{sentence}” has no {code}: translate it"
    there = set(PLACEHOLDER.findall(sentence))
    for code, text in item.items():
        at = item.lc.key(code)[0] + 1
        if code not in LANGUAGES:
            yield at, f"no language is called {code}: there are {', '.join(sorted(LANGUAGES))}"
        else:
            yield from ((at, complaint) for complaint in complaints(code, text, there))
