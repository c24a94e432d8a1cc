"""`manage.py import_candidates`: a whole list from a file, with a bar, totals and a report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from candidates.models import Candidate
from events import clock
from municipalities.models import Membership
from tests.candidates import build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def who(db) -> dict[str, str]:
    build.region()
    user = User.objects.get(pk=build.consultant().user_id)
    Membership.objects.create(user=user, municipality_id=build.HILLEROED, role="consultant", started_on=clock.today())
    return {"user": user.email, "municipality": build.HILLEROED}


def file(path: Path, count: int) -> Path:
    rows = ({"external_reference": f"S-{n}", "name": "Prøve Person", "skills": []} for n in range(count))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_file_is_imported_with_a_bar_and_totals(tmp_path, who, capsys):
    path = file(tmp_path / "list.ndjson", 1200)
    call_command("import_candidates", str(path), **who)
    told = capsys.readouterr()
    assert "created: 1200" in told.out and "1,200 of 1,200" in told.err
    assert Candidate.objects.filter(home=build.HILLEROED).count() == 1200
    call_command("import_candidates", str(path), verbosity=0, **who)
    told = capsys.readouterr()
    assert "unchanged: 1200" in told.out and told.err == ""


def test_the_report_has_every_row_and_the_screen_the_refused_ones(tmp_path, who, capsys):
    path, report = tmp_path / "list.csv", tmp_path / "report.ndjson"
    path.write_text("external_reference,name,postal_code\nA,En,3400\nB,Anden,21115\n", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("import_candidates", str(path), report=report, **who)
    told = capsys.readouterr().err
    assert "2\tB\t/postal_code" in told
    assert "21115" not in told and "Anden" not in told
    rows = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert [(row["row"], row["status"]) for row in rows] == [(1, "created"), (2, "refused")]
    assert rows[0]["candidate"] == str(Candidate.objects.get().public_id)


@pytest.mark.parametrize(("text", "told"), [("name\nx\n", "."), (None, "No such file")])
def test_what_cannot_begin_says_why(tmp_path, who, text, told):
    path = tmp_path / "list.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(CommandError, match=told):
        call_command("import_candidates", str(path), **who)
    assert not Candidate.objects.exists()
