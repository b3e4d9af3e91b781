"""Rounds: what a sample is drawn from, by whom and when; once drawn it stands."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import String, select

from ivr.base import Refused
from ivr.calls.rows import Call
from ivr.courtesy.rounds import HeldBy, Plan, candidates, draw_sample, keep_round
from ivr.courtesy.rows import CourtesyEvent, CourtesyRound
from ivr.courtesy.sample import Candidate
from tests.unit.charters.tales import Tale, line_of, talk
from tests.unit.courtesy.stock import ARRIVED, DRAWN, FIRST, LAST, LINE, PLAN, Stock, by, form


def test_a_round_keeps_what_it_was_drawn_by_and_by_whom(drawn: Stock) -> None:
    ledger = drawn.ledger()
    assert (ledger.round.drawn_by, ledger.round.drawn_at, ledger.round.seed) == ("lead", DRAWN, 7)
    assert ledger.form == form()
    assert [pick.ordinal for pick in ledger.picks.values()] == [1, 2, 3, 4, 5, 6]
    assert sorted(pick.agent_id for pick in ledger.picks.values()) == ["kotra-1"] * 3 + ["kotra-2"] * 3
    assert sum(pick.second for pick in ledger.picks.values()) == 3


def test_the_longest_name_of_a_round_fits_into_its_column() -> None:
    id, institution = (CourtesyRound.__table__.c[name].type for name in ("id", "institution"))
    assert isinstance(id, String)
    assert isinstance(institution, String)
    longest = Plan("k" * (institution.length or 0), FIRST, LAST, size=1, seed=2**31 - 1)
    assert 40 < len(longest.id) <= (id.length or 0)


def test_calls_that_come_later_do_not_change_a_round(drawn: Stock) -> None:
    before = list(drawn.ledger().picks)
    for number in range(20):
        drawn.call(f"late{number}", "kotra-1", at=ARRIVED + timedelta(minutes=number))
    assert list(drawn.draw().picks) == before


def test_another_size_of_a_drawn_round_is_refused(drawn: Stock) -> None:
    with pytest.raises(Refused, match="was drawn on 2026-11-30 by another size"):
        drawn.draw(replace(PLAN, size=7))


@pytest.mark.parametrize("held_by", ["outside_agency"])
def test_a_round_that_was_drawn_for_others_to_hold_is_another_round(drawn: Stock, held_by: HeldBy) -> None:
    with pytest.raises(Refused, match="another size, share or holder"):
        drawn.draw(replace(PLAN, held_by=held_by))


def test_a_round_is_drawn_only_once_its_last_local_day_is_over(stock: Stock) -> None:
    midnight = datetime(2026, 11, 27, 15, tzinfo=UTC)
    for at, last in ((midnight - timedelta(seconds=1), LAST), (midnight, date(2027, 12, 31)), (midnight, date.max)):
        plan = replace(PLAN, last_day=last)
        with stock.store.transaction() as session, pytest.raises(Refused, match=f"once {last} is over"):
            keep_round(session, plan, sample=(), form=form(), deed=by("lead", at=at))
    with stock.store.transaction() as session:
        sample = draw_sample(session, PLAN, form())
        assert keep_round(session, PLAN, sample=sample, form=form(), deed=by("lead", at=midnight)).picks


def test_of_two_who_draw_one_round_at_once_both_find_the_same(stock: Stock) -> None:
    def drawing(name: str) -> tuple[str, list[str]]:
        with stock.store.transaction() as session:
            together.wait()
            ledger = keep_round(session, PLAN, sample=sample, form=form(), deed=by(name))
            return ledger.round.drawn_by, list(ledger.picks)

    with stock.store.reading() as session:
        sample = draw_sample(session, PLAN, form())
    # SQLite lets one write at a time: there the second cannot even begin before the first is done.
    together = Barrier(1 if stock.store.dialect == "sqlite" else 4)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(drawing, ["one", "two", "three", "four"]))
    assert all(one == found[0] for one in found)
    with stock.store.reading() as session:
        assert len(session.scalars(select(CourtesyEvent)).all()) == 1


def test_only_ended_calls_of_the_line_and_the_local_days_with_a_talk_are_candidates(stock: Stock) -> None:
    line = line_of(LINE)
    stock.call("gone", "kotra-1", tale=Tale(line).tell("arrived", "caller", 0))
    gone = talk(line)
    for fact in gone.facts:
        if fact.kind == "joining":
            fact.detail["agent_gone"] = True
    stock.call("nobody", "kotra-1", tale=gone)
    stock.call("before", "kotra-1", at=ARRIVED - timedelta(hours=10, seconds=1))
    stock.call("first", "kotra-1", at=ARRIVED - timedelta(hours=10))
    stock.call("last", "kotra-1", at=ARRIVED + timedelta(days=4, hours=13, minutes=59))
    stock.call("after", "kotra-1", at=ARRIVED + timedelta(days=4, hours=14))
    stock.call("going-on", "kotra-1")
    with stock.store.transaction() as session:
        session.get_one(Call, "going-on").ended_at = None
    with stock.store.reading() as session:
        found = {one.call_id for one in candidates(session, PLAN)}
        assert candidates(session, replace(PLAN, institution="kibo")) == []
    assert found & {"gone", "nobody", "before", "first", "last", "after", "going-on"} == {"first", "last"}
    assert len(found) == 12 + 2


def test_a_talk_that_the_caller_came_back_to_is_one_candidate(stock: Stock) -> None:
    tale = talk(line_of(LINE), until_talk=True)
    tale.joins(tale.offers[0].id, at=40.0)
    stock.call("back", "kotra-1", tale=tale)
    with stock.store.reading() as session:
        found = [one for one in candidates(session, PLAN) if one.call_id == "back"]
    assert found == [Candidate("back", "back-1", "kotra-1", "support")]


def test_days_without_an_answered_call_give_no_round(stock: Stock) -> None:
    with pytest.raises(Refused, match="no call of kibo was answered"):
        stock.draw(replace(PLAN, institution="kibo"))
