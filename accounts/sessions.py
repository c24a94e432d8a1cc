"""How long a login lasts: 30 minutes without a request, 10 hours at most; and whether its second step is owed.

The stamps are set by Django's own signal of a login, so that every door sets them: pages, admin, identity providers.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import F

from accounts import second_factor
from accounts.models import User

log = logging.getLogger("nrs.security")
BEGAN, SEEN, OWED = "began", "seen", "owes_second_factor"
#: A request writes its time at most so often.
NOTED_EVERY = 60


def stamp(request: Any, user: Any, **_: object) -> None:
    """Mark a new session."""
    now = int(time.time())
    session = request.session
    session[BEGAN] = session[SEEN] = now
    session[OWED] = isinstance(user, User) and (settings.REQUIRE_TOTP or second_factor.is_in_use(user))


def is_over(session: Any) -> bool:
    """Whether the login has ended by its age or by idle time; a session without stamps has."""
    now, began, seen = int(time.time()), session.get(BEGAN), session.get(SEEN)
    if began is None or seen is None:
        return True
    return bool(now - began > settings.SESSION_LONGEST or now - seen > settings.SESSION_IDLE)


def note(session: Any) -> None:
    """Keep that somebody was here, once a minute."""
    now = int(time.time())
    if now - session[SEEN] >= NOTED_EVERY:
        session[SEEN] = now


def passed(session: Any) -> None:
    """The second step is done, here or at an identity provider."""
    session[OWED] = False
    session.cycle_key()


def end_all(user: User) -> None:
    """End every login of the user, in all browsers, at the next request."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    log.info("all logins ended user=%s", user.public_id)


def install() -> None:
    """Called once, when the apps are ready."""
    user_logged_in.connect(stamp, dispatch_uid="accounts.sessions")
    user_logged_in.connect(_tell("login"), dispatch_uid="accounts.told.in", weak=False)
    user_logged_out.connect(_tell("logout"), dispatch_uid="accounts.told.out", weak=False)
    user_login_failed.connect(_tell("login failed"), dispatch_uid="accounts.told.failed", weak=False)


def _tell(what: str) -> Any:
    """A line for the log: by the account's number, never by what was typed."""

    def told(user: Any = None, **_: object) -> None:
        log.info("%s user=%s", what, getattr(user, "public_id", "-"))

    return told
