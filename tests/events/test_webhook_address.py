"""Where a webhook may point."""

from __future__ import annotations

import ipaddress

import pytest

from events.webhooks import address
from events.webhooks.address import Refused, Target


def test_an_address_in_the_open_internet_is_taken_apart():
    found = address.parse("https://Receiver.example:8443/hook?x=1")
    assert found == Target("receiver.example", 8443, "/hook?x=1", True)
    assert found.authority == "receiver.example:8443"
    assert address.parse("https://receiver.example").authority == "receiver.example"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://receiver.example/", "no_tls"),
        ("ftp://receiver.example/", "malformed"),
        ("https:///hook", "malformed"),
        ("https://receiver.example:0/", "malformed"),
        ("https://receiver.example:99999/", "malformed"),
        ("https://receiver.example/\r\nX: y", "malformed"),
        ("https://receiver.example/" + "x" * 500, "malformed"),
        ("https://user:secret@receiver.example/", "credentials"),
        ("https://receiver.example/#part", "credentials"),
        ("https://127.0.0.1/", "private"),
        ("https://0x7f.1/", "private"),
        ("https://2130706433/", "private"),
        ("https://0/", "private"),
        ("https://10.1.2.3/", "private"),
        ("https://169.254.169.254/latest/meta-data", "private"),
        ("https://[::1]/", "private"),
        ("https://[::ffff:127.0.0.1]/", "private"),
        ("https://[64:ff9b::7f00:1]/", "private"),
        ("https://[2002:7f00:1::]/", "private"),
        ("https://[fd00::1]/", "private"),
    ],
)
def test_an_address_that_must_not_be_sent_to_is_refused(url, code):
    with pytest.raises(Refused) as refusal:
        address.parse(url)
    assert refusal.value.code == code


def test_a_name_that_leads_into_a_private_network_is_refused_when_it_is_resolved():
    target = address.parse("https://localhost/")
    with pytest.raises(Refused) as refusal:
        address.resolve(target)
    assert refusal.value.code == "private"
    assert ipaddress.ip_address(address.resolve(target, {"localhost"})).is_loopback


def test_the_operator_may_name_hosts_that_are_reached_without_tls():
    assert address.parse("http://mirror.internal/x", {"mirror.internal"}).is_secure is False
    with pytest.raises(Refused):
        address.parse("http://other.internal/x", {"mirror.internal"})
