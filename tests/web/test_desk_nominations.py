"""Candidates on the order page: steps for one and for several, offers, and refusals in words."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from candidates.models import AccessLog
from events import clock
from events.models import Event
from joborders.models import JobOrder, Nomination
from joborders.services import nominations, steps
from municipalities.actor import Actor
from tests import factories
from tests.web.desk import at_desk, chosen, claimed, fresh, offered, presented, shared, text_of, verified
from web.desk.nomination_pages import NOMINATION_PAGES

pytestmark = pytest.mark.django_db
TALK = {"talk_can_do": "on", "talk_wants_to": "on", "cv_checked": "on"}
START = {"starts_on": "2030-01-07", "weekly_hours": "37", "terms": "ordinary"}


def send(actor: Actor, order: JobOrder, step: str, *made: Nomination, **given: Any) -> Any:
    """Take a step as the page's form does."""
    sent = {"n": chosen(*made), **given}
    return at_desk(actor).post(f"/orders/{order.public_id}/nominations/{step}", sent)


def state(nomination: Nomination) -> str:
    return Nomination.objects.get(pk=nomination.pk).state


def requested(order: JobOrder, lead: Actor, home: Actor) -> Nomination:
    person = factories.candidate(str(home.municipality))
    [done] = nominations.request(order.public_id, lead, fresh(order).version, candidates=[person.public_id])
    return done.nomination


def accepted_today() -> dict[str, str]:
    return {"accepted_on": clock.today().isoformat(), "channel": "phone", **TALK}


def test_a_candidate_is_taken_from_request_to_hire(ann: Actor, eva: Actor) -> None:
    order = shared(ann)
    verified(order, ann)
    one = requested(order, ann, eva)
    assert send(eva, order, "accept", one, **accepted_today()).status_code == 302
    assert state(one) == "accepted"
    assert send(ann, order, "present", one, reason="Kendt af os").status_code == 302
    assert send(ann, order, "interview", one).status_code == 302
    assert state(one) == "interview"
    answer = send(ann, order, "hire", one, **START)
    assert (answer.status_code, answer["Location"]) == (302, f"/orders/{order.public_id}")
    assert fresh(order).hires == 1
    assert send(ann, order, "not_started", one, reason="no_show").status_code == 302
    assert state(one) == "not_started"


def test_several_are_presented_in_one_step_and_told_together(ann: Actor) -> None:
    order = verified(claimed(ann), ann)
    made = [offered(order, ann) for _ in range(3)]
    answer = send(ann, order, "present", *made, reason="Kendt af os")
    assert answer.status_code == 302
    assert [state(one) for one in made] == ["presented"] * 3
    together = {event.data["together"] for event in Event.objects.filter(type="nomination.presented")}
    assert len(together) == 1
    told = text_of(answer.client.get(answer["Location"]))
    assert "3 kandidater er præsenteret; virksomheden får én mail." in told


@pytest.mark.parametrize(("step", "reason"), [("decline", "experience"), ("withdraw", "found_work")])
def test_a_candidate_leaves_with_a_reason(ann: Actor, step: str, reason: str) -> None:
    order = claimed(ann)
    one = presented(order, ann)
    assert send(ann, order, step, one).status_code == 422
    assert send(ann, order, step, one, reason="other").status_code == 422
    assert send(ann, order, step, one, reason=reason).status_code == 302
    assert state(one) in ("declined", "withdrawn")


@pytest.mark.parametrize(
    ("step", "given", "field"),
    [
        ("hire", {**START, "weekly_hours": "90"}, "weekly_hours"),
        ("hire", {**START, "starts_on": ""}, "starts_on"),
        ("decline", {"reason": "other", "text": ""}, "text"),
    ],
)
def test_a_mistake_stands_at_its_field_and_nothing_is_written(
    ann: Actor, step: str, given: dict[str, str], field: str
) -> None:
    order = claimed(ann)
    made = [presented(order, ann), presented(order, ann)]
    for rows in (made[:1], made):
        answer = send(ann, order, step, *rows, **given)
        assert answer.status_code == 422
        assert f'id="id_{field}_error"' in answer.content.decode()
    assert [state(one) for one in made] == ["presented"] * 2


def test_a_failing_cv_is_named_and_needs_a_reason(ann: Actor) -> None:
    order = verified(claimed(ann), ann)
    one = offered(order, ann)
    shown = at_desk(ann).get(f"/orders/{order.public_id}/nominations/present", {"n": chosen(one)})
    assert "CV'et mangler:" in text_of(shown)
    answer = send(ann, order, "present", one)
    assert answer.status_code == 422
    assert 'id="id_reason_error"' in answer.content.decode()


