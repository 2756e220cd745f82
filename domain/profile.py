"""What a CV says of a person, each statement with the evidence for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from domain.mail import ReplyLanguage, Signal

THEMES = (
    "emergency_consular_affairs",
    "counter_trafficking",
    "humanitarian_border_management",
    "migrant_communication_outreach",
    "return_reintegration",
    "crisis_migration",
    "disaster_preparedness",
    "humanitarian_action",
)
INPUTS = ("legal_policy", "training_assessment", "workshop_moderation", "presentation")


class Level(StrEnum):
    """How well a language is mastered, in the buckets of the call; best first."""

    NATIVE = "native"
    C = "C"
    B = "B"
    A = "A"
    UNKNOWN = "unknown"  # listed with no level


def eligible(levels: Mapping[str, Level], essential: Sequence[str]) -> bool | None:
    """The language rule of the call: an essential language is native or C. `levels`: by ISO 639 code.

    None where no language is listed, or the one that would decide has no level.
    """
    if any(levels.get(code) in (Level.NATIVE, Level.C) for code in essential):
        return True
    if not levels or any(levels.get(code) is Level.UNKNOWN for code in essential):
        return None
    return False


class Degree(StrEnum):
    DOCTORATE = "doctorate"
    MASTER = "master"
    BACHELOR = "bachelor"
    OTHER = "other"


class DocumentKind(StrEnum):
    CV = "cv"
    LETTER = "letter"
    CERTIFICATE = "certificate"
    PHOTO = "photo"
    FORM = "form"  # an empty form, or one that is no CV
    OTHER = "other"


class SectionKind(StrEnum):
    """A part of a CV. Most traps are traps of place: a referee's phone, a course attended, a wish."""

    PERSONAL = "personal"
    SUMMARY = "summary"  # profile, "about me": claims what posts must show
    OBJECTIVE = "objective"  # wishes
    EXPERIENCE = "experience"
    EDUCATION = "education"
    TRAINING_ATTENDED = "training_attended"
    TRAINING_GIVEN = "training_given"
    LANGUAGES = "languages"
    PUBLICATIONS = "publications"
    SKILLS = "skills"
    INTERESTS = "interests"
    REFERENCES = "references"
    LETTER = "letter"  # a cover letter, or the body of a message that is no CV
    OTHER = "other"


