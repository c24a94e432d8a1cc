"""Orders, intakes and nominations."""

from joborders.models.intake import FollowLink, Intake, IntakeEscalation
from joborders.models.nomination import Nomination
from joborders.models.order import (
    Escalation,
    HistoryNote,
    JobOrder,
    NumberSeries,
    OrderSpan,
    Requirement,
    Revision,
    SupplyAnswer,
)
from joborders.models.question import StillNeeded

__all__ = [
    "Escalation",
    "FollowLink",
    "HistoryNote",
    "Intake",
    "IntakeEscalation",
    "JobOrder",
    "Nomination",
    "NumberSeries",
    "OrderSpan",
    "Requirement",
    "Revision",
    "StillNeeded",
    "SupplyAnswer",
]
