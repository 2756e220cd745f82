"""Whether our own mail server vouches for the address in From: nobody else's word counts."""

from __future__ import annotations

import pytest

from intake.authentication import Vouched, vouched

NAME = "authentication-results"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("mx.office.example; dmarc=pass (p=NONE) header.from=example.org", Vouched.YES),
        ("MX.office.example 1; spf=pass smtp.mailfrom=ana@example.org", Vouched.YES),
        ("mx.office.example; dkim=pass header.d=example.org header.s=s1", Vouched.YES),
        ("mx.office.example; dkim=pass header.i=@mail.example.org; dmarc=none", Vouched.UNKNOWN),
        ("mx.office.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=x@evil.example", Vouched.UNKNOWN),
        ("mx.office.example; dkim=pass header.d=org", Vouched.UNKNOWN),
        ("mx.office.example; dmarc=fail header.from=example.org; spf=pass smtp.mailfrom=a@example.org", Vouched.NO),
        ("mx.office.example; spf=fail smtp.mailfrom=ana@example.org", Vouched.NO),
        ("mx.office.example; spf=softfail smtp.mailfrom=ana@example.org", Vouched.UNKNOWN),
        ("mx.office.example; none", Vouched.UNKNOWN),
        ("mx.office.example; spf=none (dmarc=pass header.from=example.org)", Vouched.UNKNOWN),
        ("mx.evil.example; dmarc=pass header.from=example.org", Vouched.UNKNOWN),
        ("", Vouched.UNKNOWN),
        (";;;=", Vouched.UNKNOWN),
    ],
)
def test_what_the_server_says_of_a_domain(value: str, expected: Vouched) -> None:
    assert vouched([(NAME, value)], "example.org", server="mx.office.example") is expected


def test_a_subdomain_is_vouched_for_by_the_domain_that_signs() -> None:
    signed = [(NAME, "mx.office.example; dkim=pass header.d=example.org")]
    assert vouched(signed, "mail.example.org", server="mx.office.example") is Vouched.YES
    assert vouched(signed, "notexample.org", server="mx.office.example") is Vouched.UNKNOWN


def test_a_header_that_came_with_the_mail_is_not_believed() -> None:
    forged = [
        ("received", "from evil.example"),
        (NAME, "mx.office.example; dmarc=none header.from=example.org"),
        (NAME, "mx.office.example; dmarc=pass header.from=example.org"),
    ]
    assert vouched(forged, "example.org", server="mx.office.example") is Vouched.UNKNOWN
