"""A history lived twice: in the database by the real functions, and in the model's lists."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine, select, true
from sqlalchemy.orm import Session

from ivr.campaigns.rows import Dial, DialOutcome, DialState
from ivr.consents import contact
from ivr.consents.contact import Limits, Wish
from ivr.consents.recording import BadConsent, Grant, Revocation, erase, grant, withdraw
from ivr.consents.register import BadRegister, take_register
from ivr.consents.rows import Hours, Means, Purpose, Standing, Suppression, SuppressionScope
from ivr.consents.standing import standing_by_ledger
from ivr.consents.suppressing import Ban, lift, standing_bans, suppress
from ivr.numbers import PhoneNumber
from ivr.optouts.refusing import Refusal, refuse
from ivr.optouts.refusing import withdraw as allow_texts
from ivr.optouts.rows import Scope, Way
from ivr.people.finding import known_person, person_with
from ivr.sealing import index_of
from tests.unit.consents.model import SEOUL, Given, Known, Model, Question, Taken, last_day, utc

NUMBERS = ("010-1000-0001", "010-1000-0002", "112")
LINES = ("kibo", "dcgf")
PURPOSES = (Purpose.HAPPY_CALL, Purpose.TELESALES)
CAMPAIGNS = (7, 8)
QUESTIONS = (
    Question("kibo", ("happy_call",), 7, per_day=1, rolling=2, life=3, across=4),
    Question("kibo", ("happy_call", "telesales"), 7, per_day=2, rolling=2, life=2, across=2),
    Question("dcgf", ("telesales",), 8, per_day=2, rolling=1, life=2, across=2),
)
START = utc("2026-02-01T12:00:00+09:00")


class World:
    """One history. Each step is done at `now`; what the real functions refuse must be refused by the model too."""

    def __init__(self, session: Session) -> None:
        self.session, self.model, self.now = session, Model(), START

    def pass_time(self, **length: int) -> None:
        self.now += timedelta(**length)

    def meet(self, line: str, number: str) -> int:
        """The person of this number, made known where she is not."""
        parsed = PhoneNumber.parse(number)
        person = known_person(self.session, line, parsed, at=self.now)
        self.model.people.setdefault(person.id, Known(line, number, parsed.may_be_called))
        return person.id

    def agree(
        self,
        line: str,
        number: str,
        purpose: Purpose,
        *,
        hours: Hours = Hours.DAY,
        days: int = 0,
        by_list: bool = False,
    ) -> None:
        person, at = self.meet(line, number), self.now - timedelta(days=days)
        how = Means.IMPORT if by_list else Means.WEB
        given = Grant(purpose, how, "1", "test", "test", at, "test", hours=hours)
        is_over = self.now.astimezone(SEOUL).date() > last_day(at)
        try:
            grant(self.session, person, given, at=self.now)
        except BadConsent:
            assert is_over, "a consent was refused that holds"
            return
        assert not is_over, "a consent was taken that had run out"
        self.model.given.append(Given(person, purpose.value, hours.value, at))
        ban = self.model.here.get((line, number))
        if not by_list and ban is not None and ban[0] != "complaint" and ban[1] < at:
            del self.model.here[line, number]

    def take_back(self, line: str, number: str, purposes: tuple[Purpose, ...] | None) -> None:
        person = self.meet(line, number)
        withdraw(self.session, person, Revocation(Means.KEY, "test", "test", purposes), at=self.now)
        self._take_back(person, purposes)
        if purposes is None:
            self.model.here.setdefault((line, number), ("withdrawn", self.now))

    def forget(self, line: str, number: str) -> None:
        known = person_with(self.session, line, PhoneNumber.parse(number))
        if known is None:
            return
        erase(self.session, known.id, by="test", at=self.now)
        self._take_back(known.id, None)
        self.model.people[known.id].erased = True
        self.model.here.setdefault((line, number), ("erased", self.now))

    def _take_back(self, person: int, purposes: tuple[Purpose, ...] | None) -> None:
        for one in self.model.given:
            if one.person == person and not one.withdrawn and (purposes is None or one.purpose in purposes):
                one.withdrawn = True
                self.model.taken.append(Taken(person, one.purpose, one.hours, self.now))

    def ban(self, scope: SuppressionScope, line: str, number: str, campaign: int) -> None:
        index = index_of(self.session, PhoneNumber.parse(number))
        ban = Ban(SuppressionScope.EVERYBODY, index, "complaint")
        if scope is SuppressionScope.INSTITUTION:
            ban = replace(ban, scope=scope, line=line)
            self.model.here.setdefault((line, number), ("complaint", self.now))
        elif scope is SuppressionScope.CAMPAIGN:
            ban = replace(ban, scope=scope, campaign_id=campaign)
            self.model.campaign.add((campaign, number))
        else:
            self.model.everybody.add(number)
        suppress(self.session, ban, by="test", at=self.now)

    def lift_bans(self, number: str) -> None:
        index = index_of(self.session, PhoneNumber.parse(number))
        lift(self.session, standing_bans(index).where(Suppression.why == "complaint"), at=self.now)
        self.session.flush()
        self.model.everybody.discard(number)
        self.model.campaign = {(campaign, whose) for campaign, whose in self.model.campaign if whose != number}
        mine = [key for key, (reason, _) in self.model.here.items() if key[1] == number and reason == "complaint"]
        for key in mine:
            del self.model.here[key]

    def refuse_texts(self, line: str, number: str) -> None:
        source = f"{len(self.model.no_texts)}:{self.now.isoformat()}"
        refuse(self.session, Refusal(line, PhoneNumber.parse(number), Scope.ALL, Way.AGENT, source), at=self.now)
        self.model.no_texts.add((line, number))

    def allow_texts(self, line: str, number: str) -> None:
        allow_texts(self.session, line, PhoneNumber.parse(number), at=self.now)
        self.session.flush()
        self.model.no_texts.discard((line, number))

    def read_register(self, numbers: tuple[str, ...], days: int) -> None:
        at = self.now - timedelta(days=days)
        indexes = [index_of(self.session, PhoneNumber.parse(number)) for number in numbers]
        try:
            take_register(self.session, indexes, checked_at=at, by="test", at=self.now)
        except BadRegister:
            assert self.model.checked is not None
            assert at < self.model.checked
            return
        assert self.model.checked is None or at >= self.model.checked
        self.model.register, self.model.checked = set(numbers), at

    def dial(self, line: str, number: str, campaign: int, *, outcome: DialOutcome = DialOutcome.BUSY) -> None:
        person = self.meet(line, number)
        row = Dial(
            id=f"l{len(self.model.dials)}",
            campaign_id=campaign,
            person_id=person,
            ordinal=len(self.model.dials),
            line=line,
            number_index=index_of(self.session, PhoneNumber.parse(number)),
            state=DialState.OVER,
            dialled_at=self.now,
            ended_at=self.now,
            outcome=outcome,
        )
        self.session.add(row)
        self.session.flush()
        self.model.dials.append((number, campaign, self.now, outcome is not DialOutcome.NOT_PLACED))

    def answers(self, at: datetime) -> Iterator[tuple[str, str | None, str | None]]:
        """Each question about each person at a moment: what it is, the model's answer, and the statement's."""
        people = [*self.model.people, 4711]
        for asked in QUESTIONS:
            limits = Limits(asked.per_day, asked.rolling, asked.life, asked.across)
            wish = Wish(asked.line, tuple(Purpose(one) for one in asked.purposes), asked.campaign, limits)
            found = contact.may_contact_all(self.session, wish, people, at=at)
            for person in people:
                said = found[person].why
                assert (said is None) == (found[person].consent_id is not None)
                yield f"{asked} {person} {at}", self.model.why(asked, person, at), said and said.value

    def differs(self) -> str | None:
        """The first difference between database and model, now and at the moments around it; None without one."""
        midnight = self.now.replace(hour=15, minute=0, second=0, microsecond=0)
        edges = (midnight - timedelta(hours=2), midnight - timedelta(hours=2, microseconds=1))
        for at in (self.now, *edges, midnight + timedelta(hours=8)):
            for question, expected, found in self.answers(at):
                if expected != found:
                    return f"{question}: expected {expected}, found {found}"
        return None

    def standings_agree(self) -> bool:
        """Whether what stands is what the ledger gives when it is read anew."""
        columns = [Standing.person_id, Standing.purpose, Standing.channel, Standing.hours]
        columns_of_all = [*columns, Standing.consent_id, Standing.expires_at]
        stored = {tuple(row) for row in self.session.execute(select(*columns_of_all))}
        return stored == {tuple(row) for row in self.session.execute(standing_by_ledger(true()))}


def living(engine: Engine, history: Callable[[World], None]) -> None:
    """Live a history in a transaction that leaves nothing behind."""
    with Session(engine, expire_on_commit=False) as session:
        try:
            history(World(session))
        finally:
            session.rollback()
