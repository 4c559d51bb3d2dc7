"""Settings, from the environment alone.

Nothing needs to be set to try the service on a laptop: without variables it runs in development mode, which answers
only on this machine, keeps everything under ``DATA_DIR`` and makes its own keys. ``DEBUG=0`` is production: keys,
hosts and the rest must then be given, and ``manage.py check --deploy`` says what is missing and where to set it."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

from monitoring import development_keys, logs

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()

# Development mode. Django's own DEBUG stays off in both modes: its error pages show the values that were being worked
# on, and those may be people's answers.
DEVELOPMENT = env.bool("DEBUG", True)
DEBUG = False

_keys = development_keys.KeysIn(DATA_DIR) if DEVELOPMENT else development_keys.NO_KEYS
SECRET_KEY = env.str("SECRET_KEY", "") or _keys.secret_key()
VAULT_KEYS = env.str("VAULT_KEYS", "") or _keys.vault_keys()
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOCAL_HOSTS if DEVELOPMENT else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "web.apps.WebConfig",  # before allauth, so that signing in wears this service's pages
    "allauth",
    "allauth.account",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "csp",
    "django_linear_migrations",
    "monitoring.apps.MonitoringConfig",
    "reports.apps.ReportsConfig",
    "api.apps.ApiConfig",
]

MIDDLEWARE = [
    "monitoring.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "monitoring.urls"
WSGI_APPLICATION = "monitoring.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.navigation.navigation",
            ],
        },
    }
]
FORM_RENDERER = "web.forms.GovukRenderer"

# --- Data
# ---------------------------------------------------------------------------------------------------------------

_EMBEDDED = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": str(DATA_DIR / "database.sqlite3"),
    "OPTIONS": {
        # Writers queue from their first statement instead of failing at their last.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    },
}
DATABASES = {"default": env.db_url("DATABASE_URL") if env.str("DATABASE_URL", "") else _EMBEDDED}
if DATABASES["default"] is _EMBEDDED:
    DATA_DIR.mkdir(parents=True, exist_ok=True)  # SQLite makes the file, not the folder
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_bucket = env.str("OBJECT_STORE_BUCKET", "")


def _storage(name: str) -> dict:
    """A folder under DATA_DIR, or a prefix of one private bucket. ``vault`` and ``published`` never share a name."""
    if not _bucket:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(DATA_DIR / name), "file_permissions_mode": 0o600},
        }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _bucket,
            "location": name,
            "endpoint_url": env.str("OBJECT_STORE_ENDPOINT", None),
            "default_acl": "private",
            "file_overwrite": False,
        },
    }


STORAGES = {
    "default": _storage("files"),
    "vault": _storage("vault"),
    "published": _storage("published"),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEVELOPMENT

# What one request or file may weigh. The reading room has its own limits on rows and cells.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
FILE_UPLOAD_PERMISSIONS = 0o600
SUBMISSION_MAX_BYTES = env.int("SUBMISSION_MAX_BYTES", 512 * 2**20)
REPORT_POLICY = env.str("REPORT_POLICY", "published-2026")

# --- People
# -------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "monitoring.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "work"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "web.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "web.accounts.LoginForm",
    "change_password": "web.accounts.ChangePasswordForm",
    "set_password": "web.accounts.SetPasswordForm",
    "reset_password": "web.accounts.ResetPasswordForm",
    "reset_password_from_key": "web.accounts.ResetPasswordKeyForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator gives the account to the address
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEVELOPMENT
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "web.errors.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEVELOPMENT
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    "django.core.mail.backends.console.EmailBackend" if DEVELOPMENT else "django.core.mail.backends.smtp.EmailBackend",
)
if env.str("EMAIL_URL", ""):
    vars().update(env.email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "equality-monitoring@localhost")

# --- Interfaces
# ---------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "api.pages.Pages",
    "DEFAULT_FILTER_BACKENDS": ["api.filters.Filters"],
    "DEFAULT_METADATA_CLASS": None,  # the OpenAPI document says more than OPTIONS could
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("API_RATE_ANYONE", "120/minute"),
        "user": env.str("API_RATE_KNOWN", "600/minute"),
    },
    "EXCEPTION_HANDLER": "api.problems.answer",
    "PAGE_SIZE": 50,
}
REST_KNOX = {"TOKEN_TTL": None, "AUTO_REFRESH": False, "AUTH_HEADER_PREFIX": "Bearer", "TOKEN_LIMIT_PER_USER": None}
SPECTACULAR_SETTINGS = {
    "TITLE": "Equality monitoring",
    "DESCRIPTION": "Send workforce data, tag diversity findings, ask for reports, and read what has been published.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.problems.describe_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "SubmissionState": "monitoring.submissions.models.State.choices",
        "ReportState": "reports.models.State.choices",
    },
}

# --- Work that takes long
# -----------------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", "equality-monitoring")
CELERY_BEAT_SCHEDULE = {"recover-jobs": {"task": "jobs.recover", "schedule": 60.0}}
# A worker that has not been heard from for so long has lost its job to the next one.
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", 60)

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.str("CACHE_URL")}
    if env.str("CACHE_URL", "")
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# --- Words and time
# -----------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
SERVICE_NAME = "Equality monitoring"

LOGGING_CONFIG = None
logs.configure(development=DEVELOPMENT, level=env.str("LOG_LEVEL", "WARNING" if DEVELOPMENT else "INFO"))
SILENCED_SYSTEM_CHECKS: list[str] = []
