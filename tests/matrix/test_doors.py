"""The tables are complete: every door has its line, no line is stale, and what is personal has a scope."""

from __future__ import annotations

import pytest
from django.apps import apps

from candidates.models import Candidate
from municipalities import wall
from tests.matrix.doors import commands, kind_of, patterns, tasks
from tests.matrix.rows import HOUSE, subject_of
from tests.matrix.rules import COLUMNS, DO, NOT, SEE, Rules, door_rows

ADD = "Add a line for each to docs/access-doors.csv: kind,door,subject,values,note (docs/privacy.md, “Who may do what”)"
#: Subjects that no line of the matrix rules over: what is behind such a door belongs to no municipality.
WITHOUT_RULE = {"public", "list", "register", "figures", "admin", "system"}


def doors() -> set[tuple[str, str]]:
    """Kind and name of every door that the product has."""
    found = {(kind_of(address), address) for address, _pattern in patterns()}
    found |= {("task", name) for name in tasks()}
    return found | {("command", name) for name in commands()}


def test_every_door_has_its_line():
    rows = door_rows()
    missing = sorted(door for door in doors() if not any(row.names(*door) for row in rows))
    told = "\n".join(f"  {kind},{door},SUBJECT,," for kind, door in missing)
    assert not missing, f"{ADD}\n{told}"


def test_no_line_is_stale_and_none_stands_twice():
    rows, real = door_rows(), doors()
    stale = [f"{row.kind},{row.door}" for row in rows if not any(row.names(*door) for door in real)]
    assert not stale, f"these doors are gone, take their lines out of docs/access-doors.csv: {stale}"
    names = [(row.kind, row.door) for row in rows]
    assert len(names) == len(set(names))


def test_every_subject_of_a_door_stands_in_the_matrix():
    unknown = {row.subject for row in door_rows()} - Rules().subjects - WITHOUT_RULE
    assert not unknown, f"no line of docs/access-matrix.csv rules over {sorted(unknown)}"


def test_the_matrix_says_see_do_or_nothing_and_says_it_once():
    rules = Rules()
    assert set(rules.cells.values()) <= {SEE, DO, NOT} and not rules.twice
    assert {role for _subject, _relation, role in rules.cells} == set(COLUMNS)


def test_steps_named_in_addresses_are_those_that_there_are():
    from web.desk.nomination_pages import NOMINATION_PAGES
    from web.desk.step_pages import STEP_PAGES
    from web.views import candidate_lists, follow, quick
    from web.webhooks import views as webhooks

    real = {
        "orders/<uuid:id>/steps/<str:step>": STEP_PAGES,
        "orders/<uuid:id>/nominations/<str:step>": NOMINATION_PAGES,
        "intakes/<uuid:id>/<str:step>": quick.STEPS,
        "candidates/<uuid:id>/list/<str:kind>": candidate_lists.KINDS,
        "follow/<str:number>/<str:step>": follow.STEPS,
        "webhooks/<uuid:id>/<str:step>": webhooks.STEPS,
    }
    rows = {row.door: row.parts for row in door_rows() if row.parts}
    assert rows.keys() == real.keys()
    for door, parts in rows.items():
        assert [set(words) for words in parts.values()] == [set(real[door])], door


def citizens() -> list[type]:
    """Every model that is or points at a candidate, or stands behind the wall."""
    found = []
    for app in HOUSE:
        for model in apps.get_app_config(app).get_models():
            points = any(field.related_model is Candidate for field in model._meta.concrete_fields)
            if model is Candidate or points or model._meta.db_table in wall.TABLES:
                found.append(model)
    return found


#: Read through the candidate, nomination, run or job that they belong to: never on their own, so without a scope.
THROUGH_ANOTHER = {
    "Identity": "candidates.access.named", "AccessLog": "written only; the auditor's page reads it",
    "CandidateLicence": "Candidate", "CandidateCertificate": "Candidate", "CandidateSkill": "Candidate",
    "CandidateOccupation": "Candidate", "CandidateLanguage": "Candidate", "JobGoal": "Candidate",
    "Release": "what scopes read", "ImportRow": "ImportJob", "VerdictRow": "Run", "Pseudonym": "JobOrder",
    "CoursePass": "Course",
}  # fmt: skip


def test_every_model_with_citizens_has_a_scope_or_is_read_through_one_that_has():
    without = {
        model.__name__
        for model in citizens()
        if not hasattr(getattr(model, "objects", None) and model.objects.all(), "visible_to")
    }
    assert without == set(THROUGH_ANOTHER), (
        "give it visible_to(actor), or say in THROUGH_ANOTHER through whom it is read"
    )


@pytest.mark.parametrize("table", sorted(wall.TABLES))
def test_every_table_with_citizens_is_ruled_over(table):
    assert table == "candidates_accesslog" or subject_of(table) in Rules().subjects
