"""The web pages: a GET changes nothing; a button first asks, and what it does is done only once."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from console.actions import Wish, action
from console.desk import Desk, Gone, NotAsked, Visit
from console.links import Expired, NotOurs
from console.pages import View, entry_page, mail_page, message_page
from domain.errors import RetryLater, StaleStage
from domain.links import Thing
from notifications.wording import direction, marked_up

LOG = logging.getLogger("micic.console")
HERE = Path(__file__).parent
MARK = "micic console"  # by which `micic doctor` knows our own page
LARGEST_FORM = 16_384  # bytes
PAGES = {Thing.MESSAGE: message_page, Thing.ENTRY: entry_page, Thing.MAIL: mail_page}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",  # a link is a key: no other site is to see it
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


class Pages(Flask):
    def log_exception(self, exc_info: Any) -> None:
        """Without the address of the page, which is a key."""
        LOG.error("a page failed", exc_info=exc_info)


def create_app(desk: Desk) -> Flask:
    """All addresses in the pages are relative: a proxy may serve them under any path."""
    app = Pages("console", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
    site = Site(desk)
    app.add_url_rule("/", view_func=site.home, endpoint="home")
    app.add_url_rule("/console.css", view_func=site.style, endpoint="style")
    app.add_url_rule("/<token>", view_func=site.look, endpoint="look", methods=["GET"])
    app.add_url_rule("/<token>", view_func=site.act, endpoint="act", methods=["POST"])
    app.register_error_handler(Expired, site.expired)
    app.register_error_handler(NotOurs, lambda _error: site.refusal("forged", 403, advice="forged_do"))
    app.register_error_handler(Gone, lambda _error: site.refusal("gone_thing", 410))
    app.register_error_handler(StaleStage, lambda _error: site.refusal("stale", 409, back=True))
    app.register_error_handler(NotAsked, lambda _error: site.refusal("not_asked", 400, back=True))
    app.register_error_handler(HTTPException, lambda error: site.refusal("not_asked", error.code or 500))
    app.register_error_handler(RetryLater, site.failed)
    app.register_error_handler(500, lambda _error: site.refusal("failed", 500, command="micic doctor"))
    app.after_request(sealed)
    return app


def sealed(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


class Site:
    """The pages, for one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def home(self) -> Response:
        return self._page("told.html", 200, title=self._desk.words["title"], lines=[self._desk.words["home"]])

    def style(self) -> Response:
        return Response((HERE / "templates" / "console.css").read_bytes(), mimetype="text/css")

    def look(self, token: str) -> Response:
        visit = self._visit(token)
        what = visit.opened.place.what
        return self._page(f"{what}.html", 200, page=PAGES[what](visit))

    def act(self, token: str) -> Response:
        visit = self._visit(token)
        form = request.form
        wish = Wish(**{name: form.get(name, "") for name in ("do", "about", "seen", "said")})
        chosen = action(visit, wish)
        if form.get("step") != "do":
            return self._page("ask.html", 200, question=chosen.ask(visit, wish), wish=wish, token=token)
        lines = chosen.do(visit, wish)
        place = visit.opened.place
        LOG.info("%s %d: %s, by %s", place.what, place.id, wish.do, visit.actor)
        return self._page("told.html", 200, title=visit.words["done"], lines=lines, back=token)

    def expired(self, error: Expired) -> Response:
        advice = self._desk.words["expired_do"]
        text = self._desk.words.fill("expired", days=self._desk.links.days)
        command = f"micic digest --date {error.day}"
        return self._page("told.html", 410, title=text, lines=[advice], command=command)

    def failed(self, error: RetryLater) -> Response:
        LOG.error("a page failed: %s", error)
        return self.refusal("failed", 503, command="micic doctor")

    def refusal(self, name: str, status: int, *, advice: str = "", command: str = "", back: bool = False) -> Response:
        """Why it is not done, and what to do."""
        words = self._desk.words
        lines = [words["failed_do"]] if command else [words[advice]] if advice else []
        token = (request.view_args or {}).get("token", "") if back else ""
        return self._page("told.html", status, title=words[name], lines=lines, command=command, back=token)

    def _visit(self, token: str) -> Visit:
        now: datetime = self._desk.clock()
        return Visit(desk=self._desk, opened=self._desk.links.read(token, now=now), now=now)

    def _page(self, template: str, status: int, **values: Any) -> Response:
        reader = self._desk.reader(self._desk.clock())
        common: View = {
            "words": self._desk.words,
            "colon": reader.words["colon"],
            "language": reader.language.value,
            "direction": direction(reader.language),
            "mark": MARK,
            "command": "",
            "back": "",
        }
        html = self._templates.get_template(template).render({**common, **values})
        return Response(marked_up(html), status=status, mimetype="text/html")
