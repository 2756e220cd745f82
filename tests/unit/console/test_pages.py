"""The pages: a GET changes nothing, each button asks first, and what it does is done once."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from console.app import create_app
from console.desk import Desk
from console.links import Links
from console.words import load_words
from domain.links import Place, Thing
from domain.mail import Kind, ReplyLanguage
from domain.moves import Delivery, Outcome
from notifications.reader import Reader
from notifications.templates import Templates
from roster import erasure, ledger, outbox
from roster.people import show
from roster.shown import show_mail
from roster.store import Store
from service.call import load_call
from tests.integration.roster.cases import LEASE, NOW, answer, arrival, claim_one, decision, profile, take_in

CONFIG = Path(__file__).parents[3] / "config"
DAY = date(2018, 3, 14)
LATER = NOW + timedelta(hours=1)
CALL, TEMPLATES, WORDS = load_call(CONFIG), Templates.load(CONFIG / "templates"), load_words(CONFIG / "templates")
LINKS = Links(key=b"k" * 32, days=14, zone=ZoneInfo("Europe/Vienna"))
MESSAGE, ENTRY, WITHDRAWAL, FAILED, MAIL = (
    Place(what=Thing.MESSAGE, id=1),
    Place(what=Thing.ENTRY, id=1),
    Place(what=Thing.MESSAGE, id=2),
    Place(what=Thing.MESSAGE, id=3),
    Place(what=Thing.MAIL, id=1),
)
PLACES = (MESSAGE, ENTRY, WITHDRAWAL, FAILED, MAIL)


@dataclass(kw_only=True)
class Check:
    people: tuple[int, ...] = (1,)
    findings: tuple[str, ...] = ("it was read as a withdrawal",)
    proven: bool = True


@dataclass(kw_only=True)
class Office:
    """A roster with an entry, a withdrawal, a message that failed and an answer of unknown fate."""

    store: Store
    now: Any = LATER
    language: ReplyLanguage = ReplyLanguage.EN
    check: Check = field(default_factory=Check)

    def client(self) -> FlaskClient:
        return self.application().test_client()

    def application(self) -> Flask:
        def reader(moment: Any) -> Reader:
            words = TEMPLATES.words[self.language]
            return Reader(language=self.language, words=words, remarks=TEMPLATES.remarks, call=CALL, now=moment)

        def erase(person: int, *, actor: str, asked_by: int) -> erasure.Erased:
            return erasure.erase(self.store, person, actor=actor, now=self.now, asked_by=asked_by)

        desk = Desk(
            store=self.store,
            links=LINKS,
            words=WORDS[self.language],
            reader=reader,
            clock=lambda: self.now,
            check=lambda _message: self.check,
            erase=erase,
        )
        return create_app(desk)

    def get(self, place: Place, day: date = DAY) -> TestResponse:
        return self.client().get(f"/{LINKS.token(place, day)}")

    def press(self, place: Place, **form: str) -> TestResponse:
        return self.client().post(f"/{LINKS.token(place, DAY)}", data=form)

    def ask_and_do(self, place: Place, **form: str) -> TestResponse:
        """As a browser does: what the asking page holds is sent back."""
        asked = self.press(place, **form)
        assert asked.status_code == 200, asked.text
        return self.press(place, **({"said": form["said"]} if "said" in form else {}), **hidden(asked))

    def content(self) -> tuple[str, ...]:
        """All that the database holds."""
        raw = self.store.engine.raw_connection()
        try:
            return tuple(raw.driver_connection.iterdump())  # type: ignore[union-attr]
        finally:
            raw.close()


def hidden(page: TestResponse) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))


@pytest.fixture
def office(store: Store) -> Office:
    take_in(store, 1, decision(profile()), outgoing=answer(1))
    (sending,) = outbox.claim(store, owner="sender", now=NOW, lease=LEASE, limit=1)
    outbox.unknown(store, sending.claim, error="the line was cut", now=NOW)
    asked = {"kind": Kind.WITHDRAWAL, "outcome": Outcome.WITHDRAWAL, "review": ("Its text says: “Delete me”",)}
    take_in(store, 2, decision(**asked))
    ledger.record(store, [arrival(3)], now=NOW)
    ledger.quarantine(store, claim_one(store), error="the document took more memory", now=NOW)
    return Office(store=store)


@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize("language", list(ReplyLanguage))
def test_opening_a_page_shows_it_and_changes_nothing(office: Office, place: Place, language: ReplyLanguage) -> None:
    office.language = language
    before = office.content()
    page = office.get(place)
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text
    assert "{" not in page.text
    assert office.content() == before


@pytest.mark.parametrize(
    ("place", "form"),
    [
        (FAILED, {"do": "retry"}),
        (WITHDRAWAL, {"do": "withdraw"}),
        (ENTRY, {"do": "right", "about": "fr", "seen": "native found"}),
        (ENTRY, {"do": "wrong", "about": "fr", "seen": "native found"}),
        (ENTRY, {"do": "wrong", "about": "return_reintegration", "seen": "yes found"}),
        (MAIL, {"do": "never", "seen": "unknown"}),
    ],
)
def test_a_button_asks_first_and_has_done_nothing_then(office: Office, place: Place, form: dict[str, str]) -> None:
    before = office.content()
    asked = office.press(place, **form)
    assert asked.status_code == 200
    assert 'name="step" value="do"' in asked.text
    assert office.content() == before


def test_a_message_that_failed_is_tried_again_once(office: Office) -> None:
    assert "tried again" in office.ask_and_do(FAILED, do="retry").text
    before = office.content()
    assert office.press(FAILED, do="retry", step="do").status_code == 409
    assert office.content() == before


def test_a_proven_withdrawal_erases_the_entry_once_and_says_by_which_link(office: Office) -> None:
    assert "Aïssatou Diop" in office.press(WITHDRAWAL, do="withdraw").text
    assert office.ask_and_do(WITHDRAWAL, do="withdraw").status_code == 200
    with pytest.raises(KeyError):
        show(office.store, 1)
    assert any("a link in the digest of 2018-03-14" in row for row in office.content() if "audit" in row)
    assert office.get(WITHDRAWAL).status_code == 410
    assert office.get(ENTRY).status_code == 410


@pytest.mark.parametrize("check", [Check(proven=False), Check(people=(), proven=False), Check(people=(1, 2))])
def test_what_is_not_proven_is_not_erased_here_and_the_page_names_the_command(office: Office, check: Check) -> None:
    office.check = check
    before = office.content()
    asked = office.press(WITHDRAWAL, do="withdraw")
    assert "micic roster erase" in asked.text
    assert "<button" not in asked.text
    if len(check.people) < 2:
        assert office.press(WITHDRAWAL, do="withdraw", step="do", seen="1").status_code == 409
    assert office.content() == before


def test_a_withdrawal_that_turns_out_to_be_of_somebody_else_is_not_carried_out(office: Office) -> None:
    asked = office.press(WITHDRAWAL, do="withdraw")
    office.check = Check(people=(7,))
    assert office.press(WITHDRAWAL, **hidden(asked)).status_code == 409


def test_what_is_said_of_a_theme_holds_and_an_old_page_does_no_harm(office: Office) -> None:
    old = {"about": "return_reintegration", "seen": "yes found"}
    assert "Noted as wrong" in office.ask_and_do(ENTRY, do="wrong", **old).text
    assert not next(tag for tag in show(office.store, 1).tags if tag.key == "return_reintegration").holds
    before = office.content()
    assert office.press(ENTRY, do="right", step="do", **old).status_code == 409
    assert office.content() == before


def test_a_level_is_corrected_and_who_is_eligible_follows(office: Office) -> None:
    for code, seen in (("fr", "native found"), ("en", "C found")):
        assert office.ask_and_do(ENTRY, do="wrong", about=code, seen=seen, said="B").status_code == 200
    assert show(office.store, 1).facts.eligible is False
    assert office.press(ENTRY, do="wrong", about="fr", seen="B said", step="do", said="D").status_code == 400


@pytest.mark.parametrize(
    ("do", "state"), [("gone", Delivery.SENT), ("never", Delivery.GIVEN_UP), ("send", Delivery.QUEUED)]
)
def test_a_mail_of_unknown_fate_goes_where_a_person_says_once(office: Office, do: str, state: Delivery) -> None:
    assert office.ask_and_do(MAIL, do=do, seen="unknown").status_code == 200
    assert show_mail(office.store, 1).state is state
    before = office.content()
    for again in ("gone", "never", "send"):
        assert office.press(MAIL, do=again, seen="unknown", step="do").status_code == 409
    assert office.content() == before


def test_an_old_page_does_not_send_what_a_colleague_has_discarded(office: Office) -> None:
    outbox.hold(office.store, [1], now=NOW)
    asked = office.press(MAIL, do="release", seen="held")
    outbox.discard(office.store, [1], now=NOW)
    assert office.press(MAIL, **hidden(asked)).status_code == 409
    assert show_mail(office.store, 1).discarded


@pytest.mark.parametrize(
    ("place", "form"),
    [
        (ENTRY, {"do": "retry"}),
        (MESSAGE, {"do": ""}),
        (ENTRY, {"do": "right", "about": "nothing"}),
        (MAIL, {"do": "never", "seen": "?", "step": "do"}),
    ],
)
def test_what_no_button_asks_for_is_not_done(office: Office, place: Place, form: dict[str, str]) -> None:
    before = office.content()
    assert office.press(place, **form).status_code == 400
    assert office.content() == before


def test_a_link_of_one_thing_does_nothing_to_another(office: Office) -> None:
    """The number of the thing stands in the token only."""
    office.press(Place(what=Thing.MESSAGE, id=1), do="retry", step="do", id="3")
    assert "could not be processed" in office.get(FAILED).text


def test_old_and_forged_links_end_on_a_page_that_says_what_to_do(office: Office) -> None:
    office.now = NOW + timedelta(days=15)
    for answer_ in (office.get(ENTRY), office.press(ENTRY, do="right", about="fr", step="do")):
        assert answer_.status_code == 410
        assert "micic digest --date 2018-03-14" in answer_.text
    forged = office.client().get(f"/{LINKS.token(ENTRY, DAY)}x")
    assert forged.status_code == 403
    assert "use the command" in forged.text


def test_every_page_is_sealed_and_sets_no_cookie(office: Office) -> None:
    client = office.client()
    for answer_ in (client.get("/"), office.get(ENTRY), client.get("/no"), client.post("/"), client.get("/a/b")):
        headers = answer_.headers
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Frame-Options"] == "DENY"
        assert "noindex" in headers["X-Robots-Tag"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "script" not in headers["Content-Security-Policy"] + answer_.text
        assert "Set-Cookie" not in headers


def test_the_log_names_things_and_neither_people_nor_links(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    office.ask_and_do(ENTRY, do="right", about="fr", seen="native found")
    office.check = None  # type: ignore[assignment] - a bug
    assert office.press(WITHDRAWAL, do="withdraw").status_code == 500
    assert "entry 1: right" in caplog.text
    for place in PLACES:
        assert LINKS.token(place, DAY) not in caplog.text
    assert "Diop" not in caplog.text
