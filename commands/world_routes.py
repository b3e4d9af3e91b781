"""Werkzeug compiles every route of every app anew: most of what an app costs. Here once for each route."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.routing.rules import Rule

Build = Callable[..., tuple[str, str]]
_done: list[bool] = []


@dataclass(frozen=True, slots=True)
class _Compiled:
    parts: tuple[Any, ...]  # Any: Werkzeug's own, which nobody changes
    trace: tuple[tuple[bool, str], ...]
    converters: dict[str, Any]
    arguments: frozenset[str]
    build: Build
    build_unknown: Build

    def give(self, rule: Rule) -> None:
        """Let a rule have what an equal one was compiled to; the functions know their rule only as an argument."""
        rule._parts, rule._trace, rule._converters = list(self.parts), list(self.trace), dict(self.converters)
        rule.arguments |= self.arguments
        rule._build = self.build.__get__(rule, None)
        rule._build_unknown = self.build_unknown.__get__(rule, None)


def compile_each_route_once() -> None:
    """Let all apps of this process share what their routes were compiled to."""
    if _done:
        return
    _done.append(True)
    compiling = Rule.compile
    known: dict[tuple[object, ...], _Compiled] = {}

    def compile(rule: Rule) -> None:
        if rule.defaults or rule.map.host_matching:
            return compiling(rule)
        key = (rule.rule, rule.subdomain, rule.merge_slashes, *rule.map.converters.values())
        if key not in known:
            compiling(rule)
            known[key] = _of(rule)
        else:
            known[key].give(rule)
        return None

    Rule.compile = compile  # type: ignore[assignment, method-assign]


def _of(rule: Rule) -> _Compiled:
    functions = (getattr(one, "__func__") for one in (rule._build, rule._build_unknown))  # noqa: B009
    return _Compiled(tuple(rule._parts), tuple(rule._trace), rule._converters, frozenset(rule.arguments), *functions)
