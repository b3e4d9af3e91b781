"""The dialler at work: whom it rings, whom it holds, and what it makes of every answer of the carrier."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text, update

from ivr.calls.facts import Told, tell
from ivr.campaigns.reconciling import give_up
from ivr.campaigns.rows import Campaign, CampaignState, Dial, DialOutcome, DialState
from ivr.campaigns.terms import Terms
from ivr.consents.recording import Revocation, withdraw
from ivr.consents.rows import Means, Purpose
from ivr.orders import EndCall, PlaceCall
from ivr.promises import Promise, promise_all
from ivr.surveys.rows import Disposition, Interview, InterviewOrigin
from tests.store_fixtures.databases import ON_SQLITE
from tests.workers import campaign as made
from tests.workers.campaign import Group
from tests.workers.kept import Works, given
from workers.dialler import Dialler


@dataclass
class Floor:
    """Works with a dialler over them."""

    works: Works
    dialler: Dialler = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """A dialler that knows nothing of those before it."""
        keeper = self.works.keeper
        self.dialler = Dialler(keeper.store, keeper.carrier, keeper.house, keeper.clock, lambda: None)

    def agree(self, *groups: Group) -> None:
        """These people agreed."""
        for group in groups:
            made.agreed(self.works.store, group, at=self.works.clock.at)

    def run(self, seconds: float, step: float = 0.5) -> None:
        """Let so much time pass; dialler and workers do what is due."""
        for _ in range(int(seconds / step)):
            self.dialler.work(self.works.clock.at)
            self.works.work()
            self.works.clock.pass_time(step)

    def at(self, hour: int, minute: int = 0, second: int = 0) -> None:
        """Set the clock: a Monday in Seoul."""
        self.works.clock.at = datetime(2026, 11, 23, hour, minute, second, tzinfo=UTC) - timedelta(hours=9)

    def ends(self, dial: Dial, status: str, *, began: bool = False) -> None:
        """The leg of a dial ends, as its webhooks tell it."""
        at = self.works.clock.at
        facts: list[tuple[str, dict[str, str]]] = [("leg-document", {})] if status == "completed" else []
        facts += [("survey-begun", {})] if began else []
        for kind, detail in [*facts, ("leg-ended", {"status": status})]:
            told = Told(dial.id, f"person:{kind}", kind, "person", at, sid=dial.call_sid, detail=detail)
            follow = Promise("follow-dial", f"follow-dial:{dial.id}:{kind}", at, {"dial": dial.id})
            with self.works.store.statement() as connection:
                tell(connection, told, promises=[follow])
        self.works.work()

    def interviewed(self, dial: Dial, disposition: Disposition) -> None:
        """The person came so far."""
        with self.works.store.transaction() as session:
            session.add(
                Interview(
                    id=dial.id,
                    questionnaire="q",
                    version=1,
                    line=dial.line,
                    origin=InterviewOrigin.CAMPAIGN,
                    campaign_id=dial.campaign_id,
                    person_id=dial.person_id,
                    began_at=self.works.clock.at,
                    disposition=disposition,
                )
            )


@pytest.fixture
def floor(engine: Engine) -> Floor:
    """A floor on a Monday at ten, in Seoul."""
    return Floor(Works.over(engine))


def rung(floor: Floor) -> Counter[str]:
    return Counter(order.to for order in floor.works.carrier.given if isinstance(order, PlaceCall))


def start(floor: Floor, *groups: Group, terms: Terms | None = None, **plan: object) -> int:
    floor.agree(*groups)
    return made.running(floor.works.store, made.plan(**plan), *groups, at=floor.works.clock.at, terms=terms)


def test_everybody_is_rung_once_at_the_pace_of_the_plan(floor: Floor) -> None:
    start(floor, Group(6), cps=2)
    floor.run(1.0)
    assert sum(rung(floor).values()) == 2
    floor.run(4.0)
    assert rung(floor) == {made.number_of(person).e164: 1 for person in range(1, 7)}
    assert {dial.state for dial in made.dials(floor.works.store)} == {DialState.PLACED}
    assert made.charges(floor.works.store) == {"reserved": 6}


def test_the_order_names_the_dial_and_the_line(floor: Floor) -> None:
    start(floor, Group(1))
    floor.run(1.0)
    dial = made.dials(floor.works.store)[0]
    order = next(order for order in floor.works.carrier.given if isinstance(order, PlaceCall))
    assert f"call={dial.id}&line=dcgf&leg=person&step=1" in order.answer_url
    assert f"call={dial.id}" in str(order.status_url)
    assert order.shown == floor.works.keeper.house.lines.by_id("dcgf").numbers[0]


def test_two_campaigns_share_the_pace_and_neither_waits_for_the_other(floor: Floor) -> None:
    floor.agree(Group(40), Group(40, first=101))
    for group in (Group(40), Group(40, first=101)):
        made.running(floor.works.store, made.plan(), group, at=floor.works.clock.at)
    floor.run(2.0)
    counts = Counter(dial.campaign_id for dial in made.dials(floor.works.store))
    assert set(counts) == {1, 2}
    assert abs(counts[1] - counts[2]) <= 4


def test_no_more_dials_are_open_than_the_plan_allows(floor: Floor) -> None:
    start(floor, Group(9), concurrency=4)
    floor.run(5.0)
    assert sum(rung(floor).values()) == 4
    floor.ends(made.dials(floor.works.store)[0], "busy")
    floor.run(3.0)
    assert sum(rung(floor).values()) == 5


def test_a_paused_campaign_rings_nobody_and_goes_on_where_it_was(floor: Floor) -> None:
    campaign = start(floor, Group(8), cps=2)
    floor.run(1.0)
    made.moved(floor.works.store, campaign, CampaignState.PAUSED)
    before = sum(rung(floor).values())
    floor.run(5.0)
    assert sum(rung(floor).values()) == before
    made.moved(floor.works.store, campaign, CampaignState.RUNNING)
    floor.run(6.0)
    assert set(rung(floor).values()) == {1}
    assert len(rung(floor)) == 8


@pytest.mark.parametrize(
    ("hour", "minute", "second", "is_rung"), [(20, 59, 59, True), (21, 0, 0, False), (8, 0, 0, True)]
)
def test_nobody_is_rung_by_night(floor: Floor, hour: int, minute: int, second: int, is_rung: bool) -> None:
    start(floor, Group(1), hours=made.WHOLE_DAYS)
    floor.at(hour, minute, second)
    floor.run(0.5)
    assert (sum(rung(floor).values()) == 1) is is_rung


def test_who_is_held_for_the_night_is_rung_in_the_morning(floor: Floor) -> None:
    start(floor, Group(1), hours=made.WHOLE_DAYS)
    floor.at(21)
    floor.run(2.0)
    assert made.turns(floor.works.store)[1] == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    floor.works.clock.at = datetime(2026, 11, 23, 23, 0, 1, tzinfo=UTC)
    floor.run(1.0)
    assert sum(rung(floor).values()) == 1


def test_a_withdrawal_before_the_dial_excludes_and_one_during_it_ends_the_leg(floor: Floor) -> None:
    start(floor, Group(2), cps=1)
    floor.run(1.0)
    assert len(made.dials(floor.works.store)) == 1
    for person in (1, 2):
        with floor.works.store.transaction() as session:
            withdraw(session, person, Revocation(how=Means.WEB, evidence="web", by="caller"), at=floor.works.clock.at)
    floor.run(10.0, step=2)
    assert len(rung(floor)) == 1
    assert given(floor.works, EndCall) >= 1
    assert made.targets(floor.works.store)[2] == ("done", "excluded")


def test_a_number_that_is_being_rung_by_another_campaign_is_held(floor: Floor) -> None:
    start(floor, Group(1))
    floor.run(1.0)
    made.running(
        floor.works.store, made.plan(limits={"per_day": 5, "rolling_day": 5}), Group(1), at=floor.works.clock.at
    )
    floor.run(5.0)
    assert sum(rung(floor).values()) == 1
    assert made.whys(floor.works.store)[1] in {"engaged", "day-limit"}


def test_a_full_quota_rings_nobody_more_and_an_open_one_waits(floor: Floor) -> None:
    start(floor, Group(4), groups={"all": 1})
    floor.run(2.0)
    assert sum(rung(floor).values()) == 1
    dial = made.dials(floor.works.store)[0]
    floor.ends(dial, "busy")
    assert made.taken(floor.works.store) == {"all": 0}
    floor.run(35.0, step=5)
    second = next(one for one in made.dials(floor.works.store) if one.ended_at is None)
    floor.interviewed(second, Disposition.COMPLETED)
    floor.ends(second, "completed", began=True)
    assert made.taken(floor.works.store) == {"all": 1}
    floor.run(40.0, step=5)
    assert sum(rung(floor).values()) == 2
    assert Counter(disposition for _, disposition in made.targets(floor.works.store).values()) == {
        "completed": 1,
        "queued": 1,
        "rejected": 2,
    }


def test_the_firms_last_call_is_the_last(floor: Floor) -> None:
    terms = Terms(survey_class="opinion", purposes=(Purpose.HAPPY_CALL,), price=500, is_free=False, monthly_calls=2)
    start(floor, Group(5), terms=terms)
    floor.run(3.0)
    assert sum(rung(floor).values()) == 2
    assert sorted(str(why) for why in made.whys(floor.works.store).values()) == ["None"] * 2 + ["allowance"] * 3


@pytest.mark.parametrize(
    ("status", "began", "reached", "outcome", "target"),
    [
        ("busy", False, None, DialOutcome.BUSY, ("pending", "queued")),
        ("no-answer", False, None, DialOutcome.NO_ANSWER, ("pending", "queued")),
        ("completed", False, None, DialOutcome.MACHINE, ("pending", "contacted")),
        ("completed", True, Disposition.COMPLETED, DialOutcome.ANSWERED, ("done", "completed")),
        ("completed", True, Disposition.STARTED, DialOutcome.ANSWERED, ("done", "breakoff")),
        ("completed", True, Disposition.INTERIM_PARTIAL, DialOutcome.ANSWERED, ("done", "partial")),
        ("completed", True, Disposition.REFUSED, DialOutcome.ANSWERED, ("done", "refused")),
    ],
)
def test_what_a_ring_comes_to(
    floor: Floor,
    status: str,
    began: bool,
    reached: Disposition | None,
    outcome: DialOutcome,
    target: tuple[str, str],
) -> None:
    start(floor, Group(1))
    floor.run(1.0)
    dial = made.dials(floor.works.store)[0]
    if reached is not None:
        floor.interviewed(dial, reached)
    floor.ends(dial, status, began=began)
    closed = made.dials(floor.works.store)[0]
    assert (closed.state, closed.outcome) == (DialState.OVER, outcome)
    assert made.targets(floor.works.store)[1] == target
    assert made.charges(floor.works.store) == {"free" if reached is Disposition.COMPLETED else "void": 1}


def test_somebody_whose_beginning_is_told_late_is_no_machine_and_not_rung_again(floor: Floor) -> None:
    start(floor, Group(1))
    floor.run(1.0)
    dial = made.dials(floor.works.store)[0]
    floor.ends(dial, "completed")
    assert made.targets(floor.works.store)[1] == ("pending", "contacted")
    floor.interviewed(dial, Disposition.BREAKOFF)
    with floor.works.store.transaction() as session:
        promise_all(session, [Promise("follow-dial", "late", floor.works.clock.at, {"dial": dial.id})])
    floor.works.work()
    assert made.targets(floor.works.store)[1] == ("done", "breakoff")


def test_busy_is_rung_again_after_the_gap_until_the_tries_are_used(floor: Floor) -> None:
    limits = {"per_day": 9, "rolling_day": 9, "life": 9, "across": 9}
    start(floor, Group(1), limits=limits, retries={"busy": {"tries": 1, "gap_minutes": 5}})
    floor.run(1.0)
    floor.ends(made.dials(floor.works.store)[0], "busy")
    floor.run(10.0, step=2)
    assert sum(rung(floor).values()) == 1
    floor.works.clock.pass_time(300)
    floor.run(2.0)
    floor.ends(made.dials(floor.works.store)[1], "busy")
    assert made.targets(floor.works.store)[1] == ("done", "failed")


def test_too_many_requests_gives_the_turn_back_and_it_comes_again(floor: Floor) -> None:
    floor.works.carrier.answers = ["too many", "not let in"]
    start(floor, Group(1))
    floor.run(20.0, step=2)
    outcomes = [(dial.outcome, dial.state) for dial in made.dials(floor.works.store)]
    assert outcomes == [(DialOutcome.NOT_PLACED, DialState.OVER)] * 2 + [(None, DialState.PLACED)]
    assert made.charges(floor.works.store) == {"void": 2, "reserved": 1}


def test_a_number_that_the_carrier_refuses_is_done_with(floor: Floor) -> None:
    floor.works.carrier.answers = ["refused"]
    start(floor, Group(1))
    floor.run(20.0, step=2)
    assert given(floor.works, PlaceCall) == 1
    assert made.targets(floor.works.store)[1] == ("done", "failed")


def test_an_order_without_an_answer_is_looked_for_and_only_then_given_again(floor: Floor) -> None:
    floor.works.carrier.answers = ["silence"]
    start(floor, Group(1))
    floor.run(28.0, step=4)
    assert given(floor.works, PlaceCall) == 1
    assert made.dials(floor.works.store)[0].state is DialState.UNKNOWN
    floor.run(10.0, step=2)
    assert [dial.outcome for dial in made.dials(floor.works.store)] == [DialOutcome.NOT_PLACED, None]
    assert given(floor.works, PlaceCall) == 2


def test_an_order_without_an_answer_that_rang_is_never_given_again(floor: Floor) -> None:
    floor.works.carrier.answers = ["silence"]
    start(floor, Group(1))
    floor.run(1.0)
    dial = made.dials(floor.works.store)[0]
    told = Told(dial.id, "person:ringing", "leg-ringing", "person", floor.works.clock.at, sid="CA-rang")
    with floor.works.store.statement() as connection:
        tell(connection, told)
    floor.run(60.0, step=4)
    assert given(floor.works, PlaceCall) == 1
    assert made.dials(floor.works.store)[0].call_sid == "CA-rang"


def test_what_a_killed_dialler_left_behind_is_taken_up_within_a_minute(floor: Floor) -> None:
    start(floor, Group(4), cps=2)
    floor.dialler._book(floor.works.clock.at)
    booked = floor.dialler._booked[:2]
    # One dial was written and its order never left; the others were only claimed.
    floor.dialler._steps.begin(booked[:1], floor.works.clock.at)
    floor.start()
    floor.run(60.0, step=4)
    assert len(rung(floor)) == 4
    assert set(rung(floor).values()) == {1}


def test_a_closed_campaign_leaves_nothing_claimed(floor: Floor) -> None:
    campaign = start(floor, Group(4), cps=1)
    floor.run(1.0)
    made.moved(floor.works.store, campaign, CampaignState.CLOSED)
    floor.run(3.0)
    assert sum(rung(floor).values()) == 1
    floor.ends(made.dials(floor.works.store)[0], "no-answer")
    with floor.works.store.reading() as session:
        assert session.scalars(select(Dial.id).where(Dial.ended_at.is_(None))).all() == []
    assert made.targets(floor.works.store)[1][0] == "done"


def test_what_a_dialler_had_claimed_when_it_died_does_not_keep_a_campaign_open_whose_days_are_over(
    floor: Floor,
) -> None:
    start(floor, Group(2), ends_on="2026-11-23")
    with floor.works.store.transaction() as session:
        session.execute(update(Campaign).values(chosen_at=floor.works.clock.at))
    floor.at(19, 59, 59)
    floor.dialler._book(floor.works.clock.at)
    floor.start()
    floor.works.clock.at += timedelta(days=1)
    floor.run(12.0, step=6)
    with floor.works.store.reading() as session:
        campaign = session.scalars(select(Campaign)).one()
    assert campaign.state is CampaignState.CLOSED
    assert {state for state, _ in made.targets(floor.works.store).values()} == {"done"}


def test_a_paused_campaign_keeps_nobody_claimed(floor: Floor) -> None:
    campaign = start(floor, Group(2), cps=1)
    floor.dialler._book(floor.works.clock.at)
    made.moved(floor.works.store, campaign, CampaignState.PAUSED)
    floor.start()
    floor.run(40.0, step=5)
    assert {state for state, _ in made.targets(floor.works.store).values()} == {"pending"}


@ON_SQLITE
def test_numbers_are_written_in_one_order_by_whatever_line_they_are_rung(floor: Floor) -> None:
    start(floor, Group(8))
    floor.dialler._book(floor.works.clock.at)
    floor.dialler._steps.begin(floor.dialler._booked, floor.works.clock.at)
    with floor.works.store.reading() as session:
        written = list(session.scalars(text("SELECT number_index FROM dial ORDER BY rowid")))
    assert written == sorted(written)
    assert len(written) == 8


def test_a_dial_of_which_nothing_is_ever_told_ends_with_its_interview_after_a_day(floor: Floor) -> None:
    start(floor, Group(1))
    floor.run(1.0)
    dial = made.dials(floor.works.store)[0]
    floor.interviewed(dial, Disposition.STARTED)
    floor.works.clock.pass_time(24 * 3600)
    with floor.works.store.transaction() as session:
        assert give_up(session, dial.id, at=floor.works.clock.at)
    with floor.works.store.reading() as session:
        interview = session.get_one(Interview, dial.id)
    assert (interview.disposition, interview.ended_at) == (Disposition.BREAKOFF, floor.works.clock.at)
    assert made.charges(floor.works.store) == {"void": 1}
