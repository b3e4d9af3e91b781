"""`lost`: one report in ten never comes; how long until every call, text and dial is final all the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from benchmarks.hotline import ground
from benchmarks.measured import Measured, at_most, percentile, show
from benchmarks.people import add_agents, agent_phone, caller_phone
from benchmarks.run import Run
from benchmarks.signed_steps import LINE
from benchmarks.stores import settings
from carrier.options import Faults
from carrier.persons import PersonPlan
from commands.campaign_living import live_campaign
from commands.campaign_plan import CampaignSketch, next_working_day
from commands.living import private_store
from commands.world import World
from config.clock import system_clock
from ivr.calls.facts import facts_of
from ivr.calls.rows import Call, Offer
from ivr.calls.steps import CALLER
from ivr.campaigns.plan import Plan
from ivr.campaigns.rows import Dial
from ivr.lines.hours import SEOUL
from ivr.messages.rows import Message
from ivr.messages.states import FINAL
from ivr.sealing import Keyring
from ivr.store import Store, make_engine

LOSING = Faults(callback_drop=0.1)
SECONDS_BETWEEN_CALLS, AGENTS, STEP_SECONDS = 7.0, 30, 15.0
# The period of each reconciler, with the time that asking takes: legs are asked about every 45 s, dials when nothing
# is told for 75 s, texts after ten minutes, and then ever more slowly.
LEGS_WITHIN, DIALS_WITHIN, TEXTS_WITHIN = 60.0, 85.0, 630.0
LONGEST_SECONDS = 3600.0


@dataclass
class Watched:
    """A world in which callers call, and when each of its texts was first seen final."""

    world: World
    final_at: dict[str, datetime] = field(default_factory=dict)

    def run_for(self, seconds: float) -> None:
        """Let so much time pass, looking at the texts from time to time."""
        for _ in range(max(1, round(seconds / STEP_SECONDS))):
            self.world.run_for(min(seconds, STEP_SECONDS))
            with self.world.store.reading() as session:
                final = session.scalars(select(Message.id).where(Message.state.in_(FINAL)))
                self.final_at = {id: self.world.now() for id in final} | self.final_at

    def open_texts(self) -> int:
        """How many are not final."""
        with self.world.store.reading() as session:
            return len(session.scalars(select(Message.id).where(Message.state.not_in(FINAL))).all())


def lost(run: Run) -> None:
    """Calls with their texts, and a campaign; virtual time, no other fault."""
    for kind in run.databases:
        with ground(kind) as base:
            keyring = Keyring.from_secrets(
                settings(base.database_url, base.redis_url, base.place)["CHARTERLINE_SECRET_KEYS"]
            )
            engine = make_engine(base.database_url, keyring=keyring)
            try:
                world = World(engine, seed=1)
                _calls(kind, world, run.many(200, when_quick=10))
            finally:
                engine.dispose()
            with private_store(keyring) as store:
                sketch = _sketch(world, run.many(200, when_quick=20))
                _campaign(kind, store, sketch)


def _calls(kind: str, world: World, count: int) -> None:
    network = world.carrier.network
    add_agents(world.store, world.lines.by_id(LINE), AGENTS, at=world.now())
    for number in range(AGENTS):
        network.handset(agent_phone(number)).plan = PersonPlan(answer_after=2.0, press_on_answer="1")
    network.faults = LOSING
    watched = Watched(world)
    for number in range(count):
        plan = PersonPlan(presses=("1",), talk_seconds=20.0, hang_up_after=300.0)
        network.handset(caller_phone(number)).dial(world.lines.by_id(LINE).number, plan=plan)
        watched.run_for(SECONDS_BETWEEN_CALLS)
    waited = 0.0
    while waited < LONGEST_SECONDS and (watched.open_texts() or _open_legs(world)):
        watched.run_for(STEP_SECONDS)
        waited += STEP_SECONDS
    _show(("calls", kind), _legs(world), _open_legs(world), LEGS_WITHIN)
    _show(("texts", kind), _texts(watched), watched.open_texts(), TEXTS_WITHIN)


def _open_legs(world: World) -> int:
    """Calls without an end, and offers that are not over."""
    with world.store.reading() as session:
        calls = session.scalars(select(Call.id).where(Call.ended_at.is_(None))).all()
        return len(calls) + len(session.scalars(select(Offer.id).where(Offer.closed_at.is_(None))).all())


def _legs(world: World) -> list[float]:
    """For each leg of callers and agents, the seconds from its end in truth until we knew of it."""
    found = []
    with world.store.reading() as session:
        sids = {(call.id, CALLER): call.carrier_sid for call in session.scalars(select(Call))}
        sids |= {(offer.call_id, offer.id): offer.leg_sid for offer in session.scalars(select(Offer)) if offer.leg_sid}
        for (call, leg), sid in sids.items():
            ended = world.carrier.network.calls[sid].times["ended"]
            found += _until_known(_ends_known(world.store, call), leg, ended)
    return found


def _ends_known(store: Store, subject: str) -> Mapping[str, datetime]:
    """When the end of each leg of a subject was first known."""
    with store.reading() as session:
        ends = [fact for fact in facts_of(session, subject) if fact.kind == "leg-ended"]
    return {fact.leg: fact.received_at for fact in reversed(ends)}


def _until_known(known: Mapping[str, datetime], leg: str, ended: datetime) -> list[float]:
    return [(known[leg] - ended).total_seconds()] if leg in known else []


def _texts(watched: Watched) -> list[float]:
    """For each text, the seconds from its end in truth until it was final with us (seen every 15 s)."""
    messages = watched.world.carrier.network.messages
    with watched.world.store.reading() as session:
        sids = {message.id: message.sid for message in session.scalars(select(Message))}
    ends = {id: messages[sid].updated for id, sid in sids.items() if sid in messages}
    return [(at - ends[id]).total_seconds() for id, at in watched.final_at.items() if id in ends]


def _campaign(kind: str, store: Store, sketch: CampaignSketch) -> None:
    lived = live_campaign(sketch, store, faults=LOSING)
    network = lived.world.carrier.network
    with store.reading() as session:
        dials = session.scalars(select(Dial)).all()
    found: list[float] = []
    for dial in dials:
        if dial.call_sid in network.calls:
            ended = network.calls[dial.call_sid].times["ended"]
            found += _until_known(_ends_known(store, dial.id), "person", ended)
    _show(("dials", kind), found, sum(dial.ended_at is None for dial in dials), DIALS_WITHIN)


def _sketch(world: World, people: int) -> CampaignSketch:
    """A happy call of DCGF on its next working day."""
    line, questionnaire = world.lines.by_id("dcgf"), world.surveys.of("happy-dcgf")
    return CampaignSketch(
        line=line,
        kind=world.surveys.kind_of(questionnaire),
        questionnaire=questionnaire,
        plan=Plan(cps=2.0, concurrency=200),
        starts=next_working_day(world.board.calendar, line, system_clock().astimezone(SEOUL).date()),
        seed=1,
        count=people,
    )


def _show(name: tuple[str, str], seconds: Sequence[float], still_open: int, within: float) -> None:
    what, kind = name
    late = [second for second in seconds if second > STEP_SECONDS]
    show(Measured(f"lost_{what}_p50", kind, percentile(seconds, 0.5), "s", rounds=len(seconds)))
    show(Measured(f"lost_{what}_longest", kind, max(seconds), "s", rounds=len(late), goal=at_most(within)))
    show(Measured(f"lost_{what}_never", kind, still_open, "records", rounds=len(seconds), goal=at_most(0)))
