"""The order page: what it shows, every step with its form, every refusal, and a colleague who was faster."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from candidates.models import AccessLog
from companies.models import ContactLogEntry
from events import clock
from joborders import promises, workflow
from joborders.models import JobOrder, SupplyAnswer
from joborders.services import base, changes, steps
from joborders.tasks import run_clocks
from municipalities.actor import Actor
from tests import factories
from tests.web.desk import at_desk, claimed, fresh, offered, presented, shared, statements, text_of, verified
from web.desk import sentences
from web.desk.step_pages import MORE, NEXT, STEP_PAGES
from web.forms.desk_change import first_values

pytestmark = pytest.mark.django_db
NEEDS = [
    {"kind": "licence", "code": "CE", "is_must": True},
    {"kind": "language", "code": "da", "is_must": False, "oral": "B1", "written": None},
]


def page(order: JobOrder, step: str = "") -> str:
    return f"/orders/{order.public_id}" + (f"/steps/{step}" if step else "")


def send(actor: Actor, order: JobOrder, step: str, version: int | None = None, **given: Any) -> Any:
    """Take a step as the page's form does."""
    return at_desk(actor).post(page(order, step), {"version": version or fresh(order).version, **given})


def test_the_page_says_what_is_wanted_what_was_promised_and_what_happened(ann: Actor) -> None:
    order = claimed(ann, requirements=NEEDS, hours_min=37, hours_max=37, shifts=["night"], wage="Efter aftale")
    text = text_of(at_desk(ann).get(page(order)))
    for words in (
        order.number,
        "Kørsel med varer",
        "Lastbil",
        "mundtligt B1",
        "37",
        "nat",
        "Efter aftale",
        "Kirsten Prøve",
        "48 00 00 00",
        "ikke bekræftet endnu",
        "Første kontakt",
        f"Ann Prøve ({order.lead.jobcentre}) tog ordren.",
        f"{order.company.name} indsendte ordren.",
    ):
        assert words in text


def test_an_ended_order_says_why(ann: Actor) -> None:
    order = claimed(ann)
    steps.close(order.public_id, ann, order.version, reason="other", text="Fabrikken lukker")
    text = text_of(at_desk(ann).get(page(order)))
    assert "en anden grund: Fabrikken lukker" in text
    assert "Genåbn" in text
    assert "Tag " not in text


def test_an_order_like_another_asks_whether_it_is_that_one(ann: Actor) -> None:
    firm = factories.company()
    first = factories.order(firm)
    second = factories.order(firm)
    text = text_of(at_desk(ann).get(page(second)))
    assert "Er det denne?" in text and first.number in text


@pytest.mark.parametrize("step", [*NEXT, *MORE])
def test_a_step_is_offered_exactly_where_the_workflow_allows_it(ann: Actor, eva: Actor, kim: Actor, step: str) -> None:
    orders = [factories.order(), claimed(ann), shared(ann), claimed(ann)]
    steps.close(orders[3].public_id, ann, orders[3].version, reason="withdrawn")
    for order in orders:
        for actor in (ann, eva, kim):
            if not JobOrder.objects.visible_to(actor).filter(pk=order.pk).exists():
                continue
            rule = STEP_PAGES[step].rule
            allowed = workflow.allowed(base.facts(fresh(order)), actor)
            if actor.works_in(order.lead_id):
                allowed = (*allowed, "replace_link", *(["verify_contact"] if fresh(order).state == "open" else []))
            client = at_desk(actor)
            is_offered = f'/steps/{step}"' in client.get(page(order)).content.decode()
            assert is_offered is (rule in allowed), (order.state, actor.name, step)
            assert client.get(page(order, step)).status_code == (200 if rule in allowed else 302)


def test_every_step_of_the_workflow_that_a_person_here_may_take_has_its_place() -> None:
    by_others = {"screen", "offer", "propose_change", "fill", "ask_reopen"}
    assert {one.rule for one in STEP_PAGES.values()} == (set(workflow.STEPS) - by_others) | {
        "verify_contact",
        "replace_link",
    }


def test_called_and_spoke_with_is_one_click(ann: Actor) -> None:
    order = claimed(ann)
    shown = at_desk(ann).get(page(order)).content.decode()
    assert "Ringet, talte med Kirsten Prøve" in shown
    answer = send(ann, order, "respond", kind="phone", text="Talte med Kirsten Prøve.")
    assert (answer.status_code, answer["Location"]) == (302, page(order))
    assert fresh(order).responded_at is not None
    assert ContactLogEntry.objects.get(order=order.public_id).text == "Talte med Kirsten Prøve."


def test_claim_and_reassign(ann: Actor, bo: Actor) -> None:
    order = factories.order()
    assert send(ann, order, "claim").status_code == 302
    assert fresh(order).assignee_id == ann.user_id
    offered_to = at_desk(ann).get(page(order, "reassign")).content.decode()
    assert str(bo.public_id) in offered_to and str(ann.public_id) not in offered_to
    assert send(ann, order, "reassign", assignee=str(bo.public_id), reason="Ferie").status_code == 302
    assert fresh(order).assignee_id == bo.user_id


