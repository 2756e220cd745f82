"""The digest: what needs a person stands first, nothing is left out in silence, and it fits into mail programs."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from domain.digest import Credential, CredentialEnd, Digest
from domain.links import Link, Place, Thing
from domain.mail import Kind, ReplyLanguage
from domain.moves import Delivery
from domain.profile import THEMES
from notifications import sample_days, samples
from notifications.digest import compose
from notifications.digest_view import LIMITS
from notifications.reader import Reader, no_link
from notifications.templates import Templates

FULL, _, ONE, LARGE, EMPTY = sample_days.pages().values()
CUT_BY_GMAIL = 102_400  # bytes of HTML


def read(
    templates: Templates, digest: Digest, language: ReplyLanguage = ReplyLanguage.EN, link: Link = no_link
) -> tuple[EmailMessage, str, str]:
    mail = compose(
        digest,
        reader=templates.reader(language, call=samples.call(), now=digest.until, link=link),
        templates=templates,
        recipients=("one@example.org", "two@example.org"),
    )
    message = email.message_from_bytes(mail.content, policy=default)
    assert isinstance(message, EmailMessage)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return message, text.get_content().replace("\r\n", "\n"), html.get_content()


class Tags(HTMLParser):
    """What stands open when the page ends, and what was closed out of turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


LENGTHY = replace(
    LARGE,
    entries=tuple(
        replace(
            entry, name="Очень длинное имя " * 6, themes=tuple((key, "Работал на границе. " * 20) for key in THEMES)
        )
        for entry in LARGE.entries
    ),
)


@pytest.mark.parametrize("digest", [FULL, ONE, LARGE, LENGTHY, EMPTY], ids=["full", "one", "large", "lengthy", "empty"])
@pytest.mark.parametrize("language", list(ReplyLanguage))
def test_every_digest_is_sound_in_every_language(templates: Templates, digest: Digest, language: ReplyLanguage) -> None:
    message, text, html = read(templates, digest, language)
    assert [part.defects for part in message.walk()] == [[], [], []]
    assert not {"{", "}"} & set(text)
    assert max(map(len, text.splitlines())) <= 77  # a direction mark takes no room
    assert len(html.encode()) < CUT_BY_GMAIL
    tags = Tags()
    tags.feed(html)
    assert (tags.open, tags.wrong) == ([], [])
    assert not tags.names & {"script", "img", "link", "form", "iframe", "svg"}
    assert "http" not in html


def test_the_headers_name_the_day_and_all_readers(templates: Templates) -> None:
    message, _, _ = read(templates, FULL)
    assert message["To"] == "one@example.org, two@example.org"
    assert message["Subject"].startswith("Expert Roster, 31 Jan 2019 – Needs a person: 6, New on the roster: 5")
    assert message["Auto-Submitted"] == "auto-generated"


def test_the_same_day_gives_the_same_id(templates: Templates) -> None:
    assert read(templates, FULL)[0]["Message-ID"] == read(templates, EMPTY)[0]["Message-ID"]
    other = replace(FULL, day=FULL.day + timedelta(days=1))
    assert read(templates, FULL)[0]["Message-ID"] != read(templates, other)[0]["Message-ID"]


def test_what_needs_a_person_stands_before_all_else(templates: Templates) -> None:
    for page in read(templates, FULL)[1:]:
        headings = (
            *("Needs a person", "New and updated entries", "Withdrawals and answers", "Set aside"),
            *("Mail that did not go out", "Mail of ours that came back", "Health", "Mails a day", "Roster by language"),
        )
        places = [page.rindex(heading) for heading in headings]
        assert places == sorted(places)


def test_each_kind_of_trouble_comes_with_what_to_do(templates: Templates) -> None:
    undecided = replace(FULL.review[0], message=71, kind=None)
    withdrawal = replace(FULL.review[0], message=72, kind=Kind.WITHDRAWAL)
    doubtful = replace(FULL.review[0], message=73, kind=Kind.APPLICATION)
    update = replace(FULL.review[0], message=74, kind=Kind.UPDATE, sender="amina@example.org")
    entry = replace(FULL.entries[0], person=5, message=73)
    lost = replace(FULL.unsent[0], outbox=9, state=Delivery.UNKNOWN)
    digest = replace(FULL, review=(undecided, withdrawal, doubtful, update), entries=(entry,), unsent=(lost,))
    for page in read(templates, digest)[1:]:
        for command in (
            "micic retry 71",
            "micic roster erase --withdrawal 72",
            "micic roster search amina@example.org",
            "micic roster show 5",
            "micic retry --mail 9",
        ):
            assert command in page


