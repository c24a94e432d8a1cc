"""The screening pages: who may, what another municipality's candidate shows, and several nominated in one step."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from candidates.models import AccessLog, Candidate, Identity
from events import clock
from joborders.models import JobOrder, Nomination
from joborders.services import nominations, steps
from municipalities.actor import Actor
from screening import services
from screening.models import Pseudonym, Run
from tests import factories
from tests.browser import people_pages as scenes
from tests.browser.people_pages import login, run_of, shared_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def reader(actor: Actor) -> Client:
    """A browser of this person, in English."""
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(login(actor))
    return client


def text_of(answer: Any) -> str:
    """The page without tags and double spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def cards(run: Run, home: str) -> list[Pseudonym]:
    """The cards of one municipality on this run."""
    people = Candidate.objects.filter(home=home)
    return list(Pseudonym.objects.filter(order=run.order, candidate__in=people).order_by("pk"))


@pytest.fixture
def run(ann: Actor) -> Run:
    """A screening of all nine by Ann, over two people of Hillerød and two of Gribskov."""
    return run_of(ann)


@pytest.mark.parametrize("role", ["caseworker", "coordinator", "auditor", "admin"])
def test_screening_is_for_consultants(run: Run, role: str) -> None:
    home = factories.HILLEROED if role == "caseworker" else None
    client = reader(factories.member(role, home))
    for path in (f"/orders/{run.order.public_id}/screening", f"/screenings/{run.public_id}"):
        assert client.get(path).status_code == 403


def test_another_municipality_cannot_read_our_run(run: Run, eva: Actor) -> None:
    client = reader(eva)
    address = f"/screenings/{run.public_id}"
    for path in (address, f"{address}/compare", f"{address}/nominate"):
        assert client.get(path).status_code == 404
    assert client.post(f"{address}/request").status_code == 404
    assert client.post(f"{address}/offer").status_code == 404


def test_another_municipality_screens_its_own_for_a_shared_order(run: Run) -> None:
    gro = factories.consultant(factories.GRIBSKOV)
    client, path = reader(gro), f"/orders/{run.order.public_id}/screening"
    assert "Nobody has screened for this order yet" in text_of(client.get(path))
    assert client.post(path, {"scope": "region"}).status_code == 403
    answer = client.post(path, {"scope": "own"})
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert "Where they are" not in text_of(page)
    assert Run.objects.get(municipality_code=factories.GRIBSKOV).pool == 2


def test_an_order_that_is_not_shared_is_screened_among_the_own(ann: Actor) -> None:
    order = factories.order()
    client, path = reader(ann), f"/orders/{order.public_id}/screening"
    page = client.get(path)
    assert b'value="region"' not in page.content
    assert client.post(path, {"scope": "region"}).status_code == 409
    assert client.post(path, {"scope": "own"}).status_code == 302


def test_an_order_outside_the_scope_is_not_found(eva: Actor) -> None:
    order = factories.order()
    assert reader(eva).get(f"/orders/{order.public_id}/screening").status_code == 404
    assert reader(eva).post(f"/orders/{order.public_id}/screening", {"scope": "own"}).status_code == 404


def test_the_funnel_says_how_many_each_must_have_leaves(run: Run, ann: Actor) -> None:
    page = text_of(reader(ann).get(f"/screenings/{run.public_id}"))
    assert f"Everybody in the pool {run.pool}" in page
    for name in ("Distance", "Weekly hours", "Driving licence C (Lorry)", "Language Danish, spoken, B1"):
        assert name in page
    assert "Own transport" not in page.split("Where they are")[0]


def test_others_are_cards_and_own_are_links(run: Run, ann: Actor) -> None:
    page = reader(ann).get(f"/screenings/{run.public_id}").content.decode()
    for person in Candidate.objects.all():
        is_own = person.home_id == factories.HILLEROED
        assert (str(person.public_id) in page) is is_own
        assert person.external_reference not in page
        assert person.identity.name not in page
        assert person.pseudonym not in page
    for card in cards(run, factories.GRIBSKOV):
        block = page.split(f'value="{card.public_id}"')[1].split("</article>")[0]
        assert not re.search(r"available from|latest start|2099|months|by road|3200|Lastbilchauffør|held: ", block)
    assert not AccessLog.objects.exists()


def test_every_verdict_opens_to_its_criteria_and_points(run: Run, ann: Actor) -> None:
    page = text_of(reader(ann).get(f"/screenings/{run.public_id}?municipality=0270"))
    assert "Driving licence C (Lorry): met (included in another licence)" in page
    assert "Certificate" in page and "unknown (this part of the profile has not been gone through)" in page
    assert re.search(r"Skills 1000 × 50 % = 500 \(not asked for|Skills 1000 × 50 % = 500", page)


