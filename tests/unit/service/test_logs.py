"""The log says what the program does, in the form that was asked for."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from service.logs import set_logging
from service.settings import LoggingSettings


@pytest.fixture(autouse=True)
def handlers_afterwards_as_before() -> Iterator[None]:
    before = logging.root.handlers[:]
    yield
    logging.root.handlers[:] = before


def test_a_line_of_json_holds_level_logger_and_message(capsys: pytest.CaptureFixture[str]) -> None:
    set_logging(LoggingSettings(form="json"))
    logging.getLogger("micic.processing").info("message %d: enrolled", 7)
    line = json.loads(capsys.readouterr().err)
    assert (line["level"], line["logger"], line["message"]) == ("info", "micic.processing", "message 7: enrolled")


def test_libraries_are_heard_only_when_something_went_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    set_logging(LoggingSettings())
    logging.getLogger("alembic.runtime").info("chatter")
    logging.getLogger("alembic.runtime").warning("trouble")
    said = capsys.readouterr().err
    assert "chatter" not in said
    assert "trouble" in said
