"""The words of the screening as frozen data: what is wanted, who is judged, what came out (design.md §5).

Pure. Nothing in here knows name, age, sex, origin or health: what is not a field cannot be weighed.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final, Literal

SkillId = int | str
"""Opaque key of a skill; the same in order, profile and graph."""

MustName = Literal[
    "distance", "start", "hours", "shifts", "licences", "certificates", "languages", "transport", "skills"
]
Answer = Literal["met", "missing", "unknown"]
Outcome = Literal["qualified", "check", "nearly", "not"]
Section = Literal["licences", "certificates", "languages", "skills", "occupations", "hours", "transport"]
Relation = Literal["same", "broader", "narrower", "sibling", "essential", "optional", "none"]
Evidence = Literal["documented", "stated", "occupation", "none", "unknown"]
PartState = Literal["known", "not_asked", "unknown", "assumed_limit"]

FUNNEL: Final[tuple[MustName, ...]] = (
    "distance", "start", "hours", "shifts", "licences", "certificates", "languages", "transport", "skills",
)  # fmt: skip
OUTCOMES: Final[tuple[Outcome, ...]] = ("qualified", "check", "nearly", "not")
SECTIONS: Final[frozenset[Section]] = frozenset(
    {"licences", "certificates", "languages", "skills", "occupations", "hours", "transport"}
)
NOT_REVIEWED: Final[frozenset[Section]] = frozenset()


@dataclass(frozen=True, slots=True)
class WantedSkill:
    """A skill on an order; `reuse_level` is ESCO's (blank counts as cross-sector)."""

    skill: SkillId
    required: bool = False
    reuse_level: str = ""


@dataclass(frozen=True, slots=True)
class WantedLanguage:
    """A language on an order; levels on the CEFR scale 1 (A1) to 6 (C2), 0 where not asked."""

    code: str
    oral: int = 0
    written: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """One order as wanted, on the day of the screening.

    `today` is the Copenhagen date, `start` None means as soon as possible, `workplace` is a postal key,
    `shifts` a bit mask (0: not asked), `salt` the order's random 31-bit number, `teachable` the skills that
    planned courses teach.
    Raises ValueError on figures outside their range.
    """

    today: date
    salt: int
    isco: str | None = None
    skills: tuple[WantedSkill, ...] = ()
    licences: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    languages: tuple[WantedLanguage, ...] = ()
    hours_min: int | None = None
    hours_max: int | None = None
    shifts: int = 0
    start: date | None = None
    grace_days: int = 14
    max_distance_km: int | None = None
    workplace: str | None = None
    remote: bool = False
    own_transport: bool = False
    teachable: frozenset[SkillId] = frozenset()

    def __post_init__(self) -> None:
        if not 0 <= self.grace_days <= 60:
            raise ValueError("grace_days must lie between 0 and 60")
        if self.max_distance_km is not None and not 1 <= self.max_distance_km <= 200:
            raise ValueError("max_distance_km must lie between 1 and 200")
        if self.hours_min is not None and self.hours_max is not None and self.hours_min > self.hours_max:
            raise ValueError("hours_min is above hours_max")
        if self.shifts < 0:
            raise ValueError("shifts is a bit mask")
        if self.isco is not None and not (self.isco.isdecimal() and 1 <= len(self.isco) <= 4):
            raise ValueError("isco is 1 to 4 digits")

    @property
    def decided_on(self) -> date:
        """The day that validity is decided for: the later of the order's start and today."""
        return self.today if self.start is None else max(self.start, self.today)

    def as_data(self) -> dict[str, Any]:
        """JSON-ready data: the order as it was screened, kept with a run; `from_data` reads it back."""
        data = asdict(self)
        data["today"] = self.today.isoformat()
        data["start"] = None if self.start is None else self.start.isoformat()
        data["teachable"] = sorted(self.teachable, key=str)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in data.items()}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Wanted":
        """The order as it was screened, so that a run can be replayed."""
        values = dict(data)
        values["today"] = date.fromisoformat(values["today"])
        values["start"] = values["start"] and date.fromisoformat(values["start"])
        values["skills"] = tuple(WantedSkill(**skill) for skill in values["skills"])
        values["languages"] = tuple(WantedLanguage(**language) for language in values["languages"])
        values["licences"], values["certificates"] = tuple(values["licences"]), tuple(values["certificates"])
        values["teachable"] = frozenset(values["teachable"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Person:
    """One profile, without anything that names the person.

    Empty collections and None mean "nothing recorded"; `reviewed` says for which sections that is an answer.
    `certificates` maps code to the last day of validity (None: does not lapse), `skills` maps id to
    "documented", `languages` code to (oral, written) CEFR levels, None where a level is not known.
    `occupations` may hold an ISCO-4 code several times; its months are summed. `tie_seed` is the candidate's
    random 31-bit number.
    """

    candidate: int
    tie_seed: int
    postal: str | None = None
    licences: frozenset[str] = frozenset()
    certificates: Mapping[str, date | None] = field(default_factory=dict)
    skills: Mapping[SkillId, bool] = field(default_factory=dict)
    occupations: tuple[tuple[str, int], ...] = ()
    goals: frozenset[str] = frozenset()
    hours_min: int | None = None
    hours_max: int | None = None
    shifts: int | None = None
    available_from: date | None = None
    languages: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    own_transport: bool | None = None
    max_distance_km: int | None = None
    reviewed: frozenset[Section] = NOT_REVIEWED


Detail = tuple[tuple[str, str | int], ...]


@dataclass(frozen=True, slots=True)
class Must:
    """One demand and its answer.

    `evidence` are codes about the demand only, fit for another municipality's eyes; `detail` names dates,
    skills and metres and is for the candidate's own jobcentre alone (design.md §6).
    """

    name: MustName
    demand: str
    outcome: Answer
    evidence: tuple[str, ...]
    detail: Detail = ()
    curable: bool = False


@dataclass(frozen=True, slots=True)
class SkillPoints:
    """How one wanted skill was scored: which recorded skill or occupation counted, and for how much."""

    skill: SkillId
    required: bool
    weight: int
    points: int
    relation: Relation
    evidence: Evidence
    counted: SkillId | None = None


@dataclass(frozen=True, slots=True)
class OccupationPoints:
    """The held occupation that counted: common leading digits, months in it, per cent for experience."""

    isco4: str
    digits: int
    months: int
    percent: int
    points: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The four parts of the fit, each 0–1000 and floored once, and what each rests on."""

    skills: int
    occupation: int
    distance: int
    wish: int
    states: Mapping[str, PartState]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that can be said about one person on one order."""

    candidate: int
    outcome: Outcome
    musts: tuple[Must, ...]
    parts: Parts
    skills: tuple[SkillPoints, ...]
    occupation: OccupationPoints | None
    raw: int
    fit: int
    tie: int
    metres: int | None
    limit_km: int | None
    version: str


@dataclass(frozen=True, slots=True)
class Screening:
    """One order against a pool: the first of each outcome, the exact counts, the funnel."""

    lanes: Mapping[Outcome, tuple[Verdict, ...]]
    counts: Mapping[Outcome, int]
    funnel: Mapping[MustName, int]
    pool: int
    version: str
