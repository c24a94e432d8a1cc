"""Words for the codes of mails and their files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from mailroom.files import Reason
from mailroom.placing import Ground
from mailroom.signs import Why

Words = Mapping[str, Any]

WHY: Words = {
    Why.UNKNOWN: _("unknown"),
    Why.NO_SENDER: _("without a sender"),
    Why.SPAM: _("spam"),
    Why.CIRCULAR: _("a circular"),
    Why.AUTO_REPLY: _("an automatic answer"),
    Why.BOUNCE: _("a mail of ours that came back"),
    Why.LOOP: _("our own mail, going round"),
    Why.TOO_LARGE: _("too large to be read"),
    Why.UNREADABLE: _("cannot be read"),
    Why.FAILED: _("could not be taken in"),
    Why.VANISHED: _("gone from the mailbox before it was read"),
}
GROUNDS: Words = {
    Ground.CONTACT: _("the sender is a contact of a company that this jobcentre leads"),
    Ground.CVR: _("the company's CVR number stands in it"),
    Ground.DOMAIN: _("the sender's company is known by its mail addresses"),
    Ground.COLLEAGUE: _("a colleague forwarded it"),
    Ground.POSTCODE: _("a postcode stands in it"),
    Ground.PLACE: _("a municipality is named in it"),
    Ground.NOBODY: _("nothing in it says where it belongs"),
}
REASONS: Words = {
    Reason.KIND: _("this kind of file is not kept"),
    Reason.SIZE: _("larger than 10 MB"),
    Reason.MANY: _("too many files"),
    Reason.EMPTY: _("empty"),
    Reason.CPR: _("holds a CPR number"),
    Reason.UNREADABLE: _("could not be looked through"),
}
DELETED = _("deleted")