def test_an_answer_of_the_talk_that_is_no_is_refused_at_its_question(ann: Actor, eva: Actor) -> None:
    order = shared(ann)
    one = requested(order, ann, eva)
    given = accepted_today()
    del given["talk_wants_to"]
    answer = send(eva, order, "accept", one, **given)
    assert answer.status_code == 422
    assert 'id="id_talk_wants_to_error"' in answer.content.decode()
    assert state(one) == "requested"


def test_a_colleague_who_was_faster_is_named_and_the_next_try_counts(ann: Actor, bo: Actor) -> None:
    order = claimed(ann)
    one = presented(order, ann)
    seen = chosen(one)
    nominations.interview(one.public_id, bo, one.version)
    address = f"/orders/{order.public_id}/nominations/decline"
    answer = at_desk(ann).post(address, {"n": seen, "reason": "experience"})
    text = text_of(answer)
    assert answer.status_code == 422
    assert "Bo Prøve har ændret det i mellemtiden" in text and "kaldt til samtale" in text
    assert chosen(one)[0] in answer.content.decode()
    assert state(one) == "interview"


def test_of_several_the_one_that_changed_is_named_and_nothing_is_done(ann: Actor, bo: Actor) -> None:
    order = claimed(ann)
    made = [presented(order, ann), presented(order, ann)]
    seen = chosen(*made)
    nominations.interview(made[1].public_id, bo, made[1].version)
    answer = at_desk(ann).post(f"/orders/{order.public_id}/nominations/decline", {"n": seen, "reason": "experience"})
    text = text_of(answer)
    assert made[1].candidate.identity.name + ":" in text
    assert [state(one) for one in made] == ["presented", "interview"]


def test_those_for_whom_it_is_not_possible_are_left_out_and_named(ann: Actor) -> None:
    order = claimed(ann)
    shown, waiting = presented(order, ann), offered(order, ann)
    page = at_desk(ann).get(f"/orders/{order.public_id}/nominations/interview", {"n": chosen(shown, waiting)})
    text = text_of(page)
    assert "Ikke muligt for: " + waiting.candidate.identity.name in text
    assert send(ann, order, "interview", shown, waiting).status_code == 302
    assert [state(shown), state(waiting)] == ["interview", "accepted"]


def test_of_several_the_one_that_a_colleague_moved_is_told_with_where_it_stands_now(ann: Actor, bo: Actor) -> None:
    order = claimed(ann)
    first, second = presented(order, ann), presented(order, ann)
    seen = chosen(first, second)
    nominations.interview(second.public_id, bo, second.version)
    sent = {"n": seen, "reason": "experience"}
    answer = at_desk(ann).post(f"/orders/{order.public_id}/nominations/decline", sent)
    told = text_of(answer)
    assert f"{second.candidate.identity.name}: ændret i mellemtiden, står nu på: samtale." in told
    assert [state(first), state(second)] == ["presented", "interview"]
    again = re.findall(r'name="n" value="([^"]+)"', answer.content.decode())
    assert at_desk(ann).post(f"/orders/{order.public_id}/nominations/decline", {**sent, "n": again}).status_code == 302


@pytest.mark.parametrize("n", [[], ["x"], ["00000000-0000-4000-8000-000000000000.1"], ["a.b.c"]])
def test_a_step_without_candidates_leads_back(ann: Actor, n: list[str]) -> None:
    order = claimed(ann)
    answer = at_desk(ann).post(f"/orders/{order.public_id}/nominations/interview", {"n": n})
    assert (answer.status_code, answer["Location"]) == (302, f"/orders/{order.public_id}")


def test_candidates_of_another_order_are_not_touched(ann: Actor) -> None:
    order, other = claimed(ann), claimed(ann)
    one = presented(other, ann)
    assert send(ann, order, "interview", one).status_code == 302
    assert state(one) == "presented"


def test_only_those_who_are_shown_are_logged(ann: Actor) -> None:
    order = claimed(ann)
    made = [presented(order, ann), presented(order, ann)]
    AccessLog.objects.all().delete()
    client = at_desk(ann)
    client.get(f"/orders/{order.public_id}/nominations/interview", {"n": chosen(made[0])})
    assert [row.candidate for row in AccessLog.objects.all()] == [made[0].candidate.public_id]


def test_one_of_ours_is_offered_by_case_number(ann: Actor, eva: Actor) -> None:
    order = shared(ann)
    person = factories.candidate(factories.HELSINGOER, external_reference="SAG-77")
    client = at_desk(eva)
    assert "En del af navnet eller sagsnummeret." in text_of(client.get(f"/orders/{order.public_id}/offer"))
    sent = {"version": fresh(order).version, "q": "SAG-77", **accepted_today()}
    answer = client.post(f"/orders/{order.public_id}/offer", sent)
    assert answer.status_code == 302
    assert Nomination.objects.get(order=order).candidate_id == person.pk


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"q": "FINDES-IKKE"}, "q"),
        ({"q": "SAG"}, "person"),
        ({"talk_can_do": ""}, "talk_can_do"),
        ({"accepted_on": "2999-01-01"}, "accepted_on"),
    ],
)
def test_an_offer_that_lacks_something_is_told_at_its_field(
    ann: Actor, eva: Actor, changed: dict[str, str], field: str
) -> None:
    order = shared(ann)
    factories.candidate(factories.HELSINGOER, external_reference="SAG-77")
    factories.candidate(factories.HILLEROED, external_reference="FINDES-IKKE")
    sent = {"version": fresh(order).version, "q": "SAG-77", **accepted_today(), **changed}
    answer = at_desk(eva).post(f"/orders/{order.public_id}/offer", sent)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Nomination.objects.exists()