def test_a_tile_narrows_the_list_to_one_municipality(run: Run, ann: Actor) -> None:
    page = reader(ann).get(f"/screenings/{run.public_id}?municipality=0270").content.decode()
    for home, is_there in ((factories.GRIBSKOV, True), (factories.HILLEROED, False)):
        for card in cards(run, home):
            assert (f'value="{card.public_id}"' in page) is is_there
    assert page.count('class="nrs-tile ') == 9


def test_two_are_compared_side_by_side_and_three_at_most(run: Run, ann: Actor) -> None:
    for _one in range(2):
        scenes.people()
    client = reader(ann)
    made = client.post(f"/orders/{run.order.public_id}/screening", {"scope": "region"})
    again = Run.objects.get(public_id=made["Location"].rpartition("/")[2])
    every = [*cards(again, factories.HILLEROED), *cards(again, factories.GRIBSKOV)]
    address = f"/screenings/{again.public_id}/compare"
    two = client.get(address, {"card": [str(card.public_id) for card in every[:2]]})
    assert text_of(two).count("met (within reach)") >= 1
    assert two.content.decode().count('<th scope="col">') == 3
    four = client.get(address, {"card": [str(card.public_id) for card in every[:4]]})
    assert four.content.decode().count('<th scope="col">') == 4
    assert "these are the first three" in text_of(four)


def test_a_card_of_another_order_is_not_compared(run: Run, ann: Actor) -> None:
    other = run_of(ann)
    strange = cards(other, factories.GRIBSKOV)[0]
    page = reader(ann).get(f"/screenings/{run.public_id}/compare", {"card": str(strange.public_id)})
    assert "Nobody is ticked" in text_of(page)


def test_several_others_are_requested_in_one_step(run: Run, ann: Actor) -> None:
    others = cards(run, factories.GRIBSKOV)
    run.order.refresh_from_db()
    sent = {"card": [str(card.public_id) for card in others], "version": run.order.version, "reason": "Bor tæt på."}
    answer = reader(ann).post(f"/screenings/{run.public_id}/request", sent)
    assert answer.status_code == 302
    assert set(Nomination.objects.values_list("candidate", "state")) == {(c.candidate_id, "requested") for c in others}
    page = reader(ann).get(f"/screenings/{run.public_id}").content.decode()
    assert page.count('<span class="badge badge-calm">requested</span>') == 2


def yes(card: Pseudonym, **changes: Any) -> dict[str, Any]:
    """The acceptance of one own candidate, as the form sends it."""
    values = {"accepted_on": clock.today().isoformat(), "channel": "phone"}
    values |= dict.fromkeys(("talk_can_do", "talk_wants_to", "cv_checked"), "on") | changes
    return {f"c{card.public_id}-{name}": value for name, value in values.items() if value}


def offer(run: Run, ann: Actor, *, version: int | None = None, **changes: Any) -> Any:
    """Send the offer of both own candidates; `changes` are those of the second acceptance."""
    first, second = cards(run, factories.HILLEROED)
    run.order.refresh_from_db()
    sent = {"card": [str(first.public_id), str(second.public_id)], "version": version or run.order.version}
    sent["reason"] = "De kender virksomheden."
    return reader(ann).post(f"/screenings/{run.public_id}/offer", sent | yes(first) | yes(second, **changes))


def test_several_own_are_offered_in_one_step(run: Run, ann: Actor) -> None:
    assert offer(run, ann).status_code == 302
    assert list(Nomination.objects.values_list("state", flat=True)) == ["accepted", "accepted"]


def test_one_who_cannot_be_offered_stops_all(run: Run, ann: Actor) -> None:
    cards_of_own = cards(run, factories.HILLEROED)
    Candidate.objects.filter(pk=cards_of_own[1].candidate_id).update(status="inactive")
    answer = offer(run, ann)
    assert answer.status_code == 422
    assert "The candidate is no longer available." in text_of(answer)
    assert not Nomination.objects.exists()


def test_an_acceptance_without_the_talk_is_refused_at_its_field(run: Run, ann: Actor) -> None:
    answer = offer(run, ann, talk_can_do="", accepted_on="2099-01-01")
    assert answer.status_code == 422
    assert "Confirm this first." in text_of(answer)
    assert not Nomination.objects.exists()


