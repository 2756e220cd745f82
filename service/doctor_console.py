"""Whether the links of the digest lead to our pages."""

from __future__ import annotations

import httpx

from console.app import MARK
from service.doctor import Check, State
from service.settings import ConsoleSettings

SECONDS = 10.0
ADVICE = "is micic console running, and does the server of console.url lead to console.listen?"


def pages(settings: ConsoleSettings) -> Check:
    """Whether the address that staff use answers with our own page."""
    if settings.url is None:
        return Check(name="console", state=State.OK, found="no links in the digest, since console.url is not set")
    try:
        answer = httpx.get(f"{settings.url}/", timeout=SECONDS)
    except httpx.HTTPError as error:
        found = f"{settings.url} does not answer: {str(error) or type(error).__name__}"
        return Check(name="console", state=State.WARNING, found=found, advice=ADVICE)
    if answer.status_code != httpx.codes.OK or MARK not in answer.text:
        found = f"{settings.url} answers {answer.status_code}, and not with our page"
        return Check(name="console", state=State.WARNING, found=found, advice=ADVICE)
    found = f"{settings.url} answers; links are good for {settings.link_days} days"
    return Check(name="console", state=State.OK, found=found)
