"""What people write is shown as they wrote it, never as markup; and no page sends anybody to a foreign address."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import User
from joborders.services import steps
from municipalities.actor import Actor
from tests import factories

REPO = Path(__file__).resolve().parents[2]
CANARY = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"
HARM = ("<img src=x", "<script>alert", "\"'><")
#: The places that make text safe by themselves, and say how.
MAY_MARK_SAFE = {"web/jobs/posting.py", "web/templatetags/nrs.py"}
FOREIGN = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "javascript:alert(1)",
    "\thttps://evil.example",
)


def test_no_template_and_no_view_switches_the_escaping_off() -> None:
    unsafe = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|autoescape off")
    pages = REPO.glob("*/templates/**/*.html")  # mails are plain text
    templates = [path for path in pages if unsafe.search(path.read_text())]
    marks = re.compile(r"\b(?:mark_safe|SafeString|SafeText)\(")
    folders = [folder for folder in REPO.iterdir() if (folder / "__init__.py").exists() and folder.name != "tests"]
    code = [path for folder in folders for path in folder.glob("**/*.py")]
    marked = {str(path.relative_to(REPO)) for path in code if marks.search(path.read_text())}
    assert not templates
    assert marked <= MAY_MARK_SAFE


@pytest.mark.django_db
def test_markup_in_an_order_is_text_on_every_page_that_shows_it(client: Client, ann: Actor) -> None:
    company = factories.company(name=f"Firma {CANARY}")
    contact = {"name": CANARY[:60], "phone": "48 00 00 00", "email": "kirsten@firma.example"}
    order = factories.order(company, title=f"Titel {CANARY}", description=f"Tekst {CANARY}", contact=contact)
    order = steps.claim(order.public_id, ann, order.version)
    client.force_login(User.objects.get(pk=ann.user_id))
    shown = 0
    for address in ("/queue", f"/orders/{order.public_id}", "/orders", f"/companies/{company.public_id}", "/companies"):
        page = client.get(address, follow=True)
        if page.status_code == 404:
            continue
        text = page.content.decode()
        assert not [harm for harm in HARM if harm in text], address
        shown += "&lt;img src=x" in text
    assert shown >= 3, "the canary is not seen where it is looked for"


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", FOREIGN)
def test_nobody_is_sent_to_a_foreign_address(client: Client, wanted: str) -> None:
    user = factories.user()
    user.set_password("en-lang-adgangskode-1")
    user.save()
    login = {"username": user.email, "password": "en-lang-adgangskode-1", "next": wanted}
    for answer in (client.post("/i18n/setlang/", {"language": "en", "next": wanted}), client.post("/login", login)):
        assert answer.status_code == 302
        assert "evil" not in answer.headers["Location"] and "javascript" not in answer.headers["Location"]
