"""A dial of the table of what is owed: its campaign, interview, charge, and the ledger of the person who was rung."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert
from sqlalchemy.orm import Session

from ivr.calls.rows import Call
from ivr.campaigns.plan import Plan, written_plan
from ivr.campaigns.rows import (
    Campaign,
    CampaignState,
    Charge,
    ChargeState,
    Dial,
    DialOutcome,
    DialState,
    Target,
    TargetState,
)
from ivr.campaigns.terms import Terms
from ivr.consents.rows import Channel, Consent, Hours, Means, Purpose, Withdrawal
from ivr.lines.hours import SEOUL
from ivr.surveys.rows import Disposition, Interview, InterviewOrigin

if TYPE_CHECKING:
    from tests.charter.owed_table import OwedCase

PERSON = 1
FIRM = "hanbit"


def write_survey(session: Session, case: "OwedCase", id: str) -> str:
    """One dial that rang.

    `calls` is how many calls of the firm's customers came that day before, `surveys` the other dials of the month
    ("09:00 09:05 billable": dialled, ended, and how it was settled then), `consents` and `withdrawn` the ledger
    ("11-01T10:00 marketing_survey", after it "recorded=" or "expires="; "11-02T10:00 1 marketing_survey" takes the
    first one back).
    """
    row = case.row
    kind = row.get("kind", "improvement")
    survey_class = row.get("class", "opinion")
    campaign = _campaign(case, kind, survey_class, firm=row.get("firm", FIRM) or None)
    session.add(campaign)
    session.flush()
    said = Disposition(row.get("said", "completed"))
    session.add(_dial(case, campaign, id, person=PERSON))
    if row.get("charge", "billable"):
        session.add(_charge(case, campaign, id, ChargeState(row.get("charge", "billable"))))
    _write_ledger(session, case)
    session.flush()
    session.add(
        Target(
            campaign_id=campaign.id,
            person_id=PERSON,
            consent_id=1,
            group="all",
            state=TargetState.DONE,
            disposition=Disposition(row.get("counted", said.value)),
            attempts=1,
        )
    )
    session.add(_interview(case, campaign, id, said))
    _write_month(session, case, campaign)
    return id


def _interview(case: "OwedCase", campaign: Campaign, id: str, said: Disposition) -> Interview:
    return Interview(
        id=id,
        questionnaire="ascentre-improvement",
        version=1,
        line=case.line,
        origin=InterviewOrigin.CAMPAIGN,
        campaign_id=campaign.id,
        person_id=PERSON,
        began_at=case.came_at,
        disposition=said,
    )


def _campaign(case: "OwedCase", kind: str, survey_class: str, *, firm: str | None) -> Campaign:
    is_free = survey_class == "happy_call"
    terms = Terms(
        survey_class=survey_class,
        purposes=(Purpose.MARKETING_SURVEY,),
        price=0 if is_free else 1500,
        is_free=is_free,
        monthly_calls=200,
    )
    made_at = case.moment(case.row.get("made", "00:00"))
    return Campaign(
        line=case.line,
        firm=firm,
        name="survey",
        kind=kind,
        # The target stands by the person's first consent, whatever it is for: a trigger asks that it fits.
        purpose=Purpose(case.row["consents"][0].split()[1]),
        questionnaire="ascentre-improvement",
        questionnaire_version=1,
        state=CampaignState.RUNNING,
        plan=written_plan(Plan()),
        terms=terms.model_dump(mode="json"),
        made_by="tests",
        made_at=made_at,
        changed_by="tests",
        changed_at=made_at,
    )


def _write_month(session: Session, case: "OwedCase", campaign: Campaign) -> None:
    """What else of the firm's month is used, or held."""
    number = case.own_line.firms[FIRM].numbers[0]
    told = {"dialled": number, "receipt_number": "r", "arrived_at": case.moment("00:00")}
    known = {"line": case.line, "firm": FIRM, **told}
    calls = [{"id": f"c{one}", "carrier_sid": f"CA{one}", **known} for one in range(case.row.get("calls", 0))]
    if calls:
        session.execute(insert(Call), calls)
    for ordinal, written in enumerate(case.row.get("surveys", ()), start=1):
        dialled, ended, state = written.split()
        dial = _dial(case, campaign, f"other-{ordinal}", person=PERSON + ordinal)
        dial.dialled_at, dial.ended_at = case.moment(dialled), case.moment(ended)
        charge = _charge(case, campaign, dial.id, ChargeState(state))
        charge.settled_at = dial.ended_at
        session.add_all([dial, charge])


def _write_ledger(session: Session, case: "OwedCase") -> None:
    """The person's consents to be rung by day, and the withdrawals of them by purpose."""
    alike = {"person_id": PERSON, "channel": Channel.VOICE, "hours": Hours.DAY, "how": Means.WEB}
    for id, written in enumerate(case.row.get("consents", ()), start=1):
        given_at, purpose, *more = written.split()
        given = case.moment(given_at)
        times = {name: case.moment(time) for name, time in (pair.split("=") for pair in more)}
        session.add(
            Consent(
                **alike,
                id=id,
                line=case.line,
                purpose=Purpose(purpose),
                wording="w1",
                evidence="web",
                source="s",
                given_at=given,
                recorded_at=times.get("recorded", given),
                expires_at=times.get("expires", case.came_at + timedelta(days=300)),
                recorded_by="tests",
            )
        )
    for written in case.row.get("withdrawn", ()):
        taken_back_at, consent, purpose = written.split()
        session.add(
            Withdrawal(
                **alike,
                consent_id=int(consent),
                purpose=Purpose(purpose),
                evidence="web",
                withdrawn_at=case.moment(taken_back_at),
                recorded_by="tests",
            )
        )


def _dial(case: "OwedCase", campaign: Campaign, id: str, *, person: int) -> Dial:
    return Dial(
        id=id,
        campaign_id=campaign.id,
        person_id=person,
        ordinal=1,
        line=case.line,
        number_index=f"{person:064}",
        state=DialState.OVER,
        dialled_at=case.came_at,
        ended_at=case.came_at + timedelta(minutes=3),
        outcome=DialOutcome(case.row.get("outcome", "answered")),
    )


def _charge(case: "OwedCase", campaign: Campaign, dial_id: str, state: ChargeState) -> Charge:
    return Charge(
        dial_id=dial_id,
        campaign_id=campaign.id,
        line=case.line,
        firm=campaign.firm or "",
        month=f"{case.came_at.astimezone(SEOUL):%Y-%m}",
        state=state,
        price=0 if state is ChargeState.FREE else 1500,
        is_free=state is ChargeState.FREE,
        settled_at=case.came_at + timedelta(minutes=3),
    )
