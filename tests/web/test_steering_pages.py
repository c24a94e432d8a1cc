"""Goals, savings and status packs as the coordinator clicks them, and the pack as politicians get it."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import User
from campaigns import goals, packs
from campaigns.models import Goal, StatusPack
from events import clock
from tests import factories
from tests.campaigns.scenes import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
PAGES = ("/figures/goals", "/figures/savings", "/figures/packs")


def login(role: str, code: str | None = None) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=factories.member(role, code).user_id), "municipalities.login.MemberBackend")
    return client


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("role", "code", "status"), [("coordinator", None, 200), ("consultant", "0217", 200), ("auditor", None, 403)]
)
def test_the_nine_read_them(page: str, role: str, code: str | None, status: int) -> None:
    assert login(role, code).get(page).status_code == status


def test_the_coordinator_sets_a_goal_sees_it_and_withdraws_it() -> None:
    kim, year = login("coordinator"), clock.today().year
    sent = {
        "name": "45 nye", "measure": "new_companies", "value": "45", "valid_from": f"{year}-01-01",
        "valid_to": f"{year}-12-31", "municipality": "0201", "frequency": "monthly", "compared_with": ["0223"],
    }  # fmt: skip
    assert kim.post("/figures/goals/new", sent).status_code == 302
    text = kim.get("/figures/goals").content.decode()
    assert "45 nye" in text and "Allerød" in text and "Hørsholm: 0" in text
    assert kim.post(f"/figures/goals/{Goal.objects.get().public_id}/withdraw").status_code == 302
    assert "45 nye" not in kim.get("/figures/goals").content.decode()


def test_a_wrong_goal_is_told_at_its_field_and_others_may_not_set_one() -> None:
    page = login("coordinator").post("/figures/goals/new", {"name": "x", "measure": "orders_filled", "value": "200",
        "valid_from": "2026-01-01", "valid_to": "2026-12-31", "frequency": "monthly"})  # fmt: skip
    assert page.status_code == 422
    assert "højst 100 procent" in page.content.decode()
    ann = login("consultant", "0217")
    assert ann.get("/figures/goals/new").status_code == 403
    assert ann.post("/figures/packs", {"as_of": "2026-03-31"}).status_code == 403
    assert not StatusPack.objects.exists()


def test_a_pack_is_one_page_for_politicians_and_an_appendix() -> None:
    Scene(2).answer(2, hour=11).hire(4, factories.HELSINGOER)
    goals.set_goal(
        factories.coordinator(), name="=1+1", measure="new_companies", value=45,
        valid_from=dt.date(2026, 1, 1), valid_to=dt.date(2026, 12, 31),
    )  # fmt: skip
    kim = login("coordinator")
    assert kim.post("/figures/packs", {"as_of": "2026-03-31"}).status_code == 302
    pack = StatusPack.objects.get()
    assert "31. marts 2026" in kim.get("/figures/packs").content.decode()
    answer = login("consultant", "0217").get(f"/figures/packs/{pack.public_id}.pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="nrs-status-2026-03-31.pdf"'
    pages = PdfReader(io.BytesIO(answer.content)).pages
    first, rest = pages[0].extract_text(), "".join(page.extract_text() for page in pages[1:])
    assert "Status pr. 31. marts 2026" in first and "Mål" in first and "Bilag" not in first
    for words in ("Bilag", "Efter kommune", "Udveksling", "Måned for måned"):
        assert words in rest, words
    for name in User.objects.values_list("name", flat=True):
        assert name not in first + rest
    book = load_workbook(io.BytesIO(kim.get(f"/figures/packs/{pack.public_id}.xlsx").content))
    assert {"Status", "Mål"} <= set(book.sheetnames)
    cell = book["Mål"]["A2"]
    assert cell.value.startswith("=1+1") and cell.data_type == "s"
    assert kim.get(f"/figures/packs/{pack.public_id}.csv").status_code == 404


def test_an_older_pack_says_what_it_said() -> None:
    kim = login("coordinator")
    pack = packs.make(factories.coordinator(), dt.date(2026, 3, 31))
    before = kim.get(f"/figures/packs/{pack.public_id}.xlsx").content
    Scene(3)
    after = kim.get(f"/figures/packs/{pack.public_id}.xlsx").content
    assert [[cell.value for cell in row] for row in load_workbook(io.BytesIO(before))["Status"]] == [
        [cell.value for cell in row] for row in load_workbook(io.BytesIO(after))["Status"]
    ]
