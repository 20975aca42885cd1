"""The house rules: what no library's linter knows. Each rule looks at one file and names the lines that break it."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

MOST_LINES, MOST_FUNCTION_LINES = 400, 60
Finding = tuple[int, str]


@dataclass(frozen=True)
class File:
    """`path`: relative to src/yizhi, or to the repository for what lies elsewhere."""

    path: PurePosixPath
    text: str

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(ast.parse(self.text))) if self.path.suffix == ".py" else []

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def layers(self) -> set[str]:
        """The names that say what a file does: `web.py` and everything in a package `web/` are both `web`."""
        return {part.removesuffix(".py") for part in self.path.parts}

    @property
    def folder(self) -> str:
        return self.path.parts[0]

    @property
    def is_test(self) -> bool:
        return bool({"tests", "conftest"} & self.layers)

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.layers


Rule = Callable[[File], Iterator[Finding]]

_WRITES = re.compile(r"^(a?(create|update|delete|bulk_create|bulk_update|get_or_create|update_or_create|raw))$")
_CASE_SQL = re.compile(
    r"\b(insert\s+into|update(\s+only)?|delete\s+from|merge\s+into|truncate(\s+table)?|copy)\s+\"?cases_", re.IGNORECASE
)


def case_tables_are_written_in_actions(file: File) -> Iterator[Finding]:
    """A second writer would skip the key, the access check, the lock and the log: rows without events."""
    if file.is_test or file.is_migration or (file.folder == "cases" and _starts(file, "actions")):
        return
    models = _imported_from(file, "yizhi.cases.models")
    for node in file.nodes:
        if _CASE_SQL.search(_string(node)):
            yield getattr(node, "lineno", 0), "writes a table of the case in SQL"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _WRITES.match(node.func.attr):
            names = {part.id for part in ast.walk(node.func) if isinstance(part, ast.Name)}
            if names & models and _uses_manager(node.func):
                yield node.lineno, f"writes a table of the case with {node.func.attr}()"


def _starts(file: File, name: str) -> bool:
    return any(part.startswith(name) for part in file.layers)


def _uses_manager(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Attribute) and part.attr == "objects" for part in ast.walk(node))


def _imported_from(file: File, module: str) -> set[str]:
    found = set()
    for node in file.nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == module or node.module.startswith(f"{module}."):
                found |= {alias.asname or alias.name for alias in node.names}
            elif f"{node.module}." == f"{module.rpartition('.')[0]}.":
                found |= {alias.asname or alias.name for alias in node.names if alias.name == "models"}
    if file.path.parts[:2] in {("cases", "models.py"), ("cases", "models")}:
        found |= {node.name for node in file.nodes if isinstance(node, ast.ClassDef)}
    return found


_TALKERS = {"web", "api", "tasks", "cli", "site", "doors"}
_CLOCKS = {
    ("timezone", "now"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("functions", "Now"),
}
_SQL_NOW = re.compile(r"\b(now\(\)|clock_timestamp\(\)|current_timestamp|current_date|localtimestamp)", re.IGNORECASE)


def nobody_below_the_doors_reads_the_time(file: File) -> Iterator[Finding]:
    """A clock read twice gives two answers; a test, a replay and an offline report could not say when it is."""
    if file.is_test or file.is_migration or _TALKERS & file.layers:
        return
    documentation = _docstrings(file)
    for node in file.nodes:
        if _says_why(file, getattr(node, "lineno", 0)):
            continue
        if isinstance(node, ast.Attribute) and (_last_name(node.value), node.attr) in _CLOCKS:
            yield node.lineno, f"reads the time: {_last_name(node.value)}.{node.attr}"
        elif isinstance(node, ast.Name) and node.id == "Now":
            yield node.lineno, "reads the database's time"
        elif isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add"):
            yield node.value.lineno, f"reads the time: {node.arg}"
        elif id(node) not in documentation and _SQL_NOW.search(_string(node)):
            yield getattr(node, "lineno", 0), "reads the database's time in SQL: take `at`, or say why: `# own time: …`"


_WHY = re.compile(r"#.*\bown time: \w")


def _says_why(file: File, line: int) -> bool:
    """The comment `# own time: …` with the reason, on the line or just above, for what cannot take `at`."""
    return any(_WHY.search(text) for text in file.lines[max(line - 2, 0) : line])


def _string(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _docstrings(file: File) -> set[int]:
    found = set()
    for node in file.nodes:
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found


_DATABASE_NAMES = {"connection", "connections", "transaction", "RawSQL", "psycopg"}
_DATABASE_ATTRIBUTES = {"objects", "cursor", "execute", "executemany", "_base_manager", "_default_manager"}


def doors_ask_and_act_through_queries_and_actions(file: File) -> Iterator[Finding]:
    """ORM or SQL in a view is a query without the question who asks, and a write without a trace."""
    if file.is_test or not {"web", "api"} & file.layers or file.folder == "site":
        return
    for node in file.nodes:
        if isinstance(node, ast.Attribute) and node.attr in _DATABASE_ATTRIBUTES:
            yield node.lineno, f"asks the database: .{node.attr}"
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name in _DATABASE_NAMES and (node.module or "").startswith("django.db"):
                    yield node.lineno, f"asks the database: {alias.name}"
        if isinstance(node, ast.Import) and any(alias.name.startswith("psycopg") for alias in node.names):
            yield node.lineno, "asks the database: psycopg"


def imports_stand_at_the_top(file: File) -> Iterator[Finding]:
    """An import inside a function hides a cycle between folders from the layer check, until it fails at midnight."""
    for node in file.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name != "ready":
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    yield inner.lineno, f"imports inside {node.name}()"


def files_stay_short(file: File) -> Iterator[Finding]:
    """A long file holds two subjects, and every change of one is a conflict with the other."""
    lines = file.text.count("\n")
    if file.path.suffix == ".py" and not file.is_migration and lines > MOST_LINES:
        yield lines, f"has {lines} lines; {MOST_LINES} at most: make it a package of the same name"


def functions_stay_short(file: File) -> Iterator[Finding]:
    """A function that does not fit on a screen is not read, only trusted."""
    for node in file.nodes if not file.is_migration else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size > MOST_FUNCTION_LINES:
                yield node.lineno, f"{node.name}() has {size} lines; {MOST_FUNCTION_LINES} at most"


# What the product refuses to know about people, as code points, so that the words stand nowhere, not even here.
_REFUSED_WORDS = (
    "\u91cd\u70b9\u4eba\u5458",
    "\u91cd\u70b9\u4eba\u7fa4",
    "\u7279\u6b8a\u4eba\u7fa4",
    "\u95f9\u8bbf",
    "\u7f20\u8bbf",
    "\u7f20\u95f9",
    "\u7a33\u63a7",
    "\u7ef4\u7a33",
    "\u6d89\u7a33",
    "\u4e0a\u8bbf\u6237",
    "\u4e0a\u8bbf\u8001\u6237",
    "\u4fe1\u8bbf\u8001\u6237",
)
_REFUSED = re.compile("|".join(_REFUSED_WORDS))


def it_serves_matters_not_files_on_people(file: File) -> Iterator[Finding]:
    """A word that sorts people makes a list of people, whatever the code behind it meant to do."""
    for number, line in enumerate(file.lines, 1):
        if _REFUSED.search(line):
            yield number, "names a kind of people that the product refuses to keep (DESIGN 6)"


RULES: tuple[Rule, ...] = (
    case_tables_are_written_in_actions,
    nobody_below_the_doors_reads_the_time,
    doors_ask_and_act_through_queries_and_actions,
    imports_stand_at_the_top,
    files_stay_short,
    functions_stay_short,
    it_serves_matters_not_files_on_people,
)


def product_files(root: Path) -> Iterator[File]:
    """Everything of the product that people read: code, templates, data, words, styles."""
    source = root / "src" / "yizhi"
    kinds = {".py", ".html", ".txt", ".toml", ".csv", ".po", ".js", ".ts", ".css", ".json", ".md", ".sql"}
    for base in (source, root / "frontend", root / "tools", root / "tests", root / "bench"):
        for path in sorted(base.rglob("*")):
            skipped = {"dist", "dist.making", "node_modules", "__pycache__"} & set(path.parts)
            if path.suffix in kinds and path.is_file() and not skipped:
                shown = path.relative_to(source if base == source else root)
                yield File(PurePosixPath(shown.as_posix()), path.read_text(encoding="utf-8"))
