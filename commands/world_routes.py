"""Werkzeug compiles two functions for every route of every app: half of what an app costs. Here once for each route."""

from collections.abc import Callable

from werkzeug.routing.rules import Rule

Built = Callable[..., tuple[str, str]]
_done: list[bool] = []


def compile_each_route_once() -> None:
    """Let all apps of this process share the compiled functions; they know their own rule only as an argument."""
    if _done:
        return
    _done.append(True)
    compiling = Rule._compile_builder
    known: dict[tuple[object, ...], Built] = {}

    def _compile_builder(rule: Rule, append_unknown: bool = True) -> Built:
        if rule.defaults:
            return compiling(rule, append_unknown)
        key = (rule.rule, *rule._trace, append_unknown)
        if key not in known:
            known[key] = compiling(rule, append_unknown)
        return known[key]

    Rule._compile_builder = _compile_builder  # type: ignore[assignment]
