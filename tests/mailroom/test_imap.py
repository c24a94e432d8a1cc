"""Against a real IMAP server: TLS, large mails, and a thousand mails over three kills of the worker."""

from __future__ import annotations

import datetime as dt
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connection

from bench.mails import mails, written
from events import clock
from joborders import mail_ids
from joborders.models import Intake, JobOrder
from mailroom import reading, retention, tasks
from mailroom.models import IncomingMail, Mailbox
from mailroom.sources import SourceFailed
from mailroom.sources import imap as imap_source
from tests import factories as make
from tests.mailroom.corpus import malformed
from tools import dovecot

pytestmark = [pytest.mark.imap, pytest.mark.django_db, pytest.mark.usefixtures("reference")]
REPO = Path(__file__).resolve().parents[2]
#: A thousand on the database of production, and in the long lane; the demo's database takes fewer in every run.
COUNT = 1000 if connection.vendor == "postgresql" or os.environ.get("NRS_TEST_LONG") else 300


def wish(n: int) -> bytes:
    return written(n, "Chauffører", "Vi søger to chauffører i Hillerød").as_bytes()


def test_the_task_reads_the_mailbox_and_marks_what_it_has_taken_in(imap: dovecot.Server, settings: Any) -> None:
    settings.MAILBOX_URL = imap.url()
    imap.deliver([wish(1), *malformed(), wish(2)])
    tasks.read()
    found = IncomingMail.objects.exclude(state__in=["draft", "tray"])
    assert not found.exists()
    assert IncomingMail.objects.count() == len(malformed()) + 2
    arrived = IncomingMail.objects.latest("uid").arrived_at
    assert abs(clock.now() - arrived) < dt.timedelta(minutes=5), "received when it arrived"
    seen = [path for path in (imap.folder / "mail").glob("*/*.nrs*") if path.name.endswith(",S")]
    assert len(seen) == len(malformed()) + 2


def test_a_mailbox_numbered_anew_is_read_again_and_nothing_doubled(imap: dovecot.Server, settings: Any) -> None:
    settings.MAILBOX_URL = imap.url()
    imap.deliver(map(wish, range(20)))
    tasks.read()
    imap.renumber()
    imap.deliver([wish(20)])
    tasks.read()
    assert Intake.objects.count() == 21
    assert IncomingMail.objects.filter(state="double").count() == 20


def test_a_mail_of_50_mb_is_not_loaded_and_does_not_block_the_next(imap: dovecot.Server, settings: Any) -> None:
    settings.MAILBOX_URL = imap.url()
    imap.deliver([b"From: a@firma.example\r\nSubject: Stor\r\n\r\n" + b"x" * 70 + b"\r\n" + bytes(50_000_000), wish(1)])
    with watched_content() as asked:
        tasks.read()
    large, small = IncomingMail.objects.order_by("uid")
    assert (large.why, large.subject, large.sender) == ("too_large", "Stor", "a@firma.example")
    assert large.size > 50_000_000 and small.state == "draft"
    assert asked == [small.uid]


@contextmanager
def watched_content() -> Iterator[list[int]]:
    """The numbers of the mails that are fetched whole."""
    asked: list[int] = []
    honest = imap_source.Imap.content

    def content(self: Any, uid: int) -> bytes | None:
        asked.append(uid)
        return honest(self, uid)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(imap_source.Imap, "content", content)
        yield asked


def test_mails_that_are_over_are_deleted_in_the_mailbox_itself(imap: dovecot.Server, settings: Any) -> None:
    settings.MAILBOX_URL = imap.url()
    imap.deliver([wish(1), wish(2)])
    tasks.read()
    open_box = partial(imap_source.opened, imap.url())
    assert retention.empty_mailbox(open_box(), 90) == 0
    with clock.at(clock.now() + dt.timedelta(days=92)):
        assert retention.empty_mailbox(open_box(), 0) == 0
        assert retention.empty_mailbox(open_box(), 90) == 2
    assert list((imap.folder / "mail").glob("*/*.nrs*")) == []


# --- TLS ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, signed by itself, and its key."""
    from ipaddress import ip_address

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nrs")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = (tmp_path / "tls.crt", tmp_path / "tls.key")
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    kind = serialization.PrivateFormat.PKCS8
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, plain))
    return files


