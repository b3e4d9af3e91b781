"""A supervisor beside a talk: only where allowed, heard as asked, seen by the audit, and gone with the talk."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from carrier.calls import Call as CarrierCall
from carrier.persons import PersonPlan
from ivr.accounts.rows import AccessEntry
from ivr.calls.rows import Offer
from ivr.identifiers import call_id
from ivr.lines.monitoring import MonitoringRule
from ivr.monitoring.asking import NotBeside, WhyNot, Wish, beside, change_mode, come_beside, leave
from ivr.monitoring.rows import Mode, Monitoring, MonitoringState
from tests.people import customer, picks_up
from tests.phone.conftest import Stage
from tests.phone.scene import Scene
from tests.phone.test_openings import put_line

SOFTPHONE, ACCOUNT = "sup_kibo_lead", "kibo-lead"
Value = TypeVar("Value")


@dataclass
class Listened:
    """A talk of two, and a supervisor at a softphone who answers at once."""

    scene: Scene
    call: CarrierCall

    def do(self, act: Callable[[Session], Value]) -> Value:
        """Do something as the console does it, and let it come about."""
        with self.scene.world.store.transaction() as session:
            done = act(session)
        self.scene.world.worker.ring()
        self.scene.world.run_for(4)
        return done

    def come(self, mode: Mode = Mode.LISTEN, account: str = ACCOUNT) -> str:
        """Ask to be beside the talk."""
        wish = Wish(account, SOFTPHONE, mode, "신입 상담원 도움")

        def ask(session: Session) -> str:
            offer = session.scalars(select(Offer).where(Offer.call_id == call_id(self.call.sid))).one()
            return come_beside(session, offer, wish, line=self.scene.line, at=self.scene.world.now()).id

        return self.do(ask)

    def change(self, mode: Mode) -> None:
        """Ask to be heard in another way."""

        def ask(session: Session) -> None:
            present = beside(session, ACCOUNT)
            assert present is not None
            change_mode(session, present, mode, reason="신입 상담원 도움", at=self.scene.world.now())

        self.do(ask)

    @property
    def row(self) -> Monitoring:
        with self.scene.world.store.reading() as session:
            return session.scalars(select(Monitoring)).one()

    @property
    def leg(self) -> CarrierCall:
        """The carrier's record of the supervisor's leg."""
        sid = self.row.leg_sid
        assert sid is not None
        return self.scene.network.calls[sid]

    def hear(self) -> tuple[bool, bool, bool]:
        """Whether the caller and the agent hear the supervisor, and the supervisor the caller."""
        agent = self.scene.agent_leg(self.call, 1)
        room = next(iter(self.scene.network.conferences.values()))
        seats = {participant.call.sid: participant for participant in room.present}
        supervisor, everybody = seats[self.leg.sid], frozenset(seats)
        heard_by = supervisor.audience(everybody - {self.leg.sid})
        return (
            self.call.sid in heard_by,
            agent.sid in heard_by,
            self.leg.sid in seats[self.call.sid].audience(everybody),
        )


def in_talk(scene: Scene, plan: PersonPlan | None = None) -> Listened:
    """A caller talks with an agent on a line that allows supervisors beside talks."""
    put_line(scene, scene.line.model_copy(update={"monitoring": MonitoringRule(allowed=True)}))
    scene.staff(picks_up())
    scene.network.handset(f"client:{SOFTPHONE}").plan = PersonPlan(answer_after=0.5, linger=None)
    call = scene.dial(plan or customer("1", talk=90))
    scene.until(lambda: bool(call.talks))
    scene.world.run_for(5)
    return Listened(scene, call)


@pytest.mark.parametrize(
    ("mode", "heard"),
    [(Mode.LISTEN, (False, False, True)), (Mode.WHISPER, (False, True, True)), (Mode.BARGE, (True, True, True))],
)
def test_a_supervisor_is_heard_as_asked(scene: Scene, mode: Mode, heard: tuple[bool, bool, bool]) -> None:
    listened = in_talk(scene)
    listened.come(mode)
    assert listened.row.state is MonitoringState.PRESENT
    assert listened.hear() == heard


def test_from_listening_to_whispering_to_speaking_and_away_while_the_talk_goes_on(both: Stage) -> None:
    listened = in_talk(both())
    listened.come()
    listened.change(Mode.WHISPER)
    assert listened.hear() == (False, True, True)
    listened.change(Mode.BARGE)
    assert listened.hear() == (True, True, True)
    listened.change(Mode.LISTEN)
    assert listened.hear() == (False, False, True)
    listened.do(
        lambda session: leave(session, session.scalars(select(Monitoring)).one(), at=listened.scene.world.now())
    )
    assert listened.leg.ended
    assert not listened.call.ended
    with listened.scene.world.store.reading() as session:
        acts = [entry.act.value for entry in session.scalars(select(AccessEntry).order_by(AccessEntry.place))]
    assert acts == ["listen", "whisper", "barge", "listen"]
    listened.scene.world.run_until_quiet()
    assert listened.scene.record(listened.call)["ended_by"] == "customer"
    assert listened.scene.kinds(listened.call).count("monitored") == 4


def test_whoever_ends_the_talk_the_supervisor_goes_too(scene: Scene) -> None:
    listened = in_talk(scene)
    listened.come()
    scene.network.handset(listened.call.party.number).hang_up()
    scene.world.run_until_quiet()
    assert listened.leg.ended
    assert listened.row.state is MonitoringState.OVER
    assert scene.record(listened.call)["ended_by"] == "customer"


def test_an_agent_who_leaves_does_not_leave_the_supervisor_in_the_room(scene: Scene) -> None:
    listened = in_talk(scene)
    listened.come(Mode.BARGE)
    scene.network.handset(scene.agent_leg(listened.call, 1).party.number).hang_up()
    scene.world.run_until_quiet()
    assert listened.leg.ended
    assert listened.row.state is MonitoringState.OVER
    assert scene.record(listened.call)["ended_by"] == "agent"


def test_who_does_not_answer_is_beside_nothing_and_may_ask_again(scene: Scene) -> None:
    listened = in_talk(scene)
    scene.network.handset(f"client:{SOFTPHONE}").plan = PersonPlan(answer_after=None)
    listened.come()
    scene.world.run_for(25)
    assert listened.row.state is MonitoringState.OVER
    scene.network.handset(f"client:{SOFTPHONE}").plan = PersonPlan(answer_after=0.5, linger=None)
    assert listened.come().endswith("-m2")


def test_nobody_is_beside_two_talks_or_a_talk_that_is_over(scene: Scene) -> None:
    listened = in_talk(scene)
    listened.come()
    with pytest.raises(NotBeside) as refused:
        listened.come()
    assert refused.value.why is WhyNot.BESIDE_ANOTHER
    scene.network.handset(listened.call.party.number).hang_up()
    scene.world.run_until_quiet()
    with pytest.raises(NotBeside) as refused:
        listened.come(account="kibo-second")
    assert refused.value.why is WhyNot.NO_TALK


def test_a_line_that_does_not_allow_it_allows_it_to_nobody(scene: Scene) -> None:
    listened = in_talk(scene)
    put_line(scene, scene.line.model_copy(update={"monitoring": MonitoringRule()}))
    with pytest.raises(NotBeside) as refused:
        listened.come()
    assert refused.value.why is WhyNot.NOT_ALLOWED