def test_verify_share_pause_resume(ann: Actor) -> None:
    order = claimed(ann)
    for step, given in (("verify_contact", {"source": "website"}), ("share", {}), ("pause", {"note": "Nok for nu"})):
        assert send(ann, order, step, **given).status_code == 302
    now = fresh(order)
    assert now.contact_verified_at and now.shared_at and now.paused_at
    assert "Nok for nu" in text_of(at_desk(ann).get(page(order)))
    assert send(ann, order, "resume").status_code == 302
    assert fresh(order).paused_at is None


def test_hand_over_leads_back_to_the_queue_when_the_order_is_out_of_sight(ann: Actor) -> None:
    order = claimed(ann)
    given = {"to": factories.HELSINGOER, "reason": "Arbejdet er der", "agreed_by": "Eva Prøve"}
    answer = send(ann, order, "hand_over", **given)
    assert (answer.status_code, answer["Location"]) == (302, "/queue")
    assert fresh(order).lead_id == factories.HELSINGOER


def test_an_asked_municipality_answers_on_the_page(ann: Actor, eva: Actor) -> None:
    order = shared(ann)
    day = clock.today() + dt.timedelta(days=5)
    assert send(eva, order, "answer_supply", count=2, by_date=day.isoformat(), note="Snart").status_code == 302
    assert SupplyAnswer.objects.get(order=order).note == "Snart"
    text = text_of(at_desk(ann).get(page(order)))
    assert "Tilsagn fra de andre" in text and "Snart" in text


def test_close_and_reopen(ann: Actor) -> None:
    order = claimed(ann)
    reasons = at_desk(ann).get(page(order, "close")).content.decode()
    assert 'value="withdrawn"' in reasons and 'value="filled"' not in reasons
    assert send(ann, order, "close", reason="no_suitable_candidates").status_code == 302
    assert fresh(order).state == "closed"
    assert send(ann, order, "reopen", reason="De har ombestemt sig").status_code == 302
    assert fresh(order).state == "open"


MISTAKES = [
    ("respond", {"kind": "pigeon"}, "kind"),
    ("respond", {"kind": "phone", "happened_at": "2999-01-01T08:00"}, "happened_at"),
    ("respond", {"kind": "phone", "text": "CPR 010190-1234"}, "text"),
    ("verify_contact", {}, "source"),
    ("hand_over", {"to": "0217", "reason": "", "agreed_by": "Eva"}, "reason"),
    ("reassign", {"assignee": ""}, "assignee"),
    ("close", {"reason": "other", "text": ""}, "text"),
    ("change", {"title": "", "description": "x", "positions": 1, "contact_name": "x"}, "title"),
    ("change", {"title": "x", "description": "x", "positions": 0, "contact_name": "x"}, "positions"),
    ("requirements", {"add_kind": "licence", "add_name": "findes ikke", "add_as": "must"}, "add_name"),
    ("requirements", {"add_kind": "language", "add_name": "da", "add_as": "must"}, "add_name"),
]


@pytest.mark.parametrize(("step", "given", "field"), MISTAKES)
def test_a_mistake_is_told_at_its_field_and_nothing_is_written(
    ann: Actor, step: str, given: dict[str, Any], field: str
) -> None:
    order = claimed(ann)
    answer = send(ann, order, step, **given)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.count("<title>Fejl:") == 1
    assert f'id="id_{field}_error"' in html
    assert fresh(order).version == order.version


def as_posted(order: JobOrder, **changed: Any) -> dict[str, Any]:
    """The change form as a browser sends it: what was seen, and what the person made of it."""
    seen = {name: "" if value is None else value for name, value in first_values(order).items()}
    return {**{f"initial-{name}": value for name, value in seen.items()}, **seen, **changed}


def test_a_change_sends_what_the_person_changed_and_nothing_else(ann: Actor) -> None:
    order = claimed(ann)
    answer = send(ann, order, "change", **as_posted(order, positions=5, starts_on="2999-01-01"))
    assert answer.status_code == 422  # too far away
    later = (clock.today() + dt.timedelta(days=30)).isoformat()
    answer = send(ann, order, "change", **as_posted(order, positions=5, starts_on=later, contact_phone="48 11 11 11"))
    assert answer.status_code == 302
    now = fresh(order)
    assert (now.positions, now.starts_on.isoformat(), now.contact_phone) == (5, later, "48 11 11 11")
    assert (now.title, now.contact_name) == (order.title, order.contact_name)


def test_positions_filled_otherwise_are_counted_and_end_a_full_order(ann: Actor) -> None:
    order = claimed(ann)
    assert send(ann, order, "change", **as_posted(order, filled_otherwise=3)).status_code == 302
    assert (fresh(order).state, fresh(order).close_reason) == ("closed", "hired_elsewhere")


