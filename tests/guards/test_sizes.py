"""Files, functions and parameter lists stay small enough to be read at once."""

import ast
from pathlib import Path

from tests.guards.tree import Function, functions, place, python_files

FILE_LINES = 400
FUNCTION_LINES = 40
PARAMETERS = 5
POSITIONAL = 3
# Methods whose parameters a library fixed.
OVERRIDES = {"commands/in_process.py request"}


def test_no_file_is_longer_than_the_hard_stop() -> None:
    long = {
        place(path): lines
        for path in python_files()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    }
    assert not long


def test_no_function_is_longer_than_the_hard_stop() -> None:
    long = {
        f"{place(path, function)} {function.name}": lines
        for path in python_files()
        if "versions" not in path.parts  # a revision is one list of tables, as long as it must be
        for function in functions(path)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    }
    assert not long


def test_no_function_of_the_rooms_takes_more_than_five_parameters() -> None:
    many = [
        f"{place(path, function)} {function.name}"
        for path in python_files(with_tests=False)
        for function in functions(path)
        if len(_positional(function)) + len(function.args.kwonlyargs) > PARAMETERS and not _is_override(path, function)
    ]
    assert not many


def test_parameters_of_public_functions_after_the_third_are_given_by_name() -> None:
    loose = [
        f"{place(path, function)} {function.name}"
        for path in python_files(with_tests=False)
        for function in functions(path)
        if len(_positional(function)) > POSITIONAL
        and not function.name.startswith("_")
        and not _is_called_by_a_framework(function)
        and not _is_override(path, function)
    ]
    assert not loose


def test_no_public_function_has_a_boolean_switch_that_can_be_given_by_place() -> None:
    switches = [
        f"{place(path, function)} {function.name}({argument.arg})"
        for path in python_files(with_tests=False)
        for function in functions(path)
        if not function.name.startswith("_")
        and not _is_called_by_a_framework(function)
        and not _is_override(path, function)
        for argument in _positional(function)
        if getattr(argument.annotation, "id", None) == "bool"
    ]
    assert not switches


def _positional(function: Function) -> list[ast.arg]:
    arguments = [*function.args.posonlyargs, *function.args.args]
    return [argument for argument in arguments if argument.arg not in {"self", "cls"}]


def _is_called_by_a_framework(function: Function) -> bool:
    """Frameworks fix the parameters of what they call: decorated functions, protocols, hooks."""
    underscored = [argument for argument in function.args.args if argument.arg.startswith("_")]
    return bool(function.decorator_list or underscored or function.name.startswith("__"))


def _is_override(path: Path, function: Function) -> bool:
    return f"{place(path)} {function.name}" in OVERRIDES
