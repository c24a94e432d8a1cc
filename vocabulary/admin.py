"""The vocabulary in the admin: looked up and corrected by hand; new editions come by the importers.

Nothing is deleted here: a word that orders and profiles may hold is retired instead.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from vocabulary.models import Certificate, Industry, IscoGroup, Language, Licence, Occupation, Skill


class WordAdmin(admin.ModelAdmin):
    """Words found by any of their names."""

    search_fields: tuple[str, ...] = ("folded",)
    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: somebody's profile may hold it."""
        return False


@admin.register(IscoGroup)
class IscoGroupAdmin(WordAdmin):
    """ISCO-08, as its publisher has it."""

    list_display = ("code", "title_da", "title_en")
    list_filter = ("level",)
    readonly_fields = ("code", "level", "parent")


@admin.register(Occupation)
class OccupationAdmin(WordAdmin):
    """Occupations by their names or ISCO code."""

    list_display = ("label", "label_en", "isco", "retired")
    list_filter = ("retired",)
    list_select_related = ("isco",)
    readonly_fields = ("uri",)
    autocomplete_fields = ("isco", "broader")


@admin.register(Skill)
class SkillAdmin(WordAdmin):
    """Skills by their names."""

    list_display = ("label", "label_en", "reuse_level", "retired")
    list_filter = ("retired", "reuse_level", "is_group")
    readonly_fields = ("uri",)


@admin.register(Industry)
class IndustryAdmin(WordAdmin):
    """DB25 and DB07."""

    list_display = ("code", "version", "title_da", "retired")
    list_filter = ("version", "level", "retired")


@admin.register(Licence, Certificate, Language)
class CodeAdmin(WordAdmin):
    """The short lists."""

    list_display = ("code", "label_da", "label_en")
