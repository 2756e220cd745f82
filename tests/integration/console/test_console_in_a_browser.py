"""The pages as a browser shows them on a telephone and on a desk, and as somebody without a mouse works with them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from playwright.sync_api import Page
from waitress.server import create_server

from domain.links import Place, Thing
from domain.mail import Kind, ReplyLanguage
from domain.moves import Delivery, Outcome
from roster import ledger, outbox
from roster.people import show
from roster.shown import show_mail
from roster.store import Store
from tests.integration.roster.cases import LEASE, NOW, answer, arrival, claim_one, decision, profile, take_in
from tests.servers.chromium import DESK, FLAWS, NOT_SET_APART, TELEPHONE, browser_page, complaints
from tests.unit.console.test_pages import LINKS, Office

pytestmark = [pytest.mark.server, pytest.mark.slow]

DAY = date(2018, 3, 14)
ENTRY, MAIL = Place(what=Thing.ENTRY, id=1), Place(what=Thing.MAIL, id=1)
FAILED, WITHDRAWAL = Place(what=Thing.MESSAGE, id=3), Place(what=Thing.MESSAGE, id=2)
PLACES = (Place(what=Thing.MESSAGE, id=1), ENTRY, WITHDRAWAL, FAILED, MAIL)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser_page() as opened:
        yield opened


@pytest.fixture
def office(store: Store) -> Office:
    take_in(store, 1, decision(profile()), outgoing=answer(1))
    (sending,) = outbox.claim(store, owner="sender", now=NOW, lease=LEASE, limit=1)
    outbox.unknown(store, sending.claim, error="the line was cut", now=NOW)
    said = ("Its text says: “Please delete my CV.”",)
    asked = {"kind": Kind.WITHDRAWAL, "outcome": Outcome.WITHDRAWAL, "review": said}
    take_in(store, 2, decision(**asked))
    ledger.record(store, [arrival(3, sender="b.traore@example.org")], now=NOW)
    ledger.quarantine(store, claim_one(store), error="the document took more memory", now=NOW)
    return Office(store=store)


@pytest.fixture
def url(office: Office) -> Iterator[str]:
    with serving(office) as address:
        yield address


@contextmanager
def serving(office: Office) -> Iterator[str]:
    server = create_server(office.application(), host="127.0.0.1", port=0, threads=1, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.task_dispatcher.shutdown()
    server.close()


def sound(page: Page) -> None:
    for window in (DESK, TELEPHONE):
        page.set_viewport_size(window)
        assert page.evaluate(FLAWS) == [], window
    assert complaints(page) == []
    if page.evaluate("document.documentElement.dir") == "rtl":
        assert page.evaluate(NOT_SET_APART) == []


def press(page: Page, name: str) -> None:
    """By keyboard alone: Tab until one stands on it and sees so, then Enter."""
    for _ in range(60):
        page.keyboard.press("Tab")
        at = page.evaluate(
            "() => { const a = document.activeElement, style = getComputedStyle(a), named = a !== document.body;"
            " return [named ? a.textContent.trim() : '', style.outlineWidth, style.outlineStyle, a.offsetHeight] }"
        )
        if at[0]:
            assert at[1:3] == ["4px", "solid"], at
        if at[0] == name:
            assert at[3] >= 44  # a thumb hits it
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"no key leads to {name}")


@pytest.mark.parametrize("language", [ReplyLanguage.EN, ReplyLanguage.AR])
def test_every_page_and_question_is_laid_out_soundly(page: Page, office: Office, language: ReplyLanguage) -> None:
    office.language = language
    with serving(office) as url:
        for place in PLACES:
            page.goto(f"{url}/{LINKS.token(place, DAY)}")
            assert page.evaluate("getComputedStyle(document.body).direction") == (
                "rtl" if language is ReplyLanguage.AR else "ltr"
            )
            sound(page)
            for number in range(page.locator("button").count()):
                page.goto(f"{url}/{LINKS.token(place, DAY)}")
                page.locator("button").nth(number).click()
                sound(page)
        for broken in ("no-link-of-ours", ""):
            page.goto(f"{url}/{broken}")
            sound(page)


def test_by_keyboard_a_language_is_put_right(page: Page, office: Office, url: str) -> None:
    page.goto(f"{url}/{LINKS.token(ENTRY, DAY)}")
    press(page, "Wrong")  # of English, the first
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    press(page, "Yes")
    assert "Noted: English – B" in page.content()
    assert show(office.store, 1).languages[0].confirmed == "B"
    press(page, "Look at it again")
    assert "You said: right" in page.content()


@pytest.mark.parametrize("button", ["It has gone", "Send it again", "Never send it"])
def test_by_keyboard_a_mail_is_decided_on(page: Page, office: Office, url: str, button: str) -> None:
    page.goto(f"{url}/{LINKS.token(MAIL, DAY)}")
    press(page, button)
    assert show_mail(office.store, 1).state is Delivery.UNKNOWN
    press(page, button)
    assert show_mail(office.store, 1).state is not Delivery.UNKNOWN
    page.reload()  # the form is sent once more
    assert "Nothing was done" in page.content()


def test_by_keyboard_a_message_is_tried_again_and_a_withdrawal_carried_out(
    page: Page, office: Office, url: str
) -> None:
    page.goto(f"{url}/{LINKS.token(FAILED, DAY)}")
    press(page, "Try again")
    press(page, "Try again")
    assert "will be tried again" in page.content()
    page.goto(f"{url}/{LINKS.token(WITHDRAWAL, DAY)}")
    press(page, "Carry out the withdrawal")
    press(page, "Back, change nothing")
    assert show(office.store, 1)
    press(page, "Carry out the withdrawal")
    press(page, "Carry out the withdrawal")
    assert "is erased" in page.content()
    with pytest.raises(KeyError):
        show(office.store, 1)
