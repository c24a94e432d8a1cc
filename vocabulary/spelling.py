"""The word that somebody probably meant: nearest in spelling among the words that there are. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from heapq import nsmallest

SHORTEST = 3
LONGEST = 40
#: How many words are compared letter by letter: those that share the most groups of three letters.
COMPARED = 60


class Speller:
    """Words with their frequency, found by groups of three letters (trigrams)."""

    def __init__(self, frequency: Mapping[str, int]) -> None:
        """`frequency` is each word with how often it occurs; short ones and numbers are no help and left out."""
        self._frequency = {word: n for word, n in frequency.items() if len(word) >= SHORTEST and not word.isdigit()}
        self._by_trigram: dict[str, list[str]] = defaultdict(list)
        for word in self._frequency:
            for trigram in _trigrams(word):
                self._by_trigram[trigram].append(word)

    def nearest(self, word: str) -> str:
        """The word, or the beginning of a word, with the fewest slips, then the most frequent; empty if none is near.

        One slip (a letter too many, missing, wrong, or two exchanged) for up to 5 letters, else two, from 10 three.
        """
        if not SHORTEST <= len(word) <= LONGEST:
            return ""
        most = 1 if len(word) <= 5 else 2 if len(word) < 10 else 3
        shared = Counter(other for trigram in _trigrams(word) for other in self._by_trigram.get(trigram, ()))
        compared = []
        for other, _count in nsmallest(COMPARED, shared.items(), key=lambda item: (-item[1], len(item[0]), item[0])):
            whole, beginning = slips(word, other)
            if beginning <= most:
                compared.append((beginning, whole, -self._frequency[other], other))
        return min(compared)[3] if compared else ""


def slips(typed: str, word: str) -> tuple[int, int]:
    """Slips between the two (optimal string alignment): for the whole word, and for its best beginning."""
    before: list[int] = []
    row = list(range(len(word) + 1))
    for i, letter in enumerate(typed, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(word, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == word[j - 2] and typed[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1], min(row)


def _trigrams(word: str) -> list[str]:
    framed = f"  {word} "
    return list(dict.fromkeys(framed[start : start + 3] for start in range(len(framed) - 2)))