@pytest.mark.parametrize("scheme", ["imaps", "imap+tls"])
def test_the_mailbox_is_read_over_tls_and_only_from_whom_we_trust(certificate: tuple[Path, Path], scheme: str) -> None:
    if not dovecot.binary():
        pytest.skip("there is no Dovecot; on Debian: apt-get install dovecot-imapd")
    with dovecot.running(certificate) as server:
        server.deliver([wish(1)])
        trusted = ssl.create_default_context(cafile=str(certificate[0]))
        assert reading.read(imap_source.opened(server.url(scheme), trusted)) == {"draft": 1}
        with pytest.raises(SourceFailed, match="SSLCertVerificationError"), imap_source.opened(server.url(scheme)):
            pass


def test_a_wrong_password_is_noted_without_the_servers_words(imap: dovecot.Server, settings: Any) -> None:
    settings.MAILBOX_URL = imap.url()
    tasks.read()
    settings.MAILBOX_URL = imap.url().replace("prove", "forkert")
    tasks.read()
    assert Mailbox.objects.get().problem == "MailboxLoginError"


# --- a thousand mails, three kills ----------------------------------------------------------------------------------


class Worker:
    """Celery's worker as in production, on an embedded broker of its own, killed as a machine kills."""

    def __init__(self, folder: Path, mailbox: str) -> None:
        self.folder = folder
        self.env = {**os.environ, "DATA_DIR": str(folder), "DATABASE_URL": database_url(), "MAILBOX_URL": mailbox,
                    "BROKER_URL": "filesystem://", "LOG_LEVEL": "ERROR"}  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None
        self.bell = Celery(broker="filesystem://localhost")
        for name in ("broker", "broker-control"):
            (folder / name).mkdir()
        broker = str(folder / "broker")
        self.bell.conf.update(
            broker_transport_options={"data_folder_in": broker, "data_folder_out": broker,
                                      "control_folder": str(folder / "broker-control")},
            task_default_queue="nrs.tasks", task_default_exchange="nrs.tasks", task_default_routing_key="nrs.tasks",
        )  # fmt: skip

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "-A", "nrs", "worker", "--concurrency", "1"]
        options = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        with (self.folder / "worker.log").open("ab") as log:
            self.process = subprocess.Popen(
                command + options, cwd=REPO, env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        self.ring()

    def ring(self) -> None:
        self.bell.send_task("mailroom.tasks.read", ignore_result=True)

    def kill(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def database_url() -> str:
    """The database of this test, for another process."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    login = given["USER"] + (f":{given['PASSWORD']}" if given["PASSWORD"] else "")
    return f"postgres://{login}@{given['HOST'] or '127.0.0.1'}:{given['PORT'] or 5432}/{given['NAME']}"


def wait_until(there: Callable[[], bool], worker: Worker, seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not there():
        assert worker.process is None or worker.process.poll() is None, (worker.folder / "worker.log").read_text()[
            -2000:
        ]
        assert time.monotonic() < deadline, (worker.folder / "worker.log").read_text()[-2000:]
        time.sleep(0.02)


def taken() -> int:
    return IncomingMail.objects.exclude(state="claimed").count()


def replies(orders: list[JobOrder], key: str) -> list[bytes]:
    """Answers to mails of ours."""
    ours = [mail_ids.make(order.public_id, "abcdefgh12", key) for order in orders]
    return [written(5000 + n, "Sv: ordre", f"Ja tak {n}", In_Reply_To=each).as_bytes() for n, each in enumerate(ours)]


@pytest.mark.django_db(transaction=True)
def test_a_thousand_mails_become_one_thing_each_over_three_kills_of_the_worker(
    imap: dovecot.Server, tmp_path: Path, settings: Any
) -> None:
    make.load_reference()
    bad = malformed()
    answers = replies([make.order() for _ in range(10)], settings.SECRET_KEY)
    before = Intake.objects.count()
    every = [*mails(COUNT - len(bad) - len(answers), seed=7), *bad, *answers]
    imap.deliver(every[index] for index in sorted(range(COUNT), key=lambda n: (n * 7919) % COUNT))
    worker = Worker(tmp_path, imap.url())
    worker.start()
    try:
        for enough in (COUNT // 5, COUNT // 2, COUNT * 4 // 5):
            wait_until(lambda enough=enough: taken() >= enough, worker)
            worker.kill()
            worker.start()
        wait_until(lambda: taken() == COUNT, worker)
    finally:
        worker.kill()
    found = IncomingMail.objects.all()
    assert found.count() == COUNT
    assert set(found.values_list("state", flat=True)) == {"draft", "reply", "tray"}
    drafts = found.filter(state="draft").values_list("intake", flat=True)
    assert len(set(drafts)) == len(drafts) == Intake.objects.count() - before
    assert found.filter(state="reply").count() == len(answers)
    assert sum(order.notes.count() for order in JobOrder.objects.all()) == len(answers)
    assert not found.exclude(failure="").exists()
