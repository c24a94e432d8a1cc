"""What every answer says to browsers, and which cookies it sets: as in production, behind TLS."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from municipalities.actor import Actor
from tools.checks import _production
from tools.environment import base

REPO = Path(__file__).parents[2]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
PUBLIC = ("/", "/login", "/jobs", "/findes-ikke", "/api/v1/queue", "/healthz/live", "/api/v1/docs")
PROBE = """
import json, django
django.setup()
from django.conf import settings as s
names = [n for n in dir(s) if n.startswith(("SESSION_", "CSRF_COOKIE", "LANGUAGE_COOKIE", "SECURE_", "DEBUG"))]
print(json.dumps({n: getattr(s, n) for n in names if isinstance(getattr(s, n), (str, bool, int))}))
"""

COOKIES = """
import json, django
django.setup()
from api import intake
from web.views import follow, job_order, order
print(json.dumps([intake.OPENED_COOKIE, follow.COOKIE, follow.OPENED, job_order.PEOPLE_COOKIE, order.COOKIE]))
"""

DRIVER = """
import json, django
django.setup()
from django.db import connection
print(json.dumps({n: v for n, v in connection.get_connection_params().items() if isinstance(v, str)}))
"""


def in_production(*command: str, **more: str) -> str:
    """The output of a command with the settings of a production server, and more. The database is not asked."""
    env = _production({name: value for name, value in base().items() if not name.startswith("NRS_")}) | more
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *command], cwd=REPO, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_django_finds_nothing_to_mend_in_a_production_server() -> None:
    in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")


def test_cookies_of_a_production_server_are_ours_alone() -> None:
    found: dict[str, Any] = json.loads(in_production("-c", PROBE))
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-") and found["CSRF_COOKIE_NAME"].startswith("__Host-")
    for name in ("SESSION", "CSRF", "LANGUAGE"):
        assert found[f"{name}_COOKIE_SECURE"] is True and found[f"{name}_COOKIE_HTTPONLY"] is True
        assert found[f"{name}_COOKIE_SAMESITE"] == "Lax"
    assert found["LANGUAGE_COOKIE_NAME"].startswith("__Secure-")
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000 and found["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert found["DEBUG"] is False


def test_cookies_bound_to_a_path_can_be_set_by_nobody_without_tls() -> None:
    names = json.loads(in_production("-c", COOKIES))
    assert len(names) == 5 and all(name.startswith("__Secure-nrs_") for name in names)


def test_every_cookie_of_ours_takes_its_name_from_there() -> None:
    calls = [
        (path.relative_to(REPO), re.search(r"set_cookie\(\s*([\w\"']+)", part))
        for folder in ("web", "api", "accounts", "nrs")
        for path in (REPO / folder).rglob("*.py")
        for part in re.split(r"(?=\.set_cookie\()", path.read_text())[1:]
    ]
    found = {(str(path), name[1]) for path, name in calls if name}
    assert found == {
        ("api/intake.py", "OPENED_COOKIE"),
        ("web/views/follow.py", "name"),  # COOKIE or OPENED, given by its callers
        ("web/views/job_order.py", "PEOPLE_COOKIE"),
        ("web/views/order.py", "COOKIE"),
    }


def test_what_the_databases_address_asks_of_tls_reaches_the_driver() -> None:
    url = "postgres://nrs:nrs@db.example/nrs?sslmode=verify-full&sslrootcert=/ca.pem&options=-c%20search_path%3Dpublic"
    found = json.loads(in_production("-c", DRIVER, DATABASE_URL=url))
    assert (found["sslmode"], found["sslrootcert"]) == ("verify-full", "/ca.pem")
    assert "statement_timeout=60000" in found["options"] and "search_path=public" in found["options"]


@pytest.mark.parametrize("path", PUBLIC)
def test_every_answer_has_the_strict_headers(client: Client, path: str) -> None:
    answer = client.get(path, HTTP_ORIGIN="https://evil.example")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "base-uri 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin" and answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer
    kind = answer["Content-Type"]
    assert kind.endswith("json") or "charset=utf-8" in kind


@pytest.mark.parametrize("path", ["/", "/login", "/api/v1/queue"])
def test_trace_tells_nothing_back(client: Client, path: str) -> None:
    answer = client.generic("TRACE", path, HTTP_X_SECRET="hemmelig")
    assert "hemmelig" not in answer.content.decode()


def test_a_page_of_a_login_is_kept_nowhere_and_logging_out_clears_the_browser(client: Client, ann: Actor) -> None:
    client.force_login(User.objects.get(pk=ann.user_id))
    for path in ("/queue", "/profile", "/candidates"):
        assert client.get(path)["Cache-Control"] == "private, no-store", path
    assert client.post("/logout")["Clear-Site-Data"] == '"cache", "storage"'


def test_refusals_and_logins_stand_in_the_log_by_number(client: Client, ann: Actor, caplog: Any) -> None:
    user = User.objects.get(pk=ann.user_id)
    with caplog.at_level("INFO", "nrs.security"):
        client.post("/login", {"username": user.email, "password": "forkert hemmelig"})
        client.force_login(user)
        assert client.get("/mails").status_code == 403
        client.post("/logout")
    told = [record.getMessage() for record in caplog.records if record.name == "nrs.security"]
    assert told == [
        "login failed user=-",
        f"login user={user.public_id}",
        f"refused user={user.public_id} view=web:sent-mails",
        f"logout user={user.public_id}",
    ]
    assert user.email not in caplog.text and "hemmelig" not in caplog.text
