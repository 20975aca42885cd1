"""Platforms outside that this installation works with: the official account, the provider of sign-in, groups."""

from collections.abc import Iterator

from django.conf import settings

from yizhi.groups import queries as groups
from yizhi.oidc.provider import Provider
from yizhi.oidc.rules import BadToken
from yizhi.site.doctor.said import Said, Visit, bad, good, warn
from yizhi.wechat import platform, rules


def account(visit: Visit) -> Iterator[Said]:
    """Whether the platform knows the official account by the keys of the settings."""
    if not settings.WECHAT_APPID:
        yield good("there is none; to have it, set YIZHI_WECHAT_… (docs/operations.md)")
        return
    try:
        rules.template(settings.WECHAT_TEMPLATE)
    except ValueError:
        yield bad("YIZHI_WECHAT_TEMPLATE must look like ID number=character_string1 state=phrase2")
    if visit.fast:
        yield good(f"{settings.WECHAT_APPID}; not asked")
        return
    try:
        platform.check("account", at=visit.at)
    except (platform.Refused, platform.Unreachable) as error:
        # 40164: this machine's address is missing in the platform's list of those that may call.
        yield bad(f"the platform gives no token: {error}")
    else:
        yield good(f"the platform knows {settings.WECHAT_APPID}")


def application(visit: Visit) -> Iterator[Said]:
    """Whether WeCom knows the application by the keys of the settings."""
    if not settings.WECOM_CORP:
        yield good("there is none; to have it, set YIZHI_WECOM_… (docs/operations.md)")
        return
    takes = "people may write to it" if platform.is_open("work") else "it only speaks to departments"
    if visit.fast:
        yield good(f"{settings.WECOM_CORP}, {takes}; not asked")
        return
    try:
        platform.check("work", at=visit.at)
    except (platform.Refused, platform.Unreachable) as error:
        # 60020: this machine's address is missing among those that may call (企业可信IP).
        yield bad(f"WeCom gives no token: {error}")
    else:
        yield good(f"WeCom knows {settings.WECOM_CORP}; {takes}")


def provider(visit: Visit) -> Iterator[Said]:
    """Whether the provider at which staff sign in can be found, with keys that can be read."""
    if not settings.OIDC_ISSUER:
        yield good("staff sign in here alone; to sign in elsewhere, set YIZHI_OIDC_… (docs/operations.md)")
    elif visit.fast:
        yield good(f"{settings.OIDC_ISSUER}; not asked")
    else:
        try:
            Provider(settings.OIDC_ISSUER, settings.OIDC_CLIENT, settings.OIDC_SECRET).look(visit.at)
        except BadToken as error:
            yield bad(f"{settings.OIDC_ISSUER} does not answer as it should: {error}")
        else:
            yield good(f"{settings.OIDC_ISSUER} answers")


def robots(visit: Visit) -> Iterator[Said]:
    """Groups whose robot was refused."""
    told = sum(map(len, groups.by_unit().values()))
    troubles = groups.troubles()
    for name, trouble in troubles:
        yield warn(f"the group “{name}” could not be told: {trouble}")
    if not troubles:
        yield good(f"{told} groups are told" if told else "no group is told")
