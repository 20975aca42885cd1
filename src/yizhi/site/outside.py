"""What an installation says of the platforms outside that it works with: whole, or nothing at all."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

WECHAT = ("YIZHI_WECHAT_APPID", "YIZHI_WECHAT_SECRET", "YIZHI_WECHAT_TOKEN", "YIZHI_WECHAT_AES_KEY")
WECOM = ("YIZHI_WECOM_CORP", "YIZHI_WECOM_AGENT", "YIZHI_WECOM_SECRET")
#: On top, when people may write to that application.
WECOM_DOOR = ("YIZHI_WECOM_TOKEN", "YIZHI_WECOM_AES_KEY")
OIDC = ("YIZHI_OIDC_ISSUER", "YIZHI_OIDC_CLIENT", "YIZHI_OIDC_SECRET")
_AES_KEY = re.compile(r"[A-Za-z0-9]{43}")


def checked(env: Mapping[str, str]) -> None:
    """Raises `ImproperlyConfigured` for what is half there or cannot be right."""
    _whole(env, WECHAT)
    _whole(env, OIDC[:2])
    _whole(env, WECOM)
    _whole(env, WECOM_DOOR)
    if env.get(WECOM_DOOR[0]):
        _whole(env, (WECOM_DOOR[0], *WECOM))
    if not env.get("YIZHI_WECOM_AGENT", "0").isdecimal():
        raise ImproperlyConfigured("YIZHI_WECOM_AGENT must be the number of the application (AgentId)")
    if (issuer := env.get(OIDC[0], "")) and not host(issuer):
        raise ImproperlyConfigured("YIZHI_OIDC_ISSUER must be the provider's address: https://…")
    for name in (WECHAT[-1], WECOM_DOOR[-1]):
        if env.get(name) and not _AES_KEY.fullmatch(env[name]):
            raise ImproperlyConfigured(f"{name} must be the 43 letters and digits of the platform's page")


def _whole(env: Mapping[str, str], names: tuple[str, ...]) -> None:
    missing = [name for name in names if not env.get(name)]
    if missing and len(missing) < len(names):
        raise ImproperlyConfigured(f"{', '.join(missing)}: missing, while {names[0]} or another of them is set")


def host(address: str) -> str:
    """ "" for what is no address."""
    parts = urlsplit(address)
    return parts.hostname or "" if parts.scheme in ("http", "https") else ""
