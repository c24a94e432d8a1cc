"""What is kept of the vocabulary, read before a process forks: else its first questions pay for it."""

from __future__ import annotations

from django.apps import apps

from vocabulary.querysets import SearchableQuerySet
from vocabulary.skills import load_graph

#: No word is near it, so that looking for one makes everything that looking takes.
NOT_A_WORD = "qzxqzxqzx"


def warm() -> int:
    """Read the skill graph and the search index of every vocabulary that can be searched; how many of those."""
    load_graph()
    searched = 0
    for model in apps.get_app_config("vocabulary").get_models():
        entries = model._default_manager.all()
        if isinstance(entries, SearchableQuerySet):
            entries.did_you_mean(NOT_A_WORD)
            searched += 1
    return searched
