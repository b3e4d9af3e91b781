"""The register of the shared centre over a test's database, and short words for what is done in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from ivr.billing.rows import Statement, Usage, UsageKind
from ivr.firms.clauses import CLAUSES
from ivr.firms.drafting import Terms, draft, drop
from ivr.firms.eligibility import Declared
from ivr.firms.refusing import FirmRefused
from ivr.firms.registering import Registration, enter_review, register
from ivr.firms.registration import WEIGHTS
from ivr.firms.rows import Contract, ContractState, Security, SecurityKind
from ivr.firms.security import Left, carry_deposit, note_security, return_security
from ivr.firms.signing import end, sign
from ivr.firms.working import Work
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.store import Store
from tests.http.board import words

FIRM = "hanbit"
SELECTED = date(2026, 1, 5)
BOND, DEPOSIT = SecurityKind.BOND, SecurityKind.DEPOSIT
KITCHEN = Declared(products=("kitchen",))


def number_of(place: int) -> str:
    """A business registration number that can be, another one for each place."""
    first = f"{100_000_000 + place:09}"
    total = sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True))
    digits = first + str(-(total + int(first[8]) * 5 // 10) % 10)
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


@dataclass
class Register:
    """Works at the shared centre, at noon of `today` (local)."""

    store: Store
    today: date = SELECTED

    @cached_property
    def line(self) -> Line:
        """The shared centre as installed."""
        return words()[1].by_id("ascentre")

    @property
    def at(self) -> datetime:
        """The moment of the test."""
        return datetime(self.today.year, self.today.month, self.today.day, 12, tzinfo=SEOUL)

    @contextmanager
    def work(self) -> Iterator[Work]:
        """One transaction of a supervisor."""
        with self.store.transaction() as session:
            yield Work(session, self.line, "lead", self.at)

    def register(self, id: str = FIRM, *, declared: Declared = KITCHEN, number: str = "") -> None:
        """Enter a firm that was selected on the day of the test."""
        entry = Registration("한빛가전", number or number_of(len(id) * 7 + ord(id[0])), declared, self.today, "홍길동")
        with self.work() as work:
            register(work, id, entry)

    def review(self, on: date) -> None:
        """The firm was reviewed on that day."""
        with self.work() as work:
            enter_review(work, FIRM, on)

    def draft(self, first_day: date, calls: int = 2_000) -> str:
        """A draft from that day on."""
        with self.work() as work:
            return draft(work, FIRM, Terms(first_day, calls)).id

    def leave(self, contract: str, kind: SecurityKind, amount: int, *, on: date | None = None) -> int:
        """Something is left for a contract on that day."""
        with self.work() as work:
            return note_security(work, contract, Left(kind, amount, "제2026-1호", on or self.today)).id

    def carry(self, security: int, to: str) -> int:
        """A deposit goes on to another contract."""
        with self.work() as work:
            return carry_deposit(work, security, to).id

    def give_back(self, security: int, on: date | None = None) -> None:
        """A security is returned."""
        with self.work() as work:
            return_security(work, security, on or self.today)

    def sign(self, contract: str, clauses: tuple[str, ...] = CLAUSES) -> None:
        """A draft is signed."""
        with self.work() as work:
            sign(work, contract, clauses)

    def signed(self, first_day: date, calls: int = 2_000) -> str:
        """A contract with a bond, signed."""
        contract = self.draft(first_day, calls)
        self.leave(contract, BOND, 4_700_000, on=min(self.today, first_day - timedelta(days=1)))
        self.sign(contract)
        return contract

    def end(self, contract: str, on: date) -> None:
        """A contract is ended early."""
        with self.work() as work:
            end(work, contract, on, why="폐업")

    def drop(self, contract: str) -> None:
        """A contract is given up."""
        with self.work() as work:
            drop(work, contract, "착오")

    def contract(self, id: str) -> Contract:
        """A contract as it stands."""
        with self.store.reading() as session:
            return session.get_one(Contract, id)

    def state(self, id: str) -> ContractState:
        """Where it stands."""
        return self.contract(id).state

    def security(self, id: int) -> Security:
        """A security as it stands."""
        with self.store.reading() as session:
            return session.get_one(Security, id)

    def bill(self, month: str) -> None:
        """The statement of a month is made."""
        nothing = {"gross": 0, "support": 0, "owed": 0, "made_by": "lead"}
        row = Statement(id=f"ascentre-{FIRM}-{month}", line="ascentre", firm=FIRM, month=month, **nothing)
        row.usage_noted_until = row.made_at = self.at
        with self.store.transaction() as session:
            session.add(row)

    def calls(self, month: str, count: int) -> None:
        """So many handled calls in a month, noted as one row."""
        row = Usage(key=f"call/{month}", line="ascentre", firm=FIRM, kind=UsageKind.CALL, source=month, quantity=count)
        row.day, row.month, row.happened_at, row.noted_at = date.fromisoformat(f"{month}-15"), month, self.at, self.at
        with self.store.transaction() as session:
            session.add(row)


def rule_broken(act: object, /, *given: object, **named: object) -> str:
    """The name of the rule by which an act is refused; empty where it is done."""
    assert callable(act)
    try:
        act(*given, **named)
    except FirmRefused as refused:
        return refused.rule
    return ""
