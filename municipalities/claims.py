"""Memberships that an identity provider's word gives: looked at anew at every login, ended when the word is gone.

Memberships given by hand are never touched. A rule ends for all on the day that it says, and at once when changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.identity import linking
from accounts.identity.protocol import Answer
from accounts.identity.tokens import Refused
from accounts.models import User
from events import clock
from municipalities.membership import membership_of
from municipalities.models import ClaimRule, Membership

#: Who leaves an employer is not seen here again: what a rule gave ends by itself so long after the last login, and with
#: it the tokens of machines that act through it.
UNSEEN = timedelta(days=45)
#: What a rule gives: municipality code (none: all nine) and role.
Place = tuple[str | None, str]


@transaction.atomic
def enter(answer: Answer) -> User:
    """The account of the person who stands behind the answer, with memberships as the rules say now.

    Somebody unknown gets an account only where a rule lets them in. Raises Refused; memberships that had to end are
    ended then, too.
    """
    given = places(answer.provider.id, answer.claims)
    user = linking.user_of(answer)
    if user is None:
        if not given:
            raise Refused("no_rule")
        user = linking.register(answer)
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    _settle(user, answer.provider.id, given)
    linking.note_use(answer)
    return user


def is_let_in(user: User) -> bool:
    """Whether the person has any business here today."""
    return membership_of(user) is not None


def places(provider: str, claims: Mapping[str, Any]) -> dict[Place, ClaimRule]:
    """What the rules in force today make of these claims; of two rules for the same place the first."""
    found: dict[Place, ClaimRule] = {}
    for rule in in_force().filter(provider=provider).order_by("pk"):
        if fits(rule.claim, rule.value, claims):
            found.setdefault((rule.municipality_id, rule.role), rule)
    return found


def in_force() -> QuerySet[ClaimRule]:
    """Rules that count today."""
    today = clock.today()
    return ClaimRule.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=today), valid_from__lte=today)


def fits(path: str, value: str, claims: Mapping[str, Any]) -> bool:
    """Whether a claim says the value. Letters count as they are; only an asterisk at the end stands for anything."""
    said = [text for found in _at(path, claims) for text in _texts(found)]
    if value.endswith("*"):
        return any(text.startswith(value[:-1]) for text in said)
    return value in said


def _at(path: str, claims: object) -> Iterator[object]:
    """What lies at a path: names may hold dots themselves, as those that are addresses do."""
    if not isinstance(claims, Mapping):
        return
    if path in claims:
        yield claims[path]
    parts = path.split(".")
    for cut in range(1, len(parts)):
        head = ".".join(parts[:cut])
        if head in claims:
            yield from _at(".".join(parts[cut:]), claims[head])


def _texts(found: object) -> Iterator[str]:
    if isinstance(found, bool):
        yield "true" if found else "false"
    elif isinstance(found, str | int):
        yield str(found)
    elif isinstance(found, list):
        for each in found:
            if isinstance(each, str | int | bool):
                yield from _texts(each)


def _settle(user: User, provider: str, given: dict[Place, ClaimRule]) -> None:
    """Give what the rules give, end what they do not give any more; what another provider gave is its own business."""
    held = set()
    current = _not_ended(Membership.objects.filter(user=user)).select_related("granted_by")
    for one in current.order_by("pk"):
        place = (one.municipality_id, one.role)
        if one.granted_by is not None and one.granted_by.provider == provider:
            if place not in given or place in held:
                _end(Membership.objects.filter(pk=one.pk))
                continue
            one.granted_by, one.ended_on = given[place], _last_day(given[place])
            one.save(update_fields=["granted_by", "ended_on"])
        held.add(place)
    for place, rule in given.items():
        if place not in held:
            municipality, role = place
            Membership.objects.create(
                user=user,
                municipality_id=municipality,
                role=role,
                started_on=clock.today(),
                ended_on=_last_day(rule),
                granted_by=rule,
            )


def _last_day(rule: ClaimRule) -> date:
    lasting = clock.today() + UNSEEN
    return min(lasting, rule.valid_until) if rule.valid_until else lasting


def take_back(rule: ClaimRule) -> int:
    """End at once what a rule has given: it was changed. Whoever it still fits has it again at the next login."""
    return _end(_not_ended(rule.memberships.all()))


def _not_ended(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    return memberships.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=clock.today()))


def _end(memberships: QuerySet[Membership]) -> int:
    return memberships.update(ended_on=clock.today())
