"""The same SQL under pgbench: the product's own statements, caught on their way to the database.

What writes is run against empty copies of the tables (schema `pgbench`), so that no row of the installation is made
by anybody but the product.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from bench.environment import DATA
from yizhi.site import database, postgres

#: As many as the product's two processes work on at once.
CLIENTS = 16
SCHEMA = "pgbench"
_TABLES = (
    "cases_case", "cases_event", "cases_text", "cases_key", "cases_phone", "cases_attachment", "cases_idempotency",
    "notices_outbox",
)  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """`inside`: within a transaction that the product opened."""

    sql: str
    values: Any
    inside: bool


def caught(call: Callable[[], object]) -> list[Statement]:
    """The statements that `call` makes in this process. It is called twice: what the first call keeps in memory is
    not asked again by a server that has been running for a while."""
    found: list[Statement] = []

    def note(execute: Callable[..., Any], sql: str, values: Any, many: bool, context: Mapping[str, Any]) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE")):
            found.append(Statement(sql, values, connection.in_atomic_block))
        return execute(sql, values, many, context)

    call()
    with connection.execute_wrapper(note):
        call()
    return found


def script(statements: Sequence[Statement], swap: Mapping[str, str] | None = None, *sets: str) -> str:
    """For pgbench. `swap`: named values that differ from one time to the next, as SQL that may use the variables of
    `sets` (pgbench's own `\\set`)."""
    lines, inside = [f"\\set {one}" for one in sets], False
    for statement in statements:
        if statement.inside != inside:
            lines.append("BEGIN;" if statement.inside else "COMMIT;")
            inside = statement.inside
        lines.append(f"{_written(statement, swap or {})};")
    return "\n".join([*lines, *(["COMMIT;"] if inside else [])]) + "\n"


_PLACE = re.compile(r"%(?:\((\w+)\))?([s%])")


def _written(statement: Statement, swap: Mapping[str, str]) -> str:
    rest = iter(statement.values if isinstance(statement.values, list | tuple) else ())

    def value(found: "re.Match[str]") -> str:
        name, sign = found.groups()
        if sign == "%":
            return "%"
        if name is None:
            return literal(next(rest))
        return swap.get(name) or literal(statement.values[name])

    # pgbench reads a line that begins with a backslash, and a colon before a word, as its own.
    return re.sub(r"\s*\n\s*", " ", _PLACE.sub(value, statement.sql)).strip()


def literal(value: Any) -> str:
    """A value as SQL, without a colon in any text."""
    match value:
        case None:
            return "NULL"
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case bytes():
            return f"'\\x{value.hex()}'::bytea"
        case datetime():
            return f"{literal(value.isoformat())}::timestamptz"
        case date():
            return f"'{value.isoformat()}'::date"
        case list() | tuple():
            return f"ARRAY[{', '.join(map(literal, value))}]::text[]"
    return "E'" + "".join(_ESCAPED.get(letter, letter) for letter in str(value)) + "'"


_ESCAPED = {"\\": "\\\\", "'": "''", ":": "\\x3a", "\n": "\\n", "\t": "\\t"}


def pgbench(scripts: Sequence[str], seconds: float, count: int = 3, *, copies: bool = False) -> list[float]:
    """Scripts each second, all scripts equally often; a value for each round. `copies`: on the copied tables."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, f"{number}.sql") for number in range(len(scripts))]
        for file, text in zip(files, scripts, strict=True):
            file.write_text(text, encoding="utf-8")
        command = [*_command(), f"--time={max(round(seconds), 1)}", *(f"--file={file}" for file in files)]
        return [_tps(command, copies) for _ in range(count)]


def _command() -> list[str]:
    program = postgres.programs(postgres.locate(DATA).account) / "pgbench"
    link = conninfo_to_dict(database.url("app"))
    address = [f"--host={link['host']}", f"--port={link['port']}", f"--username={link['user']}", str(link["dbname"])]
    return [str(program), "--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", "--jobs=1", *address]


def _tps(command: list[str], copies: bool) -> float:
    options = {"PGOPTIONS": f"-c search_path={SCHEMA},public"} if copies else {}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **options})
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if found is None or done.returncode:
        raise SystemExit(f"bench: pgbench failed: {done.stderr or done.stdout}")
    return float(found[1])


# ----- copies of the tables


@contextmanager
def copies() -> Iterator[None]:
    """Empty copies of the tables that reports and moves write, with their indexes and references."""
    with database.connect(database.url("super")) as link:
        link.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}".encode())
        for table in _TABLES:
            link.execute(f"CREATE TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL)".encode())
            if table not in ("cases_case", "notices_outbox"):
                reference = f"FOREIGN KEY (case_id) REFERENCES {SCHEMA}.cases_case"
                link.execute(f"ALTER TABLE {SCHEMA}.{table} ADD {reference} DEFERRABLE INITIALLY DEFERRED".encode())
        for what in (f"SCHEMA {SCHEMA}", f"ALL TABLES IN SCHEMA {SCHEMA}", f"ALL SEQUENCES IN SCHEMA {SCHEMA}"):
            link.execute(f"GRANT ALL ON {what} TO {database.APP}".encode())
        try:
            yield
        finally:
            link.execute(f"DROP SCHEMA {SCHEMA} CASCADE".encode())


_OWN = """
SELECT string_agg(column_name, ', ') FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = 'cases_case' AND is_generated = 'NEVER'
"""


def copy_cases(first: int, last: int) -> None:
    """Puts the cases with these ids into the copy."""
    with database.connect(database.url("super")) as link:
        columns = link.execute(_OWN).fetchone()
        assert columns is not None
        statement = (
            f"INSERT INTO {SCHEMA}.cases_case ({columns[0]}) "
            f"SELECT {columns[0]} FROM public.cases_case WHERE id BETWEEN {first} AND {last}"
        )
        link.execute(statement.encode())
