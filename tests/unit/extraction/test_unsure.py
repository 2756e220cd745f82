"""What OCR was not sure of goes to a person; what it was sure of, or what the mail confirms, does not."""

from __future__ import annotations

from dataclasses import replace

from domain.profile import (
    Block,
    DocumentText,
    Evidence,
    LanguageSkill,
    Level,
    Profile,
    ReadDocument,
    RecognisedWord,
    SectionKind,
)
from extraction.unsure import unsure_facts

LINES = ("Ana Paz", "E-mail: ana@example.org", "Phone: +593 99 555 0146", "English: C1")
TEXT = "\n".join(LINES)


def document(unsure: str = "", *, confidence: float = 0.93) -> ReadDocument:
    """A scan on which one word was recognised with 40 % confidence."""
    words, at = [], 0
    for token in TEXT.split():
        start = TEXT.index(token, at)
        at = start + len(token)
        words.append(RecognisedWord(start=start, end=at, confidence=0.4 if token == unsure else 0.95))
    text = DocumentText(
        blocks=tuple(Block(text=line, page=1) for line in LINES),
        reader="test/1",
        ocr=True,
        confidence=confidence,
        words=tuple(words),
    )
    return ReadDocument(part_path="1.2", file_name="scan.pdf", digest="0" * 64, text=text)


def profile() -> Profile:
    start = TEXT.index("English")
    evidence = Evidence(
        part_path="1.2",
        page=1,
        section=SectionKind.LANGUAGES,
        start=start,
        end=start + len("English: C1"),
        sentence="English: C1",
        rule="language",
    )
    return Profile(
        name="Ana Paz",
        emails=("ana@example.org",),
        phones=("+593995550146",),
        languages=(LanguageSkill(code="en", level=Level.C, claimed="C1", evidence=(evidence,)),),
        documents=("1.2",),
    )


def doubts(scan: ReadDocument, confirmed: str = "", essential: tuple[str, ...] = ("en", "fr")) -> tuple[str, ...]:
    return unsure_facts(profile(), [scan], confirmed=confirmed, essential=essential)


def test_what_was_recognised_well_raises_no_doubt() -> None:
    assert doubts(document()) == ()


def test_each_fact_on_an_unsure_word_is_named_with_its_confidence() -> None:
    told = {unsure: doubts(document(unsure)) for unsure in ("Paz", "ana@example.org", "0146", "C1")}
    assert told == {
        "Paz": ("Recognised with little confidence: the name (40%).",),
        "ana@example.org": ("Recognised with little confidence: an e-mail address (40%).",),
        "0146": ("Recognised with little confidence: a phone number (40%).",),
        "C1": ("Recognised with little confidence: the language en and its level (40%).",),
    }


def test_what_the_mail_says_too_is_sure() -> None:
    written = "Ana Paz <ana@example.org>\nCall me: 099 555 01 46."
    for unsure in ("Paz", "ana@example.org", "0146"):
        assert doubts(document(unsure), written) == ()


def test_a_word_that_says_nothing_of_the_person_raises_no_doubt() -> None:
    assert doubts(document("Phone:")) == ()


def test_a_cv_that_was_badly_recognised_is_told_as_a_whole() -> None:
    assert doubts(document(confidence=0.62)) == (
        "A CV is a picture whose writing was recognised with 62% confidence only.",
    )


def test_a_typed_cv_of_the_same_person_makes_its_facts_sure() -> None:
    typed = ReadDocument(
        part_path="1.3",
        file_name="cv.txt",
        digest="1" * 64,
        text=DocumentText(blocks=tuple(Block(text=line) for line in LINES), reader="test/1"),
    )
    both = Profile(name="Ana Paz", emails=("ana@example.org",), documents=("1.2", "1.3"))
    assert unsure_facts(both, [document("ana@example.org"), typed], confirmed="", essential=("en", "fr")) == ()


def test_a_language_that_decides_nothing_may_be_less_sure() -> None:
    words = document("C1").text
    assert words is not None
    halves = tuple(replace(word, confidence=max(word.confidence, 0.6)) for word in words.words)
    scan = replace(document(), text=replace(words, words=halves))
    assert doubts(scan, essential=("fr",)) == ()
    assert doubts(scan) == ("Recognised with little confidence: the language en and its level (60%).",)
