"""The mail with the six-digit code of a follow link: the only mail that no event calls for, since it holds a secret."""

from __future__ import annotations

from uuid import uuid4

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from events import clock
from joborders.models import FollowLink, JobOrder
from joborders.services import follow
from notifications.models import Mail

TEMPLATE = "follow_code"


@transaction.atomic
def mail_code(link: FollowLink) -> Mail:
    """Make a code for the link and mail it. Raises what `follow.new_code` raises."""
    return write_code(link.order, follow.new_code(link))


def write_code(order: JobOrder, code: str) -> Mail:
    """Write the mail row with the code to the order's verified contact. Call inside the code's transaction."""
    now = clock.now()
    with translation.override("da"):
        subject = _("Your code for job order %(number)s") % {"number": order.number}
        text = render_to_string(f"notifications/mail/{TEMPLATE}.txt", {"order": order, "code": code})
    return Mail.objects.create(
        key=f"{TEMPLATE}:{uuid4()}",
        template=TEMPLATE,
        to=order.contact_email,
        subject=subject,
        text=text,
        order=order.public_id,
        created_at=now,
        next_try_at=now,
    )
