"""Django settings. Everything that differs between two installations comes from environment variables, and from the
file that `yizhi setup` keeps (`stored.py`): YIZHI_DATA/settings.env. The environment comes first.

YIZHI_DATA            folder of this installation's data (default `.yizhi` in the working folder)
YIZHI_HOST, _PORT     where the web server listens (127.0.0.1, 8000)
YIZHI_PUBLIC_URL      the address on stickers and in links (http://127.0.0.1:8000)
YIZHI_HOSTS           host names served, by comma (default: those of this machine only)
YIZHI_DATABASE_URL    a PostgreSQL server of your own, as the app role; empty: the embedded one
YIZHI_DATABASE_OWNER_URL   the same as the role that owns the tables (default: YIZHI_DATABASE_URL)
YIZHI_SECRET_KEY      signs sessions (default: made once, kept in YIZHI_DATA)
YIZHI_HTTPS           1 when a proxy in front speaks HTTPS: secure cookies, HSTS
YIZHI_CERTIFICATE, _KEY   a certificate and its key (PEM): the web server itself speaks HTTPS
YIZHI_PROFILE         the city: a profile that comes with Yizhi, one in YIZHI_DATA, or a folder (default: bagongshan)
YIZHI_SETUP           1: begin without any city; `yizhi serve` prints an address where the questions are asked
YIZHI_ADMIN_CODE      1: administrators need a code generator, 0: they do not (default: 1, but not in the sample city)
YIZHI_REPORTS_A_MINUTE, YIZHI_REPORTS_BURST   what one address may report through one code (60, 30; 0: no limit)
YIZHI_MANIFESTS_COPY  folder on another machine or disk that gets a copy of every signed manifest
YIZHI_SMTP_URL        the mail server: smtp://user:password@host:587?tls=starttls (empty: no mail)
YIZHI_MAIL_FROM       the address that mails come from
YIZHI_OUTGOING_NETWORKS   networks that webhooks and robots may call although not public (10.20.0.0/16,10.31.0.7)
YIZHI_WECHAT_APPID, _SECRET, _TOKEN, _AES_KEY   the official account, as on the platform's page (empty: none)
YIZHI_WECHAT_TEMPLATE the template of its messages and its fields: ID number=character_string1 state=phrase2 …
YIZHI_WECHAT_API      another address of the platform's interface, for a gateway of your own
YIZHI_WECOM_CORP, _AGENT, _SECRET   an application of WeCom that speaks to departments (empty: none)
YIZHI_WECOM_TOKEN, _AES_KEY   with them people may also write to it, as to the official account
YIZHI_WECOM_URL, YIZHI_DINGTALK_URL, YIZHI_FEISHU_URL   where robots in groups are called, for gateways of your own
YIZHI_OIDC_ISSUER, _CLIENT, _SECRET   where staff may sign in as well: an OpenID Connect provider (empty: nowhere)
YIZHI_OIDC_NAME       what that is called on the page of sign-in (default: its host)
YIZHI_OIDC_STAFF_CLAIM   in which claim the provider vouches for a staff number (empty: it does not)
YIZHI_DEBUG           1 for developers only
"""

import sys
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from yizhi.groups import rules as robots
from yizhi.site import database, logs, outside, secrets, senders, smtp, stored

BASE_DIR = Path(__file__).resolve().parents[3]
SOURCE_DIR = Path(__file__).resolve().parents[1]
DATA_DIR = database.data_folder()
ENV = stored.environment(DATA_DIR)

DEBUG = ENV.get("YIZHI_DEBUG", "") == "1"
YIZHI_PROFILE = ENV.get("YIZHI_PROFILE") or "bagongshan"
#: Nobody has said yet which city this is: the product's own rules, no registers, and the questions at /setup/.
SETTING_UP = ENV.get("YIZHI_SETUP", "") == "1" and not ENV.get("YIZHI_PROFILE")
ADMIN_CODE = ENV.get("YIZHI_ADMIN_CODE", "0" if YIZHI_PROFILE == "bagongshan" else "1") == "1"
CERTIFICATE, CERTIFICATE_KEY = (
    Path(path) if (path := ENV.get(name)) else None for name in ("YIZHI_CERTIFICATE", "YIZHI_CERTIFICATE_KEY")
)
HTTPS = ENV.get("YIZHI_HTTPS", "") == "1" or CERTIFICATE is not None
HOST = ENV.get("YIZHI_HOST", "127.0.0.1")
PORT = int(ENV.get("YIZHI_PORT", "8000"))
YIZHI_PUBLIC_URL = ENV.get("YIZHI_PUBLIC_URL", f"http://{HOST}:{PORT}")
SECRET_KEY = ENV.get("YIZHI_SECRET_KEY") or secrets.kept(DATA_DIR / "secret-key")
SEALING_KEY = secrets.kept(DATA_DIR / "keys" / "sealing-key")
SIGNING_KEY = secrets.kept(DATA_DIR / "keys" / "signing-key")
MANIFESTS_COPY = ENV.get("YIZHI_MANIFESTS_COPY", "")
_hosts = [name.strip() for name in ENV.get("YIZHI_HOSTS", "").split(",") if name.strip()]
ALLOWED_HOSTS = ["*"] if SETTING_UP else [*_hosts, "localhost", "127.0.0.1", "[::1]", HOST]
CSRF_TRUSTED_ORIGINS = [f"https://{name.lstrip('.')}" for name in _hosts] if HTTPS else []

