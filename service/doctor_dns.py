"""What the doctor asks DNS: whether SPF (RFC 7208) and DMARC (RFC 7489) of our domain let the relay send our mail.

No failure is ever found here: the relay may send from other addresses than it takes mail at, and its DKIM key cannot be
looked up. Where nobody answers, the checks say so.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from dns.asyncresolver import Resolver
from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoResolverConfiguration
from spftrace import Evaluator, Limits, LiveResolver, Result

from service.doctor import Check, Probe, State
from service.settings import RelaySettings

SECONDS = 3.0  # for one answer
SECONDS_IN_ALL = 15.0  # for an SPF record with all that it includes
DNS_PORT = 53
NOBODY = IPv4Address(0)  # to see whether a record is sound, where it is not known who sends
FIND_OUT = "send a mail through it to a large provider, and look for {}=pass in its Authentication-Results"
WHAT_BECOMES = {"none": "is taken all the same", "quarantine": "goes to spam", "reject": "is refused"}
MEANS_SPF = {"fail": "forbids it", "softfail": "calls it suspect", "neutral": "says nothing of it"}


class Silent(Exception):
    """No DNS server answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Our mail as other servers see it."""

    domain: str  # of the address in From
    envelope: str | None  # domain of the return path, None where that is empty
    relay: str  # the relay's name or address

    @property
    def spf_domain(self) -> str:
        return self.envelope or self.domain


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """Which DNS servers are asked."""

    addresses: tuple[str, ...]
    port: int = DNS_PORT

    def live(self) -> LiveResolver:
        resolver = LiveResolver(self.addresses, timeout=SECONDS)
        resolver.resolver.port = self.port
        return resolver


def probes(relay: RelaySettings, mailbox: str, servers: Servers | None = None) -> tuple[Probe, ...]:
    """`mailbox` is the address that our mail comes from. `servers`: those of the system where none are named."""
    envelope = domain_of(relay.envelope_from) if relay.envelope_from else None
    mail = Mail(domain=domain_of(mailbox), envelope=envelope, relay=relay.host)
    return (partial(_asked, "SPF", spf, mail, servers), partial(_asked, "DMARC", dmarc, mail, servers))


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _asked(
    name: str,
    look: Callable[[Mail, Servers], Coroutine[Any, Any, Check]],
    mail: Mail,
    servers: Servers | None,
) -> Check:
    try:
        return asyncio.run(look(mail, servers or _of_the_system()))
    except Silent as error:
        return Check(name=name, state=State.OK, found=f"not asked: {error}")


def _of_the_system() -> Servers:
    try:
        addresses = tuple(str(server) for server in Resolver().nameservers)
    except NoResolverConfiguration:
        addresses = ()
    if not addresses:
        raise Silent("this machine knows no DNS server")
    return Servers(addresses=addresses)


async def spf(mail: Mail, servers: Servers) -> Check:
    """Whether the SPF record of the domain in our return path (of that in From, where it is empty) names the relay."""
    live, domain = servers.live(), mail.spf_domain
    addresses = await _addresses(live.resolver, mail.relay)
    told = [(one, await _evaluated(live, one, domain)) for one in addresses or [NOBODY]]
    verdicts = {result.verdict for _, result in told}
    if "none" in verdicts:
        advice = "have one published that names the relay; the relay's provider tells what stands in it: v=spf1 … -all"
        return Check(name="SPF", state=State.WARNING, found=f"{domain} has no record", advice=advice)
    if "permerror" in verdicts:
        found = f"the record of {domain} is broken, and counts for nothing: {_reason(told[0][1])}"
        return Check(name="SPF", state=State.WARNING, found=found, advice="have it mended by whoever keeps the DNS")
    if "temperror" in verdicts:
        raise Silent(f"the record of {domain} cannot be read to its end")
    lookups = f"{max(result.dns_terms_used for _, result in told)} of 10 look-ups"
    if not addresses:
        found = f"{domain} has a sound record, {lookups}; from which address {mail.relay} sends is not known here"
        return Check(name="SPF", state=State.OK, found=found)
    refused = [f"{MEANS_SPF[result.verdict]} of {one}" for one, result in told if result.verdict != "pass"]
    if refused:
        found = f"{domain} {', '.join(refused)}, where {mail.relay} takes mail"
        advice = f"it may send from other addresses: {FIND_OUT.format('spf')}; else have the record name the relay"
        return Check(name="SPF", state=State.WARNING, found=found, advice=advice)
    return Check(name="SPF", state=State.OK, found=f"{domain} lets {mail.relay} send, {lookups}")


async def _addresses(resolver: Resolver, relay: str) -> list[IPv4Address | IPv6Address]:
    """Of the relay, as others see them; none where it stands in a network of one's own."""
    try:
        found = [ip_address(relay)]
    except ValueError:
        texts = [text for kind in ("A", "AAAA") for text in await _ask(resolver, relay, kind)]
        found = [ip_address(text) for text in texts]
    return [one for one in found if one.is_global]


