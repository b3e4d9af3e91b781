"""A running campaign for people who agreed, written in bulk, and the counts of its rows."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from ivr.campaigns.plan import Plan, read_plan, written_plan
from ivr.campaigns.quotas import open_quotas
from ivr.campaigns.rows import Campaign, CampaignState, Charge, Dial, Quota, Target, TargetState
from ivr.campaigns.terms import Terms
from ivr.consents.rows import Channel, Consent, Hours, Means, Purpose, Standing
from ivr.numbers import PhoneNumber
from ivr.people.rows import Person
from ivr.store import Store
from ivr.surveys.rows import Disposition

LINE = "dcgf"
WHOLE_DAYS = {day: ["00:00-24:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}


@dataclass(frozen=True)
class Group:
    """`count` people from `first` on (both their ids and the end of their numbers), in one group."""

    count: int = 3
    first: int = 1
    name: str = "all"

    @property
    def ids(self) -> range:
        """Their ids."""
        return range(self.first, self.first + self.count)


def plan(**given: object) -> Plan:
    """A plan that rings on weekdays from ten to twenty, fast, unless told otherwise."""
    return read_plan({"cps": 20, "concurrency": 500, **given})


def number_of(person: int) -> PhoneNumber:
    """The number of a person of these tests."""
    return PhoneNumber.parse(f"+8210{20_000_000 + person}")


def agreed(store: Store, people: Group, *, at: datetime, by_night: bool = False) -> None:
    """People who agreed to a happy call, by day or by night too, a day ago."""
    index, before = store.keyring.index, at - timedelta(days=1)
    numbers = {id: number_of(id) for id in people.ids}
    known = {"line": LINE, "is_callable": True, "takes_texts": True, "added_at": before}
    said = {"purpose": Purpose.HAPPY_CALL, "channel": Channel.VOICE, "hours": Hours.DAY}
    how = {"wording": "w1", "how": Means.WEB, "evidence": "web", "source": "s", "recorded_by": "tests"}
    times = {"given_at": before, "recorded_at": before, "expires_at": at + timedelta(days=700)}
    with store.transaction() as session:
        session.execute(
            insert(Person),
            [{"id": id, "number": number, "number_index": index(number), **known} for id, number in numbers.items()],
        )
        session.execute(
            insert(Consent), [{"id": id, "person_id": id, "line": LINE, **said, **how, **times} for id in people.ids]
        )
        session.execute(
            insert(Standing),
            [
                {"person_id": id, "consent_id": id, "expires_at": times["expires_at"], **said, "hours": hours}
                for id in people.ids
                for hours in ([Hours.DAY, Hours.NIGHT] if by_night else [Hours.DAY])
            ],
        )


def running(store: Store, plan: Plan, *groups: Group, at: datetime, terms: Terms | None = None) -> int:
    """A campaign that runs, with these people as its targets."""
    terms = terms or Terms(survey_class="happy_call", purposes=(Purpose.HAPPY_CALL,))
    with store.transaction() as session:
        campaign = Campaign(
            line=LINE,
            name="test",
            kind="happy_call",
            purpose=terms.purposes[0],
            questionnaire="happy-dcgf",
            questionnaire_version=1,
            state=CampaignState.RUNNING,
            plan=written_plan(plan),
            terms=terms.model_dump(mode="json"),
            made_by="tests",
            made_at=at,
            changed_by="tests",
            changed_at=at,
        )
        session.add(campaign)
        session.flush()
        waiting = {"state": TargetState.PENDING, "disposition": Disposition.REGISTERED, "attempts": 0}
        for group in groups:
            rows = [
                {"campaign_id": campaign.id, "person_id": id, "consent_id": id, "group": group.name, **waiting}
                for id in group.ids
            ]
            session.execute(insert(Target), rows)
        open_quotas(session, campaign.id, plan)
        return campaign.id


def moved(store: Store, campaign: int, state: CampaignState) -> None:
    """Put a campaign into another state, as its supervisor would."""
    with store.transaction() as session:
        session.execute(update(Campaign).where(Campaign.id == campaign).values(state=state))


def targets(store: Store) -> dict[int, tuple[str, str]]:
    """State and disposition of each person's target."""
    with store.reading() as session:
        rows = session.execute(select(Target.person_id, Target.state, Target.disposition)).all()
    return {person: (state.value, disposition.value) for person, state, disposition in sorted(rows)}


def whys(store: Store) -> dict[int, str | None]:
    """Why each person's target of the newest campaign is where it is."""
    with store.reading() as session:
        rows = session.execute(select(Target.person_id, Target.why).order_by(Target.campaign_id)).all()
    return {person: why for person, why in sorted(rows, key=lambda row: row[0])}


def turns(store: Store) -> dict[int, datetime | None]:
    """When each person's next turn is."""
    with store.reading() as session:
        rows = session.execute(select(Target.person_id, Target.next_at).order_by(Target.campaign_id)).all()
    return {person: moment for person, moment in sorted(rows, key=lambda row: row[0])}


def dials(store: Store) -> list[Dial]:
    """Every dial, by person and ordinal."""
    with store.reading() as session:
        return list(session.scalars(select(Dial).order_by(Dial.person_id, Dial.ordinal)))


def charges(store: Store) -> Counter[str]:
    """How many charges there are in each state."""
    with store.reading() as session:
        return Counter(state.value for state in session.scalars(select(Charge.state)))


def taken(store: Store) -> dict[str, int]:
    """The places taken of each quota."""
    with store.reading() as session:
        return {quota.group: quota.taken for quota in session.scalars(select(Quota))}
