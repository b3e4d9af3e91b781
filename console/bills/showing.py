"""What pages and files show of a firm's bills: functions of a line and a firm, whoever looks at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.billing.correcting import corrections_of
from ivr.billing.drawing import Bill
from ivr.billing.months import after, before, end_of, month_at, read_month
from ivr.billing.reckoning import BillLine
from ivr.billing.refusing import BillRefused
from ivr.billing.rows import Correction, LineKind, Statement
from ivr.billing.statements import bills_of, preview, statements_of
from ivr.billing.tallies import contracts_of
from ivr.firms.rows import FirmEntry
from ivr.lines.model import Line
from ivr.reports.quarters import Month

# Months that nobody closed for longer than this are looked for by their month.
OPEN_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Client:
    """A firm as bills name it; `registration` is its business registration number, None where it is not registered."""

    id: str
    name: str
    registration: str | None = None


@dataclass(frozen=True, slots=True)
class ShownBill:
    """A firm's month with what stands around it: who the firm is, its contracts' days, corrections made of it since."""

    line: Line
    client: Client
    bill: Bill
    contracts: tuple[tuple[date, date], ...]
    corrections: Sequence[Correction]

    @property
    def month(self) -> Month:
        """Its month."""
        return read_month(self.bill.month)

    @property
    def numbered(self) -> list[tuple[int, BillLine]]:
        """Its lines with their numbers, from 1 on."""
        return list(enumerate(self.bill.lines, start=1))


def client_of(session: Session, line: Line, firm_id: str) -> Client:
    """A firm by the register, or by the line's file; raises `BillRefused` (unknown_firm) where neither has it."""
    entry, firm = session.get(FirmEntry, (line.id, firm_id)), line.firms.get(firm_id)
    if entry is not None:
        return Client(firm_id, entry.name, entry.registration)
    if firm is not None:
        return Client(firm_id, firm.name)
    raise BillRefused("unknown_firm", line=line.id, firm=firm_id)


def shown_bill(session: Session, line: Line, firm_id: str, *, month: str, at: datetime) -> ShownBill:
    """A firm's month, closed or as it stands now; raises `BillRefused`: unknown_firm, bad_month, price_gap."""
    client, bill = client_of(session, line, firm_id), preview(session, line, firm_id, month=month, at=at)
    first, last = read_month(month).first, read_month(month).last
    held = contracts_of(session, line.id, {firm_id}).get(firm_id, ())
    contracts = tuple((one.first, one.last) for one in held if one.days_in(first, last))
    corrections = corrections_of(session, bill.statement.id) if bill.statement else ()
    return ShownBill(line, client, bill, contracts, corrections)


def months_of_firm(session: Session, line: Line, firm_id: str, *, at: datetime) -> list[Bill]:
    """A firm's months, newest first: those going on and not closed yet with what they come to, then its statements."""
    closed = {one.month: one for one in statements_of(session, line.id, firm_id)}
    months, month = [], month_at(at)
    for _ in range(OPEN_MONTHS):
        months.append(str(month))
        month = before(month)
    fresh = [preview(session, line, firm_id, month=month, at=at) for month in months if month not in closed]
    still_open = [bill for bill in fresh if bill.lines or bill.faults]
    return sorted([*still_open, *map(_summary, closed.values())], key=lambda bill: bill.month, reverse=True)


def _summary(one: Statement) -> Bill:
    """A statement without its lines: a list of months needs their sums alone."""
    return Bill(one.line, one.firm, one.month, (), one.usage_noted_until, one)


@dataclass(frozen=True, slots=True)
class Sums:
    """What a list says of a bill, in won; calls and bands are None where the list does not have its lines."""

    gross: int
    support: int
    owed: int
    calls: int | None = None
    bands: int | None = None


def sums_of(bill: Bill) -> Sums:
    """The sums of a bill, of its statement where it is closed."""
    whole = bill.statement or bill.total
    service = bill.of_kind(LineKind.SERVICE)
    if service is None:
        return Sums(whole.gross, whole.support, whole.owed)
    bands = [int(part["bands"]) for part in service.parts]
    return Sums(whole.gross, whole.support, whole.owed, service.amount.quantity, max(bands, default=0))


def state_of(bill: Bill, *, at: datetime) -> str:
    """closed, faulty, open while the month goes on, due once it is over, or nothing."""
    if bill.is_closed:
        return "closed"
    if bill.faults:
        return "faulty"
    if not bill.lines:
        return "nothing"
    return "open" if at < end_of(read_month(bill.month)) else "due"


def clients_of(session: Session, line: Line) -> list[Client]:
    """Every firm of a centre, in the register or in the line's file, by name."""
    entries = {row.id: row for row in session.scalars(select(FirmEntry).where(FirmEntry.line == line.id))}
    names: Mapping[str, str] = {id: firm.name for id, firm in line.firms.items()}
    found = [
        Client(id, entries[id].name, entries[id].registration) if id in entries else Client(id, names[id])
        for id in entries.keys() | names.keys()
    ]
    return sorted(found, key=lambda client: (client.name, client.id))


def bills_of_clients(
    session: Session, line: Line, clients: Sequence[Client], *, month: str, at: datetime
) -> list[tuple[Client, Bill]]:
    """The same month of these firms, in their order."""
    bills = bills_of(session, line, [client.id for client in clients], month=month, at=at)
    return [(client, bills[client.id]) for client in clients]


def neighbours(month: Month, at: datetime) -> tuple[Month, Month | None]:
    """The month before and, unless it has not begun, the one after."""
    following = after(month)
    return before(month), following if following <= month_at(at) else None
