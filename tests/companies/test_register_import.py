"""An extract of the business register comes in: seen first, then taken in; told clearly where it is wrong."""

from __future__ import annotations

import datetime as dt
import io
import time
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command

from companies import register_files, register_jobs, register_rows
from companies.duty import on_duty
from companies.models import Company, ProductionUnit, RegisterImport
from companies.register_import import look, take_in
from events.errors import Conflict, Invalid, NotAllowed, NotVisible
from events.models import Event
from municipalities.actor import Actor
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
HEADING = "CVR-nummer;P-nummer;Navn;Adresse;Postnr;Kommunekode;Branchekode;Antal ansatte;Ophørsdato"
SYSTEM = Actor.system("import")


def line(cvr: str | None = None, p: str | None = None, **changes: Any) -> str:
    cells = {
        "cvr": cvr or factories.cvr(), "p": factories.p_number() if p is None else p, "name": "Prøve Byg ApS",
        "street": "Prøvevej 1", "postal": "3400", "place": "219", "industry": "432100", "size": "5-9", "ended": "",
    } | changes  # fmt: skip
    return ";".join(str(cell) for cell in cells.values())


def text(*lines: str, heading: str = HEADING) -> bytes:
    return "\n".join([heading, *lines]).encode()


def read(content: bytes) -> register_rows.Read:
    return register_rows.rows_of(register_files.read(content))


def taken_in(content: bytes) -> dict[str, int]:
    return dict(take_in(read(content), "DB25", SYSTEM))


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in [HEADING.split(";"), *rows]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def codes(content: bytes) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.code) for one in read(content).problems]


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read(content)
    return refused.value.errors[0].code


def test_a_look_tells_what_would_change_and_changes_nothing():
    found = look(read(text(line(), line(), line(cvr="12345678"))), "DB25")
    assert {name: found[name] for name in ("rows", "new", "refused", "companies")} == {
        "rows": 3, "new": 2, "refused": 1, "companies": 2,
    }  # fmt: skip
    assert found["problems"] == [{"row": 4, "column": "cvr", "code": "cvr_invalid"}]
    assert not Company.objects.exists()


def test_the_same_file_twice_changes_nothing_the_second_time():
    content = text(line(), line())
    assert taken_in(content) == {"new": 2, "companies": 2}
    events = Event.objects.count()
    assert taken_in(content) == {"unchanged": 2}
    assert Event.objects.count() == events == 2


def test_a_company_comes_with_its_units_its_lead_and_the_lower_end_of_its_band():
    cvr = factories.cvr()
    taken_in(
        text(line(cvr, place="0201", postal="3450", size="10-19"), line(cvr, place="0270", postal="3200", size=""))
    )
    company = Company.objects.get(cvr=cvr)
    assert (company.lead_id, company.industry_code, company.headcount) == ("0201", "432100", 10)
    assert company.lead_history.get().why == "main_unit"
    assert [unit.municipality_code for unit in company.units.order_by("pk")] == ["0201", "0270"]


def test_a_company_outside_the_nine_goes_to_the_one_on_duty():
    taken_in(text(line(place="101", postal="2100")))
    assert Company.objects.get().lead_id == on_duty()


def test_what_has_ceased_is_flagged_and_never_deleted():
    cvr, p = factories.cvr(), factories.p_number()
    taken_in(text(line(cvr, p)))
    assert taken_in(text(line(cvr, p, ended="30-06-2016"))) == {"ceased": 1}
    assert ProductionUnit.objects.get(p_number=p).ceased_on == dt.date(2016, 6, 30)
    assert taken_in(text(line(cvr, p, ended="30-06-2016"))) == {"unchanged": 1}


def test_what_has_ceased_before_anybody_knew_it_is_not_registered():
    assert taken_in(text(line(ended="2016-06-30"))) == {"ceased": 1}
    assert not Company.objects.exists()


def test_what_the_file_does_not_say_stays():
    company = factories.company()
    unit = company.units.get()
    unit.headcount = 7
    unit.save()
    row = line(company.cvr, unit.p_number, name="Nyt navn", size="", industry="")
    assert taken_in(text(row)) == {"changed": 1}
    unit.refresh_from_db()
    company.refresh_from_db()
    assert (unit.headcount, unit.name, company.name) == (7, "Nyt navn", "Nyt navn")
    assert Event.objects.filter(type="company.changed").get().data == {"fields": ["headcount", "name"]}


def test_a_p_number_of_another_company_is_refused_in_the_file_and_in_the_register():
    p = factories.p_number()
    assert codes(text(line(p=p), line(p=p))) == [(3, "p_number", "p_number_of_another")]
    taken_in(text(line(p=p)))
    assert look(read(text(line(p=p))), "DB25")["reasons"] == {"p_number_of_another": 1}


def test_the_same_unit_twice_is_refused_the_second_time():
    row = line()
    assert codes(text(row, row)) == [(3, "p_number", "twice")]
    without = line(p="")
    assert codes(text(without, without)) == [(3, "cvr", "twice")]


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"name": ""}, "name", "required"),
        ({"name": "=CMD()"}, "name", "formula"),
        ({"p": "12"}, "p_number", "p_number_invalid"),
        ({"p": "", "street": ""}, "p_number", "address_needed"),
        ({"place": "Atlantis"}, "municipality", "not_a_municipality"),
        ({"place": "", "postal": "3450"}, "municipality", "municipality_needed"),
        ({"postal": "34"}, "postal_code", ""),
        ({"size": "mange"}, "headcount", "not_a_headcount"),
        ({"ended": "i går"}, "ended", "not_a_date"),
        ({"street": "010180-1234"}, "street", "cpr_number"),
    ],
)
def test_a_bad_cell_refuses_its_row_and_says_where(changes, column, code):
    expected = [(2, column, code)] if code else []
    assert codes(text(line(**changes))) == expected


