"""Settings of the site, read from the environment (docs/operating.md lists them)."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from ligan_site.broker import broker_options, broker_url
from ligan_site.data_folder import mounted_secret_key, own_secret_key, prepare_data_folder
from ligan_site.sources import gallery_folder, runtime, sources

django_stubs_ext.monkeypatch()  # generic classes such as ModelAdmin[User] at run time
env = environ.Env()

BASE_DIR: Final = Path(__file__).resolve().parent.parent
LIGAN_DATA: Final = prepare_data_folder(
    Path(env.str("LIGAN_DATA", default=str(BASE_DIR / "data"))).absolute()
)

# Safety -----------------------------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY", default="") or (
    mounted_secret_key(Path(env.str("SECRET_KEY_FILE")))
    if env.str("SECRET_KEY_FILE", default="")
    else own_secret_key(LIGAN_DATA / "secret_key")
)
# Keys that were used before: sessions and audit events sealed with them stay valid.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts: '*' opens the websocket to every site.")

LIGAN_HTTPS: Final = env.bool("LIGAN_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LIGAN_HTTPS
SECURE_SSL_REDIRECT = LIGAN_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if LIGAN_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = LIGAN_HTTPS
# Addresses of the reverse proxies whose X-Forwarded-For and X-Forwarded-Proto the server believes.
LIGAN_TRUSTED_PROXIES: Final[list[str]] = env.list("LIGAN_TRUSTED_PROXIES", default=[])
SESSION_COOKIE_AGE = env.int("LIGAN_SESSION_SECONDS", default=12 * 3600)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],  # of the same origin, the websocket included (CSP 3)
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# What runs --------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "accounts",
    "accounts.audit",
    "lineups",
    "gpu_worker",
    "ligan_site",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.audit.middleware.RequestContextMiddleware",
    "accounts.middleware.PasswordChangeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "ligan_site.urls"
ASGI_APPLICATION = "ligan_site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lineups.marks.casework",
            ]
        },
    }
]

# People -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "sign-in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# Both together: by name alone a stranger could lock an officer out, by address alone a whole station.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "accounts.audit.context.client_ip"
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_ALLOWED_CORS_ORIGINS = "null"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True  # the audit trail is the log
AXES_VERBOSE = False

# Data -------------------------------------------------------------------------------------------------------
SQLITE_OPTIONS: Final[dict[str, Any]] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA recursive_triggers=ON;",
}
DATABASES: dict[str, Any] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{LIGAN_DATA / 'db.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {**DATABASES["default"].get("OPTIONS", {}), **SQLITE_OPTIONS}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(LIGAN_DATA / "media")))
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "build" / "static")))
STORAGES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": MEDIA_ROOT,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Jobs and messages ------------------------------------------------------------------------------------------
REDIS_URL: Final[str] = env.str("REDIS_URL", default=f"unix://{LIGAN_DATA / 'valkey' / 'valkey.sock'}")
CHANNEL_LAYERS: dict[str, Any] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "ligan"},
    }
}
CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(hard_time_limit=1200)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_TASK_SOFT_TIME_LIMIT = 900
CELERY_TASK_TIME_LIMIT = 1200  # hard, in seconds: over the ten minutes that the longest refinement may take
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 120
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# LiGAN ------------------------------------------------------------------------------------------------------
LIGAN_BUNDLE: Final = Path(env.str("LIGAN_BUNDLE", default=str(BASE_DIR / "gpu_worker" / "bundles" / "demo")))
LIGAN_GALLERY: Final[Path | None] = gallery_folder(
    env.str("LIGAN_GALLERY", default=""), shipped=BASE_DIR / "gpu_worker" / "galleries" / "people"
)
# Which sources of faces workers offer, the default first.
LIGAN_SOURCES: Final[list[str]] = sources(env.list("LIGAN_SOURCES", default=[]), gallery=LIGAN_GALLERY)
# What runs the bundle's networks: OpenVINO on a processor, TensorFlow on a GPU, unless one is named.
LIGAN_RUNTIME: Final = runtime(env.str("LIGAN_RUNTIME", default="auto"))
LIGAN_LEASE_SECONDS: Final = env.int("LIGAN_LEASE_SECONDS", default=20)
LIGAN_HEARTBEAT_SECONDS: Final = env.int("LIGAN_HEARTBEAT_SECONDS", default=5)
LIGAN_PAGE_SIZE: Final = env.int("LIGAN_PAGE_SIZE", default=12)
LIGAN_REFINE_LEAST_SECONDS: Final = env.int("LIGAN_REFINE_LEAST_SECONDS", default=60)
LIGAN_UPLOAD_MAX_BYTES: Final = env.int("LIGAN_UPLOAD_MAX_BYTES", default=10 * 1024 * 1024)
LIGAN_PHOTO_MAX_PIXELS: Final = env.int("LIGAN_PHOTO_MAX_PIXELS", default=25_000_000)

# Interface --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "LiGAN",
    "DESCRIPTION": "Drafts police photo lineups with synthetic faces. The site itself uses only this API.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "LineupStateEnum": "lineups.states.LineupState",
        "JobStateEnum": "lineups.states.State",
        "JobKindEnum": "lineups.states.Kind",
        "PageKindEnum": "lineups.models.PageKind",
        "FaceKindEnum": "lineups.models.FaceKind",
        "MemberRoleEnum": "lineups.models.MemberRole",
        "SourceEnum": "lineups.sources.Source",
        "RoleEnum": "accounts.models.Role",
    },
}
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"axes": {"level": "ERROR"}},  # failed sign-ins and lock-outs are in the audit trail
    "root": {"handlers": ["console"], "level": env.str("LIGAN_LOG_LEVEL", default="WARNING")},
}
