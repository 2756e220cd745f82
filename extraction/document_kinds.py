"""What a document is: a CV, a letter, a certificate, a photo, a form, or something else."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

from domain.profile import BlockKind, DocumentKind, DocumentText, SectionKind
from extraction.lexicon import Lexicon, words
from extraction.wordlists import read_word_list

FRONT = 6  # lines at whose front the title of a document stands
TITLE = 80  # characters: a longer line is no title
NAMED_A_CV = 2  # points for the name of the file
NO_TEXT = 40  # characters: a picture with less shows a person, not a text
HEAD, TAIL = 1_500, 500  # characters at the front and end in which letters and certificates show
PROSE_CV = 700  # characters of a CV without headings
SHORT_LIFE = 250  # characters in which a life can be told
PARTS = 3  # headings of a CV in the body of a message: a letter has hardly one
CV_ALONE, CV_OVER_CERTIFICATE, CV_OVER_LETTER = 3, 6, 6  # points from which a document is a CV
# A heading on any of these speaks for a CV.
OF_CVS = frozenset(
    {
        SectionKind.EXPERIENCE,
        SectionKind.EDUCATION,
        SectionKind.LANGUAGES,
        SectionKind.SKILLS,
        SectionKind.REFERENCES,
        SectionKind.PUBLICATIONS,
        SectionKind.TRAINING_ATTENDED,
        SectionKind.TRAINING_GIVEN,
        SectionKind.PERSONAL,
        SectionKind.SUMMARY,
        SectionKind.INTERESTS,
    }
)
_CORE = frozenset({SectionKind.EXPERIENCE, SectionKind.EDUCATION, SectionKind.LANGUAGES})
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_YEAR = re.compile(r"(?<!\d)(?:19|20|١٩|٢٠)\d\d(?!\d)")
_FILLED = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentWords:
    """config/rules/documents.yaml, ready to be looked up."""

    titles: Lexicon[str]  # of CVs
    salutations: Lexicon[str]
    closings: Lexicon[str]
    certificates: Lexicon[str]
    identity_cards: Lexicon[str]
    calls: Lexicon[str]
    other_titles: Lexicon[str]
    vacancies: Lexicon[str]
    cv_files: Lexicon[str]
    other_files: Lexicon[str]


def load_document_words(folder: Path) -> DocumentWords:
    """Read documents.yaml of the folder of rules."""
    rules = read_word_list(folder, "documents.yaml")
    return DocumentWords(
        titles=rules.lexicon("cv_titles"),
        salutations=rules.lexicon("salutations"),
        closings=rules.lexicon("closings"),
        certificates=rules.lexicon("certificates"),
        identity_cards=rules.lexicon("identity_cards"),
        calls=rules.lexicon("calls"),
        other_titles=rules.lexicon("other_titles"),
        vacancies=rules.lexicon("vacancies"),
        cv_files=rules.lexicon("cv_files"),
        other_files=rules.lexicon("other_files"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a document shows of a CV."""

    known: Set[SectionKind | None]  # kinds of the headings that were recognised
    posts: int
    degree: bool  # named anywhere; not looked for where headings and posts say enough
    languages: bool  # spoken of anywhere; the same

    @property
    def core(self) -> int:
        return core_of(self.known)


def core_of(known: Set[SectionKind | None]) -> int:
    """How many of the parts that make a CV have headings: experience, education, languages."""
    return len(known & _CORE)


def document_kind(text: DocumentText, shown: Shown, words: DocumentWords, file_name: str | None = None) -> DocumentKind:
    """What a document is, by its headings, posts and wording; the file's name helps where they leave it open."""
    whole = text.text
    if len("".join(whole.split())) < NO_TEXT:
        return DocumentKind.PHOTO if text.ocr else DocumentKind.OTHER
    if not shown.posts and _is_empty_form(text):
        return DocumentKind.FORM
    named = _named(file_name or "", words)
    points = _cv_points(whole, shown, words) + NAMED_A_CV * (named is DocumentKind.CV)
    letter = _letter_points(whole, words) if points < CV_OVER_LETTER else 0
    if letter >= 2:
        return DocumentKind.LETTER
    if points < CV_OVER_CERTIFICATE and _certifies(whole, words):
        return DocumentKind.CERTIFICATE
    if shown.posts < 2 and (_holds(whole[:HEAD], words.calls) or _is_titled(whole, words.vacancies)):
        return DocumentKind.OTHER
    if points >= (CV_OVER_CERTIFICATE if named is DocumentKind.OTHER else CV_ALONE):
        return DocumentKind.CV
    return DocumentKind.LETTER if letter else DocumentKind.OTHER


