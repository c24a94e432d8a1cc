"""Every row of the house before and after a case, and whose each row is."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from candidates.models import AccessLog
from tests.guards import written_table
from tests.matrix.world import World

#: The apps of the house: all that lie beside this folder.
HOUSE = tuple(
    config.label for config in apps.get_app_configs() if Path(config.path).parent == Path(__file__).parents[2]
)
#: Table → the subject of the rule table that says who may change its rows. Longest beginning first.
SUBJECTS = {
    "candidates_import": "import",
    "candidates_release": "nomination",
    "candidates_": "profile",
    "privacy_": "profile",
    "joborders_nomination": "nomination",
    "joborders_intake": "intake",
    "joborders_": "order",
    "companies_agreement": "agreement",
    "companies_contactlog": "contact_log",
    "companies_contact": "register",
    "companies_": "company",
    "screening_course": "course",
    "screening_": "screening",
    "events_webhook": "webhook",
    "events_delivery": "webhook",
    "accounts_": "account",
    "municipalities_": "register",
}
#: Written by the house itself beside a step: what happened, who read, what was answered, what to look at again.
BESIDE = (
    "events_event", "events_inbox", "events_attempt", "events_pulse", "candidates_accesslog", "api_idempotencykey",
    "django_session", "notifications_mail", "screening_change", "screening_epoch", "web_tries", "web_orderdraft",
    "joborders_numberseries", "django_admin_log", "axes_", "screening_notice",
)  # fmt: skip
#: What a step on one thing brings about on another of the same target (design §4: hires count on the order …).
FOLLOWS = {
    "order": ("nomination", "intake", "company", "follow"),
    "nomination": ("order", "follow"),
    "register": ("company",),
    "contact_log": ("order", "nomination", "follow"),
    "profile": ("nomination",),
    "screening": ("order", "nomination", "profile"),
    "company": ("order", "agreement", "intake"),
    "intake": ("order",),
}
ORDERS, SUBMISSION = "joborders_joborder", "submission"
Fingerprints = dict[Any, str]


def subject_of(table: str) -> str:
    """The subject that rules over a table, nothing for those written beside."""
    if table.startswith(BESIDE):
        return ""
    return next((subject for start, subject in SUBJECTS.items() if table.startswith(start)), "")


class Rows:
    """Fingerprints of the rows of a world, and the relation that each row belongs to."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.owner: dict[tuple[str, Any], str] = {}
        for relation, target in world.targets.items():
            for thing in vars(target).values():
                if isinstance(thing, models.Model) and thing._meta.model_name not in (
                    "company",
                    "contact",
                    "agreement",
                ):
                    self.owner[thing._meta.db_table, thing.pk] = relation
        for relation, company in (("own", world.company_a), ("foreign", world.company_b)):
            self.owner[company._meta.db_table, company.pk] = relation
        self.before = {table: self.now(table) for table in self.tables}

    @cached_property
    def tables(self) -> dict[str, type[models.Model]]:
        """Every table of the house by its name."""
        return {
            model._meta.db_table: model
            for app in HOUSE
            for model in apps.get_app_config(app).get_models(include_auto_created=True)
        }

    def now(self, table: str) -> Fingerprints:
        """A hash of every row as it stands."""
        rows = self.tables[table]._base_manager.order_by("pk").values_list("pk", *self._columns(table))
        return {row[0]: hashlib.sha256(repr(row).encode()).hexdigest() for row in rows}

    def _columns(self, table: str) -> list[str]:
        used = {"last_used_at", "last_login"} if table.startswith("accounts_") else set()
        return [field.attname for field in self.tables[table]._meta.concrete_fields if field.name not in used]

    def changed(self, written: set[str]) -> list[tuple[str, Any, str]]:
        """(table, key, what) of every row of the written tables that is not as it was: new, changed or gone."""
        found = []
        for table in sorted(written & set(self.tables)):
            before, after = self.before[table], self.now(table)
            for key in before.keys() | after.keys():
                if before.get(key) != after.get(key):
                    what = "changed" if key in before and key in after else "new" if key in after else "gone"
                    found.append((table, key, what))
        return found

    def relation_of(self, table: str, key: Any) -> str:
        """Whose a row is: its own, that of what it points at, nothing for what belongs to no target."""
        if (table, key) in self.owner:
            return self.owner[table, key]
        row = self.tables[table]._base_manager.filter(pk=key).first()
        found = self._through(row) if row is not None else ""
        if table in self.before and key in self.before[table]:
            self.owner[table, key] = found
        return found

    def subject_of(self, table: str, key: Any) -> str:
        """The subject that rules over a row: an order that was not there before, with all its rows, is a submission."""
        if key in self.before[table]:
            return subject_of(table)
        if table == ORDERS:
            return SUBMISSION
        row = self.tables[table]._base_manager.filter(pk=key).first()
        for field in self.tables[table]._meta.concrete_fields if row is not None else ():
            if isinstance(field, models.ForeignKey) and field.related_model._meta.db_table == ORDERS:
                order = getattr(row, field.attname)
                if order is not None and order not in self.before[ORDERS]:
                    return SUBMISSION
        return subject_of(table)

    def _through(self, row: Any) -> str:
        keys = [field for field in row._meta.concrete_fields if isinstance(field, models.ForeignKey)]
        keys.sort(key=lambda field: field.related_model._meta.db_table == "companies_company")
        for field in keys:
            table, key = field.related_model._meta.db_table, getattr(row, field.attname)
            if key is not None and table in self.before and not table.startswith(("municipalities_", "accounts_")):
                found = self.relation_of(table, key)
                if found:
                    return found
        return ""


class Watch:
    """An execute wrapper that notes the tables written to."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        table = written_table(sql)
        if table:
            self.tables.add(table)
        return execute(sql, params, many, context)


def logged_after(last: int) -> list[AccessLog]:
    """The rows of the access log added since."""
    return list(AccessLog.objects.filter(pk__gt=last).order_by("pk"))


def last_logged() -> int:
    """The newest row of the access log."""
    return AccessLog.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
