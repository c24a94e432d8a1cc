"""The mail with the six-digit code of a follow link: the only mail that no event calls for, since it holds a secret."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from joborders.models import FollowLink, JobOrder
from joborders.services import follow
from notifications.models import Mail
from notifications.services import write

TEMPLATE = "follow_code"
SUBJECT = _("Your code for job order %(number)s")


@transaction.atomic
def mail_code(link: FollowLink) -> Mail:
    """Make a code for the link and mail it. Raises what `follow.new_code` raises."""
    return write_code(link.order, follow.new_code(link))


def write_code(order: JobOrder, code: str) -> Mail:
    """Write the mail row with the code to the order's verified contact. Call inside the code's transaction."""
    return write(TEMPLATE, order, to=order.contact_email, key=f"{TEMPLATE}:{uuid4()}", subject=SUBJECT, code=code)
