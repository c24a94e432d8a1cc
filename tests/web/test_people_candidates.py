"""The candidate pages: the own municipality's alone, every read logged, nothing overwritten."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from candidates import services
from candidates.models import AccessLog, Candidate
from events import clock
from joborders.models import Nomination
from joborders.services import nominations
from municipalities.actor import Actor
from tests import factories
from tests.browser.people_pages import FIT, login, shared_order
from tests.web.test_people_screening import reader, text_of
from vocabulary.models import Skill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
PATHS = ("", "/edit", "/list/skills")


@pytest.fixture
def person(cas: Actor) -> Candidate:
    """A candidate of Hillerød with a full profile."""
    return factories.candidate(by=cas, name="Solveig Prøve", external_reference="SAG-ABC", **FIT)


def form_of(client: Client, path: str) -> dict[str, Any]:
    """What the page's form would send as it stands."""
    form = client.get(path).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in sent.items() if value not in (None, "", [])}


@pytest.mark.parametrize("path", ["/candidates", "/candidates/new"])
@pytest.mark.parametrize("role", ["coordinator", "auditor", "admin"])
def test_those_who_work_for_all_nine_see_no_candidates(role: str, path: str) -> None:
    assert reader(factories.member(role)).get(path).status_code == 403


@pytest.mark.parametrize("path", [*PATHS, "/matches"])
@pytest.mark.parametrize("role", ["coordinator", "auditor", "admin"])
def test_nor_one_of_them(person: Candidate, role: str, path: str) -> None:
    assert reader(factories.member(role)).get(f"/candidates/{person.public_id}{path}").status_code == 403


@pytest.mark.parametrize("path", [*PATHS, "/matches"])
def test_another_municipalitys_candidate_is_not_found(person: Candidate, eva: Actor, path: str) -> None:
    assert reader(eva).get(f"/candidates/{person.public_id}{path}").status_code == 404
    assert not AccessLog.objects.exists()


def test_nor_can_another_municipality_change_one(person: Candidate, eva: Actor) -> None:
    client, address = reader(eva), f"/candidates/{person.public_id}"
    for path in ("/edit", "/list/skills", "/confirm", "/withdraw"):
        assert client.post(f"{address}{path}", {"version": person.version, "step": "reviewed"}).status_code == 404
    person.refresh_from_db()
    assert person.version == 1


def test_a_released_candidate_of_another_is_met_in_the_nomination_only(ann: Actor) -> None:
    gro = factories.consultant(factories.GRIBSKOV)
    person = factories.candidate(factories.GRIBSKOV, **FIT)
    order = shared_order(ann)
    acceptance = {"accepted_on": clock.today(), "channel": "phone", "cv_checked": True}
    acceptance |= {"talk_can_do": True, "talk_wants_to": True}
    nominations.offer(order.public_id, gro, order.version, candidate=person.public_id, acceptance=acceptance)
    assert reader(ann).get(f"/candidates/{person.public_id}").status_code == 404
    assert person.identity.name not in reader(ann).get("/candidates").content.decode()


def test_a_matching_is_the_consultants(person: Candidate, cas: Actor, ann: Actor) -> None:
    assert reader(cas).get(f"/candidates/{person.public_id}/matches").status_code == 403
    order = factories.order()
    page = text_of(reader(ann).get(f"/candidates/{person.public_id}/matches"))
    assert "1 open order was looked at." in page and order.number in page


def test_the_list_finds_by_name_reference_and_status(person: Candidate, cas: Actor) -> None:
    factories.candidate(name="Anden Prøve", status="inactive")
    client = reader(cas)
    for query, names in (
        ({"q": "solveig"}, {"Solveig Prøve"}),
        ({"q": "sag-abc"}, {"Solveig Prøve"}),
        ({"status": "inactive"}, {"Anden Prøve"}),
        ({}, {"Solveig Prøve", "Anden Prøve"}),
        ({"q": "ingen"}, set()),
    ):
        page = text_of(client.get("/candidates", query))
        assert {name for name in ("Solveig Prøve", "Anden Prøve") if name in page} == names


def test_everybody_on_the_list_is_logged_with_the_name_only(person: Candidate, cas: Actor) -> None:
    other = factories.candidate()
    reader(cas).get("/candidates")
    logged = AccessLog.objects.order_by("pk").values_list("candidate", "purpose", "fields", "actor_id")
    assert set(logged) == {(one.public_id, "candidate.list", "name", cas.public_id) for one in (person, other)}


