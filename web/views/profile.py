"""The own profile: who one is here, the password, the language, for whom one works, and the tokens of machines."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts import profile, second_factor, sessions, tokens
from accounts.identity import linking
from accounts.models import ApiToken, User
from events import clock
from events.errors import Invalid, NotVisible
from municipalities.membership import current
from municipalities.models import Membership
from web.actors import actor_of, to_login
from web.forms.base import Form
from web.forms.profile import PasswordForm, ProfileForm
from web.methods import post_or

View = Callable[..., HttpResponse]


def for_users(view: View) -> View:
    """Let everybody in who has logged in, with or without a role; they come as the second argument."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, User):
            return to_login(request)
        return view(request, request.user, *args, **kwargs)

    return guarded


@sensitive_post_parameters("password")
@for_users
def show(request: HttpRequest, user: User) -> HttpResponse:
    """The profile; sent, it keeps name, phone and mail address."""
    if request.method != "POST":
        return _page(request, user)
    form = ProfileForm(request.POST)
    if form.is_valid():
        try:
            profile.change(user, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error, {f"/{name}": name for name in form.fields})
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("web:profile")
    return _page(request, user, form=form, status=422)


@sensitive_post_parameters()
@post_or("web:profile")
@for_users
def password(request: HttpRequest, user: User) -> HttpResponse:
    """Another password; this browser stays logged in, every other one is logged out."""
    form = PasswordForm(request.POST, auto_id="id_password_%s")
    if form.is_valid():
        try:
            row = profile.change_password(user, present=form.cleaned_data["present"], new=form.cleaned_data["new"])
        except Invalid as error:
            form.refuse(error, {"/present": "present", "/new": "new"})
        else:
            update_session_auth_hash(request, row)
            messages.success(request, _("Your password is changed. Other browsers are logged out."))
            return redirect("web:profile")
    return _page(request, user, password_form=form, status=422)


@post_or("web:profile")
@for_users
def end_logins(request: HttpRequest, user: User) -> HttpResponse:
    """End every other login of the reader; this browser stays in."""
    sessions.end_all(user)
    update_session_auth_hash(request, user)
    messages.success(request, _("You are logged out everywhere but here."))
    return redirect("web:profile")


@post_or("web:profile")
@for_users
def choose_place(request: HttpRequest, user: User) -> HttpResponse:
    """Work through another of the own memberships, until the next login."""
    chosen = request.POST.get("membership", "")
    membership = current(user=user).filter(pk=chosen).first() if chosen.isdigit() else None
    if membership is None:
        raise NotVisible
    request.session["membership"] = membership.pk
    return redirect("web:profile")


@post_or("web:profile")
@for_users
def revoke_token(request: HttpRequest, user: User, id: UUID) -> HttpResponse:
    """End one of the tokens that act for the reader."""
    token = tokens_of(user).filter(public_id=id).first()
    if token is None:
        raise NotVisible
    tokens.revoke(token)
    messages.success(request, _("The token is revoked. The machine that used it has no access any more."))
    return redirect("web:profile")


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """The tokens of machines that act through one of the user's memberships, past ones too, newest first."""
    memberships = Membership.objects.filter(user=user).values("public_id")
    return ApiToken.objects.filter(Q(membership__in=memberships)).order_by("-created_at", "-id")


def _page(
    request: HttpRequest, user: User, *, form: Form | None = None, password_form: Form | None = None, status: int = 200
) -> HttpResponse:
    actor_of(request)
    initial = {"name": user.name, "phone": user.phone, "email": user.email}
    context = {
        "here": "/profile",
        "user": user,
        "form": form or ProfileForm(initial=initial),
        "password_form": password_form or PasswordForm(auto_id="id_password_%s"),
        "memberships": list(current(user=user).select_related("municipality")),
        "membership": getattr(request, "_nrs_membership", None),
        "tokens": list(tokens_of(user)),
        "now": clock.now(),
        "has_second_step": second_factor.is_in_use(user),
        "ways_in": linking.ways_in(user),
    }
    return render(request, "web/profile/page.html", context, status=status)
