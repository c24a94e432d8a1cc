"""One mail a day with what came since the last one, for those who want their news so."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events import clock
from municipalities.membership import current
from municipalities.working_time import DEFAULT_CALENDAR
from notifications import links, table
from notifications.models import Mail, Notice
from notifications.writing import write

TEMPLATE = "digest"
SUBJECT = _("Your news of the day")
#: More lines nobody reads in a mail; the rest stands on the page of notices.
MOST_LINES = 50


def send() -> int:
    """Write today's digests; how many. Once per person and day: killed and begun again, the rest follow.

    Nothing on a day when all jobcentres are closed: it comes along on the next working day. Who has left gets none.
    """
    if not DEFAULT_CALENDAR.is_working_day(clock.today()):
        return 0
    waiting = Notice.objects.filter(for_digest=True, digested_at__isnull=True)
    users = list(waiting.order_by("user_id").values_list("user_id", flat=True).distinct())
    here = {row.user_id: row.user for row in current(user__in=users)}
    waiting.exclude(user__in=here).update(digested_at=clock.now())
    return sum(_digest(user) for user in here.values())


@transaction.atomic
def _digest(user: User) -> int:
    """One person's mail and the mark on its notices, together or not at all."""
    key = f"{TEMPLATE}:{user.public_id}:{clock.today().isoformat()}"
    if Mail.objects.filter(key=key).exists():
        return 0
    rows = Notice.objects.select_for_update(of=("self",)).filter(user=user, for_digest=True, digested_at__isnull=True)
    notices = list(rows.order_by("created_at", "id"))
    if not notices:
        return 0
    write(
        TEMPLATE,
        None,
        to=user.email,
        key=key,
        subject=SUBJECT,
        language=user.language,
        user=user,
        lines=_lines(notices, user.language),
        more=max(0, len(notices) - MOST_LINES),
        url=links.full("/notices"),
    )
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(digested_at=clock.now())
    return 1


def _lines(notices: Sequence[Notice], language: str) -> list[tuple[str, str]]:
    """Words and address of each notice, the same about the same thing once."""
    with translation.override(language):
        found = [
            (table.words_of(notice), links.full(links.path_of(notice.target, notice.target_id))) for notice in notices
        ]
    return list(dict.fromkeys(found))[:MOST_LINES]
