"""Registers of the region in the admin."""

from django.contrib import admin

from municipalities.models import ClosingDay, DutyPeriod, Membership, Municipality, PostalCode


@admin.register(Municipality)
class MunicipalityAdmin(admin.ModelAdmin):
    """Name, jobcentre's label, contact data and promises."""

    list_display = ("code", "name", "jobcentre", "email", "phone")


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Who may act for which municipality."""

    list_display = ("user", "municipality", "role", "started_on", "ended_on")
    list_filter = ("role", "municipality")
    autocomplete_fields = ("user",)


@admin.register(PostalCode)
class PostalCodeAdmin(admin.ModelAdmin):
    """Postal codes, to look up."""

    list_display = ("code", "town", "municipality_codes")
    search_fields = ("code", "town")


admin.site.register(ClosingDay)
admin.site.register(DutyPeriod)