def test_a_command_to_paste_runs_nothing_that_a_stranger_wrote(templates: Templates) -> None:
    withdrawal = replace(FULL.review[0], message=72, kind=Kind.UPDATE, sender="$(rm -rf ~)@example.org")
    _, text, _ = read(templates, replace(FULL, review=(withdrawal,)))
    assert "micic roster search '$(rm -rf ~)@example.org'" in " ".join(text.split())


def test_an_entry_shows_country_languages_themes_with_evidence_and_eligibility(templates: Templates) -> None:
    for page in read(templates, FULL)[1:]:
        for word in (
            "Nigeria",
            "French (B)",
            "Dyula (level not stated)",
            "1,200 stranded migrant workers",
            "✓ Eligible",
        ):
            assert word in " ".join(page.split())
        assert "Not eligible: English or French not at native or C level" in " ".join(page.split())
        assert "country not stated" in page
        assert "cv.pdf: The file is damaged: what is left of it was read." in " ".join(page.split())


def test_what_is_beyond_the_limits_is_counted_never_left_out_in_silence(templates: Templates) -> None:
    for page in read(templates, LARGE)[1:]:
        counts = [int(count) for count in re.findall(r"… and (\d+) more", page)]
        shown = next(one for one in LIMITS if len(LARGE.entries) - one.cards - one.rows in counts)
        beyond = {
            "review": shown.needs,
            "entries": shown.cards + shown.rows,
            "unanswered": shown.listed,
            "set_aside": shown.listed,
            "unsent": shown.needs,
            "returned": shown.needs,
        }
        assert counts == [len(getattr(LARGE, name)) - most for name, most in beyond.items()]


def test_a_day_on_which_nothing_came_gives_a_short_digest_and_not_silence(templates: Templates) -> None:
    quiet = replace(EMPTY, health=replace(EMPTY.health, last_pass=EMPTY.until))
    message, text, _ = read(templates, quiet)
    assert message["Subject"] == "Expert Roster, 31 Jan 2019"
    assert "Nothing new." in text
    assert len(text.splitlines()) < 20


def test_a_mailbox_that_was_not_read_for_hours_is_told_at_the_top(templates: Templates) -> None:
    stale = replace(FULL, health=replace(FULL.health, last_pass=FULL.until - timedelta(hours=9), overdue=True))
    _, _, html = read(templates, stale)
    told = "The mailbox has not been read since"
    assert html.index(told) < html.index("micic retry")
    assert told not in read(templates, FULL)[2]


def test_a_mistake_in_a_template_is_told_at_the_top_by_file_and_line(templates: Templates) -> None:
    _, _, html = read(templates, FULL)
    assert html.index("config/templates/received/ru.txt:3") < html.index("micic retry")
    assert "config/templates" not in read(templates, EMPTY)[2]


def test_a_secret_is_told_of_at_the_top_thirty_days_before_it_ends(templates: Templates) -> None:
    def told(days: int) -> str:
        end = CredentialEnd(what=Credential.CLIENT_SECRET, ends=FULL.day + timedelta(days=days))
        return " ".join(read(templates, replace(FULL, health=replace(FULL.health, credentials=(end,))))[1].split())

    assert "(client secret)" not in told(31)
    assert "(client secret) ends on 2 March 2019." in told(30)
    assert "(client secret) ended on 30 January 2019." in told(-1)


def test_times_are_shown_in_the_zone_of_the_reader(templates: Templates) -> None:
    until = datetime(2018, 7, 1, 5, 0, tzinfo=UTC)
    mail = compose(
        replace(FULL, until=until),
        reader=templates.reader(ReplyLanguage.EN, call=samples.call(), now=until.astimezone(ZoneInfo("Europe/Vienna"))),
        templates=templates,
        recipients=("one@example.org",),
    )
    assert b"to 1 Jul 07:00" in mail.content


