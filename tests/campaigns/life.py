"""People, campaigns and a dialler over one store, and a carrier port that shows each order to the judge."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from commands.fate import Death
from ivr.audiences.rows import Audience, AudienceState, Member, Origin
from ivr.calls.facts import Told, tell
from ivr.campaigns.choosing import choose
from ivr.campaigns.lifecycle import Deed, Draft, close, create, pause, resume
from ivr.campaigns.moves import CampaignEvent
from ivr.campaigns.plan import Plan
from ivr.campaigns.quotas import open_quotas
from ivr.campaigns.rows import Campaign, CampaignState, Dial, Target
from ivr.campaigns.terms import Terms
from ivr.consents.recording import Grant, Revocation, erase, grant, withdraw
from ivr.consents.rows import Hours, Means, Purpose, SuppressionScope
from ivr.consents.suppressing import Ban, suppress
from ivr.numbers import PhoneNumber
from ivr.orders import Accepted, AskCall, EndCall, FindCall, Found, Order, PlaceCall, Receipt, Rejected, Unknown
from ivr.people.finding import known_person
from ivr.promises import Promise
from ivr.sealing import index_of
from ivr.store import Store
from ivr.surveys.rows import Disposition, Interview, InterviewOrigin
from tests.campaigns.judge import SEOUL, Judge, Rules
from tests.http.board import BASE_URL, words
from workers.dialler import Dialler
from workers.job import House
from workers.keeping import Keeper
from workers.relay import Relay

LEG = "person"
BY = "tests"
# The first second of these days is a Monday's ten o'clock, and the month ends within them.
START = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
KEPT = timedelta(days=40)
QUESTIONNAIRE = "happy-dcgf"
MOST_TURNS = 400


class Answer(StrEnum):
    """What the carrier says to the next order to ring, and whether the dialler lives to hear it."""

    TAKEN = "taken"
    REFUSED = "refused"
    BUSY = "busy"
    SILENT_TAKEN = "silent, taken"
    SILENT_LOST = "silent, lost"
    DIES_BEFORE = "dies before"
    DIES_AFTER = "dies after"


@dataclass
class Clock:
    """The clock of the house: what it shows, and whether it steps."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Leg:
    """A leg at the carrier."""

    sid: str
    to: str
    dial: str
    at: datetime
    ended: str | None = None
    ended_at: datetime | None = None


@dataclass
class Port:
    """The door to a carrier that takes orders as it is told to, and shows each order to ring to the judge."""

    clock: Clock
    judge: Judge
    campaign_of: Callable[[str], int]
    answers: list[Answer] = field(default_factory=list)
    legs: list[Leg] = field(default_factory=list)

    def do(self, order: Order) -> Receipt:
        """Carry out one order."""
        match order:
            case PlaceCall():
                return self._ring(order)
            case EndCall(sid):
                leg = self._leg(sid)
                if leg is not None and leg.ended is None:
                    leg.ended, leg.ended_at = "canceled", self.clock.at
                    self.judge.ended(leg.dial, completed=False)
                return Accepted(sid)
            case AskCall(sid):
                return _found(self._leg(sid))
            case FindCall():
                return _found(next((leg for leg in self.legs if _fits(leg, order)), None))
            case _:
                return Accepted("SM" + "0" * 32)

    def ringing(self) -> list[Leg]:
        """The legs that have not ended."""
        return [leg for leg in self.legs if leg.ended is None]

    def _leg(self, sid: str) -> Leg | None:
        return next((leg for leg in self.legs if leg.sid == sid), None)

    def _ring(self, order: PlaceCall) -> Receipt:
        answer = self.answers.pop(0) if self.answers else Answer.TAKEN
        if answer is Answer.DIES_BEFORE:
            raise Death(answer)
        dial = parse_qs(urlsplit(order.answer_url).query)["call"][0]
        campaign = self.campaign_of(dial)
        self.judge.ordered(order.to, campaign, dial, at=self.clock.at)
        match answer:
            case Answer.REFUSED:
                return Rejected(21217, "not a number", permanent=True)
            case Answer.BUSY:
                return Rejected(20429, "too many requests", permanent=False)
            case Answer.SILENT_LOST:
                return Unknown("ReadTimeout")
            case Answer.TAKEN | Answer.SILENT_TAKEN | Answer.DIES_AFTER:
                return self._taken(order, dial, campaign, answer)

    def _taken(self, order: PlaceCall, dial: str, campaign: int, answer: Answer) -> Receipt:
        leg = Leg(f"CA{len(self.legs):032x}", order.to, dial, self.clock.at)
        self.legs.append(leg)
        self.judge.rung(order.to, campaign, dial, at=self.clock.at)
        if answer is Answer.DIES_AFTER:
            raise Death(answer)
        return Unknown("ReadTimeout") if answer is Answer.SILENT_TAKEN else Accepted(leg.sid)


