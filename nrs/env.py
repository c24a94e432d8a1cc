"""The environment, typed and named once. Nonsense stops the start with a sentence, not a traceback later.

Every name that the product reads is in `Environment`; `docs/operations.md` lists them too, and a test compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from accounts.identity import config as identity
from accounts.identity.config import Provider

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
    database_roles: bool
    replica: dict[str, object]
    replica_wait: float
    overload_wait: float
    broker_url: str
    email: dict[str, object]
    default_from_email: str
    shared_mailbox: str
    mailbox_url: str
    mailbox_keep_days: int
    service_phone: str
    trusted_proxies: int
    webhook_private_hosts: list[str]
    cvr_url: str
    cvr_user: str
    cvr_password: str
    cvr_timeout: float
    log_level: str
    log_format: str
    metrics_token: str
    otlp_endpoint: str
    require_totp: bool
    oidc_providers: dict[str, Provider]


def read(source: dict[str, str] | None = None) -> Environment:
    """Read and check the environment. Raises ImproperlyConfigured with a sentence that says what to do."""
    env = environ.Env()
    if source is not None:
        env.ENVIRON = source
    data_dir = Path(env.str("DATA_DIR", default=str(ROOT / "var"))).resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    port = env.int("PORT", default=8000)
    test = env.bool("NRS_TEST", default=False)
    is_for_real = not (test or env.bool("NRS_DEMO", default=False) or env.bool("DEBUG", default=False))
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
        database_roles=env.bool("DATABASE_ROLES", default=False),
        replica=dict(env.db_url("REPLICA_URL")) if env.str("REPLICA_URL", default="") else {},
        replica_wait=env.float("REPLICA_WAIT", default=0.1),
        overload_wait=env.float("OVERLOAD_WAIT", default=2.0),
        broker_url=env.str("BROKER_URL", default="filesystem://"),
        email=dict(env.email_url("EMAIL_URL")) if env.str("EMAIL_URL", default="") else {},
        default_from_email=env.str("DEFAULT_FROM_EMAIL", default="nrs@nrs.example"),
        shared_mailbox=env.str("SHARED_MAILBOX", default="job@nrs.example"),
        mailbox_url=env.str("MAILBOX_URL", default=f"maildir://{data_dir / 'mailbox'}" if _is_demo(env) else ""),
        mailbox_keep_days=env.int("MAILBOX_KEEP_DAYS", default=90),
        service_phone=env.str("SERVICE_PHONE", default="+45 00 00 00 00"),
        trusted_proxies=env.int("TRUSTED_PROXIES", default=0),
        webhook_private_hosts=env.list("WEBHOOK_PRIVATE_HOSTS", default=[]),
        cvr_url=env.str("CVR_URL", default=""),
        cvr_user=env.str("CVR_USER", default=""),
        cvr_password=env.str("CVR_PASSWORD", default=""),
        cvr_timeout=env.float("CVR_TIMEOUT", default=3.0),
        log_level=env.str("LOG_LEVEL", default="INFO"),
        log_format=env.str("LOG_FORMAT", default="json" if is_for_real else "line"),
        metrics_token=env.str("METRICS_TOKEN", default=""),
        otlp_endpoint=env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="").rstrip("/"),
        require_totp=env.bool("REQUIRE_TOTP", default=is_for_real),
        oidc_providers=_providers(env.str("OIDC_PROVIDERS", default=""), is_production=is_for_real),
    )
    _check(found)
    return found


def _is_demo(env: environ.Env) -> bool:
    return bool(env.bool("NRS_DEMO", default=False)) and not env.bool("NRS_TEST", default=False)


def _providers(text: str, *, is_production: bool) -> dict[str, Provider]:
    try:
        return identity.read(text, is_production=is_production)
    except identity.Nonsense as nonsense:
        raise ImproperlyConfigured(str(nonsense)) from None


def _check_mailbox(url: str, keep_days: int, *, production: bool) -> None:
    """The mailbox is IMAP with TLS, or a folder; without TLS only on this machine."""
    try:
        parts = urlsplit(url)
        scheme, host, _port = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        raise ImproperlyConfigured("MAILBOX_URL is no address: imaps://user:password@host:993/INBOX") from None
    if scheme not in {"imaps", "imap+tls", "imap", "maildir"} or (scheme != "maildir" and not host):
        raise ImproperlyConfigured("MAILBOX_URL must start with imaps://, imap+tls://, imap:// or maildir:///.")
    if production and scheme == "imap" and host not in {"127.0.0.1", "::1", "localhost"}:
        raise ImproperlyConfigured("MAILBOX_URL without TLS is for this machine only: imaps:// or imap+tls://.")
    if keep_days < 0:
        raise ImproperlyConfigured("MAILBOX_KEEP_DAYS must be 0 or more.")


def _check_replica(found: Environment) -> None:
    """The same database on another server, both PostgreSQL."""
    if any(str(one["ENGINE"]).endswith("sqlite3") for one in (found.database, found.replica)):
        raise ImproperlyConfigured("REPLICA_URL is for PostgreSQL, as is the DATABASE_URL that it follows.")
    if found.replica["NAME"] != found.database["NAME"]:
        raise ImproperlyConfigured("REPLICA_URL must name the same database as DATABASE_URL.")
    if all(found.replica[key] == found.database[key] for key in ("HOST", "PORT")):
        raise ImproperlyConfigured("REPLICA_URL is the server of DATABASE_URL itself.")


def _check_waits(found: Environment) -> None:
    if not 0 < found.cvr_timeout <= 30:
        raise ImproperlyConfigured("CVR_TIMEOUT must be between 0 and 30 seconds.")
    if not 0 <= found.replica_wait <= 10:
        raise ImproperlyConfigured("REPLICA_WAIT must be between 0 and 10 seconds.")
    if not 0 <= found.overload_wait <= 60:
        raise ImproperlyConfigured("OVERLOAD_WAIT must be between 0 and 60 seconds.")


def _check_watching(found: Environment) -> None:
    """What operators watch the product by."""
    if found.log_format not in {"json", "line"}:
        raise ImproperlyConfigured("LOG_FORMAT must be json or line.")
    if found.metrics_token and len(found.metrics_token) < 32:
        raise ImproperlyConfigured("METRICS_TOKEN is shorter than 32 characters.")
    if found.otlp_endpoint and not found.otlp_endpoint.startswith(("https://", "http://")):
        raise ImproperlyConfigured("OTEL_EXPORTER_OTLP_ENDPOINT must start with https:// or http://.")


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
    _check_watching(found)
    if found.broker_url.split("://")[0] not in {"filesystem", "amqp", "amqps", "memory"}:
        raise ImproperlyConfigured("BROKER_URL must start with amqp://, amqps:// or filesystem://.")
    _check_waits(found)
    if found.replica:
        _check_replica(found)
    if found.mailbox_url:
        _check_mailbox(found.mailbox_url, found.mailbox_keep_days, production=production)
    if found.cvr_url and not found.cvr_url.startswith(("https://", "http://127.0.0.1")):
        raise ImproperlyConfigured("CVR_URL must start with https://.")
    if not 1 <= found.port <= 65535:
        raise ImproperlyConfigured("PORT must be between 1 and 65535.")
