"""Calls made of facts by hand, second by second, for judges: what was told, and what came of each offer."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from config.files import CHARTERS, read_folder
from ivr.calls.facts import Told
from ivr.calls.rows import Offer, OfferState
from ivr.calls.steps import CALLER
from ivr.charters.judges.judgement import Judgement
from ivr.charters.judging import judge_call
from ivr.charters.model import Charters
from ivr.charters.reading import load_charters
from ivr.charters.reasons import Reasons, load_reasons
from ivr.charters.view import CallView, Heard, LaterCall, Person, Recorded, Skill, read_call
from ivr.lines.model import Line
from ivr.transfers.rows import Transfer
from tests.http.board import MORNING, words

CALL = "c1"
KIM = Person("김민수", "고객센터", "대리", frozenset({("guide", ""), ("guide", "english")}))
SID = {CALLER: "CA-caller"}
RINGS_AT, TALKS_AT, TALK_ENDS_AT = 10.0, 20.0, 60.0
INTRODUCTIONS = {
    "kibo": "감사합니다. 기술보증기금 고객센터 김민수입니다.",
    "dcgf": "감사합니다. 대전신용보증재단 고객센터 김민수 대리입니다.",
    "kotra": "안녕하십니까? 코트라 고객센터 김민수입니다.",
    "ksure": "감사합니다. 한국무역보험공사 고객센터 김민수입니다.",
    "ascentre": "감사합니다. 중소기업 공동 에이에스센터 고객센터 김민수입니다.",
}


@cache
def charters() -> Charters:
    return load_charters(read_folder(CHARTERS))


@cache
def reasons() -> Reasons:
    return load_reasons(read_folder(CHARTERS / "reasons")["ko.toml"])


def line_of(institution: str, reading: str | None = None) -> Line:
    """The installed line of an institution, with another reading of its rings where one is given."""
    line = words()[1].by_id(institution)
    return line.model_copy(update={"ring": line.ring.model_copy(update={"reading": reading})}) if reading else line


def moment(after: float) -> datetime:
    return MORNING + timedelta(seconds=after)


@dataclass
class Tale:
    """One call to a line; every method tells one event and returns the tale."""

    line: Line
    facts: list[Told] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    agents: dict[str, Person] = field(default_factory=dict)
    wanted: Skill | None = ("guide", "")
    asked: Skill | None = ("guide", "")
    caller_known: bool = True
    later: list[LaterCall] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    heard: dict[str, Heard] = field(default_factory=dict)
    step: int = 3

    def tell(self, kind: str, leg: str, after: float, /, **detail: str | int | bool | None) -> "Tale":
        """A step of a leg."""
        self.step += 1
        key = f"{kind}:{leg}:{self.step}"
        told = Told(CALL, key, kind, leg, moment(after), sid=SID.get(leg, f"CA-{leg}"), sequence=self.step)
        self.facts.append(replace(told, detail=detail))
        return self

    def event(
        self, leg: str, status: str, after: float, *, late: float = 0.05, said: bool = True, asked: bool = False
    ) -> "Tale":
        """What the carrier reports of a leg: stamped in whole seconds, arriving `late` seconds after it happened."""
        kinds = {"ringing": "leg-ringing", "in-progress": "leg-answered"}
        kind = kinds.get(status, "leg-ended")
        stamp = moment(after).replace(microsecond=0) if said else None
        sid = SID.get(leg, f"CA-{leg}")
        detail: dict[str, str | bool] = {"status": status} | ({"asked": True} if asked else {})
        self.facts.append(
            Told(CALL, f"{leg}:{status}", kind, leg, moment(after + late), sid=sid, said_at=stamp, detail=detail)
        )
        return self

    def offer(self, outcome: str | None = "finished", *, agent: Person = KIM, closed: float = TALK_ENDS_AT) -> str:
        """One more offer to an agent; returns its id."""
        ordinal = len(self.offers) + 1
        id = f"{CALL}-{ordinal}"
        self.agents[f"a{ordinal}"] = agent
        row = Offer(id=id, call_id=CALL, ordinal=ordinal, agent_id=f"a{ordinal}", outcome=outcome)
        row.team, row.skill = self.asked or (None, None)
        row.state = OfferState.OVER if outcome else OfferState.OPEN
        row.made_at, row.closed_at = moment(9), moment(closed) if outcome else None
        self.offers.append(row)
        return id

    def rings(self, offer: str, seconds: float | None = 2.4, *, at: float = RINGS_AT, late: float = 0.05) -> "Tale":
        """The agent's telephone rings, and is picked up after so many seconds if at all."""
        self.event(offer, "ringing", at, late=late)
        return self if seconds is None else self.event(offer, "in-progress", at + seconds, late=late)

    def takes(self, offer: str, *, at: float = TALKS_AT) -> "Tale":
        """The agent accepts with the key."""
        return self.tell("accepted", offer, at - 2, open=True)

    def announces(
        self, offer: str, text: str | None = None, /, *, at: float = TALKS_AT, version: int = 1, clip_url: str = ""
    ) -> "Tale":
        """The caller is told who answers, in the words of the line unless others are given."""
        said = INTRODUCTIONS[self.line.id] if text is None else text
        return self.tell("announced", CALLER, at - 1, offer=offer, text=said, version=version, clip_url=clip_url)

    def joins(self, offer: str, *, at: float = TALKS_AT, agent_gone: bool = False) -> "Tale":
        """The caller has heard it to the end and asks for the room."""
        return self.tell("joining", CALLER, at, offer=offer, agent_gone=agent_gone)

    def leaves(
        self, leg: str, offer: str, at: float, *, number: int | None, reason: str = "participant_hung_up"
    ) -> "Tale":
        """The room reports who left it, with its own number of the event."""
        key = f"room:{offer}:participant-leave:{leg}:{number}"
        told = Told(CALL, key, "room", "room", moment(at), sid=SID.get(leg, f"CA-{leg}"), sequence=number)
        detail = {"event": "participant-leave", "offer": offer, "reason": reason}
        self.facts.append(replace(told, said_at=moment(at).replace(microsecond=0), detail=detail))
        return self

    def recorded(self) -> Recorded:
        """What the database would have of it."""
        return Recorded(
            id=CALL,
            arrived_at=MORNING,
            facts=self.facts,
            offers=self.offers,
            agents=self.agents,
            wanted=self.wanted,
            caller_known=self.caller_known,
            later=self.later,
            transfers=self.transfers,
            heard=self.heard,
        )

    def view(self) -> CallView:
        return read_call(self.recorded(), self.line)


