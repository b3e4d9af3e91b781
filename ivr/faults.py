"""What is wrong in a data file, said so that the person who wrote the file can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Fault:
    """`file` is the name of the data file, `key` the dotted place in it; only errors keep a file from use."""

    file: str
    key: str
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.file}: {self.key or '(whole file)'}: {self.message}"


class BadData(ValueError):
    """Data files that cannot be used; `faults` has every error and warning that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        errors = [f"  - {fault}" for fault in faults if fault.severity == "error"]
        super().__init__("\n".join(["These data files cannot be used:", *errors]))


def refuse_errors(faults: Sequence[Fault]) -> None:
    """Raise `BadData` with all faults when at least one of them is an error."""
    if any(fault.severity == "error" for fault in faults):
        raise BadData(faults)