def _named(file_name: str, words: DocumentWords) -> DocumentKind | None:
    """CV or OTHER, as the name of a file says ("LettreDeMotivation_Diop.pdf"); None where it says neither or both."""
    stem = _CAMEL.sub(" ", file_name.rpartition(".")[0] or file_name).replace("_", " ")
    is_cv, is_other = _holds(stem, words.cv_files), _holds(stem, words.other_files)
    if is_cv == is_other:
        return None
    return DocumentKind.CV if is_cv else DocumentKind.OTHER


def _certifies(whole: str, words: DocumentWords) -> bool:
    """Whether it tells of a person in an authority's or a referee's words, or is titled as no CV is."""
    head = whole[:HEAD]
    spoken = _holds(head, words.certificates) or _holds(head, words.identity_cards)
    return spoken or _is_titled(whole, words.other_titles)


def _is_titled(whole: str, titles: Lexicon[str]) -> bool:
    lines = [line for line in whole[:HEAD].split("\n") if line.strip()][:FRONT]
    return any(len(line) <= TITLE and _begins(line, titles) for line in lines)


def body_kind(text: str, shown: Shown) -> DocumentKind:
    """The same for what was written in a message: a CV, or a letter that tells some facts about the sender."""
    by_headings = (shown.posts >= 1 and shown.core >= 2) or (shown.posts >= 2 and shown.core >= 1) or shown.posts >= 3
    # A CV by skill need not date a single post.
    by_parts = len(shown.known & OF_CVS) >= PARTS and shown.core >= 1 and shown.degree and shown.languages
    questions = text.count("?") + text.count("؟")
    is_letter = questions > 1 or "://" in text  # or the CV lies elsewhere
    # Who asks nothing and tells of work, studies and languages has sent all that they have to say of themselves.
    is_told = len(text) >= PROSE_CV or not questions
    by_prose = shown.posts >= 1 and shown.posts + shown.degree + shown.languages >= 3 and is_told
    # A life told in sentences dates its turns, and may date no post: "twelve years at the ministry".
    dated = len(set(_YEAR.findall(text))) >= 2 and len(text) >= SHORT_LIFE
    by_life = dated and shown.degree and shown.languages and not questions
    is_cv = by_headings or ((by_parts or by_prose or by_life) and not is_letter)
    return DocumentKind.CV if is_cv else DocumentKind.LETTER


def _cv_points(whole: str, shown: Shown, words: DocumentWords) -> int:
    titled = 2 * _holds(whole[:300], words.titles)
    headed = min(len(shown.known & OF_CVS), 4) + shown.core
    return titled + headed + min(shown.posts, 3) + shown.degree + shown.languages


def _letter_points(whole: str, words: DocumentWords) -> int:
    """One for a salutation at the front of a line, one for a closing formula."""
    salutation = any(_begins(line, words.salutations) for line in whole[:HEAD].split("\n"))
    closing = any(_begins(line, words.closings) for line in whole[-TAIL:].split("\n"))
    return int(salutation) + int(closing)


def _begins(line: str, lexicon: Lexicon[str]) -> bool:
    found = words(line[:80])
    return bool(found) and lexicon.at(found, 0) is not None


def _holds(text: str, lexicon: Lexicon[str]) -> bool:
    return lexicon.found_in(words(text))


def _is_empty_form(text: DocumentText) -> bool:
    """Labels in a table, and hardly anything beside them."""
    rows = [block.cells for block in text.blocks if block.kind is BlockKind.ROW and len(block.cells) == 2]
    if len(rows) < 3 or len(text.text) > 3000:
        return False
    empty = sum(1 for row in rows if not _FILLED.search(row[1]))
    return empty * 2 > len(rows)
