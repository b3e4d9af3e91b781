"""Lines of a bill in words: what each is for, and how it was reckoned, in the language of `say`."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TypeAlias

from ivr.billing.reckoning import MONTHS, BillLine, Part
from ivr.billing.rows import LineKind

# Any values: as `console.words.Wording.say`.
Say: TypeAlias = Callable[..., str]


def named(line: BillLine, say: Say) -> str:
    """What a line is for."""
    if line.kind is LineKind.LATE:
        return say("bills.kind.late", month=line.detail["month"], of=say(f"bills.kind.{line.detail['of']}"))
    return say(f"bills.kind.{line.kind.value}")


def unit_of(line: BillLine, say: Say) -> str:
    """The unit of its quantity."""
    kind = line.detail["of"] if line.kind is LineKind.LATE else line.kind.value
    return say(f"bills.unit.{kind}")


def counted(line: BillLine, say: Say) -> str:
    """Its quantity with the unit."""
    return say("bills.document.quantity", quantity=f"{line.amount.quantity:,}", unit=unit_of(line, say))


def how_reckoned(line: BillLine, say: Say) -> list[str]:
    """Sentences that let a reader reckon the line again."""
    if line.kind is LineKind.CORRECTION:
        return [say("bills.reckoned.correction", **line.detail)]
    kind = str(line.detail["of"]) if line.kind is LineKind.LATE else line.kind.value
    return [*_difference(line, say), *(_part(kind, part, say) for part in line.parts)]


def _difference(line: BillLine, say: Say) -> Iterator[str]:
    if line.kind is LineKind.LATE:
        amounts = {name: f"{int(line.detail[name]):,}" for name in ("owed_now", "owed_before")}
        of = say(f"bills.kind.{line.detail['of']}")
        yield say("bills.reckoned.late", month=line.detail["month"], of=of, **amounts)


def _part(kind: str, part: Part, say: Say) -> str:
    span = say("bills.reckoned.span", first=part["first"], last=part["last"])
    if part["version"]:
        span = say("bills.reckoned.of_version", span=span, version=part["version"])
    if kind == LineKind.SERVICE and not part["calls"]:
        return say("bills.reckoned.service_none", span=span)
    whole = part["days"] == part["of_days"]
    days = "" if whole else say("bills.reckoned.days", days=part["days"], of_days=part["of_days"])
    values = {name: f"{value:,}" if isinstance(value, int) else value for name, value in part.items()}
    values |= {"span": span, "days": days, "gross": f"{gross_of(kind, part):,}"}
    return say(f"bills.reckoned.{kind}", **values)


def gross_of(kind: str, part: Part) -> int:
    """What a part comes to by itself, in whole won; the line is cut once over all of its parts."""
    number = {name: int(value) for name, value in part.items() if isinstance(value, int)}
    if kind in {LineKind.SERVICE, LineKind.BASE}:
        share = Fraction(number["days"], number["of_days"] * MONTHS)
        if kind == LineKind.BASE:
            return int(number["base_per_year"] * share)
        agents = Fraction(
            number["bands"] * number["band_calls"], number["calls_per_agent_day"] * number["working_days"]
        )
        return int(agents * number["agent_per_year"] * share)
    return number["quantity"] * number["price"]
