"""Sheets: a sheet is final, the second rater is blind, own calls are nobody's, and a round ends in order."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from ivr.base import Refused
from ivr.calls.rows import Offer
from ivr.courtesy.ledger import Deed, UnknownRound
from ivr.courtesy.rounds import cancel, drop_call, keep_round, publish
from ivr.courtesy.rows import Place, RoundState
from ivr.courtesy.sample import Candidate, Picked
from ivr.courtesy.sheets import BadSheet, Filled, correct, reconcile, submit, visible
from tests.people import agent_of
from tests.unit.charters.tales import line_of, talk
from tests.unit.courtesy.stock import ARRIVED, LINE, PLAN, Stock, by, form, scores


def twice(stock: Stock) -> str:
    """A call that two raters score."""
    return next(call for call, pick in stock.ledger().picks.items() if pick.second)


def once(stock: Stock) -> str:
    return next(call for call, pick in stock.ledger().picks.items() if not pick.second)


def corrected(stock: Stock, call: str, given: dict[str, int | None], deed: Deed) -> None:
    with stock.store.transaction() as session:
        correct(session, stock.round_id, call_id=call, filled=Filled(given), deed=deed)


def reconciled(stock: Stock, call: str, given: dict[str, int | None], deed: Deed) -> None:
    with stock.store.transaction() as session:
        reconcile(session, stock.round_id, call_id=call, filled=Filled(given), deed=deed)


def published(stock: Stock) -> None:
    with stock.store.transaction() as session:
        publish(session, stock.round_id, deed=by("lead"))


# Scoring


def test_a_sheet_is_kept_and_final(drawn: Stock) -> None:
    call = once(drawn)
    drawn.submit(call, "one", scores(5, transfer=None))
    with pytest.raises(Refused, match="final"):
        drawn.submit(call, " ONE ", scores(5))
    with pytest.raises(Refused, match="is scored already"):
        drawn.submit(call, "two", scores(5))
    sheet = drawn.ledger().counting(call)
    assert sheet is not None
    assert (sheet.place, sheet.version, sheet.rater, sheet.scores["transfer"]) == (Place.FIRST, 1, "one", None)


def test_every_problem_of_a_sheet_is_named_at_once_and_nothing_is_kept(drawn: Stock) -> None:
    given = scores(4, listening=6, farewell=2, wording=None, **{"colour": 3})
    del given["attitude"]
    with pytest.raises(BadSheet) as raised:
        drawn.submit(once(drawn), "one", given)
    assert dict(raised.value.problems) == {
        "listening": "cannot be 6: use 1, 2, 3, 4, 5",
        "wording": "must be scored in every call",
        "further-questions": "cannot be 4: use 1, 3, 5",
        "hanging-up": "cannot be 4: use 1, 3, 5",
        "colour": "is no item of the form",
        "attitude": "is missing: give a score",
    }
    assert not drawn.ledger().sheets


@pytest.mark.parametrize("name", ["kotra-1", "KOTRA-1", "김민수", " 김민수 "])
def test_nobody_scores_own_calls(drawn: Stock, name: str) -> None:
    call = next(call for call, pick in drawn.ledger().picks.items() if pick.agent_id == "kotra-1")
    with pytest.raises(Refused, match="nobody scores or decides on own calls"):
        drawn.submit(call, name, scores())
    other = next(call for call, pick in drawn.ledger().picks.items() if pick.agent_id == "kotra-2")
    drawn.submit(other, name, scores())


@pytest.mark.parametrize("name", ["kotra-1", "김민수"])
def test_nobody_scores_a_call_in_which_one_had_another_talk(stock: Stock, name: str) -> None:
    tale = talk(line_of(LINE), until_talk=True)
    second = tale.offer(closed=100.0)
    tale.rings(second, 2.0, at=50).takes(second, at=56).joins(second, at=58)
    unanswered = tale.offer("unanswered", closed=30.0)
    assert (second, unanswered) == ("c1-2", "c1-3")
    stock.call("two", "kotra-1", tale=tale)
    with stock.store.transaction() as session:
        session.get_one(Offer, "two-2").agent_id = "kotra-2"
        session.add(agent_of(line_of(LINE), ARRIVED, number=3))
        session.flush()
        session.get_one(Offer, "two-3").agent_id = "kotra-3"
        picked = Picked(Candidate("two", "two-2", "kotra-2", "support"), second=False)
        keep_round(session, PLAN, sample=[picked], form=form(), deed=by("lead"))
    with pytest.raises(Refused, match="nobody scores or decides on own calls"):
        stock.submit("two", name, scores())
    # Who was rung and did not take the call has not spoken in it.
    stock.submit("two", "kotra-3", scores())


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_rater_has_a_name(drawn: Stock, name: str) -> None:
    with pytest.raises(Refused, match="account name"):
        drawn.submit(once(drawn), name, scores())


def test_a_call_outside_the_sample_and_an_unknown_round_are_named(drawn: Stock) -> None:
    with pytest.raises(UnknownRound, match="c-other is not in the sample"):
        drawn.submit("c-other", "one", scores())
    with drawn.store.transaction() as session, pytest.raises(UnknownRound, match="no courtesy round nowhere"):
        submit(session, "nowhere", call_id="c", filled=Filled({}), deed=by("one"))


# Two raters


def test_the_second_rater_is_blind_until_both_have_scored(drawn: Stock) -> None:
    call = twice(drawn)
    drawn.submit(call, "one", scores(4, further_questions=3, hanging_up=3))
    assert visible(drawn.ledger(), call, "two") == []
    assert visible(drawn.ledger(), call, "lead") == []
    assert [sheet.rater for sheet in visible(drawn.ledger(), call, "one")] == ["one"]
    assert drawn.ledger().disputes(call) == ()
    drawn.submit(call, "two", scores(1))
    assert [sheet.rater for sheet in visible(drawn.ledger(), call, "anybody")] == ["one", "two"]


def test_one_rater_cannot_be_the_second_one_too(drawn: Stock) -> None:
    call = twice(drawn)
    drawn.submit(call, "one", scores())
    with pytest.raises(Refused, match="final"):
        drawn.submit(call, "one", scores())
    drawn.submit(call, "two", scores())
    with pytest.raises(Refused, match="is scored already"):
        drawn.submit(call, "three", scores())


def test_of_raters_who_hand_in_at_once_only_as_many_are_taken_as_the_call_needs(drawn: Stock) -> None:
    def hand_in(rater: str) -> bool:
        try:
            drawn.submit(call, rater, scores())
        except Refused:
            return False
        return True

    for call, needed in ((once(drawn), 1), (twice(drawn), 2)):
        with ThreadPoolExecutor(4) as pool:
            taken = list(pool.map(hand_in, ["one", "two", "three", "four"]))
        assert taken.count(True) == needed
        sheets = [drawn.ledger().latest(call, place) for place in (Place.FIRST, Place.SECOND)]
        assert len({sheet.rater for sheet in sheets if sheet is not None}) == needed


def test_a_correction_is_a_new_version_with_its_reason(drawn: Stock) -> None:
    call = once(drawn)
    drawn.submit(call, "one", scores())
    corrected(drawn, call, {"listening": 2}, by("one", "잘못 들었습니다"))
    versions = drawn.ledger().sheets[call, Place.FIRST]
    assert [(sheet.version, sheet.scores["listening"], sheet.reason) for sheet in versions] == [
        (1, 5, ""),
        (2, 2, "잘못 들었습니다"),
    ]
    assert versions[1].scores["wording"] == 5


def test_a_correction_needs_a_reason_ones_own_sheet_and_fitting_scores(drawn: Stock) -> None:
    call = once(drawn)
    drawn.submit(call, "one", scores())
    with pytest.raises(Refused, match="reason is missing"):
        corrected(drawn, call, {"listening": 2}, by("one", " "))
    with pytest.raises(Refused, match="nobody else's sheet"):
        corrected(drawn, call, {"listening": 2}, by("two", "why"))
    with pytest.raises(BadSheet, match="cannot be 9"):
        corrected(drawn, call, {"listening": 9}, by("one", "why"))
    assert len(drawn.ledger().sheets[call, Place.FIRST]) == 1


def test_what_is_corrected_after_seeing_the_other_sheet_is_not_blind(drawn: Stock) -> None:
    call = twice(drawn)
    drawn.submit(call, "one", scores())
    corrected(drawn, call, {"listening": 4}, by("one", "before"))
    drawn.submit(call, "two", scores(5, listening=3))
    corrected(drawn, call, {"listening": 3}, by("one", "after"))
    assert [sheet.blind for sheet in drawn.ledger().sheets[call, Place.FIRST]] == [True, True, False]


def test_disputes_are_settled_beside_both_sheets(drawn: Stock) -> None:
    call = twice(drawn)
    drawn.submit(call, "one", scores(5, transfer=None))
    drawn.submit(call, "two", scores(5, transfer=5, listening=3, wording=4))
    assert drawn.ledger().disputes(call) == ("listening", "transfer")
    assert drawn.ledger().unsettled() == [call]
    with pytest.raises(Refused, match="differ on transfer"):
        reconciled(drawn, call, {"listening": 4}, by("lead"))
    reconciled(drawn, call, {"listening": 4, "transfer": None}, by("lead"))
    ledger = drawn.ledger()
    counting = ledger.counting(call)
    assert counting is not None
    assert (counting.place, counting.rater, counting.scores["listening"]) == (Place.AGREED, "lead", 4)
    assert counting.scores["wording"] == 5
    assert [
        sheet.scores["listening"] for place in (Place.FIRST, Place.SECOND) for sheet in ledger.sheets[call, place]
    ] == [
        5,
        3,
    ]
    assert ledger.unsettled() == []
    with pytest.raises(Refused, match="reconcile it again"):
        corrected(drawn, call, {"listening": 1}, by("one", "why"))
    with pytest.raises(Refused, match="reason is missing"):
        reconciled(drawn, call, {"listening": 3}, by("lead"))
    reconciled(drawn, call, {"listening": 3}, by("lead", "다시 들었습니다"))
    assert len(drawn.ledger().sheets[call, Place.AGREED]) == 2


def test_what_the_raters_agree_on_is_nobodys_to_reconcile(drawn: Stock) -> None:
    call = twice(drawn)
    drawn.submit(call, "one", scores(1))
    drawn.submit(call, "two", scores(1))
    assert drawn.ledger().disputes(call) == ()
    with pytest.raises(Refused, match="do not differ"):
        reconciled(drawn, call, scores(5), by("boss", "why"))
    assert drawn.ledger().latest(call, Place.AGREED) is None


def test_only_items_in_dispute_are_reconciled(drawn: Stock) -> None:
    call = twice(drawn)
    drawn.submit(call, "one", scores(5))
    drawn.submit(call, "two", scores(5, listening=1, wording=4))
    with pytest.raises(Refused, match="do not differ on wording"):
        reconciled(drawn, call, {"listening": 3, "wording": 4}, by("lead"))
    reconciled(drawn, call, {"listening": 3}, by("lead"))
    with pytest.raises(Refused, match="do not differ on attitude"):
        reconciled(drawn, call, {"attitude": 1}, by("lead", "why"))


def test_there_is_nothing_to_reconcile_with_one_sheet_and_never_by_the_agent(drawn: Stock) -> None:
    call = twice(drawn)
    drawn.submit(call, "one", scores())
    with pytest.raises(Refused, match="nothing to reconcile"):
        reconciled(drawn, call, {}, by("lead"))
    drawn.submit(call, "two", scores(5, listening=1))
    with pytest.raises(Refused, match="own calls"):
        reconciled(drawn, call, {"listening": 5}, by(drawn.ledger().pick(call).agent_id))


# The end


def test_a_round_is_published_when_everything_is_scored_and_settled(drawn: Stock) -> None:
    with pytest.raises(Refused, match="not finished"):
        published(drawn)
    call = twice(drawn)
    drawn.submit(call, "one", scores())
    drawn.submit(call, "two", scores(5, listening=1))
    drawn.score_all()
    with pytest.raises(Refused, match=f"to reconcile {call}"):
        published(drawn)
    reconciled(drawn, call, {"listening": 3}, by("lead"))
    published(drawn)
    ledger = drawn.ledger()
    assert (ledger.round.state, str(ledger.round.appeal_until)) == (RoundState.PUBLISHED, "2026-12-14")
    with pytest.raises(Refused, match="published: its sheets stand"):
        corrected(drawn, once(drawn), {"listening": 1}, by("one", "why"))
    with pytest.raises(Refused, match="not allowed"):
        published(drawn)


def test_a_call_that_cannot_be_scored_is_dropped_with_a_reason_but_never_a_scored_one(drawn: Stock) -> None:
    lost, kept = once(drawn), twice(drawn)
    drawn.submit(kept, "one", scores())
    with drawn.store.transaction() as session:
        with pytest.raises(Refused, match="stays in the sample"):
            drop_call(session, drawn.round_id, call_id=kept, deed=by("lead", "why"))
        with pytest.raises(Refused, match="reason is missing"):
            drop_call(session, drawn.round_id, call_id=lost, deed=by("lead"))
        drop_call(session, drawn.round_id, call_id=lost, deed=by("lead", "녹음이 없습니다"))
    with pytest.raises(Refused, match="is dropped already"):
        drawn.submit(lost, "one", scores())
    drawn.score_all()
    published(drawn)
    assert len(drawn.ledger().scored()) == 5


def test_a_round_of_nothing_but_dropped_calls_is_not_published(drawn: Stock) -> None:
    with drawn.store.transaction() as session:
        for call in drawn.ledger().picks:
            drop_call(session, drawn.round_id, call_id=call, deed=by("lead", "녹음이 없습니다"))
    with pytest.raises(Refused, match="scored 0"):
        published(drawn)


def test_a_cancelled_round_stays_and_takes_no_sheets(drawn: Stock) -> None:
    with drawn.store.transaction() as session:
        cancel(session, drawn.round_id, deed=by("lead", "기간을 잘못 잡았습니다"))
    with pytest.raises(Refused, match="is cancelled"):
        drawn.submit(once(drawn), "one", scores())
    with pytest.raises(Refused, match="not allowed"):
        published(drawn)
    assert drawn.ledger().round.state is RoundState.CANCELLED
