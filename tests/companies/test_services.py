"""Companies and agreements: registered once, led by one, covered by the agreement that names a tovholder."""

from __future__ import annotations

import datetime as dt

import pytest
from stdnum.dk import cvr as rule

from companies import agreements, services
from companies.models import Agreement, Company
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, Stale
from events.models import Event
from municipalities.actor import Role
from tests.candidates import build

pytestmark = pytest.mark.django_db
CVR = next(str(number) for number in range(90_000_000, 90_000_200) if rule.is_valid(str(number)))
DAY = dt.date(2026, 3, 31)


@pytest.fixture(autouse=True)
def region(db):
    build.region()


@pytest.fixture
def ann():
    return build.consultant(build.HILLEROED)


@pytest.fixture
def company(ann):
    return services.take_in(ann, cvr=CVR, name="Firma")[0]


def test_a_cvr_is_registered_once_and_told_once(ann, company):
    again, is_new = services.take_in(build.consultant(build.GRIBSKOV), cvr=f"DK {CVR}", name="Andet")
    assert again == company and not is_new and Company.objects.count() == 1
    assert Event.objects.filter(type="company.registered").count() == 1
    assert company.lead_history.get().why == "intake" and company.contact_user_id == ann.user_id


@pytest.mark.parametrize("number", ["12345678", "9", "", "90000004x", "DK"])
def test_a_wrong_cvr_is_refused(number):
    with pytest.raises(Invalid):
        services.valid_cvr(number if not rule.is_valid(number) else "1")


def test_a_p_number_belongs_to_one_company(ann, company):
    unit = services.add_unit(ann, company, p_number="1000000001", municipality_code="0219")
    assert unit.is_main and unit.name == "Firma"
    assert services.add_unit(ann, company, p_number="1000000001", municipality_code="0219") == unit
    number = next(str(n) for n in range(91_000_000, 91_000_200) if rule.is_valid(str(n)))
    other = services.take_in(ann, cvr=number, name="Andet firma")[0]
    with pytest.raises(Invalid):
        services.add_unit(ann, other, p_number="1000000001", municipality_code="0219")
    with pytest.raises(Invalid):
        services.add_unit(ann, other, municipality_code="0219")


def test_a_new_main_unit_takes_the_place_of_the_old(ann, company):
    services.add_unit(ann, company, street="Vej 1", municipality_code="0219")
    second = services.add_unit(ann, company, street="Vej 2", municipality_code="0219", is_main=True)
    assert company.units.get(is_main=True) == second


def test_a_change_is_decided_on_the_version_that_was_read(ann, company):
    services.change(ann, company.public_id, 1, {"headcount": 5})
    company.refresh_from_db()
    assert (company.version, company.headcount_on) == (2, clock.today())
    with pytest.raises(Stale) as stale:
        services.change(ann, company.public_id, 1, {"name": "Ny"})
    assert stale.value.changed == ("headcount",) and stale.value.changed_by == ann.name
    with pytest.raises(NotAllowed):
        services.change(build.consultant(build.GRIBSKOV), company.public_id, 2, {"name": "Ny"})


def test_the_contact_is_a_consultant_of_the_lead(ann, company):
    colleague, stranger = build.consultant(), build.consultant(build.GRIBSKOV)
    from municipalities.models import Membership

    Membership.objects.create(
        user_id=colleague.user_id, municipality_id="0219", role="consultant", started_on=dt.date(2020, 1, 1)
    )
    changed = services.change(ann, company.public_id, 1, {"contact_user": colleague.public_id})
    assert changed.contact_user_id == colleague.user_id
    with pytest.raises(Invalid):
        services.change(ann, company.public_id, 2, {"contact_user": stranger.public_id})


def test_a_change_of_lead_keeps_the_history(ann, company):
    given = {"reason": "Flyttet", "agreed_with": build.GRIBSKOV}
    services.change_lead(company, build.GRIBSKOV, ann, **given)
    assert list(company.lead_history.values_list("municipality_id", "why")) == [
        (build.HILLEROED, "intake"), (build.GRIBSKOV, "override"),
    ]  # fmt: skip
    with pytest.raises(Conflict):
        services.change_lead(company, build.GRIBSKOV, ann, **given)
    for wrong in ({"reason": ""}, {"agreed_with": "0101"}, {"agreed_on": dt.date(2999, 1, 1)}):
        with pytest.raises(Invalid):
            services.change_lead(company, build.HILLEROED, ann, **{**given, **wrong})


def test_the_log_is_written_by_the_nine_about_the_past(ann, company):
    with pytest.raises(NotAllowed):
        services.log_contact(build.member(Role.AUDITOR, None), company, kind="phone", about="x")
    with pytest.raises(Invalid):
        services.log_contact(ann, company, kind="phone", about="x", happened_at=clock.now() + dt.timedelta(days=1))
    with pytest.raises(Invalid):
        services.log_contact(ann, company, kind="phone", about="010190-1234")
    assert services.log_contact(ann, company, kind="visit", about="Besøg").municipality_code == "0219"


def sign(ann, company, **given):
    return agreements.sign(ann, company, **{"kind": "recruitment", "valid_from": dt.date(2026, 1, 1), **given})


def test_an_agreement_with_a_tovholder_comes_before_one_without(ann, company):
    unit = services.add_unit(ann, company, street="Vej 1", municipality_code="0219")
    sign(ann, company)
    own = sign(ann, company, tovholder=build.GRIBSKOV, units=[unit])
    assert agreements.covering(company, unit, DAY) == own
    assert agreements.covering(company, None, DAY) != own
    assert agreements.covering(company, unit, dt.date(2025, 12, 31)) is None


def test_an_agreement_is_in_force_from_its_first_day_until_it_ended(ann, company):
    one = sign(ann, company, valid_to=dt.date(2026, 12, 31))
    in_force = Agreement.objects.in_force
    assert in_force(dt.date(2026, 1, 1)).get() == one == in_force(dt.date(2026, 12, 31)).get()
    before = clock.now()
    agreements.end(ann, one.public_id, 1, ended_on=DAY)
    assert not in_force(DAY).exists() and in_force(DAY - dt.timedelta(days=1)).exists()
    assert in_force(DAY, before).exists(), "what was not known then does not count then"
    assert not in_force(DAY, clock.now()).exists()
    assert not in_force(DAY, one.recorded_at - dt.timedelta(seconds=1)).exists()
    with pytest.raises(Conflict):
        agreements.end(ann, one.public_id, 2, ended_on=DAY)
