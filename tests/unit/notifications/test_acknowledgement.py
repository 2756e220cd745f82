"""The answer to an applicant, read back by the standard library's strict parser."""

from __future__ import annotations

import email
import re
import unicodedata
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

import pytest

from domain.call import Call
from domain.decision import Acknowledgement, OutgoingMail
from domain.mail import Address, ReplyLanguage
from domain.profile import Level
from notifications import samples
from notifications.acknowledgement import compose
from notifications.templates import ACKNOWLEDGEMENTS, Templates

NOW = datetime(2018, 11, 20, 9, 30, tzinfo=timezone(timedelta(hours=1)))
ACK = Acknowledgement(
    template="received",
    to=Address(name="Amina Haddad", email="amina@example.org"),
    language=ReplyLanguage.EN,
    name="Amina Haddad",
    subject="Application",
    in_reply_to="<two@example.org>",
    references=("<one@example.org>", "<two@example.org>"),
    files=("CV.pdf",),
    unreadable=(),
)
NASTY = (
    "x\r\nBcc: everybody@example.org",
    "x\n\nbody",
    "x\u2028Bcc: a@example.org",
    "x\x85Bcc: a@example.org",
    "x\x00y\x1b[31m",
    '"><script>alert(1)</script>',
    "{{ 7 * 7 }} {% raw %}",
    "=?utf-8?q?=0D=0ABcc:_a@example.org?=",
    "\u202efdp.exe\u202c",
    "a" * 5000,
    "ا" * 5000,
    "\ud800 alone",
    'name, with; "quotes" \\ and <brackets> (and) @signs',
)


def composed(templates: Templates, ack: Acknowledgement, **changes: object) -> OutgoingMail:
    arguments = {"call": samples.call(), "templates": templates, "message_key": "digest", "now": NOW, **changes}
    return compose(ack, **arguments)  # type: ignore[arg-type]


def read(mail: OutgoingMail) -> EmailMessage:
    message = email.message_from_bytes(mail.content, policy=SMTPUTF8)
    assert isinstance(message, EmailMessage)
    return message


def bodies(message: EmailMessage) -> tuple[str, str]:
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def test_the_headers_say_who_answers_whom_and_that_no_answer_is_wanted(templates: Templates) -> None:
    mail = composed(templates, ACK)
    message = read(mail)
    assert message["From"] == "Sample <experts@call.example>"
    assert message["Reply-To"].addresses[0].addr_spec == "experts@call.example"
    assert message["To"] == "Amina Haddad <amina@example.org>"
    assert message["Subject"] == "Re: Application"
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["In-Reply-To"] == "<two@example.org>"
    assert message["References"].split() == ["<one@example.org>", "<two@example.org>"]
    assert message["Date"].datetime == NOW
    assert message["Message-ID"] == mail.message_id
    assert message["Content-Language"] == "en"
    assert (mail.envelope_from, mail.recipients) == ("", ("amina@example.org",))


def test_the_same_cause_gives_the_same_id_and_bytes(templates: Templates) -> None:
    one, again = composed(templates, ACK), composed(templates, ACK)
    assert one == again
    assert composed(templates, ACK, message_key="another").message_id != one.message_id
    assert re.fullmatch(r"<acknowledgement\.[0-9a-f]{32}@call\.example>", one.message_id)


def test_a_return_path_is_set_where_the_relay_wants_one(templates: Templates) -> None:
    assert composed(templates, ACK, envelope_from="bounces@call.example").envelope_from == "bounces@call.example"


@pytest.mark.parametrize("language", list(ReplyLanguage))
@pytest.mark.parametrize("name", ACKNOWLEDGEMENTS)
def test_every_mail_is_sound_and_carries_text_and_html(
    templates: Templates, name: str, language: ReplyLanguage
) -> None:
    message = read(composed(templates, replace(ACK, template=name, language=language)))
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert [part.defects for part in message.walk()] == [[], [], []]
    text, html = bodies(message)
    assert "Amina Haddad" in text
    assert "Amina Haddad" in html
    # Nobody is told less in one than in the other.
    assert _words(text) == _words(re.sub(r"<title>.*?</title>|<style>.*?</style>|<[^>]*>", " ", html, flags=re.S))


