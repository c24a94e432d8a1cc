"""Where a letter's link leads: the company says no to more letters."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from campaigns import letters
from web.limits import brake


@require_http_methods(["GET", "HEAD", "POST"])
def no_more_letters(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, then note it: mail programs open links by themselves, so opening the link changes nothing."""
    brake(request, "company")
    if request.method == "POST":
        letters.say_no(token)
    company = letters.company_of(token)
    context = {"company": company, "is_done": company.no_letters, "token": token}
    return render(request, "web/campaigns/no_more_letters.html", context)
