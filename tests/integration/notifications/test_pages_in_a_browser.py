"""Every mail of ours, and the digest of every kind of day, as a browser lays it out on a telephone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from domain.call import Call
from domain.mail import ReplyLanguage
from notifications import sample_days
from notifications.templates import Templates
from service.call import load_call
from service.commands.letters import body
from service.commands.preview import DIGEST, INDEX, TEMPLATES, cases, filled_in, show_all
from tests.servers.chromium import DESK, FLAWS, NOT_SET_APART, TELEPHONE, browser_page, complaints

pytestmark = [pytest.mark.server, pytest.mark.slow]

CONFIG = Path(__file__).parents[3] / "config"
LETTERS = ("full", "bare")


@pytest.fixture(scope="module")
def call() -> Call:
    return load_call(CONFIG)


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates.load(CONFIG / "templates")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """One browser for all: it takes longer to start than a page to be looked at."""
    with browser_page() as opened:
        yield opened


def pages(name: str, language: ReplyLanguage, call: Call, templates: Templates) -> Iterator[tuple[str, str]]:
    """By case: the page of a letter, or of the digest."""
    for case in cases(name) if name == DIGEST else LETTERS:
        yield case, body(filled_in(name, language, case, call=call, templates=templates), "html")


@pytest.mark.parametrize(
    ("spoiled", "flaw"),
    [
        ("<p style='width:600px'>Wide</p>", "the page is"),
        ("<p>One</p><p style='margin-top:-38px'>Another</p>", "one over the other"),
        ("<p style='width:60px; overflow:hidden; white-space:nowrap'>Much too long for it</p>", "cut off"),
        ("<p style='margin-left:-30px'>Over the edge</p>", "beyond the edge"),
    ],
)
def test_what_a_reader_would_stumble_over_is_seen(page: Page, spoiled: str, flaw: str) -> None:
    page.set_viewport_size(TELEPHONE)
    page.set_content(spoiled)
    assert any(flaw in one for one in page.evaluate(FLAWS))


def test_axe_sees_what_it_is_there_for(page: Page) -> None:
    page.set_content("<main><h1 style='color:#999; background:#fff'>Faint</h1></main>")
    assert any("color-contrast" in one for one in complaints(page))


@pytest.mark.parametrize("language", list(ReplyLanguage))
@pytest.mark.parametrize("name", TEMPLATES)
def test_nothing_is_cut_off_or_lies_over_something_else(
    page: Page, name: str, language: ReplyLanguage, call: Call, templates: Templates
) -> None:
    for case, html in pages(name, language, call, templates):
        page.set_content(html)
        for window in (TELEPHONE, DESK):
            page.set_viewport_size(window)
            assert page.evaluate(FLAWS) == [], (case, window)


@pytest.mark.parametrize("name", TEMPLATES)
def test_arabic_runs_from_right_to_left_with_addresses_and_commands_in_one_piece(
    page: Page, name: str, call: Call, templates: Templates
) -> None:
    page.set_viewport_size(TELEPHONE)
    for case, html in pages(name, ReplyLanguage.AR, call, templates):
        page.set_content(html)
        assert page.evaluate("getComputedStyle(document.querySelector('main, [role=main] td td')).direction") == "rtl"
        assert page.evaluate(NOT_SET_APART) == [], case


@pytest.mark.parametrize("language", list(ReplyLanguage))
@pytest.mark.parametrize("name", TEMPLATES)
def test_axe_finds_nothing(page: Page, name: str, language: ReplyLanguage, call: Call, templates: Templates) -> None:
    """Contrast, headings, languages, names of charts: https://dequeuniversity.com/rules/axe/"""
    page.set_viewport_size(TELEPHONE)
    _, html = next(pages(name, language, call, templates))
    page.set_content(html)
    assert complaints(page) == []


def test_the_first_column_of_days_stands_where_reading_begins(page: Page, call: Call, templates: Templates) -> None:
    for language, first in ((ReplyLanguage.EN, min), (ReplyLanguage.AR, max)):
        page.set_content(dict(pages("digest", language, call, templates))["full"])
        places = page.evaluate(
            "[...document.querySelectorAll('[role=img] td.w')].map(td => td.getBoundingClientRect().x)"
        )
        assert len(places) == 4
        assert places[0] == first(places)


def test_a_column_is_as_high_as_its_day_is_busy(page: Page, call: Call, templates: Templates) -> None:
    day = sample_days.pages()["full"]
    counts = list(day.arrived_by_day.values())
    page.set_content(dict(pages("digest", ReplyLanguage.EN, call, templates))["full"])
    heights = page.evaluate(
        "[...document.querySelectorAll('[role=img] > tbody > tr:first-child > td')]"
        ".map(td => td.querySelector('td')?.getBoundingClientRect().height ?? 0)"
    )
    assert len(heights) == len(counts) == 28
    for height, count in zip(heights, counts, strict=True):
        assert height == pytest.approx(48 * count / max(counts), abs=1)


@pytest.fixture(scope="module")
def overview(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("preview") / "all"
    show_all(CONFIG, folder)
    return folder / INDEX


def test_the_overview_leads_to_every_page_and_each_is_there(page: Page, overview: Path) -> None:
    page.goto(overview.as_uri())
    targets = page.evaluate("[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    assert len(targets) == 2 * len(ReplyLanguage) * sum(len(list(cases(name))) for name in TEMPLATES)
    assert all((overview.parent / target).is_file() for target in targets)


def test_the_overview_is_walked_by_keyboard_in_reading_order(page: Page, overview: Path) -> None:
    page.set_viewport_size(DESK)
    page.goto(overview.as_uri())
    before = (-1.0, -1.0)
    for _ in range(4 * len(ReplyLanguage)):
        page.keyboard.press("Tab")
        at = page.evaluate(
            "() => { const a = document.activeElement, row = a.closest('tr').getBoundingClientRect().top + scrollY;"
            " return [row, a.getBoundingClientRect().left, getComputedStyle(a).outlineWidth] }"
        )
        assert tuple(at[:2]) > before
        assert at[2] == "3px"  # where one stands is seen
        before = tuple(at[:2])


def test_axe_finds_nothing_in_the_overview_and_in_a_page_of_text(page: Page, overview: Path) -> None:
    page.set_viewport_size(TELEPHONE)
    for place in (overview, overview.with_name("received-ar-full.text.html")):
        page.goto(place.as_uri())
        assert complaints(page) == []
        assert page.evaluate(FLAWS) == []


def test_the_links_of_a_letter_are_reached_by_keyboard_in_their_order(
    page: Page, call: Call, templates: Templates
) -> None:
    for language in ReplyLanguage:
        page.set_content(dict(pages("received", language, call, templates))["full"])
        links = page.evaluate("[...document.querySelectorAll('a')].map(a => a.href)")
        assert links
        reached = []
        for _ in links:
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.href"))
        assert reached == links
