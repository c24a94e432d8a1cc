"""Where an invitation's link leads: the company says whether it comes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from events.errors import Conflict, Invalid
from gatherings import services
from web.gatherings.forms import SignUpForm
from web.limits import brake


@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest, token: str) -> HttpResponse:
    """The meeting, and the company's answer, which may be changed until the last day to sign up."""
    brake(request, "company")
    invitation = services.invitation_of(token)
    before = {
        "coming": {"coming": "yes", "not_coming": "no"}.get(invitation.answer),
        "people": invitation.people or None,
    }
    form, refusal = SignUpForm(request.POST or None, initial=before), ""
    if request.method == "POST" and form.is_valid():
        coming = form.cleaned_data["coming"] == "yes"
        try:
            services.answer(token, coming=coming, people=form.cleaned_data["people"] or 0)
        except Invalid as error:
            form.refuse(error, {"/people": "people"})
        except Conflict as error:
            refusal = str(error)
        else:
            return redirect("web:sign-up", token)
    gathering = invitation.gathering
    context = {
        "invitation": invitation,
        "gathering": gathering,
        "is_open": services.is_open(gathering),
        "free": services.free_seats(gathering, besides=invitation),
        "form": form,
        "refusal": refusal,
    }
    status = 409 if refusal else 422 if form.is_bound and form.errors else 200
    answer = render(request, "web/gatherings/sign_up.html", context, status=status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
