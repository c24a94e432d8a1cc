"""What a doubtful wording is called, and why, in the reader's language (rules: joborders.wording)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from joborders.wording import Ground, findings

GROUNDS = {
    Ground.AGE: _("age"),
    Ground.SEX: _("sex"),
    Ground.ORIGIN: _("origin"),
    Ground.RELIGION: _("religion"),
    Ground.DISABILITY: _("health or disability"),
    Ground.FAMILY: _("pregnancy or children"),
}


def doubtful(*texts: str) -> list[dict[str, Any]]:
    """`words`, `ground` and `law` of each doubtful wording."""
    return [{"words": one.words, "ground": GROUNDS[one.ground], "law": one.law} for one in findings(*texts)]
