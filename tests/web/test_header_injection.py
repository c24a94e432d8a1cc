"""Nobody's words make a header, a second file name, or a line of the log."""

from __future__ import annotations

import logging
import re
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from companies import documents
from events.errors import Invalid
from municipalities.actor import Actor
from notifications import sending
from notifications.writing import write
from nrs.logs import Line
from tests import factories
from tests.companies.test_agreements import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
BREAKS = [
    "\r\nBcc: alle@evil.example",
    "\nBcc: alle@evil.example",
    "\rBcc: alle@evil.example",
    "\u2028Bcc: alle@evil.example",
    "\x0bBcc: alle@evil.example",
    "\x00Bcc: alle@evil.example",
    "\u202egpj.exe",
]


@pytest.mark.parametrize("tail", BREAKS, ids=repr)
def test_a_line_break_in_a_title_makes_no_header_of_a_mail(tail: str) -> None:
    subject = f"After work 100 % gratis{tail}".replace("%", "%%")
    write("news", None, to="a@kommune.example", key=repr(tail), subject=subject, url="https://nrs.example/")
    assert sending.send_pending() == 1
    [sent] = mail.outbox
    message = sent.message()
    assert message["Bcc"] is None and sent.recipients() == ["a@kommune.example"]
    assert str(message["Subject"]).startswith("After work 100 % gratis ") and message["Subject"].isprintable()


@pytest.mark.parametrize("tail", [*BREAKS, '"; filename="x.exe', "/../../etc/passwd", "æøå 'x' %22"], ids=repr)
def test_a_file_name_is_one_header_whatever_it_was_called(ann: Actor, client: Client, tail: str) -> None:
    signed = factories.agreement(factories.company())
    try:
        kept = documents.add(ann, signed.public_id, name=f"aftale{tail}", content=pdf())
    except Invalid:
        return  # refused where it comes in
    client.force_login(User.objects.get(pk=ann.user_id))
    answer = client.get(f"/agreements/{signed.public_id}/papers/{kept.public_id}")
    assert answer.status_code == 200
    header = answer["Content-Disposition"]
    bare = re.sub(r'"[^"]*"', '""', header.replace('\\"', ""))
    assert header.isprintable() and "Bcc" not in answer.headers
    assert re.fullmatch(r"attachment; filename(=\"\"|\*=utf-8''[^;/ ]+)", bare), header


@pytest.mark.parametrize("tail", ["\r\nSet-Cookie: x=1", "\nLocation: https://evil.example"], ids=repr)
@pytest.mark.parametrize("path", ["/queue?q=", "/login?next=/queue", "/findes/"])
def test_an_address_makes_no_header_of_a_redirect(client: Client, ann: Actor, path: str, tail: str) -> None:
    answer = client.get(path + quote(tail))
    assert "Set-Cookie" not in answer.headers and "\n" not in answer.headers.get("Location", "")
    user = User.objects.get(pk=ann.user_id)
    user.set_password("et langt og godt kodeord")
    user.save()
    typed = {"username": user.email, "password": "et langt og godt kodeord", "next": f"/queue{tail}"}
    answer = client.post("/login", typed)
    assert answer.status_code == 302 and "\n" not in answer["Location"] and not urlsplit(answer["Location"]).netloc


def test_nobody_writes_a_line_of_the_log(client: Client, ann: Actor, caplog: Any, settings: Any) -> None:
    forged = "\nlogin user=00000000-0000-4000-8000-000000000000"
    with caplog.at_level(logging.DEBUG):
        client.get(f"/findes-ikke{quote(forged)}", HTTP_USER_AGENT=f"x{forged}")
        client.post("/login", {"username": f"a{forged}", "password": f"b{forged}"})
        client.get(f"/login/with/helsingoer/done?state={quote(forged)}&error={quote(forged)}")
        client.force_login(User.objects.get(pk=ann.user_id))
        client.get(f"/mails?q={quote(forged)}")
    # Statements are logged by Django only while somebody debugs; what they hold is a value, not a line.
    lines = [Line("%(message)s").format(one) for one in caplog.records if not one.name.startswith("django.db")]
    assert lines and not any("\nlogin user=" in line for line in lines)


def test_lines_of_the_log_tell_the_time_in_utc() -> None:
    record = logging.makeLogRecord({"msg": "x", "created": 1_700_000_000.0, "msecs": 0.0})
    assert Line("%(asctime)s %(message)s").format(record) == "2023-11-14T22:13:20.000Z x"
