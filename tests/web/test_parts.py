"""The parts that every page is made of: forms in the design system's clothes, times in words, charts, refusals."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.module_loading import import_string

from events.errors import FieldProblem, Invalid, NotAllowed, NotVisible, Stale, StepRefused
from nrs import urls as product
from web.figures.charts import Chart, Series
from web.forms.base import Form, Mistake
from web.middleware import refusal_page
from web.templatetags import nrs as tags


class Sample(Form):
    """One of each kind of field."""

    name = forms.CharField(label="Name", help_text="As on the door")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(
        label="Many", choices=[("x", "X")], widget=forms.CheckboxSelectMultiple, required=False
    )
    town = forms.ChoiceField(label="Town", choices=[("1", "One")], required=False)
    agreed = forms.BooleanField(label="Agreed")
    text = forms.CharField(label="Text", widget=forms.Textarea, required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


def test_every_kind_of_field_wears_the_classes_of_the_design_system() -> None:
    html = " ".join(str(Sample()).split())
    for tag in (
        '<input type="text" name="name" aria-describedby="id_name_helptext" id="id_name" class="form-input">',
        '<input type="radio" class="form-radio" name="kind" value="a" id="id_kind_0">',
        '<input type="checkbox" class="form-checkbox" name="many" value="x" id="id_many_0">',
        '<select name="town" id="id_town" class="form-select">',
        '<input type="checkbox" name="agreed" id="id_agreed" class="form-checkbox">',
        'id="id_text" class="form-input">',
    ):
        assert tag in html
    assert html.count('class="form-group"') == 6


def test_mistakes_stand_at_the_field_and_in_the_summary() -> None:
    form = Sample({"kind": "c"})
    html = str(form["name"].as_field_group())
    assert 'class="form-group form-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    targets = [mistake.target for mistake in form.mistakes()]
    assert targets == ["id_name", "id_kind_0", "id_agreed"]


def test_a_refusal_of_a_service_finds_its_field() -> None:
    form = Sample({"name": "x", "kind": "a", "agreed": "on"})
    assert form.is_valid()
    problems = [FieldProblem("/company/name", "x", "Too long"), FieldProblem("/other", "y", "Odd")]
    form.refuse(Invalid(problems), {"/company": "town", "/company/name": "name"})
    assert form.mistakes() == [Mistake("main", "Odd"), Mistake("id_name", "Too long")]


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (dt.timedelta(seconds=20), "lige nu"),
        (dt.timedelta(minutes=1), "for 1 minut siden"),
        (dt.timedelta(hours=2, minutes=59), "for 2 timer siden"),
        (-dt.timedelta(days=3), "om 3 dage"),
        (dt.timedelta(days=31), "30. januar 2026"),
    ],
)
def test_times_are_told_in_words_with_the_exact_one_on_hover(
    monday: dt.datetime, gap: dt.timedelta, words: str
) -> None:
    with translation.override("da"):
        html = tags.ago(monday - gap)
    assert f">{words}</time>" in html
    assert 'title="' in html and 'datetime="2026-' in html


def test_an_exact_time_is_on_the_wall_clock_of_copenhagen() -> None:
    with translation.override("da"):
        assert tags.exact(dt.datetime(2026, 7, 1, 6, 15, tzinfo=dt.UTC)) == "1. juli 2026 kl. 08.15"


def test_no_time_is_no_words() -> None:
    assert tags.ago(None) == "" and tags.exact(None) == ""


def test_a_link_keeps_the_filters_and_changes_the_page(rf: RequestFactory) -> None:
    context = {"request": rf.get("/queue?q=bus&page=2")}
    assert tags.here_with(context, page=3) == "?q=bus&page=3"
    assert tags.here_with(context, page=None) == "?q=bus"


def chart() -> Chart:
    return Chart("flow", "Orders per week", "More each week.", "Week", ["1", "2"], [Series("new", [1, None])])


def test_a_chart_comes_with_its_sentence_its_table_and_its_data(rf: RequestFactory) -> None:
    template = engines["django"].get_template("web/parts/chart.html")
    html = template.render({"chart": chart()}, rf.get("/"))
    assert 'role="img" aria-labelledby="flow-title" aria-describedby="flow-says"' in html
    assert '<script id="flow-data" type="application/json">' in html
    assert '<th scope="row">2</th><td class="align-text-right">–</td>' in html


def test_a_chart_with_a_value_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="one value per label"):
        Chart("x", "", "", "", ["1", "2"], [Series("a", [1])])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (NotVisible(), 404, "Vi kan ikke finde siden"),
        (NotAllowed(), 403, "Det må du ikke"),
        (StepRefused(), 409, "Det kan ikke lade sig gøre nu"),
        (Stale(version=3), 412, "Det er ændret i mellemtiden"),
    ],
)
def test_a_refusal_that_no_view_handled_is_a_page(client: Client, monkeypatch, error, status, words) -> None:
    def refuses(request: HttpRequest) -> HttpResponse:
        raise error

    client.get("/")  # the resolver is loaded before it is changed
    monkeypatch.setattr(product.urlpatterns[-1].url_patterns[0], "callback", refuses)
    page = client.get("/")
    assert page.status_code == status
    assert words in page.content.decode()


@pytest.mark.django_db
def test_a_refusal_tells_the_way_back(rf: RequestFactory, client: Client) -> None:
    request = client.get("/was").wsgi_request
    assert 'href="/was"' in refusal_page(request, Stale(version=2)).content.decode()


@pytest.mark.django_db
def test_a_page_sent_too_late_is_told_in_words() -> None:
    page = Client(enforce_csrf_checks=True).post("/login", {"username": "x", "password": "y"})
    assert page.status_code == 403
    assert "Siden var for gammel" in page.content.decode()


@pytest.mark.django_db
def test_an_error_of_ours_is_told_without_asking_the_database(rf: RequestFactory, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        page = import_string(product.handler500)(rf.get("/queue"))
    assert page.status_code == 500
    assert "Intet er gemt" in page.content.decode()


@pytest.mark.django_db
def test_pages_are_nobody_elses_to_keep(client: Client) -> None:
    assert client.get("/").headers["Cache-Control"] == "private, no-cache"
