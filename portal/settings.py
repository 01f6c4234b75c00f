"""Settings, all from the environment. `portal/checks.py` refuses a start that would be unsafe.

| variable | meaning |
|---|---|
| GATEHOUSE_ENV_FILE | a file of NAME=value lines to take what is not set from |
| GATEHOUSE_SECRET_KEY | signs sessions and tasks |
| GATEHOUSE_ENCRYPTION_KEYS | Fernet keys of the vault, comma-separated; the first encrypts, all decrypt |
| DATABASE_URL | postgres://... ; without it SQLite in GATEHOUSE_DATA |
| GATEHOUSE_MOVE_TO | the PostgreSQL database that `move_to_postgresql` fills |
| GATEHOUSE_DATA | folder of the SQLite database and collected static files |
| GATEHOUSE_PUBLIC_URL | https://gatehouse.example.com, as browsers and vendors reach it; else http://localhost:8800 |
| GATEHOUSE_ALLOWED_HOSTS | further host names, comma-separated; one of another machine counts as a public address |
| GATEHOUSE_TRUSTED_PROXY | 1: believe X-Forwarded-Proto and -For of the proxy in front |
| GATEHOUSE_ALLOWED_PRIVATE_HOSTS | vendor hosts that may resolve to private addresses |
| GATEHOUSE_SANDBOX, GATEHOUSE_NETWORK_OVERRIDES | the demo's simulated vendors; loopback only |
| GATEHOUSE_EMAIL_URL | smtp://user:password@host:port?tls=1 ; without it mail is not sent |
| GATEHOUSE_OIDC | JSON: {"name", "client_id", "secret", "server_url"} for single sign-on |
| GATEHOUSE_OIDC_TRUST_PROMPT | 1: its provider gives no auth_time, but is known to ask each time it is told to |
| GATEHOUSE_MANAGE | what people type before a command's name; `run.py` sets it to its own way of running them |
| GATEHOUSE_WORKERS, GATEHOUSE_DEBUG, GATEHOUSE_LOG_LEVEL | as they say |
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from portal import environment

BASE_DIR = Path(__file__).resolve().parent.parent
environment.load_file(Path(environment.text("GATEHOUSE_ENV_FILE", str(BASE_DIR / "var" / "env"))))

MANAGE_COMMAND = environment.text("GATEHOUSE_MANAGE", "python3 manage.py")
DATA_DIR = Path(environment.text("GATEHOUSE_DATA", str(BASE_DIR / "var")))
DEBUG = environment.flag("GATEHOUSE_DEBUG")
SECRET_KEY = environment.text("GATEHOUSE_SECRET_KEY")
FIELD_ENCRYPTION_KEY = environment.items("GATEHOUSE_ENCRYPTION_KEYS")
if not SECRET_KEY or not FIELD_ENCRYPTION_KEY:
    raise ImproperlyConfigured(
        "GATEHOUSE_SECRET_KEY and GATEHOUSE_ENCRYPTION_KEYS are not set, so nothing can be signed or encrypted. "
        "Start with `python3 run.py`, which makes them, or set them in the environment."
    )

PUBLIC_URL = environment.text("GATEHOUSE_PUBLIC_URL", "http://localhost:8800").rstrip("/")
IS_HTTPS = PUBLIC_URL.startswith("https://")
FURTHER_HOSTS = environment.items("GATEHOUSE_ALLOWED_HOSTS")
ALLOWED_HOSTS = [urlsplit(PUBLIC_URL).hostname or "localhost", *FURTHER_HOSTS]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

SANDBOX = environment.flag("GATEHOUSE_SANDBOX")
NETWORK_OVERRIDES = environment.mapping("GATEHOUSE_NETWORK_OVERRIDES")
ALLOWED_PRIVATE_HOSTS = environment.items("GATEHOUSE_ALLOWED_PRIVATE_HOSTS")

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "portal.people",
    "portal.vault",
    "portal.audit",
    "portal.preferences",
    "portal.instances",
    "portal.inventory",
    "portal.scans",
    "portal.governance",
    "portal.web",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_q",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "portal.web.security.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.web.second_factor.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.web.shell.shell",
            ],
        },
    }
]

# --- database -------------------------------------------------------------------------------------------------------

SQLITE_OPTIONS = {
    # WAL lets pages read while a scan writes; IMMEDIATE makes a waiting writer wait instead of failing half-way.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-16000;PRAGMA foreign_keys=ON;"
    ),
}
DATABASES: dict[str, Any] = {
    "default": dj_database_url.config(default=f"sqlite:///{DATA_DIR / 'gatehouse.sqlite3'}", conn_max_age=600)
}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
IS_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if IS_SQLITE:
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    DATABASES["default"]["TEST"] = {"NAME": environment.text("GATEHOUSE_TEST_DATABASE") or None}

# Rate limits and locks must hold across processes, so the cache is a table. Beyond MAX_ENTRIES rows a tenth is thrown
# out, live or not: with Django's 300 anybody could flush the limits on signing in. What has expired is deleted each
# minute (portal.people.throttles).
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000, "CULL_FREQUENCY": 10},
    },
    # Where clusters note their state twice a second for monitors of django-q, which nobody runs here.
    "cluster_state": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}

# --- tasks ----------------------------------------------------------------------------------------------------------

# "scans" and "actions" are two clusters: what a person waits for never queues behind a scan.
Q_CLUSTER: dict[str, Any] = {
    "name": "scans",
    "orm": "default",
    "broker_class": "portal.queue.Broker",
    "cache": "cluster_state",
    "workers": environment.number("GATEHOUSE_WORKERS", 2),
    "timeout": 300,
    "retry": 1200,
    "max_attempts": 3,
    "ack_failures": True,
    "queue_limit": 2,
    "bulk": 1,
    "poll": 0.5,
    "catch_up": False,
    "save_limit": -1,
    "recycle": 200,
    "max_rss": 500_000,
    "label": "Tasks",
    "ALT_CLUSTERS": {
        "actions": {"workers": 1, "timeout": 900, "retry": 3600, "queue_limit": 1, "poll": 0.2, "max_attempts": 1}
    },
}

# --- people ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["portal.people.second_factor.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.people.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "portal.people.adapters.SocialAccountAdapter"
MFA_ADAPTER = "portal.people.adapters.MFAAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Whoever invites a person names the address; nobody changes the own one into somebody else's.
ACCOUNT_MAX_EMAIL_ADDRESSES = 1
# No mail to addresses that are not known here: anybody could have it sent to anybody.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Gatehouse"
MFA_FORMS = {"activate_totp": "portal.people.mfa_forms.SealedTOTPForm"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
# Otherwise each page view would write a row, and wait for scans that write on SQLite.
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_AUTO_SIGNUP = True
# The trip to the provider begins at a link of our own, see portal.web.entrance.
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
OIDC = environment.mapping("GATEHOUSE_OIDC")
OIDC_TRUST_PROMPT = environment.flag("GATEHOUSE_OIDC_TRUST_PROMPT")
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": OIDC.get("name", "Single sign-on"),
                "client_id": OIDC.get("client_id", ""),
                "secret": OIDC.get("secret", ""),
                "settings": {"server_url": OIDC.get("server_url", "")},
            }
        ],
    }

# --- web ------------------------------------------------------------------------------------------------------------

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
# Lax, since the vendor's consent page and single sign-on bring the browser back by a link.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
CSRF_FAILURE_VIEW = "portal.web.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXY = environment.flag("GATEHOUSE_TRUSTED_PROXY")
if TRUSTED_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

METRICS_TOKEN = environment.text("GATEHOUSE_METRICS_TOKEN")

# --- mail -----------------------------------------------------------------------------------------------------------

_mail = urlsplit(environment.text("GATEHOUSE_EMAIL_URL"))
IS_MAIL_CONFIGURED = bool(_mail.hostname)
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if IS_MAIL_CONFIGURED else (
    "django.core.mail.backends.dummy.EmailBackend"
)
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or 587
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS = parse_qs(_mail.query).get("tls", ["1"])[0] == "1"
EMAIL_TIMEOUT = 10

# --- logging --------------------------------------------------------------------------------------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{asctime}{levelname}{name}{message}",
            "style": "{",
            "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
        },
    },
    # Whatever a message or a traceback says, the secrets of running connections are taken out of it.
    "filters": {
        "redact": {"()": "connectors.base.Redactor"},
        "one_time_links": {"()": "portal.people.one_time_links.OneTimeLinks"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if environment.text("GATEHOUSE_LOG_FORMAT", "line") == "json" else "line",
            "filters": ["redact", "one_time_links"],
        }
    },
    "root": {"handlers": ["console"], "level": environment.text("GATEHOUSE_LOG_LEVEL", "INFO")},
}
