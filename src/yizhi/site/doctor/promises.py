"""What the database itself has to promise: who may do what, what nobody may do."""

from collections.abc import Iterator

from yizhi import sql
from yizhi.site import health
from yizhi.site.doctor.said import Said, Visit, bad, good
from yizhi.site.dump import APPEND_ONLY

_OLDEST = 150000
_SERVER = """
SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('fsync'),
    current_setting('synchronous_commit'), current_setting('server_encoding')
"""


def server(visit: Visit) -> Iterator[Said]:
    ((number, version, fsync, commit, encoding),) = sql.rows(_SERVER)
    if number < _OLDEST:
        yield bad(f"PostgreSQL {version} is too old; 15 or newer is needed")
    if encoding != "UTF8":
        yield bad(f"the database is in {encoding}, not in UTF8")
    if fsync == "off" or commit == "off":
        yield bad("the server does not wait for the disk (fsync, synchronous_commit): a power cut loses cases")
    yield good(f"PostgreSQL {version}")


def migrated(visit: Visit) -> Iterator[Said]:
    missing = health.missing_migrations()
    if missing:
        yield bad(f"{len(missing)} changes of the tables are missing: run `yizhi upgrade`")
    else:
        yield good("up to date")


_ROLE = """
SELECT current_user, rolsuper, rolcreaterole, rolbypassrls,
    (SELECT count(*) FROM pg_class WHERE relowner = r.oid AND relkind = 'r' AND relnamespace = 'public'::regnamespace)
FROM pg_roles AS r WHERE rolname = current_user
"""
_OWNERS = """
SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relowner <> current_user::regrole
  AND pg_has_role(current_user, relowner, 'MEMBER')
"""
_UNREADABLE = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
  AND NOT has_table_privilege(oid, 'SELECT') ORDER BY 1
"""


def rights(visit: Visit) -> Iterator[Said]:
    """The app reads and writes what it was granted, and owns nothing: what it may not do, a hole in it may not do."""
    ((role, superuser, creates, bypasses, owned),) = sql.rows(_ROLE)
    if superuser or creates or bypasses:
        yield bad(f"the app's role {role} has powers over the whole server")
    if owned:
        yield bad(f"the app's role {role} owns {owned} tables; give it a role of its own (docs/operations.md)")
    for (owner,) in sql.rows(_OWNERS):
        yield bad(f"the app's role {role} can become {owner}, who owns tables")
    unreadable = [name for (name,) in sql.rows(_UNREADABLE)]
    if unreadable:
        yield bad(f"the app's role {role} cannot read {', '.join(unreadable)}")
    yield good(f"the app is {role}")


_TRIGGERS = """
SELECT c.relname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
WHERE t.tgname = 'append_only' AND t.tgenabled IN ('O', 'A')
"""
_CHANGEABLE = """
SELECT name FROM unnest(%(tables)s::text[]) AS name
WHERE has_table_privilege(name, 'UPDATE') OR has_table_privilege(name, 'DELETE')
   OR has_table_privilege(name, 'TRUNCATE')
"""
#: Guarded by a trigger as well, against everybody.
_GUARDED = ("cases_event", "cases_look")


def append_only(visit: Visit) -> Iterator[Said]:
    guarded = {name for (name,) in sql.rows(_TRIGGERS)}
    for name in _GUARDED:
        if name not in guarded:
            yield bad(f"the guard of {name} is gone or switched off: whoever did that may have changed the log")
    for (name,) in sql.rows(_CHANGEABLE, tables=list(APPEND_ONLY)):
        yield bad(f"the app may change or delete rows of {name}")
    if set(_GUARDED) <= guarded:
        yield good("the log and the looks only grow")