class BlockKind(StrEnum):
    HEADING = "heading"  # by style or size; a heading that only its words show is a PARAGRAPH
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    ROW = "row"  # of a table; its cells are kept
    HEADER = "header"  # page header or footer, once


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A place on a page, in shares of its width and height from the top left: it fits a picture of any size."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, a heading or a row of a table, in reading order."""

    text: str  # logical order, NFC, no line feed at the end; for a ROW its cells joined by " | "
    kind: BlockKind = BlockKind.PARAGRAPH
    page: int | None = None  # counted from 1; None where the format has no pages
    cells: tuple[str, ...] = ()  # of a ROW, empty cells included; else empty
    table: int | None = None  # rows of one table share a number
    column: int | None = None  # of a page laid out in columns, counted from 0 in reading order
    box: Box | None = None  # None where the format has no pages


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenText:
    """What a reader is not meant to see: it may stuff a CV with words, or be of other people."""

    text: str
    reason: str  # in words for staff: white on white, a deleted revision
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedWord:
    """A word read off a picture."""

    start: int  # character span in DocumentText.text, half open
    end: int
    confidence: float  # 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedPage:
    """A page that was read off its picture."""

    page: int  # counted from 1
    reason: str  # in words for staff: it holds no text, its text layer is garbage
    script: str  # of ISO 15924: Latn, Cyrl, Arab
    confidence: float  # 0 to 1, mean over letters


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentText:
    """The text of one document as a reader would take it in."""

    blocks: tuple[Block, ...]
    reader: str  # name and version, such as "pdfium/1": a cached text of another version is read anew
    pages: int | None = None
    ocr: bool = False  # (some of) the text was recognised from a picture
    confidence: float | None = None  # of the OCR, 0 to 1; None where nothing was recognised
    words: tuple[RecognisedWord, ...] = ()  # those read off a picture, in order
    recognised: tuple[RecognisedPage, ...] = ()
    hidden: tuple[HiddenText, ...] = ()  # never evidence
    properties: tuple[tuple[str, str], ...] = ()  # what the file says of itself: title, author, producer
    problems: tuple[str, ...] = ()  # in words for staff: pages left out, text repaired

    @property
    def text(self) -> str:
        """All blocks, one a line. Offsets of evidence count characters of this string."""
        return "\n".join(block.text for block in self.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDocument:
    """A document that came with a message, and what could be had of it."""

    part_path: str  # of domain.mail.Part; "body" for a CV that stands in the body
    file_name: str | None
    digest: str  # SHA-256 of the bytes, hex
    text: DocumentText | None  # None where it cannot be read
    unreadable: str | None = None  # why, in words for staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The place in a CV that speaks for (or seemed to speak for) a statement."""

    part_path: str  # the document, as in ReadDocument
    page: int | None
    section: SectionKind
    start: int  # character span in DocumentText.text, half open
    end: int
    sentence: str
    rule: str  # id of the rule that matched
    counted: bool = True
    reason: str = ""  # why it was not counted: wished for, denied, a referee's employer; empty where counted
    years: tuple[int, int] | None = None  # in which the post began and ended; None where it stands in no dated post


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """How long something was somebody's work, and until when."""

    years: int  # at least 1; what two posts have in common counts once
    last: int  # a calendar year


def practice(evidence: Iterable[Evidence]) -> Practice | None:
    """By the posts in which counted evidence stands; None where none is dated."""
    posts = sorted({place.years for place in evidence if place.counted and place.years})
    if not posts:
        return None
    years, reached = 0, posts[0][0]
    for began, ended in posts:
        years += max(0, ended - max(began, reached))
        reached = max(reached, ended)
    return Practice(years=max(1, years), last=reached)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageSkill:
    code: str  # ISO 639-1, 639-3 where there is none
    level: Level
    claimed: str  # the level in the CV's own words; empty where none is given
    evidence: tuple[Evidence, ...]  # never empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A theme or an input. It holds only where evidence was counted."""

    key: str  # of THEMES or INPUTS
    evidence: tuple[Evidence, ...]  # what was counted; empty: the tag does not hold
    seen: tuple[Evidence, ...] = ()  # what matched and was not counted, each with its reason
    strength: float = 0.0  # 0 to 1, by number, section and recency; for ranking only

    @property
    def holds(self) -> bool:
        return bool(self.evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the CVs of one person in one message say. Nothing here is inferred from nationality or looks."""

    name: str  # as the CV writes it, own script, without titles; empty where nobody is named
    emails: tuple[str, ...] = ()  # the person's own, lower-case
    phones: tuple[str, ...] = ()  # the person's own, E.164
    nationalities: tuple[str, ...] = ()  # ISO 3166-1 alpha-2, only where stated
    residence: str | None = None  # ISO 3166-1 alpha-2
    highest_degree: Degree | None = None
    years_experience: int | None = None
    languages: tuple[LanguageSkill, ...] = ()
    themes: tuple[Tag, ...] = ()  # those that hold, and those that only seemed to
    inputs: tuple[Tag, ...] = ()
    eligible: bool | None = None  # the call's language rule; None where the CV does not say enough
    documents: tuple[str, ...] = ()  # part paths of this person's CVs
    doubts: tuple[str, ...] = ()  # reasons for review, in words for staff


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFinding:
    """What a document is, and its stems for search."""

    part_path: str
    kind: DocumentKind
    language: str  # ISO 639 code of most of its text
    stems: str = ""  # the analyser's stems, of a CV line by line: the full-text index holds these
    outline: str = ""  # of a CV: how it was cut, as extraction.outline writes it, to tag it again; else empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What extraction makes of a message: documents told apart, people, and what the words of the mail signal."""

    reply_language: ReplyLanguage
    language_reason: str
    documents: tuple[DocumentFinding, ...]
    people: tuple[Profile, ...]
    signals: tuple[Signal, ...]
    rules_hash: str  # of all rules in force; stands on every tag
    doubts: tuple[str, ...] = field(default=())  # about the message as a whole, in words for staff
    body: ReadDocument | None = None  # a CV that stands in the body, as it was read: evidence counts its characters