@pytest.mark.parametrize("language", list(ReplyLanguage))
def test_what_needs_a_person_has_a_link_beside_its_command(templates: Templates, language: ReplyLanguage) -> None:
    _, text, html = read(templates, FULL, language, samples.link)
    for place in (
        *(Place(what=Thing.MESSAGE, id=one.message) for one in FULL.review),
        *(Place(what=Thing.MAIL, id=one.outbox) for one in FULL.unsent),
        *(Place(what=Thing.ENTRY, id=one.person) for one in FULL.entries),
    ):
        link = samples.link(place)
        assert f'<a href="{link}">' in html
        assert any(link in line for line in text.splitlines())  # in one piece
    assert "micic retry 418" in text


def test_without_an_address_of_the_pages_there_is_no_link(templates: Templates) -> None:
    _, text, html = read(templates, FULL)
    assert "<a " not in html
    assert "http" not in text
    _, _, many = read(templates, LARGE, link=samples.link)
    assert len(many.encode()) < CUT_BY_GMAIL


def test_the_longest_bar_is_that_of_the_largest_figure(templates: Templates) -> None:
    digest = replace(FULL, arrived={Kind.APPLICATION: 30, Kind.SPAM: 15, Kind.BOUNCE: 1})
    _, text, html = read(templates, digest)
    bars = {label: len(bar) for label, bar in re.findall(r"^(\w+) +\d+ (█+)$", text, re.M)}
    assert (bars["Application"], bars["Advertising"], bars["Bounce"]) == (18, 9, 1)
    assert 'width="100%" height="12"' in html
    assert 'width="50%" height="12"' in html


def test_what_strangers_wrote_is_shown_and_does_nothing(templates: Templates) -> None:
    nasty = replace(
        FULL.review[0],
        sender='"><img src=x>@example.org',
        subject="<script>alert(1)</script>\r\nBcc: x@example.org",
        reasons=("{{ 7 * 7 }}\u202e",),
    )
    entry = replace(FULL.entries[0], name="<b>Bold</b>\n\nBcc: x", themes=(("crisis_migration", "<i>x</i>\r\n.\r\n"),))
    message, text, html = read(templates, replace(FULL, review=(nasty,), set_aside=(nasty,), entries=(entry,)))
    tags = Tags()
    tags.feed(html)
    assert (tags.open, tags.wrong) == ([], [])
    assert not tags.names & {"script", "img", "b", "i"}
    assert message["Bcc"] is None
    assert "49" not in text
    assert "\u202e" not in text + html


def test_what_cannot_wait_stands_before_what_came_earlier(templates: Templates) -> None:
    calm = replace(FULL.review[0], message=81, kind=Kind.ENQUIRY, subject="First")
    urgent = replace(FULL.review[0], message=82, kind=Kind.WITHDRAWAL, subject="Second")
    for page in read(templates, replace(FULL, review=(calm, urgent)))[1:]:
        assert page.index("Second") < page.index("First")


def test_a_digest_that_makes_up_for_days_says_so(templates: Templates) -> None:
    late = replace(ONE, since=ONE.until - timedelta(days=4))
    for page in read(templates, late)[1:]:
        assert "covers 4 days" in page
    for page in read(templates, ONE)[1:]:
        assert "covers" not in page


def test_what_was_set_aside_is_listed_by_kind_and_what_may_be_a_mistake_comes_first(templates: Templates) -> None:
    kinds = (Kind.AUTO_REPLY, Kind.SPAM, Kind.OTHER, Kind.AUTO_REPLY)
    aside = tuple(replace(FULL.set_aside[0], message=n, kind=kind) for n, kind in enumerate(kinds))
    for page in read(templates, replace(ONE, set_aside=aside))[1:]:
        places = [page.index(heading) for heading in ("Other (1)", "Advertising (1)", "Automatic reply (2)")]
        assert places == sorted(places)


def test_a_digest_without_sentences_shows_themes_only(templates: Templates) -> None:
    bare = replace(FULL.entries[0], themes=tuple((theme, "") for theme, _ in FULL.entries[0].themes))
    _, text, html = read(templates, replace(FULL, entries=(bare,)))
    assert "1,200" not in text + html
    assert text.count("   - Sample\n") == 2
    assert "None" not in text + html