def test_who_is_not_shown_is_not_logged(person: Candidate, cas: Actor) -> None:
    reader(cas).get("/candidates", {"q": "ingen"})
    assert not AccessLog.objects.exists()


def test_a_read_is_logged_with_its_fields_and_shown_on_the_page(person: Candidate, cas: Actor) -> None:
    page = text_of(reader(cas).get(f"/candidates/{person.public_id}"))
    [entry] = AccessLog.objects.all()
    assert (entry.purpose, entry.fields) == ("candidate.show", "name,phone,email,contact_way,cv_text")
    assert "Solveig Prøve" in page
    assert "Cas Prøve, Hillerød the profile name, phone, e-mail, way of contact, CV" in page


def test_the_page_shows_the_profile_in_words(person: Candidate, cas: Actor) -> None:
    page = text_of(reader(cas).get(f"/candidates/{person.public_id}"))
    for words in (
        "20–37 hours",
        "day, evening",
        "60 km",
        "Lastbilchauffør, 30 months",
        "CE (Lorry with heavy trailer)",
    ):
        assert words in page
    assert "Danish: spoken B2, written B1" in page


def test_the_cv_principles_pass_or_say_how_to_mend_them(person: Candidate, cas: Actor) -> None:
    page = reader(cas).get(f"/candidates/{person.public_id}").content.decode()
    assert page.count('role="img" aria-label="pass"') == 8
    assert page.count('role="img" aria-label="missing"') == 2
    assert "Write a profile of three to six lines" in page
    assert 'href="#confirm"' in page


def test_a_day_of_confirmation_is_noted(person: Candidate, cas: Actor) -> None:
    client, path = reader(cas), f"/candidates/{person.public_id}/confirm"
    client.post(path, {"version": person.version, "confirmed_on": "2026-03-01"})
    person.refresh_from_db()
    assert person.confirmed_on == dt.date(2026, 3, 1)
    tomorrow = clock.today() + dt.timedelta(days=1)
    page = client.post(path, {"version": person.version, "confirmed_on": tomorrow.isoformat()}, follow=True)
    assert "The date lies in the future." in text_of(page)
    person.refresh_from_db()
    assert person.confirmed_on == dt.date(2026, 3, 1)


