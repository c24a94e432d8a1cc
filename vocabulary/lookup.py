"""Finding a word as it is typed, in memory: some ten thousand entries in a few milliseconds. Pure.

Entries are texts as `vocabulary.text.search_text` makes them: a line break before and behind each label, the
preferred one first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from functools import cached_property
from itertools import accumulate
from typing import Generic, NamedTuple, TypeVar

from vocabulary.spelling import Speller

Key = TypeVar("Key", bound=Hashable)

#: Shorter words are looked for at the start of words only: "it" is not meant to find "kitchen".
ANYWHERE_FROM = 3
# Where a text may hold the question, best first; {} is the question. It is a whole label, or stands at the start of a
# label, of a word, or anywhere; a whole word comes before the beginning of a longer one.
_INSIDE = ("\n{}\n", "\n{} ", "\n{}", " {} ", " {}\n", " {}", "{}")
_AT_THE_START = ("\n{}\n", "\n{} ", "\n{}")


class Ranked(NamedTuple, Generic[Key]):
    """How many entries there are, and the best of them."""

    total: int
    best: list[Key]


class WordIndex(Generic[Key]):
    """Entries by their folded labels, in alphabetical order."""

    def __init__(self, entries: Iterable[tuple[Key, str]]) -> None:
        """`entries` are keys with their folded labels."""
        ordered = sorted(entries, key=lambda entry: (entry[1], str(entry[0])))
        self._keys = [key for key, _ in ordered]
        self._texts = [text for _, text in ordered]
        places: dict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(self._texts):
            for word in set(text.split()):
                places[word].append(place)
        self._words = sorted(places)
        self._places = [places[word] for word in self._words]
        # All words in one text: looking through it is one fast search instead of one per word.
        self._joined = "\n" + "\n".join(self._words) + "\n"
        self._starts = list(accumulate((len(word) + 1 for word in self._words), initial=1))

    def ranked(self, words: str, limit: int, within: Collection[Key] | None = None) -> Ranked[Key]:
        """The best `limit` entries that hold every word of the folded question, of those `within`; all for none.

        A word may be a part of a longer one, from three letters on anywhere in it, else its beginning. Best: the
        question is a whole label; then it stands at the start of the preferred label; then of another one.
        """
        parts = set(words.split())
        found = sorted(set.intersection(*map(self._holding, parts))) if parts else list(range(len(self._keys)))
        if within is not None:
            found = [place for place in found if self._keys[place] in within]
        best = self._best(words, found, limit) if words else found
        return Ranked(len(found), [self._keys[place] for place in best[:limit]])

    def called(self, label: str) -> list[Key]:
        """Entries with this folded label: those that prefer it (their first label), else those that also have it."""
        if not label:
            return []
        found = sorted(set.intersection(*map(self._holding, set(label.split()))))
        first = [place for place in found if self._texts[place].startswith(f"\n{label}\n")]
        places = first or [place for place in found if f"\n{label}\n" in self._texts[place]]
        return [self._keys[place] for place in places]

    def _holding(self, part: str) -> set[int]:
        """Places of the entries with a word that holds this one."""
        return set().union(*(self._places[word] for word in self._words_with(part)))

    def _words_with(self, part: str) -> Iterator[int]:
        sought = part if len(part) >= ANYWHERE_FROM else f"\n{part}"
        at = self._joined.find(sought)
        while at >= 0:
            word = bisect_right(self._starts, at if sought is part else at + 1) - 1
            yield word
            at = self._joined.find(sought, self._starts[word + 1] - 1)

    def _best(self, words: str, found: list[int], limit: int) -> list[int]:
        """At least `limit` of the places, best first: what lies behind them is not looked at."""
        texts, left = self._texts, found
        best: list[int] = []
        for pattern, is_preferred in _patterns(words):
            if len(best) >= limit:
                return best
            if is_preferred:
                fits = [place for place in left if texts[place].startswith(pattern)]
            else:
                fits = [place for place in left if pattern in texts[place]]
            if fits:
                best += fits
                taken = set(fits)
                left = [place for place in left if place not in taken]
        return best + left

    def did_you_mean(self, words: str) -> tuple[str, Key] | None:
        """The folded question with every unknown word put right, and the best entry that it finds; None for nothing
        near."""
        put_right = [word if self._knows(word) else self._speller.nearest(word) for word in words.split()]
        better = " ".join(put_right)
        if better == words or not all(put_right):
            return None
        found = self.ranked(better, 1)
        return (better, found.best[0]) if found.best else None

    def _knows(self, part: str) -> bool:
        return next(self._words_with(part), None) is not None

    @cached_property
    def _speller(self) -> Speller:
        return Speller({word: len(places) for word, places in zip(self._words, self._places, strict=True)})


def _patterns(words: str) -> Iterator[tuple[str, bool]]:
    """Patterns, best first, and whether only the start of the text counts: there stands the preferred label."""
    whole, *others = _INSIDE
    yield whole.format(words), False
    yield from ((pattern.format(words), True) for pattern in _AT_THE_START)
    yield from ((pattern.format(words), False) for pattern in others)
