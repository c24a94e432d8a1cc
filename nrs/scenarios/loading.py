"""Loading a scenario: once, into an empty region, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from companies.models import Company
from joborders.models import JobOrder
from municipalities.models import Municipality

SCENARIOS: Mapping[str, str] = {"nrs-2016": "nrs.scenarios.nrs_2016", "demo": "nrs.scenarios.demo"}


class Refused(Exception):
    """The scenario was not loaded; the message is a sentence for whoever asked."""


def is_empty() -> bool:
    """Whether nobody has handed in an order or registered a company yet."""
    return not JobOrder.objects.exists() and not Company.objects.exists()


def load(name: str) -> str:
    """Load the scenario and tell in a sentence what there is now. Raises Refused, KeyError for an unknown name."""
    if name == "demo" and settings.PRODUCTION:
        raise Refused("The demo region is made up: it is only loaded where NRS_DEMO=1, never in production.")
    if not is_empty():
        raise Refused("There are companies or job orders already: a scenario is loaded into an empty region only.")
    if not Municipality.objects.exists():
        call_command("load_reference", verbosity=0)
    play: Callable[[], str] = import_module(SCENARIOS[name]).load
    with transaction.atomic():
        return play()
