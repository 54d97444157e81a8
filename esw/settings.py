"""Settings, read from the environment, with defaults that are safe on one machine with no service.

Every variable is described in docs/settings.md. Secrets that nobody sets are made once and kept in
`DATA_DIR`, readable by their owner alone.
"""

import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF

from esw.core.secrets import kept_secret
from esw.core.storage_url import storage_options

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data"))).expanduser().resolve()
DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(DATA_DIR / "secret-key")

_site = urlsplit(SITE_URL)
IS_HTTPS = _site.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site.hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])

INSTALLED_APPS = [
    "esw.core",
    "teams",
    "work_samples",
    "rubrics",
    "sessions_app",
    "insights",
    "reports",
    "home",
    "servestatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "esw.core.static.StaticConfig",
    "django.contrib.humanize",
    "django.forms",  # its templates, which FORM_RENDERER looks for like any other
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "esw.core.compression.TextGZipMiddleware",
    "esw.core.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "teams.middleware.TimeZoneMiddleware",
    # What these two answer in a view's stead gets every header from those above.
    "esw.core.middleware.LogInAgainMiddleware",
    "esw.core.middleware.NotAllowedMiddleware",
]

ROOT_URLCONF = "esw.urls"
ASGI_APPLICATION = "esw.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "home.context.navigation",
            ],
            "builtins": ["esw.core.templatetags.esw"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- data ------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'esw.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "esw.core.sqlite"  # Django's own, with a queue for who writes
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # pytest-django knows only Django's own as one in memory
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: a transaction that will write takes its turn at once and never fails half way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # secure_delete: what an upload was called may name a student, and is gone from the file with its row.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; PRAGMA secure_delete=ON;"
        ),
    }
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # Nobody waits for ever, neither for a database that is away nor for somebody else's lock. A migration may.
    _limits = "" if "migrate" in sys.argv else "-c statement_timeout=30s -c lock_timeout=8s"
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 3,
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 30,
        "application_name": "esw",
        "options": f"{_limits} -c idle_in_transaction_session_timeout=60s".strip(),
        **DATABASES["default"].get("OPTIONS", {}),
    }
# Who serves pages keeps its connection (esw/core/pages.py).
ON_POSTGRESQL = DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=300)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = ON_POSTGRESQL
#: Requests that one process works on at a time; each may hold a database connection.
PAGE_THREADS = env.int("PAGE_THREADS", default=16)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis holds nothing that must last: who is here, what was counted, which jobs wait (their rows say so as well).
REDIS_URL = env.str("REDIS_URL", default="")
REDIS_PREFIX = env.str("REDIS_PREFIX", default="esw")
CACHES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}}
}
if REDIS_URL:
    CACHES["default"] = {
        "BACKEND": "esw.core.cache.TolerantRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": f"{REDIS_PREFIX}:cache",
    }

STORAGES = {
    "default": storage_options(
        env.str("STORAGE_URL", default=""),
        access_key=env.str("STORAGE_ACCESS_KEY", default=""),
        secret_key=env.str("STORAGE_SECRET_KEY", default=""),
    ),
    "staticfiles": {"BACKEND": "esw.core.static.StaticStorage"},
}
MEDIA_ROOT = DATA_DIR / "files"
#: Where the proxy has the folder of files, for it to serve them after ESW has said who may (deploy/nginx.conf).
X_ACCEL_LOCATION = env.str("X_ACCEL_LOCATION", default="")
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "static-built")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "esw.core.static.NpmFinder",
]
SERVESTATIC_MANIFEST_STRICT = False
SERVESTATIC_USE_BROTLI = SERVESTATIC_USE_GZIP = SERVESTATIC_USE_ZSTD = env.bool("COMPRESS_STATIC", default=True)
SERVESTATIC_KEEP_ONLY_HASHED_FILES = False

# --- people ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "teams.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["teams.log_in.hashers.ThriftyArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "teams.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60  # seconds that a code holds
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"length": 6, "numeric": True, "dashed": False}
# A whole school sits behind one address: what is counted is the account (teams/log_in/limits.py counts log-ins).
# allauth counts by address under a lock, at which people who come at the same time refuse each other: not here.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "request_login_code": None,
    "reset_password": "5/10m/key",
    "reset_password_from_key": None,  # its keys cannot be guessed
}
LOGIN_URL = "/accounts/login/"
CSRF_FAILURE_VIEW = "esw.core.views.lost_place"
LOGIN_REDIRECT_URL = "/"

# --- mail ------------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="filemail://")
vars().update(EMAIL_CONFIG)
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_TIMEOUT = 10  # seconds: a mail server that does not answer must not hold a page
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default=f"Examining Student Work <esw@{_site.hostname or 'localhost'}>"
)

