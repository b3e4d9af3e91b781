"""A statement as the shared piece `bills/statement.html` draws it, on staff's pages and on a firm's own."""

from dataclasses import dataclass

from console.bills.document import FORMATS
from console.bills.reckoned import Say, counted, how_reckoned, named
from console.bills.showing import ShownBill
from ivr.billing.opening import counted_by
from ivr.billing.reckoning import Amount
from ivr.billing.rows import LineKind


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """One line in words; `has_rows` says that it opens to usage."""

    number: int
    name: str
    quantity: str
    amount: Amount
    sentences: list[str]
    has_rows: bool
    is_correction: bool


def drawn_lines(one: ShownBill, say: Say) -> list[DrawnLine]:
    """The lines of a bill in the language of `say`."""
    return [
        DrawnLine(
            number,
            named(line, say),
            counted(line, say),
            line.amount,
            how_reckoned(line, say),
            has_rows=counted_by(one.bill, line) is not None,
            is_correction=line.kind is LineKind.CORRECTION,
        )
        for number, line in one.numbered
    ]


def addresses(one: ShownBill, rows_view: str, file_view: str, /, **arguments: str) -> dict[str, object]:
    """Where the piece leads: the views of a line's rows (`ordinal`) and of a file (`form`), with their arguments."""
    return {
        "rows_view": rows_view,
        "file_view": file_view,
        "formats": FORMATS,
        "view_arguments": {**arguments, "month": one.bill.month},
    }
