"""How long a promise may take, as charters write it: 1 hour, 48 hours, 10 days, or at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, PlainSerializer

from ivr.charters.terms import Basis

Unit = Literal["minutes", "hours", "days"]
WRITTEN = re.compile(r"(-?\d+) ([a-z]+)")
UNITS: Mapping[str, Unit] = {
    **{"minute": "minutes", "minutes": "minutes", "hour": "hours"},
    **{"hours": "hours", "day": "days", "days": "days"},
}
UNITS_OF: Mapping[Basis, frozenset[Unit]] = {
    "calendar_hours": frozenset({"minutes", "hours"}),
    "working_hours_8": frozenset({"minutes", "hours", "days"}),
    "business_days": frozenset({"days"}),
    "calendar_days": frozenset({"days"}),
}
"""Which units a time basis can count; a day of `working_hours_8` is eight office hours."""

WORKING_MINUTES: Mapping[Unit, int] = {"minutes": 1, "hours": 60, "days": 8 * 60}
IMMEDIATE = "immediate"


@dataclass(frozen=True, slots=True)
class Limit:
    """`amount` of `unit`; an `immediate` one says "at once", which is three working hours (same Act, article 19)."""

    amount: int
    unit: Unit
    immediate: bool = False

    @property
    def working_minutes(self) -> int:
        """The limit in minutes of working time, for the basis `working_hours_8`."""
        return self.amount * WORKING_MINUTES[self.unit]

    def __str__(self) -> str:
        if self.immediate:
            return IMMEDIATE
        return f"{self.amount} {self.unit if self.amount > 1 else self.unit.removesuffix('s')}"


AT_ONCE = Limit(3, "hours", immediate=True)


def read_limit(written: object) -> object:
    """Read `1 hour`, `48 hours`, `10 days`, `immediate`. Raises ValueError in plain words."""
    if isinstance(written, Limit):
        return written
    if written == IMMEDIATE:
        return AT_ONCE
    found = WRITTEN.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise ValueError('must be written like "30 minutes", "1 hour", "10 days" or "immediate"')
    amount, unit = int(found[1]), found[2]
    if unit not in UNITS:
        raise ValueError(f"is counted in {unit!r}, which is no unit of time here: use minutes, hours or days")
    if amount <= 0:
        raise ValueError(f"is {amount} {unit}: no promise can be kept in that, write more than 0")
    return Limit(amount, UNITS[unit])


Within = Annotated[Limit, BeforeValidator(read_limit), PlainSerializer(str)]
