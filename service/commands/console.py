"""`micic console`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from service.commands.contract import DONE
from service.consoling import listening, serve
from service.logs import set_logging
from service.wiring import open_house


def serve_pages(config: Path, environment: Mapping[str, str]) -> int:
    """Until it is told to end."""
    with open_house(config, environment) as house:
        settings = house.settings.console
        set_logging(house.settings.logging)
        door = listening(settings)
        where = f"for {settings.url}" if settings.url else "console.url is not set: the digest has no links to them"
        Console(stderr=True).print(f"pages on {settings.listen}, {where}", markup=False, soft_wrap=True)
        serve(house, door)
    return DONE