# --- headers ---------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=False)
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
PROXY_ADDRESSES = env.list("PROXY_ADDRESSES", default=["127.0.0.1", "::1"])  # whose X-Forwarded-… is believed
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "media-src": [SELF],  # recordings, and their captions
        "img-src": [SELF, "data:", "blob:"],  # Bootstrap draws its form marks as data: pictures
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

# --- bringing work ---------------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FILES = 200
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "incoming"  # beside the rest, where what a killed server left is swept
# A request may carry this much: many files at once where work is brought, forms elsewhere.
UPLOAD_PATHS = frozenset({"/samples/upload/"})
MAX_UPLOAD_REQUEST_BYTES = 600_000_000
MAX_REQUEST_BYTES = 10_000_000
UNCONFIRMED_UPLOAD_DAYS = 7
#: What a team may keep, where its district does not say.
TEAM_QUOTA_MB = env.int("TEAM_QUOTA_MB", default=5000)

# --- work in the background ------------------------------------------------------------------------------
EMBEDDED_WORKER = env.bool("EMBEDDED_WORKER", default=not REDIS_URL)
CELERY_BROKER_URL = REDIS_URL or "memory://"
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "global_keyprefix": f"{REDIS_PREFIX}:jobs:",
        # What a dead worker had in hand comes back after so many seconds. By then its row's lease has long run out
        # and the job was queued anew, so this only says how soon a second call finds that there is nothing to do.
        "visibility_timeout": 3600,
        # Whoever queues a job does not wait for a broker that is away.
        "socket_connect_timeout": 1,
        "socket_timeout": 10,
        "max_retries": 0,
    }
else:
    CELERY_BROKER_TRANSPORT = "esw.core.memory_broker:Transport"
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
# Drafts are read to offer places where a name may stand, where what reads them is installed (requirements-ocr.txt).
SUGGEST_NAMES = env.bool("SUGGEST_NAMES", default=True)
# A worker that is killed in the middle of a job stops saying that it has it: after JOB_LEASE_SECONDS it is lost, and
# found at the next look, every LOST_JOBS_EVERY seconds.
JOB_LEASE_SECONDS = env.float("JOB_LEASE_SECONDS", default=180.0)
LOST_JOBS_EVERY = env.float("LOST_JOBS_EVERY", default=30.0)
FINISHED_JOBS_KEPT_DAYS = 30
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "requeue lost jobs": {"task": "esw.core.requeue_lost_jobs", "schedule": LOST_JOBS_EVERY},
    "sweep what is over": {"task": "esw.core.sweep", "schedule": 24 * 3600.0},
    "close sessions that nobody touches": {"task": "sessions_app.close_idle", "schedule": 900.0},
    "let go of uploads that nobody confirmed": {
        "task": "work_samples.expire_unconfirmed",
        "schedule": 3600.0,
    },
    "destroy what is older than its district keeps work": {
        "task": "work_samples.keep_to_the_rules",
        "schedule": 6 * 3600.0,
    },
    "let go of documents that are no longer true": {"task": "reports.tidy", "schedule": 3600.0},
}

# --- documents -------------------------------------------------------------------------------------------
PAPER = env.str("PAPER", default="us-letter")  # or a4
FONT_SOURCES = BASE_DIR / "node_modules" / "@fontsource"
FONTS_ROOT = Path(env.str("FONTS_ROOT", default=str(BASE_DIR / "fonts-built")))

# --- the live room ---------------------------------------------------------------------------------------
# In one room; the oldest ends when one more opens. A browser opens one for all its tabs, so this is no working limit
# but a guard against a script that runs away: a stream costs about 50 KB.
STREAMS_A_PERSON = env.int("STREAMS_A_PERSON", default=1024)
HEARTBEAT_SECONDS = env.float("HEARTBEAT_SECONDS", default=15.0)
# A session at a step that nobody touches for so long closes itself, and its record is there.
IDLE_SESSION_HOURS = env.float("IDLE_SESSION_HOURS", default=12.0)

# --- words and time --------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

# --- logs: ids and counts, never words -------------------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "logging.Formatter" if DEBUG else "esw.core.logs.NoWords",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "filters": {
        "one line": {"()": "esw.core.logs.OneLine"},
        "database away": {"()": "esw.core.logs.DatabaseAway"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["database away"]},
        "one line": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["one line"]},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # What strangers send is worth a line, and not a page of our code each time.
        "django.security": {"handlers": ["one line"], "level": "WARNING", "propagate": False},
        "PIL": {"level": "WARNING"},
        "celery": {"level": env.str("CELERY_LOG_LEVEL", default="WARNING")},
        "kombu": {"level": "ERROR"},
    },
}

TESTING = "pytest" in sys.modules
if TESTING:
    # Hashed names need a built manifest; a bare checkout has none while its tests run.
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
