"""Quotas, the calls a firm has left, the bill; and that nobody takes more than there is, whoever asks at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from ivr.calls.rows import Call
from ivr.campaigns import money, quotas
from ivr.campaigns.billing import bill_of_campaign, bill_of_month
from ivr.campaigns.plan import Plan
from ivr.campaigns.report import most_answers, report
from ivr.campaigns.rows import Campaign, Charge, ChargeState
from ivr.store import Store
from ivr.surveys.rows import Disposition
from tests.unit.campaigns.campaigning import AT, CALENDAR, LINES, audience, campaign, checked, draft

FIRM = next(iter(LINES.by_id("ascentre").firms))
DIALLED = LINES.by_id("ascentre").firms[FIRM].numbers[0]
AT_ONCE, THREADS = 12, 6


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def survey(store: Store, *, monthly: int = 5) -> int:
    """A checked survey of a firm that has so many calls a month."""
    list_id = audience(store, range(1, 9), line="ascentre")
    id = checked(store, draft(list_id, questionnaire="ascentre-repair", firm=FIRM))
    with store.transaction() as session:
        money.allow(session, "ascentre", FIRM, month=money.month_of(AT), calls=monthly)
    return id


def happy(store: Store, plan: Plan | None = None) -> int:
    return checked(store, draft(audience(store, range(1, 9)), plan or Plan()))


def rung(store: Store, count: int, firm: str = FIRM, at: datetime = AT) -> None:
    """So many customers of the firm called, by whatever way they reached it."""
    with store.transaction() as session:
        for number in range(count):
            name = f"{firm}{at}{number}"
            session.add(
                Call(
                    id=f"c{number}{firm}{at:%m%d}",
                    line="ascentre",
                    carrier_sid=name,
                    dialled=DIALLED,
                    firm=firm,
                    receipt_number=str(number),
                    arrived_at=at,
                )
            )


def reserved(store: Store, id: int, dial: str, at: datetime = AT) -> bool:
    with store.transaction() as session:
        return money.reserve(session, session.get_one(Campaign, id), dial, at=at)


def settled(store: Store, dial: str, disposition: Disposition) -> ChargeState:
    with store.transaction() as session:
        money.settle(session, dial, disposition, at=AT)
        return session.get_one(Charge, dial).state


def together(work: Callable[[int], bool], count: int = AT_ONCE) -> int:
    """How many of so many attempts succeeded that were made at the same time."""
    with ThreadPoolExecutor(THREADS) as threads:
        return sum(threads.map(work, range(count)))


def test_only_completed_answers_are_owed(store: Store) -> None:
    id = survey(store)
    ends = {"l1": Disposition.COMPLETED, "l2": Disposition.PARTIAL, "l3": Disposition.REFUSED}
    assert all(reserved(store, id, dial) for dial in ends)
    states = [settled(store, dial, end) for dial, end in ends.items()]
    assert states == [ChargeState.BILLABLE, ChargeState.VOID, ChargeState.VOID]
    assert settled(store, "l1", Disposition.REFUSED) is ChargeState.BILLABLE
    with store.reading() as session:
        (line,) = bill_of_campaign(session, id)
        assert bill_of_month(session, "ascentre", "2026-11") == [line]
        assert bill_of_month(session, "ascentre", "2026-12") == []
        assert bill_of_month(session, "ascentre", "2026-11", firm="another") == []
    assert (line.billable, line.void, line.reserved, line.won) == (1, 2, 0, 1500)


def test_a_happy_call_is_free_and_uses_no_calls(store: Store) -> None:
    id = happy(store)
    assert reserved(store, id, "l1")
    assert reserved(store, id, "l2")
    assert settled(store, "l1", Disposition.COMPLETED) is ChargeState.FREE
    assert settled(store, "l2", Disposition.BREAKOFF) is ChargeState.VOID
    with store.reading() as session:
        (line,) = bill_of_campaign(session, id)
        assert money.calls_left(session, campaign(store, id), AT) is None
    assert line.won == 0


def test_the_calls_of_customers_and_what_is_held_use_up_the_month(store: Store) -> None:
    id = survey(store, monthly=5)
    rung(store, 2)
    rung(store, 4, firm="")
    rung(store, 3, at=AT - timedelta(days=40))
    assert [reserved(store, id, f"l{number}") for number in range(4)] == [True, True, True, False]
    assert reserved(store, id, "l0"), "the same dial is held once"
    settled(store, "l0", Disposition.REFUSED)
    assert reserved(store, id, "l9")
    with store.reading() as session:
        assert money.calls_left(session, campaign(store, id), AT) == 0
        assert money.calls_left(session, campaign(store, id), AT + timedelta(days=30)) == 200


def test_the_month_is_that_of_seoul(store: Store) -> None:
    id = survey(store, monthly=1)
    assert money.month_of(datetime.fromisoformat("2026-11-30T15:00:00+00:00")) == "2026-12"
    assert reserved(store, id, "l1", datetime.fromisoformat("2026-11-30T14:59:59+00:00"))
    assert not reserved(store, id, "l2", datetime.fromisoformat("2026-11-30T14:59:59+00:00"))
    assert reserved(store, id, "l3", datetime.fromisoformat("2026-11-30T15:00:00+00:00"))


def test_no_more_calls_are_held_than_there_are_however_many_ask_at_once(store: Store) -> None:
    id = survey(store, monthly=5)
    assert together(lambda number: reserved(store, id, f"l{number}")) == 5


def test_a_quota_is_never_passed_however_many_ask_at_once(store: Store) -> None:
    plan = Plan(groups={"g1": 4, "g2": 9}, cut_off=6)
    id = happy(store, plan)
    with store.transaction() as session:
        quotas.open_quotas(session, id, plan)

    def taking(number: int) -> bool:
        with store.transaction() as session:
            return quotas.take(session, id, f"g{number % 2 + 1}")

    assert together(taking) == 6
    with store.reading() as session:
        found = quotas.quotas_of(session, id)
    assert found[quotas.WHOLE] == (6, 6)
    assert found["g1"][0] <= 4


def test_a_place_given_back_can_be_taken_again(store: Store) -> None:
    plan = Plan(groups={"g1": 1}, cut_off=2)
    id = happy(store, plan)
    with store.transaction() as session:
        quotas.open_quotas(session, id, plan)
        assert quotas.take(session, id, "g1")
        assert not quotas.take(session, id, "g1")
        assert quotas.quotas_of(session, id)[""] == (1, 2)
        assert quotas.take(session, id, "g0")
        assert quotas.full_groups(session, id) == {"", "g1"}
        quotas.give_back(session, id, "g1")
        assert quotas.take(session, id, "g1")
        quotas.open_quotas(session, id, plan)
        assert quotas.quotas_of(session, id) == {"": (2, 2), "g1": (1, 1)}


def test_without_quotas_everybody_is_wanted(store: Store) -> None:
    id = happy(store)
    with store.transaction() as session:
        assert quotas.take(session, id, "g1")
        assert quotas.full_groups(session, id) == frozenset()


def test_the_ceiling_is_bounded_by_quotas_cut_off_and_calls_left(store: Store) -> None:
    assert most_answers(Plan(groups={"a": 2}), {"a": 5, "b": 4}, None) == 6
    assert most_answers(Plan(groups={"a": 2}, cut_off=3), {"a": 5, "b": 4}, None) == 3
    assert most_answers(Plan(cut_off=3), {"a": 5, "b": 4}, 1) == 1
    id = survey(store, monthly=3)
    rung(store, 1)
    with store.reading() as session:
        found = report(session, campaign(store, id), CALENDAR, at=AT)
        assert session.scalars(select(Charge)).all() == []
    assert found.calls_left == 2
    assert found.eligible == 0, "nobody of them agreed to a survey"
    assert found.ceiling.won == 0


def test_a_month_without_a_number_of_its_own_keeps_each_campaign_to_its_terms(store: Store) -> None:
    """The line's own number was lowered from 200 to 1 between two campaigns: the second does not go by the first."""
    list_id = audience(store, range(1, 9), line="ascentre")
    older, later = (checked(store, draft(list_id, questionnaire="ascentre-repair", firm=FIRM)) for _ in range(2))
    with store.transaction() as session:
        row = session.get_one(Campaign, later)
        row.terms = {**(row.terms or {}), "monthly_calls": 1}
    assert reserved(store, older, "l1", AT + timedelta(days=30))
    assert not reserved(store, later, "l2", AT + timedelta(days=30))
    assert reserved(store, older, "l3", AT + timedelta(days=30))
