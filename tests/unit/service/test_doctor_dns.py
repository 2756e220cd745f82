"""SPF and DMARC of our domain are asked of a DNS server, and no more is claimed than it says."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from service import doctor_dns
from service.doctor import Check, State
from service.doctor_dns import Servers
from service.settings import RelaySettings
from tests.servers.dns import Zone, dns_server

OURS = "experts@call.example"
RELAY = {"relay.example": ["A 1.2.3.4", "AAAA 2a00::25"]}
INCLUDED = {"_spf.relay.example": ["TXT v=spf1 ip4:1.2.3.0/24 ip6:2a00::/32 -all"]}
ELEVEN = " ".join(f"include:i{number}.example" for number in range(11))


def look(zone: Zone | None, *, relay: str = "relay.example", envelope_from: str | None = None) -> dict[str, Check]:
    settings = RelaySettings(host=relay, envelope_from=envelope_from)
    with dns_server(zone) as port:
        probes = doctor_dns.probes(settings, OURS, Servers(addresses=("127.0.0.1",), port=port))
        return {check.name: check for check in (probe() for probe in probes)}


def spf(record: str, **more: list[str]) -> Check:
    return look({**RELAY, **INCLUDED, "call.example": [f"TXT {record}"]} | more)["SPF"]


@pytest.mark.parametrize(
    ("record", "lookups"),
    [
        ("v=spf1 ip4:1.2.3.4 ip6:2a00::25 -all", 0),
        ("v=spf1 include:_spf.relay.example -all", 1),
        ("v=spf1 a:relay.example -all", 1),
        ("v=spf1 redirect=_spf.relay.example", 1),
        ("v=spf1 mx:mail.example -all", 1),
        (f"v=spf1 {' '.join(f'ip4:10.0.0.{number}' for number in range(40))} include:_spf.relay.example -all", 1),
    ],
)
def test_a_record_that_names_the_relay_is_well(record: str, lookups: int) -> None:
    check = spf(record, **{"mail.example": ["MX 10 relay.example."]})
    assert check == Check(
        name="SPF", state=State.OK, found=f"call.example lets relay.example send, {lookups} of 10 look-ups"
    )


@pytest.mark.parametrize(
    ("end", "said"), [("-all", "forbids it"), ("~all", "calls it suspect"), ("?all", "says nothing of it")]
)
def test_a_record_without_the_relay_is_a_warning_with_the_way_to_find_out(end: str, said: str) -> None:
    check = spf(f"v=spf1 ip4:5.6.7.8 ip6:2a00::25 {end}")
    assert check.state is State.WARNING
    assert check.found == f"call.example {said} of 1.2.3.4, where relay.example takes mail"
    assert "look for spf=pass" in check.advice


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (f"v=spf1 {ELEVEN} -all", "limit"),
        ("v=spf1 ipv4:1.2.3.4 -all", "ipv4"),
        ("v=spf1 include:nowhere.example -all", "nowhere.example"),
    ],
)
def test_a_broken_record_is_told_with_its_reason(record: str, reason: str) -> None:
    others = {f"i{number}.example": ["TXT v=spf1 ?all"] for number in range(11)}
    check = spf(record, **others)
    assert check.state is State.WARNING
    assert check.found.startswith("the record of call.example is broken, and counts for nothing: ")
    assert reason in check.found


def test_a_domain_without_a_record_is_a_warning() -> None:
    check = look(RELAY | {"call.example": ["TXT something else"]})["SPF"]
    assert (check.state, check.found) == (State.WARNING, "call.example has no record")


def test_of_a_relay_in_our_own_network_nothing_is_claimed() -> None:
    zone = {"call.example": ["TXT v=spf1 ip4:1.2.3.4 -all"]}
    for relay in ("10.1.2.3", "localhost", "relay.intranet"):
        check = look(zone, relay=relay)["SPF"]
        assert check.state is State.OK
        assert check.found.endswith(f"from which address {relay} sends is not known here")


def test_the_domain_of_the_return_path_is_the_one_that_counts() -> None:
    zone = {**RELAY, "call.example": ["TXT v=spf1 -all"], "bounces.example": ["TXT v=spf1 a:relay.example -all"]}
    assert look(zone, envelope_from="b@bounces.example")["SPF"].state is State.OK


def dmarc(records: Mapping[str, list[str]], envelope_from: str | None = None) -> Check:
    return look(records, envelope_from=envelope_from)["DMARC"]


REJECT = {"_dmarc.call.example": ["TXT v=DMARC1; p=reject; rua=mailto:d@call.example"]}


def test_where_the_return_path_is_empty_only_dkim_satisfies_dmarc() -> None:
    check = dmarc(REJECT)
    assert check.state is State.OK
    assert check.found == (
        "mail of call.example that fails is refused; only DKIM can speak for ours, whose return path is empty"
    )
    assert "the relay must sign as call.example" in check.advice


@pytest.mark.parametrize(
    ("record", "envelope_from", "speaks"),
    [
        ("v=DMARC1; p=reject", "b@call.example", True),
        ("v=DMARC1; p=reject", "b@bounces.call.example", True),
        ("v=DMARC1; p=reject; aspf=s", "b@bounces.call.example", False),
        ("v=DMARC1; p=reject", "b@other.example", False),
    ],
)
def test_spf_speaks_for_mail_whose_return_path_is_of_our_domain(record: str, envelope_from: str, speaks: bool) -> None:
    check = dmarc({"_dmarc.call.example": [f"TXT {record}"]}, envelope_from)
    assert ("SPF can speak for ours" in check.found) is speaks
    assert bool(check.advice) is not speaks


@pytest.mark.parametrize(
    ("policy", "said"), [("sp=none; p=reject", "is taken all the same"), ("p=quarantine", "goes to spam")]
)
def test_a_domain_without_a_record_takes_that_of_its_parent(policy: str, said: str) -> None:
    settings = RelaySettings(host="relay.example")
    with dns_server({"_dmarc.office.example": [f"TXT v=DMARC1; {policy}"]}) as port:
        servers = Servers(addresses=("127.0.0.1",), port=port)
        _, probe = doctor_dns.probes(settings, "experts@call.office.example", servers)
        assert f"mail of call.office.example that fails {said}" in probe().found


def test_no_dmarc_record_refuses_nothing_and_a_broken_one_is_told() -> None:
    assert dmarc({}).found == "call.example asks nobody to refuse anything: no record"
    broken = dmarc({"_dmarc.call.example": ["TXT v=DMARC1; p=rejct"]})
    assert (broken.state, broken.found) == (State.WARNING, "the record of call.example has no policy")


def test_where_nobody_answers_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_dns, "SECONDS", 0.2)
    for check in look(None).values():
        assert check == Check(name=check.name, state=State.OK, found="not asked: no DNS server answers")