def test_somebody_is_registered_with_what_is_known(cas: Actor) -> None:
    sent = {"name": "Ny Prøve", "external_reference": "SAG-9", "status": "available", "contact_way": "jobcentre"}
    answer = reader(cas).post("/candidates/new", sent | {"unemployed_since": "2026-01", "own_transport": "no"})
    made = Candidate.objects.get(external_reference="SAG-9")
    assert answer["Location"] == f"/candidates/{made.public_id}"
    assert (made.home_id, made.own_transport, made.unemployed_since) == (
        factories.HILLEROED,
        False,
        dt.date(2026, 1, 1),
    )
    assert made.hours_reviewed_on is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"external_reference": "SAG-ABC"}, "external_reference"),
        ({"hours_min": "20"}, "hours_min"),
        ({"phone": "ring"}, "phone"),
        ({"cv_text": "Født 010190-1234"}, "cv_text"),
        ({"unemployed_since": "januar"}, "unemployed_since"),
        ({"status": "in_course"}, "status_until"),
    ],
)
def test_a_mistake_stands_at_its_field_and_nothing_is_saved(
    person: Candidate, cas: Actor, wrong: dict[str, str], field: str
) -> None:
    sent = {"name": "Ny", "external_reference": "SAG-9", "status": "available", "contact_way": "jobcentre"} | wrong
    answer = reader(cas).post("/candidates/new", sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert Candidate.objects.count() == 1


def test_only_what_was_changed_counts_as_gone_through(person: Candidate, cas: Actor) -> None:
    Candidate.objects.filter(pk=person.pk).update(hours_reviewed_on=None, transport_reviewed_on=None)
    client, path = reader(cas), f"/candidates/{person.public_id}/edit"
    sent = form_of(client, path) | {"version": person.version, "max_distance_km": 25}
    assert client.post(path, sent).status_code == 302
    person.refresh_from_db()
    assert person.max_distance_km == 25
    assert (person.hours_reviewed_on, person.transport_reviewed_on, person.version) == (None, None, 2)


def test_a_form_sent_back_as_it_was_writes_nothing(person: Candidate, cas: Actor) -> None:
    client, path = reader(cas), f"/candidates/{person.public_id}/edit"
    assert client.post(path, form_of(client, path) | {"version": person.version}).status_code == 302
    person.refresh_from_db()
    assert person.version == 1


def test_a_colleagues_change_is_shown_and_not_overwritten(person: Candidate, cas: Actor, ann: Actor) -> None:
    client, path = reader(cas), f"/candidates/{person.public_id}/edit"
    sent = form_of(client, path) | {"version": person.version, "max_distance_km": 25}
    services.update(person.public_id, ann, person.version, {"hours_max": 30})
    answer = client.post(path, sent)
    assert answer.status_code == 412
    assert "Ann Prøve changed the profile in the meantime." in text_of(answer)
    assert "Weekly hours to" in text_of(answer)
    person.refresh_from_db()
    assert (person.max_distance_km, person.hours_max) == (60, 30)
    form = answer.context["form"]
    again = {name: form[name].value() for name in form.fields}
    assert (str(again["hours_max"]), again["max_distance_km"]) == ("30", "25")
    again = {name: value for name, value in again.items() if value is not None} | {"version": person.version}
    assert client.post(path, again).status_code == 302
    person.refresh_from_db()
    assert (person.max_distance_km, person.hours_max) == (25, 30)


def test_words_are_looked_up_and_added_without_a_script(cas: Actor) -> None:
    person = factories.candidate(by=cas)
    client, path = reader(cas), f"/candidates/{person.public_id}/list/"
    skill = Skill.objects.current().order_by("pk").first()
    found = client.get(f"{path}skills", {"q": skill.label_da}).content.decode()
    assert f'value="{skill.public_id}"' in found
    sent = {
        "skills": {"word": [str(skill.public_id)], "documented": "on"},
        "licences": {"word": ["B", "C"]},
        "certificates": {"word": "adr", "valid_through": "2027-05-01"},
        "occupations": {"word": "8332|Lastbilchauffør", "months": "18"},
        "job_goals": {"word": ["8332"]},
        "languages": {"word": "da", "oral": "4", "written": "3"},
    }
    for version, (kind, body) in enumerate(sent.items(), start=1):
        assert client.post(f"{path}{kind}", {"step": "add", "version": version, **body}).status_code == 302
    assert [(row.skill_id, row.documented) for row in person.skills.all()] == [(skill.pk, True)]
    assert [row.licence_id for row in person.licences.all()] == ["B", "C"]
    assert [str(row.valid_through) for row in person.certificates.all()] == ["2027-05-01"]
    assert [(row.isco_id, row.title, row.months) for row in person.occupations.all()] == [
        ("8332", "Lastbilchauffør", 18)
    ]
    assert [(row.oral, row.written) for row in person.languages.all()] == [(4, 3)]
    assert [row.isco_id for row in person.job_goals.all()] == ["8332"]


def test_a_word_is_taken_off_and_the_rest_stays(cas: Actor) -> None:
    person = factories.candidate(by=cas, licences=["B", "C"])
    client, path = reader(cas), f"/candidates/{person.public_id}/list/licences"
    page = client.get(path)
    place = [text.split(" ")[0] for text in page.context["section"]["items"]].index("B")
    client.post(path, {"step": "remove", "version": 1, "place": place})
    assert [row.licence_id for row in person.licences.all()] == ["C"]


def test_a_section_is_gone_through_though_there_is_nothing(cas: Actor) -> None:
    person = factories.candidate(by=cas)
    reader(cas).post(f"/candidates/{person.public_id}/list/skills", {"step": "reviewed", "version": 1})
    person.refresh_from_db()
    assert person.skills_reviewed_on == clock.today()


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("skills", {}, "Choose a word from the list first."),
        ("occupations", {"word": "8332|x"}, "This field is required."),
        ("licences", {"word": "XYZ"}, "This code does not exist."),
        ("languages", {"word": "da", "oral": "9", "written": "1"}, "not one of the available choices"),
    ],
)
def test_an_addition_that_says_too_little_is_refused(cas: Actor, kind: str, body: dict[str, str], words: str) -> None:
    person = factories.candidate(by=cas)
    answer = reader(cas).post(f"/candidates/{person.public_id}/list/{kind}", {"step": "add", "version": 1, **body})
    assert answer.status_code == 422
    assert words in text_of(answer)
    person.refresh_from_db()
    assert person.version == 1


def test_a_list_changed_by_a_colleague_is_not_overwritten(cas: Actor, ann: Actor) -> None:
    person = factories.candidate(by=cas, licences=["B"])
    services.update(person.public_id, ann, 1, {"licences": ["B", "C"]})
    path = f"/candidates/{person.public_id}/list/licences"
    page = reader(cas).post(path, {"step": "remove", "version": 1, "place": 0}, follow=True)
    assert "The profile was changed by Ann Prøve in the meantime." in text_of(page)
    assert person.licences.count() == 2


