"""How far a long load has come: what loads tell, and the bar that a command draws of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

#: Name of the step, how many are done, of how many (0: not known).
Progress = Callable[[str, int, int], None]
WIDTH = 30
#: Seconds between two drawings of one step.
PAUSE = 0.1


def silent(step: str, done: int, total: int) -> None:
    """Tell nobody."""


class Bar:
    """A `Progress` on a terminal: one line per step, redrawn in place; elsewhere (a log) one line when a step ends."""

    def __init__(self, stream: TextIO) -> None:
        """`stream` is where it is drawn, standard error as a rule, so that reports stay clean."""
        self._stream, self._redraws = stream, stream.isatty()
        self._step, self._line, self._drawn_at = "", "", 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        """Draw, unless that was done a moment ago."""
        if step != self._step:
            self.finish()
            self._step, self._drawn_at = step, 0.0
        self._line = _line(step, done, total)
        now = time.monotonic()
        if self._redraws and now - self._drawn_at >= PAUSE:
            self._drawn_at = now
            self._stream.write(f"\r\033[K{self._line}")
            self._stream.flush()

    def tell(self, line: str) -> None:
        """A line of text above the bar."""
        self._stream.write(f"\r\033[K{line}\n" if self._redraws else f"{line}\n")
        self._drawn_at = 0.0

    def finish(self) -> None:
        """End the line of the last step."""
        if self._line:
            self._stream.write(f"\r\033[K{self._line}\n" if self._redraws else f"{self._line}\n")
            self._stream.flush()
        self._line = ""


def _line(step: str, done: int, total: int) -> str:
    if not total:
        return f"{step:<34} {done:,}"
    filled = WIDTH * min(done, total) // total
    return f"{step:<34} {'█' * filled}{'░' * (WIDTH - filled)} {done:,} of {total:,}"