def test_requirements_are_added_turned_into_wishes_and_removed(ann: Actor) -> None:
    order = claimed(ann, requirements=NEEDS)
    given = {
        "row-licence-CE": "wish",
        "row-language-da": "remove",
        "add_kind": "licence",
        "add_name": "B",
        "add_as": "must",
    }
    assert send(ann, order, "requirements", **given).status_code == 302
    rows = fresh(order).requirements.order_by("code").values_list("kind", "code", "is_must")
    assert list(rows) == [("licence", "B", True), ("licence", "CE", False)]


def test_a_colleague_who_was_faster_is_named_with_what_they_did_and_nothing_is_lost(ann: Actor, bo: Actor) -> None:
    order = claimed(ann)
    changes.change(order.public_id, bo, order.version, {"positions": 7}, note="Kirsten ringede")
    answer = send(ann, order, "change", version=order.version, **as_posted(order, title="Chauffør med kran"))
    text, html = text_of(answer), answer.content.decode()
    assert answer.status_code == 412
    assert "Bo Prøve har ændret det i mellemtiden" in text
    assert "rettede: stillinger." in text and "Kirsten ringede" in text
    assert 'value="Chauffør med kran"' in html  # typed, kept
    assert 'name="positions" value="7"' in html  # untouched, as the colleague left it
    assert fresh(order).title == order.title
    again = send(ann, order, "change", **as_posted(fresh(order), title="Chauffør med kran"))
    assert again.status_code == 302
    assert (fresh(order).title, fresh(order).positions) == ("Chauffør med kran", 7)


def test_a_step_that_a_colleague_has_taken_already_is_told_without_a_form(ann: Actor, bo: Actor) -> None:
    order = factories.order()
    steps.claim(order.public_id, bo, order.version)
    answer = send(ann, order, "claim", version=order.version)
    text = text_of(answer)
    assert answer.status_code == 412
    assert "Bo Prøve har ændret det i mellemtiden" in text
    assert "Dit skridt er ikke længere nødvendigt" in text
    assert fresh(order).assignee_id == bo.user_id


def test_a_step_of_somebody_else_is_refused_in_words(ann: Actor, eva: Actor) -> None:
    order = shared(ann)
    answer = at_desk(eva).post(page(order, "close"), {"version": order.version, "reason": "withdrawn"}, follow=True)
    assert "Det har du ikke lov til." in text_of(answer)
    assert fresh(order).state == "open"


def test_an_unknown_step_is_not_found(ann: Actor) -> None:
    assert at_desk(ann).get(page(claimed(ann), "explode")).status_code == 404


def test_the_order_page_takes_nine_queries_and_as_many_for_many_candidates(ann: Actor, eva: Actor) -> None:
    taken = []
    for count in (1, 4):
        order = shared(ann, requirements=NEEDS)
        verified(order, ann)
        for _ in range(count):
            presented(order, ann)
            offered(order, eva)
        client = at_desk(ann)
        with statements() as found:
            assert client.get(page(order)).status_code == 200
        taken.append(len(found))
    assert taken == [9, 9], "\n".join(found)


def test_everybody_named_on_the_page_is_in_the_access_log_and_nobody_else(ann: Actor, eva: Actor) -> None:
    order = shared(ann)
    own = offered(order, ann)
    AccessLog.objects.all().delete()
    shown = text_of(at_desk(eva).get(page(order)))
    assert own.candidate.identity.name not in shown
    assert AccessLog.objects.count() == 0
    shown = text_of(at_desk(ann).get(page(order)))
    assert own.candidate.identity.name in shown
    assert [row.candidate for row in AccessLog.objects.all()] == [own.candidate.public_id]


def test_the_coordinator_sees_no_candidates(ann: Actor, kim: Actor) -> None:
    order = shared(ann)
    offered(order, ann)
    assert "Ingen kandidater på ordren endnu" in text_of(at_desk(kim).get(page(order)))


def test_the_page_is_for_consultants_and_coordinators(cas: Actor) -> None:
    assert at_desk(cas).get(page(factories.order())).status_code == 403


def test_every_level_of_a_promise_has_its_own_sentence() -> None:
    assert set(sentences.CLOCK) == {level.name for level in promises.LEVELS}


def test_the_history_warns_before_a_promise_is_broken_and_says_so_only_after(ann: Actor) -> None:
    order = claimed(ann)
    warned, broken = "fristen nærmer sig", "Der blev ikke præsenteret en kandidat til tiden."
    run_clocks(order.candidate_due_at - dt.timedelta(minutes=1))
    early = text_of(at_desk(ann).get(page(order)))
    assert warned in early and broken not in early
    run_clocks(order.candidate_due_at)
    assert broken in text_of(at_desk(ann).get(page(order)))
