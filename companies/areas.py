"""Areas as an agreement names them: municipality codes and ranges of postal codes. Pure: no Django."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

#: Danish municipality codes begin with 0, and no postal code of a place of work does: one list can hold both.
_PLACE = re.compile(r"0[0-9]{3}")
_POST = re.compile(r"([1-9][0-9]{3})(?:-([1-9][0-9]{3}))?")
MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Area:
    """Municipalities by code, and ranges of postal codes with both ends inside."""

    municipalities: tuple[str, ...] = ()
    postal: tuple[tuple[str, str], ...] = ()

    def holds(self, municipality: str, postal_code: str) -> bool:
        """Whether a unit with these codes lies in the area; an unknown postal code lies in no range."""
        if municipality in self.municipalities:
            return True
        return any(first <= postal_code <= last for first, last in self.postal)

    @property
    def parts(self) -> list[str]:
        """The list as it is written: 0101, 6270-6299, 8500."""
        ranges = [first if first == last else f"{first}-{last}" for first, last in self.postal]
        return [*self.municipalities, *ranges]


def parse(parts: Iterable[str]) -> Area:
    """The area of a written list, sorted and each part once.

    Raises ValueError with the part that is neither a municipality's code nor a postal code nor a range of them, or
    whose range is turned round; with "" where there are more than MOST_PARTS.
    """
    municipalities, ranges = set(), set()
    for part in parts:
        text = part.strip().replace("–", "-").replace(" ", "")
        if _PLACE.fullmatch(text):
            municipalities.add(text)
        elif found := _POST.fullmatch(text):
            first, last = found[1], found[2] or found[1]
            if last < first:
                raise ValueError(part)
            ranges.add((first, last))
        else:
            raise ValueError(part)
    if len(municipalities) + len(ranges) > MOST_PARTS:
        raise ValueError("")
    return Area(tuple(sorted(municipalities)), tuple(sorted(ranges)))


def split(text: str) -> list[str]:
    """The parts of a typed list: with commas, semicolons or lines between; spaces around a dash belong to the range."""
    joined = re.sub(r"\s*[-–]\s*", "-", text)
    return [part for part in re.split(r"[\s,;]+", joined) if part]
