"""The environment, typed and named once. Nonsense stops the start with a sentence, not a traceback later.

Every name that the product reads is in `Environment`; `docs/operations.md` lists them too, and a test compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
DEMO_SECRET = "demo-secret-for-tests-and-laptops-only-0123456789-abcdefghij"  # noqa: S105 - refused in production


@dataclass(frozen=True, slots=True)
class Environment:
    """What the environment says, after checks."""

    debug: bool
    demo: bool
    test: bool
    secret_key: str
    secret_key_fallbacks: list[str]
    allowed_hosts: list[str]
    data_dir: Path
    port: int
    base_url: str
    database: dict[str, object]
    broker_url: str
    email: dict[str, object]
    default_from_email: str
    shared_mailbox: str
    service_phone: str
    trusted_proxies: int
    webhook_private_hosts: list[str]
    log_level: str


def read(source: dict[str, str] | None = None) -> Environment:
    """Read and check the environment. Raises ImproperlyConfigured with a sentence that says what to do."""
    env = environ.Env()
    if source is not None:
        env.ENVIRON = source
    data_dir = Path(env.str("DATA_DIR", default=str(ROOT / "var"))).resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    port = env.int("PORT", default=8000)
    test = env.bool("NRS_TEST", default=False)
    found = Environment(
        debug=env.bool("DEBUG", default=False),
        demo=env.bool("NRS_DEMO", default=False),
        test=test,
        secret_key=env.str("SECRET_KEY", default=DEMO_SECRET if test else ""),
        secret_key_fallbacks=env.list("SECRET_KEY_FALLBACKS", default=[]),
        allowed_hosts=env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"]),
        data_dir=data_dir,
        port=port,
        base_url=env.str("BASE_URL", default=f"http://127.0.0.1:{port}").rstrip("/"),
        database=env.db_url("DATABASE_URL", default=f"sqlite:///{data_dir / 'nrs.sqlite3'}"),
        broker_url=env.str("BROKER_URL", default="filesystem://"),
        email=env.email_url("EMAIL_URL", default="consolemail://"),
        default_from_email=env.str("DEFAULT_FROM_EMAIL", default="nrs@nrs.example"),
        shared_mailbox=env.str("SHARED_MAILBOX", default="job@nrs.example"),
        service_phone=env.str("SERVICE_PHONE", default="+45 00 00 00 00"),
        trusted_proxies=env.int("TRUSTED_PROXIES", default=0),
        webhook_private_hosts=env.list("WEBHOOK_PRIVATE_HOSTS", default=[]),
        log_level=env.str("LOG_LEVEL", default="INFO"),
    )
    _check(found)
    return found


def _check(found: Environment) -> None:
    production = not (found.debug or found.demo or found.test)
    if not found.secret_key:
        raise ImproperlyConfigured("SECRET_KEY is not set. Make one and put it into the environment; ./run does so.")
    if production and found.secret_key == DEMO_SECRET:
        raise ImproperlyConfigured("SECRET_KEY is the demo secret. A production start needs a secret of its own.")
    if production and len(found.secret_key) < 50:
        raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters.")
    if production and "*" in found.allowed_hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS may not be * in production: name the hosts.")
    if found.broker_url.split("://")[0] not in {"filesystem", "amqp", "amqps", "memory"}:
        raise ImproperlyConfigured("BROKER_URL must start with amqp://, amqps:// or filesystem://.")
    if not 1 <= found.port <= 65535:
        raise ImproperlyConfigured("PORT must be between 1 and 65535.")
