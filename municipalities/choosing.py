"""Somebody with several memberships acts through one at a time: the one that their session names."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any
from uuid import UUID

from accounts.models import User
from events.errors import NotVisible
from municipalities.actor import Actor
from municipalities.membership import actor_for_user, actor_of, current

#: Where a session keeps the primary key of the chosen membership; api.authentication reads it.
MEMBERSHIP_KEY = "membership"


def choose(session: MutableMapping[str, Any], user: User, membership: UUID) -> Actor:
    """Act through this membership (public id) from now on. Raises NotVisible for another's, or one that has ended."""
    chosen = current(user=user, public_id=membership).first()
    if chosen is None:
        raise NotVisible()
    session[MEMBERSHIP_KEY] = chosen.pk
    return actor_of(chosen)


def acting(session: MutableMapping[str, Any], user: User) -> Actor | None:
    """Who the user is in this session: by the membership chosen, else by the first; None without a current one."""
    return actor_for_user(user, session.get(MEMBERSHIP_KEY))
