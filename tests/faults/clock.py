"""The machine's clock is set an hour back while everything runs, and an hour forward again later.

The product's processes are started with a small library before the C library (clock.c), through which the harness moves
their wall clock; monotonic time goes on, as it does when a machine's clock is set.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import tempfile
import time
from http.client import HTTPConnection
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from accounts import sessions
from accounts.models import User
from companies.models import Company
from events.models import Event
from joborders.models import JobOrder
from municipalities.actor import Actor
from notifications.models import Mail
from tests import factories
from tests.faults import at_once
from tests.faults.count import settle
from tests.faults.house import House, until
from tests.faults.kinds import Scene

SOURCE = Path(__file__).with_name("clock.c")
HOUR = 3600
ORDERS = 10


class Clock:
    """The wall clock of processes that run with `environment`."""

    def __init__(self, folder: Path) -> None:
        """Compile the library. Raises CalledProcessError."""
        self._library, self._file = folder / "clock.so", folder / "clock"
        self.set(0)
        command = [shutil.which("cc") or "cc", "-O2", "-shared", "-fPIC", "-o", str(self._library), str(SOURCE)]
        subprocess.run(command, check=True)

    @property
    def environment(self) -> dict[str, str]:
        """For processes that are to have this clock."""
        return {"LD_PRELOAD": str(self._library), "NRS_CLOCK_SHIFT": str(self._file)}

    def set(self, seconds: int) -> None:
        """From now on it is off by so many seconds."""
        with self._file.open("r+b" if self._file.exists() else "xb") as file:
            file.write(struct.pack("l", seconds))


def missing() -> str:
    """Why no clock can be set here, '' if one can."""
    if not shutil.which("cc"):
        return "no C compiler (cc) is installed"
    with tempfile.TemporaryDirectory(prefix="nrs-clock-") as name:
        clock = Clock(Path(name))
        clock.set(-HOUR)
        ask = ["date", "+%s"]
        told = subprocess.run(ask, env=clock.environment, stdout=subprocess.PIPE, check=True, text=True).stdout
    is_set = abs(int(told) - (time.time() - HOUR)) < HOUR / 2
    return "" if is_set else "the C library's clock cannot be replaced here"


def back(scene: Scene) -> None:
    """The clock is set an hour back in the same moment in which the worker dies, and forward again at the end."""
    house, people = scene.house, People(scene)
    clock = Clock(house.folder)
    house.end_processes()
    house.open(**clock.environment)
    try:
        claimed = people.orders(ORDERS)
        people.take("claim", claimed, {})
        open_ = people.orders(ORDERS)
        people.look("before the jump")
        scene.at(0.3)
        house.kill("worker")
        clock.set(-HOUR)
        scene.result.faults += 1
        people.take("close", claimed, {"reason": "withdrawn"}, state="closed")
        people.take("claim", open_, {})
        people.look("an hour back")
        scene.at(1.0)
        settle()
        _all_mail_goes_out()
        clock.set(0)
        scene.result.faults += 1
        people.take("close", open_, {"reason": "withdrawn"}, state="closed")
        people.look("after the second jump")
        settle()
        scene.result.wrong_states += _out_of_order([order.public_id for order in (*claimed, *open_)])
    finally:
        house.end_processes()
        house.open()


def _all_mail_goes_out() -> None:
    """The beat's work is done although the hour comes a second time. What is leased to a dead worker waits for that."""
    waiting = Mail.objects.filter(state=Mail.State.PENDING, tries=0)
    until(lambda: not waiting.exists(), "mails stay where they are: the periodic tasks stand still", 60)


def _out_of_order(subjects: list[object]) -> int:
    """Events whose version is below the one before, in the order of the outbox."""
    seen: dict[object, int] = {}
    wrong = 0
    for subject, version in Event.objects.filter(subject__in=subjects).order_by("pk").values_list("subject", "version"):
        wrong += version < seen.get(subject, 0)
        seen[subject] = version
    return wrong


class People:
    """A consultant with a token and a login from before the jump."""

    def __init__(self, scene: Scene) -> None:
        """Both are good for hours."""
        self.scene = scene
        self.ann: Actor = factories.consultant(factories.HILLEROED)
        self.caller = at_once.caller_of(scene.house, self.ann)
        self.company = Company.objects.get(public_id=scene.load.company)
        self.cookie = _login(self.ann)

    def orders(self, number: int) -> list[JobOrder]:
        """New ones, by the harness's own clock, which nobody sets."""
        return [factories.order(self.company) for _ in range(number)]

    def take(self, step: str, orders: list[JobOrder], body: dict[str, str], state: str = "open") -> None:
        """The step on each over HTTP; each that is refused, or leaves another state, is a wrong one."""
        for order in orders:
            order.refresh_from_db()
            answer = self.caller.post(
                f"job-orders/{order.public_id}/{step}", body, **{"If-Match": f'"{order.version}"'}
            )
            order.refresh_from_db()
            if answer.status != 200 or order.state != state:
                self.scene.result.wrong_states += 1
                self.scene.result.notes.append(f"{step}: {answer.status}, the order is {order.state}")

    def look(self, when: str) -> None:
        """The login still opens the queue."""
        status = _status(self.scene.house, "/queue", self.cookie)
        if status != 200:
            self.scene.result.wrong_states += 1
            self.scene.result.notes.append(f"the login from before does not hold {when}: {status}")


def _login(actor: Actor) -> str:
    user = User.objects.get(pk=actor.user_id)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    now = int(time.time())
    store.update({
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[-1],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        sessions.BEGAN: now,
        sessions.SEEN: now,
        sessions.OWED: False,
    })  # fmt: skip
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def _status(house: House, path: str, cookie: str) -> int:
    connection = HTTPConnection("127.0.0.1", house.port, timeout=30)
    try:
        connection.request("GET", path, headers={"Cookie": cookie})
        return connection.getresponse().status
    finally:
        connection.close()
