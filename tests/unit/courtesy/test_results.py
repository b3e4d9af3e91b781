"""Results: worked out by hand for a small round, and the rounds that were held in a period."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import Engine

from ivr.courtesy.agreement import Agreement
from ivr.courtesy.appeals import Against, file_appeal, uphold
from ivr.courtesy.results import CourtesySummary, agreement_of, calls_of, stages_of, summary, teams_of, whole_of
from ivr.courtesy.rounds import cancel, drop_call, publish
from ivr.courtesy.sheets import Filled, correct, reconcile
from ivr.store import Store
from tests.unit.courtesy.stock import DRAWN, FIRST, LAST, LINE, PLAN, Stock, by, form, scores

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def published(stock: Stock) -> Stock:
    with stock.store.transaction() as session:
        publish(session, stock.round_id, deed=by("lead"))
    return stock


def summed(stock: Stock, first: date = YEAR[0], last: date = YEAR[1]) -> CourtesySummary | None:
    with stock.store.reading() as session:
        return summary(session, LINE, first_day=first, last_day=last)


def test_a_round_is_summed_up_by_stage_item_and_team(stock: Stock) -> None:
    for number in range(2):
        stock.call(f"branch{number}", "kotra-2", team="branch-service")
    stock.draw(replace(PLAN, size=4, second_share=0))
    for call, pick in stock.ledger().picks.items():
        # In the branch team explanations (weight 20) are at half the scale, and nothing was transferred (5).
        stock.submit(call, "one", scores(5, explanation=3, transfer=None) if pick.team != "support" else scores())
    found = summed(published(stock))
    assert found is not None
    teams = {one.id: (one.n, one.value) for one in teams_of(calls_of(stock.ledger()))}
    branch, support = teams["branch-service"], teams["support"]
    assert (branch[1], support[1]) == (Fraction(100 * 85, 95), Fraction(100))
    assert branch[0] + support[0] == found.whole.n == 4
    expected = (branch[0] * Fraction(100 * 85, 95) + support[0] * 100) / 4
    assert found.whole.value == expected
    items = {one.id: one for one in found.items}
    assert items["transfer"].n == support[0]
    assert items["explanation"].value == Fraction(branch[0] * 50 + support[0] * 100, 4)
    assert (items["explanation"].name, list(items)) == ("설명의 충실성", [item.id for item in form().items])
    stages = {one.id: one.value for one in found.stages}
    # Of handling, 60 in all, 55 remain without the transfer, and 10 are lost.
    handling = (branch[0] * Fraction(100 * 45, 55) + support[0] * 100) / 4
    assert stages == {"opening": 100, "handling": handling, "closing": 100}
    assert [one.name for one in found.stages] == ["맞이", "응대", "마무리"]
    assert found.formula == form().heading.formula
    assert found.agreement == Agreement(0, None, None, None, None, "no_pairs")


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        ({"support": 3, "branch-service": 3}, ["branch-service", "support"]),
        ({"support": 3, "branch-service": 2}, []),
        ({"support": 3, "branch-service": 2, "champion": 1}, ["support"]),
        ({"support": 2, "branch-service": 2}, []),
    ],
)
def test_no_team_of_a_report_is_so_small_that_its_score_is_a_persons(
    engine: Engine, people: dict[str, int], shown: list[str]
) -> None:
    stock = Stock(Store(engine))
    agents = iter(stock.agents(sum(people.values())))
    for team, count in people.items():
        for number in range(count):
            stock.call(f"{team}{number}", next(agents), team=team)
    stock.draw(replace(PLAN, second_share=0))
    stock.score_all()
    found = summed(published(stock))
    assert found is not None
    assert (found.whole.n, [one.id for one in found.teams]) == (sum(people.values()), shown)


def test_nothing_that_is_not_published_is_held(drawn: Stock) -> None:
    drawn.score_all()
    assert summed(drawn) is None
    with drawn.store.transaction() as session:
        cancel(session, drawn.round_id, deed=by("lead", "why"))
    assert summed(drawn) is None


@pytest.mark.parametrize(
    ("first", "last", "held"),
    [
        (LAST, LAST, 1),
        (FIRST, LAST - timedelta(days=1), 0),
        (LAST + timedelta(days=1), date(2026, 12, 31), 0),
        (*YEAR, 1),
    ],
)
def test_a_round_is_held_in_the_period_in_which_its_days_end(drawn: Stock, first: date, last: date, held: int) -> None:
    call = next(iter(drawn.ledger().picks))
    with drawn.store.transaction() as session:
        drop_call(session, drawn.round_id, call_id=call, deed=by("lead", "녹음이 없습니다"))
    drawn.score_all()
    published(drawn)
    found = summed(drawn, first, last)
    rounds = found.rounds if found else ()
    assert len(rounds) == held
    for one in rounds:
        assert (one.id, one.first_day, one.last_day, one.held_by) == (PLAN.id, FIRST, LAST, "own_staff")
        assert (one.calls, one.dropped, str(one.published_on)) == (5, 1, "2026-11-30")
    with drawn.store.reading() as session:
        assert summary(session, "kibo", first_day=first, last_day=last) is None


def test_several_rounds_of_a_period_are_taken_together(stock: Stock) -> None:
    for seed, points in ((7, 5), (8, 1)):
        plan = replace(PLAN, seed=seed, size=2, second_share=0)
        stock.draw(plan)
        stock.round_id = plan.id
        stock.score_all(scores(points))
        published(stock)
    found = summed(stock)
    assert found is not None
    assert [one.id for one in found.rounds] == [f"{PLAN.id[:-1]}7", f"{PLAN.id[:-1]}8"]
    assert (found.whole.n, found.whole.value) == (4, Fraction(50))
    assert {one.n for one in found.items} == {4}


def test_reconciled_and_upheld_scores_count_but_raters_agree_as_they_scored_blind(drawn: Stock) -> None:
    call = next(call for call, pick in drawn.ledger().picks.items() if pick.second)
    drawn.submit(call, "one", scores(5, transfer=None))
    drawn.submit(call, "two", scores(5, listening=1, transfer=5))
    before = agreement_of([drawn.ledger()])
    assert (before.n, before.unlike, before.exact) == (10, 1, Fraction(9, 10))
    with drawn.store.transaction() as session:
        seen = {"round_id": drawn.round_id, "call_id": call}
        correct(session, **seen, filled=Filled({"listening": 1}), deed=by("one", "따라 고칩니다"))
    assert agreement_of([drawn.ledger()]) == before
    assert drawn.ledger().disputes(call) == ("listening", "transfer")
    assert agreement_of([drawn.ledger()], "listening").mean_difference == -4
    with drawn.store.transaction() as session:
        reconcile(session, **seen, filled=Filled({"listening": 3, "transfer": None}), deed=by("lead"))
    drawn.score_all()
    published(drawn)
    own = next(one for one in calls_of(drawn.ledger()) if one.pick.call_id == call)
    # Listening weighs 15 of the 95 that apply: half of it is lost.
    assert whole_of([own]).value == Fraction(100 * (95 - Fraction(15, 2)), 95)
    with drawn.store.transaction() as session:
        against = Against(call, "listening")
        agent = by(own.pick.agent_id, "why", at=DRAWN + timedelta(days=1))
        file_appeal(session, drawn.round_id, against=against, deed=agent)
        judge = by("judge", "why", at=DRAWN + timedelta(days=2))
        uphold(session, drawn.round_id, against=against, points=5, deed=judge)
    after = next(one for one in calls_of(drawn.ledger()) if one.pick.call_id == call)
    assert whole_of([after]).value == 100
    assert agreement_of([drawn.ledger()], "listening").mean_difference == Fraction(-4, 3)
    assert drawn.ledger().disputes(call) == ("listening", "transfer")


def test_a_call_that_a_second_rater_has_still_to_score_does_not_count_yet(drawn: Stock) -> None:
    call = next(call for call, pick in drawn.ledger().picks.items() if pick.second)
    drawn.submit(call, "one", scores(1))
    assert calls_of(drawn.ledger()) == []
    drawn.submit(call, "two", scores(1))
    assert whole_of(calls_of(drawn.ledger())).value == 0
    assert [one.value for one in stages_of(calls_of(drawn.ledger()), form().heading.stages)] == [0, 0, 0]
