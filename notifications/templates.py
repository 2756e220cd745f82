"""The staff's templates: read once, checked before use, then only filled in. How to write them: docs/templates.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import jinja2
from markupsafe import Markup

from domain.call import Call
from domain.digest import Digest
from domain.errors import ConfigProblem
from domain.links import Link
from domain.mail import ReplyLanguage
from notifications import sample_days, samples
from notifications.digest_view import LIMITS, WORDS_USED, subject, view
from notifications.reader import Reader, no_link
from notifications.remarks import Remarks
from notifications.template_files import TemplateFiles, attributes_of
from notifications.wording import WIDTH, as_html, as_letter, as_page, direction, marked_up
from notifications.words import Words

ACKNOWLEDGEMENTS = ("received", "unreadable", "update", "enquiry", "withdrawal", "closed")
SUBJECT = "Subject:"
LARGEST_PAGE = 100_000  # bytes: Gmail cuts a mail at 102,400
FRAME_VALUES = frozenset({"language", "direction", "title", "call", "letter", "small_print"})
LETTER_VALUES = frozenset(samples.ACKNOWLEDGEMENT)
PAGE_VALUES = frozenset(
    {
        *("words", "language", "direction", "rule", "day", "period", "caught_up", "tiles", "quiet", "warnings"),
        *("needs", "needs_more", "cards", "rows", "rows_more", "answers", "unanswered", "unanswered_more"),
        *("set_aside", "set_aside_more", "unsent", "unsent_more", "returned", "returned_more"),
        *("health", "daily", "charts", "precision"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A mail's words. The subject is one line; the text ends with a line feed."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """All templates of config/templates/, known to be sound."""

    letters: Mapping[tuple[str, ReplyLanguage], jinja2.Template]
    frame: jinja2.Template
    page_text: jinja2.Template
    page_html: jinja2.Template
    words: Mapping[ReplyLanguage, Words]
    remarks: Remarks

    @classmethod
    def load(cls, folder: Path) -> Templates:
        """Read, compile and try every template in every language. ConfigProblem names all that is wrong, by line."""
        files = TemplateFiles(folder)
        frame, _ = files.template("frame.html", values=FRAME_VALUES, escape=True)
        text, text_tree = files.template("digest/layout.txt", values=PAGE_VALUES, layout=True)
        page, page_tree = files.template("digest/layout.html", values=PAGE_VALUES, escape=True, layout=True)
        wanted = WORDS_USED | set(attributes_of(text_tree, "words")) | set(attributes_of(page_tree, "words"))
        letters = {
            (name, language): files.template(f"{name}/{language}.txt", values=LETTER_VALUES)[0]
            for name in ACKNOWLEDGEMENTS
            for language in ReplyLanguage
        }
        words = {language: files.words(f"digest/{language}.yaml", wanted) for language in ReplyLanguage}
        remarks = files.remarks("digest/remarks.yaml")
        if frame is None or text is None or page is None or remarks is None:
            raise ConfigProblem(*files.problems)
        templates = cls(
            letters={key: letter for key, letter in letters.items() if letter},
            frame=frame,
            page_text=text,
            page_html=page,
            words={language: found for language, found in words.items() if found},
            remarks=remarks,
        )
        templates._try_out(files)
        if files.problems:
            raise ConfigProblem(*files.problems)
        return templates

    def letter(self, name: str, language: ReplyLanguage, values: Mapping[str, samples.Value]) -> Wording:
        """Fill in an acknowledgement. `values`: those of samples.ACKNOWLEDGEMENT. KeyError: no such template."""
        first, _, body = self.letters[name, language].render(values).lstrip().partition("\n")
        if not first.startswith(SUBJECT):
            raise ValueError(f'the first line must be "{SUBJECT}" and then the subject of the mail')
        line = " ".join(first.removeprefix(SUBJECT).split())
        letter, small_print = as_html(body)
        page = self.frame.render(
            language=language.value,
            direction=direction(language),
            title=line,
            call=values["call"],
            letter=Markup(letter),  # noqa: S704 - as_html has escaped it
            small_print=Markup(small_print),  # noqa: S704 - likewise
        )
        return Wording(subject=line, text=as_letter(body, language), html=marked_up(page))

    def reader(self, language: ReplyLanguage, *, call: Call, now: datetime, link: Link = no_link) -> Reader:
        """Somebody who reads a page of ours in that language. All times are shown in the time zone of `now`."""
        words = self.words[language]
        return Reader(language=language, words=words, remarks=self.remarks, call=call, now=now, link=link)

    def page(self, digest: Digest, reader: Reader) -> Wording:
        """Fill in the digest, as much of it as mail programs show."""
        for limits in LIMITS:
            values = {**view(digest, reader, limits), "rule": "-" * WIDTH}
            html = marked_up(self.page_html.render(values))
            if len(html.encode()) <= LARGEST_PAGE:
                break
        text = as_page(self.page_text.render(values), reader.language)
        return Wording(subject=subject(digest, reader), text=text, html=html)

    def _try_out(self, files: TemplateFiles) -> None:
        for name, language in self.letters:
            files.try_out(f"{name}/{language}.txt", partial(self._letter_complaint, name, language))
        for language in self.words:
            reader = self.reader(language, call=samples.call(), now=samples.NOW, link=samples.link)
            files.try_out(f"digest/{language}.yaml", partial(self._page_complaint, reader))

    def _letter_complaint(self, name: str, language: ReplyLanguage) -> str | None:
        for values in samples.acknowledgements():
            wording = self.letter(name, language, values)
            if not wording.subject:
                return "the subject is empty"
            if not wording.text.strip():
                return "there is no text below the subject"
            if _has_braces(wording):
                return "braces are left over in the text: a value is written {{ name }}"
        return None

    def _page_complaint(self, reader: Reader) -> str | None:
        left_over = any(_has_braces(self.page(digest, reader)) for digest in sample_days.pages().values())
        return "braces are left over in the text" if left_over else None


def _has_braces(wording: Wording) -> bool:
    return any(brace in wording.subject + wording.text for brace in ("{", "}"))
