"""What `./run` is made of: translations, secrets, ports, required backends, and the supervisor's promises."""

import gettext
import io
import os
import socket
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django
import pytest

from tools import environment, messages, probe, supervisor
from tools.backends import Backend, required
from tools.setup import SetupFailed

DJANGO_DANISH = Path(django.__file__).parent / "contrib/admin/locale/da/LC_MESSAGES/django.po"
WEB = """
import http.server, os
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz/ready" else 404)
        self.end_headers()
    def log_message(self, *args): pass
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Ready).serve_forever()
"""
LASTING = "import signal; signal.pause()"
STUBBORN = """
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
print(child.pid, flush=True)
signal.pause()
"""


def catalogue(content: bytes) -> dict[str, str]:
    found = gettext.GNUTranslations(io.BytesIO(content))._catalog
    return {key: text for key, text in found.items() if key}


def test_translations_compile_as_gettext_compiles_them() -> None:
    ours = messages.compile_text(DJANGO_DANISH.read_text(encoding="utf-8"))
    assert catalogue(ours) == catalogue(DJANGO_DANISH.with_suffix(".mo").read_bytes())


def test_translations_leave_out_what_is_fuzzy_obsolete_or_empty() -> None:
    text = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    text += '#, fuzzy\nmsgid "a"\nmsgstr "b"\n\nmsgid "c"\nmsgstr ""\n\n'
    text += '#~ msgid "d"\n#~ msgstr "e"\nmsgid "f"\nmsgstr "æ"\n'
    assert catalogue(messages.compile_text(text)) == {"f": "æ"}


def test_a_damaged_translation_is_named_by_its_line() -> None:
    with pytest.raises(ValueError, match="line 2"):
        messages.compile_text('msgid "a"\nmsgstr "b\n')


def test_only_what_changed_is_compiled_again(tmp_path: Path) -> None:
    source = tmp_path / "locale/da/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n')
    assert messages.compile_all(tmp_path) == [source.with_suffix(".mo")]
    assert messages.compile_all(tmp_path) == []


def test_the_demo_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    secret = environment.kept_secret(tmp_path)
    assert len(secret) >= 50
    assert environment.kept_secret(tmp_path) == secret
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_taken_port_is_refused_when_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        with pytest.raises(SetupFailed, match="taken"):
            environment.choose_port()


def test_a_port_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eight")
    with pytest.raises(SetupFailed, match="between 1 and 65535"):
        environment.choose_port()


def test_services_names_every_setting_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "BROKER_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SetupFailed, match="DATABASE_URL and BROKER_URL and SECRET_KEY"):
        environment.services()


def test_the_demo_does_not_touch_the_database_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@elsewhere/production")
    assert environment.embedded(tmp_path, 8000)["DATABASE_URL"] == f"sqlite:///{tmp_path}/nrs.sqlite3"


@pytest.mark.parametrize(("demand", "why"), [("postgres", "no answer"), ("browser", "known are")])
def test_a_required_backend_that_is_missing_fails_the_run(
    monkeypatch: pytest.MonkeyPatch, demand: str, why: str
) -> None:
    monkeypatch.setenv("NRS_TEST_REQUIRE", demand)
    with pytest.raises(SetupFailed, match=why):
        required(Backend("postgres", "PostgreSQL", why="no answer"))


def test_a_required_backend_that_is_there_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NRS_TEST_REQUIRE", "postgres, rabbitmq")
    required(Backend("postgres", "PostgreSQL", "postgres://"), Backend("rabbitmq", "RabbitMQ", "amqp://"))


def test_the_probe_sees_an_open_connection(tmp_path: Path) -> None:
    table = tmp_path / "tcp"
    table.write_text("  sl  local rem st\n   0: 0100007F:C350 0100007F:1628 01 0:0\n   1: 0:1538 0:1538 0A 0:0\n")
    assert probe.has_peer(5672, [str(table)])
    assert not probe.has_peer(5432, [str(table)])


def supervised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **scripts: str) -> supervisor.Supervisor:
    commands = {name: [sys.executable, "-c", script] for name, script in scripts.items()}
    monkeypatch.setattr(supervisor, "PROCESSES", commands)
    env = {**os.environ, "PORT": str(environment.any_free_port())}
    return supervisor.Supervisor(env, tmp_path)


def is_alive(pid: int) -> bool:
    """A zombie that nobody has waited for counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_process_that_dies_is_started_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    served = supervised(monkeypatch, tmp_path, web=WEB, worker=LASTING)
    try:
        served.start()
        worker = served.children[1]
        first = worker.process
        assert first is not None
        first.kill()
        first.wait()
        served.tend()
        assert worker.process is None, "it waits before the next start"
        worker.due = 1e-9
        served.tend()
        assert worker.process is not None
        assert worker.process.pid != first.pid
    finally:
        served.stop()


def soon(holds: Callable[[], object]) -> bool:
    """Does it hold within ten seconds? The kernel takes a moment to end what was killed."""
    deadline = time.monotonic() + 10
    while not holds() and time.monotonic() < deadline:
        os.sched_yield()
    return bool(holds())


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_stopping_leaves_no_process_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(supervisor, "STOP_TIMEOUT", 0.3)
    served = supervised(monkeypatch, tmp_path, web=WEB, worker=STUBBORN)
    served.start()
    log = tmp_path / "worker.log"
    assert soon(lambda: log.read_text().strip())
    pids = [child.process.pid for child in served.children if child.process] + [int(log.read_text())]
    assert all(map(is_alive, pids))
    served.stop()
    assert soon(lambda: not any(map(is_alive, pids)))


def test_a_web_process_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    served = supervised(monkeypatch, tmp_path, web="raise SystemExit('the settings are nonsense')")
    try:
        with pytest.raises(SetupFailed, match="the settings are nonsense"):
            served.start()
    finally:
        served.stop()