def _fits(leg: Leg, order: FindCall) -> bool:
    return leg.to == order.to and order.since <= leg.at <= order.until and leg.sid not in order.others


def _found(leg: Leg | None) -> Receipt:
    if leg is None:
        return Rejected(20404, "no such call", permanent=True)
    return Found(leg.sid, leg.ended or "in-progress", leg.ended_at)


class Life:
    """One store with people of two lines, its campaigns, one dialler, and the judge of what it orders."""

    def __init__(self, engine: Engine) -> None:
        texts, lines, calendar = words()
        self.clock = Clock()
        self.store = Store(engine)
        self.judge = Judge(holidays=frozenset(day for day in _days() if calendar.holiday(day, "dcgf")))
        self.port = Port(self.clock, self.judge, self._campaign_of)
        self.house = House(lines, texts, calendar, self.store.keyring, BASE_URL)
        self.keeper = Keeper(self.store, self.port, self.house, self.clock, lambda: None)
        self.dialler = self._new_dialler()
        self.deaths = 0

    def _new_dialler(self) -> Dialler:
        return Dialler(self.store, self.port, self.house, self.clock, lambda: None)

    # -- people ----------------------------------------------------------------------------------------------

    def person(self, line: str, number: str) -> int:
        """The id of somebody, made known by this."""
        with self.store.transaction() as session:
            return known_person(session, line, PhoneNumber.parse(number), at=self.clock.at).id

    def agree(self, line: str, number: str, purpose: Purpose, *, hours: Hours = Hours.DAY, ago: int = 0) -> None:
        """Somebody agrees, or agreed so many days ago."""
        at = self.clock.at - timedelta(days=ago)
        given = Grant(purpose, Means.WEB, "w1", f"web {at.isoformat()}", "신청서", at, BY, hours=hours)
        person = self.person(line, number)
        with self.store.transaction() as session:
            grant(session, person, given, at=self.clock.at)
        self.judge.agreed(line, number, purpose, hours=hours, at=at)

    def withdraw(self, line: str, number: str, purposes: tuple[Purpose, ...] | None) -> None:
        """Somebody takes back what was agreed to for these purposes, or everything."""
        person = self.person(line, number)
        revoked = Revocation(Means.WEB, f"web {self.clock.at.isoformat()}", "caller", purposes)
        with self.store.transaction() as session:
            withdraw(session, person, revoked, at=self.clock.at)
        self.judge.withdrew(line, number, [*(purposes or Purpose)], at=self.clock.at)

    def suppress(self, line: str, number: str) -> None:
        """A number is not to be rung for a line any more, or for nobody where that is empty."""
        with self.store.transaction() as session:
            index = index_of(session, PhoneNumber.parse(number))
            scope = SuppressionScope.INSTITUTION if line else SuppressionScope.EVERYBODY
            suppress(session, Ban(scope, index, "asked", line=line), by=BY, at=self.clock.at)
        self.judge.suppressed.add((line, number))

    def erase(self, line: str, number: str) -> None:
        """Somebody is forgotten."""
        person = self.person(line, number)
        with self.store.transaction() as session:
            erase(session, person, by=BY, at=self.clock.at)
        self.judge.withdrew(line, number, [*Purpose], at=self.clock.at)

    # -- campaigns -------------------------------------------------------------------------------------------

    def campaign(self, rules: Rules, plan: Plan, people: Mapping[str, str]) -> int:
        """A campaign of a line that runs from now on, with these people (group by number) on its list."""
        members = {self.person(rules.line, number): group for number, group in people.items()}
        terms = Terms(
            survey_class="happy_call",
            purposes=tuple(Purpose(purpose) for purpose in rules.purposes),
            is_free=rules.monthly_calls is None,
            monthly_calls=rules.monthly_calls,
        )
        with self.store.transaction() as session:
            audience = self._audience(session, rules.line, members)
            draft = Draft(rules.line, "campaign", "happy_call", QUESTIONNAIRE, audience, plan, terms)
            campaign = create(session, draft, Deed(BY, self.clock.at))
            campaign.questionnaire_version = 1
            campaign.state, campaign.launched_at = CampaignState.APPROVED, self.clock.at
            id = campaign.id
        choose(self.store, id, at=self.clock.at)
        with self.store.transaction() as session:
            open_quotas(session, id, plan)
            session.get_one(Campaign, id).state = CampaignState.RUNNING
        self.judge.rules[id] = rules
        self.judge.running.add(id)
        self.judge.groups |= {(id, number): group for number, group in people.items()}
        return id

    def _audience(self, session: Session, line: str, members: Mapping[int, str]) -> int:
        at = self.clock.at
        audience = Audience(
            line=line,
            name="list",
            origin=Origin.IMPORT,
            source="tests",
            state=AudienceState.READY,
            made_by=BY,
            made_at=at,
            touched_at=at,
            report={},
        )
        session.add(audience)
        session.flush()
        session.add_all(Member(audience_id=audience.id, person_id=id, group=group) for id, group in members.items())
        return audience.id

    def move(self, campaign: int, event: CampaignEvent) -> None:
        """Pause, resume or close a campaign."""
        acts = {CampaignEvent.PAUSE: pause, CampaignEvent.RESUME: resume}
        with self.store.transaction() as session:
            if event is CampaignEvent.CLOSE:
                close(session, campaign, Deed(BY, self.clock.at), why="tests")
            else:
                acts[event](session, campaign, Deed(BY, self.clock.at))
        if event is CampaignEvent.RESUME:
            self.judge.running.add(campaign)
        else:
            self.judge.running.discard(campaign)

    def _campaign_of(self, dial: str) -> int:
        with self.store.reading() as session:
            return session.scalars(select(Dial.campaign_id).where(Dial.id == dial)).one()

    # -- what happens ----------------------------------------------------------------------------------------

    def dial(self, seconds: float) -> None:
        """Let the dialler work for so long; where it dies it is started again."""
        until = self.clock.at + timedelta(seconds=seconds)
        for _ in range(MOST_TURNS):
            try:
                due = self.dialler.work(self.clock.at)
            except Death:
                self.deaths += 1
                self.dialler = self._new_dialler()
                due = self.clock.at + timedelta(seconds=1)
            if due is None or due > until:
                break
            self.clock.at = max(due, self.clock.at + timedelta(milliseconds=10))
        self.clock.at = max(until, self.clock.at)

    def keep_promises(self) -> None:
        """Relay and worker keep what is due."""
        waiting: list[int] = []
        relay = Relay(self.store, lambda _queue, promise: waiting.append(promise))
        for _ in range(MOST_TURNS):
            handed, _due = relay.hand_or_look(self.clock.at)
            while waiting:
                self.keeper.keep(waiting.pop(0))
            if not handed:
                break

    def leg_ends(self, leg: Leg, status: str, disposition: Disposition | None) -> None:
        """A leg is over at the carrier, and that is told; a person had answered as far as the disposition says."""
        leg.ended, leg.ended_at = status, self.clock.at
        completed = disposition is Disposition.COMPLETED
        if disposition is not None:
            self._answered(leg, disposition)
        self._tell(leg, "leg-ended", status=status)
        self.judge.ended(leg.dial, completed=completed)

    def _answered(self, leg: Leg, disposition: Disposition) -> None:
        with self.store.transaction() as session:
            dial = session.get_one(Dial, leg.dial)
            session.merge(
                Interview(
                    id=leg.dial,
                    questionnaire=QUESTIONNAIRE,
                    version=1,
                    line=dial.line,
                    origin=InterviewOrigin.CAMPAIGN,
                    campaign_id=dial.campaign_id,
                    person_id=dial.person_id,
                    began_at=self.clock.at,
                    disposition=disposition,
                )
            )
        self._tell(leg, "leg-document")
        if disposition is not Disposition.CONTACTED:
            self._tell(leg, "survey-begun")

    def _tell(self, leg: Leg, kind: str, **detail: str) -> None:
        at = self.clock.at
        key = f"follow-dial:{leg.dial}:{detail.get('status', '')}"
        promises = [Promise("follow-dial", key, at, {"dial": leg.dial})] if kind == "leg-ended" else []
        fact = Told(leg.dial, f"{LEG}:{kind}", kind, LEG, at, sid=leg.sid, detail=dict(detail))
        with self.store.statement() as connection:
            tell(connection, fact, promises=promises)

    def targets(self, campaign: int) -> Sequence[Target]:
        """Every target of a campaign."""
        with self.store.reading() as session:
            return session.scalars(select(Target).where(Target.campaign_id == campaign)).all()


def to_local(moment: datetime, clock: time) -> datetime:
    """The next moment (UTC) at which the clocks of Seoul show this time."""
    local = moment.astimezone(SEOUL)
    day = local.date() if local.time() < clock else local.date() + timedelta(days=1)
    return datetime.combine(day, clock, tzinfo=SEOUL).astimezone(UTC)


def _days() -> list[date]:
    first = START.astimezone(SEOUL).date()
    return [first + timedelta(days=number) for number in range(-2, KEPT.days)]
