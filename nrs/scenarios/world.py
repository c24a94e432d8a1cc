"""Who and what a made-up region consists of: staff of the nine, companies, citizens. Nobody here exists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from stdnum.dk import cvr as cvr_rule

from accounts.models import User
from companies import services as companies
from companies.models import Company, ProductionUnit
from events import clock
from municipalities.actor import Actor, Role
from municipalities.membership import actor_of
from municipalities.models import Membership, Municipality
from vocabulary.models import Industry, Skill

#: The password of every demo login. Only ever set where NRS_DEMO or NRS_TEST says that nothing here is real.
DEMO_PASSWORD = "tolv grønne æbler på Arresø"  # noqa: S105 - printed by demo_logins

#: Code: (consultant, caseworker, short name for addresses).
STAFF: Mapping[str, tuple[str, str, str]] = {
    "0201": ("Ask Havregry", "Bodil Skovlygte", "alleroed"),
    "0210": ("Carla Tågehorn", "Dines Blåstjerne", "fredensborg"),
    "0217": ("Ebbe Fyrrekogle", "Freja Sundvind", "helsingoer"),
    "0219": ("Gorm Kastanjegren", "Herdis Morgenrøde", "hilleroed"),
    "0223": ("Ib Rødkælkesti", "Jytte Kløvermark", "hoersholm"),
    "0240": ("Kaj Hyldebær", "Lone Engsnarre", "egedal"),
    "0250": ("Mads Fjordglimt", "Nora Lærkesang", "frederikssund"),
    "0260": ("Otto Klitrose", "Pia Strandskade", "halsnaes"),
    "0270": ("Rikke Bøgehæk", "Svend Duggræs", "gribskov"),
}
COORDINATOR, AUDITOR, ADMIN = "Tove Nordstjerne", "Ulf Vægtskål", "Vera Nøgleknippe"

FIRST_NAMES = """
    Agnes Aksel Alma Anker Asta Bertil Birk Cille Dagny Egon Eline Elof Esther Folmer Gerda Gudrun Hjalmar Inga
    Jarl Jelva Karla Knud Laust Lilje Magda Malte Nanna Njord Oda Palle Ragna Regnar Signe Sigurd Thora Tyge
    Ulla Valde Vilma Ymer Asif Leyla Mirek Oksana Samir Zofia
""".split()  # noqa: SIM905 - reads better than a list of quoted names
LAST_NAMES = """
    Birkebark Blommesten Brombærris Dagpåfugl Efterårsblad Fiskehejre Gråspurv Græshoppe Hasselnød Havtorn Hedelyng
    Isfugl Kantarel Kildevæld Kornblomst Krusemynte Lindeblad Mosebryg Månestråle Nattergaletræ Oktobersol Pilekvist
    Porsebusk Regnbuedal Rimfrost Rørsanger Sandløber Skovmærke Solsort Stenbider Syvsover Timotei Tusindfryd
    Vintergæk Vårflom Ællinge
