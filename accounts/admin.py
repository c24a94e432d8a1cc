"""Users in the admin. Citizens' tables are never registered here (design §6)."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import second_factor, sessions, tokens
from accounts.models import ApiToken, ExternalLogin, User

admin.site.site_title = admin.site.site_header = "Nordsjællands Rekrutteringsservice"


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Users by e-mail."""

    list_display = ("email", "name", "is_active", "is_staff")
    actions = ("reset_second_step", "end_logins")
    search_fields = ("email", "name")
    ordering = ("email",)
    fieldsets = (
        (None, {"fields": ("email", "name", "phone", "password")}),
        (_("rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)

    @admin.action(description=_("Reset the second step of the login"))
    def reset_second_step(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For those who have lost telephone and codes: they enrol again at the next login."""
        for user in queryset:
            second_factor.remove(user)
            sessions.end_all(user)
        self.message_user(request, _("They set up a new second step at the next login."))

    @admin.action(description=_("End all their logins"))
    def end_logins(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """In every browser, from the next request on."""
        for user in queryset:
            sessions.end_all(user)
        self.message_user(request, _("They are logged out everywhere."))


# allauth's own tables stay empty: providers come from the environment, logins are ours.
for _unused in (EmailAddress, SocialApp, SocialAccount, SocialToken):
    admin.site.unregister(_unused)


@admin.register(ExternalLogin)
class ExternalLoginAdmin(admin.ModelAdmin):
    """Whose account a person of an identity provider has: looked up and taken away here, tied by the person alone."""

    list_display = ("user", "issuer", "subject", "created_at", "last_used_at")
    search_fields = ("user__name", "user__email", "issuer", "subject")
    list_select_related = ("user",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody ties a person of a provider to somebody else's account."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: ExternalLogin | None = None) -> bool:
        """Only taken away."""
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Tokens: made here, shown once, revoked here; never changed otherwise."""

    list_display = ("label", "prefix", "scope", "expires_at", "revoked_at", "last_used_at")
    readonly_fields = ("prefix", "last_used_at", "created_by")
    search_fields = ("label", "prefix")

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        """A new token gets its secret, which is shown in the message and nowhere else."""
        if change:
            super().save_model(request, obj, form, change)
            return
        secret = tokens.prepare(obj)
        obj.created_by = request.user if isinstance(request.user, User) else None
        super().save_model(request, obj, form, change)
        self.message_user(request, _("The token, shown only now: %(secret)s") % {"secret": secret})
