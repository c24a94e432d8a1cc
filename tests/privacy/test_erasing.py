"""Deleting a citizen: nothing that names them is left, the figures are, and a replay says that inputs are gone."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import CharField, JSONField, TextField

from candidates.models import AccessLog, Candidate, Identity, Release
from events.errors import Conflict, NotAllowed, NotVisible, Stale
from events.models import Event
from joborders.models import Nomination
from joborders.services import nominations
from municipalities.actor import Actor
from privacy import erasing
from privacy.extract import made
from privacy.models import Erasure
from screening import services as screening
from screening.models import Pseudonym, VerdictRow
from screening.replay import replay, sentences
from tests import factories
from tests.api.order_cases import HIRED, offered, shared_order
from tests.browser.people_pages import FIT
from tests.browser.people_pages import shared_order as screened_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
CANARY = "Kanariefugl"


@pytest.fixture
def offer(ann: Actor) -> Nomination:
    """A screened person with a canary in every text, presented on an order of Hillerød."""
    order = shared_order(ann)
    made_ready = offered(
        order, ann, name=f"{CANARY} Prøve", cv_text=f"{CANARY} har kørt.", external_reference=f"SAG-{CANARY}",
        email="kanariefugl@borger.example",
    )  # fmt: skip
    made_ready.refresh_from_db()
    return nominations.present(made_ready.public_id, ann, made_ready.version, reason=f"{CANARY} er kendt").nomination


def finished(nomination: Nomination, actor: Actor) -> Nomination:
    """The same, withdrawn with a text."""
    nomination.refresh_from_db()
    nominations.withdraw(
        nomination.public_id, actor, nomination.version, reason="found_work", text=f"{CANARY} fik arbejde"
    )
    return nomination


def texts_of_everything() -> dict[str, str]:
    """All texts of the house's tables, by table."""
    found = {}
    for model in apps.get_models():
        columns = [f.attname for f in model._meta.concrete_fields if isinstance(f, CharField | TextField | JSONField)]
        if columns:
            found[model._meta.label] = str(list(model._base_manager.values_list(*columns)))
    return found


def erased(nomination: Nomination, actor: Actor) -> Erasure:
    candidate = Candidate.objects.get(pk=nomination.candidate_id)
    return erasing.erase(candidate.public_id, actor, candidate.version)


def test_nothing_that_names_the_person_is_left_in_any_table(offer: Nomination, ann: Actor) -> None:
    finished(offer, ann)
    assert [label for label, text in texts_of_everything().items() if CANARY.lower() in text.lower()]
    proof = erased(offer, ann)
    assert [label for label, text in texts_of_everything().items() if CANARY.lower() in text.lower()] == []
    assert not Identity.objects.exists() and not Release.objects.exists() and not Pseudonym.objects.exists()
    assert proof.counts["candidate"] == proof.counts["identity"] == proof.counts["nominations"] == 1
    assert (proof.home_id, proof.reason, proof.by_user_id) == ("0219", "request", ann.user_id)


def test_the_nomination_keeps_its_id_states_and_codes_and_so_do_its_events(offer: Nomination, ann: Actor) -> None:
    finished(offer, ann)
    before = list(Event.objects.filter(subject=offer.public_id).order_by("id").values_list("type", "data"))
    erased(offer, ann)
    row = Nomination.objects.get(public_id=offer.public_id)
    assert (row.candidate_id, row.state, row.end_reason, row.cv_text, row.end_text) == (
        None, "withdrawn", "found_work", "", "",
    )  # fmt: skip
    assert row.presented_at == offer.presented_at and row.home_code == "0219"
    assert list(Event.objects.filter(subject=offer.public_id).order_by("id").values_list("type", "data")) == before
    [event] = Event.objects.filter(type="candidate.erased")
    assert event.audience.strip(" ,;|") == "0219" and event.data == {"reason": "request"}


def test_a_replay_answers_inputs_erased(ann: Actor) -> None:
    person, order = factories.candidate("0219", **FIT), screened_order(ann)
    run = screening.run(order.public_id, actor=ann, scope="own")
    assert run.listed == VerdictRow.objects.count() == 1
    erasing.erase(person.public_id, ann, person.version)
    again = replay(run)
    assert again.erased == run.listed and not again.is_same
    assert any(line.startswith("inputs erased") for line in sentences(again))


def test_unfinished_nominations_and_holds_stand_in_the_way(offer: Nomination, ann: Actor, cas: Actor) -> None:
    with pytest.raises(Conflict) as refused:
        erased(offer, ann)
    assert refused.value.code == "unfinished_nominations"
    finished(offer, ann)
    person = Candidate.objects.get(pk=offer.candidate_id)
    erasing.hold(person.public_id, cas, "Klagesag")
    with pytest.raises(Conflict) as refused:
        erased(offer, ann)
    assert refused.value.code == "legal_hold"
    erasing.end_hold(person.public_id, cas)
    erased(offer, ann)


def test_only_the_home_jobcentre_deletes_and_only_what_it_has_read(
    offer: Nomination, ann: Actor, eva: Actor, kim: Actor
) -> None:
    person = Candidate.objects.get(pk=offer.candidate_id)
    for stranger, error in ((eva, NotVisible), (kim, NotVisible)):
        with pytest.raises(error):
            erasing.erase(person.public_id, stranger, person.version)
        with pytest.raises((NotVisible, NotAllowed)):
            erasing.hold(person.public_id, stranger, "x")
        with pytest.raises((NotVisible, NotAllowed)):
            made(person.public_id, stranger)
    with pytest.raises(Stale):
        erasing.erase(person.public_id, ann, person.version - 1)


def test_a_forgotten_nomination_takes_no_step_and_stays_on_the_order(offer: Nomination, ann: Actor) -> None:
    nominations.interview(offer.public_id, ann, Nomination.objects.get(pk=offer.pk).version)
    offer.refresh_from_db()
    nominations.hire(offer.public_id, ann, offer.version, **HIRED)
    erased(offer, ann)
    offer.refresh_from_db()
    with pytest.raises(Conflict) as refused:
        nominations.not_started(offer.public_id, ann, offer.version, reason="no_show")
    assert refused.value.code == "anonymised"


def test_the_extract_holds_everything_about_the_person_and_is_itself_logged(offer: Nomination, ann: Actor) -> None:
    found = made(Candidate.objects.get(pk=offer.candidate_id).public_id, ann)
    assert found["identity"]["name"] == f"{CANARY} Prøve" and found["cv_text"] == f"{CANARY} har kørt."
    assert found["profile"]["external_reference"] == f"SAG-{CANARY}"
    [nomination] = found["nominations"]
    assert nomination["cv_text"] and nomination["company"]
    assert found["shared_with"] and found["changes"]
    first = found["reads"][0]
    assert first["purpose"] == "candidate.extract" and first["role"] == "consultant"
    assert AccessLog.objects.filter(purpose="candidate.extract", actor_id=ann.public_id).count() == 1


def test_the_extract_names_places_and_no_employee(offer: Nomination, ann: Actor) -> None:
    found = made(Candidate.objects.get(pk=offer.candidate_id).public_id, ann)
    assert ann.name not in str(found) and str(ann.public_id) not in str(found)
    assert found["reads"][0]["who"]
