"""The database as a file and back, with PostgreSQL's own programs: all of it at one moment, in one transaction.

What is loaded is compared with what was dumped inside that transaction: a row too few, or one that differs, and nothing
has happened.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from yizhi.site import database, postgres
from yizhi.site.archive import Contents, Erased, Keys, Table

#: The sealed keys of the cases and of the base records are not in the backup but in the file of keys.
KEYS_TABLE, RECORD_KEYS_TABLE = "cases_key", "registry_recordkey"
#: Nor are the telephones of reporters who asked for short messages, and their links: whose data were erased must not
#: come back with an old backup. Their code still opens the matter.
_LEFT_OUT = (KEYS_TABLE, RECORD_KEYS_TABLE, "notices_asker", "notices_link")
#: Tables that only grow: the app role may add rows and read them.
APPEND_ONLY = ("cases_event", "cases_look", "people_trail", "registry_change", "registry_recordlook")
_PRIVILEGES = {"r": "SELECT, INSERT, UPDATE, DELETE", "S": "SELECT, USAGE"}
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
#: How values look as text: the same on both sides.
_FORMATS = """
SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 1;
SET bytea_output = 'hex';
"""
_SUM = """
SELECT count(*) || ':' || coalesce(
    sum(('x' || encode(substr(sha256(convert_to(t::text, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint::numeric), 0)
FROM public.{} AS t
"""
_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
_LAST = """
SELECT coalesce(max(last_value)::text, '-') FROM pg_sequences WHERE schemaname = 'public' AND sequencename = '{}'
"""
_HEADS = "SELECT encode(sha256(coalesce(string_agg(head, ''::bytea ORDER BY id), '')), 'hex') FROM public.cases_case"
_RIGHTS = """
SELECT rel.relname, array_agg(DISTINCT acl.privilege_type::text) FROM pg_class AS rel
CROSS JOIN LATERAL aclexplode(rel.relacl) AS acl JOIN pg_roles AS role ON role.oid = acl.grantee
WHERE rel.relnamespace = 'public'::regnamespace AND role.rolname = %s AND rel.relowner <> role.oid GROUP BY 1
"""
_ERASED = """
SELECT case_id, bool_or(jsonb_array_length(facts -> 'words') > 0) FROM cases_event WHERE move = 'erase' GROUP BY 1
"""


class LoadFailed(Exception):
    """The database is as empty as before; the message is PostgreSQL's."""


@dataclass(frozen=True)
class Snapshot:
    """The database as it was at one moment, while its block lasts."""

    link: psycopg.Connection[tuple[Any, ...]]
    name: str

    def tables(self) -> dict[str, Table]:
        names = [name for (name,) in self.link.execute(_TABLES) if name not in _LEFT_OUT]
        return {name: self._table(name) for name in names}

    def _table(self, name: str) -> Table:
        found = self.link.execute(sql.SQL(_SUM).format(sql.Identifier(name))).fetchone()
        rows, _, digest = str(found[0] if found else "").partition(":")
        return Table(int(rows), digest)

    def sequences(self) -> dict[str, int | None]:
        return dict(self._pairs(_SEQUENCES))

    def rights(self, role: str) -> dict[str, list[str]]:
        return dict(self._pairs(_RIGHTS, role))

    def heads(self) -> str:
        found = self.link.execute(_HEADS).fetchone()
        return str(found[0]) if found else ""

    def migrations(self) -> list[str]:
        return sorted(f"{app}.{name}" for app, name in self._pairs("SELECT app, name FROM django_migrations"))

    def photos(self) -> set[str]:
        return {name for (name,) in self.link.execute("SELECT DISTINCT sha256 FROM cases_attachment")}

    def keys(self) -> dict[int, bytes]:
        return dict(self._pairs("SELECT case_id, sealed FROM cases_key"))

    def record_keys(self) -> dict[int, bytes]:
        return dict(self._pairs("SELECT record_id, sealed FROM registry_recordkey"))

    def erased(self) -> list[Erased]:
        return [Erased(case, words) for case, words in self._pairs(_ERASED)]

    def _pairs(self, statement: str, *values: object) -> Iterator[tuple[Any, Any]]:
        yield from self.link.execute(statement, values or None)


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """As the role that owns the tables."""
    with psycopg.connect(database.url("owner"), connect_timeout=10) as link:
        link.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        link.read_only = True
        link.execute(_FORMATS)
        name = link.execute("SELECT pg_export_snapshot()").fetchone()
        assert name is not None
        yield Snapshot(link, str(name[0]))


def dump(taken: Snapshot, path: Path) -> None:
    """Everything but the keys, at the moment of the snapshot. Raises `LoadFailed` with PostgreSQL's own words."""
    command = [
        "pg_dump",
        "--format=custom",
        "--no-owner",
        "--no-acl",
        *(f"--exclude-table-data=public.{name}" for name in _LEFT_OUT),
        f"--snapshot={taken.name}",
        f"--file={path}",
    ]
    done = _start(command, stderr=subprocess.PIPE)
    _, said = done.communicate()
    if done.returncode:
        raise LoadFailed(said.decode(errors="replace").strip())


def is_empty() -> bool:
    """Whether nobody works with this database: neither accounts nor cases. Registers of places do not count."""
    with psycopg.connect(database.url("owner"), connect_timeout=10) as link:
        for table in ("cases_case", "people_account"):
            there = link.execute("SELECT to_regclass(%s)", [f"public.{table}"]).fetchone()
            if there and there[0]:
                statement = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier("public", table))
                row = link.execute(statement).fetchone()
                if row and row[0]:
                    return False
    return True


def load(path: Path, wanted: Contents, keys: Keys, *, same_moment: bool) -> None:
    """Fill the database from a dump, in one transaction that ends with every comparison. Raises `LoadFailed`.

    With `same_moment` exactly these keys must have been there.
    """
    reader = _start(["pg_restore", "--no-owner", "--no-acl", "--file=-", str(path)], stdout=subprocess.PIPE)
    options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", "--file=-"]
    psql = _start(
        ["psql", *options], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, url=True
    )
    assert reader.stdout is not None
    assert psql.stdin is not None
    try:
        psql.stdin.write(_CLEAR.encode())
        _pass_on(reader.stdout, psql.stdin)
        if reader.wait():  # without its end the script must not be committed
            psql.stdin.write(b"\nDO $$ BEGIN RAISE EXCEPTION 'the dump cannot be read'; END $$;\n")
        psql.stdin.writelines(line.encode() for line in _afterwards(wanted, keys, same_moment=same_moment))
    except BrokenPipeError:
        pass  # psql has given up and says why
    finally:
        reader.kill()
    _, said = psql.communicate()
    if psql.returncode:
        raise LoadFailed(said.decode(errors="replace").strip())


def _pass_on(source: IO[bytes], target: IO[bytes]) -> None:
    """The script, without the one setting in its head that older servers do not know."""
    for _ in range(40):
        line = source.readline()
        if not line.startswith(b"SET transaction_timeout"):
            target.write(line)
    shutil.copyfileobj(source, target, 1 << 20)


#: What an installation that nobody has worked with yet consists of. Parts of extensions stay.
_CLEAR = """
SET client_min_messages = warning;
SET maintenance_work_mem = '256MB';
DO $$
DECLARE part record;
BEGIN
    FOR part IN SELECT format('DROP TABLE %I CASCADE', relname) AS statement FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    LOOP EXECUTE part.statement; END LOOP;
    FOR part IN SELECT format('DROP ROUTINE %s CASCADE', oid::regprocedure) AS statement FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    LOOP EXECUTE part.statement; END LOOP;
    FOR part IN SELECT format('DROP SEQUENCE %I CASCADE', relname) AS statement FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
    LOOP EXECUTE part.statement; END LOOP;
END $$;
"""

_COMPARE = """
DO $$ BEGIN IF ({found}) IS DISTINCT FROM '{wanted}' THEN
    RAISE EXCEPTION '{what} is not as it was backed up';
END IF; END $$;
"""


def _afterwards(wanted: Contents, keys: Keys, *, same_moment: bool) -> Iterator[str]:
    """What follows the dump's own script: comparisons, then the keys, then the app's rights."""
    yield "\n" + _FORMATS
    for name, table in wanted.tables.items():
        yield _compare(f"the table {name}", _SUM.format(_plain(name)), f"{table.rows}:{table.digest}")
    for name, value in wanted.sequences.items():
        found = (
            f"SELECT last_value::text FROM pg_sequences WHERE schemaname = 'public' AND sequencename = '{_plain(name)}'"
        )
        yield _compare(f"the sequence {name}", f"SELECT coalesce(({found}), '-')", "-" if value is None else str(value))
    yield _compare("the head of a chain", _HEADS, wanted.heads)
    yield from _bring(KEYS_TABLE, "case_id", "cases_case", keys.cases, same_moment=same_moment)
    if keys.records:  # a backup from before there were base records has no table for them
        yield from _bring(RECORD_KEYS_TABLE, "record_id", "registry_record", keys.records, same_moment=same_moment)
    yield from _grants(wanted.rights)


def _bring(table: str, column: str, of: str, keys: Mapping[int, bytes], *, same_moment: bool) -> Iterator[str]:
    """The keys of what is there."""
    brought = f"brought_{column}"
    yield f"CREATE TEMPORARY TABLE {brought} (id bigint, sealed bytea);\nCOPY pg_temp.{brought} FROM stdin;\n"
    yield from (f"{number}\t\\\\x{sealed.hex()}\n" for number, sealed in keys.items())
    yield f"\\.\nINSERT INTO public.{table} ({column}, sealed) SELECT b.* FROM pg_temp.{brought} AS b"
    yield f" JOIN public.{of} AS there ON there.id = b.id;\n"
    if same_moment:
        yield _compare("the number of keys", f"SELECT count(*)::text FROM public.{table}", str(len(keys)))


def _compare(what: str, found: str, wanted: str) -> str:
    return _COMPARE.format(what=what, found=found, wanted=wanted)


def _plain(name: str) -> str:
    if not _NAME.match(name):
        raise LoadFailed(f"“{name}” is no name of ours")
    return name


def _grants(rights: Mapping[str, list[str]]) -> Iterable[str]:
    """What the app role may do here, as it was there; by the rule when there one role did everything."""
    app, owner = (str(conninfo_to_dict(url).get("user", "")) for url in (database.url("app"), database.url("owner")))
    if app == owner:
        return
    role = '"' + app.replace('"', '""') + '"'
    for name, privileges in rights.items():
        words = ", ".join(word for word in privileges if word.isalpha())
        yield f"GRANT {words} ON public.{_plain(name)} TO {role};\n"
    if not rights:
        yield f"GRANT {_PRIVILEGES['r']} ON ALL TABLES IN SCHEMA public TO {role};\n"
        yield f"GRANT {_PRIVILEGES['S']} ON ALL SEQUENCES IN SCHEMA public TO {role};\n"
        yield from (f"REVOKE UPDATE, DELETE ON public.{name} FROM {role};\n" for name in APPEND_ONLY)


def _start(command: list[str], *, url: bool = False, **how: Any) -> subprocess.Popen[bytes]:
    """A program of PostgreSQL's, on the owner's database. The password goes by the environment, which others on the
    machine cannot see, not by the command line, which they can."""
    program, *arguments = command
    parts = conninfo_to_dict(database.url("owner"))
    password = str(parts.pop("password", "") or "")
    if url or program == "pg_dump":
        arguments.append(f"--dbname={make_conninfo('', **parts)}")
    env = {**os.environ, "PGPASSWORD": password, "PGCLIENTENCODING": "UTF8", "PGOPTIONS": "", "LC_ALL": "C.UTF-8"}
    return subprocess.Popen([_program(program), *arguments], env=env, **how)


def _program(name: str) -> str:
    """The wheel's own, which fits the embedded server and every older one; else the machine's."""
    try:
        own = postgres.programs(postgres.Account(os.geteuid(), os.getegid())) / name
    except database.DatabaseUnavailable:
        own = Path("/nonexistent")
    found = str(own) if own.exists() else shutil.which(name)
    if found is None:
        raise LoadFailed(f"{name} is not installed")
    return found
