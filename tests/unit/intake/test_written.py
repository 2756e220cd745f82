"""Replies and forwards as mail programs lay them out, in the five languages."""

from __future__ import annotations

import pytest

from intake.written import split

NEW = "Please take me off the roster.\n\nAna\n+43 1 555 01 00"
OLD = "Thank you for your application."
QUOTED = "\n".join(f"> {line}" for line in (OLD, "", "The team"))


@pytest.mark.parametrize(
    "line",
    [
        "On 14 Mar 2017, at 09:12, ICMPD MICIC <call@example.org> wrote:",
        "On Tue, Mar 14, 2017 at 9:12 AM ICMPD MICIC <call@example.org>\nwrote:",
        "Le mar. 14 mars 2017 à 09:12, ICMPD <call@example.org> a écrit :",
        "El mar, 14 mar 2017 a las 9:12, ICMPD (<call@example.org>) escribió:",
        "вт, 14 мар. 2017 г. в 09:12, ICMPD <call@example.org>:\nICMPD пишет:",
        "14.03.2017 09:12, ICMPD MICIC пишет:",
        "في الثلاثاء، 14 مارس 2017 في 9:12 ص كتب ICMPD <call@example.org>:",
    ],
)
def test_what_stands_below_an_attribution_was_not_written_anew(line: str) -> None:
    written, forward = split(f"{NEW}\n\n{line}\n{QUOTED}", "Re: your application")
    assert OLD not in written
    assert written.startswith(NEW)
    assert forward is None


@pytest.mark.parametrize(
    "block",
    [
        "-----Original Message-----\nFrom: ICMPD\nSent: Monday\nTo: Ana\nSubject: x",
        "-----Message d'origine-----\nDe : ICMPD [mailto:call@example.org]\nEnvoyé : mardi\nÀ : ana\nObjet : x",
        "-----الرسالة الأصلية-----\nمن: ICMPD\nأُرسلت: الاثنين\nالموضوع: سجل",
        "From: ICMPD <call@example.org>\nSent: Monday, 2 July 2018 10:00\nTo: Ana\nSubject: x",
        "De: ICMPD <call@example.org>\nEnviado el: lunes\nPara: Ana\nAsunto: x",
        "От: ICMPD <call@example.org>\nОтправлено: понедельник\nКому: Анна\nТема: x",
        "________________________________\nFrom: ICMPD <call@example.org>\nDate: Monday\nTo: Ana\nSubject: x",
    ],
)
def test_a_header_block_begins_what_others_wrote(block: str) -> None:
    written, _ = split(f"{NEW}\n\n{block}\n\n{OLD}", "RE: x")
    assert OLD not in written
    assert NEW in written


def test_answers_between_quoted_lines_are_kept() -> None:
    body = f"On 1 Mar 2017, ICMPD <a@b.example> wrote:\n> Do you speak it?\nYes, fluently.\n> And Arabic?\nNo.\n{NEW}"
    assert split(body, "")[0] == f"Yes, fluently.\nNo.\n{NEW}"


def test_lines_of_a_cv_that_begin_with_a_bracket_are_no_quotation() -> None:
    cv = "EXPERIENCE\n> Head of mission, Amman\nLed 12 people\n> Analyst, Vienna\nWrote reports"
    assert split(cv, "CV")[0] == cv


@pytest.mark.parametrize(
    "mark",
    [
        "---------- Forwarded message ---------",
        "---------- Message transféré ---------",
        "---------- Mensaje reenviado ----------",
        "-------- Пересланное сообщение --------",
        "---------- رسالة معاد توجيهها ----------",
        "Begin forwarded message:",
    ],
)
def test_an_inline_forward_is_a_message_of_its_own(mark: str) -> None:
    body = (
        f"See below.\n\n{mark}\nFrom: Rana <rana@example.com>\nDate: today\nSubject: my cv\nTo: me\n\nDear all, my CV."
    )
    written, forward = split(body, "Fwd: my cv")
    assert written == "See below."
    assert forward is not None
    assert dict(forward.headers)["from"] == "Rana <rana@example.com>"
    assert forward.body == "Dear all, my CV."


@pytest.mark.parametrize("text", ["", "Hello", "From: the desk of Ana\n\nDear all,", "On Monday I wrote:\nnothing"])
def test_a_plain_letter_stays_whole(text: str) -> None:
    assert split(text, "")[0].startswith(text.split("\n", maxsplit=1)[0])
