"""What the coordinator of the demo looks after: a campaign under way, meetings, the network, goals and an agreement
that runs out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from campaigns import contacts, goals, services
from campaigns.models import Campaign, Goal, Target
from companies import agreements
from events import clock
from gatherings import network
from gatherings import services as meetings
from gatherings.models import Gathering, Invitation
from municipalities.actor import Actor
from nrs.scenarios.player import Player, Story, moment_of

BUILDING_AND_TRANSPORT = "41 42 43 49 52 53"
#: The company that goes all the way: met, an agreement, an order after it, and a hire.
WON = "kran"
#: (company, working days ago, what came of it, note): calls by the municipalities that have them.
CALLS = (
    (WON, 52, "met", "Gennemgang af kranførernes vagter. De vil have en aftale."),
    ("vognmand", 51, "talked", "Mangler chauffører fra næste måned."),
    ("el", 50, "no_answer", ""),
    ("murer", 49, "talked", "Har folk nok indtil videre."),
    ("tomrer", 47, "met", "Besøg på værkstedet. Leder efter en tømrer til tagarbejde."),
    ("kloak", 45, "call_again", "Chefen er på byggepladsen."),
    ("vej", 44, "not_interested", "Rekrutterer selv."),
    ("el", 41, "talked", "Vil gerne se kandidater, når ordrebogen er kendt."),
    ("terminal", 38, "talked", "Nye skift fra foråret."),
    ("anlaeg", 33, "met", "Møde om lærlinge og om voksne på vej ind i faget."),
    ("stillads", 20, "no_answer", ""),
    ("kloak", 12, "talked", "Vil have et opkald, når næste etape er udbudt."),
    ("isol", 6, "call_again", "Ferie i denne uge."),
)
NEXT = {"talked": ("Ring om behovet", 20), "call_again": ("Ring igen", 5), "met": ("Send tilbud om aftale", 10)}
MEMBERS = (
    ("bager", "company", "Åbner bageriet for en rundvisning hvert kvartal"),
    ("maskin", "nine", "Inviterer til kompetencemøde om svejsning"),
    ("hotel", "company", "Tager to borgere i virksomhedspraktik"),
)


def plan(player: Player, back: Callable[[int], str], today: dt.date) -> None:
    """Put it all into the programme; `back` gives the day so many working days ago."""
    coordinator = player.world.coordinator
    assert coordinator is not None
    _plan_campaign(player, back, today, coordinator)
    _plan_meetings(player, back, today, coordinator)
    _plan_network(player, back, today)
    player.at(moment_of(back(95), "14:00"), lambda: _set_goals(coordinator, today))
    player.at(moment_of(back(150), "13:30"), lambda: _sign_what_runs_out(player, today))


def _plan_campaign(player: Player, back: Callable[[int], str], today: dt.date, coordinator: Actor) -> None:
    begun: list[Campaign] = []

    def begin() -> None:
        made = services.draw_up(
            coordinator,
            name="Bygge, anlæg og transport",
            purpose="Styregruppens fokusbrancher: alle virksomheder med mindst fem ansatte får et tilbud om et møde.",
            divisions=BUILDING_AND_TRANSPORT,
            minimum_headcount=5,
            ends_on=today + dt.timedelta(days=60),
        )
        begun.append(services.freeze(coordinator, made.public_id, made.version))
        for code in player.world.consultants:
            contacts.share_out(coordinator, begun[0], code)

    player.at(moment_of(back(56), "10:00"), begin)
    for key, days, outcome, text in CALLS:
        player.at(
            moment_of(back(days), "11:40"),
            lambda key=key, outcome=outcome, text=text: _call(player, begun[0], key, outcome, text),
        )
    player.at(moment_of(back(40), "13:00"), lambda: _sign_with_the_won(player, today))
    steps = (f"{back(29)} claim", f"{back(26)} present 0219", f"{back(22)} interview 0219", f"{back(15)} hire 0219")
    starts_on = (today + dt.timedelta(days=14)).isoformat()
    player.tell(Story(back(30), WON, "Kranfører", "8343", 1, *steps, starts_on=starts_on))


def _call(player: Player, campaign: Campaign, key: str, outcome: str, text: str) -> None:
    """The municipality that has the company tries to reach it."""
    target = Target.objects.get(campaign=campaign, company=player.world.companies[key])
    step, days = NEXT.get(outcome, ("", 0))
    contacts.record_contact(
        player.world.consultants[target.municipality_id],
        target.public_id,
        outcome=outcome,
        kind="visit" if outcome == "met" else "phone",
        about="Behov for medarbejdere",
        text=text,
        next_step=step,
        next_on=clock.today() + dt.timedelta(days=days) if step else None,
        knowing=True,
    )


def _sign_with_the_won(player: Player, today: dt.date) -> None:
    company = player.world.companies[WON]
    month = today.replace(day=1)
    coming = [(month + dt.timedelta(days=32 * ahead)).replace(day=1) for ahead in (1, 2, 4)]
    agreements.sign(
        player.world.consultants[company.lead_id],
        company,
        kind="recruitment",
        valid_from=clock.today(),
        valid_to=clock.today() + dt.timedelta(days=730),
        schemes=["wage_subsidy", "adult_apprentice"],
        text="Jobcentret ringer den første mandag i måneden og hører om de kommende byggepladser.",
        forecast=[{"month": one, "occupation": "8343", "positions": 2} for one in coming],
    )


def _sign_what_runs_out(player: Player, today: dt.date) -> None:
    """An agreement whose tovholder is told that it ends soon."""
    company = player.world.companies["kro"]
    agreements.sign(
        player.world.consultants[company.lead_id],
        company,
        kind="cooperation",
        valid_from=clock.today(),
        valid_to=today + dt.timedelta(days=45),
        text="Praktikpladser i køkken og servering.",
    )


def _plan_meetings(player: Player, back: Callable[[int], str], today: dt.date, coordinator: Actor) -> None:
    past: list[Gathering] = []
    coming: list[Gathering] = []
    held = dt.date.fromisoformat(back(10))
    player.at(
        moment_of(back(34), "09:30"),
        lambda: _invite(coordinator, past, held, "Fyraftensmøde om byggeriets folk", "after_work", "41 42 43"),
    )
    player.at(moment_of(back(25), "15:00"), lambda: _answer(past[0], people=(2, 1, 0, 3)))
    player.at(moment_of(back(9), "09:15"), lambda: _note(player, past[0]))
    ahead = today + dt.timedelta(days=16)
    player.at(
        moment_of(back(8), "13:15"),
        lambda: _invite(coordinator, coming, ahead, "Vækstmøde: chauffører til næste år", "growth", "49 52 53"),
    )
    player.at(moment_of(back(3), "14:30"), lambda: _answer(coming[0], people=(1, 2, 0)))


def _invite(actor: Actor, made: list[Gathering], day: dt.date, title: str, kind: str, divisions: str) -> None:
    begins = moment_of(day.isoformat(), "16:00")
    gathering = meetings.plan(
        actor,
        kind=kind,
        title=title,
        place="Rådhuset i Hillerød, salen",
        starts_at=begins,
        ends_at=begins + dt.timedelta(hours=2),
        sign_up_until=day - dt.timedelta(days=1),
        seats=40,
        text="Vi viser, hvem der er ledige lige nu, og hører, hvad I kommer til at mangle.",
    )
    meetings.invite(actor, gathering.public_id, divisions=divisions.split())
    made.append(gathering)


def _answer(gathering: Gathering, *, people: tuple[int, ...]) -> None:
    """The first companies answer; none of them come where it says 0."""
    for invitation, number in zip(gathering.invitations.order_by("pk"), people, strict=False):
        meetings.answer(meetings.token_of(invitation), coming=number > 0, people=number)


def _note(player: Player, gathering: Gathering) -> None:
    """Who came, and what one of them said."""
    rows = list(gathering.invitations.filter(answer=Invitation.Answer.COMING).order_by("pk"))
    actor = player.world.consultants["0219"]
    meetings.note_attendance(actor, gathering.public_id, {one.public_id: one.people for one in rows})
    meetings.note_lead(actor, rows[0].public_id, text="Skal bruge to mand fra foråret.", next_step="Ring om en ordre")


def _plan_network(player: Player, back: Callable[[int], str], today: dt.date) -> None:
    def join(key: str, side: str, text: str) -> None:
        company = player.world.companies[key]
        actor = player.world.consultants[company.lead_id]
        member = network.join(actor, company.public_id)
        network.commit(actor, member.public_id, side=side, text=text, due_on=today + dt.timedelta(days=30))

    def state() -> None:
        company = player.world.companies["maskin"]
        network.state_need(
            player.world.consultants[company.lead_id],
            company.public_id,
            text="Svejsere med certifikat, når den nye hal åbner",
            needed_by=today + dt.timedelta(days=120),
            occupation="7212",
            people=4,
        )

    for number, (key, side, text) in enumerate(MEMBERS):
        player.at(moment_of(back(60 - number), "10:20"), lambda key=key, side=side, text=text: join(key, side, text))
    player.at(moment_of(back(21), "10:50"), state)


def _set_goals(coordinator: Actor, today: dt.date) -> None:
    year = {"valid_from": dt.date(today.year, 1, 1), "valid_to": dt.date(today.year, 12, 31)}
    goals.set_goal(
        coordinator,
        name="30 nye virksomheder",
        measure=Goal.Measure.NEW_COMPANIES,
        value=30,
        look_back_months=24,
        assumptions="Virksomheder, der ikke har samarbejdet med de ni de sidste to år.",
        **year,
    )
    goals.set_goal(coordinator, name="Ni af ti løfter holdt", measure=Goal.Measure.PROMISES_KEPT, value=90, **year)