""".split()  # noqa: SIM905 - reads better than a list of quoted names
STREETS = (
    "Pærelunden",
    "Ravsnedkervej",
    "Lygtemagergade",
    "Hjulsporet",
    "Muldvarpevænget",
    "Tågebanken",
    "Kompasvej",
    "Sløjfestien",
)

#: ISCO code: what somebody of that trade brings (licences, certificates, skills by slug).
TRADES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "8332": {"licences": ("B", "C"), "certificates": ("chauffoer-gods",), "skills": ("drive-lorry", "secure-cargo")},
    "8331": {"licences": ("B", "D"), "certificates": ("chauffoer-person",), "skills": ("drive-bus",)},
    "8322": {"licences": ("B",), "skills": ("drive-van", "parcel-delivery")},
    "8344": {"certificates": ("gaffeltruck-b",), "skills": ("operate-forklift",)},
    "8342": {"licences": ("B",), "skills": ("operate-excavator", "operate-wheel-loader")},
    "8343": {"certificates": ("kran-basis",), "skills": ("operate-crane",)},
    "7115": {"licences": ("B",), "skills": ("carpentry", "roof-construction")},
    "7112": {"skills": ("bricklaying", "site-safety")},
    "7114": {"skills": ("concrete-work", "formwork")},
    "7131": {"skills": ("painting", "surface-filling")},
    "7411": {"licences": ("B",), "skills": ("electrical-installation", "test-electrical")},
    "7126": {"licences": ("B",), "skills": ("plumbing", "install-heating")},
    "7212": {"certificates": ("svejsning",), "skills": ("welding", "mig-mag-welding")},
    "9312": {"certificates": ("vsa",), "skills": ("trench-work", "asphalt-laying")},
    "4321": {"skills": ("order-picking", "goods-receipt")},
    "9333": {"skills": ("load-unload", "pack-goods")},
    "5120": {"certificates": ("foedevarehygiejne",), "skills": ("cook-food", "cook-hot")},
    "5131": {"skills": ("serve-tables", "take-orders")},
    "9412": {"certificates": ("foedevarehygiejne",), "skills": ("dishwashing", "prepare-ingredients")},
    "9112": {"skills": ("clean-rooms", "housekeeping")},
    "4224": {"skills": ("check-in-guests", "booking-system")},
}


@dataclass(frozen=True, slots=True)
class Firm:
    """A company of the data tables: where its main unit lies, DB25 code, headcount."""

    key: str
    name: str
    municipality: str
    postal_code: str
    industry: str
    headcount: int


@dataclass
class World:
    """The actors by role, and the companies registered so far by key."""

    consultants: dict[str, Actor] = field(default_factory=dict)
    caseworkers: dict[str, Actor] = field(default_factory=dict)
    coordinator: Actor | None = None
    companies: dict[str, Company] = field(default_factory=dict)
    units: dict[str, ProductionUnit] = field(default_factory=dict)
    industries: frozenset[str] = frozenset()
    skills: dict[str, str] = field(default_factory=dict)
    numbers: Iterator[str] = field(default_factory=lambda: cvr_numbers())


def cvr_numbers() -> Iterator[str]:
    """Made-up CVR numbers in a fixed sequence: they pass the check digit and start with 9, as no real one does."""
    for number in range(90_000_001, 100_000_000, 137):
        if cvr_rule.is_valid(str(number)):
            yield str(number)


def build(started_on: dt.date, *, with_office: bool) -> World:
    """The staff of the nine (and auditor and admin with `with_office`) with memberships from that day."""
    world = World(
        industries=frozenset(Industry.objects.filter(version="DB25").values_list("code", flat=True)),
        skills={
            uri.rsplit("/", 1)[-1].rsplit(":", 1)[-1]: str(public_id)
            for uri, public_id in Skill.objects.filter(is_group=False).order_by("pk").values_list("uri", "public_id")
        },
    )
    password = make_password(DEMO_PASSWORD if settings.DEMO or settings.TEST else None)
    for code, (consultant, caseworker, short) in STAFF.items():
        world.consultants[code] = member(consultant, f"konsulent.{short}", Role.CONSULTANT, code, started_on, password)
        world.caseworkers[code] = member(
            caseworker, f"sagsbehandler.{short}", Role.CASEWORKER, code, started_on, password
        )
    world.coordinator = member(COORDINATOR, "koordinator", Role.COORDINATOR, None, started_on, password)
    if with_office:
        member(AUDITOR, "revisor", Role.AUDITOR, None, started_on, password)
        admin = member(ADMIN, "administrator", Role.ADMIN, None, started_on, password)
        User.objects.filter(pk=admin.user_id).update(is_staff=True, is_superuser=True)
    Municipality.objects.filter(phone="").update(phone="+45 00 00 00 10")
    return world


def member(name: str, mailbox: str, role: Role, code: str | None, since: dt.date, password: str) -> Actor:
    """A user with one membership, as the actor that works through it. The hash is shared: hashing takes its time."""
    user, is_new = User.objects.get_or_create(email=f"{mailbox}@nrs.example", defaults={"name": name})
    if is_new:
        User.objects.filter(pk=user.pk).update(password=password)
    membership, _is_new = Membership.objects.get_or_create(
        user=user, municipality_id=code, role=role.value, ended_on=None, defaults={"started_on": since}
    )
    return actor_of(membership)


def person_name(number: int) -> str:
    """A name that nobody bears, the same for the same number."""
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    return f"{first} {LAST_NAMES[(number * 7 + number // len(FIRST_NAMES)) % len(LAST_NAMES)]}"


def phone(number: int) -> str:
    """A number that is never given out: no Danish number starts with 00."""
    return f"+45 00 00 {number // 100 % 100:02} {number % 100:02}"


def register_company(world: World, firm: Firm) -> Company:
    """Register the company with its main unit and a contact person, by the consultant where it lies."""
    actor = world.consultants[firm.municipality]
    known = firm.industry in world.industries
    company, _is_new = companies.register(
        actor,
        cvr=next(world.numbers),
        name=firm.name,
        lead=firm.municipality,
        why="main_unit",
        industry_code=firm.industry if known else "",
        industry_version="DB25" if known else "",
        headcount=firm.headcount,
    )
    number = len(world.companies)
    world.companies[firm.key] = company
    world.units[firm.key] = companies.add_unit(
        actor,
        company,
        p_number=f"9{number:09}",
        name=firm.name,
        street=f"{STREETS[number % len(STREETS)]} {number % 40 + 1}",
        postal_code=firm.postal_code,
        municipality_code=firm.municipality,
        headcount=firm.headcount,
    )
    contact = contact_of(number)
    companies.add_contact(actor, company, **{name: contact[name] for name in ("name", "phone", "email")})
    Company.objects.filter(pk=company.pk).update(contact_user=actor.user_id)
    return company


def contact_of(number: int) -> dict[str, str]:
    """The contact person of the company with that running number."""
    return {
        "name": person_name(number * 5 + 3),
        "phone": phone(2000 + number),
        "email": f"kontakt{number}@firma.example",
        "best_time": "hverdage før kl. 10",
    }


def profile(
    world: World, number: int, home: str, isco: str, months: int, without: tuple[str, ...] = (), **more: Any
) -> dict[str, Any]:
    """A citizen's profile for that trade, as the API would take it; `without` some fields: nobody has asked yet."""
    trade = TRADES.get(isco, {})
    postal_code = POSTAL_CODES[home][number % len(POSTAL_CODES[home])]
    today = clock.today()
    month = today.replace(day=1) - dt.timedelta(days=31 * (number % 14 + 1))
    body = {
        "external_reference": f"SAG-{number:05}",
        "name": person_name(number),
        "phone": phone(4000 + number),
        "email": f"borger{number}@borger.example",
        "contact_way": ("phone", "mail", "jobcentre")[number % 3],
        "postal_code": postal_code,
        "unemployed_since": month.strftime("%Y-%m"),
        "available_from": today.isoformat(),
        "hours_min": 20,
        "hours_max": 37,
        "shifts": ["day", "evening"] if number % 3 else ["day", "evening", "night", "weekend"],
        "own_transport": number % 4 != 0,
        "max_distance_km": (25, 40, 60)[number % 3],
        "cv_text": f"Har arbejdet {months} måneder inden for faget. Møder stabilt og er vant til at samarbejde.",
        "confirmed_on": today.isoformat(),
        "licences": list(trade.get("licences", ("B",) if number % 2 else ())),
        "certificates": [
            {"code": code, "valid_through": (today + dt.timedelta(days=900)).isoformat()}
            for code in trade.get("certificates", ())
        ],
        "skills": [
            {"skill": world.skills[slug], "documented": number % 3 == 0}
            for slug in trade.get("skills", ())
            if slug in world.skills
        ],
        "occupations": [{"isco": isco, "months": months}],
        "job_goals": [isco],
        "languages": [{"code": "da", "oral": "B2", "written": "B1"}],
        **more,
    }
    return {name: value for name, value in body.items() if name not in without}


#: Where people live: a few postal codes of each municipality.
POSTAL_CODES: Mapping[str, tuple[str, ...]] = {
    "0201": ("3450", "3540"),
    "0210": ("2980", "2990", "3480"),
    "0217": ("3000", "3060", "3070"),
    "0219": ("3400", "3320", "3330"),
    "0223": ("2970", "2960"),
    "0240": ("3650", "3660", "2765"),
    "0250": ("3600", "3630", "4050"),
    "0260": ("3300", "3390", "3370"),
    "0270": ("3200", "3230", "3250"),
}
