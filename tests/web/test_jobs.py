"""The open job list: what anybody may read, and nothing more."""

from __future__ import annotations

import datetime as dt
import json
import re
from xml.etree import ElementTree

import pytest
from django.test import Client

from events import clock
from joborders.models import JobOrder
from joborders.services import changes, steps
from municipalities.actor import Actor
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
ATOM = "{http://www.w3.org/2005/Atom}"
SECRET = "Ring til Kirsten Prøve på 48 00 00 00 eller kirsten@firma.example, se www.firma.example/job"


def advertised(ann: Actor, **changes: object) -> JobOrder:
    """A public order whose contact was called."""
    order = factories.order(is_public=True, **changes)
    return steps.verify_contact(order.public_id, ann, order.version, source="website")


def posting_of(page: str) -> dict[str, object]:
    """The page's JSON-LD."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found.group(1))


def test_a_job_is_public_once_its_contact_was_called(client: Client, ann: Actor) -> None:
    order = factories.order(is_public=True)
    assert client.get(f"/jobs/{order.number}").status_code == 404
    assert order.number not in client.get("/jobs").content.decode()
    steps.verify_contact(order.public_id, ann, order.version, source="website")
    assert order.title in client.get("/jobs").content.decode()
    page = client.get(f"/jobs/{order.number}")
    assert page.status_code == 200
    assert order.company.name in page.content.decode()
    assert client.get(f"/jobs/{factories.order().number}").status_code == 404, "not marked public"


def test_it_is_taken_down_when_it_ends_rests_or_is_out_of_time(client: Client, ann: Actor) -> None:
    order = advertised(ann)
    order = steps.pause(order.public_id, ann, order.version)
    gone = client.get(f"/jobs/{order.number}")
    assert gone.status_code == 410
    assert "noindex" in gone.content.decode()
    order = steps.resume(order.public_id, ann, order.version)
    assert client.get(f"/jobs/{order.number}").status_code == 200
    steps.withdraw(order.public_id, factories.link_of(order), order.version)
    assert client.get(f"/jobs/{order.number}").status_code == 410
    for address in ("/jobs", "/jobs/feed.atom", "/sitemap.xml"):
        assert order.number not in client.get(address).content.decode()
    late = advertised(ann, deadline=(clock.today() + dt.timedelta(days=2)).isoformat())
    assert client.get(f"/jobs/{late.number}").status_code == 200
    with clock.at(factories.MONDAY + dt.timedelta(days=3)):
        assert client.get(f"/jobs/{late.number}").status_code == 410


def test_nobody_is_named_anywhere(client: Client, ann: Actor) -> None:
    order = advertised(ann, description=f"Kørsel med varer. {SECRET}")
    for address in (f"/jobs/{order.number}", "/jobs", "/jobs/feed.atom", "/sitemap.xml"):
        text = client.get(address).content.decode()
        for hidden in ("Kirsten", "48 00 00 00", "kirsten@", "www.firma.example"):
            assert hidden not in text, f"{hidden} at {address}"
    assert "Kørsel med varer." in client.get(f"/jobs/{order.number}").content.decode()


def test_an_anonymous_employer_is_found_by_nobody(client: Client, ann: Actor) -> None:
    company = factories.company(name="Hemmelig Spedition ApS")
    text = "Hos Hemmelig Spedition kører du for HEMMELIG SPEDITION APS."
    order = advertised(ann, of=company, is_anonymous=True, description=text, apply_how="link",
                       apply_link="https://hemmelig.example/job", unit=str(company.units.get().public_id))  # fmt: skip
    for address in (f"/jobs/{order.number}", "/jobs", "/jobs/feed.atom", "/sitemap.xml"):
        read = client.get(address).content.decode()
        assert "hemmelig" not in read.lower(), address
        assert company.cvr not in read
        assert "Prøvevej" not in read
    found = posting_of(client.get(f"/jobs/{order.number}").content.decode())
    assert found["hiringOrganization"] == {"@type": "Organization", "name": "confidential"}
    place = found["jobLocation"]["address"]  # type: ignore[index]
    assert (place["addressLocality"], "postalCode" in place) == ("Hillerød", False)
    assert order.number not in client.get("/jobs?q=Hemmelig").content.decode(), "the search is no oracle"
    assert order.number in client.get("/jobs?q=Lastbil").content.decode()


def test_search_engines_read_a_job_posting(client: Client, ann: Actor) -> None:
    company = factories.company()
    order = advertised(
        ann, of=company, title="Chauffør </script><b>", hours_min=30, hours_max=37, positions=2, deadline="2026-04-01",
        starts_on="2026-03-16", employment="seasonal", unit=str(company.units.get().public_id),
    )  # fmt: skip
    page = client.get(f"/jobs/{order.number}").content.decode()
    found = posting_of(page)
    assert found["@type"] == "JobPosting"
    assert found["title"] == "Chauffør </script><b>"
    assert found["identifier"] == {"@type": "PropertyValue", "name": "NRS", "value": order.number}
    assert found["datePosted"] == "2026-03-02"
    assert found["validThrough"] == "2026-04-02T00:00:00+02:00"
    assert found["employmentType"] == ["FULL_TIME", "TEMPORARY"]
    assert found["totalJobOpenings"] == 2
    assert found["jobLocation"]["address"]["streetAddress"] == "Prøvevej 1"  # type: ignore[index]
    assert found["jobLocation"]["address"]["postalCode"] == "3400"  # type: ignore[index]
    assert "<b>" not in page


def test_the_feed_and_the_map_lead_to_the_jobs(client: Client, ann: Actor) -> None:
    order = advertised(ann)
    feed = client.get("/jobs/feed.atom")
    assert feed.headers["Content-Type"].startswith("application/atom+xml")
    entry = ElementTree.fromstring(feed.content).find(f"{ATOM}entry")
    assert entry is not None
    link = entry.find(f"{ATOM}link")
    assert link is not None and link.attrib["href"].endswith(f"/jobs/{order.number}")
    assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{order.public_id}"
    site = client.get("/sitemap.xml")
    assert site.headers["Content-Type"].startswith("application/xml")
    places = [place.text or "" for place in ElementTree.fromstring(site.content).iter() if place.tag.endswith("loc")]
    assert any(place.endswith(f"/jobs/{order.number}") for place in places)
    robots = client.get("/robots.txt").content.decode()
    assert "Sitemap: " in robots and "Disallow: /api/" in robots and "Disallow: /jobs" not in robots


@pytest.mark.parametrize("address", ["/jobs/feed.atom", "/sitemap.xml", "/jobs/{number}"])
def test_who_has_read_it_is_told_that_nothing_changed(client: Client, ann: Actor, address: str) -> None:
    order = advertised(ann)
    address = address.format(number=order.number)
    first = client.get(address)
    assert first.headers["Last-Modified"]
    again = client.get(address, HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    changes.change(order.public_id, ann, order.version, {"title": "Chauffør igen"}, note="")
    assert client.get(address, HTTP_IF_NONE_MATCH=first.headers["ETag"]).status_code == 200
    assert client.get(address, HTTP_ACCEPT_LANGUAGE="en", HTTP_IF_NONE_MATCH=first.headers["ETag"]).status_code == 200
    assert client.post(address).status_code == 405


def test_the_list_speaks_both_languages_and_takes_few_queries(
    client: Client, ann: Actor, django_assert_max_num_queries: object
) -> None:
    for number in range(4):
        advertised(ann, title=f"Chauffør {number}")
    assert "Job i Nordsjælland" in client.get("/jobs").content.decode()
    assert "Jobs in North Zealand" in client.get("/jobs", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        client.get("/jobs")
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        client.get("/jobs/feed.atom")
