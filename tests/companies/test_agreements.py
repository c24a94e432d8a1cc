"""Agreements: drawn up, signed, changed; what they cover, and the tovholder's rights on what is covered."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfWriter

from companies import agreements, areas, coverage, documents, forecasts, private_files, renewals
from companies.models import Agreement, AgreementDocument, ProductionUnit
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible, Stale
from events.models import Event
from joborders.services import nominations
from tests import factories
from tests.factories import ALLEROED, GRIBSKOV, HELSINGOER, HILLEROED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
DAY = dt.date(2026, 1, 1)
#: Eastern Denmark and the areas around Tønder and Grenå.
EAST = ["0101", "0265", "6200-6299", "8500"]
ACCEPTANCE = {"channel": "phone", "talk_can_do": True, "talk_wants_to": True, "cv_checked": True}


@pytest.fixture
def ann():
    return factories.consultant()


@pytest.fixture
def company():
    return factories.company()


@pytest.fixture(autouse=True)
def private(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def sign(actor, company, **given):
    return agreements.sign(actor, company, **{"kind": "recruitment", "valid_from": DAY, **given})


def pdf(pages=1):
    writer, target = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    writer.write(target)
    return target.getvalue()


def chain(company):
    """A head office and 291 shops, 150 of them in EAST."""
    places = [("0101", "2100"), ("0265", "4000"), ("0550", "6270"), ("0707", "8500")]
    rest = [("0461", "5000"), ("0751", "8000"), ("0851", "9000")]
    where = [places[n % 4] for n in range(150)] + [rest[n % 3] for n in range(141)]
    ProductionUnit.objects.bulk_create(
        ProductionUnit(
            company=company, p_number=f"98{number:08}", name=f"Butik {number}", street="Vej 1", postal_code=post,
            municipality_code=place,
        )
        for number, (place, post) in enumerate(where)
    )  # fmt: skip
    return company


def test_a_written_area_is_sorted_and_holds_what_lies_in_it():
    area = areas.parse(areas.split("8500, 0265;0101\n6200 – 6299 0101"))
    assert area.parts == ["0101", "0265", "6200-6299", "8500"]
    assert area.holds("0550", "6270") and area.holds("0101", "") and not area.holds("0461", "6300")


@pytest.mark.parametrize("part", ["6299-6200", "101", "0101-0201", "Grenå", "62000", "६२७०"])
def test_what_is_no_area_is_named(part):
    with pytest.raises(Invalid) as refused:
        coverage.checked_area(["0101", part])
    assert refused.value.errors[0].code == "unknown_area" and part in str(refused.value.errors[0].detail)


def test_a_chain_of_292_units_is_covered_by_area_in_few_queries(ann, company):
    chain(company)
    with CaptureQueriesContext(connection) as many:
        signed = sign(ann, company, area=EAST, tovholder=ALLEROED)
    assert coverage.sizes([signed]) == {signed.pk: (150, 292)}
    with CaptureQueriesContext(connection) as few:
        sign(ann, factories.company(), tovholder=ALLEROED)
    assert len(many) <= len(few) + 2


def test_a_shop_that_opens_in_the_area_later_is_covered(ann, company):
    signed = sign(ann, chain(company), area=EAST, tovholder=ALLEROED)
    shop = ProductionUnit.objects.create(
        company=company, p_number="9800009999", name="Ny butik", postal_code="4000", municipality_code="0265"
    )
    assert coverage.covering(company, shop, clock.today()) == signed
    assert coverage.covering(company, company.units.get(is_main=True), clock.today()) is None


def test_chosen_units_are_covered_besides_the_area(ann, company):
    main = company.units.get(is_main=True)
    signed = sign(ann, chain(company), area=EAST, units=[main])
    assert coverage.sizes([signed])[signed.pk].covered == 151
    assert coverage.covering(company, main, clock.today()) == signed


def test_units_are_chosen_by_a_list_of_p_numbers(ann, company):
    chain(company)
    listed = "P-nummer;navn\n" + "\n".join(f"98{number:08};Butik" for number in range(150))
    signed = sign(ann, company, units=coverage.by_p_number(company, listed))
    assert coverage.sizes([signed])[signed.pk] == (150, 292)
    with pytest.raises(Invalid) as refused:
        coverage.by_p_number(company, f"{listed}\n9700000001\n9700000002")
    assert "2" in refused.value.errors[0].detail and "9700000001, 9700000002" in refused.value.errors[0].detail
    with pytest.raises(Invalid):
        coverage.by_p_number(company, "butikken i Tønder")


def test_one_unit_has_one_tovholder_at_a_time(ann, company):
    chain(company)
    sign(ann, company, area=["0101"], tovholder=ALLEROED, valid_to=dt.date(2026, 12, 31))
    before = Agreement.objects.count()
    for clash in ({}, {"area": ["2000-2999"]}, {"units": list(company.units.filter(postal_code="2100")[:1])}):
        with pytest.raises(Conflict) as refused:
            sign(ann, company, tovholder=GRIBSKOV, **clash)
        assert refused.value.code == "tovholder_overlap" and "Allerød" in str(refused.value)
    assert Agreement.objects.count() == before and Event.objects.filter(type="agreement.signed").count() == 1
    sign(ann, company, tovholder=GRIBSKOV, area=["0265"])
    sign(ann, company, tovholder=GRIBSKOV, valid_from=dt.date(2027, 1, 1), area=["0101"])
    sign(ann, company)


def test_an_area_without_any_unit_is_refused(ann, company):
    with pytest.raises(Invalid) as refused:
        sign(ann, company, area=["0461"])
    assert refused.value.errors[0].code == "no_unit" and not Agreement.objects.exists()


def test_a_draft_is_in_force_for_nobody_until_it_is_signed(ann, company):
    made = agreements.draft(ann, company, kind="recruitment", valid_from=DAY, tovholder=GRIBSKOV)
    assert made.state == "draft" and coverage.covering(company, None, clock.today()) is None
    assert list(Agreement.objects.in_state("draft", clock.today())) == [made]
    known = clock.now()
    with clock.at(known + dt.timedelta(hours=1)):
        signed = agreements.sign_draft(ann, made.public_id, 1)
    assert signed.state == "active" and coverage.covering(company, None, clock.today()) == signed
    assert not Agreement.objects.in_force(clock.today(), known).exists()
    with pytest.raises(Conflict):
        agreements.sign_draft(ann, made.public_id, 2)


def test_a_draft_whose_units_got_a_tovholder_meanwhile_is_not_signed(ann, company):
    made = agreements.draft(ann, company, kind="recruitment", valid_from=DAY, tovholder=GRIBSKOV)
    sign(ann, company, tovholder=ALLEROED)
    with pytest.raises(Conflict):
        agreements.sign_draft(ann, made.public_id, 1)
    made.refresh_from_db()
    assert made.signed_on is None and made.version == 1


@pytest.mark.parametrize(
    ("begins", "last", "ended", "state"),
    [
        ("2026-03-03", None, None, "draft"),
        ("2026-03-02", "2026-03-02", None, "active"),
        ("2026-01-01", "2026-03-01", None, "ended"),
        ("2026-01-01", None, "2026-03-02", "ended"),
        ("2026-01-01", None, "2026-03-03", "active"),
    ],
)
def test_the_state_is_that_of_the_dates(company, begins, last, ended, state):
    dates = [dt.date.fromisoformat(day) if day else None for day in (begins, last, ended)]
    made = factories.agreement(company, valid_from=dates[0], valid_to=dates[1])
    if ended:
        Agreement.objects.filter(pk=made.pk).update(ended_on=dates[2], ended_recorded_at=clock.now())
        made.refresh_from_db()
    assert made.state == state
    for one in ("draft", "active", "ended"):
        assert Agreement.objects.in_state(one, clock.today()).exists() is (one == state)


def test_orders_of_covered_units_inherit_terms_and_lead(ann, company):
    shop = factories.unit(company, HELSINGOER)
    signed = sign(ann, company, area=["0217"], tovholder=GRIBSKOV, first_response_days=4, first_candidate_days=9)
    covered = factories.order(company, unit=str(shop.public_id))
    elsewhere = factories.order(company, unit=str(company.units.get(is_main=True).public_id))
    assert (covered.lead_id, covered.tovholder, covered.agreement) == (GRIBSKOV, GRIBSKOV, signed)
    assert (elsewhere.lead_id, elsewhere.tovholder, elsewhere.agreement) == (HILLEROED, "", None)
    assert covered.response_due_at > elsewhere.response_due_at and covered.candidate_due_at > elsewhere.candidate_due_at


def test_a_tovholder_offers_its_own_candidates_on_a_local_order_of_its_agreement(ann, company):
    from joborders.models import JobOrder

    sign(ann, company, tovholder=GRIBSKOV)
    order = factories.order(company)
    JobOrder.objects.filter(pk=order.pk).update(lead=HILLEROED)  # handed over: the tovholder keeps its right
    order.refresh_from_db()
    gro, person = factories.consultant(GRIBSKOV), factories.candidate(GRIBSKOV)
    assert order.shared_at is None
    given = {**ACCEPTANCE, "accepted_on": clock.today()}
    done = nominations.offer(order.public_id, gro, order.version, candidate=person.public_id, acceptance=given)
    assert done.nomination.state == "accepted"
    other = factories.candidate(HELSINGOER)
    with pytest.raises((NotAllowed, NotVisible)):
        nominations.offer(
            order.public_id,
            factories.consultant(HELSINGOER),
            order.version,
            candidate=other.public_id,
            acceptance=given,
        )


def test_terms_are_changed_by_the_lead_and_the_tovholder_on_the_version_they_saw(ann, company):
    signed = sign(ann, company, tovholder=GRIBSKOV)
    gro = factories.consultant(GRIBSKOV)
    changed = agreements.change(gro, signed.public_id, 1, {"schemes": ["mentor", "wage_subsidy"], "parties": "3F"})
    assert changed.schemes == ["wage_subsidy", "mentor"] and changed.version == 2
    assert Event.objects.get(type="agreement.changed").data["fields"] == ["parties", "schemes"]
    with pytest.raises(Stale):
        agreements.change(ann, signed.public_id, 1, {"text": "Nyt"})
    with pytest.raises(NotAllowed):
        agreements.change(factories.consultant(HELSINGOER), signed.public_id, 2, {"text": "Nyt"})
    with pytest.raises(Conflict) as refused:
        agreements.change(ann, signed.public_id, 2, {"valid_to": dt.date(2026, 12, 31)})
    assert refused.value.code == "signed"


def test_a_change_that_would_give_a_unit_two_tovholders_changes_nothing(ann, company):
    chain(company)
    sign(ann, company, area=["0101"], tovholder=ALLEROED)
    mine = sign(ann, company, area=["0265"], tovholder=GRIBSKOV)
    with pytest.raises(Conflict):
        agreements.change(ann, mine.public_id, 1, {"area": ["0101", "0265"], "text": "Nyt"})
    mine.refresh_from_db()
    assert (mine.area, mine.text, mine.version) == (["0265"], "", 1)


def test_a_forecast_is_kept_by_month_and_occupation_and_summed_over_agreements(ann, company):
    line = {"month": dt.date(2026, 9, 15), "occupation": "8332", "positions": 3}
    one = sign(ann, company, forecast=[line, line, {**line, "occupation": "5223"}])
    assert list(one.forecast.values_list("month", "occupation", "positions")) == [
        (dt.date(2026, 9, 1), "5223", 3),
        (dt.date(2026, 9, 1), "8332", 6),
    ]
    sign(ann, factories.company(), forecast=[line])
    agreements.draft(ann, company, kind="recruitment", valid_from=DAY, forecast=[line])
    assert [row["positions"] for row in forecasts.coming(ann, clock.today())] == [3, 9]
    for wrong in ({"occupation": "0000x"}, {"positions": 0}):
        with pytest.raises(Invalid):
            agreements.change(ann, one.public_id, 1, {"forecast": [{**line, **wrong}]})
    assert one.forecast.count() == 2


def test_a_pdf_is_kept_privately_and_read_by_the_nine_only(ann, company, tmp_path):
    signed = sign(ann, company)
    kept = documents.add(ann, signed.public_id, name="C:/aftaler/Aftale 2026.pdf", content=pdf())
    assert kept.name == "Aftale 2026.pdf" and documents.content_of(ann, signed.public_id, kept.public_id)[1] == pdf()
    [file] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert file.stat().st_mode & 0o077 == 0 and "Aftale" not in str(file)
    with pytest.raises(NotVisible):
        documents.content_of(factories.Actor.company_(company.public_id), signed.public_id, kept.public_id)
    with pytest.raises(NotAllowed):
        documents.add(factories.consultant(HELSINGOER), signed.public_id, name="x.pdf", content=pdf(2))
    with pytest.raises(Conflict):
        documents.add(ann, signed.public_id, name="igen.pdf", content=pdf())
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_pdf"),
        (b"MZ\x90\x00", "no_pdf"),
        (b"%PDF-1.7 and then nothing of it", "no_pdf"),
        (b"%PDF-" + b"x" * documents.MAX_BYTES, "too_large"),
    ],
    ids=["empty", "program", "no pdf behind its name", "over 10 MB"],
)
def test_what_is_no_pdf_of_10_mb_is_refused_and_leaves_no_file(ann, company, tmp_path, content, code):
    signed = sign(ann, company)
    with pytest.raises(Invalid) as refused:
        documents.add(ann, signed.public_id, name="aftale.pdf", content=content)
    assert refused.value.errors[0].code == code and not AgreementDocument.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_name_that_leads_elsewhere_is_no_private_file():
    for name in ("../../etc/passwd", "ab/../x", "", "/etc/passwd"):
        with pytest.raises(ValueError, match="private"):
            private_files.path_of(name)


def test_the_nine_are_told_once_60_days_before_an_agreement_runs_out(ann, company):
    last = dt.date(2026, 12, 31)
    signed = sign(ann, company, valid_to=last)
    ended = sign(ann, company, valid_to=last)
    agreements.end(ann, ended.public_id, 1, ended_on=last)
    agreements.draft(ann, company, kind="recruitment", valid_from=DAY, valid_to=last)
    assert renewals.tell_of_renewals(last - dt.timedelta(days=61)) == 0
    assert renewals.tell_of_renewals(last - dt.timedelta(days=60)) == 1
    assert renewals.tell_of_renewals(last - dt.timedelta(days=59)) == 0
    [event] = Event.objects.filter(type="agreement.renewal_due")
    assert event.subject == signed.public_id and event.data["valid_to"] == "2026-12-31" and event.company is None
