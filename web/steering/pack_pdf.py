"""A status pack as a PDF: one A4 page in plain Danish, and an appendix with tables."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from campaigns.models import StatusPack
from web.figures import pdf, sheet
from web.steering import pack_blocks
from web.templatetags.nrs import exact

TYPE = "application/pdf"


def of(pack: StatusPack, names: Mapping[str, str]) -> bytes:
    """The document, out of the figures kept with the pack. Nothing about a person."""
    found = pack_blocks.dated(pack.figures)
    about = _("All nine municipalities · as known on %(known)s") % {"known": exact(pack.known_at)}
    appendix = [pdf.NewPage(), pdf.Heading(_("Appendix")), *pack_blocks.appendix(found, names)]
    return pdf.document(sheet.title_of(found), about, [*pack_blocks.front(found, names), *appendix])
