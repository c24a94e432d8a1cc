"""What may have happened to an order of the demo: recipes in working days before today, for any company.

`own` is the company's own municipality, `a`, `b`, `c` are others. The words are those of `player.VERBS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nrs.scenarios.player import Story


@dataclass(frozen=True, slots=True)
class Recipe:
    """So many orders, received so many working days ago, with these steps ("2 share": two working days ago).

    A public one stands on the open job list.
    """

    what: str
    times: int
    received: int
    steps: tuple[str, ...] = ()
    positions: int = 1
    at: str = "11:15"
    is_public: bool = False

    def story(
        self,
        company: str,
        title: str,
        occupation: str,
        *,
        day: Callable[[int], str],
        places: Mapping[str, str],
        starts_on: str,
    ) -> Story:
        """The recipe for one company, with real days and municipality codes."""
        events = []
        for step in self.steps:
            back, verb, *words = step.split()
            events.append(" ".join([day(int(back)), verb, *(places.get(word, word) for word in words)]))
        return Story(
            day(self.received),
            company,
            title,
            occupation,
            self.positions,
            *events,
            at=self.at,
            starts_on=starts_on,
            is_public=self.is_public,
        )


ORDERS = (
    # finished
    Recipe("filled by an own candidate", 5, 40, ("39 claim", "36 present own", "30 interview own", "25 hire own")),
    Recipe("filled across a border", 4, 34, ("33 claim", "32 share", "30 borrow a", "22 hire a")),
    Recipe("filled by two jobcentres", 2, 28,
           ("27 claim", "26 share", "25 present own", "24 present b", "16 hire own", "15 hire b"), positions=2),
    Recipe("partly filled", 2, 30, ("29 claim", "28 present own", "21 hire own", "12 close partly_filled"), 3),
    Recipe("nobody suitable", 3, 26, ("25 claim", "23 share", "22 supply a", "9 close no_suitable_candidates")),
    Recipe("hired elsewhere", 2, 20, ("19 claim", "10 otherwise")),
    Recipe("withdrawn", 2, 18, ("17 claim", "13 close withdrawn")),
    Recipe("reopened", 1, 25, ("24 claim", "20 close deadline_expired", "4 reopen", "2 present own")),
    Recipe("the hired person did not start", 1, 24,
           ("23 claim", "21 present own", "18 hire own", "8 not_started own", "2 present own")),
    # somebody is with the company
    Recipe("some hired, more wanted", 3, 19, ("18 claim", "17 share", "15 present own", "9 hire own", "3 borrow a"), 4),
    Recipe("at interview", 3, 10, ("9 claim", "6 present own", "2 interview own")),
    Recipe("presented", 3, 6, ("5 claim", "2 present own"), is_public=True),
    Recipe("presented from two jobcentres", 2, 7, ("6 claim", "5 share", "3 present own", "2 borrow a"), 2),
    Recipe("declined, looking on", 2, 12, ("11 claim", "10 share", "8 borrow a", "4 decline a experience")),
    Recipe("paused: enough candidates", 3, 9, ("8 claim", "6 present own", "4 pause"), 2),
    # asked of others
    Recipe("a request waits for an answer", 2, 3, ("2 claim", "2 share", "1 request a")),
    Recipe("a request is late", 1, 6, ("5 claim", "5 share", "4 request b")),
    Recipe("accepted, to be presented", 3, 5, ("4 claim", "3 share", "2 request a", "1 accept a")),
    Recipe("a request refused, one offered", 1, 6,
           ("5 claim", "4 share", "3 request a", "2 withdraw a not_available", "1 nominate b")),
    Recipe("shared, with answers", 4, 4, ("3 claim", "2 share", "1 supply a 2", "1 supply b", "1 supply c 1"), 3,
           is_public=True),
    Recipe("shared, nobody has answered", 2, 3, ("2 claim", "1 share", "1 screen region"), 2),
    # with the lead
    Recipe("screened", 4, 3, ("2 claim", "1 screen"), is_public=True),
    Recipe("claimed", 4, 2, ("1 claim",)),
    Recipe("claimed, the company waits for its call", 2, 4, ("3 take",)),
    Recipe("claimed, no candidate in time", 2, 8, ("7 claim",)),
    # nobody has claimed it
    Recipe("forgotten", 2, 3),
    Recipe("new", 5, 1, at="14:00"),
)  # fmt: skip
