"""Reading the vocabulary: one way to search, in Danish or English, on either database."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When

from vocabulary.text import fold

Entry = TypeVar("Entry", bound=models.Model)


class SearchableQuerySet(models.QuerySet[Entry]):
    """Entries with a `folded` column (see vocabulary.text.search_text)."""

    def current(self) -> Self:
        """Entries that may be chosen today; entries without `retired` are always current."""
        if any(field.name == "retired" for field in self.model._meta.get_fields()):
            return self.filter(retired=False)
        return self

    def search(self, q: str, limit: int | None = 20) -> Self:
        """Current entries that hold every word of `q`, best first; at most `limit`, None for all.

        Order: the whole label, start of the preferred label, start of another label, start of a word,
        anywhere; then alphabetical. An empty `q` gives the first entries. One query, run when read.
        """
        words = fold(q)
        found = self.current().filter(*(Q(folded__contains=word) for word in words.split()))
        # A constant rank would be "ORDER BY 0" when only values are read, which PostgreSQL takes for a column's number.
        by = ("search_rank", "folded", "pk") if words else ("folded", "pk")
        ranked = (found.annotate(search_rank=_rank(words)) if words else found).order_by(*by)
        return ranked if limit is None else ranked[:limit]


def _rank(words: str) -> Case:
    """How well the label matches, 0 best. Labels begin after a line break, words after a space."""
    return Case(
        When(folded__contains=f"\n{words}\n", then=Value(0)),
        When(folded__startswith=f"\n{words}", then=Value(1)),
        When(folded__contains=f"\n{words}", then=Value(2)),
        When(folded__contains=f" {words}", then=Value(3)),
        When(folded__contains=words, then=Value(4)),
        default=Value(5),
        output_field=IntegerField(),
    )


class OccupationQuerySet(SearchableQuerySet[Entry]):
    """Occupations."""

    def with_isco(self) -> Self:
        """Fetch the ISCO group in the same query."""
        return self.select_related("isco")


class SkillQuerySet(SearchableQuerySet[Entry]):
    """Skills; the groups that only order them are never offered for choice."""

    def current(self) -> Self:
        """Skills that may be chosen: not retired, not a group."""
        return super().current().filter(is_group=False)


class IndustryQuerySet(SearchableQuerySet[Entry]):
    """Industry codes of both classifications."""

    def version(self, version: str) -> Self:
        """Codes of one classification: DB25 (in CVR since 1 January 2025) or DB07."""
        return self.filter(version=version)

    def activities(self) -> Self:
        """The six-digit codes, which a production unit is registered with."""
        return self.filter(level="activity")
