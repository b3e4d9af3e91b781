"""Any order of events: statements add up to the reckoning of all usage, and every usage row is billed once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ivr.billing.noting import note
from ivr.billing.prices import Draft, publish_prices
from ivr.billing.refusing import BillRefused
from ivr.billing.rows import Correction, LineKind, Statement, StatementLine, Usage, UsageKind
from ivr.billing.sources import Source
from ivr.billing.statements import close_month
from ivr.lines.centre import Prices
from ivr.lines.hours import SEOUL
from ivr.store import Store
from tests.sizes import examples
from tests.store_fixtures.databases import empty
from tests.unit.billing.stage import AFTER_NOVEMBER, HANBIT, LINE, NURI, Stage, noon, rows_behind
from tests.unit.billing.test_reckoning import DEARER, PRICES
from tests.unit.billing.test_statements import corrected

MONTHS = ("2026-09", "2026-10", "2026-11")
FIRMS = (HANBIT, NURI)
days = st.builds(date, st.just(2026), st.sampled_from([9, 10, 11]), st.integers(1, 30))
firms = st.sampled_from(FIRMS)
noted = st.tuples(
    st.just("note"),
    st.sampled_from(list(UsageKind)),
    st.integers(0, 12),
    firms,
    days,
    st.sampled_from([0, 1, 1, 90, 199]),
)
events = st.lists(
    noted
    | noted
    | st.tuples(st.just("again"), st.integers(0, 30))
    | st.tuples(st.just("close"), st.sampled_from(MONTHS))
    | st.tuples(st.just("publish"), days)
    | st.tuples(st.just("correct"), st.integers(0, 20), st.integers(-120_000, 60_000)),
    max_size=25,
)


class Books:
    """Plays events on a store, and keeps beside them, in plain dictionaries, what must come of it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.at = AFTER_NOVEMBER
        self.truth: dict[tuple[UsageKind, str], Source] = {}
        self.told: list[Source] = []
        self.lists = {date(2018, 1, 1): PRICES}
        self.corrections = 0

    def play(self, event: tuple[object, ...]) -> None:
        self.at += timedelta(seconds=1)
        name, *arguments = event
        getattr(self, str(name))(*arguments)

    def note(self, kind: UsageKind, number: int, firm: str, day: date, quantity: int) -> None:
        id = f"{kind.value}{number}"
        known = self.truth.get((kind, id))
        at = known.happened_at if known else noon(day)
        self._tell(Source(kind, id, LINE.id, firm, quantity, at))

    def again(self, number: int) -> None:
        """What was told as the last of a source comes once more."""
        if self.told:
            source = self.told[number % len(self.told)]
            self._tell(self.truth[source.kind, source.id])

    def _tell(self, source: Source) -> None:
        self.truth[source.kind, source.id] = source
        self.told.append(source)
        with self.stage.store.transaction() as session:
            # Clocks of several machines differ: what is noted later may carry an earlier time.
            note(session, LINE.id, [source], at=self.at - timedelta(seconds=len(self.told) % 3 * 5))

    def close(self, month: str) -> None:
        with self.stage.store.transaction() as session:
            close_month(session, LINE, month, by="test", at=self.at)

    def publish(self, since: date) -> None:
        try:
            with self.stage.store.transaction() as session:
                publish_prices(session, LINE, Draft(since, DEARER, "조정"), by="test", at=self.at)
            self.lists[since] = DEARER
        except BillRefused as refused:
            if refused.rule != "price_billed":
                raise

    def correct(self, number: int, owed: int) -> None:
        with self.stage.reading() as session:
            lines = session.execute(
                select(StatementLine.statement_id, StatementLine.ordinal, StatementLine.owed)
                .where(StatementLine.kind != LineKind.CORRECTION)
                .order_by(StatementLine.statement_id, StatementLine.ordinal)
            ).all()
        if lines and owed:
            line = lines[number % len(lines)]
            try:
                corrected(self.stage, line.statement_id, line.ordinal, owed)
                self.corrections += owed
            except BillRefused as refused:
                if refused.rule != "correction_beyond" or owed > 0:
                    raise

    def owed(self, firm: str, month: str) -> int:
        """What all usage of a month comes to, reckoned plainly from the last word on each source."""
        own = [one for one in self.truth.values() if one.firm == firm and f"{one.happened_at:%Y-%m}" == month]
        first = date.fromisoformat(f"{month}-01")
        length = 31 if first.month == 10 else 30
        prices = [self._on(first + timedelta(days=number)) for number in range(length)]
        calls = sum(one.quantity for one in own if one.kind is UsageKind.CALL)
        service, base = Fraction(0), Fraction(0)
        for day in prices:
            bands = (calls + 199) // 200
            service += Fraction(bands * 200 * day.agent_per_year * 30, 12 * 1200 * 100 * length)
            base += Fraction(day.base_per_year, 12 * length)
        answers = sum(
            one.quantity * self._on(one.happened_at.astimezone(SEOUL).date()).answer
            for one in own
            if one.kind is UsageKind.ANSWER
        )
        return int(service) + int(base) + answers

    def _on(self, day: date) -> Prices:
        return self.lists[max(since for since in self.lists if since <= day)]


