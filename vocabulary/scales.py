"""Scales and tables that need no database: language levels, shifts, what a driving licence includes."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

# Common European Framework, with "none" below it; the ordinal is what is compared and stored.
CEFR_LEVELS = ("none", "A1", "A2", "B1", "B2", "C1", "C2")

SHIFTS: Mapping[str, int] = MappingProxyType({"day": 1, "evening": 2, "night": 4, "weekend": 8})
ALL_SHIFTS = sum(SHIFTS.values())

# Holding the key gives the right to everything in its set; closed under repetition by licence_closure().
# Directive 2006/126/EC art. 6(1): C1, C, D1, D are issued only to holders of B, and an E category only to
# holders of its basic category. Art. 6(2): C1E, CE, D1E, DE hold BE (a); CE holds C1E, DE holds D1E (c); all
# categories hold AM (d); A2 holds A1 (e); A, B, C, D hold A1 and A2, B1, C1, D1 (f). Danish extras (fstyr.dk,
# list of categories): BE is more than B+ (up to 4,250 kg in all), AM more than the small moped LK, a car
# licence covers tractors, and the professional passenger licences EP presuppose the bus that they are for.
LICENCE_IMPLIES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "AM": frozenset({"LK"}),
        "A1": frozenset({"AM"}),
        "A2": frozenset({"A1"}),
        "A": frozenset({"A2"}),
        "B1": frozenset({"AM"}),
        "B": frozenset({"B1", "AM", "TR/MR"}),
        "B+": frozenset({"B"}),
        "BE": frozenset({"B", "B+"}),
        "C1": frozenset({"B"}),
        "C1E": frozenset({"C1", "BE"}),
        "C": frozenset({"C1"}),
        "CE": frozenset({"C", "C1E"}),
        "D1": frozenset({"B"}),
        "D1E": frozenset({"D1", "BE"}),
        "D": frozenset({"D1"}),
        "DE": frozenset({"D", "D1E"}),
        "EP/D1": frozenset({"D1"}),
        "EP/D": frozenset({"D", "EP/D1"}),
    }
)

# Held together, the first set gives the second. Art. 6(2)(b): CE is valid for DE when its holder may drive D.
LICENCE_IMPLIES_TOGETHER: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (frozenset({"CE", "D"}), frozenset({"DE"})),
)


def cefr_ordinal(level: str) -> int:
    """Return 0 (none) to 6 (C2). Raises ValueError for another word."""
    if level not in CEFR_LEVELS:
        raise ValueError(f"No language level {level!r}")
    return CEFR_LEVELS.index(level)


def cefr_level(ordinal: int) -> str:
    """Return the name of a level. Raises ValueError outside 0–6."""
    if not 0 <= ordinal < len(CEFR_LEVELS):
        raise ValueError(f"No language level {ordinal}")
    return CEFR_LEVELS[ordinal]


def shifts_mask(codes: Iterable[str]) -> int:
    """Return the bit mask of shift codes. Raises ValueError for an unknown code."""
    mask = 0
    for code in codes:
        if code not in SHIFTS:
            raise ValueError(f"No shift {code!r}")
        mask |= SHIFTS[code]
    return mask


def shift_codes(mask: int) -> tuple[str, ...]:
    """Return the shift codes of a mask, day first. Raises ValueError outside 0–15."""
    if not 0 <= mask <= ALL_SHIFTS:
        raise ValueError(f"No shifts {mask}")
    return tuple(code for code, bit in SHIFTS.items() if mask & bit)


def licence_closure(codes: Iterable[str]) -> frozenset[str]:
    """Return the licences with all that they include. Unknown codes include only themselves."""
    held: set[str] = set()
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code in held:
            continue
        held.add(code)
        waiting.extend(LICENCE_IMPLIES.get(code, ()))
        waiting.extend(gain for needs, gains in LICENCE_IMPLIES_TOGETHER if needs <= held for gain in gains)
    return frozenset(held)


def licences_towards(codes: Iterable[str]) -> frozenset[str]:
    """Return every licence that alone or with others gives one of these; whoever holds none of them lacks them all."""
    found: set[str] = set()
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code in found:
            continue
        found.add(code)
        waiting.extend(holder for holder, gains in LICENCE_IMPLIES.items() if code in gains)
        waiting.extend(need for needs, gains in LICENCE_IMPLIES_TOGETHER if code in gains for need in needs)
    return frozenset(found)
