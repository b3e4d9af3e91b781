"""What judges of a period see of a shared centre: bills, contracts, firms, repairs, and who was there at which hour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class BilledLine(NamedTuple):
    """One line of a firm's statement; `kind` is a word of `ivr.billing.rows.LineKind`, amounts are won."""

    statement: str
    firm: str
    month: str
    kind: str
    gross: int
    support: int
    owed: int


class BilledMonth(NamedTuple):
    """A firm's statement of a month (YYYY-MM), and the local day on which it was made."""

    statement: str
    firm: str
    month: str
    made_on: date


class Agreement(NamedTuple):
    """A contract that was signed; days are local, both included, `ended_on` is the last one of one that ended early.

    `secured` is what was left as security in won, `needed` what the rule asked for, `secured_late` tells that it came
    after its day. `selected_on` and `reviewed_on` are those of the firm.
    """

    id: str
    firm: str
    first_day: date
    last_day: date
    ended_on: date | None
    selected_on: date
    reviewed_on: date | None
    secured: int
    needed: int
    secured_late: bool

    @property
    def end(self) -> date:
        """The last day on which it holds."""
        return self.ended_on or self.last_day


class Member(NamedTuple):
    """What a firm under contract declared (A15): its kinds of products, and what would keep it out."""

    firm: str
    products: tuple[str, ...]
    hindrances: tuple[str, ...]


class Handed(NamedTuple):
    """A repair that was handed over and not cancelled, and whether its partner has given it a number."""

    repair: str
    has_reference: bool


@dataclass(frozen=True, slots=True)
class CentreView:
    """What there is of a centre in a period; bills are those of months that lie in it, all of them.

    `using` are the firms that used something, by month. `load` are calls for an agent and agents who were rung, by
    local day; `hours` the same by hour of the day, an agent being there from the first to the last hour of being rung.
    `names` are those of firms, by id.
    """

    right: int = 0
    marked: int = 0
    right_before: int = 0
    marked_before: int = 0
    using: Mapping[str, frozenset[str]] | None = None
    statements: tuple[BilledMonth, ...] = ()
    lines: tuple[BilledLine, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    members: tuple[Member, ...] = ()
    repairs: tuple[Handed, ...] = ()
    load: Mapping[date, tuple[int, int]] | None = None
    hours: Mapping[int, tuple[int, int]] | None = None
    names: Mapping[str, str] | None = None

    def name(self, firm: str) -> str:
        """What a firm is called; its id where it is no longer in the register."""
        return (self.names or {}).get(firm, firm)
