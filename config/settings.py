"""Settings of the site: every difference between deployments is an environment variable (docs/running.md)."""

from pathlib import Path

from csp.constants import NONE, SELF

from config import environment

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = environment.folder("DATA_DIR", BASE_DIR / "var")

DEBUG = environment.flag("DEBUG")
SECURE = environment.flag("SECURE")
PORT = environment.number("PORT", 8000, least=1, most=65535)
SECRET_KEY = environment.secret_key(DATA_DIR)
ALLOWED_HOSTS = environment.names("ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]")
CSRF_TRUSTED_ORIGINS = environment.origins("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "records",
    "people",
    "themes",
    "minutes",
    "accounts",
    "taggit",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.headers.permissions_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": environment.database(DATA_DIR / "rapporteur.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

TAGGIT_CASE_INSENSITIVE = True

# Minutes. One file may have this many bytes; the browser takes less at once (minutes/forms.py), pasted or uploaded.
MINUTES_SIZE_LIMIT = environment.number("MINUTES_SIZE_LIMIT", 20, least=1, most=1000) * 1024 * 1024
# What one file may hold once it is opened (minutes/reading/limits.py): bytes of text, files of an archive, elements of
# a Word file, marks of a web page, lines.
MINUTES_UNPACKED_LIMIT = environment.number("MINUTES_UNPACKED_LIMIT", 16, least=1, most=1000) * 1024 * 1024
MINUTES_ENTRY_LIMIT = environment.number("MINUTES_ENTRY_LIMIT", 10_000, least=1, most=1_000_000)
MINUTES_ELEMENT_LIMIT = environment.number("MINUTES_ELEMENT_LIMIT", 80_000, least=100, most=10_000_000)
MINUTES_MARK_LIMIT = environment.number("MINUTES_MARK_LIMIT", 100_000, least=100, most=10_000_000)
MINUTES_LINE_LIMIT = environment.number("MINUTES_LINE_LIMIT", 80_000, least=100, most=10_000_000)
# More lines without a place than this share of all are a warning that names them.
MINUTES_UNPLACED_SHARE = environment.number("MINUTES_UNPLACED_PERCENT", 2, least=0, most=100) / 100
MINUTES_BROWSER_FILES = environment.number("MINUTES_BROWSER_FILES", 20, least=1, most=100)
MINUTES_BROWSER_LIMIT = environment.number("MINUTES_BROWSER_LIMIT", 5, least=1, most=100) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = MINUTES_BROWSER_LIMIT + 1024 * 1024

# Security. Scripts, styles and pictures come from this site alone, and nothing stands inline in a page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
# A workshop's form has a row for each participant, of five fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = environment.number("HSTS_SECONDS", 31_536_000, least=0, most=10**9) if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE and environment.flag("HSTS_SUBDOMAINS")
SECURE_HSTS_PRELOAD = SECURE and environment.flag("HSTS_PRELOAD")
# Only behind a proxy that sets this header itself: otherwise any visitor could claim to come by HTTPS.
if environment.flag("TRUST_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Mail. Without a sender and the address that links in letters begin with, none is sent (minutes/mailing.py).
DEFAULT_FROM_EMAIL = environment.sender("DEFAULT_FROM_EMAIL")
SITE_ADDRESS = environment.address("SITE_ADDRESS")
EMAIL_HOST = environment.text("EMAIL_HOST", "localhost")
EMAIL_PORT = environment.number("EMAIL_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS")
EMAIL_USE_SSL = environment.flag("EMAIL_USE_SSL")
EMAIL_TIMEOUT = 30
REMINDER_DAYS = environment.number("REMINDER_DAYS", 7, least=0, most=365)

LOG_LEVEL = environment.choice("LOG_LEVEL", "INFO", ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # Django would mail errors to ADMINS and print to the console only with DEBUG; one place is enough.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # It warns of every HEAD request, whose body Django leaves to the server to drop.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
