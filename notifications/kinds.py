"""What news there are for people, how they may be had, and what is the habit until somebody chooses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a person may set apart from the rest."""

    OWN = "own", _("Orders that I have")
    PROMISES = "promises", _("Promises in danger or broken")
    NEW = "new", _("New orders of my jobcentre")
    ASKED = "asked", _("Orders that others share with us")
    REQUESTS = "requests", _("Our candidates on others' orders")
    FOLLOWED = "followed", _("Orders that I follow")
    AGREEMENTS = "agreements", _("Agreements that run out")
    MACHINES = "machines", _("Webhooks that I look after")


class How(models.TextChoices):
    """How news reach somebody by mail; on the page of notices they always are."""

    AT_ONCE = "at_once", _("mail at once")
    DIGEST = "digest", _("one mail a day")
    NONE = "none", _("no mail")


#: What goes to a whole jobcentre reaches its shared address at once, so its people read it together once a day.
HABITS: Mapping[str, str] = MappingProxyType(
    {
        Kind.OWN: How.AT_ONCE,
        Kind.PROMISES: How.AT_ONCE,
        Kind.NEW: How.DIGEST,
        Kind.ASKED: How.DIGEST,
        Kind.REQUESTS: How.DIGEST,
        Kind.FOLLOWED: How.DIGEST,
        Kind.AGREEMENTS: How.AT_ONCE,
        Kind.MACHINES: How.AT_ONCE,
    }
)
#: What only administrators hear of.
OF_ADMINS = frozenset({Kind.MACHINES})
#: Unfollowing an order does not silence its promises: they are somebody's duty.
NEVER_MUTED = frozenset({Kind.PROMISES})
