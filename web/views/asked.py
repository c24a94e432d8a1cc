"""What a mail leads a company to: "still needed?" and two questions at the end.

A link only opens the page, since mail systems open links by themselves; the answer is a button.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events.errors import Invalid, Stale, StepRefused
from joborders.models import FollowLink, JobOrder
from joborders.services import follow, questions
from municipalities import wall
from notifications import services
from web.news.forms import FeedbackForm, StillNeededForm
from web.views.follow import link_of


@require_http_methods(["GET", "HEAD", "POST"])
def still_needed(request: HttpRequest, number: str) -> HttpResponse:
    """Yes, let it rest, or no; `?answer=` only says which button comes first."""
    link = link_of(request, number)
    if request.method != "POST":
        return _still_needed(request, link)
    form = StillNeededForm(request.POST)
    answer = request.POST.get("answer", "")
    if not form.is_valid() or answer not in questions.ANSWERS:
        return _still_needed(request, link, status=422)
    order = link.order
    try:
        questions.answer(
            order.public_id, wall.become(follow.actor_of(link)), form.cleaned_data["version"], answer=answer
        )
    except (Stale, StepRefused):
        messages.warning(request, _("The order was changed in the meantime. Look at it and answer again."))
        return redirect("web:follow", number=number)
    done = {
        "yes": _("Thank you. We go on looking for people."),
        "pause": _("The order rests now."),
        "no": _("You took the order back."),
    }
    messages.success(request, done[answer])
    return redirect("web:follow", number=number)


def _still_needed(request: HttpRequest, link: FollowLink, *, status: int = 200) -> HttpResponse:
    order = link.order
    words = {
        "yes": _("Yes, we still need people"),
        "pause": _("Let it rest for now"),
        "no": _("No, take it back"),
    }
    offered = [name for name in words if not (name == "pause" and order.paused_at is not None)]
    chosen = request.GET.get("answer", "")
    offered.sort(key=lambda name: name != chosen)
    context = {
        "order": order,
        "here": f"/follow/{order.number}/still-needed",
        "is_open": order.state == JobOrder.State.OPEN,
        "form": StillNeededForm(initial={"version": order.version}),
        "buttons": [{"answer": name, "text": words[name], "first": at == 0} for at, name in enumerate(offered)],
    }
    return render(request, "web/news/still_needed.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, number: str) -> HttpResponse:
    """Was it a match, and would you use us again: one answer per order."""
    link = link_of(request, number)
    order = link.order
    given = services.feedback_of(order)
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    is_ended = order.state != JobOrder.State.OPEN
    if request.method == "POST" and is_ended and given is None and form.is_valid():
        try:
            services.give_feedback(link, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error, {f"/{name}": name for name in form.fields})
        else:
            messages.success(request, _("Thank you. It helps us, and the next ones."))
            return redirect("web:follow-feedback", number=number)
    context = {
        "order": order,
        "here": f"/follow/{order.number}/feedback",
        "form": form,
        "given": given,
        "is_ended": is_ended,
    }
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, "web/news/feedback.html", context, status=status)
