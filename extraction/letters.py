"""What a person wrote in a message: its own sentences, without signature and what programs add, and their language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extraction.lexicon import Lexicon, Word, words
from extraction.tongues import UNDETERMINED, language_of, script_language
from extraction.wordlists import phrases, read_word_list

_LONG = 60  # characters: a longer line that a program added is the beginning of a paragraph of it
_SENTENCE = 6  # words: a line with as many says something; with fewer it may be a name or a post
_CLOSING = 60  # characters of a line that closes a letter
ROMANISED = ("ar", "ru")  # at times written in Latin letters
_FEW = 120  # letters up to which a Cyrillic paragraph is told by its words first
_PROSE = 40  # letters from which a paragraph tells its language without telling words


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWords:
    """config/rules/letters.yaml, and the closing formulas of documents.yaml."""

    added: Lexicon[str]
    telling: Lexicon[str]  # → ISO 639 code
    closings: Lexicon[str]


def load_letter_words(folder: Path) -> LetterWords:
    """Read letters.yaml and documents.yaml of the folder of rules."""
    letters = read_word_list(folder, "letters.yaml")
    telling = letters.keys("telling")
    return LetterWords(
        added=letters.lexicon("added"),
        telling=Lexicon((phrase, code) for code, listed in telling.items() for phrase in phrases(listed)),
        closings=read_word_list(folder, "documents.yaml").lexicon("closings"),
    )


def language_of_letter(written: str, rules: LetterWords) -> str | None:
    """The ISO 639 code of the language in which most of a message is written.

    None where it says nothing: it is empty, or holds only a name, a signature, or what programs add.
    """
    lines = list(own_lines(written.split("\n"), rules))
    body, closing = _parted(lines, rules)
    # A signature may be in another language than the letter above it.
    return _language(body, rules) or _language(closing, rules)


def own_lines(lines: list[str], rules: LetterWords) -> Iterator[str]:
    """Without the signature below "-- " and without what programs add."""
    skips = False
    for line in lines:
        bare = line.strip()
        if bare in ("--", "—", "---"):
            return
        if not bare:
            skips = False
        elif rules.added.found_in(words(bare)):
            skips = len(bare) > _LONG
            continue
        if not skips:
            yield bare


def _parted(lines: list[str], rules: LetterWords) -> tuple[list[str], list[str]]:
    """The letter, and its end: the closing formula with what follows, but for sentences below it."""
    for number, line in enumerate(lines):
        found = words(line[:_CLOSING])
        if len(line) <= _CLOSING and found and rules.closings.at(found, 0):
            below = [one for one in lines[number + 1 :] if one.endswith((".", "!", "?", "؟")) and _says(one, rules)]
            return [*lines[:number], "", *below], lines[number : number + 1]
    return lines, []


def _language(lines: list[str], rules: LetterWords) -> str | None:
    votes: Counter[str] = Counter()
    kept = [line for line in lines if not line or _says(line, rules)]
    for paragraph in "\n".join(kept).split("\n\n"):
        found = words(paragraph)
        code = _language_of_paragraph(paragraph, found, rules)
        if code:
            votes[code] += len(found)
    return votes.most_common(1)[0][0] if votes else None


def _says(line: str, rules: LetterWords) -> bool:
    """Whether a line is part of a sentence: not a name, a post, an address or a number."""
    if "@" in line and " " not in line.strip("<> "):
        return False
    found = words(line)
    return len(found) >= _SENTENCE or rules.telling.found_in(found)


def _language_of_paragraph(paragraph: str, found: Sequence[Word], rules: LetterWords) -> str | None:
    # Names of foreign organisations stand in Arabic and Russian sentences, and are longer than these.
    script = script_language(paragraph)
    told = Counter(match.value for match in rules.telling.find(found)).most_common(1)
    if not script and told and told[0][0] in ROMANISED and told[0][1] > 1:
        return told[0][0]  # it resembles no language
    size = sum(map(str.isalpha, paragraph))
    if script == "ru" and told and told[0][0] not in ROMANISED and size < _FEW:
        return told[0][0]  # few words may have none of the letters that Russian does not write
    if not script and told and size < _PROSE:
        return told[0][0]
    code = script or language_of(paragraph)
    return code if code != UNDETERMINED else None
