"""What an agreement cannot be, and papers that a crash left behind."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

import pytest

from companies import agreements, documents, private_files
from companies.models import Agreement, AgreementDocument, ForecastLine
from companies.tasks import sweep_papers
from events import clock
from events.errors import Conflict, Invalid
from events.models import Event
from tests import factories
from tests.companies.test_agreements import pdf, sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
DAY = dt.date(2026, 1, 1)
TURNED = {"valid_from": DAY, "valid_to": DAY - dt.timedelta(days=1)}
FORECAST = [{"month": DAY, "occupation": "8332", "positions": 2}]


@pytest.fixture
def company():
    return factories.company()


@pytest.fixture
def data_dir(settings, tmp_path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "private" / "agreements"


@pytest.mark.parametrize("write", [agreements.sign, agreements.draft])
def test_a_period_turned_round_is_told_at_its_end_and_nothing_is_written(ann, company, write):
    with pytest.raises(Invalid) as refused:
        write(ann, company, kind="recruitment", forecast=FORECAST, **TURNED)
    assert (refused.value.errors[0].pointer, refused.value.errors[0].code) == ("/valid_to", "before_start")
    assert not Agreement.objects.exists() and not ForecastLine.objects.exists()
    assert not Event.objects.filter(type__startswith="agreement.").exists()


def test_a_draft_whose_period_is_turned_round_by_a_change_stays_as_it_was(ann, company):
    made = agreements.draft(ann, company, kind="recruitment", valid_from=DAY, valid_to=dt.date(2026, 12, 31))
    with pytest.raises(Invalid):
        agreements.change(ann, made.public_id, 1, {**TURNED, "text": "Nyt", "forecast": FORECAST})
    made.refresh_from_db()
    assert (made.valid_to, made.text, made.version, made.forecast.count()) == (dt.date(2026, 12, 31), "", 1, 0)


def test_an_agreement_does_not_end_before_it_begins_or_after_it_has_run_out(ann, company):
    signed = sign(ann, company, valid_from=DAY, valid_to=dt.date(2026, 12, 31))
    for day, code in ((DAY - dt.timedelta(days=1), "before_start"), (dt.date(2027, 1, 1), "after_end")):
        with pytest.raises(Invalid) as refused:
            agreements.end(ann, signed.public_id, 1, ended_on=day)
        assert refused.value.errors[0].code == code


def test_nobody_signs_on_a_day_to_come(ann, company):
    tomorrow = clock.today() + dt.timedelta(days=1)
    made = agreements.draft(ann, company, kind="recruitment", valid_from=DAY)
    with pytest.raises(Invalid) as refused:
        agreements.sign_draft(ann, made.public_id, 1, signed_on=tomorrow)
    assert refused.value.errors[0].code == "in_the_future"
    with pytest.raises(Invalid):
        sign(ann, company, signed_on=tomorrow)
    made.refresh_from_db()
    assert made.signed_on is None and Agreement.objects.count() == 1


def test_two_tovholders_for_one_unit_are_refused_for_a_draft_only_when_it_is_signed(ann, company):
    sign(ann, company, tovholder=factories.ALLEROED)
    made = agreements.draft(ann, company, kind="recruitment", valid_from=DAY, tovholder=factories.GRIBSKOV)
    with pytest.raises(Conflict) as refused:
        agreements.sign_draft(ann, made.public_id, 1)
    assert refused.value.code == "tovholder_overlap" and company.units.get().name in str(refused.value)
    assert Event.objects.filter(type="agreement.signed").count() == 1


def lying_for(folder: Path, days: float) -> None:
    then = time.time() - days * 24 * 3600
    for path in folder.rglob("*"):
        os.utime(path, (then, then))


def test_a_paper_without_a_row_is_swept_after_a_week_and_those_with_one_stay(ann, company, data_dir):
    kept = documents.add(ann, sign(ann, company).public_id, name="aftale.pdf", content=pdf())
    lost = private_files.keep(b"%PDF- of a process that died")
    lying_for(data_dir, days=6)
    assert documents.sweep() == 0, "it may belong to a transaction that is not over, or to a backup restored by half"
    lying_for(data_dir, days=8)
    new = private_files.keep(b"%PDF- on its way in")
    assert documents.sweep() == 1 and documents.sweep() == 0
    assert not private_files.path_of(lost).exists() and private_files.path_of(new).exists()
    assert documents.content_of(ann, kept.agreement.public_id, kept.public_id)[1] == pdf()


def test_the_nightly_sweep_deletes_what_a_deleted_row_left_and_nothing_that_is_no_paper(ann, company, data_dir):
    documents.add(ann, sign(ann, company).public_id, name="aftale.pdf", content=pdf())
    AgreementDocument.objects.all().delete()
    (data_dir / "note to self.txt").write_text("stays")
    lying_for(data_dir, days=8)
    sweep_papers()
    assert [path.name for path in data_dir.rglob("*") if path.is_file()] == ["note to self.txt"]
