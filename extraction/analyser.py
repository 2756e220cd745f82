"""The one analyser of rules and search: spaCy's blank tokeniser → normal form → stem, with offsets into the text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

import Stemmer
from spacy.attrs import IDX, LENGTH, ORTH
from spacy.lang.char_classes import ALPHA
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, get_lang_class
from spacy.vocab import Vocab

from extraction import arabic, tongues
from extraction.lexicon import fold
from extraction.lookalikes import as_meant

LANGUAGES = ("en", "fr", "es", "ar", "ru")
OTHER = "xx"  # any language beyond the five: its words are cut and not stemmed
_SNOWBALL = {"en": "english", "fr": "french", "es": "spanish", "ru": "russian"}
_KEPT_TEXTS = 16  # analyses: themes, inputs, search and structure ask for the same texts one after another
_PLACES = [IDX, LENGTH]
_PIECE = re.compile(r"\S+")
_LINE_END = re.compile("\n")
_start = itemgetter(0)  # of a token
_ENDS = frozenset(".!?؟۔…")
_CLOSING = frozenset("\"'»”’)]")
# Words of a compound are found one by one: garde-frontière is garde frontière. One character for one: offsets stay.
_PREPARE = str.maketrans(
    dict.fromkeys("-\u2010\u2011\u2012\u2013\u2014\u00ad\u00a0\u202f\u2009\t", " ") | dict.fromkeys("’ʼ‘`´", "'")
)


class Token(NamedTuple):  # made by the thousand: a dataclass takes three times as long
    start: int  # character span in the text, half open
    end: int
    norm: str  # folded: lower case, no accents, no Arabic vowels
    stem: str  # empty for punctuation


Spanned = TypeVar("Spanned", Token, tuple[int, int])
_made = tuple.__new__  # what Token() does, in a third of the time


@dataclass(frozen=True, slots=True)
class Analysis:
    tokens: tuple[Token, ...]
    sentences: tuple[tuple[int, int], ...]  # character spans, trimmed, half open


def within(spans: Sequence[Spanned], start: int, end: int) -> Sequence[Spanned]:
    """Those tokens or sentences that begin in a stretch of the text."""
    return spans[bisect_left(spans, start, key=_start) : bisect_left(spans, end, key=_start)]


class Analyser:
    """Made once a process; each language is loaded when first met. The same text always gives the same tokens."""

    def __init__(self) -> None:
        self._tongues: dict[str, _Tongue] = {}
        self._kept: OrderedDict[tuple[str, str], Analysis] = OrderedDict()

    def language_of(self, text: str) -> str:
        """The ISO 639 code of most of a text, "und" where it has no letters."""
        return tongues.language_of(text)

    def analyse(self, text: str, language: str) -> Analysis:
        """Tokens and sentences of a text; languages beyond the five are cut into words and not stemmed."""
        key = (language, text)
        found = self._kept.get(key)
        if found is None:
            tokens = self._tongue(language).tokens(text)
            found = self._kept[key] = Analysis(tokens, _sentences(text, tokens))
            if len(self._kept) > _KEPT_TEXTS:
                self._kept.popitem(last=False)
        return found

    def forget(self) -> None:
        """Let go of the texts analysed last. What was learnt of words stays."""
        self._kept.clear()

    def tokens(self, text: str, language: str) -> tuple[Token, ...]:
        return self.analyse(text, language).tokens

    def term(self, term: str, language: str) -> tuple[Token, ...]:
        """The tokens of some words that are asked about once, such as a rule's: nothing is kept, no sentence cut."""
        return self._tongue(language).tokens(term)

    def sentences(self, text: str, language: str) -> tuple[tuple[int, int], ...]:
        """Spans of sentences. A line end ends a sentence; the dot of an abbreviation or initial does not."""
        return self.analyse(text, language).sentences

    def stems(self, text: str, language: str) -> str:
        """The stems in order, joined by spaces: what the search index holds."""
        return " ".join(token.stem for token in self.tokens(text, language) if token.stem)

    def _tongue(self, language: str) -> _Tongue:
        code = language if language in LANGUAGES else OTHER
        if code not in self._tongues:
            self._tongues[code] = _Tongue(code)
        return self._tongues[code]


