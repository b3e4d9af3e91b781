"""A survey of real calls: placed by telephone through the carrier, drawn, suggested, scored and published."""

from datetime import timedelta
from fractions import Fraction

import pytest

from ivr.calls.facts import facts_of
from ivr.courtesy.ledger import Deed
from ivr.courtesy.results import summary
from ivr.courtesy.rounds import Plan, draw_sample, keep_round, publish
from ivr.courtesy.sheets import Filled, submit
from ivr.courtesy.suggestions import suggestions
from ivr.lines.hours import SEOUL
from tests.people import customer, never_picks_up, picks_up
from tests.phone.conftest import Stage, stage
from tests.unit.courtesy.stock import form, scores, words

__all__ = ["stage"]


@pytest.mark.parametrize(
    ("seconds", "lingers", "expected"),
    [
        (2.4, None, {"pick-up": 5, "greeting": 5, "hanging-up": 5}),
        (8.0, 5.0, {"pick-up": 3, "greeting": 5, "hanging-up": 1}),
    ],
)
def test_what_the_record_of_a_real_call_suggests(
    stage: Stage, seconds: float, lingers: float | None, expected: dict[str, int]
) -> None:
    scene = stage("kotra")
    scene.staff(picks_up(seconds, talk_seconds=lingers) if lingers else picks_up(seconds))
    record = scene.call(customer("1", talk=60 if lingers else 20))
    assert record["ended_by"] == ("agent" if lingers else "customer")
    day = scene.world.now().astimezone(SEOUL).date()
    with scene.world.store.transaction() as session:
        plan = Plan("kotra", day, day, size=5, seed=1)
        ledger = keep_round(
            session,
            plan,
            sample=draw_sample(session, plan, form()),
            form=form(),
            deed=Deed("lead", scene.world.now() + timedelta(days=1)),
        )
        assert list(ledger.picks) == [record["call"]]
        pick = ledger.pick(record["call"])
        assert pick.team == "branch-service"
        found = suggestions(session, pick, form=form(), rule=scene.line.ring, words=words())
        told = {fact.key for fact in facts_of(session, record["call"])} | {pick.offer_id}
    assert {one.item: one.points for one in found} == expected
    assert all(one.evidence and set(one.evidence) <= told for one in found)


def test_a_round_of_real_calls_is_summed_up(stage: Stage) -> None:
    scene = stage("kotra")
    scene.staff(picks_up(2.4), picks_up(2.4))
    answered = [scene.call(customer("1", talk=8))["call"] for _ in range(3)]
    day = scene.world.now().astimezone(SEOUL).date()
    plan = Plan("kotra", day - timedelta(days=1), day, size=3, seed=1, second_share=0)
    lead, rater = (
        Deed("lead", scene.world.now() + timedelta(days=1)),
        Deed("rater", scene.world.now() + timedelta(days=1)),
    )
    with scene.world.store.transaction() as session:
        drawn = keep_round(session, plan, sample=draw_sample(session, plan, form()), form=form(), deed=lead)
        assert set(drawn.picks) == set(answered)
        for call in drawn.picks:
            submit(session, plan.id, call_id=call, filled=Filled(scores(5, transfer=None)), deed=rater)
        publish(session, plan.id, deed=lead)
    with scene.world.store.reading() as session:
        found = summary(session, "kotra", first_day=day, last_day=day)
    assert found is not None
    assert (found.whole.n, found.whole.value, [one.id for one in found.rounds]) == (3, Fraction(100), [plan.id])


def test_a_call_that_nobody_answered_is_not_drawn(stage: Stage) -> None:
    scene = stage("kotra")
    scene.staff(never_picks_up())
    lost = scene.call(customer("1", hang_up_after=40.0))
    assert lost["outcome"] == "abandoned"
    scene.hire(2, picks_up(2.4), team="branch-service")
    answered = scene.call(customer("1", talk=8), number="+821010000002")["call"]
    day = scene.world.now().astimezone(SEOUL).date()
    with scene.world.store.transaction() as session:
        plan = Plan("kotra", day, day, size=9, seed=1)
        drawn = keep_round(
            session,
            plan,
            sample=draw_sample(session, plan, form()),
            form=form(),
            deed=Deed("lead", scene.world.now() + timedelta(days=1)),
        )
        assert list(drawn.picks) == [answered]