def _words(text: str) -> list[str]:
    words = re.findall(r"[^\W\d_]{2,}", text.replace("&#x27;", "'"))
    return words[1:] if words[0] == "Sample" else words  # the call's name heads the page


@pytest.mark.parametrize("language", list(ReplyLanguage))
def test_no_line_is_longer_than_mail_programs_take(templates: Templates, language: ReplyLanguage) -> None:
    ack = replace(ACK, language=language, subject="ж" * 900, name="أ" * 900, files=("л" * 900,) * 30)
    mail = composed(templates, ack)
    assert max(map(len, mail.content.split(b"\r\n"))) <= 78
    assert mail.content.isascii()
    assert mail.content.replace(b"\r\n", b"").count(b"\n") + mail.content.replace(b"\r\n", b"").count(b"\r") == 0


@pytest.mark.parametrize("nasty", NASTY)
@pytest.mark.parametrize("field", ["subject", "name", "file", "display name", "address", "reply", "reference"])
def test_no_field_of_a_stranger_breaks_out_of_its_place(templates: Templates, nasty: str, field: str) -> None:
    changes: dict[str, dict[str, object]] = {
        "subject": {"subject": nasty},
        "name": {"name": nasty},
        "file": {"files": (nasty,), "unreadable": (nasty,)},
        "display name": {"to": Address(name=nasty, email="amina@example.org")},
        "address": {"to": Address(name="", email=nasty.replace("\ud800", ""))},
        "reply": {"in_reply_to": nasty},
        "reference": {"references": (nasty, "<two@example.org>")},
    }
    mail = composed(templates, replace(ACK, **changes[field]))  # type: ignore[arg-type]
    plain, message = read(composed(templates, ACK)), read(mail)
    assert set(message.keys()) <= set(plain.keys())
    assert len(message.keys()) == len(set(message.keys()))
    assert message["Bcc"] is None
    text, html = bodies(message)
    assert "<script>" not in html
    assert "49" not in text
    assert not {"\x00", "\x1b", "\u202e"} & set(text + html)
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_a_subject_that_was_an_answer_is_not_answered_twice(templates: Templates) -> None:
    for subject in (
        "Re: Application",
        "RE: Re[2]: Application",
        "AW: Application",
        "رد: Application",
        "Отв: Application",
    ):
        assert read(composed(templates, replace(ACK, subject=subject)))["Subject"] == "Re: Application"


def test_a_mail_without_subject_gets_the_words_of_the_template(templates: Templates) -> None:
    assert read(composed(templates, replace(ACK, subject=" ")))["Subject"] == "We have received your CV"


def test_an_encoded_word_in_a_subject_is_shown_as_it_stands(templates: Templates) -> None:
    subject = "=?utf-8?q?hidden?="
    assert read(composed(templates, replace(ACK, subject=subject)))["Subject"] == f"Re: {subject}"


def test_ids_that_are_none_are_left_out(templates: Templates) -> None:
    ack = replace(ACK, in_reply_to="no id", references=("no id", "<one@example.org>", "<a b@c>"))
    message = read(composed(templates, ack))
    assert message["In-Reply-To"] is None
    assert message["References"] == "<one@example.org>"


def test_a_long_thread_keeps_its_root_and_its_end(templates: Templates) -> None:
    ids = tuple(f"<{number}@example.org>" for number in range(100))
    kept = read(composed(templates, replace(ACK, references=ids)))["References"].split()
    assert kept[0] == ids[0]
    assert kept[1:] == list(ids[-19:])


def test_many_files_are_counted_rather_than_listed(templates: Templates) -> None:
    text, _ = bodies(read(composed(templates, replace(ACK, files=tuple(f"CV {i}.pdf" for i in range(25))))))
    assert "- CV 9.pdf\n- + 15\n" in text.replace("\r\n", "\n")


def test_a_domain_beyond_ascii_is_routed_in_ascii(templates: Templates) -> None:
    mail = composed(templates, replace(ACK, to=Address(name="", email="amina@bücher.example")))
    assert mail.recipients == ("amina@xn--bcher-kva.example",)
    assert mail.content.isascii()


def test_a_domain_that_would_become_another_one_is_left_as_it_is(templates: Templates) -> None:
    mail = composed(templates, replace(ACK, to=Address(name="", email="amina@straße.example")))
    assert mail.recipients == ("amina@straße.example",)


