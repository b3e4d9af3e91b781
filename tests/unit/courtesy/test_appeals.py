"""Appeals: in time, of one's own call, decided by somebody else, the old score kept beside the new one."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from ivr.base import Refused
from ivr.courtesy.appeals import Against, UnknownAppeal, appeals_of, dismiss, file_appeal, is_late, uphold, withdraw
from ivr.courtesy.ledger import Deed
from ivr.courtesy.rounds import publish
from ivr.courtesy.rows import AppealState, CourtesyAppeal, CourtesyEvent, Place
from ivr.courtesy.sheets import BadSheet
from tests.unit.courtesy.stock import DRAWN, Stock, by, scores

LAST_MOMENT = datetime(2026, 12, 14, 14, 59, 59, tzinfo=UTC)


@pytest.fixture
def result(drawn: Stock) -> Stock:
    """A published round, listening at 2 of 5 in every call."""
    drawn.score_all(scores(5, listening=2, transfer=None))
    with drawn.store.transaction() as session:
        publish(session, drawn.round_id, deed=by("lead"))
    return drawn


def call_of(stock: Stock, agent: str = "kotra-1") -> str:
    return next(call for call, pick in stock.ledger().picks.items() if pick.agent_id == agent)


def appealed(stock: Stock, item: str = "listening", *, deed: Deed | None = None) -> Against:
    against = Against(call_of(stock), item)
    with stock.store.transaction() as session:
        file_appeal(session, stock.round_id, against=against, deed=deed or by("kotra-1", "끝까지 들었습니다"))
    return against


def upheld(stock: Stock, against: Against, points: int | None, deed: Deed) -> None:
    with stock.store.transaction() as session:
        uphold(session, stock.round_id, against=against, points=points, deed=deed)


def only(stock: Stock) -> CourtesyAppeal:
    with stock.store.reading() as session:
        (appeal,) = appeals_of(session, stock.round_id)
        return appeal


def test_an_upheld_appeal_corrects_the_score_as_a_new_version(result: Stock) -> None:
    against = appealed(result)
    upheld(result, against, 4, by("judge", "녹음을 다시 들었습니다"))
    appeal = only(result)
    assert (appeal.state, appeal.decided_by, str(appeal.decide_by)) == (AppealState.UPHELD, "judge", "2026-12-07")
    versions = result.ledger().sheets[against.call_id, Place.FIRST]
    assert [(sheet.version, sheet.scores["listening"], sheet.rater, sheet.written_by) for sheet in versions] == [
        (1, 2, "one", "one"),
        (2, 4, "one", "judge"),
    ]
    assert versions[1].reason == "녹음을 다시 들었습니다"


def test_a_dismissed_appeal_leaves_the_score_and_keeps_the_reason(result: Stock) -> None:
    against = appealed(result)
    with result.store.transaction() as session:
        dismiss(session, result.round_id, against=against, deed=by("judge", "말을 두 번 끊었습니다"))
    assert (only(result).state, only(result).reason) == (AppealState.DISMISSED, "말을 두 번 끊었습니다")
    assert len(result.ledger().sheets[against.call_id, Place.FIRST]) == 1
    with pytest.raises(Refused, match="not allowed from 'dismissed'"):
        upheld(result, against, 4, by("judge", "why"))
    with pytest.raises(Refused, match="once is all"):
        appealed(result)


def test_an_appeal_can_be_withdrawn_by_its_agent_alone(result: Stock) -> None:
    against = appealed(result)
    with result.store.transaction() as session:
        with pytest.raises(Refused, match="only the agent"):
            withdraw(session, result.round_id, against=against, deed=by("kotra-2"))
        withdraw(session, result.round_id, against=against, deed=by("kotra-1"))
    assert only(result).state is AppealState.WITHDRAWN


def test_the_days_for_appeals_are_local_and_the_last_one_counts(result: Stock) -> None:
    with pytest.raises(Refused, match="up to 2026-12-14"):
        appealed(result, deed=by("kotra-1", "why", at=LAST_MOMENT + timedelta(seconds=1)))
    appealed(result, deed=by("kotra-1", "why", at=LAST_MOMENT))


def test_an_appeal_is_late_from_the_day_after_its_last_one(result: Stock) -> None:
    appealed(result)
    decide_by = datetime(2026, 12, 7, 14, 59, 59, tzinfo=UTC)
    assert not is_late(only(result), decide_by)
    assert is_late(only(result), decide_by + timedelta(seconds=1))


def test_before_the_publication_there_is_nothing_to_appeal_against(drawn: Stock) -> None:
    with pytest.raises(Refused, match="appeals begin with the publication"):
        appealed(drawn)


@pytest.mark.parametrize(
    ("item", "deed", "told"),
    [
        ("listening", by("kotra-2", "why"), "was not spoken by kotra-2"),
        ("listening", by("kotra-1", " "), "reason is missing"),
        ("colour", by("kotra-1", "why"), "colour is no item of the form"),
        ("transfer", by("kotra-1", "why"), "transfer was not scored"),
    ],
)
def test_an_appeal_is_of_ones_own_scored_item_with_a_reason(result: Stock, item: str, deed: Deed, told: str) -> None:
    with pytest.raises(Refused, match=told):
        appealed(result, item, deed=deed)


@pytest.mark.parametrize(
    ("name", "told"), [("one", "somebody else decides"), ("ONE", "somebody else"), ("김민수", "own calls")]
)
def test_neither_a_rater_nor_the_agent_decides(result: Stock, name: str, told: str) -> None:
    against = appealed(result)
    with pytest.raises(Refused, match=told):
        upheld(result, against, 4, by(name, "why"))
    with result.store.transaction() as session, pytest.raises(Refused, match=told):
        dismiss(session, result.round_id, against=against, deed=by(name, "why"))
    assert only(result).state is AppealState.FILED


def test_who_decided_one_appeal_may_decide_another_of_the_same_call(result: Stock) -> None:
    first, second = appealed(result), appealed(result, "wording")
    upheld(result, first, 4, by("judge", "why", at=DRAWN + timedelta(days=1)))
    with result.store.transaction() as session:
        dismiss(session, result.round_id, against=second, deed=by("judge", "why", at=DRAWN + timedelta(days=1)))
        assert [appeal.state for appeal in appeals_of(session, result.round_id)] == ["upheld", "dismissed"]


def test_to_uphold_is_to_give_more(result: Stock) -> None:
    against = appealed(result)
    for points in (1, 2):
        with pytest.raises(Refused, match="gives more, or dismiss it"):
            upheld(result, against, points, by("judge", "why"))
    with pytest.raises(BadSheet, match="must be scored in every call"):
        upheld(result, against, None, by("judge", "why"))
    with pytest.raises(Refused, match="reason is missing"):
        upheld(result, against, 3, by("judge"))
    assert only(result).state is AppealState.FILED


def test_not_applicable_is_refused_where_it_takes_points_away(drawn: Stock) -> None:
    drawn.score_all(scores(1, transfer=5))
    with drawn.store.transaction() as session:
        publish(session, drawn.round_id, deed=by("lead"))
    against = appealed(drawn, "transfer")
    with pytest.raises(Refused, match="gives more, or dismiss it"):
        upheld(drawn, against, None, by("judge", "why"))
    assert only(drawn).state is AppealState.FILED


def test_not_applicable_is_given_where_it_is_more(drawn: Stock) -> None:
    drawn.score_all(scores(5, transfer=1))
    with drawn.store.transaction() as session:
        publish(session, drawn.round_id, deed=by("lead"))
    upheld(drawn, appealed(drawn, "transfer"), None, by("judge", "why"))
    assert only(drawn).state is AppealState.UPHELD


def test_an_appeal_that_nobody_made_is_named(result: Stock) -> None:
    with pytest.raises(UnknownAppeal, match="nobody has appealed against wording"):
        upheld(result, Against(call_of(result), "wording"), 4, by("judge", "why"))


def test_the_history_tells_who_did_what_and_when(result: Stock) -> None:
    against = appealed(result)
    upheld(result, against, 5, by("judge", "why", at=DRAWN + timedelta(days=2)))
    with result.store.reading() as session:
        events = session.scalars(select(CourtesyEvent).order_by(CourtesyEvent.id)).all()
        told = [(one.event, one.by, one.item, one.reason, one.at) for one in events]
    assert told == [
        ("draw", "lead", "", "", DRAWN),
        ("publish", "lead", "", "", DRAWN),
        ("appeal", "kotra-1", "listening", "끝까지 들었습니다", DRAWN),
        ("uphold", "judge", "listening", "why", DRAWN + timedelta(days=2)),
    ]
