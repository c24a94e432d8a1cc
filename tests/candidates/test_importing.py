"""The import: upsert by case reference, a report per row, one bad row does not stop the rest."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from candidates.importing import import_rows
from candidates.models import Candidate, Identity
from candidates.profile import profile_of
from candidates.services import mark_hired
from events import clock
from events.errors import Invalid, NotAllowed
from events.models import Event
from municipalities.actor import Actor, Role
from municipalities.models import Membership
from tests.candidates import build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def region(db):
    build.region()


@pytest.fixture
def ann(db):
    return build.consultant()


def lines(*rows) -> io.BytesIO:
    texts = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    return io.BytesIO("\n".join(texts).encode())


def row(reference: str, **changes):
    return {"external_reference": reference, "name": "Prøve Person", **changes}


def run(stream, actor, format="ndjson"):
    return list(import_rows(stream, actor=actor, format=format))


def short(results):
    return [(one.row, str(one.status), one.external_reference) for one in results]


def codes(results):
    return {one.row: [(problem.pointer, problem.code) for problem in one.errors] for one in results if one.errors}


def test_an_import_creates_updates_and_leaves_alone(ann):
    first = run(lines(row("A", licences=["B"]), row("B")), ann)
    again = run(lines(row("A", licences=["B"]), row("B", licences=["C"]), row("C")), ann)
    assert short(first) == [(1, "created", "A"), (2, "created", "B")]
    assert short(again) == [(1, "unchanged", "A"), (2, "updated", "B"), (3, "created", "C")]
    assert again[1].candidate == first[1].candidate == Candidate.objects.get(external_reference="B").public_id
    assert list(Event.objects.order_by("id").values_list("type", "version")) == [
        ("candidate.registered", 1),
        ("candidate.registered", 1),
        ("candidate.updated", 2),
        ("candidate.registered", 1),
    ]
    assert {event.audience for event in Event.objects.all()} == {"|0219|"}


def test_an_update_keeps_pseudonym_id_and_what_is_absent(ann):
    run(lines(row("A", licences=["B"], phone="49 00 00 00", hours_min=10, hours_max=20)), ann)
    before = Candidate.objects.get()
    run(lines({"external_reference": "A", "hours_min": 15, "hours_max": 20, "skills": []}), ann)
    after = Candidate.objects.get()
    same = ("pk", "public_id", "pseudonym", "tie_seed", "created_at", "licences_reviewed_on")
    assert [getattr(before, name) for name in same] == [getattr(after, name) for name in same]
    assert (after.version, after.hours_min, after.skills_reviewed_on) == (2, 15, clock.today())
    assert profile_of(after)["licences"] == ["B"] and Identity.objects.get().phone == "49 00 00 00"


def test_a_bad_row_does_not_stop_the_rest(ann):
    results = run(
        lines(
            row("A"),
            "{broken",
            "[1]",
            row("B", licences=["ZZ"], shoe_size=44),
            row("C", cv_text="CPR 010190-1234"),
            {"name": "Uden Sag"},
            row("010190-1234"),
            row("A", licences=[]),
            '{"external_reference": "D", "external_reference": "E", "name": "To"}',
            row("F", own_transport=None),
        ),
        ann,
    )
    assert [str(one.status) for one in results] == ["created", *["refused"] * 8, "created"]
    assert codes(results) == {
        2: [("/", "invalid_json")],
        3: [("/", "invalid_json")],
        4: [("/licences/0", "unknown_code"), ("/shoe_size", "unknown_field")],
        5: [("/cv_text", "cpr_number")],
        6: [("/external_reference", "required")],
        7: [("/external_reference", "cpr_number")],
        8: [("/external_reference", "duplicate")],
        9: [("/", "invalid_json")],
    }
    assert "010190" not in repr(results)
    assert sorted(Candidate.objects.values_list("external_reference", flat=True)) == ["A", "F"]


COLUMNS = "external_reference,name,licences,certificates,languages,occupations,skills,shifts,hours_min,hours_max"
CSV = f"""\ufeff{COLUMNS},own_transport
A,Prøve Person,B;CE,truck;adr@2027-01-31,da:4/3;en:2/0,8332*24,{build.SKILL}!,day;night,20,37,ja
B,"Person, Prøve",,,,,,,,,
C,Prøve Person,B,adr@snart,da:9/1,83*x,{build.SKILL},dawn,x,37,maybe
D,too,few
"""


def test_csv_says_the_same_as_json(ann):
    results = run(io.BytesIO(CSV.encode()), ann, "csv")
    assert short(results)[:2] == [(1, "created", "A"), (2, "created", "B")]
    kept = profile_of(Candidate.objects.get(external_reference="A"))
    assert kept["licences"] == ["B", "CE"] and kept["own_transport"] is True
    assert [(one["code"], str(one["valid_through"])) for one in kept["certificates"]] == [
        ("adr", "2027-01-31"),
        ("truck", "None"),
    ]
    assert [tuple(one.values()) for one in kept["languages"]] == [("da", 4, 3), ("en", 2, 0)]
    assert kept["occupations"] == [{"isco": "8332", "title": "", "months": 24}]
    assert [one["documented"] for one in kept["skills"]] == [True]
    assert (kept["shifts"], kept["hours_min"], kept["hours_max"]) == (["day", "night"], 20, 37)
    assert codes(results) == {
        3: [
            ("/certificates/0/valid_through", "invalid_date"),
            ("/languages/0/oral", "unknown_code"),
            ("/occupations/0/isco", "unknown_code"),
            ("/occupations/0/months", "out_of_range"),
            ("/shifts", "unknown_code"),
            ("/hours_min", "out_of_range"),
            ("/own_transport", "invalid_type"),
        ],
        4: [("/", "invalid_csv")],
    }


def test_an_empty_column_is_reviewed_and_an_absent_one_is_not(ann):
    run(io.BytesIO(b"external_reference,name,licences\nA,Person,\n"), ann, "csv")
    one = Candidate.objects.get()
    assert one.licences_reviewed_on == clock.today() and one.skills_reviewed_on is None


@pytest.mark.parametrize("heading", ["external_reference,age", "name", "", "external_reference,name,name"])
def test_a_heading_that_is_not_understood_stops_at_once(ann, heading):
    with pytest.raises(Invalid):
        import_rows(io.BytesIO(f"{heading}\nA,B\n".encode()), actor=ann, format="csv")


def test_bytes_that_are_no_utf8_refuse_their_row(ann):
    stream = io.BytesIO(b'{"external_reference": "A", "name": "S\xf8ren"}\n' + lines(row("B")).getvalue())
    assert [str(one.status) for one in run(stream, ann)] == ["refused", "created"]


def test_an_import_does_not_undo_a_fresh_hire(ann):
    run(lines(row("A")), ann)
    one = Candidate.objects.get()
    mark_hired(one.pk, actor=ann, starts_on=clock.today())
    run(lines(row("A", status="available", licences=["B"])), ann)
    after = Candidate.objects.get()
    assert (after.status, after.hired_from) == ("hired", clock.today()) and after.licences_reviewed_on


def test_an_import_reaches_the_own_municipality_only(ann):
    build.candidate(build.GRIBSKOV, external_reference="A")
    assert short(run(lines(row("A")), ann)) == [(1, "created", "A")]
    with pytest.raises(NotAllowed):
        import_rows(lines(row("A")), actor=Actor.member(role=Role.COORDINATOR))


def queries(stream, actor) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert {str(one.status) for one in run(stream, actor)} == {"created"}
    return len(captured)


def many(prefix: str, number: int):
    full = {
        "licences": ["B"],
        "certificates": [{"code": "adr"}],
        "skills": [{"skill": build.SKILL}],
        "occupations": [{"isco": "8332", "months": 9}],
        "languages": [{"code": "da", "oral": 3, "written": 2}],
        "job_goals": ["8332"],
    }
    return lines(*(row(f"{prefix}{index}", **full) for index in range(number)))


def test_a_batch_takes_the_same_statements_whatever_it_holds(ann, monkeypatch):
    # SQLite splits an INSERT by its limit of variables; with that lifted the counts are those of PostgreSQL.
    monkeypatch.setattr(connection.features, "max_query_params", 30_000)
    few, batch, four = queries(many("a", 3), ann), queries(many("b", 500), ann), queries(many("c", 2000), ann)
    assert few == batch <= 30
    assert four <= 4 * batch


def test_two_thousand_rows_come_in_and_again_without_change(ann):
    assert len(run(many("a", 2000), ann)) == 2000
    assert {str(one.status) for one in run(many("a", 2000), ann)} == {"unchanged"}
    assert Candidate.objects.count() == 2000 == Event.objects.count()


def test_the_command_imports_and_names_the_rows_refused(ann, tmp_path, capsys):
    Membership.objects.create(
        user_id=ann.user_id, municipality_id=build.HILLEROED, role="consultant", started_on=clock.today()
    )
    email = User.objects.get(pk=ann.user_id).email
    file = tmp_path / "people.csv"
    file.write_text("external_reference,name,licences\nA,Person,B\nB,Person,ZZ\n")
    with pytest.raises(CommandError):
        call_command("import_candidates", str(file), municipality=build.HILLEROED, user=email)
    out = capsys.readouterr()
    assert "created: 1" in out.out and "2\tB\t/licences/0" in out.err
    with pytest.raises(CommandError):
        call_command("import_candidates", str(file), municipality=build.GRIBSKOV, user=email)


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"postal_code": "3900"}, "/postal_code", "unknown_code"),
        ({"postal_code": "21115"}, "/postal_code", "unknown_code"),
        ({"postal_code": "SE-211 15"}, "/postal_code", "unknown_code"),
        ({"max_distance_km": 0}, "/max_distance_km", "out_of_range"),
        ({"max_distance_km": 20_000}, "/max_distance_km", "out_of_range"),
        ({"hours_min": 37, "hours_max": 20}, "/hours_min", "out_of_range"),
        ({"skills": [{"skill": f"urn:nrs:skill:{n}"} for n in range(200)]}, "/skills", "too_many"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_the_next_row_goes_on(ann, changes, pointer, code):
    results = run(lines(row("A", **changes), row("B")), ann)
    assert codes(results) == {1: [(pointer, code)]}
    assert short(results) == [(1, "refused", "A"), (2, "created", "B")]
