"""What screening keeps: runs with their verdicts, the change feed, standing lists and figures, courses."""

from screening.models.changes import Change, Epoch
from screening.models.courses import Course, CoursePass, CourseSeats
from screening.models.lists import Figures, ListRound, Notice, StandingList
from screening.models.runs import Override, Pseudonym, Run, VerdictRow

__all__ = [
    "Change", "Course", "CoursePass", "CourseSeats", "Epoch", "Figures", "ListRound", "Notice", "Override",
    "Pseudonym", "Run", "StandingList", "VerdictRow",
]  # fmt: skip
