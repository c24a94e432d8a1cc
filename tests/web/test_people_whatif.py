"""What if: how many more there would be without a must-have, seen before anything is saved."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from urllib.parse import urldefrag

import pytest

from events import clock
from joborders.models import JobOrder
from joborders.services import changes, steps
from municipalities.actor import Actor
from screening import services
from screening.models import Run
from tests import factories
from tests.browser import people_pages as scenes
from tests.browser.people_pages import DEMANDS, FIT, people, shared_order
from tests.web.test_people_screening import reader, text_of
from vocabulary.models import Skill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
HTMX = {"HX-Request": "true"}
GIVE_UP = re.compile(r'<tr class="nrs-way">.*?<a href="(/orders/[^"]+)">', re.DOTALL)


def run_for(lead: Actor, scope: str = "region", **changed: object) -> Run:
    """A screening for an order that asks for everything that can be given up."""
    people()
    order = shared_order(lead)
    wishes = {"shifts": ["day"], "needs_own_transport": True, "max_distance_km": 30, "grace_days": 5, **changed}
    changes.change(order.public_id, lead, order.version, wishes, note="")
    return services.run(order.public_id, actor=lead, scope=scope)


def ways(page: str) -> list[str]:
    """The rows of the ways to loosen the order, as text."""
    found = re.findall(r'<tr class="nrs-way">(.*?)</td></tr>', page, re.DOTALL)
    return [unescape(" ".join(re.sub(r"<[^>]+>", " ", each).split())) for each in found]


def test_nothing_is_counted_until_somebody_asks(ann: Actor) -> None:
    run = run_for(ann)
    page = reader(ann).get(f"/screenings/{run.public_id}").content.decode()
    assert ways(page) == []
    assert 'href="?whatif=1#funnel"' in page


def test_each_must_have_says_how_many_more_come_without_it_and_where(ann: Actor) -> None:
    order = shared_order(ann)
    factories.candidate(**FIT)
    for home in (factories.HILLEROED, factories.GRIBSKOV, factories.GRIBSKOV):
        factories.candidate(home, **{**FIT, "licences": []})
    run = services.run(order.public_id, actor=ann, scope="region")
    found = ways(reader(ann).get(f"/screenings/{run.public_id}?whatif=1").content.decode())
    [licence] = [each for each in found if each.startswith("Without C (Lorry)")]
    assert "3 more Qualified +3 Check 0" in licence
    assert re.search(r"Gribskov: Qualified \+2, Check 0 Hillerød: Qualified \+1, Check 0", licence)
    assert [each for each in found if each.startswith("Without Danish: nobody more")]


def test_somebody_to_check_who_becomes_qualified_is_told(ann: Actor) -> None:
    order = shared_order(ann)
    factories.candidate(**{name: value for name, value in FIT.items() if name != "languages"})
    run = services.run(order.public_id, actor=ann, scope="own")
    found = ways(reader(ann).get(f"/screenings/{run.public_id}?whatif=1").content.decode())
    [language] = [each for each in found if each.startswith("Without Danish")]
    assert "0 more Qualified +1 Check −1" in language


def test_htmx_gets_the_same_funnel_as_the_page_has(ann: Actor) -> None:
    run = run_for(ann)
    client = reader(ann)
    for path in (f"/orders/{run.order.public_id}/screening", f"/screenings/{run.public_id}"):
        for asked in ("?whatif=1", "?municipality=0270"):
            part = client.get(path + asked, headers=HTMX).content.decode()
            assert part.lstrip().startswith('<section class="nrs-section" id="funnel"')
            assert part.strip() in client.get(path + asked).content.decode()


def test_a_way_that_brings_somebody_leads_the_lead_to_the_field_where_it_is_saved(ann: Actor) -> None:
    late = (clock.today() + dt.timedelta(days=30)).isoformat()
    lacks = {"licences": [], "certificates": [], "languages": [], "shifts": ["night"], "hours_max": 20}
    for name, value in (lacks | {"own_transport": False, "available_from": late}).items():
        factories.candidate(**{**FIT, name: value})
    run = run_for(ann, max_distance_km=1)
    client = reader(ann)
    page = client.get(f"/screenings/{run.public_id}?whatif=1").content.decode()
    links = GIVE_UP.findall(page)
    assert len(links) == len([way for way in ways(page) if "nobody more" not in way])
    assert {urldefrag(link)[1] for link in links} == {
        "id_max_distance_km", "id_grace_days", "id_hours_min", "id_shifts_0", "id_needs_own_transport",
        "id_row-licence-C", "id_row-certificate-chauffoer-gods", "id_row-language-da",
    }  # fmt: skip
    for link in links:
        address, field = urldefrag(link)
        form = client.get(address)
        assert form.status_code == 200
        assert f'id="{field}"' in form.content.decode()


def test_a_required_skill_becomes_a_wish(ann: Actor) -> None:
    skill = Skill.objects.current().first()
    factories.candidate(**FIT)
    run = run_for(ann, requirements=[{"kind": "skill", "code": str(skill.public_id), "is_must": True}])
    client = reader(ann)
    page = client.get(f"/screenings/{run.public_id}?whatif=1").content.decode()
    [way] = [each for each in ways(page) if "as a wish" in each]
    assert way.startswith(f"With {skill.label_en} as a wish: ") and "nobody more" not in way
    [link] = [link for link in GIVE_UP.findall(page) if "skill" in link]
    address, field = urldefrag(link)
    assert f'id="{field}"' in client.get(address).content.decode()


def test_a_box_that_remembers_what_was_seen_stands_at_its_label(ann: Actor) -> None:
    order = run_for(ann).order
    page = reader(ann).get(f"/orders/{order.public_id}/steps/change").content.decode()
    assert re.search(r'<input type="checkbox"[^>]*id="id_needs_own_transport"[^>]*><label', page)
    assert re.search(r'<input type="hidden" name="initial-needs_own_transport" value="True"', page)


def test_what_was_given_up_is_saved_on_the_order(ann: Actor) -> None:
    run = run_for(ann)
    client, path = reader(ann), f"/orders/{run.order.public_id}/steps/change"
    fields = client.get(path).context["form"]
    sent = {name: fields[name].value() for name in fields.fields}
    first = {f"initial-{name}": value for name, value in sent.items()}
    given_up = {"max_distance_km": "", "grace_days": "60", "needs_own_transport": ""}
    posted = {name: "" if value is None else value for name, value in {**first, **sent, **given_up}.items()}
    assert client.post(path, posted).status_code == 302
    order = JobOrder.objects.get(pk=run.order_id)
    assert (order.max_distance_km, order.grace_days, order.needs_own_transport) == (None, 60, False)
    assert order.shifts == run.order.shifts


def test_another_municipality_counts_its_own_and_changes_nothing(ann: Actor) -> None:
    order = run_for(ann).order
    gro = factories.consultant(factories.GRIBSKOV)
    run = services.run(order.public_id, actor=gro, scope="own")
    page = reader(gro).get(f"/screenings/{run.public_id}?whatif=1")
    assert len(ways(page.content.decode())) == 5 + len(DEMANDS)
    assert "counted now among our own candidates" in text_of(page)
    assert "Per municipality" not in text_of(page)
    assert not GIVE_UP.findall(page.content.decode())


def test_an_order_changed_or_ended_since_the_screening_is_not_loosened(ann: Actor) -> None:
    run = run_for(ann)
    client, path = reader(ann), f"/screenings/{run.public_id}?whatif=1"
    order = JobOrder.objects.get(pk=run.order_id)
    changes.change(order.public_id, ann, order.version, {"hours_max": 35}, note="")
    assert "What if?" not in text_of(client.get(path)) and not ways(client.get(path).content.decode())
    again = services.run(order.public_id, actor=ann, scope="own")
    path = f"/screenings/{again.public_id}?whatif=1"
    assert ways(client.get(path).content.decode())
    order.refresh_from_db()
    steps.close(order.public_id, ann, order.version, reason="no_suitable_candidates")
    assert not ways(client.get(path).content.decode())


def test_who_may_not_screen_may_not_ask_what_if(ann: Actor, eva: Actor) -> None:
    run = run_for(ann)
    path = f"/orders/{run.order.public_id}/screening?whatif=1"
    assert reader(factories.coordinator()).get(path, headers=HTMX).status_code == 403
    assert reader(factories.caseworker()).get(path, headers=HTMX).status_code == 403
    assert reader(eva).get(f"/screenings/{run.public_id}?whatif=1", headers=HTMX).status_code == 404


def test_the_order_leads_to_its_screening_and_back(ann: Actor) -> None:
    run = scenes.run_of(ann)
    client, order = reader(ann), f"/orders/{run.order.public_id}"
    assert f'href="{order}/screening">Find candidates</a>' in client.get(order).content.decode()
    back = client.get(f"{order}/screening").content.decode()
    assert f'class="back-link" href="{order}"' in back


def test_a_new_order_is_begun_on_the_companys_page(ann: Actor) -> None:
    company = factories.company()
    client, link = reader(ann), f"/quick?company={company.public_id}"
    assert f'href="{link}"' in client.get(f"/companies/{company.public_id}").content.decode()
    assert f'value="{company.cvr}"' in client.get(link).content.decode()
    assert client.get("/quick?company=nobody").status_code == 200
    caseworkers = reader(factories.caseworker()).get(f"/companies/{company.public_id}")
    assert "/quick" not in caseworkers.content.decode()
