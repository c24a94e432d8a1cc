"""The people of the jobcentres: three consultants and a caseworker in each of the nine, and a coordinator."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from accounts.models import User
from municipalities.actor import Role
from municipalities.models import Membership
from nrs.region import words
from nrs.region.bulk import insert
from nrs.region.world import World, new_id

CONSULTANTS = 3


@dataclass(frozen=True)
class Staff:
    """Consultants by municipality, the coordinator's user, and each consultant's municipality by the user's key."""

    consultants: dict[str, list[User]]
    coordinator: User
    homes: dict[int, str]


def make(world: World) -> Staff:
    """Insert those who are not there yet. They cannot log in: their passwords are unusable."""
    rng = world.chance("staff")
    posts = [(code, Role.CONSULTANT, n) for code in sorted(world.municipalities) for n in range(1, CONSULTANTS + 1)]
    posts += [(code, Role.CASEWORKER, 1) for code in sorted(world.municipalities)]
    posts.append(("", Role.COORDINATOR, 1))
    addresses = {post: f"{post[1].value}-{post[0] or 'all'}-{post[2]}@region.nrs.example" for post in posts}
    drawn = {post: (new_id(rng), words.person_name(rng), new_id(rng)) for post in posts}
    there = {user.email: user for user in User.objects.filter(email__in=addresses.values()).order_by("pk")}
    new = [
        User(public_id=drawn[post][0], email=email, name=drawn[post][1], phone="", password="!")  # noqa: S106
        for post, email in addresses.items()
        if email not in there
    ]
    insert(User, new)
    users = there | {user.email: user for user in new}
    since = world.day - dt.timedelta(days=3 * 365)
    made = {user.email for user in new}
    insert(
        Membership,
        [
            Membership(
                public_id=drawn[post][2],
                user=users[email],
                municipality=world.municipalities.get(post[0]),
                role=post[1].value,
                started_on=since,
            )
            for post, email in addresses.items()
            if email in made
        ],
    )
    consultants: dict[str, list[User]] = defaultdict(list)
    for (code, role, _n), email in addresses.items():
        if role is Role.CONSULTANT:
            consultants[code].append(users[email])
    homes = {user.pk: code for code, found in consultants.items() for user in found}
    return Staff(dict(consultants), users[addresses["", Role.COORDINATOR, 1]], homes)
