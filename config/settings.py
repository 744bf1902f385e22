"""Settings of the site: every difference between deployments is an environment variable (docs/running.md)."""

from datetime import timedelta
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
    "axes",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.headers.more_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
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

LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
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

PASSWORD_RESET_TIMEOUT = 24 * 60 * 60

# Guessing of passwords: who gets one wrong so often waits, at that address and for that account only.
AXES_FAILURE_LIMIT = environment.number("SIGN_IN_TRIES", 5, least=1, most=1000)
AXES_COOLOFF_TIME = timedelta(minutes=environment.number("SIGN_IN_PAUSE", 15, least=1, most=10_000))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "accounts.guessing.locked"
AXES_CLIENT_IP_CALLABLE = "accounts.guessing.address_of"
AXES_RESET_ON_SUCCESS = True
# The page says when to try again; trying sooner must not move that moment.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # who signed in, and from where, is nobody's business
AXES_ENABLE_ADMIN = False  # the list of accounts lifts a pause
AXES_VERBOSE = False

# Single sign-on by OpenID Connect, where a provider is named: django-allauth speaks it, and does nothing else here.
OIDC = environment.single_sign_on()
if OIDC:
    INSTALLED_APPS += ["allauth", "allauth.account", "allauth.socialaccount"]
    INSTALLED_APPS += ["allauth.socialaccount.providers.openid_connect"]
    MIDDLEWARE += ["allauth.account.middleware.AccountMiddleware"]
    SOCIALACCOUNT_ADAPTER, ACCOUNT_ADAPTER = "accounts.oidc.Adapter", "accounts.oidc.AccountAdapter"
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": OIDC.key,
                    "name": OIDC.name,
                    "client_id": OIDC.client_id,
                    "secret": OIDC.secret,
                    "settings": {"server_url": OIDC.server},
                }
            ],
        }
    }
    # A form that leads to another site would need that site, and all it sends people on to, in the page's policy.
    SOCIALACCOUNT_LOGIN_ON_GET = True
    SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an account is found by its subject, never by an address
    SOCIALACCOUNT_STORE_TOKENS = False
    SOCIALACCOUNT_EMAIL_VERIFICATION = ACCOUNT_EMAIL_VERIFICATION = "none"
    SOCIALACCOUNT_QUERY_EMAIL = SOCIALACCOUNT_EMAIL_REQUIRED = False
    ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]

USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGES = environment.languages(LOCALE_PATHS[0])
LANGUAGE_CODE = environment.language("SITE_LANGUAGE", LANGUAGES)
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
# Only behind a proxy that sets these headers: otherwise any visitor could claim to come by HTTPS, or from anywhere.
TRUST_PROXY = environment.flag("TRUST_PROXY")
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Mail is sent only where a sender is named; letters with links need the address that these begin with as well.
MAIL_FROM = DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.sender("MAIL_FROM")
SITE_ADDRESS = environment.address("SITE_ADDRESS")
EMAIL_HOST = environment.text("MAIL_HOST", "localhost")
EMAIL_PORT = environment.number("MAIL_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = environment.text("MAIL_USER")
EMAIL_HOST_PASSWORD = environment.text("MAIL_PASSWORD")
MAIL_SECURITY = environment.choice("MAIL_SECURITY", "NONE", ("NONE", "STARTTLS", "TLS"))
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_SECURITY == "STARTTLS", MAIL_SECURITY == "TLS"
EMAIL_TIMEOUT = 20

INVITATION_DAYS = environment.number("INVITATION_DAYS", 14, least=1, most=365)
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
        "axes": {"level": "WARNING"},
    },
}
