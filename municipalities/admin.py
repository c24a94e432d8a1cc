"""Registers of the region in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from municipalities import claims
from municipalities.models import ClaimRule, ClosingDay, DutyPeriod, Membership, Municipality, PostalCode


@admin.register(Municipality)
class MunicipalityAdmin(admin.ModelAdmin):
    """Name, jobcentre's label, contact data and promises."""

    list_display = ("code", "name", "jobcentre", "email", "phone")
    search_fields = ("code", "name", "jobcentre")


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Who may act for which municipality."""

    list_display = ("user", "municipality", "role", "started_on", "ended_on", "granted_by")
    list_select_related = ("user", "municipality", "granted_by")
    list_filter = ("role", "municipality")
    search_fields = ("user__name", "user__email", "municipality__name")
    autocomplete_fields = ("user",)


@admin.register(PostalCode)
class PostalCodeAdmin(admin.ModelAdmin):
    """Postal codes, to look up."""

    list_display = ("code", "town", "municipality_codes")
    search_fields = ("code", "town")


@admin.register(ClosingDay)
class ClosingDayAdmin(admin.ModelAdmin):
    """When a jobcentre is closed beside the public holidays."""

    list_display = ("day", "municipality")
    list_filter = ("municipality",)
    search_fields = ("day", "municipality__name")
    date_hierarchy = "day"


@admin.register(DutyPeriod)
class DutyPeriodAdmin(admin.ModelAdmin):
    """Which municipality takes what nothing else routes, and from when."""

    list_display = ("valid_from", "municipality")
    search_fields = ("municipality__name",)


@admin.register(ClaimRule)
class ClaimRuleAdmin(admin.ModelAdmin):
    """Whom an identity provider's word makes a member. A change counts at once: what the rule gave ends with it."""

    list_display = ("provider", "claim", "value", "municipality", "role", "valid_from", "valid_until")
    list_filter = ("provider", "role", "municipality")
    search_fields = ("provider", "claim", "value", "municipality__name")

    def save_model(self, request: HttpRequest, obj: ClaimRule, form: Any, change: bool) -> None:
        """Keep the rule; whoever came in by it comes in again at the next login, if it still fits."""
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            claims.take_back(obj)