def left_out(session: Session, counted: Iterable[str]) -> Counter[tuple[str, str, UsageKind]]:
    """What those rows come to that no line counts, by firm, month and kind."""
    left: Counter[tuple[str, str, UsageKind]] = Counter()
    for row in session.scalars(select(Usage).where(Usage.key.not_in(counted))):
        left[row.firm, row.month, row.kind] += row.quantity
    return left


@pytest.fixture(scope="module")
def ledger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One SQLite database for every example."""
    from ivr.store import make_engine
    from migrations.models import all_tables

    keyring = request.getfixturevalue("keyring")
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'ledger.db'}", keyring=keyring)
    all_tables().create_all(engine)
    yield engine
    engine.dispose()


@pytest.mark.timeout(600)
@settings(max_examples=examples(15))
@given(played=events)
@example(played=[("note", UsageKind.MINUTE, 0, HANBIT, date(2026, 9, 1), count) for count in (1, 0)])
def test_statements_add_up_to_all_usage_whatever_order_things_come_in(ledger: Engine, played: list[object]) -> None:
    empty(ledger)
    stage = Stage(Store(ledger))
    for firm in FIRMS:
        stage.contract(firm)
    books = Books(stage)
    for event in played:
        books.play(event)  # type: ignore[arg-type]
    for month in MONTHS:
        books.close(month)
    # What came late to the last month, and corrections, stand on one more statement.
    books.at = datetime(2027, 1, 1, 4, tzinfo=SEOUL)
    books.close("2026-12")
    with stage.reading() as session:
        statements = session.scalars(select(Statement)).all()
        lines = session.scalars(select(StatementLine)).all()
        for one in statements:
            own = [line for line in lines if line.statement_id == one.id]
            assert one.owed == sum(line.owed for line in own)
            assert one.gross == one.support + one.owed == sum(line.gross for line in own)
        for firm in FIRMS:
            billed = sum(one.owed for one in statements if one.firm == firm)
            corrections = sum(row.owed for row in session.scalars(select(Correction).where(Correction.firm == firm)))
            december = int(Fraction(books._on(date(2026, 12, 31)).base_per_year, 12))
            assert billed - corrections == sum(books.owed(firm, month) for month in MONTHS) + december
        counted: Counter[str] = Counter()
        for line in lines:
            behind = rows_behind(session, line.statement_id, line.ordinal)
            counted.update(row.key for row in behind)
            if line.kind not in {LineKind.BASE, LineKind.CORRECTION} and line.detail.get("of") != "base":
                assert line.quantity == sum(row.quantity for row in behind)
        # No row is billed twice, and none is forgotten: what no line counts was taken back before it was ever billed.
        assert set(counted.values()) <= {1}
        assert set(left_out(session, counted).values()) <= {0}
        assert sum(row.owed for row in session.scalars(select(Correction))) == books.corrections