class _Tongue:
    """Tokeniser and stemmer of one language, with every word met so far.

    spaCy parts a text at spaces and looks at each piece alone, so a piece that was met before needs no second look.
    """

    def __init__(self, code: str) -> None:
        self._tokenise = _tokeniser(code)
        self._spaced = tuple(whole for whole in self._tokenise.rules if " " in whole.strip())
        self._stem = _stemmer(code)
        self._forms: dict[str, tuple[str, str]] = {}
        self._pieces: dict[str, tuple[Token, ...]] = {}  # places count from the start of the piece

    def tokens(self, text: str) -> tuple[Token, ...]:
        pieces, known = self._parted(text.translate(_PREPARE)), self._pieces
        self._learn({piece for _, piece in pieces if piece not in known})
        found = [
            _made(Token, (place + start, place + end, norm, stem))
            for place, piece in pieces
            for start, end, norm, stem in known[piece]
        ]
        return tuple(found)

    def _parted(self, text: str) -> list[tuple[int, str]]:
        """The pieces between spaces with their places. A line with a spaced word ("и др.") is one."""
        if not any(map(text.__contains__, self._spaced)):
            return [(found.start(), found[0]) for found in _PIECE.finditer(text)]
        pieces, place = [], 0
        for line in text.split("\n"):
            if any(map(line.__contains__, self._spaced)):
                pieces.append((place, line))
            else:
                pieces += [(place + found.start(), found[0]) for found in _PIECE.finditer(line)]
            place += len(line) + 1
        return pieces

    def _learn(self, pieces: Set[str]) -> None:
        """Cut pieces into tokens, all at once: what costs is each call of spaCy."""
        if not pieces:
            return
        listed = sorted(pieces)
        text = "\n".join(listed)
        # Places by the array: walking spaCy's token objects takes longer than tokenising.
        spans = self._tokenise(text).to_array(_PLACES).tolist()
        place = at = 0
        for piece in listed:
            end, found = place + len(piece), []
            while at < len(spans) and spans[at][0] < end:
                start, length = spans[at]
                if not (written := text[start : start + length]).isspace():
                    found.append(_made(Token, (start - place, start - place + length, *self._form(written))))
                at += 1
            self._pieces[piece] = tuple(found)
            place = end + 1

    def _form(self, written: str) -> tuple[str, str]:
        """The normal form and the stem of a word."""
        form = self._forms.get(written)
        if form is None:
            form = self._forms[written] = self._formed(as_meant(written) or written)
        return form

    def _formed(self, written: str) -> tuple[str, str]:
        norm = fold(written)
        if not any(c.isalnum() for c in written):
            return norm or written, ""
        return norm, self._stem(written, norm.strip("'.،؛")) or norm


def _tokeniser(code: str) -> Any:
    """The tokeniser of spaCy's blank pipeline, put together here in a sixth of the time and with the same tokens.

    A pipeline sets up much besides, and its vocabulary works out the shape, prefix and likes of every word it meets;
    what is asked of a token here is its place. Importing spaCy's French compiles a pattern of compounds for 2 to 3 s
    of CPU: it can only match words with hyphens, and those are parted before; what is left of French is the elision.
    """
    defaults: Any = get_lang_class(OTHER if code == "fr" else code).Defaults
    infixes = [*defaults.infixes, rf"(?<=[{ALPHA}]['])(?=[{ALPHA}])"] if code == "fr" else defaults.infixes
    wholes = ("aujourd'hui", "Aujourd'hui", "n°", "N°") if code == "fr" else ()
    tokeniser: Any = Tokenizer(
        Vocab(),
        rules=defaults.tokenizer_exceptions | {whole: [{ORTH: whole}] for whole in wholes},
        prefix_search=compile_prefix_regex(defaults.prefixes).search,
        suffix_search=compile_suffix_regex(defaults.suffixes).search,
        infix_finditer=compile_infix_regex(infixes).finditer,
        token_match=defaults.token_match,
        url_match=defaults.url_match,
    )
    return tokeniser


# French participles: without their accent Snowball takes "hébergées" for another word than "hébergés".
_FEMININE = re.compile(r"ee(s?)$")


def _stemmer(code: str) -> Callable[[str, str], str]:
    if code == "ar":
        return lambda written, _: fold(arabic.stem(written.lower()))
    if code == OTHER:
        return lambda _, norm: norm
    snowball = Stemmer.Stemmer(_SNOWBALL[code])
    snowball.maxCacheSize = 0  # the forms are kept above
    if code == "fr":
        return lambda _, norm: _snowball(snowball, _FEMININE.sub(r"e\1", norm))
    return lambda _, norm: _snowball(snowball, norm)


def _snowball(snowball: Any, norm: str) -> str:
    if norm.isascii() or norm[0] < "\u0600":
        return str(snowball.stemWord(norm))
    return norm


def _sentences(text: str, tokens: tuple[Token, ...]) -> tuple[tuple[int, int], ...]:
    cuts = _full_stops(text, tokens)
    spans, start = [], 0
    for cut in cuts:
        while start < cut and text[start].isspace():
            start += 1
        end = cut
        while end > start and text[end - 1].isspace():
            end -= 1
        if end > start:
            spans.append((start, end))
        start = cut
    return tuple(spans)


def line_starts(text: str) -> list[int]:
    """Offsets at which the lines of a text begin."""
    return [0, *(found.end() for found in _LINE_END.finditer(text))]


def _full_stops(text: str, tokens: tuple[Token, ...]) -> list[int]:
    """Where sentences end: line ends, and full stops that the tokeniser did not leave with their abbreviation."""
    cuts = {len(text), *line_starts(text)}
    for index, token in enumerate(tokens):
        if text[token.start] not in _ENDS or token.stem:
            continue
        end = token.end
        while end < len(text) and text[end] in _CLOSING:
            end += 1
        if end < len(text) and not text[end].isspace():
            continue
        follows = text[end:].lstrip()[:1] if end < len(text) else ""
        before = tokens[index - 1] if index else None
        initial = before and before.end == token.start and before.end - before.start == 1 and before.norm.isalpha()
        if text[token.start] == "." and (initial or follows.islower()):
            continue
        cuts.add(end)
    return sorted(cuts)
