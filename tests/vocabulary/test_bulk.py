"""Rows written straight into a table: every kind of value as it is, and the database's rules hold."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from candidates.models import CandidateCertificate, CandidateOccupation
from tests.candidates import build
from vocabulary.bulk import insert_rows
from vocabulary.models import SkillBroader

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> int:
    build.region()
    return build.candidate().pk


@pytest.mark.parametrize("text", ["", "chauffør", "tab\tline\nback\\slash \\N \\.", "'; DROP TABLE x; --", "%s"])
def test_texts_arrive_as_they_are(person: int, text: str) -> None:
    insert_rows(CandidateOccupation, ("candidate_id", "isco_id", "title", "months"), [(person, "8332", text, 12)])
    assert CandidateOccupation.objects.get().title == text


def test_dates_and_nothing_arrive_as_they_are(person: int) -> None:
    day = dt.date(2027, 1, 31)
    rows = ((person, code, through) for code, through in (("adr", day), ("truck", None)))
    insert_rows(CandidateCertificate, ("candidate_id", "certificate_id", "valid_through"), rows)
    found = CandidateCertificate.objects.order_by("certificate_id")
    assert list(found.values_list("certificate_id", "valid_through")) == [("adr", day), ("truck", None)]


def test_no_rows_are_no_error() -> None:
    insert_rows(SkillBroader, ("child_id", "parent_id"), [])
    assert not SkillBroader.objects.exists()


def test_what_the_database_forbids_is_an_integrity_error_and_writes_nothing(person: int) -> None:
    columns = ("candidate_id", "certificate_id", "valid_through")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(CandidateCertificate, columns, [(person, "adr", None), (person, None, None)])
    assert not CandidateCertificate.objects.exists()
