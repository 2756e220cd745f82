"""The program's log: one line an event, by message numbers, never by people."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from service.settings import LoggingSettings

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class JsonLines(logging.Formatter):
    """One JSON object a line, for log collectors."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_logging(settings: LoggingSettings) -> None:
    """Write what the program itself says at the wanted level, and of libraries only what went wrong, to stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if settings.form == "json" else logging.Formatter(TEXT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("micic").setLevel(settings.level.upper())