INSTALLED_APPS = [
    "yizhi.places",
    "yizhi.people",
    "yizhi.notices",
    "yizhi.cases",
    "yizhi.matters",
    "yizhi.wishes",
    "yizhi.open311",
    "yizhi.opendata",
    "yizhi.connect",
    "yizhi.wechat",
    "yizhi.hotline",
    "yizhi.imports",
    "yizhi.oidc",
    "yizhi.groups",
    "yizhi.enterprise",
    "yizhi.couriers",
    "yizhi.suggestions",
    "yizhi.patrols",
    "yizhi.registry",
    "yizhi.services",
    "yizhi.insight",
    "yizhi.seats",
    "yizhi.doors",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "ninja",  # its files for the page of the API's document: without it they come from a foreign network
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "yizhi.site.middleware.ContentSecurityPolicy",
    "yizhi.site.middleware.ApiAside",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yizhi.site.middleware.Compressed",
    "yizhi.site.middleware.ChosenLanguage",
    "yizhi.doors.bigtype.ChosenType",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yizhi.doors.middleware.ActorMiddleware",
    "yizhi.site.middleware.AdministratorsCode",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "yizhi.site.urls"
WSGI_APPLICATION = "yizhi.site.wsgi.application"
APPEND_SLASH = True

_context = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,  # each app's `jinja2/` folder
        "DIRS": [SOURCE_DIR / "site" / "jinja2"],
        "OPTIONS": {
            "environment": "yizhi.doors.templating.environment",
            "context_processors": [*_context, "yizhi.seats.bell.bell"],
            "autoescape": True,
            "auto_reload": DEBUG,
        },
    },
    {  # /admin/ only
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [SOURCE_DIR / "site" / "templates"],  # what of the theme a keyboard or a screen reader stumbles over
        "OPTIONS": {"context_processors": _context},
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database.settings("app")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [SOURCE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [path for path in [BASE_DIR / "frontend" / "dist"] if path.is_dir()]
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
MEDIA_ROOT = DATA_DIR / "files"

globals().update(smtp.settings(ENV.get("YIZHI_SMTP_URL", ""), ENV.get("YIZHI_MAIL_FROM", "")))
#: Who carries messages beside that mail server: YIZHI_DATA/senders.toml.
SENDERS = senders.read(DATA_DIR)

_networks = ENV.get("YIZHI_OUTGOING_NETWORKS", "").split(",")
OUTGOING_NETWORKS = tuple(ip_network(one.strip()) for one in _networks if one.strip())

outside.checked(ENV)
WECHAT_APPID, WECHAT_SECRET, WECHAT_TOKEN, WECHAT_AES_KEY = (ENV.get(name, "") for name in outside.WECHAT)
WECHAT_TEMPLATE = ENV.get("YIZHI_WECHAT_TEMPLATE", "")
WECHAT_API_USUAL = "https://api.weixin.qq.com"
WECHAT_API = ENV.get("YIZHI_WECHAT_API", "").rstrip("/") or WECHAT_API_USUAL
WECOM_CORP, WECOM_AGENT, WECOM_SECRET = (ENV.get(name, "") for name in outside.WECOM)
WECOM_TOKEN, WECOM_AES_KEY = (ENV.get(name, "") for name in outside.WECOM_DOOR)
WECOM_USUAL = robots.USUAL["wecom"]
ROBOTS = {name: ENV.get(f"YIZHI_{name.upper()}_URL", "").rstrip("/") or usual for name, usual in robots.USUAL.items()}
OIDC_ISSUER, OIDC_CLIENT, OIDC_SECRET = (ENV.get(name, "") for name in outside.OIDC)
OIDC_NAME = ENV.get("YIZHI_OIDC_NAME", "") or outside.host(OIDC_ISSUER)
OIDC_STAFF_CLAIM = ENV.get("YIZHI_OIDC_STAFF_CLAIM", "")

#: Seconds between two notes of how long forms take (`doors.effort`).
EFFORT_EVERY = 60
REPORTS_A_MINUTE = int(ENV.get("YIZHI_REPORTS_A_MINUTE", "60"))
REPORTS_BURST = int(ENV.get("YIZHI_REPORTS_BURST", "30"))

SESSION_ENGINE = "yizhi.doors.sessions"
SESSION_COOKIE_NAME = "yizhi_session"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "yizhi_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "yizhi.doors.pages.stale"
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_NAME = "yizhi_language"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

# spool.py has limited the body long before Django reads it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

UNFOLD = {
    "SITE_TITLE": "益治 Yizhi",
    "SITE_HEADER": "益治 Yizhi",
    "SHOW_VIEW_ON_SITE": False,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "/static/icon.svg"}],
    "STYLES": ["/static/office.css"],
    "SCRIPTS": ["/static/office.js"],
    "SIDEBAR": {"navigation": "yizhi.site.office.menu.sidebar"},
    "ACCOUNT": {
        "navigation": [
            {"title": _("Password"), "link": "/in/password"},
            {"title": _("Code generator"), "link": "/in/second"},
        ]
    },
    "COLORS": {
        "primary": {
            "50": "#eff5fc",
            "100": "#dbe8f7",
            "200": "#bcd4f0",
            "300": "#8db9ee",
            "400": "#5a97dc",
            "500": "#2f74c4",
            "600": "#1a5ba6",
            "700": "#164a87",
            "800": "#153f70",
            "900": "#14355d",
            "950": "#0e223d",
        }
    },  # fmt: skip
}
SILENCED_SYSTEM_CHECKS = [] if HTTPS else ["security.W004", "security.W008", "security.W012", "security.W016"]

LOGGING_CONFIG = None
logs.configure(pretty=sys.stderr.isatty(), whole=DEBUG and sys.stderr.isatty())