def talk(
    line: Line,
    seconds: float = 2.4,
    *,
    until_talk: bool = False,
    agent: Person = KIM,
    asked: Skill | None = ("guide", ""),
) -> Tale:
    """A call that an agent answers after so many seconds of ringing; the customer hangs up first."""
    tale = Tale(line, asked=asked).tell("arrived", CALLER, 0).tell("wait", CALLER, 8)
    offer = tale.offer(agent=agent)
    tale.rings(offer, seconds).takes(offer).announces(offer).joins(offer)
    if until_talk:
        return tale
    tale.leaves(CALLER, offer, TALK_ENDS_AT, number=4).leaves(offer, offer, TALK_ENDS_AT, number=5)
    return tale.event(CALLER, "completed", TALK_ENDS_AT).event(offer, "completed", TALK_ENDS_AT)


def judged(tale: Tale | CallView) -> dict[str, list[Judgement]]:
    """What every standard of the institution's charter says of the call, by promise."""
    view = tale.view() if isinstance(tale, Tale) else tale
    found: dict[str, list[Judgement]] = {}
    for one in judge_call(charters().of(view.line.id), 1, view):
        found.setdefault(one.standard.key, []).append(one.judgement)
    return found


def finding(tale: Tale | CallView, promise: str) -> str:
    """The finding of one promise, which stands once."""
    (one,) = judged(tale)[promise]
    return one.finding.value
