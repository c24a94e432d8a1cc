"""Users in the admin. Citizens' tables are never registered here (design §6)."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import tokens
from accounts.models import ApiToken, User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Users by e-mail."""

    list_display = ("email", "name", "is_active", "is_staff")
    search_fields = ("email", "name")
    ordering = ("email",)
    fieldsets = (
        (None, {"fields": ("email", "name", "phone", "password")}),
        (_("rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)


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