def test_a_local_part_beyond_ascii_stands_in_the_header_as_it_is(templates: Templates) -> None:
    mail = composed(templates, replace(ACK, to=Address(name="أمينة", email="أمينة@example.org")))
    assert mail.recipients == ("أمينة@example.org",)
    message = email.message_from_string(mail.content.decode(), policy=SMTPUTF8)
    assert message["To"].addresses[0].addr_spec == "أمينة@example.org"


def test_arabic_text_runs_from_the_right_and_sets_latin_names_apart(templates: Templates) -> None:
    ack = replace(ACK, language=ReplyLanguage.AR, files=("CV.pdf",))
    text, html = bodies(read(composed(templates, ack)))
    assert "\u2068CV.pdf\u2069" in text
    assert text.count("\u2068") == text.count("\u2069")
    for line in filter(None, text.splitlines()):
        # The first strong character decides where a line begins (UAX #9, P2).
        strong = next(c for c in _outside_isolates(line) if unicodedata.bidirectional(c) in ("L", "R", "AL"))
        assert unicodedata.bidirectional(strong) in ("R", "AL"), line
    assert '<html lang="ar" dir="rtl">' in html


def _outside_isolates(line: str) -> str:
    return re.sub("\u2068[^\u2069]*\u2069", "", line)


def test_an_arabic_name_in_an_english_letter_is_set_apart(templates: Templates) -> None:
    text, _ = bodies(read(composed(templates, replace(ACK, name="أمينة حداد"))))
    assert text.startswith("Dear \u2068أمينة حداد\u2069,")


@pytest.mark.parametrize(
    ("language", "day"),
    [("en", "31 January 2019"), ("fr", "31 janvier 2019"), ("es", "31 de enero de 2019"), ("ru", "31 января 2019 г.")],
)
def test_the_day_of_closing_is_written_in_the_language(templates: Templates, language: str, day: str) -> None:
    call: Call = replace(samples.call(), closes=date(2019, 1, 31))
    ack = replace(ACK, template="closed", language=ReplyLanguage(language))
    text, _ = bodies(read(composed(templates, ack, call=call)))
    assert day in " ".join(text.split())


def test_a_file_name_never_becomes_a_link(templates: Templates) -> None:
    _, html = bodies(read(composed(templates, replace(ACK, files=("https://evil.example/login",)))))
    assert "evil.example" in html
    assert 'href="https://evil' not in html


def test_the_policy_of_strict_relays_can_write_it_again(templates: Templates) -> None:
    mail = composed(templates, replace(ACK, language=ReplyLanguage.RU, subject="Заявка"))
    again = read(mail).as_bytes(policy=SMTP)
    assert email.message_from_bytes(again, policy=SMTP)["Subject"] == "Re: Заявка"


@pytest.mark.parametrize("template", ["received", "update"])
@pytest.mark.parametrize(
    ("language", "french", "native"),
    [
        (ReplyLanguage.EN, "French", "native"),
        (ReplyLanguage.FR, "français", "langue maternelle"),
        (ReplyLanguage.ES, "francés", "lengua materna"),
        (ReplyLanguage.AR, "الفرنسية", "اللغة الأم"),
        (ReplyLanguage.RU, "французский", "родной язык"),
    ],
)
def test_the_letter_reads_back_what_was_understood_in_its_own_language(
    templates: Templates, template: str, language: ReplyLanguage, french: str, native: str
) -> None:
    theme = {language: f"Theme in {language.value}"}
    call = replace(samples.call(), themes={"crisis_migration": theme, "humanitarian_action": {language: "not theirs"}})
    spoken = (("fr", Level.NATIVE), ("en", Level.C), ("wo", Level.UNKNOWN))
    ack = replace(ACK, template=template, language=language, languages=spoken, themes=("crisis_migration",))
    for body in bodies(read(composed(templates, ack, call=call))):
        line = next(line for line in body.splitlines() if french in line)
        assert native in line
        assert theme[language] in body
        assert "not theirs" not in body
        assert "unknown" not in body
    plain = bodies(read(composed(templates, replace(ack, languages=(), themes=()), call=call)))
    assert all(french not in body and theme[language] not in body for body in plain)
