"""Turns a login or a token into an Actor. Memberships are read at each request: leaving ends access at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from accounts import tokens
from accounts.models import ApiToken, User
from events import clock, prepared
from municipalities.actor import Actor, Role
from municipalities.models import Membership

_KEPT = "_nrs_memberships"


def current(**which: object) -> QuerySet[Membership]:
    """Memberships that count today, with user and municipality."""
    today = clock.today()
    return (
        Membership.objects.filter(**which)
        .filter(started_on__lte=today)
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gt=today))
        .filter(user__is_active=True)
        .select_related("user")
        .order_by("id")
    )


def actor_of(membership: Membership) -> Actor:
    """The actor that a membership makes of its user."""
    user = membership.user
    return Actor.member(
        role=Role(membership.role),
        municipality=membership.municipality_id,
        user_id=user.pk,
        public_id=user.public_id,
        name=user.name,
    )


def membership_of(user: User, membership_id: int | None = None) -> Membership | None:
    """What a logged-in user acts through: the one chosen in the session, else the first; with its municipality."""
    found = getattr(user, _KEPT, None)
    if found is None:
        found = list(current(user=user).select_related("user", "municipality"))
    return next((m for m in found if m.pk == membership_id), found[0] if found else None)


def keep_with(user: User, memberships: list[Membership]) -> User:
    """The user of one request, who knows their memberships of today."""
    setattr(user, _KEPT, memberships)
    return user


def actor_for_user(user: User, membership_id: int | None = None) -> Actor | None:
    """The actor of a logged-in user, none without a membership today."""
    chosen = membership_of(user, membership_id)
    return actor_of(chosen) if chosen else None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who a machine's token acts for, and whether it may do more than read."""

    actor: Actor
    can_write: bool


# Every call of a machine begins with this, so that it is one statement, not two composed by the ORM. Live tokens only,
# and of the memberships those that `current` finds.
_HOLDER = """
SELECT t.id, t.scope, t.label, t.company, t.last_used_at IS NULL OR t.last_used_at <= %(noted)s,
       m.role, m.municipality_id, u.id, u.public_id, u.name
FROM accounts_apitoken t
LEFT JOIN municipalities_membership m ON m.public_id = t.membership
     AND m.started_on <= %(today)s AND (m.ended_on IS NULL OR m.ended_on > %(today)s)
LEFT JOIN accounts_user u ON u.id = m.user_id AND u.is_active
WHERE t.digest = %(digest)s AND t.revoked_at IS NULL AND t.expires_at > %(now)s
"""


def holder_of(secret: str) -> Holder | None:
    """The holder of a token, or None: unknown, revoked, expired, and of an ended membership look the same.

    A company's token acts for its company. Its use is noted.
    """
    now, adapt = clock.now(), connection.ops.adapt_datetimefield_value
    values = {
        "digest": tokens.digest(secret),
        "now": adapt(now),
        "noted": adapt(now - tokens.USE_IS_NOTED_EVERY),
        "today": connection.ops.adapt_datefield_value(clock.today()),
    }
    with prepared.cursor() as cursor:
        cursor.execute(_HOLDER, values)
        row = cursor.fetchone()
    actor = _actor_of_row(row) if row else None
    if row is None or actor is None:
        return None
    if row[4]:
        tokens.note_use(row[0])
    return Holder(actor, can_write=row[1] == ApiToken.Scope.WRITE)


def _actor_of_row(row: tuple[Any, ...]) -> Actor | None:
    label, company, role, municipality, user_id, public_id, name = (*row[2:4], *row[5:])
    if company is not None:
        return Actor.company_(company=UUID(str(company)), name=label)
    if user_id is None:
        return None
    user = UUID(str(public_id))
    return Actor.member(role=role, municipality=municipality, user_id=user_id, public_id=user, name=name)
