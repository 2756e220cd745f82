"""Templates are the staff's: sound ones load, and a mistake is told by file and line before anybody gets a mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import ConfigProblem, Problem
from domain.mail import ReplyLanguage
from notifications.samples import acknowledgements
from notifications.templates import ACKNOWLEDGEMENTS, Templates
from notifications.wording import WIDTH


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigProblem) as caught:
        Templates.load(folder)
    return caught.value.problems


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("language", list(ReplyLanguage))
@pytest.mark.parametrize("name", ACKNOWLEDGEMENTS)
def test_every_letter_is_complete_whatever_is_known(templates: Templates, name: str, language: ReplyLanguage) -> None:
    for values in acknowledgements():
        wording = templates.letter(name, language, values)
        assert wording.subject
        assert not {"{", "}", "\t"} & set(wording.text)
        assert max(map(len, wording.text.splitlines())) <= WIDTH + 1  # a direction mark takes no room
        assert "\n\n\n" not in wording.text
        assert "The team\nThe organisation" in wording.text.replace("\u200f", "")
        assert "{{" not in wording.html
        assert f'dir="{"rtl" if language is ReplyLanguage.AR else "ltr"}"' in wording.html


@pytest.mark.parametrize("language", list(ReplyLanguage))
def test_a_letter_greets_by_name_only_where_the_name_is_sure(templates: Templates, language: ReplyLanguage) -> None:
    known, unknown = acknowledgements()[0], acknowledgements()[-1]
    assert known["name"] == "Amina Haddad"
    assert unknown["name"] == ""
    assert "Amina Haddad" in templates.letter("received", language, known).text
    first, *_ = templates.letter("received", language, unknown).text.splitlines()
    assert len(first) < 40  # a greeting, and nothing in place of the name


@pytest.mark.parametrize("language", list(ReplyLanguage))
def test_only_letters_to_those_who_are_kept_say_that_data_are_kept(
    templates: Templates, language: ReplyLanguage
) -> None:
    def says_so(name: str, *, kept: bool = True) -> bool:
        values = {**acknowledgements()[0], "kept": kept}
        return "Your data are kept with care." in templates.letter(name, language, values).text

    assert all(map(says_so, ("received", "update", "unreadable", "closed")))
    assert not says_so("closed", kept=False)
    assert not says_so("enquiry")


def test_a_tag_that_is_not_closed_is_told_with_its_line(folder: Path) -> None:
    spoil(folder / "received/fr.txt", "{% endfor %}", "")
    (problem,) = problems_of(folder)
    assert problem.file == "config/templates/received/fr.txt"
    assert problem.line is not None


def test_a_name_that_does_not_exist_is_told_with_its_line_and_the_names_there_are(folder: Path) -> None:
    (folder / "enquiry/en.txt").write_text("Subject: x\n\nDear {{ nmae }}\n")
    assert list(map(str, problems_of(folder))) == [
        "config/templates/enquiry/en.txt:3: no value is called nmae: there are call, closes, files, kept, "
        "languages, mailbox, name, privacy_notice, signature, subject, themes, unreadable"
    ]


def test_a_name_that_does_not_exist_is_found_on_a_branch_that_is_seldom_taken(folder: Path) -> None:
    (folder / "enquiry/en.txt").write_text("Subject: x\n\nx\n{% if name and not name %}{{ secret }}{% endif %}\n")
    assert problems_of(folder)[0].line == 4


@pytest.mark.parametrize(
    "code",
    [
        "{{ name.__class__.__mro__ }}",
        "{{ name.upper() }}",
        "{% set x = 1 %}",
        "{% include 'frame.html' %}",
        "{% import 'frame.html' as f %}",
        "{% macro m() %}{% endmacro %}",
        "{{ name | attr('__class__') }}",
        "{{ 9 ** 9 }}",
        "{{ files[0] }}",
        "{{ range(3) }}",
    ],
)
def test_a_template_cannot_hold_a_program(folder: Path, code: str) -> None:
    (folder / "enquiry/en.txt").write_text(f"Subject: x\n\nx\n{code}\n")
    problem, *_ = problems_of(folder)
    assert problem.file == "config/templates/enquiry/en.txt"


def test_a_letter_without_a_subject_is_told(folder: Path) -> None:
    (folder / "enquiry/en.txt").write_text("Good day\n\nText\n")
    assert 'the first line must be "Subject:"' in str(problems_of(folder)[0])


def test_a_subject_that_may_be_empty_is_told(folder: Path) -> None:
    (folder / "enquiry/en.txt").write_text("Subject: {{ subject }}\n\nText\n")
    assert problems_of(folder)[0].message == "the subject is empty"


def test_braces_that_were_misspelt_are_told(folder: Path) -> None:
    (folder / "enquiry/en.txt").write_text("Subject: x\n\nDear { name }\n")
    assert "braces are left over" in str(problems_of(folder)[0])


def test_a_missing_language_and_a_wrong_encoding_are_told_together(folder: Path) -> None:
    (folder / "update/ru.txt").unlink()
    (folder / "closed/es.txt").write_bytes("Subject: x\n\nSeñora\n".encode("latin-1"))
    assert {(p.file, p.message.split(":")[0]) for p in problems_of(folder)} == {
        ("config/templates/update/ru.txt", "is missing"),
        ("config/templates/closed/es.txt", "is not UTF-8"),
    }


def test_a_file_saved_by_a_windows_editor_is_read_all_the_same(folder: Path) -> None:
    path = folder / "enquiry/en.txt"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    wording = Templates.load(folder).letter("enquiry", ReplyLanguage.EN, acknowledgements()[0])
    assert wording.subject == "Re: Expert roster"


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("needs_you: Needs a person\n", "", None, "needs_you is missing"),
        ("needs_you:", "needs_yuo:", 9, "no word is called needs_yuo"),
        ("new: New on the roster", "new:", 10, "new needs a text"),
        ("from_country: lives in {country}", "from_country: lives in {land}", 47, "cannot hold {land}"),
        ("title: Expert", "title: Expert: ", 2, "is no valid YAML"),
    ],
)
def test_a_mistake_in_the_words_of_the_digest_is_told_with_its_line(
    folder: Path, old: str, new: str, line: int | None, message: str
) -> None:
    spoil(folder / "digest/en.yaml", old, new)
    found = [p for p in problems_of(folder) if message in p.message]
    assert [(p.file, p.line) for p in found] == [("config/templates/digest/en.yaml", line)]


def test_a_mistake_in_a_layout_is_told_with_its_line(folder: Path) -> None:
    spoil(folder / "digest/layout.html", "{{ need.subject }}", "{{ need.subjekt }}")
    line = next(
        number
        for number, text in enumerate((folder / "digest/layout.html").read_text().splitlines(), 1)
        if "subjekt" in text
    )
    assert {(p.file, p.line) for p in problems_of(folder)} == {("config/templates/digest/layout.html", line)}


def test_all_languages_have_the_same_placeholders_in_the_words(templates: Templates) -> None:
    english = templates.words[ReplyLanguage.EN].texts
    for words in templates.words.values():
        assert {n: t.count("{") for n, t in words.texts.items()} == {n: t.count("{") for n, t in english.items()}
