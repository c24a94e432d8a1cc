"""The words of documents, read by a process of its own that may die or hang without harm."""

from __future__ import annotations

import json
import selectors
import subprocess
import sys
import time
from types import TracebackType

from django.conf import settings

from mailroom.scanning.child import HEADER
from mailroom.scanning.kinds import Kind

SECONDS = 15.0
_CODES = {Kind.PDF: b"pdf ", Kind.DOCX: b"docx"}


class Reader:
    """Starts the process when the first document comes, and again after one that killed it."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def words_of(self, kind: Kind, content: bytes) -> str | None:
        """The document's words, None if it cannot be read (damaged, encrypted, a bomb)."""
        child = self._running()
        assert child.stdin is not None
        try:
            child.stdin.write(HEADER.pack(_CODES[kind], len(content)) + content)
            child.stdin.flush()
            answer = json.loads(self._line(child))
        except (OSError, ValueError, TimeoutError):
            self.close()
            return None
        text = answer["text"]
        return text if isinstance(text, str) else None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            command = [sys.executable, "-m", "mailroom.scanning.child"]
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=settings.BASE_DIR,
                bufsize=0,
            )
        return self._child

    def _line(self, child: subprocess.Popen[bytes]) -> bytes:
        """One answer. Raises TimeoutError, or EOFError's like (ValueError) when the process is gone."""
        assert child.stdout is not None
        found, deadline = bytearray(), time.monotonic() + self._seconds
        with selectors.DefaultSelector() as waiting:
            waiting.register(child.stdout, selectors.EVENT_READ)
            while not found.endswith(b"\n"):
                left = deadline - time.monotonic()
                if left <= 0 or not waiting.select(left):
                    raise TimeoutError
                more = child.stdout.read(65536)
                if not more:
                    raise ValueError("the reader died")
                found += more
        return bytes(found)

    def close(self) -> None:
        """End the process."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()
            child.wait()
