"""A private IMAP server for tests and the benchmark: Debian's Dovecot as a process of our own, on a loopback port.

No system service, no file outside its own folder, one account. Run as root its workers run as `nobody`, since Dovecot
reads no mail as root; otherwise everything runs as the user who started it.
"""

from __future__ import annotations

import grp
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "nrs", "prove:hemmelig/1"
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
default_internal_user = {inner}
default_internal_group = {inner_group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail
maildir_very_dirty_syncs = no
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = {is_tls}
  }}
}}
service anvil {{
  {chroot}
}}
service stats {{
  {chroot}
}}
"""


def binary() -> str:
    """Where Dovecot is, '' if it is not there."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin") or ""


@dataclass(frozen=True)
class Server:
    """A running server: its ports (`tls_port` speaks TLS from the first byte) and folder."""

    port: int
    tls_port: int
    folder: Path
    uid: int
    gid: int

    def url(self, scheme: str = "imap") -> str:
        """The address for MAILBOX_URL."""
        port = self.tls_port if scheme == "imaps" else self.port
        return f"{scheme}://{USER}:{PASSWORD.replace(':', '%3A').replace('/', '%2F')}@127.0.0.1:{port}/INBOX"

    def deliver(self, mails: Iterable[bytes]) -> int:
        """Put mails into the mailbox as a mail server does, written elsewhere first; how many."""
        inbox, count = self.folder / "mail", 0
        for part in ("", "tmp", "new", "cur"):
            path = inbox / part
            path.mkdir(exist_ok=True)
            os.chown(path, self.uid, self.gid)
        for count, content in enumerate(mails, 1):
            name = f"{time.time_ns()}.{count}.nrs"
            path = inbox / "tmp" / name
            path.write_bytes(content)
            os.chown(path, self.uid, self.gid)
            path.rename(inbox / "new" / name)
        return count

    def renumber(self) -> None:
        """Give all messages new numbers (another UIDVALIDITY), as after a restore of the mail server."""
        # Dovecot takes the second of the day as the new number: the same second would be the same number.
        old = re.search(r"\bV(\d+)", (self.folder / "mail" / "dovecot-uidlist").read_text())
        while old is not None and time.time() < int(old[1]) + 1:
            time.sleep(0.05)
        for path in (self.folder / "mail").glob("dovecot*"):
            path.unlink()


@contextmanager
def running(certificate: tuple[Path, Path] | None = None) -> Iterator[Server]:
    """A server that lives as long as the block; `certificate` are the files of a certificate and its key."""
    folder = Path(tempfile.mkdtemp(prefix="nrs-imap-"))
    server = _server(folder)
    config = folder / "dovecot.conf"
    config.write_text(_config(server, certificate))
    process = subprocess.Popen(
        [binary(), "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(server, process)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _server(folder: Path) -> Server:
    folder.chmod(0o755)  # the workers are somebody else
    nobody = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    for part in ("run", "state", "home", "mail"):
        (folder / part).mkdir()
        os.chown(folder / part, nobody.pw_uid if part in ("home", "mail") else -1, -1)
    return Server(_free_port(), _free_port(), folder, nobody.pw_uid, nobody.pw_gid)


def _config(server: Server, certificate: tuple[Path, Path] | None) -> str:
    is_root = os.getuid() == 0
    me = pwd.getpwuid(os.getuid()).pw_name
    files = f"ssl_cert = <{certificate[0]}\nssl_key = <{certificate[1]}" if certificate else ""
    return CONFIG.format(
        folder=server.folder,
        ssl="yes" if certificate else "no",
        is_tls="yes" if certificate else "no",
        certificate=files,
        inner="dovecot" if is_root else me,
        inner_group="dovecot" if is_root else grp.getgrgid(os.getgid()).gr_name,
        login="dovenull" if is_root else me,
        password=PASSWORD,
        uid=server.uid,
        gid=server.gid,
        port=server.port,
        tls_port=server.tls_port if certificate else 0,
        chroot="" if is_root else "chroot =",
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Until it greets. Raises RuntimeError with its log if it does not within ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", server.port), 1) as connection:
                connection.settimeout(5)
                if connection.recv(4) == b"* OK":
                    return
        except OSError:
            time.sleep(0.05)
    log = server.folder / "log"
    raise RuntimeError(f"Dovecot did not start: {log.read_text()[-500:] if log.exists() else 'no log'}")