def test_an_order_changed_by_a_colleague_is_told_not_overwritten(run: Run, ann: Actor, bo: Actor) -> None:
    run.order.refresh_from_db()
    old = run.order.version
    steps.reassign(run.order.public_id, bo, old, assignee=bo.public_id)
    answer = offer(run, ann, version=old)
    assert answer.status_code == 412
    assert "The order was changed by Bo Prøve in the meantime." in text_of(answer)
    assert "What happened: reassigned." in text_of(answer)
    assert not Nomination.objects.exists()
    run.order.refresh_from_db()
    assert f'name="version" value="{run.order.version}"' in answer.content.decode()


def test_those_ticked_are_told_apart_and_one_step_leads_to_the_other(run: Run, ann: Actor) -> None:
    own, other = cards(run, factories.HILLEROED)[0], cards(run, factories.GRIBSKOV)[0]
    client = reader(ann)
    ids = [str(own.public_id), str(other.public_id)]
    page = text_of(client.get(f"/screenings/{run.public_id}/nominate", {"card": ids}))
    assert "Request 1 candidate" in page and "Offer 1 candidate" in page
    run.order.refresh_from_db()
    answer = client.post(f"/screenings/{run.public_id}/request", {"card": ids, "version": run.order.version})
    assert answer["Location"].endswith(f"/nominate?card={own.public_id}")


def test_an_asked_municipality_offers_and_cannot_request(run: Run) -> None:
    gro = factories.consultant(factories.GRIBSKOV)
    client = reader(gro)
    address = client.post(f"/orders/{run.order.public_id}/screening", {"scope": "own"})["Location"]
    page = text_of(client.get(address))
    assert "Offer those ticked" in page and "Request or offer" not in page and "Sheet for the company" not in page


def test_the_cards_of_others_are_gone_when_the_order_has_ended(run: Run, ann: Actor) -> None:
    run.order.refresh_from_db()
    steps.close(run.order.public_id, ann, run.order.version, reason="no_suitable_candidates")
    page = reader(ann).get(f"/screenings/{run.public_id}").content.decode()
    assert not [card for card in cards(run, factories.GRIBSKOV) if str(card.public_id) in page]
    assert [card for card in cards(run, factories.HILLEROED) if str(card.public_id) in page]


def test_a_changed_order_is_said_to_be_newer_than_its_screening(run: Run, ann: Actor) -> None:
    JobOrder.objects.filter(pk=run.order_id).update(revision=2)
    assert "The order was changed after this screening" in text_of(reader(ann).get(f"/screenings/{run.public_id}"))


def test_the_sheet_for_the_company_holds_what_the_company_may_see(ann: Actor) -> None:
    order = shared_order(ann)
    shown = scenes.offered(order, ann)
    gro = factories.consultant(factories.GRIBSKOV)
    waiting = factories.candidate(factories.GRIBSKOV, **scenes.FIT)
    order.refresh_from_db()
    acceptance = {**scenes.YES, "accepted_on": clock.today()}
    nominations.offer(order.public_id, gro, order.version, candidate=waiting.public_id, acceptance=acceptance)
    page = text_of(reader(ann).get(f"/orders/{order.public_id}/screening/print"))
    assert shown.identity.name in page
    assert "49 00 00 00" in page
    assert shown.identity.email not in page
    assert waiting.identity.name not in page
    for kept in ("of 1000", "rank ", "unknown", "3400 ", shown.external_reference, shown.pseudonym):
        assert kept not in page.split("Candidates for the job")[-1]
    [entry] = AccessLog.objects.all()
    assert (entry.candidate, entry.order, entry.actor_id) == (shown.public_id, order.public_id, ann.public_id)


def test_why_somebody_is_not_on_the_list_is_explained_for_own_candidates_only(ann: Actor) -> None:
    order = shared_order(ann)
    person = factories.candidate(**{**scenes.FIT, "languages": []})
    other = factories.candidate(factories.GRIBSKOV, **scenes.FIT)
    client, path = reader(ann), f"/orders/{order.public_id}/screening/why"
    page = text_of(client.get(path, {"q": person.external_reference}))
    assert "Not on the list" in page and "Language Danish, spoken, B1: missing" in page
    assert "no candidate with this case reference" in text_of(client.get(path, {"q": other.external_reference}))
    assert reader(factories.caseworker()).get(path).status_code == 403
    assert not AccessLog.objects.exists()


def test_the_sheet_is_the_leads(ann: Actor, eva: Actor) -> None:
    order = shared_order(ann)
    assert reader(eva).get(f"/orders/{order.public_id}/screening/print").status_code == 403


