"""The first moment after a login, whichever way somebody came in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts import sessions
from accounts.models import User
from municipalities import wall
from municipalities.actor import Role
from municipalities.membership import actor_for_user
from privacy.models import Check
from web.account.second_step import NEXT

#: Where a role begins its day; others on the front page.
FIRST_PAGE = {
    Role.CONSULTANT: "web:queue",
    Role.CASEWORKER: "web:candidates",
    Role.COORDINATOR: "web:figures",
    Role.AUDITOR: "web:access-log",
}


def entered(request: HttpRequest, user: User, wanted: str) -> HttpResponse:
    """Lead on to where somebody was heading, by way of the second step where it is owed.

    Who is asked about a look-up hears of it now. `wanted` has been checked to be an address of ours, or is empty.
    """
    actor = actor_for_user(user, None)
    target = wanted or first_page(user)
    answer = redirect(target)
    if request.session.get(sessions.OWED):
        request.session[NEXT] = target
        answer = redirect("web:login-code")
    with wall.through(wall.Scope.of(actor)):
        is_asked = actor is not None and not actor.is_auditor and Check.objects.visible_to(actor).waiting().exists()
    if is_asked:
        text = _("The auditor asks about one of your look-ups: {link}")
        link = format_html('<a href="{}">{}</a>', reverse("web:questions"), _("answer here"))
        messages.warning(request, format_html(str(text), link=link))
    return answer


def first_page(user: User) -> str:
    """The address of the role's first page."""
    actor = actor_for_user(user, None)
    return resolve_url(FIRST_PAGE.get(actor.role, "web:home") if actor and actor.role else "web:home")
