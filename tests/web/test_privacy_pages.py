"""The pages of data protection: draw, ask, answer, conclude; extract, hold and deletion."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from candidates.models import AccessLog, Candidate
from events import clock
from municipalities.actor import Actor
from privacy import retention, sampling
from privacy.models import Check
from tests import factories
from tests.privacy.test_sampling import FEBRUARY, reads

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]


def of(actor: Actor) -> Client:
    """A browser in which somebody has logged in."""
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


@pytest.fixture
def ida() -> Actor:
    """The auditor."""
    return factories.member("auditor", name="Ida Prøve")


def test_the_auditor_draws_asks_the_reader_answers_and_the_auditor_concludes(ann: Actor, ida: Actor) -> None:
    reads(7, ann)
    auditor, reader = of(ida), of(ann)
    assert auditor.post("/access-log/draw", follow=True).status_code == 200
    page = auditor.get("/access-log").content.decode()
    assert page.count("Ann Prøve") == sampling.PER_PLACE
    check = Check.objects.order_by("pk")[0]
    assert reader.get(f"/questions/{check.public_id}").status_code == 404, "nobody has asked yet"
    address = f"/access-log/{check.public_id}"
    assert auditor.get(address).status_code == 200
    auditor.post(f"{address}/ask", {"version": "1", "question": "Hvorfor slog du op?"})
    assert "Hvorfor slog du op?" in reader.get(f"/questions/{check.public_id}").content.decode()
    assert reader.post(f"/questions/{check.public_id}", {"version": "2", "answer": ""}).status_code == 422
    reader.post(f"/questions/{check.public_id}", {"version": "2", "answer": "Borgeren ringede."})
    assert "Borgeren ringede." in auditor.get(address).content.decode()
    assert auditor.post(f"{address}/conclude", {"version": "3", "conclusion": "unclear"}).status_code == 422
    auditor.post(f"{address}/conclude", {"version": "3", "conclusion": "justified", "remark": ""})
    check.refresh_from_db()
    assert (check.answer, check.conclusion) == ("Borgeren ringede.", "justified")


def test_who_is_asked_hears_of_it_at_the_login(ann: Actor, ida: Actor, client: Client) -> None:
    reads(1, ann)
    sampling.draw(FEBRUARY)
    sampling.ask(Check.objects.get().public_id, ida, 1, "Hvorfor?")
    user = User.objects.get(pk=ann.user_id)
    user.set_password("et langt og godt kodeord")
    user.save()
    answer = client.post("/login", {"username": user.email, "password": "et langt og godt kodeord"}, follow=True)
    assert reverse("web:questions") in answer.content.decode()


def test_no_other_role_opens_the_access_log_nor_a_strangers_question(
    ann: Actor, bo: Actor, kim: Actor, cas: Actor, ida: Actor
) -> None:
    reads(1, ann)
    sampling.draw(FEBRUARY)
    check = sampling.ask(Check.objects.get().public_id, ida, 1, "Hvorfor?")
    for stranger in (ann, bo, kim, cas):
        assert of(stranger).get("/access-log").status_code == 403
        assert of(stranger).get(f"/access-log/{check.public_id}").status_code == 403
    for stranger in (bo, cas):
        assert of(stranger).get(f"/questions/{check.public_id}").status_code == 404
        answer = of(stranger).post(f"/questions/{check.public_id}", {"version": "2", "answer": "x"})
        assert answer.status_code == 404


def test_the_extract_is_a_page_and_a_file_both_logged_and_never_cached(cas: Actor, eva: Actor) -> None:
    person = factories.candidate("0219", name="Egen Prøve", cv_text="Har kørt.")
    page = of(cas).get(f"/candidates/{person.public_id}/extract")
    file = of(cas).get(f"/candidates/{person.public_id}/extract.json")
    assert "Egen Prøve" in page.content.decode() and cas.name not in page.content.decode().split("<main")[1]
    assert json.loads(file.content)["identity"]["name"] == "Egen Prøve" and cas.name not in file.content.decode()
    assert page["Cache-Control"] == file["Cache-Control"] == "no-store"
    assert AccessLog.objects.filter(candidate=person.public_id, purpose="candidate.extract").count() == 2
    before = AccessLog.objects.count()
    for path in ("extract", "extract.json", "erase"):
        assert of(eva).get(f"/candidates/{person.public_id}/{path}").status_code == 404
    assert AccessLog.objects.count() == before


def test_a_candidate_is_held_released_and_deleted(cas: Actor, eva: Actor) -> None:
    person = factories.candidate("0219")
    home, address = of(cas), f"/candidates/{person.public_id}"
    assert home.post(f"{address}/hold", {"reason": ""}).status_code == 422
    home.post(f"{address}/hold", {"reason": "Klagesag"})
    assert "Klagesag" in home.get(f"{address}/erase").content.decode()
    assert home.post(f"{address}/erase", {"version": "1", "sure": "on"}).status_code == 422
    home.post(f"{address}/hold", {"end": "1"})
    assert home.post(f"{address}/erase", {"version": "1"}).status_code == 422, "they must say that they mean it"
    assert of(eva).post(f"{address}/erase", {"version": "1", "sure": "on"}).status_code == 404
    assert of(eva).post(f"{address}/hold", {"reason": "x"}).status_code == 404
    assert Candidate.objects.exists()
    assert home.post(f"{address}/erase", {"version": "1", "sure": "on"}).status_code == 302
    assert not Candidate.objects.exists() and home.get(address).status_code == 404


def test_the_home_jobcentre_reads_who_is_deleted_soon(cas: Actor, eva: Actor) -> None:
    person = factories.candidate("0219", name="Snart Slettet")
    Candidate.objects.filter(pk=person.pk).update(
        status="inactive", changed_at=clock.now().replace(year=clock.now().year - 2)
    )
    retention.run(is_dry=False)
    assert "Snart Slettet" in of(cas).get("/candidates/leaving").content.decode()
    assert "Snart Slettet" not in of(eva).get("/candidates/leaving").content.decode()
