"""Django's settings, from the environment (nrs/env.py). One module for every way of running."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from nrs import env as environment

ENV = environment.read()
BASE_DIR = environment.ROOT
DATA_DIR = ENV.data_dir

DEBUG = ENV.debug
DEMO = ENV.demo
TEST = ENV.test
PRODUCTION = not (DEBUG or DEMO or TEST)
SECRET_KEY = ENV.secret_key
SECRET_KEY_FALLBACKS = ENV.secret_key_fallbacks
ALLOWED_HOSTS = ENV.allowed_hosts
BASE_URL = ENV.base_url
SHARED_MAILBOX = ENV.shared_mailbox
MAILBOX_URL = ENV.mailbox_url
MAILBOX_KEEP_DAYS = ENV.mailbox_keep_days
SERVICE_PHONE = ENV.service_phone
METRICS_TOKEN = ENV.metrics_token
OTLP_ENDPOINT = ENV.otlp_endpoint
WEBHOOK_PRIVATE_HOSTS = ENV.webhook_private_hosts
CVR_URL, CVR_USER, CVR_PASSWORD, CVR_TIMEOUT = ENV.cvr_url, ENV.cvr_user, ENV.cvr_password, ENV.cvr_timeout

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "django_htmx",
    "axes",
    "allauth.account",
    "allauth.socialaccount",
    "accounts",
    "vocabulary",
    "events",
    "municipalities",
    "companies",
    "candidates",
    "joborders",
    "mailroom",
    "screening",
    "campaigns",
    "gatherings",
    "privacy",
    "notifications",
    "api",
    "web",
    "nrs",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nrs.overload.Gate",  # before whatever costs anything, and a line in the log for each refusal would
    "nrs.middleware.Numbered",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "web.account.sessions.OnlyWhileLoggedIn",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "nrs.middleware.BehindTheWall",
    "web.middleware.Refusals",  # renders pages, so inside the wall
    "axes.middleware.AxesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

if METRICS_TOKEN:
    MIDDLEWARE.insert(0, "nrs.metrics.Measured")

ROOT_URLCONF = "nrs.urls"
WSGI_APPLICATION = "nrs.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.context.chrome",
            ],
        },
    },
]

DATABASES: dict[str, dict[str, Any]] = {"default": dict(ENV.database)}
DATABASE = DATABASES["default"]
DATABASE["CONN_MAX_AGE"] = None
DATABASE["CONN_HEALTH_CHECKS"] = True
if DATABASE["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a read that turns into a write under concurrent steps fails at once in SQLite's default mode.
    if TEST:
        # A file, as in real use: SQLite's shared memory has other locks. One per test process.
        DATABASE["TEST"] = {"NAME": f"{tempfile.gettempdir()}/nrs-test-{os.getpid()}.sqlite3"}
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }
else:
    LIMITS = "-c statement_timeout=60000 -c lock_timeout=10000 -c jit=off -c work_mem=32MB"
    GIVEN = DATABASE.get("OPTIONS", {})  # what the address says after its question mark: sslmode, sslrootcert, …
    DATABASE["OPTIONS"] = GIVEN | {
        "options": f"{LIMITS} {GIVEN.get('options', '')}".rstrip(),
        "prepare_threshold": 3,  # for the statements of events/prepared.py
    }
# Figures, registers and the screening's index may be read from there (events/replica.py).
if ENV.replica:
    _READ_ONLY = f"{DATABASE['OPTIONS']['options']} -c default_transaction_read_only=on"
    _OPTIONS = {**DATABASE["OPTIONS"], "options": _READ_ONLY, "connect_timeout": 2}
    DATABASES["replica"] = {**DATABASE, **ENV.replica, "OPTIONS": _OPTIONS, "TEST": {"MIRROR": "default"}}
DATABASE_ROUTERS = ["events.replica.Router"]
REPLICA_WAIT = ENV.replica_wait
OVERLOAD_WAIT = ENV.overload_wait
# Real people of more than one municipality are not kept where the database itself cannot keep them apart.
IS_WITHOUT_WALL = PRODUCTION and DATABASE["ENGINE"].endswith("sqlite3")
# Requests and screenings change into roles of their own (municipalities/roles.py).
DATABASE_ROLES = ENV.database_roles
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "municipalities.login.MemberBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.OwnWords"},
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests only: hashing is not what they measure
    if TEST
    else ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
LOGIN_URL = "web:login"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "web:home"
# Without it axes notes failures under no name and looks them up under the real one: nobody is ever locked out.
AXES_USERNAME_FORM_FIELD = "username"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_ENABLE_ADMIN = False
AXES_ENABLED = not TEST
AXES_VERBOSE = False

# Identity providers (accounts/identity). Of allauth only its client is used: no page of it has an address here.
OIDC_PROVIDERS = ENV.oidc_providers
SOCIALACCOUNT_ADAPTER = "accounts.identity.protocol.Adapter"
SOCIALACCOUNT_STORE_TOKENS = SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_AUTO_SIGNUP = False
ACCOUNT_USER_MODEL_USERNAME_FIELD, ACCOUNT_LOGIN_METHODS, ACCOUNT_SIGNUP_FIELDS = None, {"email"}, ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"

LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Copenhagen"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [("vendor", BASE_DIR / "web" / "vendor")]  # made by tools/frontend.py
if TEST:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing folder
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TEST
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")  # half the work
WHITENOISE_USE_FINDERS = DEBUG or TEST
WHITENOISE_AUTOREFRESH = DEBUG
FORM_RENDERER = "web.forms.renderer.Dkfds"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
SECURE = ENV.base_url.startswith("https://")
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
# __Host-: no other host of the domain can set it. Browsers take the prefix with TLS only.
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
# __Secure-: for those bound to a path, which __Host- forbids; no answer without TLS can set them.
COOKIE_PREFIX = "__Secure-" if SECURE else ""
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
SESSION_COOKIE_AGE = SESSION_LONGEST = 10 * 60 * 60
SESSION_IDLE = 30 * 60  # seconds without a request (accounts/sessions.py)
REQUIRE_TOTP = ENV.require_totp
CSRF_TRUSTED_ORIGINS = [ENV.base_url]
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]  # the health check asks without TLS, inside the machine
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENV.trusted_proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.TokenAuth", "api.authentication.SessionAuth"],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.ActorRequired"],
    "EXCEPTION_HANDLER": "api.problems.handler",
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["api.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.Pages",
    "DEFAULT_FILTER_BACKENDS": ["api.filters.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.AutoSchema",
    "DEFAULT_THROTTLE_RATES": {"intake": None if TEST else "60/hour"},
    "NUM_PROXIES": ENV.trusted_proxies,
    "UNAUTHENTICATED_USER": None,
    # Dates and times stay what they are until orjson writes them: lists and objects look alike.
    "DATETIME_FORMAT": None,
    "DATE_FORMAT": None,
    "TIME_FORMAT": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "NRS",
    "DESCRIPTION": "Nordsjællands Rekrutteringsservice: job orders, screening, nominations and figures.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.add_components",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "JobOrderState": "joborders.models.JobOrder.State",
        "JobOrderChannel": "joborders.models.JobOrder.Channel",
        "NominationState": "joborders.models.Nomination.State",
        "IntakeState": "joborders.intake_workflow.State",
        "RequirementKind": "joborders.models.Requirement.Kind",
        "ContactKind": ["phone", "mail", "visit", "meeting"],
        "AgreementState": ["draft", "active", "ended"],
        "AgreementKind": ["recruitment", "cooperation", "partnership"],
        "CandidateStatus": ["available", "in_course", "hired", "inactive"],
        "ImportStatus": ["created", "updated", "unchanged", "refused"],
        "CourseState": "screening.models.Course.State",
        "VerdictOutOutcomeEnum": ["qualified", "check", "nearly", "not"],
        "CloseReason": "joborders.workflow.Reason",
        "DeclineReason": "joborders.nomination_workflow.DeclineReason",
        "WithdrawReason": "joborders.nomination_workflow.WithdrawReason",
        "NotStartedReason": "joborders.nomination_workflow.NotStartedReason",
    },
}

REFERENCE_LOADERS = ["vocabulary.reference.load", "municipalities.reference.load"]
IMPORTERS = {
    "boundaries": "municipalities.importers.import_boundaries",
    "postcodes": "municipalities.importers.import_postcodes",
}

BROKER_URL = ENV.broker_url
#: Whether mails lie in a folder, where /dev/outbox shows them: nowhere but on a laptop.
DEV_OUTBOX = not PRODUCTION and not ENV.email
CONSOLE = "django.core.mail.backends.console.EmailBackend"
EMAIL_BACKEND = "notifications.outbox.Backend" if DEV_OUTBOX else str(ENV.email.get("EMAIL_BACKEND", CONSOLE))
EMAIL_HOST = ENV.email.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = ENV.email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = ENV.email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = ENV.email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(ENV.email.get("EMAIL_USE_TLS", False))
EMAIL_USE_SSL = bool(ENV.email.get("EMAIL_USE_SSL", False))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ENV.default_from_email

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "nrs.logs.Line", "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "nrs.logs.Json"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": ENV.log_format}},
    "root": {"handlers": ["stderr"], "level": ENV.log_level},
    "loggers": {
        "axes": {"level": "WARNING"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.request": {"level": "CRITICAL" if TEST else "ERROR"},
    },
}
