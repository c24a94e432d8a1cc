"""Reading the vocabulary: one way to search, in Danish or English, on either database."""

from functools import cache
from typing import Any, Self, TypeVar

from django.db import models

from vocabulary.lookup import Ranked, WordIndex
from vocabulary.text import fold, words_of
from vocabulary.versions import PerVersion

Entry = TypeVar("Entry", bound=models.Model)


class SearchableQuerySet(models.QuerySet[Entry]):
    """Entries with a `folded` column (see vocabulary.text.search_text)."""

    def current(self) -> Self:
        """Entries that may be chosen today; entries without `retired` are always current."""
        if any(field.name == "retired" for field in self.model._meta.get_fields()):
            return self.filter(retired=False)
        return self

    def ranked(self, q: str, limit: int) -> Ranked[Any]:
        """How many current entries hold every word of `q`, and the primary keys of the best (see vocabulary.lookup).

        An empty `q` gives all, alphabetically. One query for the vocabulary's stamp, and one more where this QuerySet
        was narrowed before.
        """
        within = set(self.order_by().values_list("pk", flat=True)) if self.query.where else None
        return _index_of(self.model).ranked(fold(q), limit, within)

    def search(self, q: str, limit: int = 20) -> list[Entry]:
        """The best `limit` current entries that hold every word of `q`, in that order. One query more than `ranked`."""
        best = self.ranked(q, limit).best
        found = {entry.pk: entry for entry in self.filter(pk__in=best).order_by()}
        return [found[pk] for pk in best if pk in found]

    def called(self, label: str) -> list[Any]:
        """Primary keys of the current entries that have just this label, in either language; preferred ones if any."""
        return _index_of(self.model).called(fold(label))

    def did_you_mean(self, q: str) -> str:
        """What may have been meant by a question that finds nothing, spelled as in a label; empty if there is nothing
        near.
        """
        found = _index_of(self.model).did_you_mean(fold(q))
        if found is None:
            return ""
        better, pk = found
        [best] = self.model._default_manager.filter(pk=pk)
        spelled = {fold(word): word for label in best.search_labels() for word in words_of(label)}
        return " ".join(spelled.get(word, word) for word in better.split())


def _index_of(model: type[Any]) -> WordIndex[Any]:
    """The search index over the current entries of a model, made anew when the vocabulary changed."""
    return _kept_index(model).get()


@cache
def _kept_index(model: type[Any]) -> PerVersion[WordIndex[Any]]:
    return PerVersion(lambda: WordIndex(model.objects.current().order_by().values_list("pk", "folded")))


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