async def _evaluated(live: LiveResolver, address: IPv4Address | IPv6Address, domain: str) -> Result:
    limits = Limits(time_limit=SECONDS_IN_ALL)
    return await Evaluator(live, limits).evaluate(str(address), f"postmaster@{domain}")


def _reason(result: Result) -> str:
    """Why there is no verdict."""
    reasons = [str(event.data["reason"]) for event in result.trace.events if event.kind == "exit"]
    return reasons[-1] if reasons else "no reason is known"


async def dmarc(mail: Mail, servers: Servers) -> Check:
    """What the domain in From wants done with mail that neither SPF nor DKIM speaks for, and what speaks for ours."""
    found = await _dmarc_record(servers.live().resolver, mail.domain)
    if found is None:
        return Check(name="DMARC", state=State.OK, found=f"{mail.domain} asks nobody to refuse anything: no record")
    home, tags = found
    policy = (tags.get("sp") if home != mail.domain else None) or tags.get("p")
    if policy not in WHAT_BECOMES:
        advice = "have it mended by whoever keeps the DNS: p=none, quarantine or reject"
        return Check(name="DMARC", state=State.WARNING, found=f"the record of {home} has no policy", advice=advice)
    asked = f"mail of {mail.domain} that fails {WHAT_BECOMES[policy]}"
    if policy == "none" or _aligned(mail, home, strict=tags.get("aspf") == "s"):
        return Check(
            name="DMARC", state=State.OK, found=asked + ("" if policy == "none" else "; SPF can speak for ours")
        )
    return_path = "is empty" if mail.envelope is None else f"is of {mail.envelope}"
    return Check(
        name="DMARC",
        state=State.OK,
        found=f"{asked}; only DKIM can speak for ours, whose return path {return_path}",
        advice=f"the relay must sign as {mail.domain}: {FIND_OUT.format('dkim')}",
    )


def _aligned(mail: Mail, home: str, *, strict: bool) -> bool:
    """Whether SPF of our return path speaks for the address in From (RFC 7489 §3.1.2)."""
    if mail.envelope is None or strict:
        return mail.envelope == mail.domain
    return mail.envelope == home or mail.envelope.endswith(f".{home}")


async def _dmarc_record(resolver: Resolver, domain: str) -> tuple[str, dict[str, str]] | None:
    """The domain that has one, itself or the nearest parent, and what stands in it."""
    labels = domain.split(".")
    for home in (".".join(labels[at:]) for at in range(max(len(labels) - 1, 1))):
        for text in await _ask(resolver, f"_dmarc.{home}", "TXT"):
            if re.match(r"v\s*=\s*DMARC1\s*(;|$)", text):
                pairs = (part.partition("=") for part in text.split(";"))
                return home, {name.strip().lower(): value.strip().lower() for name, _, value in pairs}
    return None


async def _ask(resolver: Resolver, name: str, kind: str) -> list[str]:
    try:
        answer = await resolver.resolve(name, kind, raise_on_no_answer=False)
    except NXDOMAIN:
        return []
    except DNSException as error:
        raise Silent("no DNS server answers") from error
    if kind == "TXT":
        return [b"".join(one.strings).decode("utf-8", "replace") for one in answer.rrset or ()]
    return [str(one.address) for one in answer.rrset or ()]
