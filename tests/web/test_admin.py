"""The admin: every register and who belongs where, each found by searching, and never a citizen."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import ExternalLogin, User
from municipalities.models import ClaimRule, ClosingDay, DutyPeriod, Membership, Municipality, PostalCode
from vocabulary.models import Certificate, Industry, IscoGroup, Language, Licence, Occupation, Skill

REGISTERS = (
    User, Membership, Municipality, PostalCode, ClosingDay, DutyPeriod, IscoGroup, Occupation, Skill, Industry, Licence,
    Certificate, Language, ClaimRule, ExternalLogin,
)  # fmt: skip
#: Whose tables are about citizens, or lead to them.
CITIZENS = ("candidates", "joborders", "screening", "notifications", "events", "web", "api")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def root(client: Client) -> Client:
    """Somebody who may open all of it."""
    client.force_login(User.objects.create_superuser("root@nrs.example", name="Rod"))
    return client


@pytest.mark.parametrize("model", REGISTERS, ids=lambda model: model.__name__)
def test_a_register_is_listed_and_searched(root: Client, model: type[Model]) -> None:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    page = root.get(address, {"q": "a"})
    assert page.status_code == 200
    assert 'name="q"' in page.content.decode()


@pytest.mark.parametrize("app", CITIZENS)
def test_no_table_about_citizens_is_registered(app: str) -> None:
    assert [model.__name__ for model in apps.get_app_config(app).get_models() if admin.site.is_registered(model)] == []


def test_a_word_that_profiles_may_hold_is_retired_and_never_deleted(root: Client) -> None:
    skill = Skill.objects.order_by("pk").first()
    assert root.post(reverse("admin:vocabulary_skill_delete", args=[skill.pk]), {"post": "yes"}).status_code == 403
    typed = {"label_da": "nyt ord", "label_en": skill.label_en, "reuse_level": "", "retired": "on"}
    typed |= {"alt_labels_da": "", "alt_labels_en": ""}
    assert root.post(reverse("admin:vocabulary_skill_change", args=[skill.pk]), typed).status_code == 302
    skill.refresh_from_db()
    assert skill.retired and "nyt ord" in skill.folded
