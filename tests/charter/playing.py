"""One call of the table being played: its people, what they do at which moment, and its events on the wire."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from carrier import legs
from carrier.calls import Call as CarrierCall
from carrier.handsets import Handset
from carrier.network import Network
from carrier.outgoing import Outcome, Request, Response
from carrier.persons import PersonPlan
from ivr.identifiers import call_id
from tests.charter.desk import Desk
from tests.charter.script import Deed, Fate, read_deed, read_fate
from tests.charter.table import AgentPlan, CallPlan

# A caller whom nobody takes and nothing ends is gone after this, in seconds.
LONGEST_CALL = 1500.0
TWICE_AFTER = 0.3
# Twilio's magic number that no telephone has: the order to ring it is refused (error 21217).
NO_TELEPHONE = "+15005550001"
STATUS_EVENTS = {
    "initiated": "start",
    "ringing": "ringing",
    "in-progress": "answer",
    "completed": "end",
    "busy": "end",
    "no-answer": "end",
    "failed": "end",
    "canceled": "end",
}
NOTED = Response(204)

Fetch = Callable[[Request], Outcome]


def agent_person(plan: AgentPlan) -> PersonPlan:
    """How an agent of the table behaves at the telephone."""
    if plan.softphone:
        return PersonPlan(answer_after=plan.picks_up)
    if plan.picks_up is not None:
        return PersonPlan(
            answer_after=plan.picks_up, press_on_answer="1", press_after=plan.decides_after, linger=plan.lingers,
            greets=plan.greets, closes=plan.closes, close_after=plan.close_after,
        )  # fmt: skip
    if plan.declines is not None:
        return PersonPlan(answer_after=plan.declines, press_on_answer="2")
    if plan.voicemail is not None:
        return PersonPlan(answer_after=plan.voicemail, linger=None)
    if plan.hangs_up_at_question is not None:
        return PersonPlan(answer_after=plan.hangs_up_at_question, hang_up_after=plan.hangs_up_at_question + 1)
    return PersonPlan(answer_after=None, reject_after=plan.refuses)


@dataclass(eq=False)
class Play:
    """A call under way: whose telephone is whose, and which sentences of the table still have to happen."""

    plan: CallPlan
    network: Network
    caller: str
    agents: dict[str, str]
    desk: Desk
    call: CarrierCall | None = None
    names: dict[str, str] = field(default_factory=dict)
    deeds: list[Deed] = field(default_factory=list)
    fates: list[Fate] = field(default_factory=list)
    past: set[str] = field(default_factory=set)
    heard: int = 0

    def __post_init__(self) -> None:
        """Read the sentences of the plan."""
        self.deeds = [read_deed(sentence) for sentence in self.plan.then]
        self.fates = [read_fate(sentence) for sentence in self.plan.wire]

    @property
    def telephones(self) -> dict[str, str]:
        """Everybody's telephone number: `caller`, `agent 1`, ..."""
        return {"caller": self.caller, **self.agents}

    def begin(self, line: str, keys: tuple[str, ...]) -> None:
        """Let the caller dial the line."""
        plan = self.plan
        person = PersonPlan(
            presses=keys, talk_seconds=plan.talks, hang_up_after=LONGEST_CALL, linger=plan.lingers,
        )  # fmt: skip
        withheld = "anonymous" if plan.withheld else ""
        self.call = self.network.handset(self.caller).dial(line, withheld=withheld, plan=person)
        self.desk.call = call_id(self.call.sid)
        self.reach("dialling")

    def look(self, number: str) -> None:
        """Something changed at a telephone: which moments have come?"""
        who = next((who for who, own in self.telephones.items() if own == number), None)
        if who == "caller":
            self._look_at_caller()
        elif who is not None:
            self._look_at_agent(who)

    def _look_at_agent(self, who: str) -> None:
        call = self.network.handset(self.agents[who]).call
        if call is None or call.route.direction != "outbound-api":
            return
        self.reach(f"ring {who[-1]}")
        if call.status == "in-progress":
            self.reach(f"pick-up {who[-1]}")

    def _look_at_caller(self) -> None:
        call = self.call
        if call is None:
            return
        for piece in call.heard[self.heard :]:
            for who, name in self.names.items():
                if name in piece.text:
                    self.reach(f"announcement {who[-1]}")
        self.heard = len(call.heard)
        for talk in call.talks:
            for other in talk.others:
                who = self.who(other)
                if not who:
                    raise AssertionError(
                        f"{self.plan} met {self.network.calls[other].route.to}, who is of another case"
                    )
                self.reach(f"talk {who[-1]}")

    def reach(self, moment: str) -> None:
        """A moment has come for the first time: let follow what follows it."""
        if moment in self.past:
            return
        self.past.add(moment)
        for deed in self.deeds:
            if deed.since == moment:
                self.network.after(deed.after, lambda deed=deed: self._do(deed))  # type: ignore[misc]

    def _do(self, deed: Deed) -> None:
        handset = self.network.handset(self.telephones[deed.who])
        leg = self._leg(deed.who)
        if deed.is_at_desk:
            self.desk.do(deed.who, deed.does)
        elif leg is None:
            return
        elif deed.does in {"is cut off", "goes dead"}:
            # A telephone that is not rung yet does not know of its leg.
            legs.end(leg, "failed" if deed.does == "is cut off" else "completed", by="network")
        elif handset.call is leg and deed.does == "hangs up":
            handset.hang_up()
        elif handset.call is leg:
            handset.press(deed.does.removeprefix("presses "))

    def _leg(self, who: str) -> CarrierCall | None:
        """The leg of somebody that is still there."""
        if who == "caller":
            return self.call if self.call and not self.call.ended else None
        mine = (leg for leg in self.network.calls.values() if leg.route.to == self.agents[who] and not leg.ended)
        return next(mine, None)

    def who(self, sid: str) -> str:
        """Whose leg this is; empty for one that is not of this call."""
        leg = self.network.calls.get(sid)
        if leg is None:
            return ""
        if leg is self.call:
            return "caller"
        return next((who for who, own in self.agents.items() if own == leg.route.to), "")

    def carry(self, request: Request, who: str, fetch: Fetch) -> Outcome:
        """Bring a request to the service, or what the table says becomes of it."""
        event = event_of(request)
        if event == "start":
            self.reach(f"dialling to {who[-1]}")
        if urlsplit(request.url).path.endswith("/voice/wait"):
            self.reach("queueing")
        fates = [fate for fate in self.fates if fate.concerns(event, who)]
        if any(fate.lost for fate in fates):
            return NOTED
        late = sum(fate.late for fate in fates)
        if any(fate.twice for fate in fates):
            self.network.after(late + TWICE_AFTER, lambda: _done(fetch(request)))
        if late:
            self.network.after(late, lambda: _done(fetch(request)))
            return NOTED
        return fetch(request)

    def is_over(self) -> bool:
        """Whether nobody of this call is at the telephone any more."""
        handsets: list[Handset] = [self.network.handset(number) for number in self.telephones.values()]
        return self.call is not None and self.call.ended and not any(handset.busy for handset in handsets)

    def settling(self) -> float:
        """Seconds until everything about it has been told: more where events are lost or late."""
        return 10.0 + max((fate.late for fate in self.fates), default=0.0) + (60.0 if self.fates else 0.0)


def _done(_: Outcome) -> None:
    """Nobody waits for this answer any more."""


def event_of(request: Request) -> str:
    """Which event a request tells: start, ringing, answer, end, leaving, another of the room, or a document."""
    path, form = urlsplit(request.url).path, dict(request.form)
    if path.endswith("/voice/status"):
        return STATUS_EVENTS.get(form.get("CallStatus", ""), "other")
    if path.endswith("/voice/room"):
        return "leaving" if form.get("StatusCallbackEvent") == "participant-leave" else "other"
    return "document"
