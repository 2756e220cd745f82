"""Serves the staff's pages for a house. One request at a time: five people, and nothing of the house is shared."""

from __future__ import annotations

import logging
import signal
import socket
from functools import partial

from waitress.server import create_server

from console.app import create_app
from console.desk import Desk
from console.words import load_words
from domain.errors import ConfigProblem, Problem
from service.settings import ConsoleSettings
from service.wiring import House, now
from service.withdrawing import check, erase

LARGEST_REQUEST = 65_536  # bytes


def desk_of(house: House) -> Desk:
    language, templates = house.settings.staff.language, house.templates
    return Desk(
        store=house.store,
        links=house.links,
        words=load_words(house.config / "templates")[language],
        reader=lambda moment: templates.reader(
            language, call=house.call, now=moment.astimezone(house.settings.staff.zone)
        ),
        clock=now,
        check=partial(check, house, person=None),
        erase=partial(erase, house),
    )


def listening(settings: ConsoleSettings) -> socket.socket:
    """ConfigProblem where another program listens there, or nobody may."""
    host, port = settings.address
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        words = f"console.listen {settings.listen} cannot be used: {error.strerror}"
        raise ConfigProblem(Problem(file="config/settings.yaml", line=None, message=words)) from None


def serve(house: House, door: socket.socket) -> None:
    """Until the program is told to end."""
    server = create_server(
        create_app(desk_of(house)),
        sockets=[door],
        threads=1,
        ident=None,
        max_request_body_size=LARGEST_REQUEST,
        clear_untrusted_proxy_headers=True,
    )

    def end(_number: int, _frame: object) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, end)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # with one thread somebody often waits a moment
    server.run()
