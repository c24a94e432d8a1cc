"""Who acts: a member of the nine, a company with a token, the holder of a follow link, or the system.

Pure data, no Django: rules, services, scopes and events all take the same `Actor`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a membership lets somebody do (design §6)."""

    CONSULTANT = "consultant"
    CASEWORKER = "caseworker"
    COORDINATOR = "coordinator"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Kind(StrEnum):
    """What sort of actor stands behind a call (design §3)."""

    MEMBER = "member"
    COMPANY = "company"
    LINK = "link"
    SYSTEM = "system"


# These work for all nine, so their membership may lack a municipality.
REGIONAL_ROLES = frozenset({Role.COORDINATOR, Role.AUDITOR, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Actor:
    """One acting party. `municipality` is a 4-digit code; `company` and `order` are public ids."""

    kind: Kind
    role: Role | None = None
    municipality: str | None = None
    user_id: int | None = None
    public_id: UUID | None = None
    company: UUID | None = None
    order: UUID | None = None
    name: str = ""

    def __post_init__(self) -> None:
        """Refuse combinations that would be an actor with unclear powers. Raises ValueError."""
        if (self.kind is Kind.MEMBER) != (self.role is not None):
            raise ValueError("a member, and only a member, has a role")
        if self.kind is Kind.MEMBER and self.municipality is None and self.role not in REGIONAL_ROLES:
            raise ValueError("consultants and caseworkers belong to a municipality")
        if self.kind is not Kind.MEMBER and self.municipality is not None:
            raise ValueError("only a member has a municipality")
        if self.kind is Kind.COMPANY and self.company is None:
            raise ValueError("a company actor names its company")
        if self.kind is Kind.LINK and self.order is None:
            raise ValueError("a follow link names its order")

    @classmethod
    def system(cls, name: str = "system") -> Actor:
        """The clocks, the relay and everything else that no person asked for."""
        return cls(kind=Kind.SYSTEM, name=name)

    @classmethod
    def company_(cls, company: UUID, *, name: str = "", public_id: UUID | None = None) -> Actor:
        """A company acting with its own token; sees and steers all its own orders."""
        return cls(kind=Kind.COMPANY, company=company, public_id=public_id, name=name)

    @classmethod
    def link(cls, order: UUID, company: UUID | None = None, *, name: str = "") -> Actor:
        """The holder of an order's secret follow link: the company, on this one order only."""
        return cls(kind=Kind.LINK, order=order, company=company, name=name)

    @classmethod
    def member(
        cls,
        *,
        role: Role | str,
        municipality: str | None = None,
        user_id: int | None = None,
        public_id: UUID | None = None,
        name: str = "",
    ) -> Actor:
        """A person within the nine, by the membership that they act through."""
        return cls(
            kind=Kind.MEMBER,
            role=Role(role),
            municipality=municipality,
            user_id=user_id,
            public_id=public_id,
            name=name,
        )

    @property
    def is_member(self) -> bool:
        """A person within the nine, whatever the role."""
        return self.kind is Kind.MEMBER

    @property
    def is_company(self) -> bool:
        """The company's side: by token or by follow link."""
        return self.kind in (Kind.COMPANY, Kind.LINK)

    @property
    def is_link(self) -> bool:
        """The holder of one order's follow link."""
        return self.kind is Kind.LINK

    @property
    def is_system(self) -> bool:
        """No person, no company."""
        return self.kind is Kind.SYSTEM

    @property
    def is_consultant(self) -> bool:
        """Works orders of the own municipality."""
        return self.role is Role.CONSULTANT

    @property
    def is_caseworker(self) -> bool:
        """Works candidates of the own municipality, no order steps."""
        return self.role is Role.CASEWORKER

    @property
    def is_coordinator(self) -> bool:
        """Works for all nine; no claims, no nominations, no named candidates."""
        return self.role is Role.COORDINATOR

    @property
    def is_auditor(self) -> bool:
        """Reads the access log and the registers."""
        return self.role is Role.AUDITOR

    @property
    def is_admin(self) -> bool:
        """Keeps users, memberships and vocabulary."""
        return self.role is Role.ADMIN

    @property
    def is_regional(self) -> bool:
        """Coordinator, auditor or admin: for all nine."""
        return self.role in REGIONAL_ROLES

    def works_in(self, municipality: str | None) -> bool:
        """Whether this is a consultant of just that municipality."""
        return self.is_consultant and municipality is not None and self.municipality == municipality
