"""What came of a simulated campaign: counted from its rows, counted by the carrier, and laid side by side."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TypedDict
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from carrier.calls import Call
from commands.campaign_living import CampaignLived
from ivr.campaigns.rows import Campaign, Charge, ChargeState, Dial, DialOutcome, Target, TargetState
from ivr.consents.rows import Withdrawal
from ivr.numbers import PhoneNumber
from ivr.people.rows import Person
from ivr.surveys.rows import Answer, Disposition, FollowUp, Interview

RANG_LATE = "rang after the withdrawal"


class CampaignEntry(TypedDict):
    """What is printed. `carrier_calls` is the carrier's own count of the calls that it was asked to place to people
    of the list; `disagreements` names every sum that does not come out, and is empty.
    """

    line: str
    kind: str
    questionnaire: str
    seed: int
    begins: str
    ends: str
    state: str
    people: int
    eligible: int
    excluded: Mapping[str, int]
    dialled: int
    dials: int
    not_placed: int
    carrier_calls: int
    completed: int
    withdrawn: int
    billable: int
    won: int
    answers: int
    follow_ups: int
    dispositions: Mapping[str, int]
    outcomes: Mapping[str, int]
    disagreements: list[str]


def count_campaign(lived: CampaignLived) -> CampaignEntry:
    """Count a campaign that was lived through."""
    with lived.world.store.reading() as session:
        counts = _Counts(session, lived)
        return counts.entry()


def calls_of(lived: CampaignLived) -> list[Call]:
    """The calls that the carrier was asked to place to people of the list, by its own record.

    Who asks the campaign to be called back is rung for that as well, which is no call of the campaign.
    """
    numbers = {PhoneNumber.parse(one.number).e164 for one in lived.sketch.people}
    placed = (one for one in lived.world.carrier.network.calls.values() if one.route.direction == "outbound-api")
    return [one for one in placed if one.route.to in numbers and not _is_callback(one)]


def _is_callback(call: Call) -> bool:
    return call.callback is not None and urlsplit(call.callback.url).path.startswith("/voice/dial/")


class _Counts:
    def __init__(self, session: Session, lived: CampaignLived) -> None:
        id = lived.campaign_id
        self.lived, self.session = lived, session
        self.campaign = session.get_one(Campaign, id)
        self.targets = session.scalars(select(Target).where(Target.campaign_id == id)).all()
        self.dials = session.scalars(select(Dial).where(Dial.campaign_id == id)).all()
        self.charges = session.scalars(select(Charge).where(Charge.campaign_id == id)).all()
        self.interviews = session.scalars(select(Interview).where(Interview.campaign_id == id)).all()
        self.placed = [dial for dial in self.dials if dial.outcome is not DialOutcome.NOT_PLACED]
        self.calls = calls_of(lived)

    def entry(self) -> CampaignEntry:
        """Everything that is printed."""
        sketch, before = self.lived.sketch, self.lived.before
        billable = [charge for charge in self.charges if charge.state is ChargeState.BILLABLE]
        return {
            "line": sketch.line.id,
            "kind": sketch.kind.id,
            "questionnaire": sketch.questionnaire.id,
            "seed": sketch.seed,
            "begins": f"{sketch.begins:%Y-%m-%d %H:%M:%S}",
            "ends": f"{self.lived.world.now().astimezone(sketch.begins.tzinfo):%Y-%m-%d %H:%M:%S}",
            "state": self.campaign.state.value,
            "people": before.members,
            "eligible": before.eligible,
            "excluded": before.excluded,
            "dialled": len({dial.person_id for dial in self.placed}),
            "dials": len(self.dials),
            "not_placed": len(self.dials) - len(self.placed),
            "carrier_calls": len(self.calls),
            "completed": self._completed(),
            "withdrawn": len(self._withdrawn()),
            "billable": len(billable),
            "won": sum(charge.price for charge in billable),
            "answers": self._rows(Answer.interview_id),
            "follow_ups": self._rows(FollowUp.interview_id),
            "dispositions": _counted(target.disposition.value for target in self.targets),
            "outcomes": _counted((dial.outcome.value if dial.outcome else "open") for dial in self.dials),
            "disagreements": list(self._disagreements()),
        }

    def _disagreements(self) -> Iterator[str]:
        """Each sum that has to come out, and does not."""
        before = self.lived.before
        free = [charge for charge in self.charges if charge.state is ChargeState.FREE]
        billable = [charge for charge in self.charges if charge.state is ChargeState.BILLABLE]
        interviews = [one for one in self.interviews if one.disposition is Disposition.COMPLETED]
        sums = {
            "people are eligible or excluded": (before.members, before.eligible + sum(before.excluded.values())),
            "whoever is eligible is a target": (before.eligible, len(self.targets)),
            "dials that were placed are calls of the carrier": (len(self.placed), len(self.calls)),
            "targets are done": (len(self.targets), sum(one.state is TargetState.DONE for one in self.targets)),
            "dials have ended": (len(self.dials), sum(one.ended_at is not None for one in self.dials)),
            "completed interviews are completed targets": (len(interviews), self._completed()),
            "completed interviews are free or billable": (len(interviews), len(free) + len(billable)),
            "dials have a charge": (len(self.dials), len(self.charges)),
        }
        yield from (f"{what}: {left} and {right}" for what, (left, right) in sums.items() if left != right)
        sids = {call.sid for call in self.calls}
        strange = [dial.id for dial in self.placed if dial.call_sid not in sids]
        yield from (f"dial {id} is no call of the carrier" for id in strange)
        yield from self._rung_after_withdrawal()

    def _rung_after_withdrawal(self) -> Iterator[str]:
        for person, withdrawn_at in self._withdrawn().items():
            late = [dial.id for dial in self.placed if dial.person_id == person and dial.dialled_at > withdrawn_at]
            yield from (f"dial {id} {RANG_LATE}" for id in late)

    def _completed(self) -> int:
        return sum(target.disposition is Disposition.COMPLETED for target in self.targets)

    def _withdrawn(self) -> Mapping[int, datetime]:
        """Who took a consent back since the launch, and when first."""
        begins = self.lived.sketch.begins
        query = (
            select(Withdrawal.person_id, func.min(Withdrawal.withdrawn_at))
            .join(Person, Person.id == Withdrawal.person_id)
            .where(Person.line == self.campaign.line, Withdrawal.withdrawn_at >= begins)
            .group_by(Withdrawal.person_id)
        )
        return {person: at for person, at in self.session.execute(query)}

    def _rows(self, interview: InstrumentedAttribute[str]) -> int:
        of_campaign = select(Interview.id).where(Interview.campaign_id == self.campaign.id)
        return self.session.scalar(select(func.count()).where(interview.in_(of_campaign))) or 0


def _counted(words: Iterator[str]) -> Mapping[str, int]:
    return dict(sorted(Counter(words).items()))
