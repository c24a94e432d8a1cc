"""`demo`: a lively region around today, the same every time for the same day. Everybody in it is made up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random

from campaigns.models import FocusIndustry
from companies import agreements, services
from events import clock
from joborders.tasks import run_clocks
from municipalities.models import DutyPeriod
from municipalities.working_time import Calendar
from nrs.scenarios import outreach_demo
from nrs.scenarios import world as worlds
from nrs.scenarios.player import Player, moment_of
from nrs.scenarios.stories_2016 import FIRMS, STORIES
from nrs.scenarios.stories_demo import ORDERS, Recipe
from nrs.scenarios.world import TRADES, Firm, World

SEED = 2016
CITIZENS = 250
CLOCK_DAYS = 12
MORE_FIRMS = (
    Firm("budcentral", "Budcentralen Hurtig Snegl ApS", "0240", "3650", "532000", 29),
    Firm("bager", "Bageriet Den Gyldne Krumme A/S", "0210", "3480", "107120", 44),
    Firm("gartner", "Anlægsgartneren Vild Have ApS", "0223", "2970", "813000", 17),
    Firm("rengoering", "Rengøringen Blanke Gulve ApS", "0250", "3600", "812100", 61),
    Firm("flaske", "Tapperiet Den Sidste Dråbe A/S", "0260", "3390", "110500", 53),
    Firm("vikar", "Vikarhuset I Morgen Igen ApS", "0270", "3200", "782000", 12),
)
WORK = {story.company: (story.title, story.occupation) for story in STORIES} | {
    "budcentral": ("Varevognschauffør", "8322"),
    "bager": ("Bager til nathold", "7512"),
    "gartner": ("Anlægsgartner", "6113"),
    "rengoering": ("Rengøringsassistent", "9112"),
    "flaske": ("Operatør, tapning", "8183"),
    "vikar": ("Lagermedarbejder", "4321"),
}
#: (company, signed working days ago, kind, holder, tovholder)
AGREEMENTS = (
    ("vognmand", 190, "recruitment", "nrs", None),
    ("bus", 170, "recruitment", "nrs", None),
    ("lager", 150, "recruitment", "nrs", None),
    ("hotel", 120, "recruitment", "nrs", None),
    ("maskin", 90, "recruitment", "nrs", None),
    ("kaede", 80, "recruitment", "jobservice", "0201"),
    ("foedevarer", 60, "partnership", "nrs", None),
    ("kantine", 40, "cooperation", "nrs", None),
)
TALKS = (
    ("phone", "Opfølgning på bemanding til næste kvartal"),
    ("visit", "Rundvisning og snak om arbejdsfunktioner"),
    ("mail", "Spørgsmål om løntilskud besvaret"),
    ("meeting", "Årsmøde om samarbejdet"),
)


def load() -> str:
    """Load everything; a sentence about what there is now. Call inside a transaction, on an empty region."""
    now, rng = clock.now(), Random(SEED)
    days = WorkingDays(clock.today())
    with clock.at(moment_of(days.back(210), "08:00")):
        world = worlds.build(clock.today(), with_office=True)
        DutyPeriod.objects.get_or_create(valid_from=clock.today(), defaults={"municipality_id": "0219"})
    player = Player(world, until=now - dt.timedelta(minutes=2))
    firms = (*FIRMS, *MORE_FIRMS)
    for number, firm in enumerate(firms):
        player.at(moment_of(days.back(205 - number)), lambda firm=firm: worlds.register_company(world, firm))
    _plan_focus(player, days)
    _plan_agreements(player, days)
    _plan_talks(player, days, rng)
    _plan_citizens(player, days, rng)
    orders = _plan_orders(player, days, rng, firms)
    outreach_demo.plan(player, days.back, days.today)
    for number in range(CLOCK_DAYS, 0, -1):
        player.at(moment_of(days.back(number), "16:30"), run_clocks)
    player.play()
    run_clocks()
    return f"demo: {orders + 1} job orders of {len(firms)} companies, {player.people} citizens, nine jobcentres."


class WorkingDays:
    """Working days before today, by how many they lie back; what the demo says happens on these."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.calendar = Calendar()

    def back(self, count: int) -> str:
        """The day that lies `count` (1 or more) working days before today, as ISO text."""
        day = self.today
        while count > 0:
            day -= dt.timedelta(days=1)
            count -= self.calendar.is_working_day(day)
        return day.isoformat()


