"""The API, joined from the folders' calls. Its document is at /api/v1/openapi.json, a page of it at /api/v1/docs."""

from yizhi.cases.api import router as cases
from yizhi.connect.api import router as departments
from yizhi.doors.api import Api
from yizhi.doors.api_auth import bearer
from yizhi.matters.api import router as reports
from yizhi.people.api import router as me
from yizhi.places.api import router as areas

api = Api(
    title="Yizhi 益治",
    version="1",
    description=(
        "Report a trouble, follow it, move it on. A token is made with `yizhi token create`; send it as "
        "`Authorization: Bearer …`. Refusals are problem documents (RFC 9457) in the language of `Accept-Language`."
    ),
    urls_namespace="api",
)
api.add_router("", reports)
api.add_router("", cases)
api.add_router("", departments)
api.add_router("", areas)
api.add_router("", me, auth=bearer)