def test_one_of_ours_is_looked_up_by_name_without_javascript(ann: Actor, eva: Actor) -> None:
    order = shared(ann)
    bo = factories.candidate(factories.HELSINGOER, name="Bodil Prøve", external_reference="SAG-1")
    factories.candidate(factories.HELSINGOER, name="Bodil Prøvesen", external_reference="SAG-2")
    factories.candidate(factories.HILLEROED, name="Bodil Andetsteds", external_reference="SAG-3")
    client = at_desk(eva)
    sent = {"version": fresh(order).version, "q": "bodil", **accepted_today()}
    page = client.post(f"/orders/{order.public_id}/offer", {**sent, "look": "1"})
    said = text_of(page)
    assert page.status_code == 200 and not Nomination.objects.exists()
    assert "Bodil Prøve, SAG-1" in said and "Bodil Prøvesen, SAG-2" in said and "Andetsteds" not in said
    assert re.search(r'name="talk_can_do"[^>]* checked', page.content.decode())
    part = client.post(f"/orders/{order.public_id}/offer/people", sent).content.decode()
    assert part.strip() in page.content.decode()
    assert client.post(f"/orders/{order.public_id}/offer", sent).status_code == 422
    answer = client.post(f"/orders/{order.public_id}/offer", {**sent, "person": str(bo.public_id)})
    assert answer.status_code == 302
    assert Nomination.objects.get(order=order).candidate_id == bo.pk
    assert AccessLog.objects.filter(candidate=bo.public_id, order=order.public_id, fields="name").exists()


def test_nobody_of_another_jobcentre_is_offered_by_a_forged_choice(ann: Actor, eva: Actor) -> None:
    order = shared(ann)
    other = factories.candidate(factories.HILLEROED, external_reference="SAG-3")
    sent = {"version": fresh(order).version, "q": "SAG", "person": str(other.public_id), **accepted_today()}
    assert at_desk(eva).post(f"/orders/{order.public_id}/offer", sent).status_code == 422
    assert not Nomination.objects.exists()


def test_an_offer_on_an_order_that_changed_is_told_and_kept(ann: Actor, eva: Actor) -> None:
    order = shared(ann)
    factories.candidate(factories.HELSINGOER, external_reference="SAG-77")
    old = fresh(order).version
    steps.verify_contact(order.public_id, ann, old, source="website")
    client = at_desk(eva)
    answer = client.post(f"/orders/{order.public_id}/offer", {"version": old, "q": "SAG-77", **accepted_today()})
    html = answer.content.decode()
    assert answer.status_code == 412
    assert "Ann Prøve har ændret det i mellemtiden" in text_of(answer)
    assert 'value="SAG-77"' in html
    assert f'name="version" value="{fresh(order).version}"' in html


def test_an_offer_is_not_for_those_who_were_not_asked(ann: Actor, kim: Actor) -> None:
    order = claimed(ann)
    steps.close(order.public_id, ann, order.version, reason="withdrawn")
    assert at_desk(ann).get(f"/orders/{order.public_id}/offer").status_code == 302
    assert at_desk(kim).get(f"/orders/{order.public_id}/offer").status_code == 403


def test_every_step_has_a_page_that_opens(ann: Actor, eva: Actor) -> None:
    order = verified(shared(ann), ann)
    asked, ready, shown = requested(order, ann, eva), offered(order, ann), presented(order, ann)
    hired = presented(order, ann)
    nominations.hire(
        hired.public_id, ann, hired.version, **{**START, "starts_on": dt.date(2030, 1, 7), "weekly_hours": 37}
    )
    talked = presented(order, ann)
    met = nominations.interview(talked.public_id, ann, talked.version).nomination
    cases = {"move_interview": (ann, met), "accept": (eva, asked), "present": (ann, ready), "not_started": (ann, hired)}
    for step in NOMINATION_PAGES:
        actor, one = cases.get(step, (ann, shown))
        page = at_desk(actor).get(f"/orders/{order.public_id}/nominations/{step}", {"n": chosen(one)})
        assert page.status_code == 200, step
    assert at_desk(ann).get(f"/orders/{order.public_id}/nominations/explode").status_code == 404
