"""The mail with the six-digit code of a follow link: the only mail that no event calls for, since it holds a secret."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from events import clock
from joborders.models import FollowLink
from joborders.services import follow
from notifications.models import Mail
from notifications.writing import write

TEMPLATE = "follow_code"
SUBJECT = _("Your code for job order %(number)s")


@transaction.atomic
def mail_code(link: FollowLink) -> Mail:
    """Make a code for the link and mail it. Raises what `follow.new_code` raises.

    The row forgets the code when it is sent; one that cannot be sent while the code holds is not sent at all.
    """
    code, order = follow.new_code(link), link.order
    return write(
        TEMPLATE,
        order,
        to=order.contact_email,
        key=f"{TEMPLATE}:{uuid4()}",
        subject=SUBJECT,
        language=order.contact_language,
        secret=code,
        expires_at=clock.now() + dt.timedelta(minutes=follow.CODE_MINUTES),
    )
