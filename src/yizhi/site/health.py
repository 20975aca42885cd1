"""/healthz: this process answers. /readyz: it can serve. /metrics: figures without personal data."""

from functools import cache

from django.db import DatabaseError, ProgrammingError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from yizhi.site import figures


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database: a restart would not mend that."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """503 with the reason while the database is away or not migrated."""
    try:
        missing = missing_migrations()
    except DatabaseError:
        return JsonResponse({"ready": False, "reason": "database"}, status=503)
    if missing:
        return JsonResponse({"ready": False, "reason": "migrations", "missing": len(missing)}, status=503)
    return JsonResponse({"ready": True})


def missing_migrations() -> frozenset[tuple[str, str]]:
    """What this version would still change about the tables: (app, name). Raises `DatabaseError`."""
    try:
        return _known_migrations() - _applied_migrations()
    except ProgrammingError:  # not even the table of migrations
        return _known_migrations()


def _applied_migrations() -> frozenset[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return frozenset((app, name) for app, name in cursor)


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    """(app, name) of each migration on disk: the same for as long as this process lives."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


@require_safe
@never_cache
def metrics(_request: HttpRequest) -> HttpResponse:
    """Of all processes of this installation, when they were started by `yizhi`."""
    registry: CollectorRegistry = REGISTRY
    if figures.shared():
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library has half its types
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
