"""One campaign: draw it up with its size in sight, freeze it, follow its funnel, end it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns import selecting, services
from campaigns.funnel import STAGES, funnel
from campaigns.models import Campaign, FocusIndustry
from events import clock
from events.errors import DomainError, Invalid, NotAllowed, NotVisible, Stale
from municipalities.actor import Actor, Role
from web.actors import members_only
from web.campaigns.forms import CampaignForm, industry_titles, initial_of
from web.campaigns.lists import READERS
from web.campaigns.words import STAGE_WORDS, needs_in_words, occupations_in_words
from web.figures.charts import Chart, Series
from web.vocabulary_words import municipality_names

GET_OR_POST = ["GET", "HEAD", "POST"]
SHOWN = 10


def campaign_of(id: UUID, actor: Actor) -> Campaign:
    """The campaign. Raises NotVisible."""
    found: Campaign | None = Campaign.objects.visible_to(actor).select_related("follows").filter(public_id=id).first()
    if found is None:
        raise NotVisible
    return found


@require_http_methods(GET_OR_POST)
@members_only(Role.COORDINATOR)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Draw up a campaign; the industries in focus today are filled in."""
    form = CampaignForm(request.POST or None, initial=_suggested(request, actor))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.draw_up(actor, **form.values())
        except Invalid as error:
            form.refuse(error, {f"/{name}": name for name in form.base_fields})
        else:
            return redirect("web:campaign", made.public_id)
    return _form_page(request, form, None)


def _suggested(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """The industries in focus; a next wave begins with what the one before was chosen by."""
    before = request.GET.get("follows", "")
    try:
        found = campaign_of(UUID(before), actor) if before else None
    except (ValueError, NotVisible):
        found = None
    in_focus = FocusIndustry.objects.in_force(clock.today()).order_by("valid_from", "name")
    divisions = " ".join(in_focus.values_list("divisions", flat=True))
    ends_on = clock.today() + dt.timedelta(days=180)
    if found is None:
        return {"divisions": divisions, "minimum_headcount": 5, "ends_on": ends_on}
    return {
        **initial_of(found), "name": "", "divisions": divisions or found.divisions, "follows": before,
        "ends_on": ends_on, "without_earlier": True,
    }  # fmt: skip


@require_http_methods(GET_OR_POST)
@members_only(Role.COORDINATOR)
def edit(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Change what the list will be chosen by."""
    campaign = campaign_of(id, actor)
    form = CampaignForm(request.POST or None, campaign=campaign, initial=initial_of(campaign))
    if request.method == "POST" and form.is_valid():
        try:
            services.change(actor, id, _version(request), form.values())
        except Invalid as error:
            form.refuse(error, {f"/{name}": name for name in form.base_fields})
        except DomainError as error:
            return _back(request, id, error)
        else:
            return redirect("web:campaign", id)
    return _form_page(request, form, campaign)


def _form_page(request: HttpRequest, form: CampaignForm, campaign: Campaign | None) -> HttpResponse:
    context = {"form": form, "campaign": campaign}
    return render(request, "web/campaigns/form.html", context, status=422 if form.is_bound else 200)


@require_GET
@members_only(Role.COORDINATOR)
def size(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How many companies the list would hold, of the form as it is filled in now: a part of the form's page."""
    form = CampaignForm(request.GET)
    form.is_valid()
    wanted = form.wanted()
    count = selecting.companies(wanted).count() if wanted.divisions or wanted.needs else None
    return render(request, "web/campaigns/size.html", {"count": count})


@require_GET
@members_only(*READERS)
def show(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """A draft with its size and first companies, or a frozen campaign with its funnel of any day."""
    campaign = campaign_of(id, actor)
    titles = industry_titles(set(campaign.divisions.split()))
    places = municipality_names()
    context: dict[str, Any] = {
        "campaign": campaign,
        "industries": [(code, titles.get(code, "")) for code in campaign.divisions.split()],
        "municipalities": [places.get(code, code) for code in campaign.municipalities.split()],
        "needs": needs_in_words(campaign.needs),
        "occupations": occupations_in_words(campaign.occupations),
        "may_run": services.may_run(actor),
        "may_call": actor.is_consultant or actor.is_coordinator,
    }
    if campaign.frozen_at is None:
        wanted = selecting.wanted_of(campaign)
        found = selecting.companies(wanted)
        context |= {
            "count": found.count(),
            "unknown": selecting.of_unknown_size(wanted),
            "first": [{"row": one, "place": places.get(one.lead_id, "")} for one in found[:SHOWN]],
        }
        return render(request, "web/campaigns/draft.html", context)
    return render(request, "web/campaigns/page.html", {**context, **_followed(request, campaign, places)})


def _followed(request: HttpRequest, campaign: Campaign, places: dict[str, str]) -> dict[str, Any]:
    """The funnel as it was asked for, as a chart and as rows."""
    asked = request.GET.get("as_of", "")
    try:
        as_of = min(parse_date(asked) or clock.today(), clock.today())
    except ValueError:
        as_of = clock.today()
    found = funnel(campaign, as_of)
    titles = industry_titles({row["industry"] for row in found["by_industry"]})
    picture = Chart(
        id="funnel",
        title=_("From targets to hires"),
        says=_("%(contacted)s of %(targeted)s companies have been contacted, %(order)s have handed in an order after.")
        % {name: found[name] for name in ("contacted", "targeted", "order")},
        of=_("Step"),
        labels=[str(STAGE_WORDS[name]) for name in STAGES],
        series=[Series(_("Companies"), [found[name] for name in STAGES])],
        unit=_("companies"),
        kind="across",
    )
    api = reverse("api:campaign-funnel-list", args=[campaign.public_id])
    return {
        "found": found,
        "as_of": as_of,
        "chart": picture,
        "stages": [(STAGE_WORDS[name], found[name]) for name in STAGES],
        "by_place": [(places.get(row["municipality"], "–"), _numbers(row)) for row in found["by_municipality"]],
        "by_kind": [
            (f"{row['industry']} {titles.get(row['industry'], '')}", _numbers(row)) for row in found["by_industry"]
        ],
        "total": _numbers(found),
        "heads": [STAGE_WORDS[name] for name in STAGES],
        "download": f"{api}?as_of={as_of.isoformat()}",
    }


def _numbers(row: dict[str, Any]) -> list[int]:
    return [row[name] for name in STAGES]


@require_POST
@members_only(Role.COORDINATOR)
def freeze(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """Write the list down."""
    try:
        campaign = services.freeze(actor, id, _version(request))
    except DomainError as error:
        return _back(request, id, error)
    count = campaign.targets.count()
    text = ngettext("The list is frozen: %(n)s company.", "The list is frozen: %(n)s companies.", count)
    messages.success(request, text % {"n": count})
    return redirect("web:campaign", id)


@require_POST
@members_only(Role.COORDINATOR)
def end(request: HttpRequest, actor: Actor, id: UUID) -> HttpResponse:
    """End it today."""
    try:
        services.end(actor, id, _version(request))
    except DomainError as error:
        return _back(request, id, error)
    messages.success(request, _("The campaign has ended."))
    return redirect("web:campaign", id)


def _back(request: HttpRequest, id: UUID, error: DomainError) -> HttpResponse:
    """To the campaign's page, which says why not. Raises what is nobody's to know or do."""
    if isinstance(error, NotVisible | NotAllowed):
        raise error
    text = _("Somebody changed the campaign in the meantime. Nothing was done.") if isinstance(error, Stale) else error
    messages.warning(request, str(text))
    return redirect("web:campaign", id)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else 0
