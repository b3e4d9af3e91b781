"""S11, T18, K15, D14: a closed campaign of satisfaction with complete answers counts as the survey of its year."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from ivr.campaigns.plan import read_plan, written_plan
from ivr.campaigns.rows import Campaign, CampaignState
from ivr.charters.judges.judgement import Judgement
from ivr.charters.periods import HeldSurvey, PeriodView, judge_period
from ivr.charters.reading_periods import period_view
from ivr.consents.rows import Purpose
from ivr.store import Store
from ivr.surveys.rows import Disposition, Interview, InterviewOrigin
from tests.unit.charters.tales import charters

FIRST, LAST, LATER, LONG_AGO = date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 4), date(2025, 3, 3)
AGENCY, STAFF, NOBODY = "outside_agency", "own_staff", ""
COMPLETED, BREAKOFF = Disposition.COMPLETED, Disposition.BREAKOFF


def found(promise: str, *held_by: str, today: date = LATER, since: date = LONG_AGO) -> Judgement:
    """The finding of a promise on surveys that ended in November, by whom."""
    institution, key = promise.split("/")
    standard = next(one for one in charters().of(institution).all if one.key == key)
    held = tuple(HeldSurvey(f"campaign-{n}", date(2026, 11, 20), by) for n, by in enumerate(held_by))
    return judge_period(standard, PeriodView(FIRST, LAST, today, since, satisfaction=held))


@pytest.mark.parametrize("promise", ["kotra/T18", "kibo/K15", "dcgf/D14"])
def test_where_an_outside_agency_is_named_only_its_survey_counts(promise: str) -> None:
    assert (found(promise, AGENCY).finding, found(promise, AGENCY).evidence) == ("met", ("campaign-0",))
    for one in (found(promise, NOBODY, STAFF), found(promise)):
        assert (one.finding, one.reason.id) == ("indeterminate", "period.survey_elsewhere")


def test_where_nobody_is_named_any_survey_counts() -> None:
    assert [found("ksure/S11", by).finding for by in (NOBODY, STAFF, AGENCY)] == ["met"] * 3
    assert found("ksure/S11").finding == "indeterminate"


def test_a_running_year_or_one_without_a_record_is_not_decided() -> None:
    assert found("ksure/S11", today=LAST).reason.id == "period.survey_running"
    assert found("ksure/S11", since=date(2026, 5, 1)).reason.id == "period.survey_unrecorded"
    assert found("ksure/S11", NOBODY, today=LAST).finding == "met"


def campaign(session: Session, kind: str, *said: tuple[str, Disposition], line: str = "kotra", **more: object) -> int:
    """A campaign with interviews ("2026-11-20T10:00 in UTC", how each ended)."""
    at = datetime(2026, 1, 5, tzinfo=UTC)
    known = {"questionnaire": "q", "line": line}
    row = Campaign(
        **known,
        name="test",
        kind=kind,
        purpose=Purpose.OPINION_SURVEY,
        questionnaire_version=1,
        state=more.get("state", CampaignState.CLOSED),
        plan=written_plan(read_plan({"held_by": more.get("held_by", "")})),
        made_by="tests",
        made_at=at,
        changed_by="tests",
        changed_at=at,
    )
    session.add(row)
    session.flush()
    for number, (began, disposition) in enumerate(said):
        session.add(
            Interview(
                **known,
                id=f"l{row.id}-{number}",
                version=1,
                origin=InterviewOrigin.CAMPAIGN,
                campaign_id=row.id,
                began_at=datetime.fromisoformat(began).replace(tzinfo=UTC),
                disposition=disposition,
            )
        )
    return row.id


def test_closed_campaigns_of_satisfaction_with_complete_answers_are_read_by_their_last_day(engine: Engine) -> None:
    november = ("2026-11-20T01:00", COMPLETED)
    with Store(engine).transaction() as session:
        late = campaign(session, "as_service", november, ("2026-12-31T14:59", COMPLETED), held_by=AGENCY)
        early = campaign(session, "consult_service", november, ("2026-12-01T01:00", BREAKOFF))
        campaign(session, "consult_service", ("2026-11-20T01:00", BREAKOFF))
        campaign(session, "consult_service", november, ("2026-12-31T15:00", COMPLETED))
        campaign(session, "consult_service", november, state=CampaignState.PAUSED)
        campaign(session, "loyalty", november)
        campaign(session, "as_service", november, line="kibo")
        session.flush()
        view = period_view(session, "kotra", first_day=FIRST, last_day=LAST, today=LATER)
    assert view.satisfaction == (
        HeldSurvey(f"campaign-{early}", date(2026, 11, 20), NOBODY),
        HeldSurvey(f"campaign-{late}", date(2026, 12, 31), AGENCY),
    )
