"""Candidates from a file on the pages: sent, followed with and without scripts, and read row by row."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from candidates import import_jobs
from candidates.models import ImportJob
from municipalities.actor import Actor
from tests import factories
from tests.candidates.test_import_jobs import CSV

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def ann(client: Client) -> Actor:
    """A caseworker in Hillerød, logged in."""
    actor = factories.caseworker(name="Ann Prøve")
    client.force_login(User.objects.get(pk=actor.user_id))
    return actor


def send(client: Client, content: bytes = CSV, name: str = "liste.csv"):
    return client.post("/candidates/import", {"file": SimpleUploadedFile(name, content)})


def test_a_file_is_sent_and_its_progress_and_report_are_read(client: Client, ann: Actor) -> None:
    address = send(client).headers["Location"]
    waiting = client.get(address).content.decode()
    assert "Den venter på sin tur" in waiting and 'hx-trigger="every 2s"' in waiting and 'value="0"' in waiting
    import_jobs.work()
    part = client.get(address, headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"
    page = client.get(address).content.decode()
    assert part.content.decode().strip() in page and "every 2s" not in page
    assert "Alle 3 rækker er læst." in page and 'value="3"' in page and "/licences/0" in page
    refused = client.get(f"{address}?status=refused").content.decode()
    assert "/licences/0" in refused and ">A</a>" not in refused
    assert "Person Et" not in page


def test_a_file_that_cannot_be_read_is_told_at_the_field(client: Client, ann: Actor) -> None:
    page = send(client, name="liste.xlsx")
    assert page.status_code == 422 and "Filen skal ende på .csv eller .ndjson." in page.content.decode()
    assert client.post("/candidates/import").status_code == 422
    assert not ImportJob.objects.exists()


def test_another_municipality_does_not_find_the_report(client: Client, ann: Actor) -> None:
    address = send(client).headers["Location"]
    client.force_login(User.objects.get(pk=factories.caseworker(factories.HELSINGOER).user_id))
    assert client.get(address).status_code == 404
    client.force_login(User.objects.get(pk=factories.coordinator().user_id))
    assert client.get(address).status_code == 403
    assert send(client).status_code == 403
