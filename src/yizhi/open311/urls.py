"""GeoReport's addresses. The ending says the form; without one the header `Accept` does."""

from django.urls import path, register_converter

from yizhi.open311 import web


class Ending:
    regex = r"(?:\.xml|\.json)?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Code:
    """No dot: the ending begins with one."""

    regex = r"[^/.]{1,100}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Ending, "ending")
register_converter(Code, "code311")

urlpatterns = [
    path("open311/discovery<ending:form>", web.discovery, name="open311_discovery"),
    path("open311/v2/discovery<ending:form>", web.discovery),
    path("open311/v2/services<ending:form>", web.service_list),
    path("open311/v2/services/<code311:code><ending:form>", web.definition),
    path("open311/v2/requests<ending:form>", web.requests),
    path("open311/v2/requests/<code311:code><ending:form>", web.one),
    path("open311/v2/tokens/<code311:code><ending:form>", web.token),
    path("open311/v2/servicerequestupdates<ending:form>", web.updates),
]