def test_there_is_no_list_of_another_kind(person: Candidate, cas: Actor) -> None:
    assert reader(cas).get(f"/candidates/{person.public_id}/list/health").status_code == 404


def test_a_withdrawn_candidate_is_out_of_screening(person: Candidate, cas: Actor) -> None:
    reader(cas).post(f"/candidates/{person.public_id}/withdraw", {"version": person.version})
    person.refresh_from_db()
    assert person.status == "inactive"
    assert "Take out of screening" not in text_of(reader(cas).get(f"/candidates/{person.public_id}"))


@pytest.fixture
def asked(ann: Actor) -> Nomination:
    """Hillerød asks for a candidate of Gribskov."""
    person = factories.candidate(factories.GRIBSKOV, **{**FIT, "cv_text": "Jeg er 54 år gammel og god til at køre."})
    order = shared_order(ann)
    [done] = nominations.request(order.public_id, ann, order.version, candidates=[person.public_id])
    return done.nomination


def address(nomination: Nomination) -> str:
    """Where home answers."""
    return f"/candidates/{nomination.candidate.public_id}/nominations/{nomination.public_id}"


@pytest.mark.parametrize("role", ["consultant", "caseworker"])
def test_home_accepts_with_acceptance_and_talk(asked: Nomination, role: str) -> None:
    client = reader(factories.member(role, factories.GRIBSKOV))
    page = client.get(address(asked))
    assert re.search(r"age: …Jeg er <mark[^>]*>\s*54 år gammel|54 år", page.content.decode())
    sent = {"accepted_on": clock.today().isoformat(), "channel": "phone", "cv_text": "God til at køre."}
    sent |= dict.fromkeys(("talk_can_do", "talk_wants_to", "cv_checked"), "on")
    answer = client.post(address(asked), {"step": "accept", "version": asked.version, **sent})
    assert answer.status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.cv_text, asked.acceptance_channel) == ("accepted", "God til at køre.", "phone")


def test_a_request_waits_on_the_candidates_page(asked: Nomination) -> None:
    page = reader(factories.caseworker(factories.GRIBSKOV)).get(f"/candidates/{asked.candidate.public_id}")
    assert f'href="{address(asked)}"' in page.content.decode()
    assert "Answer" in text_of(page)


def test_home_says_no_with_a_reason(asked: Nomination) -> None:
    client = reader(factories.caseworker(factories.GRIBSKOV))
    assert client.post(address(asked), {"step": "withdraw", "version": asked.version}).status_code == 422
    answer = client.post(address(asked), {"step": "withdraw", "version": asked.version, "reason": "other"})
    assert "This reason needs a text." in text_of(answer)
    sent = {"step": "withdraw", "version": asked.version, "reason": "not_reached"}
    assert client.post(address(asked), sent).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.end_reason) == ("withdrawn", "not_reached")


def test_an_answer_to_what_has_changed_is_refused_as_stale(asked: Nomination) -> None:
    gro = factories.consultant(factories.GRIBSKOV)
    nominations.withdraw(asked.public_id, gro, asked.version, reason="found_work")
    sent = {"step": "withdraw", "version": asked.version, "reason": "not_reached"}
    assert reader(gro).post(address(asked), sent).status_code == 412
    asked.refresh_from_db()
    assert asked.end_reason == "found_work"


def test_the_lead_does_not_answer_for_home(asked: Nomination, ann: Actor) -> None:
    assert reader(ann).get(address(asked)).status_code == 404
    assert reader(ann).post(address(asked), {"step": "accept", "version": asked.version}).status_code == 404


def test_the_read_before_an_answer_is_logged_for_the_order(asked: Nomination) -> None:
    gro = factories.consultant(factories.GRIBSKOV)
    reader(gro).get(address(asked))
    [entry] = AccessLog.objects.all()
    assert (entry.order, entry.purpose, entry.fields) == (asked.order.public_id, "nomination.show", "name,cv_text")


def test_a_stranger_logs_in_first() -> None:
    answer = Client().get("/candidates")
    assert answer.status_code == 302 and answer["Location"].startswith("/login")


def test_the_menu_leads_each_role_to_its_pages(cas: Actor, kim: Actor) -> None:
    assert login(cas)
    assert {"/candidates", "/companies"} <= links(reader(cas).get("/companies"))
    assert "/candidates" not in links(reader(kim).get("/companies"))


def links(answer: Any) -> set[str]:
    """Where the page's links lead."""
    return set(re.findall(r'href="(/[a-z]+)"', answer.content.decode()))
