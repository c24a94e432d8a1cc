"""Handing in an order: routed, numbered, promised, told; everything that is wrong is said at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from events import clock
from events.errors import Invalid, NotAllowed, NotVisible
from events.models import Event
from joborders.models import Intake, JobOrder, OrderSpan, Revision
from joborders.services import follow, submitting
from municipalities.actor import Actor
from tests import factories as make
from vocabulary.models import Skill

pytestmark = pytest.mark.usefixtures("reference", "monday")


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=clock.COPENHAGEN)


def problems(error: pytest.ExceptionInfo[Invalid]) -> set[tuple[str, str]]:
    return {(problem.pointer, problem.code) for problem in error.value.errors}


def test_an_order_is_open_numbered_routed_promised_and_told():
    order = make.order(unit=None)
    assert order.number == "NRS-2026-00001"
    assert (order.state, order.lead_id, order.version, order.routed_by) == ("open", "0219", 1, "company_lead")
    assert order.response_due_at == at(3)
    assert order.candidate_due_at == at(9)
    assert order.next_due_at == order.response_due_at
    event = Event.objects.get(subject=order.public_id)
    assert event.type == "joborder.submitted"
    assert event.data["number"] == order.number
    assert Revision.objects.get(order=order).wanted["positions"] == 3
    assert OrderSpan.objects.get(order=order).happened_from == order.received_at


def test_numbers_run_within_a_year():
    assert [make.order().number for _ in range(2)] == ["NRS-2026-00001", "NRS-2026-00002"]
    with clock.at(datetime(2027, 1, 1, 12, tzinfo=clock.COPENHAGEN)):
        assert make.order().number == "NRS-2027-00001"


def test_demands_become_rows_and_are_kept_in_the_revision():
    skill = Skill.objects.current().first()
    order = make.order(
        requirements=[
            {"kind": "licence", "code": "C"},
            {"kind": "certificate", "code": "chauffoer-gods", "is_must": False},
            {"kind": "language", "code": "da", "oral": "B1"},
            {"kind": "skill", "code": str(skill.public_id)},
        ]
    )
    assert order.requirements.count() == 4
    assert order.requirements.get(kind="language").oral == 3
    assert len(order.revisions.get().wanted["requirements"]) == 4


BAD = [
    ({"occupation": "9999"}, "/occupation", "unknown_code"),
    ({"occupation": "xx"}, "/occupation", "unknown_code"),
    ({"requirements": [{"kind": "licence", "code": "ZZ"}]}, "/requirements/0/code", "unknown_code"),
    ({"requirements": [{"kind": "certificate", "code": "no"}]}, "/requirements/0/code", "unknown_code"),
    ({"requirements": [{"kind": "skill", "code": "no such skill"}]}, "/requirements/0/code", "unknown_code"),
    ({"requirements": [{"kind": "language", "code": "qq", "oral": 1}]}, "/requirements/0/code", "unknown_code"),
    ({"requirements": [{"kind": "language", "code": "da"}]}, "/requirements/0/oral", "required"),
    ({"requirements": [{"kind": "wish", "code": "da"}]}, "/requirements/0/kind", "unknown_code"),
    ({"requirements": [{"kind": "licence", "code": "B"}] * 2}, "/requirements/1/code", "twice"),
    ({"starts_on": "2026-03-01"}, "/starts_on", "in_the_past"),
    ({"starts_on": "soon"}, "/starts_on", "invalid_date"),
    ({"deadline": "2020-01-01"}, "/deadline", "in_the_past"),
    ({"positions": 0}, "/positions", "out_of_range"),
    ({"positions": 10_000}, "/positions", "out_of_range"),
    ({"positions": "3"}, "/positions", "invalid_type"),
    ({"positions": True}, "/positions", "invalid_type"),
    ({"positions": None}, "/positions", "invalid_type"),
    ({"title": ""}, "/title", "too_short"),
    ({"title": "Sælger 010190-1234"}, "/title", "cpr_number"),
    ({"wage": "010190 1234"}, "/wage", "cpr_number"),
    ({"description": "Ring\x07"}, "/description", "control_characters"),
    ({"description": "x" * 5001}, "/description", "too_long"),
    ({"contact": {"name": "Kirsten"}}, "/contact/phone", "contact_needed"),
    ({"contact": {"name": "", "phone": "48000000"}}, "/contact/name", "too_short"),
    ({"contact": {"name": "K", "email": "nej"}}, "/contact/email", "invalid_email"),
    ({"contact": {"name": "K", "phone": "12"}}, "/contact/phone", "invalid_phone"),
    ({"contact": {"name": "010190-1234", "phone": "48000000"}}, "/contact/name", "cpr_number"),
    ({"contact": None}, "/contact", "invalid_type"),
    ({"employment": "fixed_term"}, "/employment_until", "required"),
    ({"hours_min": 37, "hours_max": 20}, "/hours_max", "below_minimum"),
    ({"hours_max": 61}, "/hours_max", "out_of_range"),
    ({"shifts": ["dawn"]}, "/shifts", "unknown_code"),
    ({"unit": "8e6f2f3a-0000-4000-8000-000000000000"}, "/unit", "unknown_unit"),
    ({"p_number": "123"}, "/p_number", "p_number_invalid"),
    ({"workplace": {"postal_code": "2950"}}, "/workplace/municipality", "choose_municipality"),
    ({"workplace": {"postal_code": "2950", "municipality": "0219"}}, "/workplace/municipality", "not_in_postcode"),
    ({"workplace": {"street": "Vej 1"}}, "/workplace/postal_code", "required"),
    ({"apply_how": "link"}, "/apply_link", "required"),
    ({"apply_link": "javascript:alert(1)"}, "/apply_link", "invalid_link"),
    ({"max_distance_km": 0}, "/max_distance_km", "out_of_range"),
    ({"max_distance_km": 20_000}, "/max_distance_km", "out_of_range"),
    ({"requirements": [{"kind": "skill", "code": f"skill {n}"} for n in range(200)]}, "/requirements", "invalid_type"),
    ({"workplace": {"postal_code": "21115"}}, "/workplace/postal_code", "invalid_code"),
    ({"workplace": {"postal_code": "3900"}}, "/workplace/municipality", "required"),
    ({"workplace": {"postal_code": "SE-2"}}, "/workplace/postal_code", "invalid_code"),
    ({"grace_days": 61}, "/grace_days", "out_of_range"),
    ({"type": "cheap"}, "/type", "unknown_code"),
    ({"is_public": "yes"}, "/is_public", "invalid_type"),
    ({"lead": "0219"}, "/lead", "unknown_field"),
    ({"filled_otherwise": 1}, "/filled_otherwise", "unknown_field"),
    ({"internal_note": "hemmeligt"}, "/internal_note", "unknown_field"),
]


@pytest.mark.parametrize(("changes", "pointer", "code"), BAD)
def test_bad_input_is_refused_and_writes_nothing(changes, pointer, code):
    company = make.company()
    events = Event.objects.count()
    with pytest.raises(Invalid) as refused:
        make.order(company, **changes)
    assert (pointer, code) in problems(refused)
    assert not JobOrder.objects.exists()
    assert Event.objects.count() == events


def test_all_problems_are_told_at_once_in_danish_or_english():
    with translation.override("en"), pytest.raises(Invalid) as refused:
        make.order(positions=0, starts_on="2020-01-01", occupation="9999", title=" ")
    assert problems(refused) == {
        ("/positions", "out_of_range"),
        ("/starts_on", "in_the_past"),
        ("/occupation", "unknown_code"),
        ("/title", "too_short"),
    }


@pytest.mark.parametrize("field", ["title", "occupation", "description", "positions", "contact"])
def test_what_is_needed_is_asked_for(field):
    company, data = make.company(), make.block()
    del data[field]
    with pytest.raises(Invalid) as refused:
        submitting.submit(Actor.system(), data, company=company.public_id)
    assert problems(refused) == {(f"/{field}", "required")}


def test_an_enquiry_needs_no_occupation():
    assert make.order(type="enquiry", occupation=None).occupation_id is None


def test_a_p_number_that_looks_like_a_cpr_number_may_stand_in_the_text_of_its_company():
    company = make.company()
    make.unit(company, p_number="0101901234")
    assert make.order(company, description="Mød på P 0101901234.").pk


def test_a_p_number_of_another_company_is_refused():
    other = make.company().units.get()
    with pytest.raises(Invalid) as refused:
        make.order(p_number=other.p_number)
    assert problems(refused) == {("/p_number", "p_number_of_another")}


def test_a_company_sees_and_submits_for_itself_only():
    mine, other = make.company(), make.company()
    with pytest.raises(NotVisible):
        make.order(other, Actor.company_(mine.public_id))


@pytest.mark.parametrize("role", ["caseworker", "auditor", "admin"])
def test_only_company_consultant_and_coordinator_hand_in(role):
    with pytest.raises(NotAllowed):
        make.order(make.company(), make.member(role, "0219"))


def test_the_consultant_who_took_the_call_is_kept_apart_from_the_lead(eva):
    order = make.order(make.company("0219"), eva, internal_note="ringede")
    assert (order.lead_id, order.intake_by) == ("0219", "0217")


def test_the_workplaces_jobcentre_is_told():
    company = make.company("0219")
    unit = make.unit(company, "0270")
    order = make.order(company, unit=str(unit.public_id))
    event = Event.objects.get(subject=order.public_id)
    assert event.data["workplace"] == "0270"
    assert "|0270|" in event.audience


def test_an_agreements_tovholder_leads_what_it_covers_and_has_its_own_promises():
    company = make.company("0219")
    make.agreement(company, tovholder="0270", first_response_days=2)
    order = make.order(company)
    assert (order.lead_id, order.tovholder, order.routed_by) == ("0270", "0270", "agreement")
    assert order.response_due_at == at(4)


def test_a_call_registered_five_days_later_runs_from_when_it_came(ann):
    with clock.at(at(7)):
        order = make.order(make.company(), ann, received_at=at(2, 10))
    assert order.received_at == at(2, 10)
    assert order.response_due_at == at(3, 10)
    span = OrderSpan.objects.get(order=order)
    assert (span.happened_from, span.known_from) == (at(2, 10), at(7))


def test_nothing_is_received_in_the_future(ann):
    with pytest.raises(Invalid) as refused:
        make.order(make.company(), ann, received_at=at(3))
    assert problems(refused) == {("/received_at", "in_the_future")}


def test_submitting_takes_few_queries_whatever_is_asked(ann, django_assert_max_num_queries):
    company = make.company()
    demands = [{"kind": "licence", "code": code} for code in ("B", "C", "CE", "C1", "BE")]
    address = {"street": "Prøvevej 1", "postal_code": "3400", "municipality": "0219"}
    with django_assert_max_num_queries(9):
        make.order(company, ann, requirements=demands, workplace=address)
    unit = str(company.units.get().public_id)
    with django_assert_max_num_queries(10):
        make.order(company, ann, requirements=demands, unit=unit)


def test_the_series_is_locked_after_everything_was_read(ann, django_assert_max_num_queries):
    company = make.company()
    with django_assert_max_num_queries(9) as taken:
        make.order(company, ann, requirements=[{"kind": "licence", "code": "B"}])
    words = [query["sql"].split()[0] for query in taken]
    assert words.index("INSERT") == len(words) - 6
    assert set(words[-6:]) == {"INSERT"}


def public(**changes):
    return {
        "company": {
            "cvr": make.cvr(),
            "name": "Ny Prøve ApS",
            "unit": {"street": "Prøvevej 2", "postal_code": "3400", "municipality": "0219"},
        },
        "order": {key: value for key, value in make.block().items() if key != "contact"},
        "contact": make.block()["contact"],
    } | changes


def test_the_single_entry_registers_an_unknown_company_with_its_unit():
    data = public()
    order, secret = submitting.submit_public(data)
    assert (order.company.cvr, order.company.lead_id) == (data["company"]["cvr"], "0219")
    assert (order.unit.municipality_code, order.channel, order.routed_by) == ("0219", "web", "first_unit")
    assert Intake.objects.get(order=order).state == "submitted"
    assert follow.find(secret).order == order
    assert secret not in str(list(Event.objects.values_list("data", flat=True)))


def test_the_single_entry_keeps_a_known_company_and_adds_nothing_to_it():
    company = make.company("0270")
    data = public()
    data["company"] |= {"cvr": company.cvr}
    order, _secret = submitting.submit_public(data)
    assert order.company == company
    assert (company.units.count(), order.unit, order.workplace_municipality) == (1, None, "0219")
    assert order.lead_id == "0270"


def test_a_company_that_belongs_nowhere_goes_to_the_municipality_on_duty():
    data = public()
    data["company"]["unit"] = {"street": "Vej 1", "postal_code": "8000", "municipality": "0751"}
    order, _secret = submitting.submit_public(data)
    assert order.routed_by == "duty"
    assert Event.objects.get(subject=order.public_id).data["coordinator_looks"] is True


def test_the_single_entry_asks_which_municipality_where_a_postcode_is_shared():
    data = public()
    data["company"]["unit"] = {"street": "Strandvej 1", "postal_code": "2950"}
    with pytest.raises(Invalid) as refused:
        submitting.submit_public(data)
    assert problems(refused) == {("/company/unit/municipality", "choose_municipality")}


def test_the_single_entry_tells_the_problems_of_all_blocks():
    data = public(contact={"name": "K"}, extra=1)
    data["company"]["cvr"] = "12345678"
    data["order"]["positions"] = 0
    with pytest.raises(Invalid) as refused:
        submitting.submit_public(data)
    assert problems(refused) == {
        ("/extra", "unknown_field"),
        ("/company/cvr", "cvr_invalid"),
        ("/order/positions", "out_of_range"),
        ("/contact/phone", "contact_needed"),
    }


def test_the_single_entry_refuses_a_p_number_of_another_company():
    data = public()
    data["company"]["unit"]["p_number"] = make.company().units.get().p_number
    with pytest.raises(Invalid) as refused:
        submitting.submit_public(data)
    assert ("/company/unit/p_number", "p_number_of_another") in problems(refused)


def test_an_open_order_of_the_same_company_and_occupation_is_found():
    order = make.order()
    assert list(submitting.similar_open(order.company.public_id, "8332")) == [order]
    with clock.at(make.MONDAY + timedelta(days=31)):
        assert not submitting.similar_open(order.company.public_id, "8332")


def test_a_follow_link_opens_with_the_right_code_only_and_expires():
    order, secret = submitting.submit_public(public())
    link = follow.find(secret)
    with pytest.raises(NotAllowed):
        follow.new_code(link)
    JobOrder.objects.filter(pk=order.pk).update(contact_verified_at=clock.now())
    link = follow.find(secret)
    code = follow.new_code(link)
    wrong = "000000" if code != "000000" else "000001"
    with pytest.raises(Invalid):
        follow.open_with(link, wrong)
    opened = follow.open_with(link, code)
    link = follow.find(secret)
    assert follow.is_open(link, opened)
    with clock.at(make.MONDAY + timedelta(hours=9)):
        assert not follow.is_open(link, opened)
    for _ in range(1):
        with pytest.raises(Invalid):
            follow.open_with(link, code)
    with pytest.raises(NotVisible):
        follow.find("unknown")


def test_five_wrong_codes_lock_the_right_one_out():
    order, secret = submitting.submit_public(public())
    JobOrder.objects.filter(pk=order.pk).update(contact_verified_at=clock.now())
    link = follow.find(secret)
    code = follow.new_code(link)
    for _ in range(5):
        with pytest.raises(Invalid):
            follow.open_with(link, "no")
    with pytest.raises(Invalid):
        follow.open_with(link, code)


def test_a_deadline_after_today_stands():
    assert make.order(deadline="2026-03-20").deadline == date(2026, 3, 20)


def test_an_agreement_for_some_units_leads_only_those():
    company = make.company("0219")
    covered, other = make.unit(company, "0270"), make.unit(company, "0217")
    make.agreement(company, tovholder="0250", covers_all_units=False).units.add(covered)
    leads = [make.order(company, unit=str(unit.public_id)).lead_id for unit in (covered, other)]
    assert [*leads, make.order(company).lead_id] == ["0250", "0219", "0219"]
