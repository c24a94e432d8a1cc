"""Calls over HTTP with nothing but the standard library; each is printed in a line, and remembered when it fails."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

TIMEOUT_SECONDS = 60
API = "/api/v1/"
UUID = re.compile(r"([0-9a-f]{6})[0-9a-f]{2}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SECRET = re.compile(r"(intake/follow/)[^/?]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, JSON body, and the version in the ETag (None without one)."""

    status: int
    body: dict[str, Any]
    version: str | None

    def __getitem__(self, name: str) -> Any:
        return self.body.get(name)


@dataclass
class Tour:
    """The calls of one tour, and what was checked."""

    address: str
    tokens: Mapping[str, str]
    kept: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    calls: int = 0
    chapters: int = 0

    def chapter(self, title: str) -> None:
        """A line before what belongs together."""
        self.chapters += 1
        print(f"\n{self.chapters}. {title}", flush=True)

    def call(
        self,
        who: str,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        version: str | None = None,
        key: str | None = None,
        expect: int = 200,
    ) -> Answer:
        """One call as one of the people (or "company", without login). A status other than expected is a failure."""
        headers = {"Accept": "application/json", "Accept-Language": "en"}
        if who in self.tokens:
            headers["Authorization"] = f"Bearer {self.tokens[who]}"
        if version is not None:
            headers["If-Match"] = version
        data = None
        if method != "GET":
            data = json.dumps(dict(body or {})).encode()
            headers["Content-Type"] = "application/json"
            headers["Idempotency-Key"] = key or str(uuid4())
        request = urllib.request.Request(self.address + API + path, data=data, headers=headers, method=method)
        answer = _answered(request)
        self.calls += 1
        print(f"   {who:<12}{method:<6}{_shown(path):<48}{answer.status}  {_briefly(answer)}".rstrip(), flush=True)
        if answer.status != expect:
            self.broken.append(f"{method} {path} as {who}: {answer.status} instead of {expect} {answer.body}")
            raise Failed(self.broken[-1])
        return answer

    def step(
        self, who: str, thing: str, step: str, body: Mapping[str, Any] | None = None, *, expect: int = 200
    ) -> Answer:
        """Read a thing (`job-orders/…`, `nominations/…`) and take a step on just the version that was read."""
        seen = self.call(who, "GET", thing)
        return self.call(who, "POST", f"{thing}/{step}", body, version=seen.version, expect=expect)

    def check(self, promise: str, held: bool) -> None:
        """Remember whether something that the tour is about was so."""
        (self.kept if held else self.broken).append(promise)
        print(f"   {'✓' if held else '✗'} {promise}", flush=True)


class Failed(Exception):
    """A call was answered otherwise than the tour needs to go on."""


def _answered(request: urllib.request.Request) -> Answer:
    try:
        # The address is that of the server under the tour.
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # nosec B310
            return _read(response.status, response.headers, response.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return _read(refused.code, refused.headers, refused.read())


def _read(status: int, headers: Any, raw: bytes) -> Answer:
    try:
        body = json.loads(raw) if raw else {}
    except ValueError:
        body = {"detail": raw[:200].decode(errors="replace")}
    return Answer(status, body if isinstance(body, dict) else {"results": body}, headers.get("ETag"))


def _shown(path: str) -> str:
    """The path with short ids, and without the secret of a follow link."""
    return SECRET.sub(r"\1…", UUID.sub(r"\1…", path))


def _briefly(answer: Answer) -> str:
    """A few words of an answer: those of its fields that say where things stand."""
    body = answer.body
    if answer.status >= 400:
        return f"{body.get('code', '')}: {body.get('detail', '')}"[:90]
    names = ("number", "state", "phase", "pseudonym", "counts", "as_of", "received", "open", "filled", "closed")
    return ", ".join(f"{name} {body[name]}" for name in names if body.get(name) not in (None, ""))[:110]
