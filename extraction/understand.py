"""What a message makes known: its documents told apart, the people whose CVs it carries, what its words signal."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

from domain.errors import ConfigProblem, Problem, gathered
from domain.forwards import all_within, is_attached, original_of
from domain.mail import ParsedMessage, ReplyLanguage
from domain.profile import DocumentFinding, DocumentKind, Profile, ReadDocument, Understanding, eligible
from extraction.analyser import Analyser
from extraction.career import years_experience
from extraction.education import highest_degree
from extraction.languages import LanguageRules, language_skills, load_language_rules
from extraction.letters import LetterWords, language_of_letter, load_letter_words
from extraction.lexicon import forget_words
from extraction.outline import outline_of, stems_of
from extraction.people import Applicant, people_of
from extraction.person import PersonRules, load_person_rules
from extraction.picture_series import with_further_pages
from extraction.readers.limits import ReadLimits
from extraction.readers.plain import read_text
from extraction.rulebook import Rulebook, load_rulebook
from extraction.sections import BODY, StructureWords, load_structure_words, structure
from extraction.signals import filter_signals, find_signals
from extraction.structure import Outlined, Structure
from extraction.stuffing import Claims, concealed, gained
from extraction.tagging import tags_of
from extraction.thanks import ThanksWords, load_thanks_words, thanks_signal
from extraction.themes import outlined
from extraction.unsure import unsure_facts

UNKNOWN = "und"  # ISO 639-2: the language cannot be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Understander:
    """All rules, loaded once. The same message with the same documents always gives the same."""

    analyser: Analyser
    words: StructureWords
    letters: LetterWords
    thanks: ThanksWords
    person_rules: PersonRules
    language_rules: LanguageRules
    rulebook: Rulebook
    essential_languages: tuple[str, ...]  # of the call: one must be native or C

    @classmethod
    def load(cls, rules: Path, *, essential_languages: Sequence[str]) -> Understander:
        """Read the folder of rules. ConfigProblem names all that is wrong in all files."""
        problems: list[Problem] = []
        with _without_collector():
            words = gathered(partial(load_structure_words, rules), problems)
            letters = gathered(partial(load_letter_words, rules), problems)
            thanks = gathered(partial(load_thanks_words, rules), problems)
            person_rules = gathered(partial(load_person_rules, rules), problems)
            language_rules = gathered(partial(load_language_rules, rules), problems)
            rulebook = gathered(partial(load_rulebook, rules), problems)
        if words is None or letters is None or thanks is None:
            raise ConfigProblem(*problems)
        if person_rules is None or language_rules is None or rulebook is None:
            raise ConfigProblem(*problems)
        return cls(
            analyser=Analyser(),
            words=words,
            letters=letters,
            thanks=thanks,
            person_rules=person_rules,
            language_rules=language_rules,
            rulebook=rulebook,
            essential_languages=tuple(essential_languages),
        )

    def understand(self, message: ParsedMessage, documents: Sequence[ReadDocument], *, now: datetime) -> Understanding:
        """Make of a message and its documents what a careful reader would. `now`: the date of the message."""
        with _without_collector():
            try:
                return self._understood(message, documents, now)
            finally:
                self.analyser.forget()  # the texts of one message are of no use to the next
                forget_words()

    def _understood(self, message: ParsedMessage, documents: Sequence[ReadDocument], now: datetime) -> Understanding:
        read = [self._structure(one, now) for one in documents if one.text is not None]
        structures = with_further_pages(read, documents)
        cvs = [one for one in structures if one.kind is DocumentKind.CV]
        body, in_body = (None, None) if cvs else self._body(message, now)
        if in_body:
            cvs = [in_body]
            structures += cvs
        applicants = people_of(cvs, message, documents, rules=self.person_rules)
        outlines = {one.part_path: outlined(one, self.analyser) for one in cvs}
        profiles = [self._profile(one, outlines, documents, now) for one in applicants]
        people = self._with_unsure(profiles, documents, message)
        language, reason = self._reply_language(message, people, cvs)
        written = _written(message)
        return Understanding(
            reply_language=language,
            language_reason=reason,
            documents=tuple(self._findings(structures, outlines, message, documents)),
            people=people,
            signals=find_signals(
                message.subject,
                written,
                language=_one_of_five(self.analyser.language_of(written)),
                rulebook=self.rulebook,
                analyser=self.analyser,
            )
            + filter_signals(message.headers, self.rulebook)
            + thanks_signal(message, self.thanks, self.letters),
            rules_hash=self.rulebook.hash,
            body=body,
        )

    def _structure(self, document: ReadDocument, now: datetime, *, speaks: bool = False) -> Structure:
        text = document.text.text if document.text else ""
        language = self.analyser.language_of(text)
        return structure(document, language=language, words=self.words, now=now, speaks=speaks)

    def _body(self, message: ParsedMessage, now: datetime) -> tuple[ReadDocument, Structure] | tuple[None, None]:
        """The CV that stands in the body of the message or of the one forwarded with it."""
        for one in (*all_within(message), message):
            if not one.written.strip():
                continue
            document = ReadDocument(
                part_path=BODY,
                file_name=None,
                digest=sha256(one.written.encode()).hexdigest(),
                text=read_text(one.written, ReadLimits()),
            )
            seen = self._structure(document, now)
            if seen.kind is not DocumentKind.CV and language_skills([seen], rules=self.language_rules):
                seen = self._structure(document, now, speaks=True)
            if seen.kind is DocumentKind.CV:
                return document, seen
        return None, None

    def _findings(
        self,
        structures: Sequence[Structure],
        outlines: Mapping[str, Outlined],
        message: ParsedMessage,
        documents: Sequence[ReadDocument],
    ) -> Iterator[DocumentFinding]:
        for one in structures:
            cv = outlines.get(one.part_path)
            yield DocumentFinding(
                part_path=one.part_path,
                kind=one.kind,
                language=one.language,
                stems=stems_of(cv, self.analyser) if cv else self.analyser.stems(one.text, one.language),
                outline=outline_of(cv) if cv else "",
            )
        pictures = {part.path for part in message.parts if part.detected_type.startswith("image/")}
        for document in documents:
            if document.text is None and document.part_path in pictures:
                # A picture without a word in it shows a person.
                yield DocumentFinding(part_path=document.part_path, kind=DocumentKind.PHOTO, language=UNKNOWN)

    def _profile(
        self,
        applicant: Applicant,
        outlines: Mapping[str, Outlined],
        documents: Sequence[ReadDocument],
        now: datetime,
    ) -> Profile:
        identity, structures = applicant.identity, applicant.structures
        cvs = [outlines[one.part_path] for one in structures]
        claims = self._claims(cvs, now)
        return Profile(
            name=identity.name,
            emails=identity.emails,
            phones=identity.phones,
            nationalities=identity.nationalities,
            residence=identity.residence,
            highest_degree=highest_degree(structures, rules=self.words.degrees),
            years_experience=years_experience(structures, rules=self.words.sections),
            languages=claims.languages,
            themes=claims.themes,
            inputs=claims.inputs,
            eligible=claims.eligible,
            documents=tuple(one.part_path for one in sorted(structures, key=applicant.order)),
            doubts=(*identity.doubts, *self._stuffed(claims, cvs, documents, now)),
        )

    def _claims(self, cvs: Sequence[Outlined], now: datetime) -> Claims:
        skills = language_skills([cv.structure for cv in cvs], rules=self.language_rules)
        themes, inputs = tags_of(cvs, rulebook=self.rulebook, analyser=self.analyser, now=now.date())
        return Claims(
            languages=skills,
            eligible=eligible({skill.code: skill.level for skill in skills}, self.essential_languages),
            themes=themes,
            inputs=inputs,
        )

    def _stuffed(
        self, claims: Claims, cvs: Sequence[Outlined], documents: Sequence[ReadDocument], now: datetime
    ) -> Iterator[str]:
        paths = {cv.structure.part_path for cv in cvs}
        unseen = [outlined(self._structure(one, now), self.analyser) for one in concealed(documents, paths)]
        if unseen:
            tags = gained(claims, self._claims([*cvs, *unseen], now))
            if tags:
                yield f"A CV holds words made not to be seen; with them it would have gained: {tags}."

    def _with_unsure(
        self, people: Sequence[Profile], documents: Sequence[ReadDocument], message: ParsedMessage
    ) -> tuple[Profile, ...]:
        """The people, each with the facts that OCR was not sure of and that the mail itself does not confirm."""
        senders = [f"{one.sender.name} {one.sender.email}" for one in (message, *all_within(message)) if one.sender]
        names = [document.file_name or "" for document in documents]
        confirmed = "\n".join([*senders, message.subject, *names, _written(message)])
        essential = self.essential_languages
        return tuple(
            replace(one, doubts=(*one.doubts, *unsure_facts(one, documents, confirmed=confirmed, essential=essential)))
            for one in people
        )

    def _reply_language(
        self, message: ParsedMessage, people: Sequence[Profile], cvs: Sequence[Structure]
    ) -> tuple[ReplyLanguage, str]:
        """The language to answer in, and why: that of the one who is answered, else of the CV."""
        original = original_of(message, people)
        inline = [inner for inner in all_within(message) if not is_attached(inner)]
        letters = [(original, "the language of the forwarded message")] if original else [
            (message, "the language of the message"),
            *((inner, "the body is empty: the language of the forwarded text") for inner in inline),
        ]  # fmt: skip
        for letter, reason in letters:
            if code := language_of_letter(letter.written, self.letters):
                return _known(code, reason)
        if cvs:
            return _known(cvs[0].language, "the body is empty: the language of the CV")
        if code := language_of_letter(message.subject, self.letters):
            return _known(code, "the body is empty: the language of the subject")
        return ReplyLanguage.EN, "the message has no words of its own"


@contextmanager
def _without_collector() -> Iterator[None]:
    """Without the garbage collector: what is loaded stays, and what is made of a message holds no cycle.

    To walk it all again and again took half of the time of loading, and a tenth of the time of a message.
    """
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


def _known(code: str, reason: str) -> tuple[ReplyLanguage, str]:
    if code in frozenset(ReplyLanguage):
        return ReplyLanguage(code), reason
    return ReplyLanguage.EN, f"{reason} is none of the five ({code})"


def _one_of_five(code: str) -> str:
    return code if code in frozenset(ReplyLanguage) else ReplyLanguage.EN.value


def _written(message: ParsedMessage) -> str:
    """What was written anew, and below it what an applicant wrote whose message was forwarded.

    Mail of a program that is forwarded (RFC 3834 §5), our own digest say, speaks of others.
    """
    inner = (one for one in reversed(tuple(all_within(message))) if _automatic(one) in ("", "no"))
    return "\n\n".join(one.written for one in (message, *inner) if one.written.strip())


def _automatic(message: ParsedMessage) -> str:
    return (message.header("auto-submitted") or "").partition(";")[0].strip().lower()
