"""Filters that somebody keeps under a name. They lie with the user, who is read at every request anyway."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.errors import Invalid

MOST = 20
LONGEST_NAME, LONGEST_QUERY = 60, 1000

Views = list[dict[str, str]]


def keep(user: User, page: str, name: str, query: str) -> Views:
    """Keep a page's query string under a name; the same name again replaces it. Gives all that are kept.

    Raises Invalid for a missing or too long name or query, and for the twenty-first.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid.field("name", "required", _("Give the view a name of at most 60 characters."))
    if not 1 <= len(query) <= LONGEST_QUERY:
        raise Invalid.field("query", "required", _("Choose at least one filter first."))

    def added(views: Views) -> Views:
        others = [view for view in views if (view["page"], view["name"]) != (page, name)]
        if len(others) >= MOST:
            raise Invalid.field("name", "too_many", _("You have 20 saved views: remove one first."))
        return sorted([*others, {"page": page, "name": name, "query": query}], key=lambda view: view["name"].lower())

    return _changed(user, added)


def forget(user: User, page: str, name: str) -> Views:
    """Remove one; nothing happens where there is none."""
    return _changed(user, lambda views: [view for view in views if (view["page"], view["name"]) != (page, name)])


def of(user: User, page: str) -> Views:
    """Those of one page, by name."""
    return [view for view in user.saved_views if view["page"] == page]


@transaction.atomic
def _changed(user: User, change: Callable[[Views], Views]) -> Views:
    row = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    row.saved_views = change(row.saved_views)
    row.save(update_fields=["saved_views"])
    user.saved_views = row.saved_views
    return row.saved_views
