"""The count of a list in the making: rows read, taken, mended, refused and why; what of it was new."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypedDict

from ivr.audiences.cleaning import Repair
from ivr.audiences.judging import Reason


class NewAndKnown(TypedDict):
    """How many were not known before, and how many were."""

    new: int
    known: int


class Report(TypedDict):
    """What became of the rows: `rows` is the sum of taken, doubled and refused.

    `people` counts who is on the list, `not_callable` those among them whose number nobody can be rung at;
    `consents` counts different consents, of which `withdrawals` were taken back according to the file.
    """

    rows: int
    taken: int
    doubled: int
    refused: dict[str, int]
    repaired: dict[str, int]
    not_callable: int
    people: NewAndKnown
    consents: NewAndKnown
    withdrawals: int
    notes: list[str]


@dataclass(slots=True)
class Tally:
    """Counts as rows are read and moved; `notes` are sentences about the source, such as its letters."""

    rows: int = 0
    refused: Counter[Reason] = field(default_factory=Counter)
    repaired: Counter[Repair] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def refuse(self, reason: Reason) -> None:
        """Count a row that is not taken."""
        self.rows += 1
        self.refused[reason] += 1

    def take(self, repairs: Iterable[Repair]) -> None:
        """Count a row that is taken, and what was mended in it."""
        self.rows += 1
        self.repaired.update(repairs)

    def report(self) -> Report:
        """The counts as they are kept and printed; without those that are zero where they go by a word."""
        moved = self.moved
        return {
            "rows": self.rows,
            "taken": moved["rows"] - moved["doubled"],
            "doubled": moved["doubled"],
            "refused": {reason.value: count for reason, count in sorted(self.refused.items())},
            "repaired": {repair.value: count for repair, count in sorted(self.repaired.items())},
            "not_callable": moved["not_callable"],
            "people": {"new": moved["new_people"], "known": moved["people"] - moved["new_people"]},
            "consents": {"new": moved["new_consents"], "known": moved["consents"] - moved["new_consents"]},
            "withdrawals": moved["withdrawals"],
            "notes": self.notes,
        }
