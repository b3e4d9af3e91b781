"""Every kind of promise that the code makes can be kept, and every queue has a process that keeps it."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.guards.tree import ROOT, parsed, place, python_files
from workers.kinds import KINDS, QUEUES

# What makes a promise of the kind that it is given first.
MAKERS = {"Promise", "promise_of", "hold_promise", "promise_once", "promise_about"}


def made() -> Iterator[tuple[str, str]]:
    """Every kind named in the code, with its place."""
    for path in python_files(with_tests=False):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and _name(node.func) in MAKERS:
                for kind in _kinds(node):
                    yield kind, place(path, node)


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _kinds(call: ast.Call) -> list[str]:
    given = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "kind")]
    values = [
        value for first in given for value in ([first.body, first.orelse] if isinstance(first, ast.IfExp) else [first])
    ]
    return [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]


def _named() -> set[str]:
    """Kinds that stand beside their maker as constants, and are handed on by name."""
    makers = [path for path in python_files(with_tests=False) if _defines(parsed(path)) & MAKERS]
    return {constant for path in makers for constant in _constants(parsed(path))}


def _defines(module: ast.Module) -> set[str]:
    return {node.name for node in module.body if isinstance(node, ast.FunctionDef)}


@cache
def _constants(module: ast.Module) -> frozenset[str]:
    values = (node.value for node in module.body if isinstance(node, ast.Assign))
    parts = (part for value in values for part in (value.elts if isinstance(value, ast.Tuple) else [value]))
    return frozenset(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))


def test_every_promise_that_is_made_can_be_kept() -> None:
    unknown = [(kind, where) for kind, where in made() if kind not in KINDS]
    assert not unknown


def test_every_kind_is_promised_somewhere() -> None:
    assert set(KINDS) - {kind for kind, _ in made()} - _named() == set()


def test_every_kind_is_kept_on_a_queue_that_exists() -> None:
    assert {kind.queue for kind in KINDS.values()} == set(QUEUES)


def test_every_queue_has_a_process() -> None:
    processes = (ROOT / "Procfile").read_text(encoding="utf-8")
    assert [queue for queue in QUEUES if f"charterline run worker {queue}\n" not in processes + "\n"] == []
