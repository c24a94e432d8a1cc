"""The rules of retention in the admin: dated, added to, never changed once they count."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from events import clock
from privacy.models import RetentionRule


@admin.register(RetentionRule)
class RetentionRuleAdmin(admin.ModelAdmin):
    """A new period is a new row with the day it begins."""

    list_display = ("code", "days", "valid_from")
    list_filter = ("code",)
    search_fields = ("code",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What counts already stays as it was: it is what earlier runs went by."""
        return super().has_change_permission(request, obj) and (obj is None or obj.valid_from > clock.today())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As changing."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.valid_from > clock.today())
