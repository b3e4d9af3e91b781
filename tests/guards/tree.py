"""The Python files of the project, parsed once."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("ivr", "config", "webhooks", "workers", "console", "carrier", "commands", "migrations", "benchmarks")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def python_files(*, with_tests: bool = True) -> tuple[Path, ...]:
    """Return every Python file of the rooms, and of the tests where asked."""
    folders = (*ROOMS, "tests") if with_tests else ROOMS
    return tuple(sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")))


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of `path`."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    """Yield every function and method in `path`, nested ones too."""
    yield from (node for node in ast.walk(parsed(path)) if isinstance(node, Function))


def place(path: Path, node: ast.AST | None = None) -> str:
    """Name a place as `room/file.py:line`."""
    line = f":{node.lineno}" if node is not None and hasattr(node, "lineno") else ""
    return f"{path.relative_to(ROOT)}{line}"
