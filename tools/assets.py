"""Makes what a fresh checkout lacks: compiled words, style sheet and scripts. Does nothing when nothing changed."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools import words

ROOT = words.ROOT
STAMP = ROOT / "frontend" / "dist" / ".stamp"
MODULES_STAMP = ROOT / "node_modules" / ".stamp"


def _sources() -> Iterator[Path]:
    yield ROOT / "package-lock.json"
    yield ROOT / "frontend" / "build.mjs"
    for folder in ("styles", "scripts", "field"):
        yield from (ROOT / "frontend" / folder).rglob("*")
    yield from (ROOT / "src" / "yizhi").glob("**/jinja2/**/*.html")


def _digest(paths: Iterator[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _fresh(stamp: Path, digest: str) -> bool:
    return stamp.exists() and stamp.read_text(encoding="ascii") == digest


def _run(*command: str) -> None:
    """With the Node of .venv: none has to be on the machine."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PATH": path}, check=False)
    if done.returncode:
        sys.exit(f"The assets could not be built: `{' '.join(command)}` failed, see above.")


def build() -> None:
    words.compile_all()
    digest = _digest(_sources())
    if _fresh(STAMP, digest):
        return
    print("Building style sheet and scripts …", file=sys.stderr)
    modules = _digest(iter([ROOT / "package-lock.json"]))
    if not _fresh(MODULES_STAMP, modules):
        _run("npm", "ci", "--loglevel=error")
        MODULES_STAMP.write_text(modules, encoding="ascii")
    _run("node", "frontend/build.mjs")
    STAMP.write_text(digest, encoding="ascii")


if __name__ == "__main__":
    build()
