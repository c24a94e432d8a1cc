"""All logins of somebody are ended at once, by themselves or by the administrator; and which passwords are taken."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from municipalities.actor import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def browser_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    assert client.get("/queue").status_code == 200
    return client


def test_somebody_ends_their_logins_everywhere_else(ann: Actor, bo: Actor) -> None:
    here, there, other = browser_of(ann), browser_of(ann), browser_of(bo)
    assert here.post("/profile/logins/end").url == "/profile"
    assert here.get("/queue").status_code == 200
    assert there.get("/queue").url.startswith("/login")
    assert other.get("/queue").status_code == 200, "a colleague stays in"


@pytest.mark.parametrize("action", ["end_logins", "reset_second_step"])
def test_the_administrator_ends_somebodys_logins(ann: Actor, bo: Actor, action: str) -> None:
    there, other = browser_of(ann), browser_of(bo)
    root = Client()
    root.force_login(User.objects.create_superuser("root@nrs.example", name="Rod"))
    chosen = {"action": action, "_selected_action": [str(ann.user_id)]}
    assert root.post(reverse("admin:accounts_user_changelist"), chosen).status_code == 302
    assert there.get("/queue").url.startswith("/login")
    assert other.get("/queue").status_code == 200


@pytest.mark.parametrize(
    "password", ["Helsingoer2026!", "nrs-jobcenter-2026", "Kommune123456", "adgangskode12", "NordsjællandNRS"]
)
def test_a_password_made_of_the_words_of_the_house_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password", ["tre blaa heste ved Hillerød", "correct horse battery", "x" * 64 + "qjz", "9f3k-2m8q-77pz"]
)
def test_a_password_of_ones_own_passes_whatever_it_is_made_of(password: str) -> None:
    validate_password(password)
