"""Turns a login or a token into an Actor. Memberships are read at each request: leaving ends access at once."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import ApiToken, User
from events import clock
from municipalities.actor import Actor, Role
from municipalities.models import Membership


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


def actor_for_user(user: User, membership_id: int | None = None) -> Actor | None:
    """The actor of a logged-in user: by the membership chosen in the session, else the first; none without one."""
    found = list(current(user=user))
    chosen = next((m for m in found if m.pk == membership_id), found[0] if found else None)
    return actor_of(chosen) if chosen else None


def actor_for_token(token: ApiToken) -> Actor | None:
    """The actor of a machine's token; none when its membership has ended. A company token acts for its company."""
    if token.membership is not None:
        membership = current(public_id=token.membership).first()
        return actor_of(membership) if membership else None
    return Actor.company_(company=token.company, name=token.label) if isinstance(token.company, UUID) else None