def test_each_day_of_the_weeks_has_its_column_and_each_week_its_sum(templates: Templates) -> None:
    start = FULL.day - timedelta(days=14)
    digest = replace(ONE, arrived_by_day={start + timedelta(days=n): (n == 8) * 40 + (n == 9) * 20 for n in range(14)})
    _, text, html = read(templates, digest)
    assert re.findall(r"^(\S+ Jan)  (\S+)  (\d+)$", text, re.M) == [
        ("17–23 Jan", "·······", "0"),
        ("24–30 Jan", "·█▄····", "60"),
    ]
    assert "Most on one day: 40 (25 Jan)" in text
    assert 'aria-label="Mails a day, last four weeks. 17–23 Jan: 0. 24–30 Jan: 60. "' in html
    assert [int(height) for height in re.findall(r'class="z" height="(\d+)"', html)] == [48, 24]


def test_the_time_to_an_answer_is_told_by_its_half_and_its_spread(templates: Templates) -> None:
    times = tuple(timedelta(seconds=seconds) for seconds in (2, 50, 300, 90_000))
    _, text, _ = read(templates, replace(ONE, answer_times=times))
    told = dict(re.findall(r"^([≤>] 1?\d+ \w+) +(\d+)", text, re.M))
    assert told == {"≤ 1 minute": "2", "≤ 10 minutes": "1", "≤ 1 hour": "0", "≤ 1 day": "0", "> 1 day": "1"}
    assert "half of them within 3 minutes" in text


def test_a_theme_that_nobody_stands_for_is_shown_with_nobody(templates: Templates) -> None:
    themes = {key: dict.fromkeys(ReplyLanguage, key.replace("_", " ")) for key in THEMES}
    call = replace(samples.call(), themes=themes)
    english = ReplyLanguage.EN
    reader = Reader(
        language=english, words=templates.words[english], remarks=templates.remarks, call=call, now=FULL.until
    )
    text = templates.page(replace(ONE, roster_themes={"crisis_migration": 3}), reader).text
    assert re.search(r"^crisis migration +3 █+$", text, re.M)
    assert re.search(r"^disaster preparedness +0$", text, re.M)


def test_reasons_and_notes_are_told_in_the_language_of_the_digest(templates: Templates) -> None:
    text = " ".join(read(templates, FULL, ReplyLanguage.FR)[1].split())
    assert "peut être la même personne que la fiche 12" in text
    assert "cv.pdf : Le fichier est endommagé" in text
    assert "la même réponse est partie peu avant à cette adresse (envoi 297)" in text


def test_colons_stand_as_each_language_sets_them(templates: Templates) -> None:
    assert "Voir la fiche\u00a0: micic roster show" in read(templates, FULL, ReplyLanguage.FR)[1]
    assert "See the entry: micic roster show" in read(templates, FULL, ReplyLanguage.EN)[1]


def test_numbers_of_messages_keep_their_order_between_arabic_words(templates: Templates) -> None:
    _, text, html = read(templates, FULL, ReplyLanguage.AR)
    assert "\u2068#419\u2069" in text
    assert "<bdi>#419</bdi>" in html


def test_what_staff_said_of_the_tags_and_what_has_grown_old_is_told(templates: Templates) -> None:
    _, text, html = read(templates, FULL)
    for told in (
        "Sample: 8 of 9 right, added by you: 2",
        "French: 4 of 4 right",
        "rules in force: 9f2c51d07a3e; no mail was read with them yet",
        "older than 24 months, to be looked through or erased: 7",
    ):
        assert told in " ".join(text.split())
        assert told in html
    _, text, _ = read(templates, ONE)
    assert "since " in next(line for line in text.splitlines() if line.startswith("rules in force: 9f2c51d07a3e"))
    assert "What you said" not in text


def test_a_correction_comes_with_the_command_that_finds_the_entry(templates: Templates) -> None:
    correction = replace(sample_days.REVIEW[4], kind=Kind.OTHER)
    _, text, _ = read(templates, replace(ONE, review=(correction,)))
    assert "Find the entry: micic roster search maria@example.org" in text
