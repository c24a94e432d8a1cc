"""What the nrs-2016 scenario knows of the chain's agreement: the schemes, and the need that its tovholder expected."""

from __future__ import annotations

import datetime as dt

from companies import agreements
from companies.models import Agreement
from municipalities.actor import Actor

#: People needed by month: shop assistants for the summer and for Christmas, butchers and drivers beside them.
FORECAST = (
    (dt.date(2016, 8, 1), "5223", 24),
    (dt.date(2016, 9, 1), "5223", 12),
    (dt.date(2016, 9, 1), "7511", 4),
    (dt.date(2016, 11, 1), "5223", 40),
    (dt.date(2016, 11, 1), "8322", 6),
)


def describe(actor: Actor, agreement: Agreement) -> Agreement:
    """Add schemes, promises in words and forecast to the chain's agreement; it is expected until 1 July 2016."""
    lines = [{"month": month, "occupation": code, "positions": number} for month, code, number in FORECAST]
    changes = {
        "schemes": [Agreement.Scheme.WAGE_SUBSIDY, Agreement.Scheme.TRAINEESHIP, Agreement.Scheme.UPSKILLING],
        "text": "Aftalen omfatter butikker i Østdanmark og i områderne omkring Tønder og Grenå.",
        "forecast": lines,
    }
    return agreements.change(actor, agreement.public_id, agreement.version, changes)