def _plan_focus(player: Player, days: WorkingDays) -> None:
    def decide() -> None:
        since = clock.today()
        for name, divisions in (("Bygge og anlæg", "41 42 43"), ("Transport", "49 52 53")):
            FocusIndustry.objects.create(
                name=name,
                divisions=divisions,
                valid_from=since,
                valid_to=since + dt.timedelta(days=365),
                decided_by="Styregruppen for NRS",
                decided_on=since,
            )

    player.at(moment_of(days.back(100), "13:00"), decide)


def _plan_agreements(player: Player, days: WorkingDays) -> None:
    for key, back, kind, holder, tovholder in AGREEMENTS:
        player.at(moment_of(days.back(min(back, 150)), "13:00"), _signing(player.world, key, kind, holder, tovholder))


def _signing(world: World, key: str, kind: str, holder: str, tovholder: str | None) -> Callable[[], object]:
    def sign() -> None:
        company = world.companies[key]
        agreements.sign(
            world.consultants[company.lead_id],
            company,
            kind=kind,
            holder=holder,
            tovholder=tovholder,
            valid_from=clock.today(),
            valid_to=clock.today() + dt.timedelta(days=730),
        )

    return sign


def _plan_talks(player: Player, days: WorkingDays, rng: Random) -> None:
    keys = [firm.key for firm in (*FIRMS, *MORE_FIRMS)]
    for number in range(60):
        kind, about = TALKS[number % len(TALKS)]
        key, back = rng.choice(keys), rng.randint(2, 90)

        def log(key: str = key, kind: str = kind, about: str = about) -> None:
            company = player.world.companies[key]
            services.log_contact(player.world.consultants[company.lead_id], company, kind=kind, about=about)

        player.at(moment_of(days.back(back), "11:00") + dt.timedelta(minutes=number), log)


def _plan_citizens(player: Player, days: WorkingDays, rng: Random) -> None:
    homes, trades = list(worlds.STAFF), list(TRADES)
    for number in range(CITIZENS):
        home, isco = homes[number % len(homes)], rng.choice(trades)
        more: dict[str, object] = {}
        if number % 6 == 0:
            more["without"] = ("certificates", "licences")
        elif number % 11 == 0:
            more["without"] = ("hours_min", "hours_max", "shifts", "max_distance_km")
        if number % 17 == 0:
            more |= {"status": "in_course", "status_until": (days.today + dt.timedelta(days=40)).isoformat()}

        def register(home: str = home, isco: str = isco, more: dict[str, object] = more) -> None:
            player.citizen(home, isco, **more)

        player.at(moment_of(days.back(3 + number % 70), "10:00") + dt.timedelta(minutes=number % 100), register)


def _plan_orders(player: Player, days: WorkingDays, rng: Random, firms: tuple[Firm, ...]) -> int:
    """Every recipe as often as it says, each time for the next company of a shuffled row."""
    row: list[Firm] = []
    told = 0
    for recipe in ORDERS:
        for _time in range(recipe.times):
            if not row:
                row = list(firms)
                rng.shuffle(row)
            player.tell(_story(recipe, row.pop(), days, rng))
            told += 1
    return told


def _story(recipe: Recipe, firm: Firm, days: WorkingDays, rng: Random) -> object:
    title, occupation = WORK[firm.key]
    homes = rng.sample([code for code in worlds.STAFF if code != firm.municipality], 3)
    return recipe.story(
        firm.key,
        title,
        occupation,
        day=days.back,
        places={"own": firm.municipality, "a": homes[0], "b": homes[1], "c": homes[2]},
        starts_on=(days.today + dt.timedelta(days=rng.randint(10, 35))).isoformat(),
    )
