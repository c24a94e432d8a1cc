"""What a person does with their news: read, choose how they come, follow orders, be away, have a calendar."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events import clock
from events.errors import Invalid, NotVisible
from joborders.models import FollowLink, JobOrder
from municipalities.actor import Actor
from municipalities.membership import current
from notifications.kinds import HABITS, How, Kind
from notifications.models import Absence, CalendarFeed, Feedback, Following, Notice, Preference
from notifications.writing import count_unread

LANGUAGES = ("da", "en")


@transaction.atomic
def mark_read(user: User, notice: UUID | None = None) -> int:
    """Mark one notice as read, or all of them; how many were unread. Raises NotVisible for one that is not theirs."""
    mine = Notice.objects.filter(user=user)
    if notice is not None:
        mine = mine.filter(public_id=notice)
        if not mine.exists():
            raise NotVisible
    number = mine.filter(read_at__isnull=True).update(read_at=clock.now())
    if number:
        count_unread([user.pk])
    return number


def preferences(user: User) -> dict[str, str]:
    """How the person wants each kind of news."""
    chosen = Preference.objects.filter(user=user).order_by().values_list("kind", "how")
    return {kind.value: str(HABITS[kind]) for kind in Kind} | dict(chosen)


@transaction.atomic
def prefer(user: User, wishes: Mapping[str, str], *, language: str) -> None:
    """Set how each named kind comes by mail, and the language of the mails. Raises Invalid."""
    for kind, how in wishes.items():
        if kind not in Kind.values or how not in How.values:
            raise Invalid.field(str(kind)[:20], "unknown_code", _("This value is not known."))
        Preference.objects.update_or_create(user=user, kind=kind, defaults={"how": how})
    if language not in LANGUAGES:
        raise Invalid.field("language", "unknown_code", _("This value is not known."))
    User.objects.filter(pk=user.pk).update(language=language)


def follows(user: User, order: JobOrder) -> bool | None:
    """True: follows it; False: wants to hear no more of it; None: has said nothing."""
    return Following.objects.filter(user=user, order=order).order_by().values_list("follows", flat=True).first()


@transaction.atomic
def follow(actor: Actor, user: User, order_id: UUID, wish: bool | None) -> JobOrder:
    """Follow an order, hear no more of it, or neither (None: as by habit). Raises NotVisible."""
    order = JobOrder.objects.visible_to(actor).filter(public_id=order_id).first()
    if order is None:
        raise NotVisible
    if wish is None:
        Following.objects.filter(user=user, order=order).delete()
    else:
        Following.objects.update_or_create(user=user, order=order, defaults={"follows": wish})
    return order  # type: ignore[no-any-return]


@transaction.atomic
def be_away(user: User, starts_on: date, ends_on: date | None, substitute: UUID | None) -> Absence:
    """From when to when somebody is away, and which colleague of the same jobcentre gets their news. Raises Invalid."""
    if ends_on is not None and ends_on < starts_on:
        raise Invalid.field("ends_on", "too_early", _("This is before the first day."))
    stand_in = None
    if substitute is not None:
        stand_in = colleagues(user).filter(public_id=substitute).first()
        if stand_in is None:
            raise Invalid.field("substitute", "unknown_code", _("This is no colleague of your jobcentre."))
    values = {"starts_on": starts_on, "ends_on": ends_on, "substitute": stand_in}
    return Absence.objects.update_or_create(user=user, defaults=values)[0]


def be_back(user: User) -> None:
    """Not away, or not any more."""
    Absence.objects.filter(user=user).delete()


def colleagues(user: User) -> QuerySet[User]:
    """Who may stand in: others with a membership in the same municipality, or for all nine as the user has."""
    own = list(current(user=user).values_list("municipality_id", "role"))
    places = [code for code, _role in own if code]
    roles = [role for code, role in own if not code]
    near = current().filter(Q(municipality__in=places) | Q(municipality__isnull=True, role__in=roles))
    return User.objects.filter(pk__in=near.order_by().values("user")).exclude(pk=user.pk).order_by("name", "id")


def new_feed(user: User) -> str:
    """A new secret address of the user's calendar, returned once and not kept; the old one stops working."""
    secret = secrets.token_urlsafe(32)
    values = {"digest": _digest(secret), "created_at": clock.now()}
    CalendarFeed.objects.update_or_create(user=user, defaults=values)
    return secret


def end_feed(user: User) -> None:
    """No calendar any more."""
    CalendarFeed.objects.filter(user=user).delete()


def user_of_feed(secret: str) -> User:
    """Whose calendar a secret opens. Raises NotVisible: unknown, replaced, or of somebody who has left."""
    feed = CalendarFeed.objects.select_related("user").filter(digest=_digest(secret), user__is_active=True).first()
    if feed is None:
        raise NotVisible
    return feed.user


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def give_feedback(link: FollowLink, *, was_match: str, use_again: str) -> bool:
    """The company's two answers about an ended order, once; False if it has answered before. Raises Invalid."""
    order = link.order
    if order.state == JobOrder.State.OPEN:
        raise NotVisible
    for field, value, known in (
        ("was_match", was_match, Feedback.Match.values),
        ("use_again", use_again, Feedback.Again.values),
    ):
        if value not in known:
            raise Invalid.field(field, "unknown_code", _("Choose one of the answers."))
    values = {"was_match": was_match, "use_again": use_again, "answered_at": clock.now()}
    return Feedback.objects.get_or_create(order=order, defaults=values)[1]


def feedback_of(order: JobOrder) -> Feedback | None:
    """What the company said about the order."""
    return Feedback.objects.filter(order=order).first()


def feedback_counts(actor: Actor) -> dict[str, int]:
    """How many companies answered, found a match, and would use us again, over the orders that the actor may see."""
    seen = Feedback.objects.filter(order__in=JobOrder.objects.visible_to(actor).order_by().values("pk"))
    return seen.aggregate(
        answers=Count("pk"),
        match=Count("pk", filter=Q(was_match=Feedback.Match.YES)),
        partly=Count("pk", filter=Q(was_match=Feedback.Match.PARTLY)),
        again=Count("pk", filter=Q(use_again=Feedback.Again.YES)),
    )