def test_names_of_columns_may_be_english_and_places_may_be_names():
    heading = "cvr;p number;company name;address;postcode;municipality;industry code;employees;ceased"
    found = read(text(line(place="Hillerød Kommune"), heading=heading))
    assert [row.municipality for row in found.rows] == ["0219"]


def test_windows_1252_is_read_and_told():
    found = read(text(line(name="Sørens Værksted")).decode().encode("cp1252"))
    assert found.rows[0].name == "Sørens Værksted" and found.remarks["windows_1252"] == 1


def test_two_headings_two_columns_of_one_meaning_or_none_at_all_change_nothing():
    assert refusal(text(HEADING, line())) == "two_headings"
    assert codes(text(line(), HEADING)) == [(3, "", "heading_again")]
    assert refusal(text(line(), heading=HEADING.replace("Adresse", "CVR"))) == "column_twice"
    assert refusal(text(line(), heading="Udtræk fra registret")) == "no_heading"
    assert refusal(b"") == "unreadable"
    assert refusal(b"\xd0\xcf\x11\xe0 old") == "old_excel"
    assert refusal(b"PK\x03\x04 broken") == "unreadable"


def test_a_workbook_with_what_excel_makes_of_numbers_and_bands():
    cvr = int(factories.cvr())
    rows = [
        [float(cvr), int(factories.p_number()), "Prøve A/S", "Vej 1", 3400, 219, 14100, dt.date(2026, 4, 2), None],
        [cvr, int(factories.p_number()), "Prøve A/S", "Vej 2", 3400, 219, 432100, "10-19", 42551],
        [cvr, int(factories.p_number()), "=1+1", "Vej 3", 3400, 219, 432100, 5, None],
    ]
    found = read(workbook(*rows))
    assert [(row.headcount, row.industry, row.ended) for row in found.rows] == [
        (2, "014100", None), (10, "432100", dt.date(2016, 6, 30)),
    ]  # fmt: skip
    assert (found.remarks["bands_as_dates"], found.remarks["dates_as_numbers"]) == (1, 1)
    assert [(one.row, one.code) for one in found.problems] == [(4, "formula")]


def test_a_workbook_that_unpacks_to_too_much_is_not_opened(monkeypatch):
    monkeypatch.setattr(register_files, "MOST_UNPACKED", 100)
    assert refusal(workbook()) == "too_large"


def test_a_job_looks_then_waits_for_the_coordinator_then_takes_in(kim, ann):
    with pytest.raises(NotAllowed):
        register_jobs.upload(ann, file_name="cvr.csv", content=text(line()))
    job = register_jobs.upload(kim, file_name="cvr.csv", content=text(line(), line()))
    with pytest.raises(Conflict):
        register_jobs.apply(kim, job.public_id)
    assert register_jobs.work() == 1 and register_jobs.work() == 0
    job.refresh_from_db()
    assert (job.state, job.done, job.report["new"]) == ("checked", 2, 2) and not Company.objects.exists()
    with pytest.raises(NotVisible):
        register_jobs.apply(ann, job.public_id)
    register_jobs.apply(kim, job.public_id)
    register_jobs.work()
    job.refresh_from_db()
    assert (job.state, job.report["applied"]["new"], bytes(job.content)) == ("done", 2, b"")
    assert Company.objects.count() == 2


def test_a_job_whose_worker_died_is_gone_on_with_where_it_stopped(kim, monkeypatch):
    monkeypatch.setattr("companies.register_import.BATCH", 1)
    job = register_jobs.upload(kim, file_name="cvr.csv", content=text(line(), line(), line()))
    register_jobs.work()
    register_jobs.apply(kim, job.public_id)
    note, calls = register_jobs._note, []

    def dies(*args: Any, **more: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        note(*args, **more)

    monkeypatch.setattr(register_jobs, "_note", dies)
    with pytest.raises(KeyboardInterrupt):
        register_jobs.work()
    assert Company.objects.count() == 1
    monkeypatch.setattr(register_jobs, "_note", note)
    assert register_jobs.work() == 0, "the dead worker's lease still runs"
    RegisterImport.objects.update(worked_until=None)
    assert register_jobs.work() == 1
    job.refresh_from_db()
    assert Company.objects.count() == 3 and job.report["applied"]["companies"] == 3


def test_the_command_looks_and_takes_in(tmp_path, capsys):
    file = tmp_path / "cvr.csv"
    file.write_bytes(text(line()))
    call_command("import_companies", str(file))
    assert not Company.objects.exists()
    call_command("import_companies", str(file), apply=True)
    assert Company.objects.count() == 1 and "new" in capsys.readouterr().out


@pytest.mark.long
def test_fifty_thousand_rows_come_in_within_a_minute():
    content = text(*(line(name=f"Prøve {number} ApS", street=f"Vej {number}") for number in range(50_000)))
    begun = time.process_time()
    found = read(content)
    look(found, "DB25")
    assert take_in(found, "DB25", SYSTEM)["new"] == 50_000
    assert time.process_time() - begun < 60
