"""Whether the receiving server vouches for the domain of the From address (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from intake.headers import without_comments

_METHOD = re.compile(r"\s*([a-z][a-z0-9-]*)(?:/\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"\b(header|smtp)\.([a-z]+)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)


class Vouched(StrEnum):
    YES = "yes"
    NO = "no"  # it looked, and the mail does not come from there
    UNKNOWN = "unknown"  # it does not say


def vouched(headers: Iterable[tuple[str, str]], domain: str, *, server: str) -> Vouched:
    """What `server` (its authserv-id) says of a mail from `domain`; `headers` from the top, names in lower case.

    Only the topmost header with that name is believed: all below may have come with the mail (RFC 8601 §5).
    """
    of_server = (
        value for name, value in headers if name == "authentication-results" and _server(value) == server.lower()
    )
    stated = next(of_server, None)
    if stated is None or not domain:
        return Vouched.UNKNOWN
    results = list(_results(stated))
    wanted = domain.lower().rstrip(".")
    if any(_passes(method, result, properties, wanted) for method, result, properties in results):
        fails = ("dmarc", "fail") in ((method, result) for method, result, _ in results)
        return Vouched.NO if fails else Vouched.YES
    if any(result == "fail" and method in ("dmarc", "dkim", "spf") for method, result, _ in results):
        return Vouched.NO
    return Vouched.UNKNOWN


def _server(value: str) -> str:
    first = without_comments(value).split(";")[0].split()
    return first[0].lower() if first else ""


def _results(value: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    for stated in without_comments(value).split(";")[1:]:
        found = _METHOD.match(stated)
        if found:
            properties = {f"{kind}.{name}".lower(): said.lower() for kind, name, said in _PROPERTY.findall(stated)}
            yield found.group(1).lower(), found.group(2).lower(), properties


def _passes(method: str, result: str, properties: dict[str, str], domain: str) -> bool:
    """Whether the method passed for this very domain: dkim passes for whoever signed (RFC 7489 §3.1)."""
    if result != "pass":
        return False
    if method == "dmarc":
        return properties.get("header.from", domain) == domain
    if method == "dkim":
        signer = properties.get("header.d") or properties.get("header.i", "").rpartition("@")[2]
        return _covers(signer, domain)
    if method == "spf":
        return properties.get("smtp.mailfrom", "").rpartition("@")[2] == domain
    return False


def _covers(signer: str, domain: str) -> bool:
    return "." in signer and (signer == domain or domain.endswith(f".{signer}"))