def test_who_is_chosen_past_others_needs_a_reason_which_the_screening_keeps(run: Run, ann: Actor) -> None:
    """Gribskov's second is asked for before the first three of the list."""
    last = run.verdicts.filter(home_code=factories.GRIBSKOV, outcome="check").get()
    card = Pseudonym.objects.get(order=run.order, candidate=last.candidate_id)
    run.order.refresh_from_db()
    sent = {"card": [str(card.public_id)], "version": run.order.version}
    client = reader(ann)
    page = client.get(f"/screenings/{run.public_id}/nominate", {"card": sent["card"]})
    assert "Why not those who stand before them on the list?" in text_of(page)
    refused = client.post(f"/screenings/{run.public_id}/request", sent)
    assert refused.status_code == 422 and not Nomination.objects.exists()
    assert 'href="#id_others_reason"' in refused.content.decode()
    answer = client.post(
        f"/screenings/{run.public_id}/request", sent | {"reason": "Bor ved arbejdspladsen."}, follow=True
    )
    assert "Chosen past others on the list" in text_of(answer) and "Bor ved arbejdspladsen." in text_of(answer)
    assert run.overrides.get().reason == "Bor ved arbejdspladsen."


def test_all_of_the_list_ticked_at_once_pass_nobody_over_though_they_are_nominated_in_two_steps(
    run: Run, ann: Actor
) -> None:
    ids = [str(card.public_id) for card in Pseudonym.objects.filter(order=run.order)]
    client = reader(ann)
    assert "stand before them" not in text_of(client.get(f"/screenings/{run.public_id}/nominate", {"card": ids}))
    run.order.refresh_from_db()
    sent = {"card": ids, "version": run.order.version}
    assert client.post(f"/screenings/{run.public_id}/request", sent).status_code == 302
    assert Nomination.objects.count() == 2 and not run.overrides.exists()


def test_offering_the_second_of_ours_past_the_first_is_kept_with_its_reason(run: Run, ann: Actor) -> None:
    last = run.verdicts.filter(home_code=factories.HILLEROED, outcome="check").get()
    card = Pseudonym.objects.get(order=run.order, candidate=last.candidate_id)
    run.order.refresh_from_db()
    sent = {"card": [str(card.public_id)], "version": run.order.version} | yes(card)
    assert reader(ann).post(f"/screenings/{run.public_id}/offer", sent).status_code == 422
    kept = reader(ann).post(f"/screenings/{run.public_id}/offer", sent | {"reason": "Har arbejdet der før."})
    assert kept.status_code == 302
    assert run.overrides.get().reason == "Har arbejdet der før."


def test_the_pdf_for_the_company_holds_what_it_may_see_and_nothing_else(ann: Actor) -> None:
    order = shared_order(ann, title="Chauffør på Ærø")
    shown = scenes.offered(order, ann)
    Identity.objects.filter(candidate=shown).update(
        name="Åse Prøve", contact_way="phone", phone="49 11 22 33", email="aase@privat.example"
    )
    gone = scenes.offered(order, ann)
    Identity.objects.filter(candidate=gone).update(name="Bent Borte")
    declined = Nomination.objects.get(candidate=gone)
    nominations.decline(declined.public_id, ann, declined.version, reason="experience")
    hidden = factories.candidate(factories.GRIBSKOV, name="Carl Skjult")
    services.run(order.public_id, actor=ann, scope="region")
    answer = reader(ann).get(f"/orders/{order.public_id}/screening/print.pdf")
    assert answer["Content-Type"] == "application/pdf" and answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"] == f'attachment; filename="{order.number}.pdf"'
    document = PdfReader(io.BytesIO(answer.content))
    said = " ".join(" ".join(page.extract_text() for page in document.pages).split())
    assert "Chauffør på Ærø" in said and "Åse Prøve" in said and "49 11 22 33" in said
    assert "Har kørt distribution i mange år." in said
    for secret in (
        "aase@privat",
        "Bent",
        "Carl",
        "of 1000",
        shown.external_reference,
        shown.pseudonym,
        hidden.pseudonym,
    ):
        assert secret not in said
    assert "Åse" not in str(document.metadata)
    assert AccessLog.objects.filter(candidate=shown.public_id, actor_id=ann.public_id).exists()


def test_the_pdf_is_for_the_lead(ann: Actor, eva: Actor) -> None:
    order = shared_order(ann)
    assert reader(eva).get(f"/orders/{order.public_id}/screening/print.pdf").status_code == 403
